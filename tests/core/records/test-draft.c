/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-draft.h"

#include <string.h>

#include "base/satchel-text.h"
#include "records-test.h"

static const char *const ID = "0123456789abcdef0123456789abcdef";
static const char *const OTHER_ID = "fedcba9876543210fedcba9876543210";

static gboolean
put (SatchelVault *vault, const char *id, const char *record, const char *content, GError **error)
{
  const SatchelDraft draft = {.id = (char *) id,
                              .record_id = (char *) record,
                              .kind = (char *) "note",
                              .title = (char *) "Two men at the door",
                              .content = (char *) content};

  return satchel_draft_put (vault, &draft, error);
}

static guint
count (SatchelVault *vault)
{
  g_autoptr (GPtrArray) list = satchel_draft_list (vault, NULL);

  g_assert_nonnull (list);
  return list->len;
}

static void
test_put (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autoptr (GError) error = NULL;

  g_assert_true (put (vault, ID, NULL, "{\"values\":{\"text\":\"one\"}}", &error));
  g_assert_true (put (vault, ID, NULL, "{\"values\":{\"text\":\"two\"}}", &error));
  g_assert_true (put (vault, OTHER_ID, NULL, "{}", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count (vault), ==, 2);
  g_autoptr (SatchelDraft) draft = satchel_draft_load (vault, ID, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (draft->content, ==, "{\"values\":{\"text\":\"two\"}}");
  g_assert_cmpstr (draft->kind, ==, "note");
  g_assert_cmpstr (draft->title, ==, "Two men at the door");
  g_assert_null (draft->record_id);
  g_assert_cmpint (draft->changed_us, >, 0);
}

/* A record has one draft: the last. */
static void
test_of_record (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *record = TEST_RECORD (vault, "note", "text=a");
  g_autofree char *other = TEST_RECORD (vault, "note", "text=b");
  g_autoptr (GError) error = NULL;

  g_assert_true (put (vault, ID, record, "{\"a\":1}", NULL));
  g_assert_true (put (vault, OTHER_ID, record, "{\"a\":2}", NULL));
  g_assert_cmpuint (count (vault), ==, 1);
  g_autoptr (SatchelDraft) draft = satchel_draft_load_of_record (vault, record, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (draft->id, ==, OTHER_ID);
  g_assert_cmpstr (draft->record_id, ==, record);
  g_assert_null (satchel_draft_load_of_record (vault, other, &error));
  g_assert_no_error (error);
}

static void
test_refused (void)
{
  static const struct {
    const char *id, *record, *content;
    int code;
  } CASES[] = {
      {"", NULL, "{}", SATCHEL_RECORDS_ERROR_INVALID_VALUE},
      {"0123", NULL, "{}", SATCHEL_RECORDS_ERROR_INVALID_VALUE},
      {"0123456789abcdef0123456789abcdef", NULL, "", SATCHEL_RECORDS_ERROR_INVALID_VALUE},
      {"0123456789abcdef0123456789abcdef", NULL, "{", SATCHEL_RECORDS_ERROR_INVALID_VALUE},
      {"0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210", "{}",
       SATCHEL_RECORDS_ERROR_NOT_FOUND},
  };
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (put (vault, CASES[i].id, CASES[i].record, CASES[i].content, &error));
    g_assert_error (error, SATCHEL_RECORDS_ERROR, CASES[i].code);
  }
  g_autofree char *large = g_strnfill (SATCHEL_DRAFT_SIZE_MAX + 1, ' ');
  g_autoptr (GError) error = NULL;
  g_assert_false (put (vault, ID, NULL, large, &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_TOO_LARGE);
  g_assert_cmpuint (count (vault), ==, 0);
  g_clear_error (&error);
  g_assert_null (satchel_draft_load (vault, ID, &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND);
}

static gboolean
holds_word (SatchelVault *vault, const char *word)
{
  static const char *const SQL = "SELECT count(*) FROM draft WHERE instr(content, ?) > 0";
  SatchelStatement *statement = satchel_db_prepare (satchel_vault_get_db (vault), SQL, NULL);
  gboolean has_row = FALSE;

  satchel_statement_bind_text (statement, 1, word);
  g_assert_true (satchel_statement_step (statement, &has_row, NULL));
  gboolean holds = satchel_statement_get_int (statement, 0) > 0;
  satchel_statement_reset (statement);
  return holds;
}

/* The log is empty after a draft went, so no page of it is kept. */
static void
test_delete (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *log =
      g_build_filename (satchel_vault_get_folder (vault), "store.db-wal", NULL);
  g_autoptr (GError) error = NULL;
  guint64 size_bytes = 1;

  g_assert_true (put (vault, ID, NULL, "{\"text\":\"gribakow\"}", NULL));
  g_assert_true (holds_word (vault, "gribakow"));
  g_assert_true (satchel_draft_delete (vault, ID, &error));
  g_assert_true (satchel_draft_delete (vault, ID, &error));
  g_assert_no_error (error);
  g_assert_false (holds_word (vault, "gribakow"));
  g_autoptr (GFile) file = g_file_new_for_path (log);
  g_autoptr (GFileInfo) info =
      g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, 0, NULL, NULL);
  if (info != NULL)
    size_bytes = g_file_info_get_size (info);
  g_assert_true (info == NULL || size_bytes == 0);
}

/* Saving takes the draft along, or neither happens. */
static void
test_in_transaction (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  SatchelDb *db = satchel_vault_get_db (vault);

  g_assert_true (put (vault, ID, NULL, "{}", NULL));
  g_assert_true (satchel_db_begin (db, NULL));
  g_assert_true (satchel_draft_delete (vault, ID, NULL));
  satchel_db_rollback (db);
  g_assert_cmpuint (count (vault), ==, 1);
  g_assert_true (satchel_db_begin (db, NULL));
  g_assert_true (satchel_draft_delete (vault, ID, NULL));
  g_assert_true (satchel_db_commit (db, NULL));
  g_assert_cmpuint (count (vault), ==, 0);
}

static void
test_erased_record (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *record = TEST_RECORD (vault, "note", "text=a");
  g_autoptr (GError) error = NULL;

  g_assert_true (put (vault, ID, record, "{}", NULL));
  g_assert_true (put (vault, OTHER_ID, NULL, "{}", NULL));
  g_assert_true (satchel_record_erase (vault, record, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count (vault), ==, 1);
  g_autoptr (GString) faults = test_check (vault);
  g_assert_cmpstr (faults->str, ==, "");
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/draft/put", test_put);
  g_test_add_func ("/draft/of-record", test_of_record);
  g_test_add_func ("/draft/refused", test_refused);
  g_test_add_func ("/draft/delete", test_delete);
  g_test_add_func ("/draft/in-transaction", test_in_transaction);
  g_test_add_func ("/draft/erased-record", test_erased_record);
  return g_test_run ();
}
