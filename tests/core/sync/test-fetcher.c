/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/satchel-fetcher.h"

#include <string.h>

#include "base/satchel-file.h"
#include "base/satchel-text.h"
#include "sync/satchel-fetcher-private.h"
#include "sync/satchel-sync-alarm.h"
#include "test-intake.h"
#include "test-line.h"
#include "test-people.h"
#include "test-support.h"
#include "test-trip.h"
#include "vault/satchel-health.h"

#define PASSPHRASE "correct horse battery"
#define LITTLE     (24 * 1024) /* a handshake, a card and a list come down, and no bundle */

typedef struct {
  char *folder;
  TestIntake *intake;
  TestLine *line; /* at the address on the card; the intake is behind it */
  guint16 port;   /* of the line */
  TestTrip *trip;
} Fixture;

static guint16
move_intake (TestIntake *intake)
{
  guint16 port = test_free_port ();

  g_free (intake->port);
  intake->port = g_strdup_printf ("%u", port);
  return port;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SatchelNewsroom) newsroom = NULL;
  guint16 target;

  fixture->folder = test_scratch_new ();
  fixture->intake = test_intake_new (fixture->folder);
  fixture->trip = test_trip_new (fixture->intake->card);
  newsroom = satchel_newsroom_load (fixture->trip->desk, NULL);
  test_intake_admit (fixture->intake, newsroom->card);
  fixture->port = (guint16) g_ascii_strtoull (fixture->intake->port, NULL, 10);
  target = move_intake (fixture->intake);
  test_intake_start (fixture->intake);
  fixture->line = test_line_new (fixture->port, target);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  test_line_free (fixture->line);
  test_trip_free (fixture->trip);
  test_intake_free (fixture->intake);
  test_scratch_free (fixture->folder);
}

static SatchelVault *
open_vault (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) passphrase = satchel_secret_new_copy (
      (const guint8 *) PASSPHRASE, strlen (PASSPHRASE), &error);
  SatchelVault *vault = satchel_vault_open (folder, passphrase, &error);

  g_assert_no_error (error);
  return vault;
}

static void
close_desk (Fixture *fixture)
{
  g_clear_pointer (&fixture->trip->desk, satchel_vault_close);
}

static void
open_desk (Fixture *fixture)
{
  g_autofree char *folder = g_build_filename (fixture->trip->folder, "Desk", NULL);

  fixture->trip->desk = open_vault (folder);
}

static void
send (SatchelVault *vault)
{
  g_autoptr (GError) error = NULL;

  satchel_courier_send_all (vault, NULL, (SatchelProgressReport){0}, NULL, &error);
  g_assert_no_error (error);
}

/* A note, sealed and sent; the outbox entry's id. */
static char *
send_note (Fixture *fixture, const char *text, gsize evidence_bytes)
{
  g_autoptr (GBytes) evidence = evidence_bytes == 0 ? NULL : test_noise (evidence_bytes, 11);
  g_autofree char *record = test_trip_note (fixture->trip->reporter, text, evidence);
  char *sent = test_trip_seal (fixture->trip->reporter, record);

  send (fixture->trip->reporter);
  return sent;
}

static SatchelFetcher *
fetcher_new (SatchelVault *vault)
{
  g_autoptr (GError) error = NULL;
  SatchelFetcher *fetcher = satchel_fetcher_new (vault, &error);

  g_assert_no_error (error);
  g_assert_false (satchel_fetcher_has_more (fetcher));
  return fetcher;
}

static void
run (SatchelFetcher *fetcher)
{
  g_autoptr (GError) error = NULL;

  satchel_fetcher_run (fetcher, FALSE, (SatchelProgressReport){0}, NULL, &error);
  g_assert_no_error (error);
}

static void
assert_run_fails (SatchelFetcher *fetcher, SatchelSyncError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (
      satchel_fetcher_run (fetcher, FALSE, (SatchelProgressReport){0}, NULL, &error));
  g_assert_error (error, SATCHEL_SYNC_ERROR, (int) code);
}

/* Takes, and expects that so many were opened and nothing else was said. */
static void
assert_takes (SatchelFetcher *fetcher, SatchelVault *vault, guint opened)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries =
      satchel_fetcher_take (fetcher, vault, (SatchelProgressReport){0}, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (test_trip_count (entries, SATCHEL_INBOX_OPENED), ==, opened);
  g_assert_cmpuint (entries->len, ==, opened);
}

