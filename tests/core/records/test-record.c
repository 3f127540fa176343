/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-record.h"

#include "base/satchel-text.h"
#include "records-test.h"

static SatchelRecord *
load (SatchelVault *vault, const char *id)
{
  g_autoptr (GError) error = NULL;
  SatchelRecord *record = satchel_record_load (vault, id, &error);

  g_assert_no_error (error);
  return record;
}

static gboolean
revise (SatchelVault *vault, const char *id, const char *text, const char *reason, GError **error)
{
  const char *const assignments[] = {text, NULL};
  g_autoptr (SatchelRecord) record = load (vault, id);
  const SatchelKind *kind = satchel_record_get_kind (record);
  g_autoptr (JsonObject) values = satchel_fields_canonical (kind, record->values);

  g_assert_true (satchel_fields_assign (kind, values, assignments[0], 0, NULL));
  return satchel_record_revise (vault, id, values, reason, error);
}

static void
test_create (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *id =
      TEST_RECORD (vault, "note", "text=Two men at the door", "when=2024-03-09T14:05+03:00");
  g_autoptr (SatchelRecord) record = load (vault, id);
  g_autofree char *prefix = g_strndup (id, 6);
  g_autoptr (SatchelRecord) same = load (vault, prefix);

  g_assert_cmpstr (record->kind, ==, "note");
  g_assert_cmpuint (record->revision, ==, 1);
  g_assert_false (record->is_final);
  g_assert_null (record->sender);
  g_assert_cmpint (record->when_us, ==, G_GINT64_CONSTANT (1709982300) * G_USEC_PER_SEC);
  g_assert_cmpstr (json_object_get_string_member (record->values, "text"), ==,
                   "Two men at the door");
  g_assert_cmpstr (same->id, ==, id);
}

