/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/satchel-health.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "base/satchel-file.h"
#include "seal/satchel-age.h"
#include "seal/satchel-ustar.h"
#include "test-support.h"

#define LOG_N 10

static const SatchelKdfCost cheap = {8, 1};
static const SatchelProgressReport silent = {NULL, NULL};

static SatchelSecret *
secret_of (const char *text)
{
  return satchel_secret_new_copy ((const guint8 *) text, strlen (text), NULL);
}

typedef struct {
  char *scratch;
  char *folder;
  char *path;
  char *target;
  char *blob_id;
  SatchelVault *vault;
  SatchelSecret *phrase;
} Fixture;

static void
add_blob (Fixture *fixture)
{
  g_autoptr (SatchelBlobWriter) writer = satchel_blob_writer_new (fixture->vault, NULL);
  g_autoptr (SatchelTransaction) transaction =
      satchel_transaction_begin (satchel_vault_get_db (fixture->vault), NULL);
  g_autoptr (GBytes) content = test_noise (70000, 1);
  gboolean was_there = FALSE;
  guint8 sha256[32];
  guint64 size = 0;

  g_assert_true (satchel_sink_write (satchel_blob_writer_get_sink (writer),
                                     g_bytes_get_data (content, NULL), 70000, NULL, NULL));
  g_assert_true (satchel_blob_writer_finish (writer, sha256, &size, NULL, NULL));
  g_assert_true (satchel_blob_writer_store (writer, &fixture->blob_id, &was_there, NULL));
  g_assert_true (satchel_transaction_commit (transaction, NULL));
}

/* A vault with a blob, a setting and something in its outbox. */
static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SatchelSecret) passphrase = secret_of ("open sesame");
  g_autoptr (GError) error = NULL;

  fixture->scratch = test_scratch_new ();
  fixture->folder = g_build_filename (fixture->scratch, "vault", NULL);
  fixture->path = g_build_filename (fixture->scratch, "vault.age", NULL);
  fixture->target = g_build_filename (fixture->scratch, "again", NULL);
  fixture->phrase = secret_of ("for the shelf");
  fixture->vault = satchel_vault_create (fixture->folder, passphrase, NULL, &cheap, &error);
  g_assert_no_error (error);
  add_blob (fixture);
  g_assert_true (satchel_vault_set_setting (fixture->vault, "name", "Zelda Quill", NULL));
  g_autofree char *sealed = g_build_filename (fixture->folder, "outbox", "00.age", NULL);
  g_assert_true (g_file_set_contents (sealed, "sealed", 6, NULL));
  g_autofree char *half = g_build_filename (fixture->folder, "outbox", ".new-x", NULL);
  g_assert_true (g_file_set_contents (half, "half", 4, NULL));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  satchel_vault_close (fixture->vault);
  satchel_secret_unref (fixture->phrase);
  test_scratch_free (fixture->scratch);
  g_free (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->target);
  g_free (fixture->blob_id);
}

static void
back_up (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (satchel_vault_backup (fixture->vault, fixture->path, fixture->phrase, LOG_N,
                                       silent, NULL, &error));
  g_assert_no_error (error);
}

static void
note_fault_cb (const char *object, const char *fault, gpointer user_data)
{
  g_error ("%s: %s", object, fault);
}

