/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "papers/satchel-token.h"

G_BEGIN_DECLS

/**
 * An invite: newsroom card, upload token and introduction secret in one file, signed by the desk
 * lead. Whoever holds it can introduce themselves once, so it is handed over as a secret is. The
 * name it was made for stays at the desk.
 */
#define SATCHEL_INVITE_SIZE_MAX (768 * 1024)

typedef struct {
  SatchelNewsroomCard *newsroom;
  SatchelToken *token;
  SatchelSecret *introduction; /* 32 bytes */
} SatchelInvite;

/** The invite's text, signed. It holds the secret: wipe it with satchel_invite_wipe_text().
 *  @newsroom must be signed by @lead_pair's key, as must @token. SATCHEL_PAPERS_ERROR_INVALID. */
char *satchel_invite_sign (const SatchelNewsroomCard *newsroom,
                           const SatchelToken *token,
                           SatchelSecret *introduction,
                           SatchelSecret *lead_pair,
                           GError **error);
void satchel_invite_wipe_text (char *text); /* NULL-safe; frees */

/** Reads and verifies all three. @size_bytes -1 for NUL-terminated text.
 *  SATCHEL_PAPERS_ERROR_INVALID, _OTHER_KIND, _NEWER, _SIGNATURE, _MISMATCH; SatchelSecretError. */
SatchelInvite *satchel_invite_parse (const char *text, gssize size_bytes, GError **error);

void satchel_invite_free (SatchelInvite *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelInvite, satchel_invite_free)

G_END_DECLS
