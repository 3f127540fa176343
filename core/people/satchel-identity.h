/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "papers/satchel-card.h"
#include "people/satchel-people-error.h"
#include "vault/satchel-vault.h"

G_BEGIN_DECLS

/**
 * The vault owner's identity: an age key, a minisign pair for evidence and papers, an access key
 * for network reads, and the card that shows their public halves. Made once, when the vault is
 * made. The secrets stand in the store and in guarded memory only.
 */
typedef struct {
  SatchelSecret *age;      /* 32 bytes, as satchel_age_identity_new() makes */
  SatchelSecret *minisign; /* 72 bytes, as satchel_minisign_pair_new() makes */
  SatchelSecret *access;   /* 64 bytes, as satchel_access_key_new() makes */
  SatchelCard *card;       /* has the public keys */
} SatchelIdentity;

/** Makes the identity with its card, and sets the settings "name", "role" and "actor" (the minisign
 *  public key line), in one transaction (its own, or the caller's).
 *  SATCHEL_PEOPLE_ERROR_EXISTS; SATCHEL_PAPERS_ERROR_INVALID for an impossible name. */
gboolean satchel_identity_create (SatchelVault *vault,
                                  const char *name,
                                  SatchelRole role,
                                  GError **error);

/** SATCHEL_PEOPLE_ERROR_NO_IDENTITY, _DAMAGED. */
SatchelIdentity *satchel_identity_load (SatchelVault *vault, GError **error);

/** The card alone; nothing secret is read. */
SatchelCard *satchel_identity_load_card (SatchelVault *vault, GError **error);

/** Signs the card anew with this newsroom's name on it; keys and name stay. */
gboolean satchel_identity_set_newsroom (SatchelVault *vault, const char *newsroom, GError **error);

/** The text of an identity file for `age -d -i`, as long as the secret and without a NUL: the
 * public keys as comments, "# minisign: RW..." among them, and AGE-SECRET-KEY-1... alone in its
 * line. The ledger says so before this returns. Takes part in no transaction but its own. */
SatchelSecret *satchel_identity_export (SatchelVault *vault, GError **error);

void satchel_identity_free (SatchelIdentity *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelIdentity, satchel_identity_free)

G_END_DECLS
