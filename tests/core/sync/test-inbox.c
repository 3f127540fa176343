/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/satchel-inbox.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/satchel-time.h"
#include "base/satchel-file.h"
#include "base/satchel-hash.h"
#include "seal/satchel-age.h"
#include "test-support.h"
#include "people/satchel-identity.h"
#include "base/satchel-error.h"
#include "sync/satchel-desk.h"
#include "sync/satchel-inbox-private.h"
#include "test-intake.h"
#include "test-trip.h"

/* The item of a record has exactly these bytes. */
static void
assert_evidence (SatchelVault *vault, const char *record_id, GBytes *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = satchel_evidence_list (vault, record_id, &error);
  g_autoptr (GInputStream) stream = NULL;
  const SatchelEvidence *item;
  guint8 sha256[32];
  guint64 size;

  g_assert_no_error (error);
  g_assert_cmpuint (items->len, ==, 1);
  item = g_ptr_array_index (items, 0);
  g_assert_cmpstr (item->name, ==, "Снимок 1.JPG");
  stream = satchel_evidence_open (vault, item, SATCHEL_ACTION_VIEWED, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (satchel_sha256_stream (stream, sha256, &size, NULL, NULL));
  g_assert_cmpuint (size, ==, g_bytes_get_size (expected));
  g_assert_cmpmem (sha256, 32, item->sha256, 32);
}

/* Reporter to desk and back, by folders alone. */
static void
test_round (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autoptr (GBytes) photo = test_noise (300000, 7);
  g_autofree char *record = test_trip_note (trip->reporter, "Visit marker-7731", photo);
  g_autofree char *sent = test_trip_seal (trip->reporter, record);
  g_autoptr (GPtrArray) arrived = NULL, again = NULL, answers = NULL;
  gboolean opened = FALSE;

  g_assert_cmpint (test_trip_state (trip->reporter, sent), ==, SATCHEL_OUTBOX_SEALED);
  g_assert_cmpuint (test_trip_hand_over (trip->reporter, trip->there), ==, 2);
  g_assert_cmpint (test_trip_state (trip->reporter, sent), ==, SATCHEL_OUTBOX_HANDED_OVER);
  arrived = test_trip_fetch (trip->desk, trip->there);
  g_assert_cmpuint (test_trip_count (arrived, SATCHEL_INBOX_OPENED), ==, 2);
  assert_evidence (trip->desk, record, photo);
  again = test_trip_fetch (trip->desk, trip->there);
  g_assert_cmpuint (again->len, ==, 0);

  g_assert_cmpuint (test_trip_hand_over (trip->desk, trip->back), ==, 1);
  answers = test_trip_fetch (trip->reporter, trip->back);
  g_assert_cmpuint (test_trip_count (answers, SATCHEL_INBOX_OPENED), ==, 1);
  g_assert_cmpint (test_trip_state (trip->reporter, sent), ==, SATCHEL_OUTBOX_OPENED);
  g_assert_true (satchel_outbox_is_record_opened (trip->reporter, record, &opened, NULL));
  g_assert_true (opened);
  test_trip_check (trip->desk);
  test_trip_check (trip->reporter);
  test_assert_no_plaintext (trip->folder, "marker-7731");
}

/* What the app answers by itself, it answers late, and once. */
static void
test_receipts_later (void)
{
  const gint64 minute_us = 60 * G_USEC_PER_SEC;
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autofree char *record = test_trip_note (trip->reporter, "Visit", NULL);
  g_autofree char *sent = test_trip_seal (trip->reporter, record);
  g_autoptr (GPtrArray) arrived = NULL, outbox = NULL;
  gint64 now = satchel_now_us (), next = -1, again = -1;
  SatchelVault *desk = trip->desk;

  g_assert_true (satchel_outbox_queue_receipts_later (desk, now, &next, NULL, NULL));
  g_assert_cmpint (next, ==, 0);
  test_trip_hand_over (trip->reporter, trip->there);
  arrived = test_trip_fetch (desk, trip->there);
  g_assert_true (satchel_outbox_queue_receipts_later (desk, now, &next, NULL, NULL));
  g_assert_cmpint (next, >=, now + 10 * minute_us);
  g_assert_cmpint (next, <=, now + 120 * minute_us);
  g_assert_true (satchel_outbox_queue_receipts_later (desk, next - 1, &again, NULL, NULL));
  g_assert_cmpint (again, ==, next);
  /* A clock that was two days ahead does not hold the answer back for two days. */
  g_assert_true (satchel_outbox_queue_receipts_later (desk, now - 2880 * minute_us, &again, NULL,
                                                      NULL));
  g_assert_cmpint (again, <=, now - 2760 * minute_us);
  g_assert_true (satchel_outbox_queue_receipts_later (desk, next, &again, NULL, NULL));
  g_assert_cmpint (again, ==, 0);
  g_assert_true (satchel_outbox_queue_receipts_later (desk, next, &again, NULL, NULL));
  outbox = satchel_outbox_list (desk, NULL);
  g_assert_cmpuint (outbox->len, ==, 1);
}

/* Every single file of @folder opened by itself, the largest first: introductions are small. */
static char *
find_bundle (SatchelVault *vault, const char *outbox_id)
{
  g_autoptr (SatchelOutboxEntry) entry = satchel_outbox_find (vault, outbox_id, NULL);

  return g_strdup (entry->path);
}

static SatchelInboxEntry *
open_bundle (SatchelVault *vault, const char *path)
{
  g_autoptr (GError) error = NULL;
  SatchelInboxEntry *entry =
      satchel_inbox_open_file (vault, path, (SatchelProgressReport){0}, NULL, &error);

  g_assert_no_error (error);
  return entry;
}

/* The record comes before the introduction: kept aside, and taken in after it. */
static void
test_stranger_first (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autofree char *record = test_trip_note (trip->reporter, "Early", NULL);
  g_autofree char *sent = test_trip_seal (trip->reporter, record);
  g_autofree char *path = find_bundle (trip->reporter, sent);
  g_autoptr (SatchelInboxEntry) first = open_bundle (trip->desk, path);
  g_autoptr (SatchelInboxEntry) second = NULL;
  g_autoptr (GPtrArray) rest = NULL;

  g_assert_cmpint (first->outcome, ==, SATCHEL_INBOX_ASIDE);
  g_assert_cmpint (first->reason, ==, SATCHEL_ASIDE_STRANGER);
  g_assert_null (satchel_record_load (trip->desk, record, NULL));
  test_trip_hand_over (trip->reporter, trip->there);
  rest = test_trip_fetch (trip->desk, trip->there);
  g_assert_cmpuint (test_trip_count (rest, SATCHEL_INBOX_OPENED), ==, 2);
  second = open_bundle (trip->desk, path);
  g_assert_cmpint (second->outcome, ==, SATCHEL_INBOX_ALREADY);
  test_trip_check (trip->desk);
}

/* Rows and ids lead to the same entries, in the same order. */
static void
test_rows (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autofree char *record = test_trip_note (trip->reporter, "Visit", NULL);
  g_autofree char *sent = test_trip_seal (trip->reporter, record);
  g_autoptr (GPtrArray) arrived = NULL, all = NULL;
  g_autoptr (GArray) rows = NULL, outbox = NULL;
  GError *error = NULL;

  test_trip_hand_over (trip->reporter, trip->there);
  arrived = test_trip_fetch (trip->desk, trip->there);
  all = satchel_inbox_list (trip->desk, NULL);
  rows = satchel_desk_list_rows (trip->desk, &(SatchelDeskFilter){0}, NULL);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpuint (rows->len, ==, 2);
  for (guint i = 0; i < rows->len; i++) {
    const SatchelInboxEntry *entry = all->pdata[i];
    gint64 row = g_array_index (rows, gint64, i);
    g_autofree char *prefix = g_strndup (entry->id, 8);
    g_autoptr (SatchelInboxEntry) by_row = satchel_inbox_load_row (trip->desk, row, NULL);
    g_autoptr (SatchelInboxEntry) by_id = satchel_inbox_find (trip->desk, prefix, NULL);
    g_assert_cmpstr (by_row->id, ==, entry->id);
    g_assert_cmpstr (by_id->id, ==, entry->id);
    g_assert_cmpuint (g_strv_length (by_id->records), ==, g_strv_length (entry->records));
  }
  g_assert_null (satchel_inbox_find (trip->desk, "abc", &error));
  g_assert_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (satchel_inbox_load_row (trip->desk, 4711, &error));
  g_assert_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_NOT_FOUND);
  g_clear_error (&error);
  outbox = satchel_outbox_list_rows (trip->reporter, NULL);
  g_assert_cmpuint (outbox->len, ==, 2);
  g_autoptr (SatchelOutboxEntry) newest =
      satchel_outbox_load_row (trip->reporter, g_array_index (outbox, gint64, 0), NULL);
  g_assert_cmpstr (newest->id, ==, sent);
  g_assert_null (satchel_outbox_load_row (trip->reporter, 4711, &error));
  g_assert_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_NOT_FOUND);
  g_clear_error (&error);
}

