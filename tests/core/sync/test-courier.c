/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/satchel-courier.h"

#include "base/satchel-file.h"
#include "test-intake.h"
#include "test-people.h"
#include "test-support.h"
#include "test-trip.h"

static SatchelCourierTally
send (SatchelVault *vault)
{
  g_autoptr (GError) error = NULL;
  SatchelCourierTally tally = {0};

  satchel_courier_send_all (vault, &tally, (SatchelProgressReport){0}, NULL, &error);
  g_assert_no_error (error);
  return tally;
}

static GPtrArray *
fetch (SatchelVault *vault)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *entries = satchel_inbox_fetch (vault, (SatchelProgressReport){0}, NULL, &error);

  g_assert_no_error (error);
  return entries;
}

/* Seal, send, fetch, answer, fetch: stored, then opened. */
static void
test_trip (TestSite *fixture, gconstpointer data)
{
  TestTrip *trip = fixture->trip;
  g_autoptr (GBytes) video = test_noise (9000000, 3);
  g_autofree char *record = test_trip_note (trip->reporter, "Raid marker-5512", video);
  g_autofree char *sent = test_trip_seal (trip->reporter, record);
  SatchelCourierTally tally = send (trip->reporter);
  g_autoptr (GPtrArray) arrived = NULL, again = NULL, answers = NULL;
  g_autofree char *sentence = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (tally.stored, ==, 2);
  g_assert_cmpuint (tally.left, ==, 0);
  g_assert_cmpint (test_trip_state (trip->reporter, sent), ==, SATCHEL_OUTBOX_STORED);
  g_assert_cmpuint (send (trip->reporter).stored, ==, 0);
  arrived = fetch (trip->desk);
  g_assert_cmpuint (test_trip_count (arrived, SATCHEL_INBOX_OPENED), ==, 2);
  again = fetch (trip->desk);
  g_assert_cmpuint (again->len, ==, 0);
  g_assert_cmpuint (send (trip->desk).stored, ==, 1);
  answers = fetch (trip->reporter);
  g_assert_cmpuint (test_trip_count (answers, SATCHEL_INBOX_OPENED), ==, 1);
  g_assert_cmpint (test_trip_state (trip->reporter, sent), ==, SATCHEL_OUTBOX_OPENED);
  g_assert_true (satchel_courier_explain (trip->reporter, &sentence, NULL, &error));
  g_assert_cmpuint (test_ledger_count (trip->reporter, SATCHEL_ACTION_RECEIVED, record), ==, 1);
  g_assert_cmpuint (test_ledger_count (trip->reporter, SATCHEL_ACTION_OPENED, record), ==, 1);
  test_trip_check (trip->desk);
  test_trip_check (trip->reporter);
  test_assert_no_plaintext (fixture->folder, "marker-5512");
}

/* Nobody there: kept, said why, and sent the next time. */
static void
test_unreachable (TestSite *fixture, gconstpointer data)
{
  TestTrip *trip = fixture->trip;
  g_autofree char *record = test_trip_note (trip->reporter, "Later", NULL);
  g_autofree char *sent = test_trip_seal (trip->reporter, record);
  g_autoptr (SatchelOutboxEntry) entry = NULL;
  g_autoptr (GError) error = NULL;
  SatchelCourierTally tally = {0};

  test_intake_kill (fixture->intake);
  g_assert_false (satchel_courier_send_all (trip->reporter, &tally, (SatchelProgressReport){0},
                                            NULL, &error));
  g_assert_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNREACHABLE);
  g_assert_cmpuint (tally.left, ==, 2);
  entry = satchel_outbox_find (trip->reporter, sent, NULL);
  g_assert_cmpint (entry->state, ==, SATCHEL_OUTBOX_WAITING);
  g_assert_nonnull (entry->why);
  test_intake_start (fixture->intake);
  g_assert_cmpuint (send (trip->reporter).stored, ==, 2);
}