static void
assert_fetches (SatchelVault *vault, guint opened)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries =
      satchel_inbox_fetch (vault, (SatchelProgressReport){0}, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (test_trip_count (entries, SATCHEL_INBOX_OPENED), ==, opened);
  g_assert_cmpuint (entries->len, ==, opened);
}

static guint
count_files (Fixture *fixture)
{
  g_autofree char *folder = g_build_filename (fixture->trip->folder, "Desk", "inbox", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint count = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    count++;
  return count;
}

static gint64
query (SatchelVault *vault, const char *sql)
{
  g_autoptr (GError) error = NULL;
  SatchelStatement *statement = satchel_db_prepare (satchel_vault_get_db (vault), sql, &error);
  gboolean has_row = FALSE;
  gint64 value;

  g_assert_no_error (error);
  g_assert_true (satchel_statement_step (statement, &has_row, &error));
  value = has_row ? satchel_statement_get_int (statement, 0) : -1;
  satchel_statement_reset (statement);
  return value;
}

static gint64
get_position (SatchelVault *vault)
{
  return query (vault, "SELECT position FROM mailbox_position WHERE mailbox <> 'newsroom'");
}

/* How many bundles the intake was told to be seen. */
static guint
count_seen (Fixture *fixture)
{
  g_autofree char *program = g_build_filename (g_getenv ("G_TEST_BUILDDIR"), "..", "app",
                                               "satchel-intake", "satchel-intake", NULL);
  const char *const argv[] = {program, "stats", fixture->intake->folder, NULL};
  g_autofree char *output = NULL;
  const char *words;

  g_assert_cmpint (test_run (argv, NULL, &output, NULL), ==, 0);
  words = strstr (output, " bytes, ");
  g_assert_nonnull (words);
  return (guint) g_ascii_strtoull (words + strlen (" bytes, "), NULL, 10);
}

/* Where the intake keeps what the reporter sent. */
static char *
find_stored (Fixture *fixture, const char *sent)
{
  g_autoptr (SatchelNewsroom) newsroom = satchel_newsroom_load (fixture->trip->reporter, NULL);
  g_autofree char *mailbox = satchel_mailbox_of_newsroom (&newsroom->card->lead);
  g_autoptr (SatchelOutboxEntry) entry =
      satchel_outbox_find (fixture->trip->reporter, sent, NULL);
  g_autofree char *hex = satchel_hex_encode (entry->sha256, 32);
  g_autofree char *file = g_strconcat (hex, ".age", NULL);

  return g_build_filename (fixture->intake->folder, "mailboxes", mailbox, file, NULL);
}

/* Another bit in the middle of it; the same again mends it. */
static void
flip (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) content = satchel_file_load (path, 1 << 26, &error);
  gsize size = 0;
  g_autofree guint8 *data = NULL;

  g_assert_no_error (error);
  data = g_bytes_unref_to_data (g_steal_pointer (&content), &size);
  data[size / 2] ^= 1;
  satchel_file_store (path, data, size, &error);
  g_assert_no_error (error);
}

static gpointer
run_thread (gpointer data)
{
  run (data);
  return NULL;
}

/* The vault is closed while a thread of its own has the slow line; and nothing is taken twice. */
static void
test_closed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sent = send_note (fixture, "Raid marker-4410", 300000);
  g_autoptr (SatchelFetcher) fetcher = fetcher_new (fixture->trip->desk);
  g_autofree char *folder = g_build_filename (fixture->trip->folder, "Desk", NULL);

  close_desk (fixture);
  g_thread_join (g_thread_new ("courier", run_thread, fetcher));
  g_assert_cmpuint (count_files (fixture), ==, 2);
  g_assert_false (satchel_fetcher_has_more (fetcher));
  test_assert_no_plaintext (folder, "marker-4410");
  open_desk (fixture);
  g_assert_cmpint (get_position (fixture->trip->desk), ==, -1);
  assert_takes (fetcher, fixture->trip->desk, 2);
  g_assert_cmpint (get_position (fixture->trip->desk), ==, 2);
  assert_takes (fetcher, fixture->trip->desk, 0);
  g_assert_cmpuint (count_files (fixture), ==, 0);
  g_assert_true (satchel_fetcher_has_more (fetcher));
  g_assert_cmpuint (count_seen (fixture), ==, 0);
  run (fetcher);
  g_assert_cmpuint (count_seen (fixture), ==, 2);
  g_assert_false (satchel_fetcher_has_more (fetcher));
  assert_takes (fetcher, fixture->trip->desk, 0);
  test_trip_check (fixture->trip->desk);
}

