/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/satchel-health.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/satchel-file.h"
#include "test-support.h"

static const SatchelKdfCost cheap = {8, 1};

static SatchelSecret *
secret_of (const char *text)
{
  return satchel_secret_new_copy ((const guint8 *) text, strlen (text), NULL);
}

static void
add_blob (SatchelVault *vault, GBytes *content)
{
  g_autoptr (SatchelBlobWriter) writer = satchel_blob_writer_new (vault, NULL);
  g_autoptr (SatchelTransaction) transaction =
      satchel_transaction_begin (satchel_vault_get_db (vault), NULL);
  g_autofree char *id = NULL;
  gboolean was_there = FALSE;
  guint8 sha256[32];
  guint64 size = 0;

  g_assert_true (satchel_sink_write (satchel_blob_writer_get_sink (writer),
                                     g_bytes_get_data (content, NULL), g_bytes_get_size (content),
                                     NULL, NULL));
  g_assert_true (satchel_blob_writer_finish (writer, sha256, &size, NULL, NULL));
  g_assert_true (satchel_blob_writer_store (writer, &id, &was_there, NULL));
  g_assert_true (satchel_transaction_commit (transaction, NULL));
}

/* A vault with two blobs and a table that fills some pages. */
static SatchelVault *
make (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) passphrase = secret_of ("open sesame");
  SatchelVault *vault = satchel_vault_create (folder, passphrase, NULL, &cheap, &error);
  g_autoptr (GBytes) first = test_noise (70000, 1);
  g_autoptr (GBytes) second = test_noise (70000, 2);

  g_assert_no_error (error);
  add_blob (vault, first);
  add_blob (vault, second);
  for (guint i = 0; i < 100; i++) {
    g_autofree char *key = g_strdup_printf ("test.%u", i);
    g_autofree char *value = g_strnfill (1000, 'x');
    g_assert_true (satchel_vault_set_setting (vault, key, value, NULL));
  }
  g_assert_true (satchel_db_checkpoint (satchel_vault_get_db (vault), NULL));
  return vault;
}

static void
note_fault_cb (const char *object, const char *fault, gpointer user_data)
{
  g_string_append_printf (user_data, "%s: %s\n", object, fault);
}

/* All faults, a line each. */
static char *
check (SatchelVault *vault)
{
  g_autoptr (GError) error = NULL;
  GString *faults = g_string_new (NULL);
  SatchelProgressReport none = {NULL, NULL};

  g_assert_true (satchel_vault_check (vault, note_fault_cb, faults, none, NULL, &error));
  g_assert_no_error (error);
  return g_string_free (faults, FALSE);
}

static void
flip (const char *path, goffset at)
{
  int fd = open (path, O_RDWR | O_CLOEXEC);
  guint8 byte = 0;

  g_assert_cmpint (pread (fd, &byte, 1, at), ==, 1);
  byte ^= 0x10;
  g_assert_cmpint (pwrite (fd, &byte, 1, at), ==, 1);
  close (fd);
}

static guint64
size_of (const char *path)
{
  guint64 size = 0;
  g_autoptr (GInputStream) stream = satchel_file_read (path, &size, NULL);

  g_assert_nonnull (stream);
  return size;
}

static void
test_healthy (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = make (folder);
  g_autofree char *faults = check (vault);

  g_assert_cmpstr (faults, ==, "");
}

/* One bit of the store's file at a time: the salt byte by byte, then a place in each page. */
static void
test_store_flips (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = make (folder);
  g_autofree char *path = g_build_filename (folder, "store.db", NULL);
  guint64 size = size_of (path);

  g_assert_cmpuint (size, >, 20 * 4096);
  for (guint64 at = 0; at < size; at += at < 17 ? 1 : 4099 * 3) {
    flip (path, (goffset) at);
    g_autofree char *faults = check (vault);
    if (strstr (faults, "store.db: ") == NULL)
      g_error ("a changed byte at %" G_GUINT64_FORMAT " was not found: %s", at, faults);
    flip (path, (goffset) at);
  }
  g_autofree char *faults = check (vault);
  g_assert_cmpstr (faults, ==, "");
}

#define PAGE 4096

static GBytes *
load_store (SatchelVault *vault, const char *path)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (satchel_db_checkpoint (satchel_vault_get_db (vault), &error));
  g_assert_no_error (error);
  return satchel_file_load (path, 16 * 1024 * 1024, NULL);
}

static void
put_page (const char *path, GBytes *content, gsize number)
{
  int fd = open (path, O_WRONLY | O_CLOEXEC);
  const guint8 *data = g_bytes_get_data (content, NULL);

  g_assert_cmpint (pwrite (fd, data + number * PAGE, PAGE, (goffset) number * PAGE), ==, PAGE);
  close (fd);
}

/* A page as it was before, put back behind an open vault: its HMAC holds, and the vault has the
 * right one in its cache. The rows do not fit each other on the disk. */
static void
test_old_pages (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = make (folder);
  SatchelDb *db = satchel_vault_get_db (vault);
  g_autofree char *path = g_build_filename (folder, "store.db", NULL);
  guint changed = 0;

  g_assert_true (satchel_db_execute (db, "CREATE TABLE old (a INTEGER PRIMARY KEY, b TEXT UNIQUE)"
                                         " STRICT; INSERT INTO old VALUES (1, 'one')",
                                     NULL));
  g_autoptr (GBytes) before = load_store (vault, path);
  g_assert_true (satchel_db_execute (db, "INSERT INTO old VALUES (2, 'two')", NULL));
  g_autoptr (GBytes) after = load_store (vault, path);
  g_assert_cmpuint (g_bytes_get_size (before), ==, g_bytes_get_size (after));
  for (gsize number = 1; number < g_bytes_get_size (after) / PAGE; number++) {
    const guint8 *old = g_bytes_get_data (before, NULL);
    const guint8 *new = g_bytes_get_data (after, NULL);
    if (memcmp (old + number * PAGE, new + number *PAGE, PAGE) == 0)
      continue;
    changed++;
    put_page (path, before, number);
    g_autofree char *faults = check (vault);
    g_assert_nonnull (strstr (faults, "store.db: "));
    g_assert_null (strstr (faults, "HMAC"));
    put_page (path, after, number);
  }
  g_assert_cmpuint (changed, ==, 2);
  g_autofree char *faults = check (vault);
  g_assert_cmpstr (faults, ==, "");
}

