/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/satchel-vault-private.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "vault/satchel-schema.h"

/* Folders of every vault. */
static const char *const folders[] = {SATCHEL_VAULT_BLOBS, "outbox", "inbox"};

/* Everything that making a vault leaves, the mark last. Without its key header, which comes last of
 * all in the making, none of it was ever a vault. */
static gboolean
remove_unfinished (const char *folder, GError **error)
{
  static const char *const parts[] = {
      "keys",
      "keys.bak",
      SATCHEL_VAULT_STORE,
      "store.db-wal",
      SATCHEL_VAULT_RESTORED,
  };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autofree char *path = satchel_vault_path (folder, parts[i]);
    if (!satchel_file_remove (path, error))
      return FALSE;
  }
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++) {
    g_autofree char *path = satchel_vault_path (folder, folders[i]);
    if (!satchel_folder_remove (path, error))
      return FALSE;
  }
  g_autofree char *mark = satchel_vault_path (folder, SATCHEL_VAULT_UNFINISHED);
  return satchel_vault_sweep_root (folder, error) && satchel_file_remove (mark, error);
}

static gboolean
set_mark (const char *folder, GError **error)
{
  static const char text[] = "A vault was being made here, and was not finished.\n";
  g_autofree char *mark = satchel_vault_path (folder, SATCHEL_VAULT_UNFINISHED);

  return satchel_file_store (mark, (const guint8 *) text, sizeof text - 1, error);
}

/* A store, or blobs, without a key header are not ours to remove: somebody may still have the keys.
 */
static gboolean
check_free (const char *folder, GError **error)
{
  static const char *const parts[] = {"keys", "keys.bak", SATCHEL_VAULT_STORE,
                                      SATCHEL_VAULT_BLOBS};

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autofree char *path = satchel_vault_path (folder, parts[i]);
    if (g_file_test (path, G_FILE_TEST_EXISTS))
      return satchel_vault_set_error (error, SATCHEL_VAULT_ERROR_EXISTS,
                                      "%s holds a vault, or parts of one (%s)", folder, parts[i]);
  }
  return TRUE;
}

/* rmdir() refuses where anything else is in it. */
static void
leave_folder (const char *folder, gboolean was_there)
{
  g_autofree char *lock_path = satchel_vault_path (folder, SATCHEL_VAULT_LOCK);

  if (!was_there && unlink (lock_path) == 0)
    rmdir (folder);
}

int
satchel_vault_prepare_folder (const char *folder, gboolean was_there, GError **error)
{
  g_autofree char *mark = satchel_vault_path (folder, SATCHEL_VAULT_UNFINISHED);
  g_autofree char *lock_path = satchel_vault_path (folder, SATCHEL_VAULT_LOCK);
  g_autoptr (GError) local_error = NULL;
  int lock_fd = -1;

  if (!g_file_test (mark, G_FILE_TEST_EXISTS) && !check_free (folder, error))
    return -1;
  if (!satchel_folder_make (folder, &local_error) ||
      (lock_fd = satchel_file_lock (lock_path, &local_error)) < 0)
    goto failed;
  /* Again, now that nobody else can be making one. */
  if (g_file_test (mark, G_FILE_TEST_EXISTS)) {
    if (!remove_unfinished (folder, &local_error))
      goto failed;
  } else if (!check_free (folder, &local_error)) {
    goto failed;
  }
  if (chmod (folder, 0700) != 0) {
    satchel_base_set_errno (&local_error, errno, "make a folder private");
    goto failed;
  }
  if (set_mark (folder, &local_error))
    return lock_fd;

failed:
  if (lock_fd >= 0) {
    leave_folder (folder, was_there);
    close (lock_fd);
  }
  satchel_vault_take_error (error, g_steal_pointer (&local_error));
  return -1;
}

void
satchel_vault_abandon_folder (const char *folder, gboolean was_there)
{
  if (remove_unfinished (folder, NULL))
    leave_folder (folder, was_there);
}

gboolean
satchel_vault_finish_folder (const char *folder, GError **error)
{
  g_autofree char *mark = satchel_vault_path (folder, SATCHEL_VAULT_UNFINISHED);

  return satchel_folder_sync (folder, error) && satchel_file_remove (mark, error);
}

gboolean
satchel_vault_make_folders (const char *folder, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++) {
    g_autofree char *path = satchel_vault_path (folder, folders[i]);
    if (!satchel_folder_make (path, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
make_store (SatchelVault *self, GError **error)
{
  g_autofree char *path = satchel_vault_path (self->folder, SATCHEL_VAULT_STORE);
  g_autoptr (SatchelSecret) key = satchel_vault_derive_store_key (self->master, error);
  guint count = 0;
  const char *const *migrations = satchel_schema_get_migrations (&count);

  if (key == NULL)
    return FALSE;
  self->db = satchel_db_open (path, key, TRUE, error);
  return self->db != NULL &&
         satchel_schema_migrate (self->db, path, migrations, count, error) &&
         satchel_vault_set_setting (self, SATCHEL_SETTING_SEQUENCE, "1", error) &&
         satchel_vault_set_setting (self, SATCHEL_SETTING_EPOCH, "1", error) &&
         satchel_db_checkpoint (self->db, error);
}

/* The key header is what makes it a vault, and the mark's end what says that it is whole. */
static gboolean
make_parts (SatchelVault *self, GError **error)
{
  return satchel_vault_make_folders (self->folder, error) && make_store (self, error) &&
         satchel_folder_sync (self->folder, error) &&
         satchel_key_header_create (self->header, self->folder, self->master, error) &&
         satchel_vault_finish_folder (self->folder, error);
}

SatchelVault *
satchel_vault_create (const char *folder,
                      SatchelSecret *passphrase,
                      SatchelSecret *recovery_code,
                      const SatchelKdfCost *cost,
                      GError **error)
{
  g_autoptr (GError) local_error = NULL;
  SatchelSecret *master = NULL;
  gboolean was_there = g_file_test (folder, G_FILE_TEST_EXISTS);
  SatchelKeyHeader *header =
      satchel_key_header_new (passphrase, recovery_code, cost, &master, &local_error);

  if (header == NULL) {
    satchel_vault_take_error (error, g_steal_pointer (&local_error));
    return NULL;
  }
  g_autoptr (SatchelVault) self = satchel_vault_new (folder, -1, header, master, error);
  if (self == NULL)
    return NULL;
  self->made_folder = !was_there;
  self->lock_fd = satchel_vault_prepare_folder (folder, was_there, error);
  if (self->lock_fd < 0)
    return NULL;
  if (make_parts (self, &local_error))
    return g_steal_pointer (&self);
  g_clear_pointer (&self->db, satchel_db_close);
  satchel_vault_abandon_folder (folder, was_there);
  satchel_vault_take_error (error, g_steal_pointer (&local_error));
  return NULL;
}

void
satchel_vault_abandon (SatchelVault *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->db, satchel_db_close);
  /* Killed in the middle, it is an unfinished one to the next, and not somebody else's. */
  set_mark (self->folder, NULL);
  satchel_vault_abandon_folder (self->folder, !self->made_folder);
  satchel_vault_close (self);
}