/* Killed before the vault took it: the next one finds it, and nothing comes down twice. */
static void
test_killed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sent = send_note (fixture, "Long", 3000000);
  SatchelFetcher *first = fetcher_new (fixture->trip->desk);
  g_autoptr (SatchelFetcher) second = NULL;

  test_line_take_count (fixture->line);
  run (first);
  g_assert_cmpuint (test_line_take_count (fixture->line), >, 3000000);
  satchel_fetcher_free (first);
  close_desk (fixture);
  open_desk (fixture);
  second = fetcher_new (fixture->trip->desk);
  run (second);
  g_assert_cmpuint (test_line_take_count (fixture->line), <, LITTLE);
  assert_takes (second, fixture->trip->desk, 2);
  g_assert_cmpuint (count_files (fixture), ==, 0);
  test_trip_check (fixture->trip->desk);
}

static void
seal_notes (Fixture *fixture, guint count)
{
  for (guint i = 0; i < count; i++) {
    g_autofree char *text = g_strdup_printf ("Note %u", i);
    g_autofree char *record = test_trip_note (fixture->trip->reporter, text, NULL);
    g_autofree char *sent = test_trip_seal (fixture->trip->reporter, record);
  }
}

/* More bundles than a batch holds. */
static void
test_batches (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SatchelFetcher) fetcher = fetcher_new (fixture->trip->desk);

  seal_notes (fixture, 33);
  send (fixture->trip->reporter);
  run (fetcher);
  g_assert_true (satchel_fetcher_has_more (fetcher));
  g_assert_cmpuint (count_files (fixture), ==, 32);
  assert_takes (fetcher, fixture->trip->desk, 32);
  g_assert_cmpint (get_position (fixture->trip->desk), ==, 32);
  run (fetcher);
  g_assert_false (satchel_fetcher_has_more (fetcher));
  assert_takes (fetcher, fixture->trip->desk, 2);
  g_assert_cmpint (get_position (fixture->trip->desk), ==, 34);
}

/* A batch has at least one bundle, however large; and waits for take() through any number of
 * runs. */
static void
test_large (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a = send_note (fixture, "First", 0), *b = send_note (fixture, "Second", 90000);
  g_autoptr (SatchelFetcher) fetcher = fetcher_new (fixture->trip->desk);

  fetcher->bytes_max = 1;
  for (guint i = 1; i <= 3; i++) {
    run (fetcher);
    g_assert_cmpint (satchel_fetcher_has_more (fetcher), ==, i < 3);
    g_assert_cmpuint (count_files (fixture), ==, i);
  }
  assert_takes (fetcher, fixture->trip->desk, 3);
}

/* All in one call, a stranger's bundles in the batches before the introduction's. */
static void
test_whole (Fixture *fixture, gconstpointer data)
{
  SatchelDb *db = satchel_vault_get_db (fixture->trip->reporter);

  g_assert_true (satchel_db_execute (db, "UPDATE outbox SET state = 4", NULL));
  seal_notes (fixture, 32);
  send (fixture->trip->reporter);
  g_assert_true (satchel_db_execute (db, "UPDATE outbox SET state = 0 WHERE state = 4", NULL));
  send (fixture->trip->reporter);
  assert_fetches (fixture->trip->desk, 33);
  g_assert_cmpuint (count_seen (fixture), ==, 1);
  assert_fetches (fixture->trip->desk, 0);
  g_assert_cmpint (get_position (fixture->trip->desk), ==, 33);
  test_trip_check (fixture->trip->desk);
}

/* What the intake has of one bundle is not what it was sent: said once the others are here, and
 * asked for again in the next round. */
static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *bad = send_note (fixture, "First", 0), *a = send_note (fixture, "Second", 0);
  g_autofree char *b = send_note (fixture, "Third", 0), *path = find_stored (fixture, bad);
  g_autoptr (SatchelFetcher) fetcher = fetcher_new (fixture->trip->desk);

  flip (path);
  fetcher->bundles_max = 1;
  for (guint i = 0; i < 2; i++) {
    run (fetcher);
    g_assert_true (satchel_fetcher_has_more (fetcher));
    assert_takes (fetcher, fixture->trip->desk, 1);
  }
  assert_run_fails (fetcher, SATCHEL_SYNC_ERROR_PROTOCOL);
  assert_takes (fetcher, fixture->trip->desk, 1);
  g_assert_cmpint (get_position (fixture->trip->desk), ==, 1);
  assert_run_fails (fetcher, SATCHEL_SYNC_ERROR_PROTOCOL);
  assert_takes (fetcher, fixture->trip->desk, 0);
  flip (path);
  run (fetcher);
  assert_takes (fetcher, fixture->trip->desk, 1);
  g_assert_cmpint (get_position (fixture->trip->desk), ==, 4);
}