/* Names that mean something in a URI. */
static void
test_odd_folder (void)
{
  g_autoptr (TestScratch) scratch = test_scratch_new ();
  g_autofree char *folder = g_build_filename (scratch, "a?mode=ro #1 %41&\xff", NULL);
  g_autofree char *path = g_build_filename (folder, "store.db", NULL);
  g_autoptr (SatchelVault) vault = make (folder);
  g_autofree char *none = check (vault);

  g_assert_cmpstr (none, ==, "");
  flip (path, 5 * PAGE + 7);
  g_autofree char *faults = check (vault);
  g_assert_nonnull (strstr (faults, "HMAC verification failed for page 6"));
}

static void
test_key_flips (void)
{
  static const char *const names[] = {"keys", "keys.bak"};
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = make (folder);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (folder, names[i], NULL);
    guint64 size = size_of (path);
    for (guint64 at = 0; at < size; at += 97) {
      flip (path, (goffset) at);
      g_autofree char *faults = check (vault);
      g_assert_nonnull (strstr (faults, "keys: "));
      flip (path, (goffset) at);
    }
  }
}

static void
copy_file (const char *folder, const char *from, const char *to)
{
  g_autofree char *source = g_build_filename (folder, from, NULL);
  g_autofree char *target = g_build_filename (folder, to, NULL);
  g_autoptr (GBytes) bytes = satchel_file_load (source, 1024 * 1024, NULL);

  g_assert_true (satchel_file_store (target, g_bytes_get_data (bytes, NULL),
                                     g_bytes_get_size (bytes), NULL));
}

static void
test_older_header (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = make (folder);
  g_autoptr (SatchelSecret) code = secret_of ("0123456789abcdef");

  copy_file (folder, "keys", "old");
  g_assert_true (satchel_vault_set_code (vault, SATCHEL_SLOT_RECOVERY, code, NULL));
  copy_file (folder, "old", "keys");
  g_autofree char *one = check (vault);
  g_assert_nonnull (strstr (one, "older than the other"));
  copy_file (folder, "old", "keys.bak");
  g_autofree char *both = check (vault);
  g_assert_nonnull (strstr (both, "an older key header was put back"));
}

/* Repaired at open, and told of all the same. */
static void
test_repaired (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelSecret) passphrase = secret_of ("open sesame");
  g_autofree char *path = g_build_filename (folder, "keys", NULL);

  satchel_vault_close (make (folder));
  flip (path, 100);
  SatchelVault *vault = satchel_vault_open (folder, passphrase, NULL);
  g_autofree char *faults = check (vault);
  g_assert_nonnull (strstr (faults, "written anew"));
  satchel_vault_close (vault);
  vault = satchel_vault_open (folder, passphrase, NULL);
  g_autofree char *none = check (vault);
  g_assert_cmpstr (none, ==, "");
  satchel_vault_close (vault);
}

static void
test_rows (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = make (folder);
  SatchelDb *db = satchel_vault_get_db (vault);

  g_assert_true (satchel_db_execute (
      db, "CREATE TABLE use (blob_id TEXT NOT NULL REFERENCES blob (id)) STRICT", NULL));
  g_assert_true (satchel_db_execute (db, "PRAGMA foreign_keys=OFF", NULL));
  g_assert_true (satchel_db_execute (db, "INSERT INTO use VALUES ('nothing')", NULL));
  g_assert_true (satchel_db_execute (
      db, "UPDATE blob SET size_bytes = size_bytes - 1 WHERE id = (SELECT min (id) FROM blob)",
      NULL));
  g_assert_true (satchel_db_execute (
      db, "DELETE FROM blob WHERE id = (SELECT max (id) FROM blob)", NULL));
  g_autofree char *faults = check (vault);
  g_assert_nonnull (strstr (faults, "refers to nothing in blob"));
  g_assert_nonnull (strstr (faults, "a file that no row names"));
  g_assert_nonnull (strstr (faults, "the content's SHA-256 is not its row's"));
}

static void
cancel_cb (guint64 done_bytes, guint64 total_bytes, gpointer user_data)
{
  g_assert_cmpuint (total_bytes, ==, 140000);
  g_assert_cmpuint (done_bytes, <=, total_bytes);
  g_cancellable_cancel (user_data);
}

static void
test_cancel (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = make (folder);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GString) faults = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  SatchelProgressReport progress = {cancel_cb, cancellable};

  g_assert_false (
      satchel_vault_check (vault, note_fault_cb, faults, progress, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (faults->str, ==, "");
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vault/health/healthy", test_healthy);
  g_test_add_func ("/vault/health/store-flips", test_store_flips);
  g_test_add_func ("/vault/health/old-pages", test_old_pages);
  g_test_add_func ("/vault/health/odd-folder", test_odd_folder);
  g_test_add_func ("/vault/health/key-flips", test_key_flips);
  g_test_add_func ("/vault/health/older-header", test_older_header);
  g_test_add_func ("/vault/health/repaired", test_repaired);
  g_test_add_func ("/vault/health/rows", test_rows);
  g_test_add_func ("/vault/health/cancel", test_cancel);
  return g_test_run ();
}
