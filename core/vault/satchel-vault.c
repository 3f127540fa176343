/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/satchel-vault-private.h"

#include <unistd.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-text.h"
#include "base/satchel-time.h"
#include "vault/satchel-blob.h"
#include "vault/satchel-readable.h"
#include "vault/satchel-schema.h"

char *
satchel_vault_path (const char *folder, const char *name)
{
  return g_build_filename (folder, name, NULL);
}

static gboolean
has_file (const char *folder, const char *name)
{
  g_autofree char *path = satchel_vault_path (folder, name);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

gboolean
satchel_vault_exists (const char *folder)
{
  return (has_file (folder, "keys") || has_file (folder, "keys.bak")) &&
         !has_file (folder, SATCHEL_VAULT_UNFINISHED);
}

SatchelSecret *
satchel_vault_derive_store_key (SatchelSecret *master, GError **error)
{
  return satchel_hkdf_secret (master, "satchel store v1", 48, error);
}

SatchelVault *
satchel_vault_new (const char *folder,
                   int lock_fd,
                   SatchelKeyHeader *header,
                   SatchelSecret *master,
                   GError **error)
{
  g_autoptr (SatchelVault) self = g_new0 (SatchelVault, 1);

  self->folder = g_strdup (folder);
  self->lock_fd = lock_fd;
  self->header = header;
  self->master = master;
  self->id =
      satchel_hex_encode (satchel_key_header_get_vault_id (header), SATCHEL_VAULT_ID_SIZE);
  self->waiting = satchel_secret_new_random (SATCHEL_WRAPPABLE_SIZE, error);
  return self->waiting != NULL ? g_steal_pointer (&self) : NULL;
}

void
satchel_vault_close (SatchelVault *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->db, satchel_db_close);
  satchel_secret_unref (self->master);
  satchel_secret_unref (self->waiting);
  satchel_key_header_free (self->header);
  if (self->lock_fd >= 0)
    close (self->lock_fd);
  g_free (self->folder);
  g_free (self->id);
  g_free (self);
}

/* The header is written before the store: one that is ahead of the store is a change that was cut
 * short, one behind it was put back. */
gboolean
satchel_vault_check_sequence (SatchelVault *self, guint64 header_sequence, GError **error)
{
  guint64 known = 0;
  g_autoptr (GError) local_error = NULL;
  g_autofree char *text = satchel_vault_dup_setting (self, SATCHEL_SETTING_SEQUENCE, &local_error);

  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT64, &known, NULL))
    return satchel_vault_set_error (error, SATCHEL_VAULT_ERROR_DAMAGED,
                                    "the store does not know its key header's sequence");
  if (header_sequence >= known)
    return TRUE;
  return satchel_vault_set_error (
      error, SATCHEL_VAULT_ERROR_DAMAGED,
      "an older key header was put back: it is number %" G_GUINT64_FORMAT
      ", the store knows number %" G_GUINT64_FORMAT,
      header_sequence, known);
}

gboolean
satchel_vault_store_sequence (SatchelVault *self, GError **error)
{
  g_autofree char *text =
      g_strdup_printf ("%" G_GUINT64_FORMAT, satchel_key_header_get_sequence (self->header));

  return satchel_vault_set_setting (self, SATCHEL_SETTING_SEQUENCE, text, error);
}

static gboolean
open_store (SatchelVault *self, GError **error)
{
  g_autofree char *path = satchel_vault_path (self->folder, SATCHEL_VAULT_STORE);
  g_autoptr (SatchelSecret) key = satchel_vault_derive_store_key (self->master, error);
  g_autoptr (GError) local_error = NULL;
  guint count = 0;
  const char *const *migrations = satchel_schema_get_migrations (&count);

  if (key == NULL)
    return FALSE;
  self->db = satchel_db_open (path, key, FALSE, &local_error);
  if (g_error_matches (local_error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_NOT_FOUND))
    return satchel_vault_set_error (error, SATCHEL_VAULT_ERROR_DAMAGED, "the store is missing");
  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  return satchel_schema_migrate (self->db, path, migrations, count, error);
}

gboolean
satchel_vault_get_epoch (SatchelVault *self, guint64 *epoch, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autofree char *text = satchel_vault_dup_setting (self, SATCHEL_SETTING_EPOCH, &local_error);

  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  if (text != NULL && g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, epoch, NULL))
    return TRUE;
  return satchel_vault_set_error (error, SATCHEL_VAULT_ERROR_DAMAGED,
                                  "the store does not know its sender epoch");
}