/* The same signed archive, sealed anew to @vault alone. */
static void
seal_again (SatchelVault *vault, const char *path, const char *target)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelIdentity) identity = satchel_identity_load (vault, &error);
  g_autoptr (GInputStream) sealed = satchel_file_read (path, NULL, &error);
  g_autoptr (GInputStream) archive =
      satchel_age_reader_new (sealed, &identity->age, 1, NULL, NULL, &error);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (SatchelAgeWriter) writer = satchel_age_writer_new (
      &identity->card->keys.age, 1, FALSE, satchel_sink_to_byte_array (out), NULL, NULL, &error);

  g_assert_no_error (error);
  satchel_sink_splice (satchel_age_writer_get_sink (writer), archive, G_MAXUINT64, NULL, NULL,
                       &error);
  g_assert_no_error (error);
  satchel_age_writer_finish (writer, NULL, &error);
  g_assert_no_error (error);
  satchel_file_store (target, out->data, out->len, &error);
  g_assert_no_error (error);
}

static guint
count_kept (SatchelVault *vault)
{
  g_autofree char *folder = g_build_filename (satchel_vault_get_folder (vault), "inbox", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint count = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    count++;
  return count;
}

/* Tags and notes, and how it stands. */
static void
work_on (SatchelVault *vault, SatchelInboxEntry *entry, const char *tag, SatchelDeskStatus status)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  const SatchelDeskChange changes[] = {
      {.part = SATCHEL_DESK_PART_STATUS, .status = status},
      {.part = SATCHEL_DESK_PART_TAG, .tag = tag, .has_tag = TRUE},
      {.part = SATCHEL_DESK_PART_TAG, .tag = "both", .has_tag = TRUE},
  };

  g_ptr_array_add (ids, entry->id);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    g_assert_true (satchel_desk_change (vault, ids, &changes[i], NULL, NULL));
  g_assert_true (satchel_desk_add_note (vault, entry->id, tag, NULL));
}

