/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "secret/satchel-key-header.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "test-support.h"

static const SatchelKdfCost cheap = {8, 1};

static SatchelSecret *
secret_of (const char *text)
{
  return satchel_secret_new_copy ((const guint8 *) text, strlen (text), NULL);
}

static SatchelSecret *
make_header (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) passphrase = secret_of ("open sesame");
  g_autoptr (SatchelSecret) code = secret_of ("0123456789abcdef");
  SatchelSecret *master = NULL;
  g_autoptr (SatchelKeyHeader) header =
      satchel_key_header_new (passphrase, code, &cheap, &master, &error);

  g_assert_no_error (error);
  g_assert_true (satchel_key_header_create (header, folder, master, &error));
  g_assert_no_error (error);
  return master;
}

static SatchelSecret *
unlock (const char *folder, const char *phrase, GError **error)
{
  gboolean repair = FALSE;
  g_autoptr (SatchelKeyHeader) header = satchel_key_header_load (folder, &repair, error);
  g_autoptr (SatchelSecret) secret = secret_of (phrase);

  return header != NULL ? satchel_key_header_unlock (header, folder, secret, error) : NULL;
}

static void
assert_wrong (const char *folder, const char *phrase)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (unlock (folder, phrase, &error));
  g_assert_error (error, SATCHEL_SECRET_ERROR, SATCHEL_SECRET_ERROR_WRONG);
  g_assert_cmpstr (error->message, ==, "wrong passphrase");
}

static void
test_unlock (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelSecret) master = make_header (folder);
  g_autoptr (SatchelSecret) again = unlock (folder, "open sesame", NULL);

  g_assert_nonnull (again);
  g_assert_true (satchel_secret_equal (master, again));
  assert_wrong (folder, "open sesamf");
}

static void
test_code (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelSecret) master = make_header (folder);
  g_autoptr (SatchelSecret) code = secret_of ("0123456789abcdef");
  g_autoptr (SatchelSecret) fresh = secret_of ("quite another one");
  gboolean repair = TRUE;
  g_autoptr (SatchelKeyHeader) header = satchel_key_header_load (folder, &repair, NULL);

  g_assert_false (repair);
  g_assert_true (satchel_key_header_verify (header, master, NULL));
  g_assert_true (satchel_key_header_set_passphrase (header, master, fresh, &cheap, NULL));
  g_assert_true (satchel_key_header_store (header, folder, master, NULL));
  assert_wrong (folder, "open sesame");
  g_autoptr (SatchelKeyHeader) loaded = satchel_key_header_load (folder, &repair, NULL);
  g_autoptr (SatchelSecret) by_code =
      satchel_key_header_unlock_code (loaded, SATCHEL_SLOT_RECOVERY, code, NULL);
  g_assert_nonnull (by_code);
  g_assert_true (satchel_secret_equal (master, by_code));
  g_assert_null (satchel_key_header_unlock_code (loaded, SATCHEL_SLOT_NEWSROOM, code, NULL));
}

static void
test_panic (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelSecret) master = make_header (folder);
  g_autoptr (SatchelSecret) phrase = secret_of ("they are here");
  g_autoptr (SatchelSecret) passphrase = secret_of ("open sesame");
  g_autoptr (SatchelSecret) newsroom = satchel_secret_new_random (32, NULL);
  g_autoptr (GError) error = NULL;
  gboolean repair = FALSE;
  g_autoptr (SatchelKeyHeader) header = satchel_key_header_load (folder, &repair, NULL);

  g_assert_false (satchel_key_header_set_panic (header, master, passphrase, &error));
  g_assert_error (error, SATCHEL_SECRET_ERROR, SATCHEL_SECRET_ERROR_WEAK);
  g_assert_true (satchel_key_header_set_panic (header, master, phrase, NULL));
  g_assert_true (
      satchel_key_header_set_code (header, master, SATCHEL_SLOT_NEWSROOM, newsroom, NULL));
  g_assert_true (satchel_key_header_store (header, folder, master, NULL));
  assert_wrong (folder, "they are here");
  assert_wrong (folder, "open sesame");
  assert_wrong (folder, "they are here");

  g_autoptr (SatchelKeyHeader) wiped = satchel_key_header_load (folder, &repair, NULL);
  g_autoptr (SatchelSecret) code = secret_of ("0123456789abcdef");
  g_assert_false (repair);
  g_assert_null (satchel_key_header_unlock_code (wiped, SATCHEL_SLOT_RECOVERY, code, NULL));
  g_autoptr (SatchelSecret) regained =
      satchel_key_header_unlock_code (wiped, SATCHEL_SLOT_NEWSROOM, newsroom, NULL);
  g_assert_nonnull (regained);
  g_assert_true (satchel_secret_equal (regained, master));
  g_assert_true (satchel_key_header_wipe (folder, TRUE, NULL));
  g_autoptr (SatchelKeyHeader) gone = satchel_key_header_load (folder, &repair, NULL);
  g_assert_null (satchel_key_header_unlock_code (gone, SATCHEL_SLOT_NEWSROOM, newsroom, NULL));
}

