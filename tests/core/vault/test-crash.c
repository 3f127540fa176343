/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/satchel-health.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/satchel-file.h"
#include "test-support.h"

#define ID_SIZE 32

static const SatchelKdfCost cheap = {8, 1};
static const SatchelProgressReport silent = {NULL, NULL};

static SatchelSecret *
passphrase (void)
{
  return satchel_secret_new_copy ((const guint8 *) "open sesame", 11, NULL);
}

static SatchelVault *
open_it (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) phrase = passphrase ();
  SatchelVault *vault = satchel_vault_open (folder, phrase, &error);

  g_assert_no_error (error);
  return vault;
}

static void
make (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) phrase = passphrase ();
  g_autoptr (SatchelVault) vault =
      satchel_vault_create (folder, phrase, NULL, &cheap, &error);

  g_assert_no_error (error);
}

/* Evidence and a row about it in one transaction, as the records room does it. */
static char *
add (SatchelVault *vault, guint number, gsize size_bytes, GError **error)
{
  g_autofree char *key = g_strdup_printf ("test.%u", number);
  g_autofree char *id = NULL;
  g_autoptr (GBytes) content = test_noise (size_bytes, number);
  g_autoptr (SatchelBlobWriter) writer = satchel_blob_writer_new (vault, error);
  gboolean was_there = FALSE;
  guint8 sha256[32];
  guint64 size = 0;

  if (writer == NULL ||
      !satchel_sink_write (satchel_blob_writer_get_sink (writer),
                           g_bytes_get_data (content, NULL), size_bytes, NULL, error) ||
      !satchel_blob_writer_finish (writer, sha256, &size, NULL, error))
    return NULL;
  g_autoptr (SatchelTransaction) transaction =
      satchel_transaction_begin (satchel_vault_get_db (vault), error);
  if (transaction == NULL || !satchel_blob_writer_store (writer, &id, &was_there, error) ||
      !satchel_vault_set_setting (vault, key, id, error) ||
      !satchel_transaction_commit (transaction, error))
    return NULL;
  return g_steal_pointer (&id);
}

static void
note_fault_cb (const char *object, const char *fault, gpointer user_data)
{
  g_error ("%s: %s", object, fault);
}

static void
assert_sound (SatchelVault *vault)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (satchel_vault_check (vault, note_fault_cb, NULL, silent, NULL, &error));
  g_assert_no_error (error);
}

static void
assert_there (SatchelVault *vault, guint number, const char *id)
{
  g_autofree char *key = g_strdup_printf ("test.%u", number);
  g_autofree char *known = satchel_vault_dup_setting (vault, key, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) blob = satchel_blob_open (vault, id, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (known, ==, id);
}

/* Adds for ever; tells of each item once it is kept. */
static void
add_until_killed (const char *folder, guint first, int tell_fd)
{
  SatchelVault *vault = open_it (folder);

  for (guint i = first;; i++) {
    char *id = add (vault, i, 30000, NULL);
    if (id == NULL || write (tell_fd, id, ID_SIZE) != ID_SIZE)
      _exit (1);
  }
}

static gboolean
read_id (int fd, char id[ID_SIZE + 1])
{
  gsize got = 0;

  while (got < ID_SIZE) {
    ssize_t now = read (fd, id + got, ID_SIZE - got);
    if (now <= 0)
      return FALSE;
    got += (gsize) now;
  }
  id[ID_SIZE] = '\0';
  return TRUE;
}

/* Killed at no particular place, after 1, 2, 3 ... items: what was told of is there, and nothing
 * is half there. */
static void
test_kill (void)
{
  g_autoptr (TestScratch) scratch = test_scratch_new ();
  g_autofree char *folder = g_build_filename (scratch, "vault", NULL);
  guint next = 0;

  make (folder);
  for (guint round = 1; round <= 6; round++) {
    int tell[2];
    char id[ID_SIZE + 1];
    g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
    g_assert_cmpint (pipe (tell), ==, 0);
    pid_t child = fork ();
    if (child == 0)
      add_until_killed (folder, next, tell[1]);
    close (tell[1]);
    while (ids->len < round && read_id (tell[0], id))
      g_ptr_array_add (ids, g_strdup (id));
    g_assert_cmpint (kill (child, SIGKILL), ==, 0);
    while (read_id (tell[0], id))
      g_ptr_array_add (ids, g_strdup (id));
    close (tell[0]);
    g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
    g_assert_cmpuint (ids->len, >=, round);

    g_autoptr (SatchelVault) vault = open_it (folder);
    for (guint i = 0; i < ids->len; i++)
      assert_there (vault, next + i, ids->pdata[i]);
    assert_sound (vault);
    /* One more may be kept that was not told of. */
    next += ids->len + 1;
  }
}

/* Waits for a file, or for the process to end. */
static void
wait_for (const char *path, pid_t child)
{
  siginfo_t ended = {0};

  while (!g_file_test (path, G_FILE_TEST_EXISTS) && ended.si_pid == 0)
    waitid (P_PID, (id_t) child, &ended, WEXITED | WNOHANG | WNOWAIT);
}

/* Killed in the midst of the making, as soon as one part after the other stands: the next run makes
 * it, or opens it. */
static void
test_kill_create (void)
{
  static const char *const parts[] = {"lock", "unfinished", "blobs", "inbox",
                                      "store.db", "store.db-wal", "keys.bak", "keys"};
  g_autoptr (TestScratch) scratch = test_scratch_new ();

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autofree char *folder = g_strdup_printf ("%s/vault-%u", scratch, i);
    g_autofree char *part = g_build_filename (folder, parts[i], NULL);
    pid_t child = fork ();
    if (child == 0) {
      make (folder);
      raise (SIGKILL);
    }
    wait_for (part, child);
    kill (child, SIGKILL);
    g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
    if (!satchel_vault_exists (folder))
      make (folder);
    g_autoptr (SatchelVault) vault = open_it (folder);
    assert_sound (vault);
  }
}

