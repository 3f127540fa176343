/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-draft.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/satchel-text.h"
#include "records-test.h"
#include "test-pages.h"

#define ID       "0123456789abcdef0123456789abcdef"
#define OTHER_ID "fedcba9876543210fedcba9876543210"

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
revise (SatchelVault *vault, const char *record, const char *assignment)
{
  g_autoptr (JsonObject) values =
      test_values (test_kind ("note"), (const char *const[]){assignment, NULL});
  g_autoptr (GError) error = NULL;

  satchel_record_revise (vault, record, values, NULL, &error);
  g_assert_no_error (error);
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
  g_assert_cmpuint (draft->revision, ==, 0);
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

static guint
begun_from (SatchelVault *vault, const char *record)
{
  g_autoptr (SatchelDraft) draft = satchel_draft_load_of_record (vault, record, NULL);

  g_assert_nonnull (draft);
  return draft->revision;
}

/* Which revision a draft was begun from stays what it was, however often the draft is put. */
static void
test_revision (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *record = TEST_RECORD (vault, "note", "text=a");

  g_assert_true (put (vault, ID, record, "{\"a\":1}", NULL));
  g_assert_cmpuint (begun_from (vault, record), ==, 1);
  revise (vault, record, "text=b");
  g_assert_true (put (vault, ID, record, "{\"a\":2}", NULL));
  g_assert_cmpuint (begun_from (vault, record), ==, 1);
  /* Another form's. */
  g_assert_true (put (vault, OTHER_ID, record, "{\"a\":3}", NULL));
  g_assert_cmpuint (begun_from (vault, record), ==, 2);
  /* A form of a new record whose record was saved meanwhile. */
  g_assert_true (put (vault, ID, NULL, "{\"a\":4}", NULL));
  g_assert_true (put (vault, ID, record, "{\"a\":5}", NULL));
  g_assert_cmpuint (begun_from (vault, record), ==, 2);
  g_assert_cmpuint (count (vault), ==, 1);
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
      {ID, NULL, "", SATCHEL_RECORDS_ERROR_INVALID_VALUE},
      {ID, NULL, "{", SATCHEL_RECORDS_ERROR_INVALID_VALUE},
      {ID, NULL, "{} {}", SATCHEL_RECORDS_ERROR_INVALID_VALUE},
      {ID, NULL, "[{}]", SATCHEL_RECORDS_ERROR_INVALID_VALUE},
      {ID, NULL, "\"{}\"", SATCHEL_RECORDS_ERROR_INVALID_VALUE},
      {ID, NULL, "{\"a\":1,\"a\":2}", SATCHEL_RECORDS_ERROR_INVALID_VALUE},
      {ID, NULL, "{\"a\":\"\xff\"}", SATCHEL_RECORDS_ERROR_INVALID_VALUE},
      {ID, OTHER_ID, "{}", SATCHEL_RECORDS_ERROR_NOT_FOUND},
  };
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  const SatchelDraft unknown = {.id = (char *) ID,
                                .kind = (char *) "no-such-kind",
                                .title = (char *) "",
                                .content = (char *) "{}"};
  g_autoptr (GError) kind_error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (put (vault, CASES[i].id, CASES[i].record, CASES[i].content, &error));
    g_assert_error (error, SATCHEL_RECORDS_ERROR, CASES[i].code);
  }
  g_assert_false (satchel_draft_put (vault, &unknown, &kind_error));
  g_assert_error (kind_error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NO_SUCH_KIND);
  g_assert_cmpuint (count (vault), ==, 0);
  g_clear_error (&kind_error);
  g_assert_null (satchel_draft_load (vault, ID, &kind_error));
  g_assert_error (kind_error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND);
}

/* {"a":"xxx..."}, @size_bytes in all. */
static char *
content_of_size (gsize size_bytes)
{
  g_autofree char *letters = g_strnfill (size_bytes - strlen ("{\"a\":\"\"}"), 'x');

  return g_strdup_printf ("{\"a\":\"%s\"}", letters);
}

