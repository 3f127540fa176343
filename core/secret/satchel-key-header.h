/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "secret/satchel-kdf.h"

G_BEGIN_DECLS

/**
 * The vault's key header: two files of fixed size, "keys" and "keys.bak", with eight slots that
 * always exist. Which slots are used, and for what, cannot be told without a secret that opens one.
 * docs/FORMAT.md has the bytes.
 *
 * This is the pure part: bytes in, bytes out. Functions that store write copy B, fsync, then copy
 * A, fsync. Errors: SatchelSecretError for content, SatchelBaseError for files.
 */
#define SATCHEL_VAULT_ID_SIZE   16
#define SATCHEL_KEY_SLOTS       8
#define SATCHEL_MASTER_KEY_SIZE 32

typedef enum {
  SATCHEL_SLOT_PASSPHRASE = 1,
  SATCHEL_SLOT_RECOVERY = 2,
  SATCHEL_SLOT_NEWSROOM = 3,
  SATCHEL_SLOT_PANIC = 4,
} SatchelSlotKind;

typedef struct _SatchelKeyHeader SatchelKeyHeader;

/** A new header with a random vault id, master key and salt: passphrase slot filled, a recovery
 * slot if
 *  @recovery_code (16 bytes) is given. @master gets the master key. */
SatchelKeyHeader *satchel_key_header_new (SatchelSecret *passphrase,
                                          SatchelSecret *recovery_code,
                                          const SatchelKdfCost *cost,
                                          SatchelSecret **master,
                                          GError **error);

/** Loads the newer of the two whole copies in @folder; *@repair is set where the other was damaged
 * or older, to be put right by the next store. SATCHEL_BASE_ERROR_NOT_FOUND,
 * SATCHEL_SECRET_ERROR_DAMAGED, _NEWER, _PARAMETERS. */
SatchelKeyHeader *satchel_key_header_load (const char *folder, gboolean *repair, GError **error);

/** Makes both files (they must not exist), or overwrites both in place, raising the sequence by
 * one. */
gboolean satchel_key_header_create (SatchelKeyHeader *self,
                                    const char *folder,
                                    SatchelSecret *master,
                                    GError **error);
gboolean satchel_key_header_store (SatchelKeyHeader *self,
                                   const char *folder,
                                   SatchelSecret *master,
                                   GError **error);

/** Tries a passphrase. Where it is the panic phrase, every slot but the newsroom's is overwritten
 * in both copies in @folder before the answer, which is SATCHEL_SECRET_ERROR_WRONG as for any wrong
 * passphrase, in the same time. */
SatchelSecret *satchel_key_header_unlock (SatchelKeyHeader *self,
                                          const char *folder,
                                          SatchelSecret *passphrase,
                                          GError **error);

/** Tries a recovery code (16 bytes) or a newsroom secret (32 bytes), by @kind. */
SatchelSecret *satchel_key_header_unlock_code (SatchelKeyHeader *self,
                                               SatchelSlotKind kind,
                                               SatchelSecret *code,
                                               GError **error);

/** Checks the MAC that only the master key can make: a header whose parameters or slots were
 * edited. */
gboolean satchel_key_header_verify (SatchelKeyHeader *self, SatchelSecret *master, GError **error);

/** Sets slots; in memory until satchel_key_header_store(). A new passphrase takes a new salt and
 * cost, so an old panic phrase no longer works and has to be set again; code slots stay. A panic
 * phrase that is the passphrase is SATCHEL_SECRET_ERROR_WEAK. */
gboolean satchel_key_header_set_passphrase (SatchelKeyHeader *self,
                                            SatchelSecret *master,
                                            SatchelSecret *passphrase,
                                            const SatchelKdfCost *cost,
                                            GError **error);
gboolean satchel_key_header_set_panic (SatchelKeyHeader *self,
                                       SatchelSecret *master,
                                       SatchelSecret *phrase,
                                       GError **error);
void satchel_key_header_clear_panic (SatchelKeyHeader *self);
gboolean satchel_key_header_set_code (SatchelKeyHeader *self,
                                      SatchelSecret *master,
                                      SatchelSlotKind kind,
                                      SatchelSecret *code,
                                      GError **error);

/** Overwrites slots with random bytes, in both files, with no secret needed; @all takes the
 * newsroom slot too. In place: a full disk is no hindrance. One file that cannot be overwritten
 * keeps nothing from the other; then it is FALSE all the same. */
gboolean satchel_key_header_wipe (const char *folder, gboolean all, GError **error);

const guint8 *satchel_key_header_get_vault_id (SatchelKeyHeader *self);
guint64 satchel_key_header_get_sequence (SatchelKeyHeader *self);
SatchelKdfCost satchel_key_header_get_cost (SatchelKeyHeader *self);
void satchel_key_header_free (SatchelKeyHeader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelKeyHeader, satchel_key_header_free)

G_END_DECLS