/* Called with what is acknowledged; cuts the line after the first piece of the large bundle. */
static void
cut_cb (guint64 done, guint64 total, gpointer user_data)
{
  TestSite *fixture = user_data;

  if (done > 2000000)
    test_intake_kill (fixture->intake);
}

/* The intake dies in the middle: the next run goes on, and nothing acknowledged is sent again. */
static void
test_resume (TestSite *fixture, gconstpointer data)
{
  TestTrip *trip = fixture->trip;
  g_autoptr (GBytes) video = test_noise (12000000, 5);
  g_autofree char *record = test_trip_note (trip->reporter, "Long", video);
  g_autofree char *sent = test_trip_seal (trip->reporter, record);
  SatchelProgressReport cut = {cut_cb, fixture};
  g_autoptr (SatchelOutboxEntry) entry = NULL;
  g_autoptr (GError) error = NULL;
  SatchelCourierTally tally = {0};

  g_assert_false (satchel_courier_send_all (trip->reporter, &tally, cut, NULL, &error));
  g_assert_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNREACHABLE);
  entry = satchel_outbox_find (trip->reporter, sent, NULL);
  g_assert_cmpint (entry->state, ==, SATCHEL_OUTBOX_SENDING);
  g_assert_cmpuint (entry->offset_bytes, >, 0);
  test_intake_start (fixture->intake);
  tally = send (trip->reporter);
  g_assert_cmpuint (tally.left, ==, 0);
  g_assert_cmpuint (tally.sent_bytes, <=, entry->size_bytes - entry->offset_bytes + 300000);
  g_assert_cmpint (test_trip_state (trip->reporter, sent), ==, SATCHEL_OUTBOX_STORED);
}

/* The intake has less of one upload than it confirmed: an alarm, the others go, and the next run
 * begins that one anew. */
static void
test_dispute (TestSite *fixture, gconstpointer data)
{
  TestTrip *trip = fixture->trip;
  SatchelDb *db = satchel_vault_get_db (trip->reporter);
  g_autoptr (GBytes) video = test_noise (9000000, 7);
  g_autofree char *record = test_trip_note (trip->reporter, "Long", video);
  g_autofree char *sent = test_trip_seal (trip->reporter, record);
  g_autofree char *small = test_trip_note (trip->reporter, "Short", NULL), *other = NULL;
  SatchelProgressReport cut = {cut_cb, fixture};
  g_autoptr (GError) error = NULL;
  SatchelCourierTally tally = {0};

  g_assert_false (satchel_courier_send_all (trip->reporter, &tally, cut, NULL, &error));
  g_assert_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNREACHABLE);
  g_clear_error (&error);
  test_intake_start (fixture->intake);
  g_assert_true (satchel_db_execute (
      db, "UPDATE outbox SET offset_bytes = size_bytes - 1 WHERE offset_bytes > 0 AND state = 2",
      NULL));
  other = test_trip_seal (trip->reporter, small);
  g_assert_false (satchel_courier_send_all (trip->reporter, &tally, (SatchelProgressReport){0},
                                            NULL, &error));
  g_assert_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNTRUSTED);
  g_assert_cmpuint (tally.left, ==, 1);
  g_assert_cmpint (test_trip_state (trip->reporter, other), ==, SATCHEL_OUTBOX_STORED);
  g_assert_cmpuint (test_ledger_count (trip->reporter, SATCHEL_ACTION_ALARM, NULL), ==, 1);
  g_assert_cmpuint (send (trip->reporter).stored, ==, 1);
  g_assert_cmpint (test_trip_state (trip->reporter, sent), ==, SATCHEL_OUTBOX_STORED);
}