/* What was done on one or on both files of a bundle is there on the one that stays. */
static void
assert_work (SatchelVault *vault, GPtrArray *entries, gboolean on_both)
{
  for (guint i = 0; i < entries->len; i++) {
    const SatchelInboxEntry *entry = g_ptr_array_index (entries, i);
    if (entry->is_introduction)
      continue;
    g_autoptr (SatchelDesk) desk = satchel_desk_load (vault, entry->id, NULL);
    g_autoptr (GPtrArray) notes = satchel_desk_list_notes (vault, entry->id, NULL);
    g_autofree char *tags = g_strjoinv (" ", desk->tags);
    g_assert_cmpint (desk->status, ==,
                     on_both ? SATCHEL_DESK_CLOSED : SATCHEL_DESK_READING);
    g_assert_cmpstr (tags, ==, on_both ? "both first second" : "both second");
    g_assert_cmpuint (notes->len, ==, on_both ? 2 : 1);
  }
}

/* A stranger's bundle sealed twice: one is opened after the introduction, the other goes away. */
static void
test_stranger_twice (gconstpointer on_both)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autofree char *record = test_trip_note (trip->reporter, "Twice", NULL);
  g_autofree char *sent = test_trip_seal (trip->reporter, record);
  g_autofree char *path = find_bundle (trip->reporter, sent);
  g_autofree char *again = g_build_filename (trip->back, "again.age", NULL);
  g_autoptr (SatchelInboxEntry) first = open_bundle (trip->desk, path), second = NULL;
  g_autoptr (SatchelInboxEntry) introduction = NULL;
  g_autoptr (GPtrArray) outbox = satchel_outbox_list (trip->reporter, NULL), all = NULL;

  seal_again (trip->desk, path, again);
  second = open_bundle (trip->desk, again);
  g_assert_cmpint (second->reason, ==, SATCHEL_ASIDE_STRANGER);
  g_assert_cmpuint (count_kept (trip->desk), ==, 2);
  work_on (trip->desk, second, "second", SATCHEL_DESK_READING);
  if (on_both != NULL)
    work_on (trip->desk, first, "first", SATCHEL_DESK_CLOSED);
  introduction =
      open_bundle (trip->desk, ((SatchelOutboxEntry *) g_ptr_array_index (outbox, 0))->path);
  g_assert_cmpint (introduction->outcome, ==, SATCHEL_INBOX_OPENED);
  g_assert_cmpuint (count_kept (trip->desk), ==, 0);
  all = satchel_inbox_list (trip->desk, NULL);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpuint (test_trip_count (all, SATCHEL_INBOX_OPENED), ==, 2);
  assert_work (trip->desk, all, on_both != NULL);
  test_trip_check (trip->desk);
}