static void
test_busy (void)
{
  g_autoptr (TestScratch) scratch = test_scratch_new ();
  g_autofree char *folder = g_build_filename (scratch, "vault", NULL);
  int status = 0;

  make (folder);
  g_autoptr (SatchelVault) vault = open_it (folder);
  pid_t child = fork ();
  if (child == 0) {
    g_autoptr (GError) error = NULL;
    g_autoptr (SatchelSecret) phrase = passphrase ();
    SatchelVault *second = satchel_vault_open (folder, phrase, &error);
    /* As the others here, it ends without cleaning up, which memory checkers let pass. */
    if (second == NULL && g_error_matches (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_BUSY))
      raise (SIGKILL);
    _exit (1);
  }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
  assert_sound (vault);
}

/* A file system of a few megabytes, in a mount namespace of this process. */
static gboolean
mount_small (const char *folder)
{
  if (unshare (CLONE_NEWNS) != 0 || mount ("none", "/", "none", MS_REC | MS_PRIVATE, "") != 0 ||
      mount ("tmpfs", folder, "tmpfs", 0, "size=4m") != 0) {
    g_test_skip_printf ("cannot mount a small file system: %s", g_strerror (errno));
    return FALSE;
  }
  return TRUE;
}

static void
remove_blob (SatchelVault *vault, const char *id)
{
  g_autofree char *path = NULL;

  g_assert_true (satchel_db_begin (satchel_vault_get_db (vault), NULL));
  g_assert_true (satchel_blob_delete (vault, id, &path, NULL));
  g_assert_true (satchel_db_commit (satchel_vault_get_db (vault), NULL));
  g_assert_true (satchel_blob_unlink (vault, path, NULL));
}