static void
test_size (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *largest = content_of_size (SATCHEL_DRAFT_SIZE_MAX);
  g_autofree char *too_large = content_of_size (SATCHEL_DRAFT_SIZE_MAX + 1);
  g_autoptr (GError) error = NULL;

  g_assert_true (put (vault, ID, NULL, largest, &error));
  g_assert_no_error (error);
  g_assert_false (put (vault, ID, NULL, too_large, &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_TOO_LARGE);
  g_autoptr (SatchelDraft) draft = satchel_draft_load (vault, ID, NULL);
  g_assert_nonnull (draft);
  g_assert_cmpstr (draft->content, ==, largest);
}

static gint64 clock_us;

static gint64
set_clock (void)
{
  return clock_us;
}

/* Latest first; a title is one line, and not for ever. */
static void
test_list (void)
{
  static const char *const ids[] = {ID, OTHER_ID, "00000000000000000000000000000000"};
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *letters = g_strnfill (1000, 'x');
  g_autofree char *title = g_strconcat ("a\nb\xff", letters, NULL);
  SatchelDraft draft = {.kind = (char *) "note", .title = title, .content = (char *) "{}"};

  satchel_set_clock (set_clock);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    clock_us = 1000 + i;
    draft.id = (char *) ids[i];
    g_assert_true (satchel_draft_put (vault, &draft, NULL));
  }
  clock_us = 2000;
  draft.id = (char *) ids[1];
  g_assert_true (satchel_draft_put (vault, &draft, NULL));
  satchel_set_clock (NULL);
  g_autoptr (GPtrArray) list = satchel_draft_list (vault, NULL);
  g_assert_cmpuint (list->len, ==, 3);
  const SatchelDraft *first = list->pdata[0];
  g_assert_cmpstr (first->id, ==, ids[1]);
  g_assert_cmpint (first->changed_us, ==, 2000);
  g_assert_cmpstr (((SatchelDraft *) list->pdata[1])->id, ==, ids[2]);
  g_assert_cmpstr (((SatchelDraft *) list->pdata[2])->id, ==, ids[0]);
  g_assert_null (first->content);
  g_assert_true (g_str_has_prefix (first->title, "a\xef\xbf\xbd"
                                                 "b\xef\xbf\xbdxx"));
  g_assert_cmpint (g_utf8_strlen (first->title, -1), ==, 200 + 1 /* the ellipsis */);
}

/* --- What is gone --- */

/* A content of many pages with @word over and over. */
static char *
content_of_word (const char *word)
{
  GString *content = g_string_new ("{\"a\":\"");

  while (content->len < 40000)
    g_string_append_printf (content, "%s ", word);
  g_string_append (content, "\"}");
  return g_string_free (content, FALSE);
}

static void
put_word (SatchelVault *vault, const char *id, const char *record, const char *word)
{
  g_autofree char *content = content_of_word (word);
  g_autoptr (GError) error = NULL;

  put (vault, id, record, content, &error);
  g_assert_no_error (error);
}

/* No page keeps a word of a draft that went, whether it was replaced before or not. */
static void
test_delete (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autoptr (GError) error = NULL;

  put_word (vault, ID, NULL, "zanzibarian");
  g_assert_true (satchel_db_checkpoint (satchel_vault_get_db (vault), NULL));
  g_assert_cmpuint (test_vault_pages_count (vault, "zanzibarian"), >, 5);
  put_word (vault, ID, NULL, "gribakow");
  put_word (vault, OTHER_ID, NULL, "ministry");
  g_assert_true (satchel_draft_delete (vault, ID, &error));
  g_assert_no_error (error);
  test_vault_assert_log_is_empty (vault);
  g_assert_cmpuint (test_vault_pages_count (vault, "zanzibar"), ==, 0);
  g_assert_cmpuint (test_vault_pages_count (vault, "gribakow"), ==, 0);
  g_assert_cmpuint (test_vault_pages_count (vault, "ministry"), >, 5);
  g_assert_cmpuint (count (vault), ==, 1);
  g_assert_true (satchel_draft_delete (vault, ID, &error));
  g_assert_no_error (error);
}

/* Saving takes the draft along, or neither happens. */
static void
test_save (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  SatchelDb *db = satchel_vault_get_db (vault);

  put_word (vault, ID, NULL, "gribakow");
  for (guint commits = 0; commits < 2; commits++) {
    g_assert_true (satchel_db_begin (db, NULL));
    g_autofree char *record = TEST_RECORD (vault, "note", "text=a");
    g_assert_true (satchel_draft_delete (vault, ID, NULL));
    if (commits)
      g_assert_true (satchel_db_commit (db, NULL));
    else
      satchel_db_rollback (db);
    g_assert_cmpuint (count (vault), ==, 1 - commits);
    g_assert_cmpint (test_count (vault, "SELECT count(*) FROM record"), ==, commits);
  }
  g_assert_true (satchel_db_checkpoint (db, NULL));
  g_assert_cmpuint (test_vault_pages_count (vault, "gribakow"), ==, 0);
}

static void
test_erased_record (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *record = TEST_RECORD (vault, "note", "text=a");
  g_autoptr (GError) error = NULL;

  put_word (vault, ID, record, "gribakow");
  put_word (vault, OTHER_ID, NULL, "ministry");
  g_assert_true (satchel_record_erase (vault, record, &error));
  g_assert_no_error (error);
  test_vault_assert_log_is_empty (vault);
  g_assert_cmpuint (test_vault_pages_count (vault, "gribakow"), ==, 0);
  g_assert_cmpuint (test_vault_pages_count (vault, "ministry"), >, 5);
  g_assert_cmpuint (count (vault), ==, 1);
  g_autoptr (GString) faults = test_check (vault);
  g_assert_cmpstr (faults->str, ==, "");
}

/* --- What is there --- */

/* Whatever stands in a row: an error that says so and a finding of the check, and the other drafts
 * are read. */