/* Killed between the introduction's COMMIT and the retry: the next round makes up for it. */
static void
test_stranger_left (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autofree char *record = test_trip_note (trip->reporter, "Left", NULL);
  g_autofree char *sent = test_trip_seal (trip->reporter, record);
  g_autofree char *path = find_bundle (trip->reporter, sent);
  g_autoptr (SatchelInboxEntry) first = open_bundle (trip->desk, path), introduction = NULL;
  g_autoptr (GPtrArray) outbox = satchel_outbox_list (trip->reporter, NULL), rest = NULL;
  const SatchelOutboxEntry *entry = g_ptr_array_index (outbox, 0);

  g_assert_cmpint (first->reason, ==, SATCHEL_ASIDE_STRANGER);
  introduction = satchel_inbox_take (trip->desk, entry->path, "a.age", (SatchelProgressReport){0},
                                     NULL, NULL);
  g_assert_cmpint (introduction->outcome, ==, SATCHEL_INBOX_OPENED);
  rest = test_trip_fetch (trip->desk, trip->there);
  g_assert_cmpuint (rest->len, ==, 1);
  g_assert_cmpuint (test_trip_count (rest, SATCHEL_INBOX_OPENED), ==, 1);
  g_assert_cmpuint (count_kept (trip->desk), ==, 0);
}

static GPtrArray *
fetch_intake (SatchelVault *vault)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *entries = satchel_inbox_fetch (vault, (SatchelProgressReport){0}, NULL, &error);

  g_assert_no_error (error);
  return entries;
}

/* The intake lost the end of its log, and gives its positions out again. */
static void
test_position_ahead (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (TestIntake) intake = test_intake_new (folder);
  g_autoptr (TestTrip) trip = test_trip_new (intake->card);
  g_autoptr (SatchelNewsroom) newsroom = satchel_newsroom_load (trip->desk, NULL);
  g_autoptr (GPtrArray) first = NULL, ahead = NULL, idle = NULL;
  SatchelCourierTally tally = {0};

  test_intake_admit (intake, newsroom->card);
  test_intake_start (intake);
  g_assert_true (satchel_courier_send_all (trip->reporter, &tally, (SatchelProgressReport){0},
                                           NULL, NULL));
  first = fetch_intake (trip->desk);
  g_assert_cmpuint (first->len, ==, 1);
  g_assert_true (satchel_db_execute (satchel_vault_get_db (trip->desk),
                                     "UPDATE mailbox_position SET position = 900", NULL));
  g_autofree char *record = test_trip_note (trip->reporter, "Ahead", NULL);
  g_autofree char *sent = test_trip_seal (trip->reporter, record);
  g_assert_true (satchel_courier_send_all (trip->reporter, &tally, (SatchelProgressReport){0},
                                           NULL, NULL));
  ahead = fetch_intake (trip->desk);
  g_assert_cmpuint (ahead->len, ==, 1);
  g_assert_cmpuint (test_trip_count (ahead, SATCHEL_INBOX_OPENED), ==, 1);
  idle = fetch_intake (trip->desk);
  g_assert_cmpuint (idle->len, ==, 0);
}

