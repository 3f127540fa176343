/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "papers/satchel-public-keys.h"

G_BEGIN_DECLS

/**
 * Signed requests: HTTP Message Signatures (RFC 9421), the part that Satchel uses. Components
 * "@method" "@authority" "@path" "@query", and "content-digest" where there is a body; parameters
 * created, nonce, keyid, alg="ed25519", tag="satchel-v1"; one signature a request.
 * docs/PROTOCOL.md,
 * "Signed reads".
 */
#define SATCHEL_HTTP_SIGNATURE_HEADER_MAX 1024
#define SATCHEL_HTTP_SIGNATURE_WINDOW_S   60

/** What is signed. All text is as it stands in the request. */
typedef struct {
  const char *method;         /* "GET" */
  const char *authority;      /* normalized: satchel_authority_normalize() */
  const char *path;           /* "/mailboxes/..." as sent, still escaped */
  const char *query;          /* without "?"; NULL or "" for none */
  const char *content_digest; /* the Content-Digest header's value; NULL without a body */
} SatchelHttpRequest;

/** The Content-Digest header (RFC 9530) for a body's SHA-256: "sha-256=:...:"; and back. */
char *satchel_content_digest_format (const guint8 sha256[32]);
gboolean satchel_content_digest_parse (const char *value, guint8 sha256[32]);

/** Signs with an access key (64 bytes). @created_unix_s: the descriptor's time, moved on by the
 *  monotonic clock. @input and @signature get the values of Signature-Input and Signature.
 *  SATCHEL_PAPERS_ERROR_INVALID where a component has control characters. */
gboolean satchel_http_signature_sign (const SatchelHttpRequest *request,
                                      SatchelSecret *access_key,
                                      gint64 created_unix_s,
                                      char **input,
                                      char **signature,
                                      GError **error);

/** A request's signature as read from its headers; not yet verified. */
typedef struct {
  gint64 created_unix_s;
  char *nonce;                            /* 16 .. 64 characters; to be remembered for a window */
  guint8 key_id[SATCHEL_ACCESS_KEY_SIZE]; /* the access key it claims */
  char *params;                           /* the component list and parameters as received */
  gboolean covers_content_digest;
  guint8 signature[64];
} SatchelHttpSignature;

/** Reads both headers (NULL where missing). SATCHEL_PAPERS_ERROR_INVALID. */
SatchelHttpSignature *satchel_http_signature_parse (const char *input,
                                                    const char *signature,
                                                    GError **error);

/** Verifies with the key it names, which the caller has looked up among the members. A request with
 *  a body must cover its digest, and the digest itself is the caller's to compare.
 *  SATCHEL_PAPERS_ERROR_SIGNATURE. */
gboolean satchel_http_signature_verify (const SatchelHttpSignature *self,
                                        const SatchelHttpRequest *request,
                                        GError **error);

/** Whether it was made within 60 s of @now and not before @started (the server's own start): nonces
 *  of an earlier run are forgotten. SATCHEL_PAPERS_ERROR_STALE. */
gboolean satchel_http_signature_check_time (const SatchelHttpSignature *self,
                                            gint64 now_unix_us,
                                            gint64 started_unix_us,
                                            GError **error);

void satchel_http_signature_free (SatchelHttpSignature *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelHttpSignature, satchel_http_signature_free)

/** One line of a signature base, for the vectors of RFC 9421. */
typedef struct {
  const char *name; /* without quotes */
  const char *value;
} SatchelHttpComponent;

/** RFC 9421 section 2.5. @params as in Signature-Input, after the label. */
char *satchel_http_signature_base (const SatchelHttpComponent *components,
                                   guint n_components,
                                   const char *params);

G_END_DECLS
