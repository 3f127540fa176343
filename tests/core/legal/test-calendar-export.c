/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "legal/satchel-calendar-export.h"

#include "../records/records-test.h"
#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "records/satchel-deadline.h"
#include "records/satchel-unshared.h"

static char *
load_text (const char *path)
{
  g_autoptr (GBytes) bytes = satchel_file_load (path, 1 << 20, NULL);

  g_assert_nonnull (bytes);
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static guint
count (const char *text, const char *part)
{
  guint found = 0;

  for (const char *at = text; (at = strstr (at, part)) != NULL; at++)
    found++;
  return found;
}

static gboolean
export_case (SatchelVault *vault,
             const char *const *records,
             SatchelCalendarContents contents,
             const char *path,
             gboolean replace,
             SatchelCalendarTally *tally,
             GError **error)
{
  const SatchelCalendarRequest request = {.records = records, .contents = contents};

  return satchel_calendar_export (vault, &request, path, replace, tally, error);
}

/* Open deadlines alone, of all records; each told of in the ledger. */
static void
test_deadlines (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autofree char *vault_path = g_build_filename (folder, "vault", NULL);
  g_autofree char *path = g_build_filename (folder, "due.ics", NULL);
  g_autoptr (SatchelVault) vault = test_vault_new (vault_path);
  g_autofree char *a = TEST_RECORD (vault, "summons", "title=a", "appear=2024-03-14T10:00Z room 5");
  g_autofree char *b = TEST_RECORD (vault, "summons", "title=b", "appear.what=some day");
  g_autofree char *c = TEST_RECORD (vault, "summons", "title=c", "appear=2024-03-15 done");
  g_autofree char *d = TEST_RECORD (vault, "note", "text=.");
  g_autoptr (GError) error = NULL;
  SatchelCalendarTally tally;

  g_assert_true (satchel_deadline_set_done (vault, c, "appear", TRUE, NULL));
  g_assert_true (
      export_case (vault, NULL, SATCHEL_CALENDAR_DEADLINES, path, FALSE, &tally, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (tally.entries, ==, 1);
  g_assert_cmpuint (tally.timeless, ==, 1);
  g_autofree char *text = load_text (path);
  g_assert_cmpuint (count (text, "BEGIN:VEVENT"), ==, 1);
  g_assert_nonnull (strstr (text, "SUMMARY:room 5\r\nDESCRIPTION:a\r\n"));
  g_assert_cmpint (test_count (vault, "SELECT count(*) FROM ledger WHERE line LIKE "
                                      "'%\"action\":\"exported\"%'"),
                   ==, 1);
  g_autoptr (GString) faults = test_check (vault);
  g_assert_cmpstr (faults->str, ==, "");
}

/* Of records that have an entry, and of no others: long ago as well. */
static void
test_unshared (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autofree char *vault_path = g_build_filename (folder, "vault", NULL);
  g_autoptr (SatchelVault) vault = test_vault_new (vault_path);
  g_autofree char *old =
      TEST_RECORD (vault, "summons", "title=a", "appear=1066-03-14T10:00Z room 5",
                   "officer.0.name=Orlov", "officer.0.do_not_share=yes");
  g_autofree char *done = TEST_RECORD (vault, "summons", "title=b", "appear=2024-03-15 done",
                                       "officer.0.name=Petrov", "officer.0.do_not_share=yes");
  g_autofree char *timeless = TEST_RECORD (vault, "summons", "title=c", "appear.what=some day",
                                           "officer.0.name=Sokolov", "officer.0.do_not_share=yes");
  g_autofree char *other = TEST_RECORD (vault, "police-visit", "span=2024-03-15T10:00Z/?",
                                        "officers.0.name=Volkov", "officers.0.do_not_share=yes");
  const char *const case_of[] = {other, NULL};
  const SatchelCalendarRequest due = {.contents = SATCHEL_CALENDAR_DEADLINES};
  const SatchelCalendarRequest one = {.records = case_of, .contents = SATCHEL_CALENDAR_CASE};
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (satchel_deadline_set_done (vault, done, "appear", TRUE, NULL));
  g_autoptr (GPtrArray) of_due = satchel_calendar_list_unshared (vault, &due, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (of_due->len, ==, 1);
  g_assert_cmpstr (((SatchelUnshared *) of_due->pdata[0])->name, ==, "Orlov");
  g_autoptr (GPtrArray) of_one = satchel_calendar_list_unshared (vault, &one, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (of_one->len, ==, 1);
  g_assert_cmpstr (((SatchelUnshared *) of_one->pdata[0])->name, ==, "Volkov");
  g_cancellable_cancel (cancelled);
  g_assert_null (satchel_calendar_list_unshared (vault, &due, cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_replace (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autofree char *vault_path = g_build_filename (folder, "vault", NULL);
  g_autofree char *path = g_build_filename (folder, "case.ics", NULL);
  g_autoptr (SatchelVault) vault = test_vault_new (vault_path);
  g_autofree char *a = TEST_RECORD (vault, "note", "text=first", "when=2024-03-14");
  const char *const ids[] = {a, a, NULL};
  const char *const unknown[] = {"00000000000000000000000000000000", NULL};
  g_autoptr (GError) error = NULL;

  g_assert_true (satchel_file_store (path, (const guint8 *) "x", 1, NULL));
  g_assert_false (export_case (vault, ids, SATCHEL_CALENDAR_CASE, path, FALSE, NULL, &error));
  g_assert_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_EXISTS);
  g_clear_error (&error);
  g_autofree char *kept = load_text (path);
  g_assert_cmpstr (kept, ==, "x");
  g_assert_false (export_case (vault, unknown, SATCHEL_CALENDAR_CASE, path, TRUE, NULL, &error));
  g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (export_case (vault, ids, SATCHEL_CALENDAR_CASE, path, TRUE, NULL, &error));
  g_autofree char *text = load_text (path);
  g_assert_cmpuint (count (text, "SUMMARY:Note: first\r\n"), ==, 1);
}

/* A summons and a visit with a person and a place in every answer that may hold one. */
static void
test_without (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autofree char *vault_path = g_build_filename (folder, "vault", NULL);
  g_autofree char *path = g_build_filename (folder, "case.ics", NULL);
  g_autoptr (SatchelVault) vault = test_vault_new (vault_path);
  g_autofree char *a =
      TEST_RECORD (vault, "summons", "title=Petrov at Sadovaya", "received=2024-03",
                   "appear=2024-03-14T10:00Z Petrov in Sadovaya",
                   "appear_place=Petrov's flat, Sadovaya");
  g_autofree char *b =
      TEST_RECORD (vault, "police-visit", "span=2024-03-09T14:05Z/2024-03-09T15:00Z",
                   "place=Petrov's flat, Sadovaya", "officers.0.name=Petrov",
                   "next=2024-03-12 go to Petrov in Sadovaya");
  const char *const ids[] = {a, b, NULL};

  const SatchelCalendarRequest request = {
      .records = ids, .contents = SATCHEL_CALENDAR_CASE, .without_own_words = TRUE};
  SatchelCalendarTally tally;
  g_autoptr (GError) error = NULL;
  g_assert_true (satchel_calendar_export (vault, &request, path, TRUE, &tally, &error));
  g_assert_cmpuint (tally.entries, ==, 4);
  g_autofree char *text = load_text (path);
  g_assert_null (strstr (text, "Petrov"));
  g_assert_null (strstr (text, "Sadovaya"));
  g_assert_null (strstr (text, "LOCATION"));
  g_assert_nonnull (strstr (text, "SUMMARY:Summons: Appear at\r\n"));
  g_assert_nonnull (strstr (text, "SUMMARY:Police visit\r\n"));
  g_assert_null (strstr (text, "DESCRIPTION"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  g_test_add_func ("/calendar-export/deadlines", test_deadlines);
  g_test_add_func ("/calendar-export/unshared", test_unshared);
  g_test_add_func ("/calendar-export/replace", test_replace);
  g_test_add_func ("/calendar-export/without", test_without);
  return g_test_run ();
}
