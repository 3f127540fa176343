/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "papers/satchel-token.h"

G_BEGIN_DECLS

/**
 * What shows any member of the newsroom, and not only the desk that keeps the invite's secret, that
 * a reporter's keys came with an invite. From the introduction secret follows an Ed25519 key; the
 * token's id is the beginning of that key's hash, and the token is signed by the lead. So a
 * signature of that key over the reporter's public keys proves that who made them held the invite.
 * The intake sees the token but never the key, and cannot introduce anybody.
 */
typedef struct {
  guint8 key[32];
  guint8 signature[64];
} SatchelIntroductionProof;

/** The token id that belongs to an introduction secret (32 bytes). */
char *satchel_introduction_dup_token_id (SatchelSecret *secret);

/** Signs one's public keys with the key of the secret. */
void satchel_introduction_prove (SatchelSecret *secret,
                                 const SatchelPublicKeys *keys,
                                 SatchelIntroductionProof *out);

/** Whether @proof is of the key that @token names, over @keys. */
gboolean satchel_introduction_proof_check (const SatchelIntroductionProof *proof,
                                           const SatchelToken *token,
                                           const SatchelPublicKeys *keys);

G_END_DECLS