/* A bundle that changed on the disk before it was opened. */
static void
test_changed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sent = send_note (fixture, "Only", 0), *stored = find_stored (fixture, sent);
  g_autofree char *hex = g_path_get_basename (stored);
  g_autofree char *file = g_strdup_printf ("%.32s.age", hex);
  g_autofree char *path =
      g_build_filename (fixture->trip->folder, "Desk", "inbox", file, NULL);
  g_autoptr (SatchelFetcher) fetcher = fetcher_new (fixture->trip->desk);
  g_autoptr (GPtrArray) entries = NULL;
  const SatchelInboxEntry *entry;

  run (fetcher);
  flip (path);
  entries = satchel_fetcher_take (fetcher, fixture->trip->desk, (SatchelProgressReport){0}, NULL,
                                  NULL);
  g_assert_cmpuint (entries->len, ==, 2);
  entry = g_ptr_array_index (entries, 1);
  g_assert_cmpint (entry->outcome, ==, SATCHEL_INBOX_ASIDE);
  g_assert_cmpint (entry->reason, ==, SATCHEL_ASIDE_DAMAGED);
  g_assert_cmpint (query (fixture->trip->desk, "SELECT count (*) FROM inbox"), ==, 1);
  g_assert_cmpint (get_position (fixture->trip->desk), ==, 1);
  run (fetcher);
  run (fetcher);
  assert_takes (fetcher, fixture->trip->desk, 1);
}

