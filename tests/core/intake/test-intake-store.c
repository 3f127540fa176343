/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/satchel-intake-store.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/satchel-error.h"
#include "base/satchel-hash.h"
#include "base/satchel-time.h"
#include "test-support.h"

#define BOX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

typedef struct {
  char *folder;
  SatchelSecret *pair;
  SatchelIntakeLog *log;
  SatchelIntakeStore *store;
} Fixture;

static const SatchelIntakeLimits limits = {1000, 3000, 0, G_TIME_SPAN_DAY};

static void
open_store (Fixture *self)
{
  g_autofree char *path = g_build_filename (self->folder, "log", NULL);
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->store, satchel_intake_store_close);
  g_clear_pointer (&self->log, satchel_intake_log_close);
  self->log = satchel_intake_log_open (path, self->pair, &error);
  g_assert_no_error (error);
  self->store = satchel_intake_store_open (self->folder, self->log, &limits, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *self, gconstpointer unused)
{
  self->folder = test_scratch_new ();
  self->pair = satchel_minisign_pair_new (NULL);
  open_store (self);
}

static void
tear_down (Fixture *self, gconstpointer unused)
{
  satchel_set_clock (NULL);
  satchel_intake_store_close (self->store);
  satchel_intake_log_close (self->log);
  satchel_secret_unref (self->pair);
  test_scratch_free (self->folder);
}

static SatchelIntakeUpload *
new_upload (Fixture *self, guint64 length)
{
  g_autoptr (GError) error = NULL;
  SatchelIntakeUpload *upload =
      satchel_intake_store_new_upload (self->store, BOX, "me", TRUE, length, &error);

  g_assert_no_error (error);
  return upload;
}

static void
send (SatchelIntakeUpload *upload, guint64 offset, const char *text)
{
  g_autoptr (GError) error = NULL;

  satchel_intake_upload_begin (upload, offset, FALSE, &error);
  g_assert_no_error (error);
  satchel_intake_upload_write (upload, (const guint8 *) text, strlen (text), &error);
  g_assert_no_error (error);
  satchel_intake_upload_end (upload, TRUE, NULL, NULL, &error);
  g_assert_no_error (error);
}

/* The offset moves with the end of a body, never before; a reopened store knows it. */
static void
test_offsets (Fixture *self, gconstpointer unused)
{
  g_autoptr (SatchelIntakeUpload) upload = new_upload (self, 10);
  g_autofree char *id = g_strdup (satchel_intake_upload_get_id (upload));
  g_autoptr (GError) error = NULL;

  send (upload, 0, "abc");
  g_assert_cmpuint (satchel_intake_upload_get_offset (upload), ==, 3);
  g_assert_false (satchel_intake_upload_begin (upload, 2, FALSE, &error));
  g_assert_error (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_true (satchel_intake_upload_begin (upload, 3, FALSE, NULL));
  g_assert_true (satchel_intake_upload_write (upload, (const guint8 *) "defg", 4, NULL));
  g_assert_cmpuint (satchel_intake_upload_get_offset (upload), ==, 3);
  g_assert_false (satchel_intake_upload_write (upload, (const guint8 *) "hijk", 4, &error));
  g_assert_error (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_TOO_LARGE);
  g_assert_true (satchel_intake_upload_end (upload, FALSE, NULL, NULL, NULL));
  g_assert_cmpuint (satchel_intake_upload_get_offset (upload), ==, 7);
  g_clear_pointer (&upload, satchel_intake_upload_unref);

  open_store (self);
  upload = satchel_intake_store_find_upload (self->store, id, "me", NULL);
  g_assert_nonnull (upload);
  g_assert_cmpuint (satchel_intake_upload_get_offset (upload), ==, 7);
  g_assert_null (satchel_intake_store_find_upload (self->store, id, "you", NULL));
}

static void
finish (SatchelIntakeUpload *upload, SatchelIntakeEntry *entry)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (satchel_intake_upload_is_complete (upload));
  satchel_intake_upload_finish (upload, entry, &error);
  g_assert_no_error (error);
}

static void
test_finish (Fixture *self, gconstpointer unused)
{
  SatchelIntakeEntry first, second, third;
  guint8 sha256[32];

  satchel_sha256 ((const guint8 *) "abcdef", 6, sha256);
  {
    g_autoptr (SatchelIntakeUpload) upload = new_upload (self, 6);
    send (upload, 0, "abc");
    send (upload, 3, "def");
    finish (upload, &first);
    g_assert_cmpmem (first.sha256, 32, sha256, 32);
    finish (upload, &second);
  }
  {
    g_autoptr (SatchelIntakeUpload) upload = new_upload (self, 6);
    send (upload, 0, "abcdef");
    finish (upload, &third);
  }
  g_assert_cmpuint (first.position, ==, 1);
  g_assert_cmpuint (second.position, ==, 1);
  g_assert_cmpuint (third.position, ==, 1);
  g_autofree char *path = satchel_intake_store_dup_path (self->store, BOX, sha256);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
  g_assert_true (satchel_intake_store_delete (self->store, BOX, sha256, NULL));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_false (satchel_intake_store_delete (self->store, BOX, sha256, NULL));
}

