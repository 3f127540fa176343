/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/satchel-blob.h"

#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/satchel-file.h"
#include "base/satchel-hash.h"
#include "base/satchel-text.h"
#include "test-support.h"

static const SatchelKdfCost cheap = {8, 1};

static SatchelSecret *
passphrase (void)
{
  return satchel_secret_new_copy ((const guint8 *) "open sesame", 11, NULL);
}

static SatchelVault *
make (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) phrase = passphrase ();
  SatchelVault *vault = satchel_vault_create (folder, phrase, NULL, &cheap, &error);

  g_assert_no_error (error);
  return vault;
}

static SatchelVault *
reopen (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) phrase = passphrase ();
  SatchelVault *vault = satchel_vault_open (folder, phrase, &error);

  g_assert_no_error (error);
  return vault;
}

static SatchelBlobWriter *
write_blob (SatchelVault *vault, GBytes *content)
{
  g_autoptr (GError) error = NULL;
  gsize size = g_bytes_get_size (content);
  const guint8 *data = g_bytes_get_data (content, NULL);
  guint8 sha256[32];
  guint8 expected[32];
  guint64 written = 0;
  SatchelBlobWriter *writer = satchel_blob_writer_new (vault, &error);

  g_assert_no_error (error);
  for (gsize at = 0; at < size; at += 10007)
    g_assert_true (satchel_sink_write (satchel_blob_writer_get_sink (writer), data + at,
                                       MIN (10007, size - at), NULL, &error));
  g_assert_true (satchel_blob_writer_finish (writer, sha256, &written, NULL, &error));
  g_assert_no_error (error);
  satchel_sha256 (data, size, expected);
  g_assert_cmpmem (sha256, 32, expected, 32);
  g_assert_cmpuint (written, ==, size);
  return writer;
}

static char *
add (SatchelVault *vault, GBytes *content, gboolean *was_there)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelBlobWriter) writer = write_blob (vault, content);
  g_autoptr (SatchelTransaction) transaction =
      satchel_transaction_begin (satchel_vault_get_db (vault), &error);
  char *id = NULL;

  g_assert_true (satchel_blob_writer_store (writer, &id, was_there, &error));
  g_assert_no_error (error);
  g_assert_true (satchel_transaction_commit (transaction, &error));
  return id;
}

static char *
path_of (const char *folder, const char *id)
{
  char prefix[] = {id[0], id[1], '\0'};

  return g_build_filename (folder, "blobs", prefix, id, NULL);
}

static void
assert_content (SatchelVault *vault, const char *id, GBytes *content)
{
  g_autoptr (GError) error = NULL;
  guint64 size = 0;
  g_autoptr (GInputStream) stream = satchel_blob_open (vault, id, &size, NULL, &error);
  g_autoptr (GByteArray) array = g_byte_array_new ();

  g_assert_no_error (error);
  g_assert_cmpuint (size, ==, g_bytes_get_size (content));
  g_assert_true (satchel_sink_splice (satchel_sink_to_byte_array (array), stream, G_MAXUINT64,
                                      NULL, NULL, &error));
  g_assert_cmpmem (array->data, array->len, g_bytes_get_data (content, NULL),
                   g_bytes_get_size (content));
}

static void
test_round_trip (void)
{
  static const gsize sizes[] = {0, 1, 9, 65535, 65536, 65537, 300000};
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  SatchelVault *vault = make (folder);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (GBytes) content = test_noise (sizes[i], i);
    gboolean was_there = TRUE;
    g_ptr_array_add (ids, add (vault, content, &was_there));
    g_assert_false (was_there);
    g_assert_true (satchel_is_id (ids->pdata[i]));
  }
  satchel_vault_close (vault);
  vault = reopen (folder);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (GBytes) content = test_noise (sizes[i], i);
    g_autofree char *path = path_of (folder, ids->pdata[i]);
    guint64 on_disk = 0;
    assert_content (vault, ids->pdata[i], content);
    g_autoptr (GInputStream) file = satchel_file_read (path, &on_disk, NULL);
    g_assert_cmpuint (on_disk, ==, satchel_stream_sealed_size (satchel_padme (sizes[i])));
  }
  satchel_vault_close (vault);
}

