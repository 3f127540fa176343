/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/satchel-sink.h"
#include "seal/satchel-seal-error.h"
#include "secret/satchel-secret.h"

G_BEGIN_DECLS

/**
 * minisign signatures (jedisct1/minisign file format): prehashed "ED" only, in one canonical form
 * of four lines with LF, each exactly as the writer makes them. Legacy "Ed" signatures are refused.
 * Comments are untrusted text to a reader until the global signature verified, and filtered before
 * display even then.
 */
#define SATCHEL_MINISIGN_KEY_ID_SIZE 8
#define SATCHEL_MINISIGN_COMMENT_MAX 1024

typedef struct {
  guint8 key_id[SATCHEL_MINISIGN_KEY_ID_SIZE];
  guint8 ed25519[32];
} SatchelMinisignKey;

gboolean satchel_minisign_key_equal (const SatchelMinisignKey *a, const SatchelMinisignKey *b);

/** The base64 line of a public key ("RWQ..."); the parser also accepts a whole public key file
 * (comment line and key line). SATCHEL_SEAL_ERROR_KEY. */
char *satchel_minisign_key_format (const SatchelMinisignKey *key);
gboolean satchel_minisign_key_parse (const char *text,
                                     gsize length,
                                     SatchelMinisignKey *out,
                                     GError **error);

/** A key pair: 8-byte key id and 64-byte Ed25519 secret key in one guarded secret of 72 bytes. */
SatchelSecret *satchel_minisign_pair_new (GError **error);
void satchel_minisign_pair_get_key (SatchelSecret *pair, SatchelMinisignKey *out);

/** Signs @size_bytes at @data. @trusted_comment: one line, at most SATCHEL_MINISIGN_COMMENT_MAX
 * bytes of clean UTF-8.
 *  @untrusted_comment nullable. Returns the file's text. */
char *satchel_minisign_sign (SatchelSecret *pair,
                             const guint8 *data,
                             gsize size_bytes,
                             const char *trusted_comment,
                             const char *untrusted_comment,
                             GError **error);

/** The same for a BLAKE2b-512 hash of something larger. */
char *satchel_minisign_sign_hash (SatchelSecret *pair,
                                  const guint8 hash[64],
                                  const char *trusted_comment,
                                  const char *untrusted_comment,
                                  GError **error);

/** Verifies with the full pinned @key. @trusted_comment (nullable) gets the authenticated comment.
 * SATCHEL_SEAL_ERROR_SIGNATURE. */
gboolean satchel_minisign_verify (const SatchelMinisignKey *key,
                                  const char *signature,
                                  gsize signature_size,
                                  const guint8 *data,
                                  gsize size_bytes,
                                  char **trusted_comment,
                                  GError **error);
gboolean satchel_minisign_verify_hash (const SatchelMinisignKey *key,
                                       const char *signature,
                                       gsize signature_size,
                                       const guint8 hash[64],
                                       char **trusted_comment,
                                       GError **error);

/** The BLAKE2b-512 of a whole stream, for the two above. */
gboolean satchel_minisign_hash_stream (GInputStream *stream,
                                       guint8 out[64],
                                       GCancellable *cancellable,
                                       GError **error);

G_END_DECLS