/* A checked body: all of it, or nothing. */
static void
test_checked (Fixture *self, gconstpointer unused)
{
  static const struct {
    gboolean complete;
    const char *promised;
    guint64 offset;
  } table[] = {{TRUE, "other", 0}, {FALSE, "abc", 0}, {TRUE, "abc", 3}};

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autoptr (SatchelIntakeUpload) upload = new_upload (self, 10);
    g_autoptr (GError) error = NULL;
    guint8 sha256[32];
    satchel_sha256 ((const guint8 *) table[i].promised, strlen (table[i].promised), sha256);
    g_assert_true (satchel_intake_upload_begin (upload, 0, TRUE, NULL));
    g_assert_true (satchel_intake_upload_write (upload, (const guint8 *) "abc", 3, NULL));
    satchel_intake_upload_end (upload, table[i].complete, sha256, NULL, &error);
    if (table[i].complete && table[i].offset == 0)
      g_assert_error (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_CHECKSUM);
    else
      g_assert_no_error (error);
    g_assert_cmpuint (satchel_intake_upload_get_offset (upload), ==, table[i].offset);
    send (upload, table[i].offset, table[i].offset == 0 ? "abcdefghij" : "defghij");
    SatchelIntakeEntry entry;
    finish (upload, &entry);
    satchel_sha256 ((const guint8 *) "abcdefghij", 10, sha256);
    g_assert_cmpmem (entry.sha256, 32, sha256, 32);
  }
}

static void
test_limits (Fixture *self, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (
      satchel_intake_store_new_upload (self->store, BOX, "me", TRUE, 1001, &error));
  g_assert_error (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_TOO_LARGE);
  g_clear_error (&error);
  for (guint i = 0; i < 3; i++)
    satchel_intake_upload_unref (new_upload (self, 1000));
  g_assert_null (satchel_intake_store_new_upload (self->store, BOX, "me", TRUE, 1, &error));
  g_assert_error (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_NO_SPACE);
  g_clear_error (&error);
  g_autoptr (SatchelIntakeUpload) member =
      satchel_intake_store_new_upload (self->store, BOX, "me", FALSE, 1, &error);
  g_assert_no_error (error);
  SatchelIntakeLimits tight = limits;
  tight.reserve_bytes = G_MAXUINT64;
  satchel_intake_store_set_limits (self->store, &tight);
  g_assert_cmpuint (satchel_intake_store_get_room (self->store), ==, 0);
  g_assert_null (satchel_intake_store_new_upload (self->store, BOX, "you", FALSE, 1, &error));
  g_assert_error (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_NO_SPACE);
}

/* Given up, an upload counts for its token no more; finished, it does, here and after a start. */
static void
test_quota_kept (Fixture *self, gconstpointer unused)
{
  g_autofree char *content = g_strnfill (1000, 'a');
  SatchelIntakeEntry entry;

  for (guint i = 0; i < 3; i++) {
    g_autoptr (SatchelIntakeUpload) given_up = new_upload (self, 1000);
    g_assert_true (satchel_intake_upload_remove (given_up, NULL));
    g_autoptr (SatchelIntakeUpload) upload = new_upload (self, 1000);
    send (upload, 0, content);
    finish (upload, &entry);
    g_assert_true (satchel_intake_upload_remove (upload, NULL));
    g_assert_true (satchel_intake_upload_remove (upload, NULL));
  }
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (satchel_intake_store_new_upload (self->store, BOX, "me", TRUE, 1, &error));
    g_assert_error (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_NO_SPACE);
    open_store (self);
  }
  g_autofree char *path = satchel_intake_store_dup_path (self->store, BOX, entry.sha256);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
}

static gpointer
announce_thread (gpointer data)
{
  SatchelIntakeUpload *upload =
      satchel_intake_store_new_upload (data, BOX, "me", TRUE, 1000, NULL);
  gboolean good = upload != NULL;

  satchel_intake_upload_unref (upload);
  return GINT_TO_POINTER (good);
}

static void
test_side_by_side (Fixture *self, gconstpointer unused)
{
  GThread *threads[16];
  guint passed = 0;

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("announce", announce_thread, self->store);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    passed += GPOINTER_TO_INT (g_thread_join (threads[i]));
  g_assert_cmpuint (passed, ==, 3);
  g_assert_cmpuint (satchel_intake_store_count_uploads (self->store), ==, 3);
}

static gint64 later_us;

