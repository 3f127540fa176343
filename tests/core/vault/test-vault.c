/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/satchel-vault-private.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/satchel-file.h"
#include "base/satchel-text.h"
#include "test-support.h"
#include "vault/satchel-readable.h"

static const SatchelKdfCost cheap = {8, 1};

static SatchelSecret *
secret_of (const char *text)
{
  return satchel_secret_new_copy ((const guint8 *) text, strlen (text), NULL);
}

static SatchelVault *
make (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) passphrase = secret_of ("open sesame");
  g_autoptr (SatchelSecret) code = secret_of ("0123456789abcdef");
  SatchelVault *vault = satchel_vault_create (folder, passphrase, code, &cheap, &error);

  g_assert_no_error (error);
  return vault;
}

static SatchelVault *
open_it (const char *folder, const char *phrase, GError **error)
{
  g_autoptr (SatchelSecret) passphrase = secret_of (phrase);

  return satchel_vault_open (folder, passphrase, error);
}

static void
assert_opens (const char *folder, const char *phrase)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelVault) vault = open_it (folder, phrase, &error);

  g_assert_no_error (error);
  g_assert_nonnull (vault);
}

static void
assert_refused (const char *folder, const char *phrase, SatchelVaultError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (open_it (folder, phrase, &error));
  g_assert_error (error, SATCHEL_VAULT_ERROR, (int) code);
}

static void
assert_private (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  struct stat status;
  const char *name;

  g_assert_cmpint (lstat (folder, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 07777, ==, 0700);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_assert_cmpint (lstat (path, &status), ==, 0);
    if (S_ISDIR (status.st_mode))
      assert_private (path);
    else
      g_assert_cmpuint (status.st_mode & 07777, ==, 0600);
  }
}