/* A round that cannot read one file, and finds a folder with a bundle's name, opens the others. */
static void
test_unreadable (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autofree char *bad = g_build_filename (trip->there, "0.age", NULL);
  g_autofree char *folder = g_build_filename (trip->there, "1.age", NULL);
  g_autofree char *inbox =
      g_build_filename (satchel_vault_get_folder (trip->desk), "inbox", NULL);
  g_autofree char *half = g_build_filename (inbox, ".new-0123", NULL);
  g_autofree char *partial = g_build_filename (inbox, "0123.age", NULL);
  g_autoptr (GPtrArray) arrived = NULL;

  test_trip_hand_over (trip->reporter, trip->there);
  g_assert_true (satchel_folder_make (folder, NULL));
  /* A regular file, and reading it at its start fails, for root too. */
  g_assert_cmpint (symlink ("/proc/self/mem", bad), ==, 0);
  g_assert_true (satchel_folder_make (inbox, NULL));
  g_assert_true (satchel_file_store (half, (const guint8 *) "half", 4, NULL));
  g_assert_true (satchel_file_store (partial, (const guint8 *) "part", 4, NULL));
  arrived = test_trip_fetch (trip->desk, trip->there);
  g_assert_cmpuint (arrived->len, ==, 2);
  g_assert_cmpuint (test_trip_count (arrived, SATCHEL_INBOX_OPENED), ==, 1);
  g_assert_false (g_file_test (half, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (partial, G_FILE_TEST_EXISTS));
}

/* Bundle 3 before bundle 2: a gap, then a late arrival; both are taken in. */
static void
test_gap_and_late (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autofree char *a = test_trip_note (trip->reporter, "Two", NULL);
  g_autofree char *b = test_trip_note (trip->reporter, "Three", NULL);
  g_autofree char *second = test_trip_seal (trip->reporter, a);
  g_autoptr (GPtrArray) arrived = NULL;
  g_autofree char *third = NULL, *second_path = NULL, *third_path = NULL;
  g_autoptr (SatchelInboxEntry) gap = NULL, late = NULL;

  /* The introduction is number 1 and goes alone. */
  second_path = find_bundle (trip->reporter, second);
  {
    g_autoptr (GPtrArray) outbox = satchel_outbox_list (trip->reporter, NULL);
    const SatchelOutboxEntry *introduction = g_ptr_array_index (outbox, 0);
    g_autoptr (SatchelInboxEntry) entry = open_bundle (trip->desk, introduction->path);
    g_assert_cmpint (entry->outcome, ==, SATCHEL_INBOX_OPENED);
    g_assert_true (entry->is_introduction);
  }
  third = test_trip_seal (trip->reporter, b);
  third_path = find_bundle (trip->reporter, third);
  gap = open_bundle (trip->desk, third_path);
  g_assert_cmpint (gap->outcome, ==, SATCHEL_INBOX_OPENED);
  g_assert_cmpstr (gap->finding, ==, "gap: bundle 2 from this sender has not arrived.");
  late = open_bundle (trip->desk, second_path);
  g_assert_cmpint (late->outcome, ==, SATCHEL_INBOX_OPENED);
  g_assert_cmpstr (late->finding, ==, "late: bundle 2 from this sender came after a later one.");
}

/* A member who did not issue the invite takes the reporter in by token and proof, and answers. */
static void
test_lawyer (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autofree char *record = test_trip_note (trip->reporter, "For both", NULL);
  g_autofree char *sent = test_trip_seal (trip->reporter, record);
  g_autoptr (GPtrArray) arrived = NULL, answers = NULL;

  test_trip_hand_over (trip->reporter, trip->there);
  arrived = test_trip_fetch (trip->lawyer, trip->there);
  g_assert_cmpuint (test_trip_count (arrived, SATCHEL_INBOX_OPENED), ==, 2);
  g_assert_cmpuint (test_trip_hand_over (trip->lawyer, trip->back), ==, 1);
  answers = test_trip_fetch (trip->reporter, trip->back);
  g_assert_cmpuint (test_trip_count (answers, SATCHEL_INBOX_OPENED), ==, 1);
  g_assert_cmpint (test_trip_state (trip->reporter, sent), ==, SATCHEL_OUTBOX_OPENED);
}

/* More evidence in one bundle than there are descriptors. */
static void
test_many_items (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autofree char *record = test_trip_note (trip->reporter, "Many", NULL);
  g_autoptr (GPtrArray) arrived = NULL, items = NULL;
  g_autofree char *sent = NULL;
  struct rlimit few = {40, 40}, usual;

  for (guint i = 0; i < 60; i++) {
    g_autofree char *text = g_strdup_printf ("item %u", i);
    g_autoptr (GInputStream) stream =
        g_memory_input_stream_new_from_data (text, (gssize) strlen (text), NULL);
    SatchelEvidenceSource source = {.name = "list.txt"};
    g_assert_true (satchel_evidence_attach (trip->reporter, record, stream, &source,
                                            (SatchelProgressReport){0}, NULL, NULL, NULL, NULL));
  }
  sent = test_trip_seal (trip->reporter, record);
  test_trip_hand_over (trip->reporter, trip->there);
  getrlimit (RLIMIT_NOFILE, &usual);
  few.rlim_max = usual.rlim_max;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &few), ==, 0);
  arrived = test_trip_fetch (trip->desk, trip->there);
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &usual), ==, 0);
  g_assert_cmpuint (test_trip_count (arrived, SATCHEL_INBOX_OPENED), ==, 2);
  items = satchel_evidence_list (trip->desk, record, NULL);
  g_assert_cmpuint (items->len, ==, 60);
}