static gint64
later_clock (void)
{
  return later_us;
}

static void
test_expiry (Fixture *self, gconstpointer unused)
{
  g_autoptr (SatchelIntakeUpload) open = new_upload (self, 10);
  g_autoptr (SatchelIntakeUpload) held = new_upload (self, 10);
  g_autofree char *id = g_strdup (satchel_intake_upload_get_id (open));
  g_autoptr (GError) error = NULL;

  send (open, 0, "abc");
  satchel_intake_upload_set_holder (held, self);
  g_assert_cmpuint (satchel_intake_store_sweep (self->store), ==, 0);
  later_us = g_get_real_time () + 2 * G_TIME_SPAN_DAY;
  satchel_set_clock (later_clock);
  g_assert_cmpuint (satchel_intake_store_sweep (self->store), ==, 1);
  g_assert_null (satchel_intake_store_find_upload (self->store, id, "me", &error));
  g_assert_error (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_GONE);
  g_clear_error (&error);
  later_us += 2 * G_TIME_SPAN_DAY;
  satchel_intake_store_sweep (self->store);
  g_assert_null (satchel_intake_store_find_upload (self->store, id, "me", &error));
  g_assert_error (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_NOT_FOUND);
}

/* --- Rounds ----------------------------------------------------------------------------------- */

/* An announced upload whose whole body has come; its end is left to a round. */
static SatchelIntakeUpload *
announce_whole (Fixture *self, const char *text)
{
  SatchelIntakeUpload *upload = satchel_intake_store_announce_upload (self->store, BOX, "me", TRUE,
                                                                      strlen (text), NULL);
  gboolean last = FALSE;

  g_assert_nonnull (upload);
  g_assert_true (satchel_intake_upload_begin (upload, 0, FALSE, NULL));
  g_assert_true (
      satchel_intake_upload_write (upload, (const guint8 *) text, strlen (text), NULL));
  g_assert_true (satchel_intake_upload_end (upload, TRUE, NULL, &last, NULL));
  g_assert_true (last);
  /* Not durable, so not told. */
  g_assert_cmpuint (satchel_intake_upload_get_offset (upload), ==, 0);
  return upload;
}

typedef struct {
  SatchelIntakeUpload *followers[4];
  SatchelIntakeLog *log;
  guint64 lines; /* when the first was told */
  GArray *entries;
} Round;

static void
committed_cb (const SatchelIntakeEntry *entry,
              const char *receipt,
              const GError *error,
              gpointer user_data)
{
  Round *round = user_data;
  g_autofree char *expected = satchel_intake_log_receipt (round->log, entry, NULL);

  g_assert_no_error (error);
  g_assert_cmpstr (receipt, ==, expected);
  g_array_append_val (round->entries, *entry);
  if (round->entries->len > 1)
    return;
  round->lines = satchel_intake_log_count (round->log);
  /* They come while a round is at work, so the next one is theirs together. */
  for (guint i = 0; i < G_N_ELEMENTS (round->followers); i++)
    satchel_intake_upload_commit (round->followers[i], committed_cb, round);
  g_assert_cmpuint (round->entries->len, ==, 1);
}

static void
count_fault (const char *fault, gpointer user_data)
{
  g_test_message ("%s", fault);
  ++*(guint *) user_data;
}

static void
assert_sound (Fixture *self, guint64 lines)
{
  g_autofree char *path = g_build_filename (self->folder, "log", NULL);
  SatchelMinisignKey key;
  guint64 found = 0;
  guint faults = 0;

  satchel_minisign_pair_get_key (self->pair, &key);
  g_assert_true (satchel_intake_log_verify (path, &key, count_fault, &faults, &found, NULL));
  g_assert_cmpuint (faults, ==, 0);
  g_assert_cmpuint (found, ==, lines);
}