/* A sealed file that is gone concerns nobody else. */
static void
test_lost_file (TestSite *fixture, gconstpointer data)
{
  TestTrip *trip = fixture->trip;
  g_autofree char *record = test_trip_note (trip->reporter, "Lost", NULL);
  g_autofree char *sent = test_trip_seal (trip->reporter, record);
  g_autoptr (SatchelOutboxEntry) entry = satchel_outbox_find (trip->reporter, sent, NULL);
  g_autoptr (GError) error = NULL;
  SatchelCourierTally tally = {0};

  g_assert_true (satchel_file_remove (entry->path, NULL));
  g_assert_false (satchel_courier_send_all (trip->reporter, &tally, (SatchelProgressReport){0},
                                            NULL, &error));
  g_assert_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_DAMAGED);
  g_assert_cmpuint (tally.stored, ==, 1);
  g_assert_cmpuint (tally.left, ==, 1);
}

/* Stops after the first piece of the larger one. */
static void
stop_cb (guint64 done_bytes, guint64 total_bytes, gpointer user_data)
{
  if (done_bytes > 1000000 && done_bytes < total_bytes)
    g_cancellable_cancel (user_data);
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint count = 0;

  while (g_dir_read_name (dir) != NULL)
    count++;
  return count;
}

/* A copy on a stick that does not take it out of the queue; and one that is stopped. */
static void
test_copied (TestSite *fixture, gconstpointer data)
{
  TestTrip *trip = fixture->trip;
  g_autoptr (GBytes) video = test_noise (5000000, 3);
  g_autofree char *record = test_trip_note (trip->reporter, "On a stick as well", video);
  g_autofree char *sent = test_trip_seal (trip->reporter, record);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) there = NULL, fetched = NULL;
  SatchelCourierLoad load = {0};
  guint count = 0;

  g_assert_true (satchel_courier_weigh (trip->reporter, &load, NULL));
  g_assert_cmpuint (load.count, ==, 2);
  g_assert_cmpuint (load.unsent, ==, 2);
  g_assert_cmpuint (load.size_bytes, >, 5000000);
  g_assert_false (satchel_courier_copy_to_folder (trip->reporter, trip->there, TRUE, &count,
                                                  (SatchelProgressReport){stop_cb, cancellable},
                                                  cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (count, ==, 1);
  g_assert_cmpuint (count_files (trip->there), ==, 1);
  g_assert_cmpint (test_trip_state (trip->reporter, sent), ==, SATCHEL_OUTBOX_SEALED);
  g_assert_true (satchel_courier_copy_to_folder (trip->reporter, trip->there, TRUE, &count,
                                                 (SatchelProgressReport){0}, NULL, NULL));
  g_assert_cmpuint (count, ==, 1);
  g_assert_cmpuint (count_files (trip->there), ==, 2);
  g_assert_cmpint (test_trip_state (trip->reporter, sent), ==, SATCHEL_OUTBOX_SEALED);
  g_assert_true (satchel_courier_copy_to_folder (trip->reporter, trip->there, TRUE, &count,
                                                 (SatchelProgressReport){0}, NULL, NULL));
  g_assert_cmpuint (count, ==, 0);
  send (trip->reporter);
  g_assert_cmpint (test_trip_state (trip->reporter, sent), ==, SATCHEL_OUTBOX_STORED);
  there = test_trip_fetch (trip->desk, trip->there);
  g_assert_cmpuint (test_trip_count (there, SATCHEL_INBOX_OPENED), ==, 2);
  fetched = fetch (trip->desk);
  g_assert_cmpuint (test_trip_count (fetched, SATCHEL_INBOX_OPENED), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  g_test_add ("/courier/trip", TestSite, NULL, test_site_set_up, test_trip, test_site_tear_down);
  g_test_add ("/courier/unreachable", TestSite, NULL, test_site_set_up, test_unreachable,
              test_site_tear_down);
  g_test_add ("/courier/resume", TestSite, NULL, test_site_set_up, test_resume,
              test_site_tear_down);
  g_test_add ("/courier/copied", TestSite, NULL, test_site_set_up, test_copied,
              test_site_tear_down);
  g_test_add ("/courier/dispute", TestSite, NULL, test_site_set_up, test_dispute,
              test_site_tear_down);
  g_test_add ("/courier/lost-file", TestSite, NULL, test_site_set_up, test_lost_file,
              test_site_tear_down);
  return g_test_run ();
}