static void
test_seek (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = make (folder);
  g_autoptr (GBytes) content = test_noise (200003, 5);
  gboolean was_there = FALSE;
  g_autofree char *id = add (vault, content, &was_there);
  g_autoptr (GInputStream) stream = satchel_blob_open (vault, id, NULL, NULL, NULL);
  static const goffset places[] = {200002, 0, 65536, 65535, 131071, 200003, 7};
  const char *data = g_bytes_get_data (content, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    char got[16];
    gsize count = 0;
    gsize expected = MIN (16, 200003 - places[i]);
    g_assert_true (g_seekable_seek (G_SEEKABLE (stream), places[i], G_SEEK_SET, NULL, NULL));
    g_assert_true (g_input_stream_read_all (stream, got, sizeof got, &count, NULL, NULL));
    g_assert_cmpmem (got, count, data + places[i], expected);
  }
  g_assert_true (g_seekable_seek (G_SEEKABLE (stream), -1, G_SEEK_END, NULL, NULL));
  g_assert_cmpint (g_seekable_tell (G_SEEKABLE (stream)), ==, 200002);
  g_assert_false (g_seekable_seek (G_SEEKABLE (stream), 1, G_SEEK_END, NULL, NULL));
  g_assert_false (g_seekable_seek (G_SEEKABLE (stream), -1, G_SEEK_SET, NULL, NULL));
  g_assert_cmpint (g_seekable_tell (G_SEEKABLE (stream)), ==, 200002);
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint count = 0;
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    count += g_file_test (path, G_FILE_TEST_IS_DIR) ? count_files (path) : 1;
  }
  return count;
}

static void
test_same_content (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autofree char *blobs = g_build_filename (folder, "blobs", NULL);
  g_autoptr (SatchelVault) vault = make (folder);
  g_autoptr (GBytes) content = test_noise (1000, 1);
  gboolean was_there = TRUE;
  g_autofree char *first = add (vault, content, &was_there);
  g_assert_false (was_there);
  g_autofree char *second = add (vault, content, &was_there);

  g_assert_true (was_there);
  g_assert_cmpstr (first, ==, second);
  g_assert_cmpuint (count_files (blobs), ==, 1);
}

/* What was begun, finished or even placed, but not committed, is gone after the next open. */
static void
test_abandoned (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autofree char *blobs = g_build_filename (folder, "blobs", NULL);
  SatchelVault *vault = make (folder);
  g_autoptr (GBytes) content = test_noise (100000, 1);
  g_autoptr (GBytes) other = test_noise (100000, 2);
  gboolean was_there = FALSE;
  g_autofree char *kept = add (vault, content, &was_there);

  satchel_blob_writer_free (write_blob (vault, other));
  g_assert_cmpuint (count_files (blobs), ==, 1);
  {
    g_autoptr (SatchelBlobWriter) writer = write_blob (vault, other);
    g_autofree char *id = NULL;
    g_autoptr (SatchelTransaction) transaction =
        satchel_transaction_begin (satchel_vault_get_db (vault), NULL);
    g_assert_true (satchel_blob_writer_store (writer, &id, &was_there, NULL));
  }
  g_assert_cmpuint (count_files (blobs), ==, 2);
  satchel_vault_close (vault);
  vault = reopen (folder);
  g_assert_cmpuint (count_files (blobs), ==, 1);
  assert_content (vault, kept, content);
  satchel_vault_close (vault);
}

/* A process that dies at once: between the blob's file and its row, or in the middle of the file.
 */