static void
test_round (Fixture *self, gconstpointer unused)
{
  static const char *const texts[] = {"one", "two", "three", "two", "one"};
  static const guint64 positions[] = {1, 2, 3, 2, 1};
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (SatchelIntakeEntry));
  g_autoptr (SatchelIntakeUpload) first = announce_whole (self, texts[0]);
  Round round = {.log = self->log, .entries = entries};

  for (guint i = 0; i < G_N_ELEMENTS (round.followers); i++)
    round.followers[i] = announce_whole (self, texts[i + 1]);
  satchel_intake_upload_commit (first, committed_cb, &round);
  g_assert_cmpuint (entries->len, ==, G_N_ELEMENTS (texts));
  g_assert_cmpuint (round.lines, ==, 1);
  for (guint i = 0; i < entries->len; i++) {
    SatchelIntakeEntry *entry = &g_array_index (entries, SatchelIntakeEntry, i);
    guint8 sha256[32];
    satchel_sha256 ((const guint8 *) texts[i], strlen (texts[i]), sha256);
    g_assert_cmpmem (entry->sha256, 32, sha256, 32);
    g_assert_cmpuint (entry->position, ==, positions[i]);
    g_autofree char *path = satchel_intake_store_dup_path (self->store, BOX, sha256);
    g_autofree char *text = NULL;
    g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
    g_assert_cmpstr (text, ==, texts[i]);
  }
  for (guint i = 0; i < G_N_ELEMENTS (round.followers); i++) {
    g_assert_true (satchel_intake_upload_is_complete (round.followers[i]));
    satchel_intake_upload_unref (round.followers[i]);
  }
  assert_sound (self, 3);
  /* All of it is found again. */
  g_autofree char *id = g_strdup (satchel_intake_upload_get_id (first));
  open_store (self);
  g_assert_cmpuint (satchel_intake_store_count_uploads (self->store), ==, G_N_ELEMENTS (texts));
  g_autoptr (SatchelIntakeUpload) again =
      satchel_intake_store_find_upload (self->store, id, "me", NULL);
  SatchelIntakeEntry entry;
  finish (again, &entry);
  g_assert_cmpuint (entry.position, ==, 1);
  assert_sound (self, 3);
}

static guint
count_files (Fixture *self)
{
  g_autofree char *path = g_build_filename (self->folder, "uploads", NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint count = 0;

  while (g_dir_read_name (dir) != NULL)
    count++;
  return count;
}

/* Nothing on disk before a body; nothing left where none came; what came is kept. */
static void
test_announced (Fixture *self, gconstpointer unused)
{
  for (guint i = 0; i < 3; i++) {
    g_autoptr (SatchelIntakeUpload) upload =
        satchel_intake_store_announce_upload (self->store, BOX, "me", TRUE, 10, NULL);
    g_autofree char *id = g_strdup (satchel_intake_upload_get_id (upload));
    g_assert_cmpuint (count_files (self), ==, 0);
    g_assert_true (satchel_intake_upload_begin (upload, 0, FALSE, NULL));
    if (i > 0)
      g_assert_true (satchel_intake_upload_write (upload, (const guint8 *) "abc", 3, NULL));
    if (i < 2)
      g_assert_true (satchel_intake_upload_end (upload, FALSE, NULL, NULL, NULL));
    g_assert_cmpint (satchel_intake_upload_is_over (upload), ==, i == 0);
    g_clear_pointer (&upload, satchel_intake_upload_unref);
    open_store (self);
    upload = satchel_intake_store_find_upload (self->store, id, "me", NULL);
    if (i == 1)
      g_assert_cmpuint (satchel_intake_upload_get_offset (upload), ==, 3);
    else
      g_assert_null (upload);
    g_assert_cmpuint (count_files (self), ==, i == 1 ? 2 : 0);
    if (i == 1)
      g_assert_true (satchel_intake_upload_remove (upload, NULL));
  }
}

/* A round that cannot write the log tells so, and the upload is finished later. */
static void
test_failed_round (Fixture *self, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (self->folder, "mailboxes", NULL);
  g_autoptr (SatchelIntakeUpload) upload = announce_whole (self, "text");
  g_autoptr (GError) error = NULL;
  SatchelIntakeEntry entry;

  /* The mailbox's folder cannot be made where there is a file. */
  g_assert_cmpint (g_rmdir (path), ==, 0);
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  g_assert_false (satchel_intake_upload_finish (upload, &entry, &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (satchel_intake_log_count (self->log), ==, 0);
  g_assert_true (satchel_intake_upload_is_complete (upload));
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  finish (upload, &entry);
  g_assert_cmpuint (entry.position, ==, 1);
  assert_sound (self, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  g_test_add ("/intake-store/offsets", Fixture, NULL, set_up, test_offsets, tear_down);
  g_test_add ("/intake-store/finish", Fixture, NULL, set_up, test_finish, tear_down);
  g_test_add ("/intake-store/checked", Fixture, NULL, set_up, test_checked, tear_down);
  g_test_add ("/intake-store/limits", Fixture, NULL, set_up, test_limits, tear_down);
  g_test_add ("/intake-store/quota-kept", Fixture, NULL, set_up, test_quota_kept, tear_down);
  g_test_add ("/intake-store/side-by-side", Fixture, NULL, set_up, test_side_by_side, tear_down);
  g_test_add ("/intake-store/expiry", Fixture, NULL, set_up, test_expiry, tear_down);
  g_test_add ("/intake-store/round", Fixture, NULL, set_up, test_round, tear_down);
  g_test_add ("/intake-store/announced", Fixture, NULL, set_up, test_announced, tear_down);
  g_test_add ("/intake-store/failed-round", Fixture, NULL, set_up, test_failed_round, tear_down);
  return g_test_run ();
}