static void
test_full_disk (void)
{
  g_autoptr (TestScratch) scratch = test_scratch_new ();
  g_autofree char *folder = g_build_filename (scratch, "vault", NULL);
  g_autofree char *other = g_build_filename (scratch, "other", NULL);
  g_autofree char *filler = g_strnfill (200000, 'x');
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  char *id;

  if (!mount_small (scratch))
    return;
  g_assert_true (g_file_set_contents (other, filler, -1, NULL));
  make (folder);
  SatchelVault *vault = open_it (folder);
  while ((id = add (vault, ids->len, 150000, &error)) != NULL)
    g_ptr_array_add (ids, id);
  g_assert_error (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_NO_SPACE);
  g_assert_cmpuint (ids->len, >, 5);
  g_clear_error (&error);
  /* Rows alone, to the last byte. */
  for (guint i = 0; error == NULL; i++) {
    g_autofree char *key = g_strdup_printf ("row.%u", i);
    g_autofree char *value = g_strnfill (20000, 'y');
    satchel_vault_set_setting (vault, key, value, &error);
  }
  g_assert_error (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_NO_SPACE);
  satchel_vault_close (vault);

  vault = open_it (folder);
  for (guint i = 0; i < ids->len; i++)
    assert_there (vault, i, ids->pdata[i]);
  /* A full disk is not called damage. */
  g_clear_error (&error);
  if (!satchel_vault_check (vault, note_fault_cb, NULL, silent, NULL, &error))
    g_assert_error (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_NO_SPACE);
  /* Space again: the same vault goes on. (Deleting from it takes some itself.) */
  g_assert_cmpint (unlink (other), ==, 0);
  remove_blob (vault, ids->pdata[0]);
  remove_blob (vault, ids->pdata[1]);
  g_clear_error (&error);
  id = add (vault, 1000, 100000, &error);
  g_assert_no_error (error);
  assert_there (vault, 1000, id);
  g_free (id);
  assert_sound (vault);
  satchel_vault_close (vault);
  g_assert_cmpint (umount2 (scratch, MNT_DETACH), ==, 0);
}

static void
set_rows_and_die (const char *folder, guint count)
{
  SatchelVault *vault = open_it (folder);
  g_autofree char *value = g_strnfill (3000, 'z');

  for (guint i = 0; i < count; i++) {
    g_autofree char *key = g_strdup_printf ("row.%u", i);
    if (!satchel_vault_set_setting (vault, key, value, NULL))
      _exit (1);
  }
  raise (SIGKILL);
}

static void
take_all_space (const char *folder)
{
  static const guint8 block[4096] = {1};
  g_autofree char *path = g_build_filename (folder, "filler", NULL);
  int fd = open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

  g_assert_cmpint (fd, >=, 0);
  while (write (fd, block, sizeof block) > 0)
    ;
  g_assert_cmpint (errno, ==, ENOSPC);
  close (fd);
}

/* What a killed run left in the write-ahead log is read from there while nothing of it fits into
 * the store, any number of times; nothing more can be set, and nothing is lost. */
static void
test_killed_and_full (void)
{
  enum { COUNT = 100 };
  g_autoptr (TestScratch) scratch = test_scratch_new ();
  g_autofree char *folder = g_build_filename (scratch, "vault", NULL);
  g_autofree char *filler = g_build_filename (scratch, "filler", NULL);
  g_autoptr (GError) error = NULL;
  int status = 0;

  if (!mount_small (scratch))
    return;
  make (folder);
  pid_t child = fork ();
  if (child == 0)
    set_rows_and_die (folder, COUNT);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));
  take_all_space (scratch);
  for (guint round = 0; round < 3; round++) {
    g_autoptr (SatchelVault) vault = open_it (folder);
    for (guint i = 0; i < COUNT; i++) {
      g_autofree char *key = g_strdup_printf ("row.%u", i);
      g_autofree char *value = satchel_vault_dup_setting (vault, key, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (strlen (value), ==, 3000);
    }
    g_assert_false (satchel_vault_set_setting (vault, "row.0", "changed", &error));
    g_assert_error (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_NO_SPACE);
    g_clear_error (&error);
    g_assert_false (satchel_vault_check (vault, note_fault_cb, NULL, silent, NULL, &error));
    g_assert_error (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_NO_SPACE);
    g_clear_error (&error);
  }
  g_assert_true (satchel_file_remove (filler, NULL));
  g_autoptr (SatchelVault) vault = open_it (folder);
  g_autofree char *value = satchel_vault_dup_setting (vault, "row.0", NULL);
  g_assert_cmpuint (strlen (value), ==, 3000);
  assert_sound (vault);
  g_clear_pointer (&vault, satchel_vault_close);
  g_assert_cmpint (umount2 (scratch, MNT_DETACH), ==, 0);
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vault/crash/kill", test_kill);
  g_test_add_func ("/vault/crash/kill-create", test_kill_create);
  g_test_add_func ("/vault/crash/busy", test_busy);
  g_test_add_func ("/vault/crash/full-disk", test_full_disk);
  g_test_add_func ("/vault/crash/killed-and-full", test_killed_and_full);
  return g_test_run ();
}