static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SatchelSecret) passphrase = secret_of ("open sesame");
  g_autoptr (GError) error = NULL;
  guint64 epoch = 0;
  guint64 size = 0;

  back_up (fixture);
  test_assert_no_plaintext (fixture->scratch, "Zelda Quill");
  /* What comes after the backup is not in it. */
  g_assert_true (satchel_vault_set_setting (fixture->vault, "name", "later", NULL));
  g_assert_true (satchel_vault_restore (fixture->target, fixture->path, fixture->phrase, silent,
                                        NULL, &error));
  g_assert_no_error (error);
  g_autoptr (SatchelVault) again = satchel_vault_open (fixture->target, passphrase, &error);
  g_assert_no_error (error);
  g_autofree char *name = satchel_vault_dup_setting (again, "name", NULL);
  g_assert_cmpstr (name, ==, "Zelda Quill");
  g_assert_cmpstr (satchel_vault_get_id (again), ==, satchel_vault_get_id (fixture->vault));
  g_assert_true (satchel_vault_get_epoch (again, &epoch, NULL));
  g_assert_cmpuint (epoch, >, 1);
  g_autoptr (GInputStream) blob =
      satchel_blob_open (again, fixture->blob_id, &size, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (size, ==, 70000);
  g_assert_true (satchel_vault_check (again, note_fault_cb, NULL, silent, NULL, &error));
  g_autofree char *sealed = g_build_filename (fixture->target, "outbox", "00.age", NULL);
  g_autofree char *half = g_build_filename (fixture->target, "outbox", ".new-x", NULL);
  g_assert_true (g_file_test (sealed, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (half, G_FILE_TEST_EXISTS));
}

static void
assert_restore_fails (Fixture *fixture, const char *phrase, SatchelVaultError code)
{
  g_autoptr (SatchelSecret) secret = secret_of (phrase);
  g_autoptr (GError) error = NULL;

  g_assert_false (
      satchel_vault_restore (fixture->target, fixture->path, secret, silent, NULL, &error));
  g_assert_error (error, SATCHEL_VAULT_ERROR, (int) code);
  g_assert_false (g_file_test (fixture->target, G_FILE_TEST_EXISTS));
}

/* Any changed byte, and any length but the whole, leaves nothing. */
static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  back_up (fixture);
  g_autoptr (GBytes) whole = satchel_file_load (fixture->path, 16 * 1024 * 1024, NULL);
  gsize size = g_bytes_get_size (whole);
  g_autofree char *bytes = g_memdup2 (g_bytes_get_data (whole, NULL), size);

  assert_restore_fails (fixture, "open sesame", SATCHEL_VAULT_ERROR_WRONG_PASSPHRASE);
  for (gsize at = 200; at < size; at += size / 8) {
    bytes[at] ^= 1;
    g_assert_true (g_file_set_contents (fixture->path, bytes, (gssize) size, NULL));
    assert_restore_fails (fixture, "for the shelf", SATCHEL_VAULT_ERROR_DAMAGED);
    bytes[at] ^= 1;
  }
  const gsize sizes[] = {0, 100, size / 2, size - 65552, size - 1};
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_assert_true (g_file_set_contents (fixture->path, bytes, (gssize) sizes[i], NULL));
    assert_restore_fails (fixture, "for the shelf", SATCHEL_VAULT_ERROR_DAMAGED);
  }
  g_assert_true (satchel_file_remove (fixture->path, NULL));
  assert_restore_fails (fixture, "for the shelf", SATCHEL_VAULT_ERROR_NOT_FOUND);
}

static void
test_exists (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  back_up (fixture);
  g_assert_false (satchel_vault_restore (fixture->folder, fixture->path, fixture->phrase, silent,
                                         NULL, &error));
  g_assert_error (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_false (satchel_vault_backup (fixture->vault, fixture->path, fixture->phrase, LOG_N,
                                        silent, NULL, &error));
  g_assert_error (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_EXISTS);
}

/* An archive that somebody else made, with @names in this order. */
static void
forge (Fixture *fixture, const char *const *names)
{
  g_autoptr (SatchelNewFile) file = satchel_new_file_open (fixture->path, NULL);
  g_autoptr (SatchelAgeWriter) age = satchel_age_writer_new_passphrase (
      fixture->phrase, LOG_N, satchel_new_file_get_sink (file), NULL, NULL, NULL);
  g_autoptr (SatchelUstarWriter) archive =
      satchel_ustar_writer_new (satchel_age_writer_get_sink (age));

  for (guint i = 0; names[i] != NULL; i++)
    g_assert_true (
        satchel_ustar_writer_add (archive, names[i], (const guint8 *) "x", 1, NULL, NULL));
  g_assert_true (satchel_ustar_writer_finish (archive, NULL, NULL));
  g_assert_true (satchel_age_writer_finish (age, NULL, NULL));
  g_assert_true (satchel_new_file_commit (file, TRUE, NULL));
}

static void
test_hostile (Fixture *fixture, gconstpointer data)
{
  static const char id[] = "blobs/ab/abababababababababababababababab";
  static const char other[] = "blobs/cd/abababababababababababababababab";
  const char *const lists[][6] = {
      {NULL},
      {"keys", "store.db", NULL},
      {"keys", "keys.bak", NULL},
      {"keys", "keys.bak", "store.db", NULL}, /* the content is nonsense */
      {"keys", "keys.bak", "store.db", "keys", NULL},
      {"keys", "keys.bak", "store.db", "unfinished", NULL},
      {"keys", "keys.bak", "store.db", "lock", NULL},
      {"keys", "keys.bak", "store.db", "outbox/.new-x", NULL},
      {"keys", "keys.bak", "store.db", "outbox", NULL},
      {"keys", "keys.bak", "store.db", "blobs/ab/x", NULL},
      {"keys", "keys.bak", "store.db", other, NULL},
      {"keys", "keys.bak", "store.db", id, "outbox/a/b", NULL},
  };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++) {
    forge (fixture, lists[i]);
    assert_restore_fails (fixture, "for the shelf", SATCHEL_VAULT_ERROR_DAMAGED);
  }
  const char *const twice[] = {"keys", "keys.bak", "store.db", id, id, NULL};
  forge (fixture, twice);
  assert_restore_fails (fixture, "for the shelf", SATCHEL_VAULT_ERROR_EXISTS);
}

