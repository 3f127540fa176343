/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/satchel-journal.h"

#include <string.h>

#include "base/satchel-file.h"
#include "test-people.h"
#include "test-support.h"
#include "sync/satchel-rules.h"
#include "test-trip.h"

static char *
journal_path (SatchelVault *vault)
{
  return g_build_filename (satchel_vault_get_folder (vault), "outbox", "journal", NULL);
}

static void
append (
    SatchelVault *vault, const char *id, SatchelJournalFact fact, guint64 offset, const char *text)
{
  guint8 key[SATCHEL_JOURNAL_KEY_SIZE];
  g_autoptr (SatchelJournal) journal = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (satchel_journal_get_key (vault, key, NULL));
  journal = satchel_journal_open (satchel_vault_get_folder (vault), key, &error);
  g_assert_no_error (error);
  g_assert_true (satchel_journal_append (journal, id, fact, offset, text, &error));
  g_assert_no_error (error);
}

static char *
seal_one (TestTrip *trip)
{
  g_autofree char *record = test_trip_note (trip->reporter, "One", NULL);

  return test_trip_seal (trip->reporter, record);
}

/* Facts are merged once, the file goes, and nothing in it can be read without the vault. */
static void
test_merge (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autofree char *id = seal_one (trip), *path = journal_path (trip->reporter);
  g_autoptr (SatchelOutboxEntry) entry = NULL;
  g_autoptr (GError) error = NULL;

  append (trip->reporter, id, SATCHEL_JOURNAL_UPLOAD, 77, "/uploads/marker-4410");
  append (trip->reporter, id, SATCHEL_JOURNAL_WAITING, 77, "marker-4410 is away.");
  test_assert_no_plaintext (trip->folder, "marker-4410");
  g_assert_true (satchel_journal_merge (trip->reporter, &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  entry = satchel_outbox_find (trip->reporter, id, NULL);
  g_assert_cmpint (entry->state, ==, SATCHEL_OUTBOX_SENDING);
  g_assert_cmpuint (entry->offset_bytes, ==, 77);
  g_assert_cmpstr (entry->why, ==, "marker-4410 is away.");
  g_assert_true (satchel_journal_merge (trip->reporter, &error));
}

static guint64
spent (SatchelVault *vault)
{
  guint64 bytes = 0;

  g_assert_true (satchel_rules_load_spent (vault, "2024-03-09", &bytes, NULL));
  return bytes;
}

/* The program ended between COMMIT and the end of the file; what came afterwards stands below. */
static void
test_merged_already (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autofree char *id = seal_one (trip), *path = journal_path (trip->reporter);
  g_autoptr (GBytes) before = NULL;
  g_autoptr (GError) error = NULL;
  const char *data;
  gsize size;

  append (trip->reporter, id, SATCHEL_JOURNAL_ALARM, 0, "This is not the newsroom.");
  append (trip->reporter, id, SATCHEL_JOURNAL_SPENT, 1000, "2024-03-09");
  before = satchel_file_load (path, 1 << 20, NULL);
  data = g_bytes_get_data (before, &size);
  for (guint i = 0; i < 2; i++) {
    g_assert_true (satchel_journal_merge (trip->reporter, &error));
    g_assert_no_error (error);
    g_assert_cmpuint (test_ledger_count (trip->reporter, SATCHEL_ACTION_ALARM, NULL), ==, 1);
    g_assert_cmpuint (spent (trip->reporter), ==, 1000);
    g_assert_true (satchel_file_store (path, (const guint8 *) data, size, NULL));
  }
  append (trip->reporter, id, SATCHEL_JOURNAL_SPENT, 30, "2024-03-09");
  g_assert_true (satchel_journal_merge (trip->reporter, &error));
  g_assert_cmpuint (spent (trip->reporter), ==, 1030);
}

/* A torn last line is dropped, the next one begins on its own. */
static void
test_torn (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autofree char *id = seal_one (trip), *path = journal_path (trip->reporter);
  g_autoptr (GBytes) two = NULL;
  g_autoptr (SatchelOutboxEntry) entry = NULL;
  g_autoptr (GError) error = NULL;
  const char *data;
  gsize size;

  append (trip->reporter, id, SATCHEL_JOURNAL_UPLOAD, 5, "/uploads/1");
  append (trip->reporter, id, SATCHEL_JOURNAL_UPLOAD, 9, "/uploads/1");
  two = satchel_file_load (path, 1 << 20, NULL);
  data = g_bytes_get_data (two, &size);
  g_assert_true (satchel_file_store (path, (const guint8 *) data, size - 10, NULL));
  append (trip->reporter, id, SATCHEL_JOURNAL_UPLOAD, 7, "/uploads/1");
  g_assert_true (satchel_journal_merge (trip->reporter, &error));
  g_assert_no_error (error);
  entry = satchel_outbox_find (trip->reporter, id, NULL);
  g_assert_cmpuint (entry->offset_bytes, ==, 7);
}

/* One flipped bit: what can be read counts, an alarm is kept, the file too, and the vault opens. */
static void
test_damaged (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autofree char *id = seal_one (trip), *path = journal_path (trip->reporter);
  g_autofree char *aside = g_strconcat (path, ".damaged", NULL);
  g_autoptr (SatchelOutboxEntry) entry = NULL;
  g_autoptr (GError) error = NULL;

  append (trip->reporter, id, SATCHEL_JOURNAL_UPLOAD, 5, "/uploads/1");
  append (trip->reporter, id, SATCHEL_JOURNAL_UPLOAD, 6, "/uploads/1");
  append (trip->reporter, id, SATCHEL_JOURNAL_UPLOAD, 9, "/uploads/1");
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GBytes) whole = satchel_file_load (i == 0 ? path : aside, 1 << 20, NULL);
    gsize size = g_bytes_get_size (whole);
    g_autofree char *bad = g_memdup2 (g_bytes_get_data (whole, NULL), size);
    char *line = (char *) memchr (bad, '\n', size) + 1;
    /* The second line: another letter, then a byte that ends a string. */
    line[20] = i == 1 ? '\0' : line[20] == 'A' ? 'B'
                                               : 'A';
    g_assert_true (satchel_file_store (path, (const guint8 *) bad, size, NULL));
    g_assert_true (satchel_journal_merge (trip->reporter, &error));
    g_assert_no_error (error);
    g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
    g_assert_true (g_file_test (aside, G_FILE_TEST_EXISTS));
    g_assert_cmpuint (test_ledger_count (trip->reporter, SATCHEL_ACTION_ALARM, NULL), ==, i + 1);
  }
  entry = satchel_outbox_find (trip->reporter, id, NULL);
  g_assert_cmpuint (entry->offset_bytes, ==, 9);
}