static void
cancel_cb (guint64 done_bytes, guint64 total_bytes, gpointer user_data)
{
  if (done_bytes > 3000000)
    g_cancellable_cancel (user_data);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sent = send_note (fixture, "Long", 6000000);
  g_autoptr (SatchelFetcher) fetcher = fetcher_new (fixture->trip->desk);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  SatchelProgressReport progress = {cancel_cb, cancellable};
  g_autoptr (GError) error = NULL;

  g_assert_false (satchel_fetcher_run (fetcher, FALSE, progress, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_true (satchel_fetcher_has_more (fetcher));
  g_assert_cmpuint (count_files (fixture), ==, 2);
  g_assert_null (satchel_fetcher_take (fetcher, fixture->trip->desk, (SatchelProgressReport){0},
                                       cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_takes (fetcher, fixture->trip->desk, 1);
  g_assert_cmpint (get_position (fixture->trip->desk), ==, 1);
  test_line_take_count (fixture->line);
  run (fetcher);
  g_assert_cmpuint (test_line_take_count (fixture->line), <, 3400000);
  g_assert_false (satchel_fetcher_has_more (fetcher));
  assert_takes (fetcher, fixture->trip->desk, 1);
  g_assert_cmpint (get_position (fixture->trip->desk), ==, 2);
}

static void
kill_cb (guint64 done_bytes, guint64 total_bytes, gpointer user_data)
{
  if (done_bytes > 3000000)
    test_intake_kill (user_data);
}

/* The line breaks: what came down before it counts, and the next run goes on. */
static void
test_broken (Fixture *fixture, gconstpointer data)
{
  /* More than sockets hold, or all of it would be on its way already. */
  g_autofree char *sent = send_note (fixture, "Long", 30000000);
  g_autofree char *after = send_note (fixture, "After", 0);
  g_autoptr (SatchelFetcher) fetcher = fetcher_new (fixture->trip->desk);
  SatchelProgressReport progress = {kill_cb, fixture->intake};
  g_autoptr (GError) error = NULL;

  g_assert_false (satchel_fetcher_run (fetcher, FALSE, progress, NULL, &error));
  g_assert_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNREACHABLE);
  assert_takes (fetcher, fixture->trip->desk, 1);
  assert_run_fails (fetcher, SATCHEL_SYNC_ERROR_UNREACHABLE);
  test_intake_start (fixture->intake);
  test_line_take_count (fixture->line);
  run (fetcher);
  g_assert_cmpuint (test_line_take_count (fixture->line), <, 28000000);
  assert_takes (fetcher, fixture->trip->desk, 2);
}

/* Another newsroom's intake, where the right one was. */
static TestIntake *
start_stranger (Fixture *fixture)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "false", NULL);
  TestIntake *other;

  g_assert_true (satchel_folder_make (folder, NULL));
  other = test_intake_new (folder);
  test_intake_kill (fixture->intake);
  g_free (other->port);
  other->port = g_strdup (fixture->intake->port);
  test_intake_start (other);
  return other;
}

/* Somebody else answers: an alarm, once the vault is there to keep it. */
static void
test_stranger (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sent = send_note (fixture, "Not for strangers", 0);
  g_autoptr (SatchelFetcher) fetcher = fetcher_new (fixture->trip->desk);
  g_autoptr (TestIntake) other = start_stranger (fixture);

  assert_run_fails (fetcher, SATCHEL_SYNC_ERROR_UNTRUSTED);
  g_assert_cmpuint (test_ledger_count (fixture->trip->desk, SATCHEL_ACTION_ALARM, NULL), ==, 0);
  for (guint i = 0; i < 2; i++) {
    assert_takes (fetcher, fixture->trip->desk, 0);
    g_assert_cmpuint (test_ledger_count (fixture->trip->desk, SATCHEL_ACTION_ALARM, NULL), ==, 1);
  }
  test_intake_kill (other);
  test_intake_start (fixture->intake);
  run (fetcher);
  assert_takes (fetcher, fixture->trip->desk, 2);
}

/* The vault was locked and the program ended before anybody could take it over. */
static void
test_stranger_and_end (Fixture *fixture, gconstpointer data)
{
  SatchelFetcher *fetcher = fetcher_new (fixture->trip->desk);
  g_autoptr (TestIntake) other = start_stranger (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) alarms = NULL;
  const SatchelSyncAlarm *alarm;

  close_desk (fixture);
  assert_run_fails (fetcher, SATCHEL_SYNC_ERROR_UNTRUSTED);
  satchel_fetcher_free (fetcher);
  open_desk (fixture);
  g_assert_true (satchel_journal_merge_at_open (fixture->trip->desk, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (test_ledger_count (fixture->trip->desk, SATCHEL_ACTION_ALARM, NULL), ==, 1);
  alarms = satchel_sync_alarm_list (fixture->trip->desk, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (alarms->len, ==, 1);
  alarm = g_ptr_array_index (alarms, 0);
  g_assert_cmpint (alarm->kind, ==, SATCHEL_SYNC_ALARM_SERVER);
  g_assert_cmpint (alarm->seen_unix_us, >, 0);
  g_assert_nonnull (strstr (alarm->sentence, "newsroom"));
  guint64 number = alarm->number;
  g_ptr_array_unref (alarms);
  alarms = satchel_sync_alarm_list (fixture->trip->desk, number, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (alarms->len, ==, 0);
}

static void
assert_not_its (SatchelFetcher *fetcher, SatchelVault *vault)
{
  g_autofree char *before = test_people_snapshot (vault), *after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (
      satchel_fetcher_take (fetcher, vault, (SatchelProgressReport){0}, NULL, &error));
  g_assert_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_STATE);
  after = test_people_snapshot (vault);
  g_assert_cmpstr (after, ==, before);
  g_assert_cmpint (query (vault, "SELECT count (*) FROM inbox"), ==, 0);
  g_assert_cmpint (get_position (vault), ==, -1);
}

/* Another vault, and one that was restored since; then the right one. */
static void
test_other_vault (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sent = send_note (fixture, "For the desk", 0);
  g_autofree char *backup = g_build_filename (fixture->folder, "backup.age", NULL);
  g_autofree char *folder = g_build_filename (fixture->folder, "restored", NULL);
  g_autoptr (SatchelSecret) phrase =
      satchel_secret_new_copy ((const guint8 *) "for the shelf", 13, NULL);
  g_autoptr (SatchelFetcher) fetcher = fetcher_new (fixture->trip->desk);
  const SatchelProgressReport silent = {0};
  g_autoptr (SatchelVault) restored = NULL;
  g_autoptr (GError) error = NULL;

  satchel_vault_backup (fixture->trip->desk, backup, phrase, 10, silent, NULL, &error);
  g_assert_no_error (error);
  satchel_vault_restore (folder, backup, phrase, silent, NULL, &error);
  g_assert_no_error (error);
  restored = open_vault (folder);
  run (fetcher);
  assert_not_its (fetcher, fixture->trip->lawyer);
  assert_not_its (fetcher, restored);
  assert_takes (fetcher, fixture->trip->desk, 2);
}

/* While the vault was closed another program fetched: nothing doubled, and no position goes back.
 */
static void
test_overtaken (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a = send_note (fixture, "First", 0), *b = NULL;
  g_autoptr (SatchelFetcher) fetcher = fetcher_new (fixture->trip->desk);

  run (fetcher);
  b = send_note (fixture, "Second", 0);
  assert_fetches (fixture->trip->desk, 3);
  g_assert_cmpint (get_position (fixture->trip->desk), ==, 3);
  assert_takes (fetcher, fixture->trip->desk, 0);
  g_assert_cmpint (get_position (fixture->trip->desk), ==, 3);
  run (fetcher);
  assert_takes (fetcher, fixture->trip->desk, 0);
  g_assert_cmpint (get_position (fixture->trip->desk), ==, 3);
  g_assert_cmpuint (count_files (fixture), ==, 0);
  test_trip_check (fixture->trip->desk);
}

/* The store is older than what the fetcher knows, without a restore: what it skipped as known is
 * not passed by. */
static void
test_forgotten (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a = send_note (fixture, "First", 0);
  SatchelDb *db = satchel_vault_get_db (fixture->trip->desk);
  g_autoptr (SatchelFetcher) fetcher = NULL;

  assert_fetches (fixture->trip->desk, 2);
  g_assert_true (satchel_db_execute (db, "DELETE FROM mailbox_position", NULL));
  fetcher = fetcher_new (fixture->trip->desk);
  run (fetcher);
  g_assert_true (
      satchel_db_execute (db,
                          "DELETE FROM inbox_record; DELETE FROM inbox WHERE is_introduction = 0",
                          NULL));
  assert_takes (fetcher, fixture->trip->desk, 0);
  g_assert_cmpint (get_position (fixture->trip->desk), ==, 1);
  run (fetcher);
  g_assert_cmpuint (count_files (fixture), ==, 1);
}

static guint64
get_number (SatchelVault *vault)
{
  g_autoptr (SatchelNewsroom) newsroom = satchel_newsroom_load (vault, NULL);

  return newsroom->card->number;
}

/* The lead's card goes to the intake with one run, and comes down with another's. */
static void
test_newsroom (Fixture *fixture, gconstpointer data)
{
  static const char told[] = "SELECT position FROM mailbox_position WHERE mailbox = 'newsroom'";
  TestTrip *trip = fixture->trip;
  guint64 number = get_number (trip->reporter);
  g_autoptr (SatchelNewsroomCard) card = satchel_newsroom_update (trip->desk, NULL, NULL);
  g_autoptr (SatchelFetcher) desk = fetcher_new (trip->desk), reporter = NULL;
  gint64 before = query (trip->desk, told);

  g_assert_cmpuint (card->number, >, number);
  run (desk);
  g_assert_cmpint (query (trip->desk, told), ==, before);
  assert_takes (desk, trip->desk, 0);
  g_assert_cmpint (query (trip->desk, told), ==, (gint64) card->number);
  reporter = fetcher_new (trip->reporter);
  run (reporter);
  g_assert_cmpuint (get_number (trip->reporter), ==, number);
  assert_takes (reporter, trip->reporter, 0);
  g_assert_cmpuint (get_number (trip->reporter), ==, card->number);
  assert_fetches (trip->lawyer, 0);
  g_assert_cmpuint (get_number (trip->lawyer), ==, card->number);
}

#define ADD(name, test) g_test_add ("/fetcher/" name, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  ADD ("closed", test_closed);
  ADD ("killed", test_killed);
  ADD ("batches", test_batches);
  ADD ("large", test_large);
  ADD ("whole", test_whole);
  ADD ("damaged", test_damaged);
  ADD ("changed", test_changed);
  ADD ("cancelled", test_cancelled);
  ADD ("broken", test_broken);
  ADD ("stranger", test_stranger);
  ADD ("stranger-and-end", test_stranger_and_end);
  ADD ("other-vault", test_other_vault);
  ADD ("overtaken", test_overtaken);
  ADD ("forgotten", test_forgotten);
  ADD ("newsroom", test_newsroom);
  return g_test_run ();
}