/* The mark goes after the COMMIT: a crash between them raises the epoch once more, no harm. The
 * clock keeps two restores of one backup, on two machines, apart. */
static gboolean
begin_epoch_after_restore (SatchelVault *self, GError **error)
{
  g_autofree char *mark = satchel_vault_path (self->folder, SATCHEL_VAULT_RESTORED);
  g_autoptr (GError) local_error = NULL;
  guint64 epoch = 0;

  if (!g_file_test (mark, G_FILE_TEST_EXISTS))
    return TRUE;
  if (!satchel_vault_get_epoch (self, &epoch, error))
    return FALSE;
  gint64 seconds = satchel_now_us () / G_USEC_PER_SEC;
  epoch = MAX (epoch + 1, (guint64) MAX (seconds, 0));
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, epoch);
  if (!satchel_vault_set_setting (self, SATCHEL_SETTING_EPOCH, text, error))
    return FALSE;
  return satchel_file_remove (mark, &local_error) ||
         satchel_vault_take_error (error, g_steal_pointer (&local_error));
}

/* A Destroy leaves the newsroom's slot and a random MAC, since the master was not at hand. Every
 * other slot is destroyed once more before the header is authenticated again: none that somebody
 * put back may be blessed. */
static gboolean
authenticate_after_destroy (SatchelVault *self, GError **error)
{
  gboolean repair = FALSE;
  g_autoptr (SatchelKeyHeader) header = NULL;

  if (!satchel_key_header_wipe (self->folder, FALSE, error))
    return FALSE;
  header = satchel_key_header_load (self->folder, &repair, error);
  if (header == NULL || !satchel_key_header_store (header, self->folder, self->master, error))
    return FALSE;
  satchel_key_header_free (self->header);
  self->header = g_steal_pointer (&header);
  return TRUE;
}

static gboolean
verify_header (SatchelVault *self, gboolean repair, SatchelSlotKind kind, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (!satchel_key_header_verify (self->header, self->master, &local_error)) {
    if (kind != SATCHEL_SLOT_NEWSROOM)
      return satchel_vault_take_error (error, g_steal_pointer (&local_error));
    g_clear_error (&local_error);
    if (!authenticate_after_destroy (self, &local_error))
      return satchel_vault_take_error (error, g_steal_pointer (&local_error));
    repair = FALSE;
  }
  self->was_repaired = repair;
  return TRUE;
}

static gboolean
finish_header (SatchelVault *self, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (!satchel_vault_check_sequence (self, satchel_key_header_get_sequence (self->header), error))
    return FALSE;
  if (self->was_repaired &&
      !satchel_vault_check_unchanged (self, satchel_key_header_get_sequence (self->header), error))
    return FALSE;
  if (self->was_repaired &&
      !satchel_key_header_store (self->header, self->folder, self->master, &local_error))
    return satchel_vault_take_error (error, g_steal_pointer (&local_error));
  return satchel_vault_store_sequence (self, error);
}

/* All that comes after the master key is at hand. */
static gboolean
open_rest (SatchelVault *self, gboolean repair, SatchelSlotKind kind, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (!verify_header (self, repair, kind, error) || !open_store (self, error) ||
      !finish_header (self, error) || !begin_epoch_after_restore (self, error))
    return FALSE;
  /* Empty folders get lost in copies. */
  if (!satchel_vault_make_folders (self->folder, &local_error))
    return satchel_vault_take_error (error, g_steal_pointer (&local_error));
  /* An orphan that cannot be removed opens with no key, and must not keep anyone out; the check
   * tells of it. */
  satchel_blob_sweep (self, NULL);
  satchel_readable_sweep (self, NULL);
  return TRUE;
}