static void
test_killed (void)
{
  for (int round = 0; round < 2; round++) {
    g_autoptr (TestScratch) folder = test_scratch_new ();
    g_autofree char *blobs = g_build_filename (folder, "blobs", NULL);
    g_autoptr (GBytes) content = test_noise (200000, 1);
    int status = 0;
    pid_t child;
    satchel_vault_close (make (folder));
    child = fork ();
    if (child == 0) {
      SatchelVault *vault = reopen (folder);
      SatchelBlobWriter *writer = write_blob (vault, content);
      gboolean was_there = FALSE;
      char *id = NULL;
      if (round == 1 && (!satchel_db_begin (satchel_vault_get_db (vault), NULL) ||
                         !satchel_blob_writer_store (writer, &id, &was_there, NULL)))
        _exit (1);
      raise (SIGKILL);
    }
    g_assert_cmpint (waitpid (child, &status, 0), ==, child);
    g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
    g_assert_cmpuint (count_files (blobs), ==, 1);
    g_autoptr (SatchelVault) vault = reopen (folder);
    g_assert_cmpuint (count_files (blobs), ==, 0);
    gboolean was_there = TRUE;
    g_autofree char *id = add (vault, content, &was_there);
    g_assert_false (was_there);
    assert_content (vault, id, content);
  }
}

static void
test_delete (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = make (folder);
  SatchelDb *db = satchel_vault_get_db (vault);
  g_autoptr (GBytes) content = test_noise (1000, 1);
  gboolean was_there = FALSE;
  g_autofree char *id = add (vault, content, &was_there);
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (satchel_db_execute (
      db, "CREATE TABLE use (blob_id TEXT NOT NULL REFERENCES blob (id)) STRICT;"
          "INSERT INTO use SELECT id FROM blob",
      NULL));
  g_assert_true (satchel_db_begin (db, NULL));
  g_assert_true (satchel_blob_delete (vault, id, &path, &error));
  g_assert_no_error (error);
  g_assert_null (path);
  g_assert_true (satchel_db_execute (db, "DELETE FROM use", NULL));
  g_assert_true (satchel_blob_delete (vault, id, &path, NULL));
  g_assert_nonnull (path);
  g_assert_true (satchel_db_commit (db, NULL));
  g_assert_true (satchel_blob_unlink (vault, path, NULL));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_null (satchel_blob_open (vault, id, NULL, NULL, &error));
  g_assert_error (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_NOT_FOUND);
}

static void
note_fault_cb (const char *object, const char *fault, gpointer user_data)
{
  g_ptr_array_add (user_data, g_strdup_printf ("%s: %s", object, fault));
}

