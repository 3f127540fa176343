/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "vault/satchel-blob.h"

G_BEGIN_DECLS

/** The vault's own part of `check`: key header copies and sequence, every row of
 * cipher_integrity_check on a fresh connection, integrity_check, foreign keys, blobs; all read from
 * the disk anew. What cannot be read is a fault. The custody chain is checked by the records room
 * on top. No transaction may be open. NO_SPACE where the write-ahead log cannot be emptied into the
 * store; IO. */
gboolean satchel_vault_check (SatchelVault *vault,
                              SatchelFaultFunc fault,
                              gpointer user_data,
                              SatchelProgressReport progress,
                              GCancellable *cancellable,
                              GError **error);

/** Writes the vault to @path as an age file for @passphrase around a ustar of keys, keys.bak, a
 * checkpointed store.db, blobs, outbox and inbox. Nothing stands at @path unless it is whole. */
gboolean satchel_vault_backup (SatchelVault *vault,
                               const char *path,
                               SatchelSecret *passphrase,
                               guint log_n,
                               SatchelProgressReport progress,
                               GCancellable *cancellable,
                               GError **error);

/** Makes a vault in @folder (which must not hold one) from such a file; nothing stays there on
 * failure. The restored vault opens with its own passphrase and starts a new sender epoch at its
 * first open. */
gboolean satchel_vault_restore (const char *folder,
                                const char *path,
                                SatchelSecret *passphrase,
                                SatchelProgressReport progress,
                                GCancellable *cancellable,
                                GError **error);

G_END_DECLS