static void
test_create (void)
{
  g_autoptr (TestScratch) scratch = test_scratch_new ();
  g_autofree char *folder = g_build_filename (scratch, "vault", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  guint64 epoch = 0;
  mode_t mask = umask (0);

  g_assert_false (satchel_vault_exists (folder));
  assert_refused (folder, "open sesame", SATCHEL_VAULT_ERROR_NO_VAULT);
  SatchelVault *vault = make (folder);
  umask (mask);
  g_assert_true (satchel_vault_exists (folder));
  g_assert_true (satchel_is_id (satchel_vault_get_id (vault)));
  g_assert_cmpstr (satchel_vault_get_folder (vault), ==, folder);
  g_assert_cmpuint (satchel_vault_get_cost (vault).memory_mib, ==, 8);
  g_assert_true (satchel_vault_get_epoch (vault, &epoch, NULL));
  g_assert_cmpuint (epoch, ==, 1);
  g_assert_true (satchel_vault_set_setting (vault, "name", "Zelda Quill", NULL));
  assert_private (folder);
  assert_refused (folder, "open sesame", SATCHEL_VAULT_ERROR_BUSY);
  id = g_strdup (satchel_vault_get_id (vault));
  satchel_vault_close (vault);

  vault = open_it (folder, "open sesame", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (satchel_vault_get_id (vault), ==, id);
  g_autofree char *name = satchel_vault_dup_setting (vault, "name", NULL);
  g_assert_cmpstr (name, ==, "Zelda Quill");
  satchel_vault_close (vault);
  assert_refused (folder, "open sesamf", SATCHEL_VAULT_ERROR_WRONG_PASSPHRASE);
  test_assert_no_plaintext (scratch, "Zelda Quill");
}

static void
test_exists (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelSecret) passphrase = secret_of ("another one");
  g_autofree char *keys = g_build_filename (folder, "keys", NULL);
  g_autofree char *copy = g_build_filename (folder, "keys.bak", NULL);
  g_autoptr (GError) error = NULL;

  satchel_vault_close (make (folder));
  g_assert_null (satchel_vault_create (folder, passphrase, NULL, &cheap, &error));
  g_assert_error (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_EXISTS);
  g_clear_error (&error);
  assert_opens (folder, "open sesame");
  /* A store whose keys are elsewhere is not overwritten either. */
  g_assert_true (satchel_file_remove (keys, NULL) && satchel_file_remove (copy, NULL));
  g_assert_null (satchel_vault_create (folder, passphrase, NULL, &cheap, &error));
  g_assert_error (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_EXISTS);
}

/* Nothing of it is left, and what was there before stays. */
static void
test_abandon (void)
{
  g_autoptr (TestScratch) scratch = test_scratch_new ();
  g_autofree char *folder = g_build_filename (scratch, "vault", NULL);
  g_autofree char *other = g_build_filename (scratch, "other", NULL);

  satchel_vault_abandon (make (folder));
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
  satchel_vault_close (make (folder));
  g_assert_true (satchel_file_store (other, (const guint8 *) "x", 1, NULL));
  satchel_vault_abandon (make (scratch));
  g_assert_true (g_file_test (other, G_FILE_TEST_EXISTS));
  g_assert_false (satchel_vault_exists (scratch));
  satchel_vault_close (make (scratch));
}

static void
test_settings (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = make (folder);
  g_autoptr (GError) error = NULL;

  g_assert_null (satchel_vault_dup_setting (vault, "role", &error));
  g_assert_no_error (error);
  g_assert_true (satchel_vault_set_setting (vault, "role", "desk", NULL));
  g_assert_true (satchel_vault_set_setting (vault, "role", "lead", NULL));
  g_autofree char *role = satchel_vault_dup_setting (vault, "role", NULL);
  g_assert_cmpstr (role, ==, "lead");
  g_assert_true (satchel_vault_set_setting (vault, "role", NULL, NULL));
  g_assert_null (satchel_vault_dup_setting (vault, "role", &error));
  g_assert_no_error (error);
}

static void
test_derive (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  SatchelVault *vault = make (folder);
  g_autoptr (SatchelSecret) a = satchel_vault_derive (vault, "satchel a v1", NULL);
  g_autoptr (SatchelSecret) b = satchel_vault_derive (vault, "satchel b v1", NULL);

  satchel_vault_close (vault);
  vault = open_it (folder, "open sesame", NULL);
  g_autoptr (SatchelSecret) again = satchel_vault_derive (vault, "satchel a v1", NULL);
  satchel_vault_close (vault);
  g_assert_cmpuint (satchel_secret_get_size (a), ==, 32);
  g_assert_true (satchel_secret_equal (a, again));
  g_assert_false (satchel_secret_equal (a, b));
}

static void
test_passphrase (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  SatchelVault *vault = make (folder);
  g_autoptr (SatchelSecret) fresh = secret_of ("quite new");
  g_autoptr (SatchelSecret) panic = secret_of ("they are here");
  g_autoptr (SatchelSecret) code = secret_of ("0123456789abcdef");
  const SatchelKdfCost dearer = {8, 2};
  gboolean lost = TRUE;
  g_autoptr (GError) error = NULL;

  g_assert_true (satchel_vault_set_passphrase (vault, fresh, &dearer, &lost, NULL));
  g_assert_false (lost);
  g_assert_true (satchel_vault_set_panic_phrase (vault, panic, NULL));
  g_assert_false (satchel_vault_set_panic_phrase (vault, fresh, &error));
  g_assert_error (error, SATCHEL_SECRET_ERROR, SATCHEL_SECRET_ERROR_WEAK);
  g_assert_true (satchel_vault_set_passphrase (vault, fresh, &dearer, &lost, NULL));
  g_assert_true (lost);
  g_assert_true (satchel_vault_set_passphrase (vault, fresh, &dearer, &lost, NULL));
  g_assert_false (lost);
  satchel_vault_close (vault);
  assert_refused (folder, "open sesame", SATCHEL_VAULT_ERROR_WRONG_PASSPHRASE);
  assert_refused (folder, "they are here", SATCHEL_VAULT_ERROR_WRONG_PASSPHRASE);
  assert_opens (folder, "quite new");
  vault = satchel_vault_open_with_code (folder, SATCHEL_SLOT_RECOVERY, code, NULL);
  g_assert_nonnull (vault);
  g_assert_cmpuint (satchel_vault_get_cost (vault).passes, ==, 2);
  satchel_vault_close (vault);
}

static void
test_panic (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  SatchelVault *vault = make (folder);
  g_autoptr (SatchelSecret) panic = secret_of ("they are here");
  g_autoptr (SatchelSecret) code = secret_of ("0123456789abcdef");
  g_autoptr (SatchelSecret) newsroom = satchel_secret_new_random (32, NULL);
  g_autoptr (SatchelSecret) fresh = secret_of ("after it all");
  g_autoptr (GError) error = NULL;

  g_assert_true (satchel_vault_set_setting (vault, "name", "kept", NULL));
  g_assert_true (satchel_vault_set_panic_phrase (vault, panic, NULL));
  g_assert_true (satchel_vault_set_code (vault, SATCHEL_SLOT_NEWSROOM, newsroom, NULL));
  satchel_vault_close (vault);
  assert_opens (folder, "open sesame");
  assert_refused (folder, "they are here", SATCHEL_VAULT_ERROR_WRONG_PASSPHRASE);
  assert_refused (folder, "open sesame", SATCHEL_VAULT_ERROR_WRONG_PASSPHRASE);
  g_assert_null (satchel_vault_open_with_code (folder, SATCHEL_SLOT_RECOVERY, code, &error));
  g_assert_error (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_WRONG_PASSPHRASE);
  g_clear_error (&error);

  vault = satchel_vault_open_with_code (folder, SATCHEL_SLOT_NEWSROOM, newsroom, &error);
  g_assert_no_error (error);
  g_autofree char *name = satchel_vault_dup_setting (vault, "name", NULL);
  g_assert_cmpstr (name, ==, "kept");
  g_assert_true (satchel_vault_set_passphrase (vault, fresh, &cheap, NULL, &error));
  satchel_vault_close (vault);
  assert_opens (folder, "after it all");
}

/* It can be taken away, and is then nothing but a wrong passphrase. */
static void
test_panic_taken_away (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  SatchelVault *vault = make (folder);
  g_autoptr (SatchelSecret) panic = secret_of ("they are here");
  gboolean has = TRUE;

  g_assert_true (satchel_vault_has_panic_phrase (vault, &has, NULL));
  g_assert_false (has);
  g_assert_true (satchel_vault_set_panic_phrase (vault, panic, NULL));
  g_assert_true (satchel_vault_has_panic_phrase (vault, &has, NULL));
  g_assert_true (has);
  g_assert_true (satchel_vault_set_panic_phrase (vault, NULL, NULL));
  g_assert_true (satchel_vault_has_panic_phrase (vault, &has, NULL));
  g_assert_false (has);
  satchel_vault_close (vault);
  assert_refused (folder, "they are here", SATCHEL_VAULT_ERROR_WRONG_PASSPHRASE);
  assert_opens (folder, "open sesame");
}

static void
assert_wrong (SatchelVault *vault, const char *typed)
{
  g_autoptr (SatchelSecret) passphrase = secret_of (typed);
  g_autoptr (GError) error = NULL;

  g_assert_false (satchel_vault_check_passphrase (vault, passphrase, &error));
  g_assert_error (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_WRONG_PASSPHRASE);
}

/* Asked for in an open vault, the panic phrase is what it is in a closed one. */
static void
test_check_passphrase (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  SatchelVault *vault = make (folder);
  g_autoptr (SatchelSecret) right = secret_of ("open sesame");
  g_autoptr (SatchelSecret) fresh = secret_of ("quite new");
  g_autoptr (SatchelSecret) panic = secret_of ("they are here");
  g_autoptr (GError) error = NULL;

  assert_wrong (vault, "they are here");
  g_assert_true (satchel_vault_check_passphrase (vault, right, NULL));
  g_assert_true (satchel_vault_set_passphrase (vault, fresh, &cheap, NULL, NULL));
  assert_wrong (vault, "open sesame");
  g_assert_true (satchel_vault_check_passphrase (vault, fresh, NULL));
  g_assert_true (satchel_vault_set_panic_phrase (vault, panic, NULL));
  assert_wrong (vault, "they are here");
  g_assert_false (satchel_vault_set_passphrase (vault, right, &cheap, NULL, &error));
  g_assert_error (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_DAMAGED);
  satchel_vault_close (vault);
  assert_refused (folder, "quite new", SATCHEL_VAULT_ERROR_WRONG_PASSPHRASE);
}

static void
test_wipe (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autofree char *nowhere = g_build_filename (folder, "nowhere", NULL);
  g_autoptr (SatchelVault) vault = make (folder);
  g_autoptr (SatchelSecret) newsroom = satchel_secret_new_random (32, NULL);
  g_autoptr (GError) error = NULL;

  g_autoptr (GBytes) card = g_bytes_new_static ("Anna Petrova", 12);

  g_assert_true (satchel_vault_set_code (vault, SATCHEL_SLOT_NEWSROOM, newsroom, NULL));
  g_assert_true (
      satchel_readable_store (folder, "00112233445566778899aabbccddeeff", card, NULL));
  /* While it is open, as well as later. */
  g_assert_true (satchel_vault_wipe (folder, FALSE, NULL, NULL));
  g_assert_false (satchel_readable_is_there (folder));
  g_clear_pointer (&vault, satchel_vault_close);
  assert_refused (folder, "open sesame", SATCHEL_VAULT_ERROR_WRONG_PASSPHRASE);
  vault = satchel_vault_open_with_code (folder, SATCHEL_SLOT_NEWSROOM, newsroom, NULL);
  g_assert_nonnull (vault);
  g_clear_pointer (&vault, satchel_vault_close);
  /* What is in the card's place and cannot be removed is told beside it. */
  g_autofree char *in_the_way = g_build_filename (folder, "press-card", "x", NULL);
  g_assert_cmpint (g_mkdir_with_parents (in_the_way, 0700), ==, 0);
  g_assert_true (satchel_vault_wipe (folder, TRUE, &error, NULL));
  g_assert_error (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_IO);
  g_clear_error (&error);
  g_assert_null (satchel_vault_open_with_code (folder, SATCHEL_SLOT_NEWSROOM, newsroom, NULL));
  g_assert_false (satchel_vault_wipe (nowhere, FALSE, NULL, &error));
  g_assert_error (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_NO_VAULT);
}

/* A wipe while a new passphrase is being stretched is not undone. */
static void
test_wipe_meanwhile (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = make (folder);
  g_autoptr (GError) error = NULL;
  guint64 sequence = satchel_key_header_get_sequence (vault->header);

  g_assert_true (satchel_vault_check_unchanged (vault, sequence, &error));
  g_assert_false (satchel_vault_check_unchanged (vault, sequence - 1, &error));
  g_assert_error (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_DAMAGED);
  g_clear_error (&error);
  g_assert_true (satchel_vault_wipe (folder, FALSE, NULL, NULL));
  g_assert_false (satchel_vault_check_unchanged (vault, sequence + 1, &error));
  g_assert_error (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_DAMAGED);
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

/* An older header in both places opens with the old passphrase, but the store knows better. In one
 * place only, the other one counts and the old one is written anew. */
static void
test_older_header (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  SatchelVault *vault = make (folder);
  g_autoptr (SatchelSecret) fresh = secret_of ("quite new");
  g_autoptr (GError) error = NULL;

  copy_file (folder, "keys", "old");
  g_assert_true (satchel_vault_set_passphrase (vault, fresh, &cheap, NULL, NULL));
  satchel_vault_close (vault);
  copy_file (folder, "old", "keys");
  assert_refused (folder, "open sesame", SATCHEL_VAULT_ERROR_WRONG_PASSPHRASE);
  assert_opens (folder, "quite new");
  assert_refused (folder, "open sesame", SATCHEL_VAULT_ERROR_WRONG_PASSPHRASE);
  copy_file (folder, "old", "keys");
  copy_file (folder, "old", "keys.bak");
  g_assert_null (open_it (folder, "open sesame", &error));
  g_assert_error (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_DAMAGED);
  g_assert_nonnull (strstr (error->message, "older key header"));
}

static void
test_damaged (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autofree char *store = g_build_filename (folder, "store.db", NULL);
  g_autofree char *keys = g_build_filename (folder, "keys", NULL);
  g_autofree char *copy = g_build_filename (folder, "keys.bak", NULL);

  satchel_vault_close (make (folder));
  g_assert_true (satchel_file_remove (store, NULL));
  assert_refused (folder, "open sesame", SATCHEL_VAULT_ERROR_DAMAGED);
  g_assert_true (g_file_set_contents (keys, "nonsense", 8, NULL));
  g_assert_true (g_file_set_contents (copy, "nonsense", 8, NULL));
  assert_refused (folder, "open sesame", SATCHEL_VAULT_ERROR_DAMAGED);
  g_assert_true (g_file_set_contents (keys, "satchel keys v9\n", 16, NULL));
  g_assert_true (g_file_set_contents (copy, "satchel keys v9\n", 16, NULL));
  assert_refused (folder, "open sesame", SATCHEL_VAULT_ERROR_NEWER);
}

/* A vault from a store that a newer Satchel migrated. */
static void
test_newer (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  SatchelVault *vault = make (folder);

  g_assert_true (satchel_db_execute (satchel_vault_get_db (vault), "PRAGMA user_version=99", NULL));
  satchel_vault_close (vault);
  assert_refused (folder, "open sesame", SATCHEL_VAULT_ERROR_NEWER);
}

/* The mark says that the making was killed, wherever that was: with the keys in place or not. */
static void
test_unfinished (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autofree char *mark = g_build_filename (folder, "unfinished", NULL);
  g_autofree char *keys = g_build_filename (folder, "keys", NULL);

  for (int round = 0; round < 3; round++) {
    satchel_vault_close (make (folder));
    assert_opens (folder, "open sesame");
    g_assert_true (g_file_set_contents (mark, "", 0, NULL));
    if (round == 1)
      g_assert_true (satchel_file_remove (keys, NULL));
    g_assert_false (satchel_vault_exists (folder));
    assert_refused (folder, "open sesame", SATCHEL_VAULT_ERROR_NO_VAULT);
  }
}

/* No file may grow beyond a limit that rises: each step of the making fails once, and leaves
 * nothing; then it succeeds in the same place. */
static void
test_no_space (void)
{
  g_autoptr (TestScratch) scratch = test_scratch_new ();
  g_autofree char *folder = g_build_filename (scratch, "vault", NULL);
  g_autoptr (SatchelSecret) passphrase = secret_of ("open sesame");
  struct rlimit before;
  guint failures = 0;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  signal (SIGXFSZ, SIG_IGN);
  for (rlim_t limit = 0; limit < 4 * 1024 * 1024; limit = limit * 2 + 16) {
    g_autoptr (GError) error = NULL;
    struct rlimit now = {limit, before.rlim_max};
    g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &now), ==, 0);
    SatchelVault *vault = satchel_vault_create (folder, passphrase, NULL, &cheap, &error);
    g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
    if (vault != NULL) {
      satchel_vault_close (vault);
      break;
    }
    failures++;
    /* SQLite tells a full disk (ENOSPC) from other failures, but not this limit (EFBIG). */
    g_assert_nonnull (error);
    g_assert_true (error->domain == SATCHEL_VAULT_ERROR &&
                   (error->code == SATCHEL_VAULT_ERROR_NO_SPACE ||
                    error->code == SATCHEL_VAULT_ERROR_IO));
    g_assert_false (satchel_vault_exists (folder));
    g_assert_cmpuint (test_count_entries (scratch), ==, 0);
  }
  g_assert_cmpuint (failures, >, 5);
  assert_opens (folder, "open sesame");
}

