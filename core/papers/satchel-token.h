/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "papers/satchel-newsroom-card.h"

G_BEGIN_DECLS

/**
 * An upload token: a random id, an expiry and the newsroom's mailbox, signed by the desk lead. It
 * names no person. An intake checks it offline with the newsroom card.
 */
#define SATCHEL_TOKEN_SIZE_MAX  1024
#define SATCHEL_TOKEN_DAYS_MAX  400
#define SATCHEL_BEARER_SIZE_MAX 1400

typedef struct {
  char *id; /* 32 hex digits */
  gint64 expires_unix_us;
  char *mailbox;        /* the newsroom's, which it may upload to */
  char *return_mailbox; /* its own, which it may read; derived from the id */
  char *text;           /* the paper as signed */
} SatchelToken;

/** Makes a token with a random id. SATCHEL_PAPERS_ERROR_INVALID. */
SatchelToken *satchel_token_sign (gint64 expires_unix_us, SatchelSecret *lead_pair, GError **error);

/** The same with an id of the caller's: satchel_introduction_dup_token_id(). */
SatchelToken *satchel_token_sign_with_id (const char *id,
                                          gint64 expires_unix_us,
                                          SatchelSecret *lead_pair,
                                          GError **error);

/** Reads and verifies one. Expiry and revocation are satchel_token_check()'s.
 *  SATCHEL_PAPERS_ERROR_INVALID, _OTHER_KIND, _NEWER, _SIGNATURE, _MISMATCH where its mailbox is
 *  not that of @lead's newsroom. */
SatchelToken *satchel_token_parse (const char *text,
                                   gssize size_bytes,
                                   const SatchelMinisignKey *lead,
                                   GError **error);

/** Whether it may be used now: SATCHEL_PAPERS_ERROR_EXPIRED, _REVOKED (by @newsroom, nullable). */
gboolean satchel_token_check (const SatchelToken *self,
                              const SatchelNewsroomCard *newsroom,
                              gint64 now_unix_us,
                              GError **error);

/** The credentials of "Authorization: Bearer ...": the paper in base64 (RFC 6750 b64token), without
 *  the word "Bearer"; and back. The reader's errors are satchel_token_parse()'s. */
char *satchel_token_to_bearer (const SatchelToken *self);
SatchelToken *satchel_token_from_bearer (const char *credentials,
                                         const SatchelMinisignKey *lead,
                                         GError **error);

void satchel_token_free (SatchelToken *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelToken, satchel_token_free)

G_END_DECLS