/* Any bit of one copy: the other one opens. The same bit of both: damaged, or refused by the MAC.
 */
static void
test_flips (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelSecret) master = make_header (folder);
  g_autofree char *a = g_build_filename (folder, "keys", NULL);
  g_autofree char *b = g_build_filename (folder, "keys.bak", NULL);
  g_autoptr (GBytes) bytes = satchel_file_load (a, 4096, NULL);
  gsize size = g_bytes_get_size (bytes);

  for (gsize bit = 0; bit < size * 8; bit++) {
    g_autofree guint8 *changed = g_memdup2 (g_bytes_get_data (bytes, NULL), size);
    gboolean repair = FALSE;
    changed[bit / 8] ^= (guint8) (1 << bit % 8);
    g_assert_true (g_file_set_contents (a, (const char *) changed, size, NULL));
    g_autoptr (SatchelKeyHeader) header = satchel_key_header_load (folder, &repair, NULL);
    g_assert_nonnull (header);
    g_assert_true (repair);
    g_assert_true (satchel_key_header_verify (header, master, NULL));
    g_assert_true (g_file_set_contents (b, (const char *) changed, size, NULL));
    g_assert_null (satchel_key_header_load (folder, &repair, NULL));
    g_assert_true (g_file_set_contents (b, g_bytes_get_data (bytes, NULL), size, NULL));
  }
}

static void
test_absent (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (GError) error = NULL;
  gboolean repair = FALSE;

  g_assert_null (satchel_key_header_load (folder, &repair, &error));
  g_assert_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (satchel_key_header_wipe (folder, TRUE, &error));
  g_assert_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_NOT_FOUND);
}

static void
assert_no_slot_opens (const char *folder)
{
  gboolean repair = FALSE;
  g_autoptr (SatchelKeyHeader) header = satchel_key_header_load (folder, &repair, NULL);
  g_autoptr (SatchelSecret) code = secret_of ("0123456789abcdef");

  assert_wrong (folder, "open sesame");
  g_assert_null (satchel_key_header_unlock_code (header, SATCHEL_SLOT_RECOVERY, code, NULL));
}

/* Whatever became of one copy, the other's slots are destroyed, and nothing new is written. */
static void
test_wipe_one (gconstpointer data)
{
  const char *lost = data;
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelSecret) master = make_header (folder);
  g_autofree char *path = g_build_filename (folder, lost, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (unlink (path), ==, 0);
  g_assert_true (satchel_key_header_wipe (folder, FALSE, NULL));
  g_assert_cmpuint (test_count_entries (folder), ==, 1);
  assert_no_slot_opens (folder);
}

/* A failure is told, and is no reason to leave the other copy as it is. */
static void
test_wipe_failed (gconstpointer data)
{
  const char *stuck = data;
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelSecret) master = make_header (folder);
  g_autofree char *path = g_build_filename (folder, stuck, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (unlink (path), ==, 0);
  g_assert_cmpint (mkdir (path, 0700), ==, 0);
  g_assert_false (satchel_key_header_wipe (folder, FALSE, &error));
  g_assert_nonnull (error);
  assert_no_slot_opens (folder);
}

/* What cannot be looked at is no file that is not there: nothing is said to be destroyed. */
static void
test_wipe_unseen (void)
{
  static const char *const COPIES[] = {"keys", "keys.bak"};
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelSecret) master = make_header (folder);

  for (guint i = 0; i < G_N_ELEMENTS (COPIES); i++) {
    g_autofree char *path = g_build_filename (folder, COPIES[i], NULL);
    g_autoptr (GError) error = NULL;
    g_assert_cmpint (unlink (path), ==, 0);
    g_assert_cmpint (symlink (COPIES[i], path), ==, 0);
    g_assert_false (satchel_key_header_wipe (folder, FALSE, &error));
    g_assert_nonnull (error);
    g_assert_false (g_error_matches (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_NOT_FOUND));
  }
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/secret/key-header/unlock", test_unlock);
  g_test_add_func ("/secret/key-header/code", test_code);
  g_test_add_func ("/secret/key-header/panic", test_panic);
  g_test_add_func ("/secret/key-header/flips", test_flips);
  g_test_add_func ("/secret/key-header/absent", test_absent);
  g_test_add_data_func ("/secret/key-header/wipe-first", "keys.bak", test_wipe_one);
  g_test_add_data_func ("/secret/key-header/wipe-second", "keys", test_wipe_one);
  g_test_add_func ("/secret/key-header/wipe-unseen", test_wipe_unseen);
  g_test_add_data_func ("/secret/key-header/wipe-failed-second", "keys.bak", test_wipe_failed);
  g_test_add_data_func ("/secret/key-header/wipe-failed-first", "keys", test_wipe_failed);
  return g_test_run ();
}