static void
test_find (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *one = TEST_RECORD (vault, "note", "text=a");
  g_autofree char *two = TEST_RECORD (vault, "note", "text=b");
  static const struct {
    const char *text;
    int code;
  } cases[] = {
      {"abcdabcd", SATCHEL_RECORDS_ERROR_AMBIGUOUS},
      {"abcdabcdabcd", SATCHEL_RECORDS_ERROR_AMBIGUOUS},
      {"abc", SATCHEL_RECORDS_ERROR_NOT_FOUND},
      {"", SATCHEL_RECORDS_ERROR_NOT_FOUND},
      {"abce", SATCHEL_RECORDS_ERROR_NOT_FOUND},
      {"ABCD", SATCHEL_RECORDS_ERROR_NOT_FOUND},
      {"ab%d", SATCHEL_RECORDS_ERROR_NOT_FOUND},
      {"ffffffffffffffffffffffffffffffffff", SATCHEL_RECORDS_ERROR_NOT_FOUND},
  };

  g_assert_true (satchel_db_execute (
      satchel_vault_get_db (vault),
      "UPDATE record SET id = 'abcdabcdabcdabcd000000000000000' || row", NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (satchel_record_load (vault, cases[i].text, &error));
    g_assert_error (error, SATCHEL_RECORDS_ERROR, cases[i].code);
  }
  g_autoptr (SatchelRecord) second = load (vault, "abcdabcdabcdabcd0000000000000002");
  g_assert_cmpstr (json_object_get_string_member (second->values, "text"), ==, "b");
}

static void
test_revise (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=first");
  g_autoptr (GError) error = NULL;

  g_assert_true (revise (vault, id, "text=second", NULL, NULL));
  g_assert_true (revise (vault, id, "text=second", NULL, NULL)); /* nothing new */
  g_assert_true (satchel_record_mark_final (vault, id, NULL));
  g_assert_false (revise (vault, id, "text=third", "", &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_FINAL);
  g_assert_true (revise (vault, id, "text=third", "the name was wrong", NULL));
  g_autoptr (GPtrArray) revisions = satchel_record_list_revisions (vault, id, NULL);
  g_assert_cmpuint (revisions->len, ==, 3);
  const SatchelRevision *first = revisions->pdata[0];
  const SatchelRevision *second = revisions->pdata[1];
  const SatchelRevision *third = revisions->pdata[2];
  g_assert_cmpmem (second->previous, 32, first->hash, 32);
  g_assert_cmpmem (third->previous, 32, second->hash, 32);
  g_assert_cmpstr (third->reason, ==, "the name was wrong");
  g_assert_cmpstr (json_object_get_string_member (first->values, "text"), ==, "first");
}

/* The hash is what sha256sum says of the line. */
static void
test_hash (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=Обыск \"сегодня\"\\ \u06af\nline\ttab");
  g_autoptr (GPtrArray) revisions = satchel_record_list_revisions (vault, id, NULL);
  const SatchelRevision *first = revisions->pdata[0];
  const char *const argv[] = {"sha256sum", NULL};
  g_autofree char *output = NULL;
  g_autofree char *hash = satchel_hex_encode (first->hash, 32);

  g_assert_cmpint (test_run (argv, first->line, &output, NULL), ==, 0);
  g_assert_true (g_str_has_prefix (output, hash));
  g_assert_nonnull (
      strstr (first->line, "\"Обыск \\\"сегодня\\\"\\\\ \u06af\\u000aline\\u0009tab\""));
}

static void
test_refused (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  const SatchelKind *kind = test_kind ("note");
  g_autoptr (JsonObject) values = satchel_fields_new (kind);
  g_autoptr (GError) error = NULL;

  json_object_set_int_member (values, "text", 7);
  g_assert_null (satchel_record_create (vault, kind, values, &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_INVALID_VALUE);
  g_clear_error (&error);
  g_autoptr (JsonObject) linked = test_values (
      kind, (const char *const[]){"links.0.record=0123456789abcdef0123456789abcdef", NULL});
  g_assert_null (satchel_record_create (vault, kind, linked, &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND);
  g_assert_cmpint (test_count (vault, "SELECT count(*) FROM record"), ==, 0);
  g_assert_cmpint (test_count (vault, "SELECT count(*) FROM ledger"), ==, 0);
}

static char *
texts_of (GPtrArray *records)
{
  GString *texts = g_string_new (NULL);

  for (guint i = 0; i < records->len; i++) {
    const SatchelRecord *record = records->pdata[i];
    g_string_append (texts, json_object_get_string_member (record->values, "title"));
  }
  return g_string_free (texts, FALSE);
}

static void
test_list (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *a = TEST_RECORD (vault, "note", "title=a", "text=.", "when=2024-01-05");
  g_autofree char *b = TEST_RECORD (vault, "summons", "title=b", "received=2024-02-05");
  g_autofree char *c = TEST_RECORD (vault, "note", "title=c", "text=.", "when=2024-03-05");
  g_autofree char *d = TEST_RECORD (vault, "note", "title=d", "text=.", "when=2024-04-05");
  const gint64 february = G_GINT64_CONSTANT (1706745600) * G_USEC_PER_SEC;
  const gint64 april = G_GINT64_CONSTANT (1711929600) * G_USEC_PER_SEC;
  const struct {
    SatchelRecordFilter filter;
    const char *texts;
  } cases[] = {
      {{0}, "dcba"},
      {{.kind = "note"}, "dca"},
      {{.kind = "court"}, ""},
      {{.since_us = february}, "dcb"},
      {{.until_us = april}, "cba"},
      {{.since_us = february, .until_us = april, .kind = "note"}, "c"},
      {{.limit = 2}, "dc"},
      {{.limit = 2, .before_row = 3}, "ba"},
      {{.limit = 2, .before_row = 1}, ""},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GPtrArray) records = satchel_record_list (vault, &cases[i].filter, NULL);
    g_autofree char *texts = texts_of (records);
    guint64 count = 0;
    g_assert_cmpstr (texts, ==, cases[i].texts);
    g_assert_true (satchel_record_count (vault, &cases[i].filter, &count, NULL));
    if (cases[i].filter.limit == 0)
      g_assert_cmpuint (count, ==, strlen (texts));
  }
}

static void
test_hold (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=first");
  g_autoptr (GError) error = NULL;

  g_assert_true (satchel_record_set_hold (vault, id, TRUE, NULL));
  g_assert_false (satchel_record_erase (vault, id, &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_HELD);
  g_assert_true (satchel_record_set_hold (vault, id, FALSE, NULL));
  g_assert_true (satchel_record_set_hold (vault, id, FALSE, NULL));
  g_assert_true (satchel_record_erase (vault, id, NULL));
  g_assert_cmpint (test_count (vault, "SELECT count(*) FROM ledger"), ==, 4);
}

/* All of them or none; an id that comes twice counts once; what two of them share goes too. */
static void
test_erase_many (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *kept = TEST_RECORD (vault, "note", "text=kept");
  g_autofree char *one = TEST_RECORD (vault, "note", "text=first");
  g_autofree char *other = TEST_RECORD (vault, "note", "text=second");
  g_autoptr (GBytes) shared = test_noise (5000, 1);
  g_autoptr (SatchelEvidence) item = test_attach (vault, one, "a.bin", shared);
  g_autoptr (SatchelEvidence) same = test_attach (vault, other, "b.bin", shared);
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (ids, one);
  g_ptr_array_add (ids, other);
  g_ptr_array_add (ids, one);
  g_assert_true (satchel_record_set_hold (vault, other, TRUE, NULL));
  g_assert_false (satchel_records_erase (vault, ids, &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_HELD);
  g_assert_cmpint (test_count (vault, "SELECT count(*) FROM record"), ==, 3);
  g_assert_true (satchel_record_set_hold (vault, other, FALSE, NULL));
  g_assert_true (satchel_records_erase (vault, ids, NULL));
  g_assert_cmpint (test_count (vault, "SELECT count(*) FROM record"), ==, 1);
  g_assert_cmpint (test_count (vault, "SELECT count(*) FROM blob"), ==, 0);
  g_assert_cmpint (test_count (vault,
                               "SELECT count(*) FROM record_text_data"
                               " WHERE instr(block, CAST('first' AS BLOB))"
                               " OR instr(block, CAST('second' AS BLOB))"),
                   ==, 0);
  g_autoptr (GString) faults = test_check (vault);
  g_assert_cmpstr (faults->str, ==, "");
}

/* Everything of a record is gone; what another one shares with it stays. */
static void
test_erase (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *kept = TEST_RECORD (vault, "note", "text=kept");
  g_autofree char *id = TEST_RECORD (vault, "summons", "title=x",
                                     "appear=2024-03-12 room 5");
  g_autoptr (GBytes) shared = test_noise (5000, 1);
  g_autoptr (GBytes) own = test_noise (6000, 2);
  g_autoptr (SatchelEvidence) one = test_attach (vault, kept, "a.bin", shared);
  g_autoptr (SatchelEvidence) same = test_attach (vault, id, "b.bin", shared);
  g_autoptr (SatchelEvidence) other = test_attach (vault, id, "c.bin", own);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (test_count (vault, "SELECT count(*) FROM blob"), ==, 2);
  g_assert_true (satchel_record_erase (vault, id, &error));
  g_assert_no_error (error);
  g_assert_cmpint (test_count (vault, "SELECT count(*) FROM blob"), ==, 1);
  g_assert_cmpint (test_count (vault, "SELECT count(*) FROM evidence"), ==, 1);
  g_assert_cmpint (test_count (vault, "SELECT count(*) FROM revision"), ==, 1);
  g_assert_cmpint (test_count (vault, "SELECT count(*) FROM record_text"), ==, 1);
  g_assert_cmpint (test_count (vault, "SELECT count(*) FROM record_deadline"), ==, 0);
  g_assert_null (satchel_record_load (vault, id, &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND);
  g_autoptr (GString) faults = test_check (vault);
  g_assert_cmpstr (faults->str, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  g_test_add_func ("/record/create", test_create);
  g_test_add_func ("/record/find", test_find);
  g_test_add_func ("/record/revise", test_revise);
  g_test_add_func ("/record/hash", test_hash);
  g_test_add_func ("/record/refused", test_refused);
  g_test_add_func ("/record/list", test_list);
  g_test_add_func ("/record/hold", test_hold);
  g_test_add_func ("/record/erase", test_erase);
  g_test_add_func ("/record/erase-many", test_erase_many);
  return g_test_run ();
}
