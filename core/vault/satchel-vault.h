/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "secret/satchel-key-header.h"
#include "seal/satchel-stream.h"
#include "vault/satchel-db.h"

G_BEGIN_DECLS

/**
 * A vault: a folder with a key header, an encrypted store, evidence blobs, outbox and inbox.
 * Opening takes the folder's lock; one process at a time. All functions block; one thread at a
 * time.
 */
typedef struct _SatchelVault SatchelVault;

/** Makes a vault in @folder (made if missing; must hold no vault) and opens it. @recovery_code
 * nullable. What a killed run left behind is no vault, and is removed by the next. EXISTS,
 * NO_SPACE, IO; after failure nothing of the vault is left. */
SatchelVault *satchel_vault_create (const char *folder,
                                    SatchelSecret *passphrase,
                                    SatchelSecret *recovery_code,
                                    const SatchelKdfCost *cost,
                                    GError **error);

/** Takes away a vault that satchel_vault_create() has just made, and its folder where that made it:
 * nothing of it is left. For a maker whose own next step failed. NULL-safe. */
void satchel_vault_abandon (SatchelVault *self);

/** Opens: lock, key header, store (migrated if older, after a backup copy), journal merge left to
 * sync, orphan sweep. Where there is nothing to migrate or to mend, opening writes nothing, and
 * succeeds on a full disk. NO_VAULT, BUSY, WRONG_PASSPHRASE (also for the panic phrase), DAMAGED,
 * NEWER, NO_SPACE. */
SatchelVault *satchel_vault_open (const char *folder, SatchelSecret *passphrase, GError **error);

/** The same with a recovery code (16 bytes) or newsroom secret (32 bytes). */
SatchelVault *satchel_vault_open_with_code (const char *folder,
                                            SatchelSlotKind kind,
                                            SatchelSecret *code,
                                            GError **error);

/** Closes, zeroes the keys, gives up the lock. NULL-safe. */
void satchel_vault_close (SatchelVault *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelVault, satchel_vault_close)

/** Whether @folder looks like a vault (has a key header). */
gboolean satchel_vault_exists (const char *folder);

/** Whether @passphrase is the vault's, for whoever has it open: WRONG_PASSPHRASE where it is not.
 * The panic phrase is answered so and does what it does to a closed one; DAMAGED. Takes as long as
 * opening. */
gboolean
satchel_vault_check_passphrase (SatchelVault *self, SatchelSecret *passphrase, GError **error);

/** Changes slots, durably; each also writes the new header sequence into the store. A new
 * passphrase ends the panic phrase: *@panic_lost (nullable) tells whether there was one to be set
 * again. A panic phrase that is the passphrase is SATCHEL_SECRET_ERROR_WEAK; that and
 * SATCHEL_SECRET_ERROR_MEMORY pass through the room as they are. A NULL one takes it away. */
gboolean satchel_vault_set_passphrase (SatchelVault *self,
                                       SatchelSecret *passphrase,
                                       const SatchelKdfCost *cost,
                                       gboolean *panic_lost,
                                       GError **error);
gboolean satchel_vault_set_panic_phrase (SatchelVault *self, SatchelSecret *phrase, GError **error);
gboolean satchel_vault_has_panic_phrase (SatchelVault *self, gboolean *has, GError **error);
gboolean satchel_vault_set_code (SatchelVault *self,
                                 SatchelSlotKind kind,
                                 SatchelSecret *code,
                                 GError **error);

/** Destroys: no passphrase, no lock, no free space, less than a second. @all takes the newsroom
 * slot too. A press card that was left readable goes after them (satchel-readable.h); where it
 * could not be removed, *@card_fault (nullable, the caller's) says why, and the keys are gone all
 * the same. NO_VAULT, IO. */
gboolean
satchel_vault_wipe (const char *folder, gboolean all, GError **card_fault, GError **error);

SatchelDb *satchel_vault_get_db (SatchelVault *self);
const char *satchel_vault_get_folder (SatchelVault *self);
/** The vault's id as 32 hex digits, borrowed. */
const char *satchel_vault_get_id (SatchelVault *self);
SatchelKdfCost satchel_vault_get_cost (SatchelVault *self);
/** A 32-byte key for @purpose ("satchel ... v1"), HKDF of the master. */
SatchelSecret *satchel_vault_derive (SatchelVault *self, const char *purpose, GError **error);

/** The sender epoch: 1 in a new vault, and after each restore a number that was not used before, so
 * that bundles of a restored vault never take a number twice. SATCHEL_VAULT_ERROR_DAMAGED. */
gboolean satchel_vault_get_epoch (SatchelVault *self, guint64 *epoch, GError **error);

/** A pool for STREAM, lent by the program for the vault's lifetime; NULL for none. */
void satchel_vault_set_pool (SatchelVault *self, SatchelPool *pool);
SatchelPool *satchel_vault_get_pool (SatchelVault *self);

/** Small values that belong to the vault as a whole (name, role, epoch ...): a table of key and
 * value. Setting the value that it has writes nothing. */
gboolean
satchel_vault_set_setting (SatchelVault *self, const char *key, const char *value, GError **error);
/** NULL without an error where it is not set. A NULL value above unsets. Keys that begin with
 * "vault." are the room's own. */
char *satchel_vault_dup_setting (SatchelVault *self, const char *key, GError **error);

G_END_DECLS