static guint
count_faults (SatchelVault *vault, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (g_free);
  SatchelProgressReport none = {NULL, NULL};

  g_assert_true (satchel_blob_check_all (vault, note_fault_cb, faults, none, NULL, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < faults->len; i++)
    g_assert_nonnull (strstr (faults->pdata[i], expected));
  return faults->len;
}

static void
change (const char *path, goffset at, gssize new_size)
{
  g_autoptr (GBytes) bytes = satchel_file_load (path, 1024 * 1024, NULL);
  gsize size = g_bytes_get_size (bytes);
  g_autofree guint8 *data = g_malloc0 (size + 16);

  memcpy (data, g_bytes_get_data (bytes, NULL), size);
  if (at >= 0)
    data[at] ^= 4;
  g_assert_true (satchel_file_store (path, data, new_size >= 0 ? (gsize) new_size : size, NULL));
}

static void
use (SatchelVault *vault, const char *blob_id)
{
  g_autofree char *query = g_strdup_printf (
      "INSERT INTO record (id, kind, kind_version, revision, hash, created_us, changed_us, when_us)"
      " VALUES (hex (zeroblob (16)), 'note', 1, 1, zeroblob (32), 0, 0, 0);"
      "INSERT INTO evidence (id, record, blob_id, line, hash)"
      " SELECT hex (zeroblob (16)), row, '%s', '', zeroblob (32) FROM record",
      blob_id);
  g_autoptr (GError) error = NULL;

  satchel_db_execute (satchel_vault_get_db (vault), query, &error);
  g_assert_no_error (error);
}

static char *
used (SatchelVault *vault)
{
  SatchelStatement *find =
      satchel_db_prepare (satchel_vault_get_db (vault), "SELECT blob_id FROM evidence", NULL);
  gboolean has_row = FALSE;

  g_assert_true (satchel_statement_step (find, &has_row, NULL) && has_row);
  char *id = g_strdup (satchel_statement_get_text (find, 0));
  satchel_statement_reset (find);
  return id;
}

/* The same content again mends a blob that rotted or went missing. */
static void
test_mended (void)
{
  for (guint missing = 0; missing < 2; missing++) {
    g_autoptr (TestScratch) folder = test_scratch_new ();
    SatchelVault *vault = make (folder);
    g_autoptr (GBytes) content = test_noise (200000, 1);
    gboolean was_there = TRUE;
    g_autofree char *first = add (vault, content, &was_there);
    g_autofree char *path = path_of (folder, first);
    use (vault, first);
    if (missing)
      g_assert_true (satchel_file_remove (path, NULL));
    else
      change (path, 150000, -1);
    g_autofree char *second = add (vault, content, &was_there);
    g_assert_true (was_there);
    g_assert_cmpstr (first, !=, second);
    assert_content (vault, second, content);
    g_autofree char *now = used (vault);
    g_assert_cmpstr (now, ==, second);
    satchel_vault_close (vault);
    vault = reopen (folder);
    g_assert_cmpuint (count_faults (vault, ""), ==, 0);
    satchel_vault_close (vault);
  }
}

static void
test_damaged (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = make (folder);
  g_autoptr (GBytes) content = test_noise (150000, 1);
  gboolean was_there = FALSE;
  g_autofree char *id = add (vault, content, &was_there);
  g_autofree char *path = path_of (folder, id);
  g_autoptr (GBytes) whole = satchel_file_load (path, 1024 * 1024, NULL);
  gsize size = g_bytes_get_size (whole);

  g_assert_cmpuint (count_faults (vault, ""), ==, 0);
  for (gsize at = 0; at < size; at += 4093) {
    change (path, (goffset) at, -1);
    g_assert_cmpuint (count_faults (vault, id), ==, 1);
    g_assert_true (satchel_file_store (path, g_bytes_get_data (whole, NULL), size, NULL));
  }
  const gssize sizes[] = {0, 1, 65552, (gssize) size - 1, (gssize) size + 1};
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    change (path, -1, sizes[i]);
    g_assert_cmpuint (count_faults (vault, id), ==, 1);
    g_assert_true (satchel_file_store (path, g_bytes_get_data (whole, NULL), size, NULL));
  }
  g_assert_true (satchel_file_remove (path, NULL));
  g_assert_cmpuint (count_faults (vault, "missing"), ==, 1);
}

static void
test_swapped (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = make (folder);
  g_autoptr (GBytes) a = test_noise (150000, 1);
  g_autoptr (GBytes) b = test_noise (150000, 2);
  gboolean was_there = FALSE;
  g_autofree char *id_a = add (vault, a, &was_there);
  g_autofree char *id_b = add (vault, b, &was_there);
  g_autofree char *path_a = path_of (folder, id_a);
  g_autofree char *path_b = path_of (folder, id_b);
  g_autofree char *aside = g_build_filename (folder, "aside", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (rename (path_a, aside), ==, 0);
  g_assert_cmpint (rename (path_b, path_a), ==, 0);
  g_assert_cmpint (rename (aside, path_b), ==, 0);
  g_assert_null (satchel_blob_open (vault, id_a, NULL, NULL, &error));
  g_assert_error (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_DAMAGED);
  g_assert_cmpuint (count_faults (vault, "blob"), ==, 2);
}

static void
test_strangers (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  SatchelVault *vault = make (folder);
  g_autofree char *stranger = g_build_filename (folder, "blobs", "README", NULL);

  g_assert_true (g_file_set_contents (stranger, "x", 1, NULL));
  g_assert_cmpuint (count_faults (vault, "does not belong"), ==, 1);
  satchel_vault_close (vault);
  satchel_vault_close (reopen (folder));
  g_assert_true (g_file_test (stranger, G_FILE_TEST_EXISTS));
}

/* What Debian and most others give a process of anybody's. */
#define MEMLOCK_BYTES (8 * 1024 * 1024)

static gboolean
load_capabilities (struct __user_cap_data_struct capabilities[2])
{
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};

  return syscall (SYS_capget, &header, capabilities) == 0;
}