/* Any flipped bit, any cut: aside, and nothing of it in the vault. */
static void
test_damage (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autofree char *record = test_trip_note (trip->reporter, "Fragile", NULL);
  g_autofree char *sent = test_trip_seal (trip->reporter, record);
  g_autofree char *path = find_bundle (trip->reporter, sent);
  g_autofree char *bad = g_build_filename (trip->there, "bad.age", NULL);
  g_autoptr (GBytes) whole = satchel_file_load (path, 1 << 24, NULL);
  gsize size = g_bytes_get_size (whole);

  for (guint i = 0; i < 12; i++) {
    g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (whole, NULL), size);
    gsize length = i % 3 == 0 ? size * i / 12 : size;
    g_autoptr (SatchelInboxEntry) entry = NULL;
    data[size * i / 12] ^= (guint8) (1 << i % 8);
    g_assert_true (satchel_file_store (bad, data, length, NULL));
    entry = open_bundle (trip->desk, bad);
    g_assert_cmpint (entry->outcome, ==, SATCHEL_INBOX_ASIDE);
    g_assert_true (entry->reason == SATCHEL_ASIDE_DAMAGED ||
                   entry->reason == SATCHEL_ASIDE_NOT_FOR_US ||
                   entry->reason == SATCHEL_ASIDE_STRANGER);
    g_assert_nonnull (entry->finding);
  }
  g_assert_null (satchel_record_load (trip->desk, record, NULL));
  test_trip_check (trip->desk);
}

/* A large bundle is hashed while it is opened, and beforehand only where one of its size is here:
 * what is said of it is the same. */