/* The store may not grow, as on a full disk: the vault can be read, and nothing of it is lost. */
static void
test_full (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  SatchelDb *db = satchel_vault_get_db (trip->reporter);
  g_autofree char *id = seal_one (trip), *path = journal_path (trip->reporter);
  g_autofree char *long_text = g_strnfill (8000, 'x');
  g_autoptr (GError) error = NULL;

  append (trip->reporter, id, SATCHEL_JOURNAL_UPLOAD, 5, "/uploads/1");
  for (guint i = 0; i < 50; i++)
    append (trip->reporter, id, SATCHEL_JOURNAL_ALARM, 0, long_text);
  g_autoptr (GBytes) before = satchel_file_load (path, 1 << 20, NULL);
  /* Less than it has is what it has. */
  g_assert_true (satchel_db_execute (db, "PRAGMA max_page_count=1", NULL));
  g_assert_false (satchel_journal_merge (trip->reporter, &error));
  g_assert_error (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_NO_SPACE);
  g_clear_error (&error);
  g_assert_true (satchel_journal_merge_at_open (trip->reporter, &error));
  g_assert_no_error (error);
  g_autoptr (GBytes) after = satchel_file_load (path, 1 << 20, NULL);
  g_assert_true (g_bytes_equal (before, after));
  g_assert_cmpint (test_trip_state (trip->reporter, id), ==, SATCHEL_OUTBOX_SEALED);
  g_assert_true (satchel_db_execute (db, "PRAGMA max_page_count=1000000", NULL));
  g_assert_true (satchel_journal_merge_at_open (trip->reporter, &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_cmpint (test_trip_state (trip->reporter, id), ==, SATCHEL_OUTBOX_SENDING);
}

/* Anybody can seal a line to the public key: a receipt in it still has to be the intake's. */
static void
test_forged_receipt (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autofree char *id = seal_one (trip);
  g_autoptr (SatchelOutboxEntry) entry = satchel_outbox_find (trip->reporter, id, NULL);
  g_autoptr (SatchelSecret) pair = satchel_minisign_pair_new (NULL);
  SatchelStoredReceipt receipt = {.size_bytes = entry->size_bytes,
                                  .time_unix_us = G_TIME_SPAN_DAY,
                                  .mailbox = entry->mailbox,
                                  .position = 1};
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  memcpy (receipt.sha256, entry->sha256, 32);
  text = satchel_stored_receipt_sign (&receipt, pair, &error);
  g_assert_no_error (error);
  append (trip->reporter, id, SATCHEL_JOURNAL_STORED, entry->size_bytes, text);
  g_assert_true (satchel_journal_merge (trip->reporter, &error));
  g_assert_no_error (error);
  g_assert_cmpint (test_trip_state (trip->reporter, id), ==, SATCHEL_OUTBOX_SEALED);
  g_assert_cmpuint (test_ledger_count (trip->reporter, SATCHEL_ACTION_ALARM, NULL), ==, 1);
}

#define LINES 300

typedef struct {
  SatchelJournal *journal;
  const char *id;
} Writer;

/* The courier's thread, while the vault's merges. */
static gpointer
write_job (gpointer data)
{
  const Writer *writer = data;
  g_autoptr (GError) error = NULL;

  for (guint i = 1; i <= LINES; i++) {
    g_assert_true (satchel_journal_append (writer->journal, writer->id, SATCHEL_JOURNAL_UPLOAD, i,
                                           "/uploads/one", &error));
    g_assert_no_error (error);
  }
  return NULL;
}

/* What is written while the vault merges is never lost: not the line before, not the one after. */
static void
test_merge_while_written (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autofree char *id = seal_one (trip), *path = journal_path (trip->reporter);
  g_autoptr (SatchelOutboxEntry) entry = NULL;
  g_autoptr (SatchelJournal) journal = NULL;
  g_autoptr (GError) error = NULL;
  guint8 key[SATCHEL_JOURNAL_KEY_SIZE];
  guint64 before = 0;

  g_assert_true (satchel_journal_get_key (trip->reporter, key, NULL));
  journal = satchel_journal_open (satchel_vault_get_folder (trip->reporter), key, &error);
  g_assert_no_error (error);
  GThread *thread = g_thread_new ("courier", write_job, &(Writer){journal, id});
  for (guint merges = 0; before < LINES; merges++) {
    g_autoptr (SatchelOutboxEntry) now = NULL;
    g_assert_cmpuint (merges, <, 100 * LINES);
    /* Where nothing is written yet, a merge of nothing would only take the writer's turn. */
    while (!g_file_test (path, G_FILE_TEST_EXISTS))
      g_thread_yield ();
    g_assert_true (satchel_journal_merge (trip->reporter, &error));
    g_assert_no_error (error);
    now = satchel_outbox_find (trip->reporter, id, NULL);
    g_assert_cmpuint (now->offset_bytes, >=, before);
    before = now->offset_bytes;
  }
  g_thread_join (thread);
  g_assert_true (satchel_journal_merge (trip->reporter, &error));
  entry = satchel_outbox_find (trip->reporter, id, NULL);
  g_assert_cmpuint (entry->offset_bytes, ==, LINES);
  g_assert_cmpuint (test_ledger_count (trip->reporter, SATCHEL_ACTION_ALARM, NULL), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  g_test_add_func ("/journal/merge", test_merge);
  g_test_add_func ("/journal/merged-already", test_merged_already);
  g_test_add_func ("/journal/torn", test_torn);
  g_test_add_func ("/journal/damaged", test_damaged);
  g_test_add_func ("/journal/full", test_full);
  g_test_add_func ("/journal/forged-receipt", test_forged_receipt);
  g_test_add_func ("/journal/merge-while-written", test_merge_while_written);
  return g_test_run ();
}