static gboolean
set_capabilities (const struct __user_cap_data_struct capabilities[2])
{
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};

  return syscall (SYS_capset, &header, capabilities) == 0;
}

/* Whether the kernel refuses more, as asked: some sandboxes do not count. */
static gboolean
is_memlock_limited (void)
{
  gpointer memory = mmap (NULL, 2 * MEMLOCK_BYTES, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  g_assert_true (memory != MAP_FAILED);
  gboolean limited = mlock (memory, 2 * MEMLOCK_BYTES) != 0;
  munmap (memory, 2 * MEMLOCK_BYTES);
  return limited;
}

/* A record with thousands of files, received: all of them wait for one transaction. */
static void
store_many (void)
{
  enum { COUNT = 2500 };
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = make (folder);
  g_autoptr (GPtrArray) writers =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_blob_writer_free);
  g_autoptr (GError) error = NULL;
  g_autofree char *last = NULL;

  for (guint i = 0; i < COUNT; i++) {
    g_autoptr (GBytes) content = test_noise (9, i);
    g_ptr_array_add (writers, write_blob (vault, content));
  }
  g_autoptr (SatchelTransaction) transaction =
      satchel_transaction_begin (satchel_vault_get_db (vault), &error);
  for (guint i = 0; i < COUNT; i++) {
    gboolean was_there = TRUE;
    g_clear_pointer (&last, g_free);
    satchel_blob_writer_store (writers->pdata[i], &last, &was_there, &error);
    g_assert_no_error (error);
    g_assert_false (was_there);
  }
  satchel_transaction_commit (transaction, &error);
  g_assert_no_error (error);
  g_autoptr (GBytes) content = test_noise (9, COUNT - 1);
  assert_content (vault, last, content);
  g_assert_cmpuint (count_faults (vault, ""), ==, 0);
}

static void
test_many (void)
{
  struct __user_cap_data_struct usual[2] = {0};
  struct __user_cap_data_struct dropped[2] = {0};
  struct rlimit limit;

  if (!load_capabilities (usual)) {
    g_test_skip ("capabilities cannot be read here");
    return;
  }
  memcpy (dropped, usual, sizeof dropped);
  dropped[CAP_TO_INDEX (CAP_IPC_LOCK)].effective &= ~CAP_TO_MASK (CAP_IPC_LOCK);
  g_assert_cmpint (getrlimit (RLIMIT_MEMLOCK, &limit), ==, 0);
  const struct rlimit low = {MIN (MEMLOCK_BYTES, limit.rlim_max), limit.rlim_max};
  g_assert_cmpint (setrlimit (RLIMIT_MEMLOCK, &low), ==, 0);
  if (!set_capabilities (dropped) || !is_memlock_limited ())
    g_test_skip ("the right to lock any amount of memory cannot be dropped here");
  else
    store_many ();
  set_capabilities (usual);
  g_assert_cmpint (setrlimit (RLIMIT_MEMLOCK, &limit), ==, 0);
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vault/blob/round-trip", test_round_trip);
  g_test_add_func ("/vault/blob/seek", test_seek);
  g_test_add_func ("/vault/blob/same-content", test_same_content);
  g_test_add_func ("/vault/blob/mended", test_mended);
  g_test_add_func ("/vault/blob/abandoned", test_abandoned);
  g_test_add_func ("/vault/blob/killed", test_killed);
  g_test_add_func ("/vault/blob/delete", test_delete);
  g_test_add_func ("/vault/blob/damaged", test_damaged);
  g_test_add_func ("/vault/blob/swapped", test_swapped);
  g_test_add_func ("/vault/blob/strangers", test_strangers);
  g_test_add_func ("/vault/blob/many", test_many);
  return g_test_run ();
}
