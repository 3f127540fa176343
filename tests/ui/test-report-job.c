/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/satchel-report-job.h"

#include "../core/records/records-test.h"

static const char *const ID = "0123456789abcdef0123456789abcdef";

/* Runs a job here and now, and frees its input. */
static gpointer
run (SatchelVault *vault, SatchelSessionJob job, GError **error)
{
  gpointer result = job.run (vault, job.input, (SatchelProgressReport){0}, NULL, error);

  job.input_free (job.input);
  return result;
}

static void
put (SatchelVault *vault, const char *record)
{
  const SatchelDraft draft = {.id = (char *) ID,
                              .record_id = (char *) record,
                              .kind = (char *) "note",
                              .title = (char *) "a",
                              .content = (char *) "{}"};

  g_assert_true (satchel_draft_put (vault, &draft, NULL));
}

/* A report whose draft cannot be read is shown, and why the draft is not. */
static void
test_damaged_draft (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *record = TEST_RECORD (vault, "note", "text=a");
  g_autoptr (GError) error = NULL;

  put (vault, record);
  g_autoptr (SatchelReport) whole = run (vault, satchel_report_load_job (record, NULL), &error);
  g_assert_no_error (error);
  g_assert_nonnull (whole->draft);
  g_assert_no_error (whole->draft_error);
  g_assert_true (satchel_db_execute (satchel_vault_get_db (vault),
                                     "UPDATE draft SET content = '{'", NULL));
  g_autoptr (SatchelReport) report = run (vault, satchel_report_load_job (record, NULL), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (report->record->id, ==, record);
  g_assert_null (report->draft);
  g_assert_error (report->draft_error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_DAMAGED);
  g_assert_null (run (vault, satchel_report_load_job (NULL, ID), &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_DAMAGED);
}

/* The draft goes with the save, or stays where that is refused. */
static void
test_save (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  const SatchelKind *kind = test_kind ("note");
  JsonObject *bad = json_object_new ();
  JsonObject *good = test_values (kind, (const char *const[]){"text=a", NULL});
  g_autoptr (GError) error = NULL;

  put (vault, NULL);
  json_object_set_string_member (bad, "no-such-field", "x");
  g_assert_null (run (vault, satchel_report_save_job (NULL, kind, bad, NULL, ID), &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_cmpint (test_count (vault, "SELECT count(*) FROM draft"), ==, 1);
  g_autofree char *id = run (vault, satchel_report_save_job (NULL, kind, good, NULL, ID), &error);
  g_assert_no_error (error);
  g_assert_nonnull (id);
  g_assert_cmpint (test_count (vault, "SELECT count(*) FROM draft"), ==, 0);
  g_assert_cmpint (test_count (vault, "SELECT count(*) FROM record"), ==, 1);
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report-job/damaged-draft", test_damaged_draft);
  g_test_add_func ("/report-job/save", test_save);
  return g_test_run ();
}