static void
test_large (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autoptr (GBytes) photo = test_noise (6000000, 8);
  g_autofree char *record = test_trip_note (trip->reporter, "Large", photo);
  g_autofree char *sent = test_trip_seal (trip->reporter, record);
  g_autofree char *path = find_bundle (trip->reporter, sent);
  g_autoptr (GBytes) whole = satchel_file_load (path, 1 << 24, NULL);
  g_autofree char *bad = g_build_filename (trip->there, "bad.age", NULL);
  g_autoptr (SatchelInboxEntry) aside = NULL, aside_again = NULL, again = NULL;
  g_autoptr (GPtrArray) arrived = NULL;
  gsize size = g_bytes_get_size (whole);
  g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (whole, NULL), size);
  guint8 sha256[32];

  test_trip_hand_over (trip->reporter, trip->there);
  data[size - 100] ^= 1;
  satchel_sha256 (data, size, sha256);
  g_assert_true (satchel_file_store (bad, data, size, NULL));
  aside = open_bundle (trip->desk, bad);
  g_assert_cmpint (aside->outcome, ==, SATCHEL_INBOX_ASIDE);
  g_assert_cmpmem (aside->sha256, 32, sha256, 32);
  aside_again = open_bundle (trip->desk, bad);
  g_assert_cmpstr (aside_again->id, ==, aside->id);
  g_assert_true (g_unlink (bad) == 0);
  arrived = test_trip_fetch (trip->desk, trip->there);
  g_assert_cmpuint (test_trip_count (arrived, SATCHEL_INBOX_OPENED), ==, 2);
  assert_evidence (trip->desk, record, photo);
  again = open_bundle (trip->desk, path);
  g_assert_cmpint (again->outcome, ==, SATCHEL_INBOX_ALREADY);
  satchel_sha256 (g_bytes_get_data (whole, NULL), size, sha256);
  g_assert_cmpmem (again->sha256, 32, sha256, 32);
  test_trip_check (trip->desk);
}

/* Sealed for the desk only: the lawyer has nothing to open it with. */
static void
test_not_for_us (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autofree char *record = test_trip_note (trip->reporter, "For one", NULL);
  g_autoptr (GPtrArray) one = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_card_free);
  g_autofree char *out = g_build_filename (trip->there, "one.age", NULL);
  const char *const records[] = {record, NULL};
  SatchelSealRequest request = {.records = records, .recipients = one, .output = out};
  g_autoptr (SatchelInboxEntry) entry = NULL;
  g_autofree char *id = NULL, *second = NULL, *path = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (one, satchel_identity_load_card (trip->desk, NULL));
  id = satchel_outbox_seal (trip->reporter, &request, &path, (SatchelProgressReport){0}, NULL,
                            &error);
  g_assert_no_error (error);
  g_assert_cmpstr (path, ==, out);
  g_assert_cmpint (test_trip_state (trip->reporter, id), ==, SATCHEL_OUTBOX_HANDED_OVER);
  entry = open_bundle (trip->lawyer, out);
  g_assert_cmpint (entry->outcome, ==, SATCHEL_INBOX_ASIDE);
  g_assert_cmpint (entry->reason, ==, SATCHEL_ASIDE_NOT_FOR_US);
  second = satchel_outbox_seal (trip->reporter, &request, NULL, (SatchelProgressReport){0}, NULL,
                                &error);
  g_assert_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_EXISTS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  g_test_add_func ("/inbox/receipts-later", test_receipts_later);
  g_test_add_func ("/inbox/round", test_round);
  g_test_add_func ("/inbox/rows", test_rows);
  g_test_add_func ("/inbox/stranger-first", test_stranger_first);
  g_test_add_data_func ("/inbox/stranger-twice", NULL, test_stranger_twice);
  g_test_add_data_func ("/inbox/stranger-twice-worked-on", "both", test_stranger_twice);
  g_test_add_func ("/inbox/stranger-left", test_stranger_left);
  g_test_add_func ("/inbox/position-ahead", test_position_ahead);
  g_test_add_func ("/inbox/unreadable", test_unreadable);
  g_test_add_func ("/inbox/gap-and-late", test_gap_and_late);
  g_test_add_func ("/inbox/lawyer", test_lawyer);
  g_test_add_func ("/inbox/many-items", test_many_items);
  g_test_add_func ("/inbox/damage", test_damage);
  g_test_add_func ("/inbox/large", test_large);
  g_test_add_func ("/inbox/not-for-us", test_not_for_us);
  return g_test_run ();
}
