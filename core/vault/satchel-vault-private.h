/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "vault/satchel-vault.h"

G_BEGIN_DECLS

/* Names in the vault's folder; docs/FORMAT.md, "Vault". */
#define SATCHEL_VAULT_LOCK  "lock"
#define SATCHEL_VAULT_STORE "store.db"
#define SATCHEL_VAULT_BLOBS "blobs"
/* Stands from the first to the last step of making a vault: what a killed one left behind. */
#define SATCHEL_VAULT_UNFINISHED "unfinished"
/* Stands from a restore to the first open after it. */
#define SATCHEL_VAULT_RESTORED "restored"

/* Settings that are the vault's own. */
#define SATCHEL_SETTING_SEQUENCE "vault.sequence"
#define SATCHEL_SETTING_PANIC    "vault.panic"
#define SATCHEL_SETTING_EPOCH    "epoch"

struct _SatchelVault {
  char *folder;
  char *id;
  int lock_fd;
  SatchelKeyHeader *header;
  SatchelSecret *master;
  SatchelSecret *waiting; /* random; seals the keys of blobs that wait for their transaction */
  SatchelDb *db;
  gboolean was_repaired; /* a copy of the key header was damaged or old, and written anew */
  gboolean made_folder;  /* by satchel_vault_create() */
  SatchelPool *pool;     /* borrowed */
};

/** Takes what is given: @lock_fd, @header and @master are eaten, also where it fails with
 * SATCHEL_SECRET_ERROR_MEMORY. */
SatchelVault *satchel_vault_new (const char *folder,
                                 int lock_fd,
                                 SatchelKeyHeader *header,
                                 SatchelSecret *master,
                                 GError **error);

/** g_build_filename() below the vault's folder. */
char *satchel_vault_path (const char *folder, const char *name);

/** What stands in a folder, sorted by name. SATCHEL_VAULT_ERROR_IO. */
GPtrArray *satchel_vault_list_names (const char *folder, GError **error);

/** Removes what was being written in @folder itself when the power went: copies of the store, key
 * headers, backups that were to stand there. */
gboolean satchel_vault_sweep_root (const char *folder, GError **error);

/** The store's key and salt: 48 bytes. */
SatchelSecret *satchel_vault_derive_store_key (SatchelSecret *master, GError **error);

/** Writes the key header's sequence into the store. */
gboolean satchel_vault_store_sequence (SatchelVault *self, GError **error);

/** Compares the key header with the sequence in the store. SATCHEL_VAULT_ERROR_DAMAGED where an
 * older header was put back. */
gboolean
satchel_vault_check_sequence (SatchelVault *self, guint64 header_sequence, GError **error);

/** Before a header that was loaded a stretched passphrase ago is written: whether the files still
 * hold one of the master key's with that @sequence.
 * SATCHEL_VAULT_ERROR_DAMAGED where they were wiped or changed meanwhile, which is to stay. */
gboolean
satchel_vault_check_unchanged (SatchelVault *self, guint64 sequence, GError **error);

/** Readies @folder for a new vault: made if missing, locked, private, marked as unfinished, what a
 * killed run left removed. Returns the lock to keep, or -1. SATCHEL_VAULT_ERROR_EXISTS, _BUSY,
 * _NO_SPACE, _IO. @was_there: whether the folder stood before, so that it is not removed. */
int satchel_vault_prepare_folder (const char *folder, gboolean was_there, GError **error);

/** Makes blobs/, outbox/ and inbox/. */
gboolean satchel_vault_make_folders (const char *folder, GError **error);

/** Takes the mark away: from here on it is a vault. Errors are SatchelBaseError, here and above. */
gboolean satchel_vault_finish_folder (const char *folder, GError **error);

/** Removes what was made since satchel_vault_prepare_folder(); the lock must still be held. */
void satchel_vault_abandon_folder (const char *folder, gboolean was_there);

/** Turns an error of a lower room (files, secrets, STREAM, GIO) into the vault's own, by what the
 * caller can do; the vault's own and a cancellation stay as they are. Takes @lower, sets @error,
 * always returns FALSE. */
gboolean satchel_vault_take_error (GError **error, GError *lower);

/** Sets an error of the given code and returns FALSE. */
gboolean satchel_vault_set_error (GError **error,
                                  SatchelVaultError code,
                                  const char *format,
                                  ...) G_GNUC_PRINTF (3, 4);

G_END_DECLS