/* A limit on the size of files stands in for a full disk. */
static void
test_no_space (Fixture *fixture, gconstpointer data)
{
  struct rlimit before;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  struct rlimit low = {60000, before.rlim_max};
  g_autoptr (GError) error = NULL;
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &low), ==, 0);
  gboolean done = satchel_vault_backup (fixture->vault, fixture->path, fixture->phrase, LOG_N,
                                        silent, NULL, &error);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_false (done);
  g_assert_nonnull (error);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  back_up (fixture);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &low), ==, 0);
  g_autoptr (GError) second_error = NULL;
  done = satchel_vault_restore (fixture->target, fixture->path, fixture->phrase, silent, NULL,
                                &second_error);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_false (done);
  g_assert_error (second_error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_NO_SPACE);
  g_assert_false (g_file_test (fixture->target, G_FILE_TEST_EXISTS));
}

static void
cancel_cb (guint64 done_bytes, guint64 total_bytes, gpointer user_data)
{
  g_assert_cmpuint (done_bytes, <=, total_bytes);
  g_cancellable_cancel (user_data);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  SatchelProgressReport progress = {cancel_cb, cancellable};
  g_autoptr (GError) error = NULL;

  g_assert_false (satchel_vault_backup (fixture->vault, fixture->path, fixture->phrase, LOG_N,
                                        progress, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  back_up (fixture);
  g_cancellable_reset (cancellable);
  g_assert_false (satchel_vault_restore (fixture->target, fixture->path, fixture->phrase, progress,
                                         cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (fixture->target, G_FILE_TEST_EXISTS));
}

/* age asks for a passphrase on a terminal only; Python's pty gives it one. */
static const char ask_age[] =
    "import os, pty, sys\n"
    "pid, fd = pty.fork()\n"
    "if pid == 0:\n"
    "    os.execvp('age', ['age', '-d', '-o', sys.argv[2], sys.argv[1]])\n"
    "sent = False\n"
    "while True:\n"
    "    try:\n"
    "        data = os.read(fd, 1024)\n"
    "    except OSError:\n"
    "        break\n"
    "    if not data:\n"
    "        break\n"
    "    if not sent and b'passphrase' in data:\n"
    "        os.write(fd, b'for the shelf\\n')\n"
    "        sent = True\n"
    "sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n";

/* Without Satchel: age opens it, tar lists it. */
static void
test_age (Fixture *fixture, gconstpointer data)
{
  g_autofree char *plain = g_build_filename (fixture->scratch, "vault.tar", NULL);
  g_autofree char *listing = NULL;
  g_autofree char *expected = g_strdup_printf (
      "keys\nkeys.bak\nstore.db\nblobs/%.2s/%s\noutbox/00.age\n", fixture->blob_id,
      fixture->blob_id);

  if (!test_has_program ("age") || !test_has_program ("python3") || !test_has_program ("tar"))
    return;
  back_up (fixture);
  const char *const open_argv[] = {"python3", "-c", ask_age, fixture->path, plain, NULL};
  g_assert_cmpint (test_run (open_argv, NULL, NULL, NULL), ==, 0);
  const char *const list_argv[] = {"tar", "-tf", plain, NULL};
  g_assert_cmpint (test_run (list_argv, NULL, &listing, NULL), ==, 0);
  g_assert_cmpstr (listing, ==, expected);
}

static void
add (const char *name, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (name, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  add ("/vault/backup/round-trip", test_round_trip);
  add ("/vault/backup/damaged", test_damaged);
  add ("/vault/backup/exists", test_exists);
  add ("/vault/backup/hostile", test_hostile);
  add ("/vault/backup/no-space", test_no_space);
  add ("/vault/backup/cancel", test_cancel);
  add ("/vault/backup/age", test_age);
  return g_test_run ();
}