static void
test_restored (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autofree char *mark = g_build_filename (folder, "restored", NULL);
  guint64 first = 0;
  guint64 second = 0;

  satchel_vault_close (make (folder));
  g_assert_true (g_file_set_contents (mark, "", 0, NULL));
  SatchelVault *vault = open_it (folder, "open sesame", NULL);
  g_assert_true (satchel_vault_get_epoch (vault, &first, NULL));
  satchel_vault_close (vault);
  g_assert_cmpuint (first, >, 1);
  g_assert_false (g_file_test (mark, G_FILE_TEST_EXISTS));
  vault = open_it (folder, "open sesame", NULL);
  g_assert_true (satchel_vault_get_epoch (vault, &second, NULL));
  satchel_vault_close (vault);
  g_assert_cmpuint (first, ==, second);
}

static goffset
size_of (const char *folder, const char *name)
{
  g_autofree char *path = satchel_vault_path (folder, name);
  struct stat status;

  return lstat (path, &status) == 0 ? status.st_size : -1;
}

/* A full disk keeps nobody from reading: the index of the write-ahead log is no file, and opening
 * sets nothing that is set. */
static void
test_open_writes_nothing (void)
{
  g_autoptr (TestScratch) scratch = test_scratch_new ();
  g_autofree char *folder = g_build_filename (scratch, "vault", NULL);
  g_autofree char *store = satchel_vault_path (folder, SATCHEL_VAULT_STORE);
  SatchelVault *vault = make (folder);

  g_assert_true (satchel_vault_set_setting (vault, "name", "Zelda Quill", NULL));
  g_assert_cmpint (size_of (folder, "store.db-wal"), >, 0);
  g_assert_cmpint (size_of (folder, "store.db-shm"), ==, -1);
  satchel_vault_close (vault);
  g_autoptr (GBytes) before = satchel_file_load (store, 1024 * 1024, NULL);
  vault = open_it (folder, "open sesame", NULL);
  g_assert_true (satchel_vault_set_setting (vault, "name", "Zelda Quill", NULL));
  g_assert_true (satchel_vault_set_setting (vault, "no such", NULL, NULL));
  g_assert_cmpint (size_of (folder, "store.db-wal"), <=, 0);
  g_assert_true (satchel_vault_set_setting (vault, "name", "Zelda", NULL));
  g_assert_cmpint (size_of (folder, "store.db-wal"), >, 0);
  g_assert_cmpint (size_of (folder, "store.db-shm"), ==, -1);
  g_assert_true (satchel_vault_set_setting (vault, "name", "Zelda Quill", NULL));
  satchel_vault_close (vault);
  vault = open_it (folder, "open sesame", NULL);
  g_autofree char *name = satchel_vault_dup_setting (vault, "name", NULL);
  g_assert_cmpstr (name, ==, "Zelda Quill");
  g_autoptr (GBytes) written = satchel_file_load (store, 1024 * 1024, NULL);
  g_assert_false (g_bytes_equal (before, written));
  satchel_vault_close (vault);
  g_autoptr (GBytes) after = satchel_file_load (store, 1024 * 1024, NULL);
  g_assert_true (g_bytes_equal (written, after));
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vault/vault/create", test_create);
  g_test_add_func ("/vault/vault/abandon", test_abandon);
  g_test_add_func ("/vault/vault/exists", test_exists);
  g_test_add_func ("/vault/vault/settings", test_settings);
  g_test_add_func ("/vault/vault/derive", test_derive);
  g_test_add_func ("/vault/vault/passphrase", test_passphrase);
  g_test_add_func ("/vault/vault/panic", test_panic);
  g_test_add_func ("/vault/vault/panic-taken-away", test_panic_taken_away);
  g_test_add_func ("/vault/vault/check-passphrase", test_check_passphrase);
  g_test_add_func ("/vault/vault/wipe", test_wipe);
  g_test_add_func ("/vault/vault/wipe-meanwhile", test_wipe_meanwhile);
  g_test_add_func ("/vault/vault/older-header", test_older_header);
  g_test_add_func ("/vault/vault/damaged", test_damaged);
  g_test_add_func ("/vault/vault/newer", test_newer);
  g_test_add_func ("/vault/vault/unfinished", test_unfinished);
  g_test_add_func ("/vault/vault/no-space", test_no_space);
  g_test_add_func ("/vault/vault/restored", test_restored);
  g_test_add_func ("/vault/vault/open-writes-nothing", test_open_writes_nothing);
  return g_test_run ();
}
