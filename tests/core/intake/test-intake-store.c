/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/satchel-intake-store.h"

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
  satchel_intake_upload_end (upload, TRUE, NULL, &error);
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
  g_assert_true (satchel_intake_upload_end (upload, FALSE, NULL, NULL));
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
    satchel_intake_upload_end (upload, table[i].complete, sha256, &error);
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
  return g_test_run ();
}
