/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/satchel-sync-check.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/satchel-file.h"
#include "test-support.h"
#include "test-trip.h"

#define STRAY_ID "00112233445566778899aabbccddeeff"

static void
fault_cb (const char *object, const char *fault, gpointer user_data)
{
  g_string_append_printf (user_data, "%s: %s\n", object, fault);
}

static char *
check (SatchelVault *vault)
{
  GString *faults = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (
      satchel_sync_check (vault, fault_cb, faults, (SatchelProgressReport){0}, NULL, &error));
  g_assert_no_error (error);
  return g_string_free (faults, FALSE);
}

/* Exactly one fault, about @file of @folder, with @text in it. */
static void
assert_fault (SatchelVault *vault, const char *folder, const char *file, const char *text)
{
  g_autofree char *faults = check (vault);
  g_autofree char *start = g_strdup_printf ("%s/%s: ", folder, file);

  g_assert_true (g_str_has_prefix (faults, start));
  g_assert_nonnull (strstr (faults, text));
  g_assert_true (strchr (faults, '\n') == faults + strlen (faults) - 1);
}

static void
assert_whole (SatchelVault *vault)
{
  g_autofree char *faults = check (vault);

  g_assert_cmpstr (faults, ==, "");
}

static char *
path_in (SatchelVault *vault, const char *folder, const char *file)
{
  return g_build_filename (satchel_vault_get_folder (vault), folder, file, NULL);
}

static void
put (SatchelVault *vault, const char *folder, const char *file)
{
  g_autofree char *path = path_in (vault, folder, file);

  g_assert_true (g_file_set_contents (path, "what", -1, NULL));
}

static gboolean
stands (SatchelVault *vault, const char *folder, const char *file)
{
  g_autofree char *path = path_in (vault, folder, file);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
take_away (SatchelVault *vault, const char *folder, const char *file)
{
  g_autofree char *path = path_in (vault, folder, file);

  g_assert_cmpint (g_unlink (path), ==, 0);
}

/* Every way in which the file at @path may differ from what its row says is told, and the file
 * alone is what it is about. */
static void
spoil (SatchelVault *vault, const char *folder, const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *content = NULL;
  g_autofree char *aside = g_strconcat (path, ".aside", NULL);
  g_autofree char *shown = g_strconcat (name, ".aside", NULL);
  gsize size = 0;

  g_assert_true (g_file_get_contents (path, &content, &size, NULL));
  content[size / 2] ^= 1;
  g_assert_true (g_file_set_contents (path, content, size, NULL));
  assert_fault (vault, folder, name, "its SHA-256 is another");
  content[size / 2] ^= 1;
  g_assert_true (g_file_set_contents (path, content, size - 1, NULL));
  assert_fault (vault, folder, name, "bytes instead of");
  g_assert_cmpint (g_unlink (path), ==, 0);
  assert_fault (vault, folder, name, "is missing");
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  assert_fault (vault, folder, name, "stands no file");
  g_assert_cmpint (g_rmdir (path), ==, 0);
  g_assert_true (g_file_set_contents (path, content, size, NULL));
  assert_whole (vault);
  g_assert_true (g_file_set_contents (aside, content, size - 1, NULL));
  assert_fault (vault, folder, shown, "no entry names");
  g_assert_cmpint (g_unlink (aside), ==, 0);
}

static void
test_outbox (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autofree char *record = test_trip_note (trip->reporter, "One", NULL);
  g_autofree char *id = test_trip_seal (trip->reporter, record);
  g_autoptr (SatchelOutboxEntry) entry = satchel_outbox_find (trip->reporter, id, NULL);

  assert_whole (trip->reporter);
  spoil (trip->reporter, "outbox", entry->path);
  g_assert_true (satchel_outbox_discard (trip->reporter, id, NULL));
  assert_whole (trip->reporter);
}

static void
test_inbox (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autofree char *path = g_build_filename (trip->there, "torn.age", NULL);
  g_autoptr (GBytes) noise = test_noise (5000, 3);
  g_autoptr (GPtrArray) entries = NULL;

  g_assert_true (g_file_set_contents (path, g_bytes_get_data (noise, NULL),
                                      (gssize) g_bytes_get_size (noise), NULL));
  entries = test_trip_fetch (trip->desk, trip->there);
  g_assert_cmpuint (test_trip_count (entries, SATCHEL_INBOX_ASIDE), ==, 1);
  const SatchelInboxEntry *entry = g_ptr_array_index (entries, 0);
  assert_whole (trip->desk);
  spoil (trip->desk, "inbox", entry->path);
}

/* What a killed run leaves is no fault; it goes, but for a download that will be gone on with. */
static void
test_left (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  SatchelVault *vault = trip->reporter;

  put (vault, "outbox", STRAY_ID ".age");
  put (vault, "outbox", ".new-" STRAY_ID);
  put (vault, "outbox", "journal.damaged");
  put (vault, "inbox", STRAY_ID ".age");
  put (vault, "inbox", ".new-" STRAY_ID);
  assert_whole (vault);
  g_assert_false (stands (vault, "outbox", STRAY_ID ".age"));
  g_assert_false (stands (vault, "outbox", ".new-" STRAY_ID));
  g_assert_true (stands (vault, "outbox", "journal.damaged"));
  g_assert_true (stands (vault, "inbox", STRAY_ID ".age"));
  g_assert_false (stands (vault, "inbox", ".new-" STRAY_ID));
}

/* What is not called as ours is told of and not touched. */
static void
test_stray (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  static const char *const names[] = {"stray.age", "notes.txt", STRAY_ID, STRAY_ID "0.age",
                                      ".age", "\xff.age"};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    put (trip->desk, "outbox", names[i]);
    assert_fault (trip->desk, "outbox", names[i], "no entry names");
    take_away (trip->desk, "outbox", names[i]);
    put (trip->desk, "inbox", names[i]);
    assert_fault (trip->desk, "inbox", names[i], "no entry names");
    take_away (trip->desk, "inbox", names[i]);
  }
}

static void
cancel_cb (guint64 done_bytes, guint64 total_bytes, gpointer user_data)
{
  g_assert_cmpuint (done_bytes, <=, total_bytes);
  g_cancellable_cancel (user_data);
}

static void
test_cancelled (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GString) faults = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (satchel_sync_check (trip->reporter, fault_cb, faults,
                                      (SatchelProgressReport){cancel_cb, cancellable}, cancellable,
                                      &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (faults->str, ==, "");
  assert_whole (trip->reporter);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  g_test_add_func ("/sync-check/outbox", test_outbox);
  g_test_add_func ("/sync-check/inbox", test_inbox);
  g_test_add_func ("/sync-check/left", test_left);
  g_test_add_func ("/sync-check/stray", test_stray);
  g_test_add_func ("/sync-check/cancelled", test_cancelled);
  return g_test_run ();
}