/* Loads the header under the lock; *@lock_fd is the caller's to close. */
static SatchelKeyHeader *
lock_and_load (const char *folder, int *lock_fd, gboolean *repair, GError **error)
{
  g_autofree char *lock_path = satchel_vault_path (folder, SATCHEL_VAULT_LOCK);
  g_autoptr (GError) local_error = NULL;
  SatchelKeyHeader *header = NULL;

  if (!satchel_vault_exists (folder)) {
    satchel_vault_set_error (error, SATCHEL_VAULT_ERROR_NO_VAULT, "there is no vault in %s",
                             folder);
    return NULL;
  }
  *lock_fd = satchel_file_lock (lock_path, &local_error);
  if (*lock_fd >= 0)
    header = satchel_key_header_load (folder, repair, &local_error);
  if (header == NULL)
    satchel_vault_take_error (error, g_steal_pointer (&local_error));
  return header;
}

/* @kind says what @secret is. */
static SatchelVault *
open_with (const char *folder, SatchelSlotKind kind, SatchelSecret *secret, GError **error)
{
  int lock_fd = -1;
  gboolean repair = FALSE;
  g_autoptr (GError) local_error = NULL;
  SatchelSecret *master = NULL;
  SatchelKeyHeader *header = lock_and_load (folder, &lock_fd, &repair, error);

  if (header != NULL) {
    master = kind == SATCHEL_SLOT_PASSPHRASE
                 ? satchel_key_header_unlock (header, folder, secret, &local_error)
                 : satchel_key_header_unlock_code (header, kind, secret, &local_error);
    if (master == NULL)
      satchel_vault_take_error (error, g_steal_pointer (&local_error));
  }
  if (master == NULL) {
    satchel_key_header_free (header);
    if (lock_fd >= 0)
      close (lock_fd);
    return NULL;
  }
  g_autoptr (SatchelVault) self = satchel_vault_new (folder, lock_fd, header, master, error);
  return self != NULL && open_rest (self, repair, kind, error) ? g_steal_pointer (&self) : NULL;
}

SatchelVault *
satchel_vault_open (const char *folder, SatchelSecret *passphrase, GError **error)
{
  return open_with (folder, SATCHEL_SLOT_PASSPHRASE, passphrase, error);
}

SatchelVault *
satchel_vault_open_with_code (const char *folder,
                              SatchelSlotKind kind,
                              SatchelSecret *code,
                              GError **error)
{
  g_return_val_if_fail (kind == SATCHEL_SLOT_RECOVERY || kind == SATCHEL_SLOT_NEWSROOM, NULL);
  return open_with (folder, kind, code, error);
}

SatchelDb *
satchel_vault_get_db (SatchelVault *self)
{
  return self->db;
}

const char *
satchel_vault_get_folder (SatchelVault *self)
{
  return self->folder;
}

const char *
satchel_vault_get_id (SatchelVault *self)
{
  return self->id;
}

SatchelKdfCost
satchel_vault_get_cost (SatchelVault *self)
{
  return satchel_key_header_get_cost (self->header);
}

SatchelSecret *
satchel_vault_derive (SatchelVault *self, const char *purpose, GError **error)
{
  return satchel_hkdf_secret (self->master, purpose, 32, error);
}

void
satchel_vault_set_pool (SatchelVault *self, SatchelPool *pool)
{
  self->pool = pool;
}

SatchelPool *
satchel_vault_get_pool (SatchelVault *self)
{
  return self->pool;
}

gboolean
satchel_vault_set_setting (SatchelVault *self, const char *key, const char *value, GError **error)
{
  /* What is set already is not written: opening a vault on a full disk sets what it knows. */
  const char *sql = value != NULL ? "INSERT INTO setting (key, value) VALUES (?1, ?2)"
                                    " ON CONFLICT (key) DO UPDATE SET value = ?2 WHERE value <> ?2"
                                  : "DELETE FROM setting WHERE key = ?1";
  SatchelStatement *statement = satchel_db_prepare (self->db, sql, error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, key);
  if (value != NULL)
    satchel_statement_bind_text (statement, 2, value);
  return satchel_statement_run (statement, error);
}

char *
satchel_vault_dup_setting (SatchelVault *self, const char *key, GError **error)
{
  gboolean has_row = FALSE;
  SatchelStatement *statement =
      satchel_db_prepare (self->db, "SELECT value FROM setting WHERE key = ?", error);

  if (statement == NULL)
    return NULL;
  satchel_statement_bind_text (statement, 1, key);
  if (!satchel_statement_step (statement, &has_row, error))
    return NULL;
  char *value = has_row ? g_strdup (satchel_statement_get_text (statement, 0)) : NULL;
  satchel_statement_reset (statement);
  return value;
}