static void
test_damaged (void)
{
  static const struct {
    const char *sql, *finding;
  } CASES[] = {
      {"UPDATE draft SET content = '' WHERE id = '" ID "'", ID ": is a draft that cannot be read"},
      {"UPDATE draft SET content = '{\"a\":' WHERE id = '" ID "'", "cannot be read"},
      {"UPDATE draft SET content = '[]' WHERE id = '" ID "'", "cannot be read"},
      {"UPDATE draft SET content = CAST(x'7b22ff223a317d' AS TEXT) WHERE id = '" ID "'",
       "cannot be read"},
      {"UPDATE draft SET content = CAST(x'7b7d0041' AS TEXT) WHERE id = '" ID "'",
       "cannot be read"},
      {"UPDATE draft SET content = '{\"a\":\"' || hex(zeroblob(4194304)) || '\"}'"
       " WHERE id = '" ID "'",
       "cannot be read"},
  };
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *record = TEST_RECORD (vault, "note", "text=a");

  g_assert_true (put (vault, OTHER_ID, NULL, "{\"a\":1}", NULL));
  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_true (put (vault, ID, record, "{\"a\":1}", NULL));
    g_assert_true (satchel_db_execute (satchel_vault_get_db (vault), CASES[i].sql, &error));
    g_assert_null (satchel_draft_load (vault, ID, &error));
    g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_DAMAGED);
    g_clear_error (&error);
    g_assert_null (satchel_draft_load_of_record (vault, record, &error));
    g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_DAMAGED);
    g_assert_cmpuint (count (vault), ==, 2);
    g_autoptr (GString) faults = test_check (vault);
    test_assert_found (faults, CASES[i].finding);
    g_assert_null (strstr (faults->str, OTHER_ID));
  }
}

/* Begun from a revision that the record never had. */
static void
test_damaged_revision (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *record = TEST_RECORD (vault, "note", "text=a");

  g_assert_true (put (vault, ID, record, "{\"a\":1}", NULL));
  g_autoptr (GString) none = test_check (vault);
  g_assert_cmpstr (none->str, ==, "");
  g_assert_true (satchel_db_execute (satchel_vault_get_db (vault),
                                     "UPDATE draft SET revision = 2", NULL));
  g_autoptr (GString) faults = test_check (vault);
  test_assert_found (faults, ID ": is a draft of a revision that is not there");
}

static SatchelVault *
open_it (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) passphrase =
      satchel_secret_new_copy ((const guint8 *) "open sesame", 11, NULL);
  SatchelVault *vault = satchel_vault_open (folder, passphrase, &error);

  g_assert_no_error (error);
  return vault;
}

/* Types for ever; tells of each text once it is kept. */
static void
type_until_killed (const char *folder, guint first, int tell_fd)
{
  SatchelVault *vault = open_it (folder);

  for (guint i = first;; i++) {
    g_autofree char *content = g_strdup_printf ("{\"a\":%u}", i);
    if (!put (vault, ID, NULL, content, NULL) || write (tell_fd, &i, sizeof i) != sizeof i)
      _exit (1);
  }
}

static guint
kept_text (const char *folder)
{
  g_autoptr (SatchelVault) vault = open_it (folder);
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelDraft) draft = satchel_draft_load (vault, ID, &error);
  g_autoptr (GString) faults = test_check (vault);
  guint text = 0;

  g_assert_no_error (error);
  g_assert_cmpstr (faults->str, ==, "");
  g_assert_cmpint (sscanf (draft->content, "{\"a\":%u}", &text), ==, 1);
  return text;
}

/* Killed at no particular place: what was told of last is there, or what was typed after it. */
static void
test_kill (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  guint told = 0;

  satchel_vault_close (test_vault_new (folder));
  for (guint round = 1; round <= 6; round++) {
    int tell[2];
    guint heard = 0;
    g_assert_cmpint (pipe (tell), ==, 0);
    pid_t child = fork ();
    if (child == 0)
      type_until_killed (folder, told + 1, tell[1]);
    close (tell[1]);
    while (heard < round && read (tell[0], &told, sizeof told) == sizeof told)
      heard++;
    g_assert_cmpint (kill (child, SIGKILL), ==, 0);
    while (read (tell[0], &told, sizeof told) == sizeof told)
      heard++;
    close (tell[0]);
    g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
    g_assert_cmpuint (heard, >=, round);
    guint kept = kept_text (folder);
    g_assert_true (kept == told || kept == told + 1);
    told = kept;
  }
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/draft/put", test_put);
  g_test_add_func ("/draft/of-record", test_of_record);
  g_test_add_func ("/draft/revision", test_revision);
  g_test_add_func ("/draft/refused", test_refused);
  g_test_add_func ("/draft/size", test_size);
  g_test_add_func ("/draft/list", test_list);
  g_test_add_func ("/draft/delete", test_delete);
  g_test_add_func ("/draft/save", test_save);
  g_test_add_func ("/draft/erased-record", test_erased_record);
  g_test_add_func ("/draft/damaged", test_damaged);
  g_test_add_func ("/draft/damaged-revision", test_damaged_revision);
  g_test_add_func ("/draft/kill", test_kill);
  return g_test_run ();
}
