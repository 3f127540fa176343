/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "seal/satchel-stream.h"

G_BEGIN_DECLS

/**
 * age v1 files (C2SP age specification), binary, with X25519 and scrypt recipients. The header is
 * kept as raw bytes and its MAC computed over them as received. Limits: header 64 KiB, line 4 KiB,
 * 64 stanzas, scrypt work factor 22. Errors are SatchelSealError.
 */
#define SATCHEL_AGE_KEY_SIZE         32
#define SATCHEL_AGE_HEADER_MAX       (64 * 1024)
#define SATCHEL_AGE_LINE_MAX         4096
#define SATCHEL_AGE_STANZAS_MAX      64
#define SATCHEL_AGE_SCRYPT_LOG_N     18 /* what we write */
#define SATCHEL_AGE_SCRYPT_LOG_N_MAX 22 /* what we read */

typedef struct {
  guint8 bytes[SATCHEL_AGE_KEY_SIZE];
} SatchelAgeRecipient;

/** "age1..." both ways; SATCHEL_SEAL_ERROR_KEY. */
char *satchel_age_recipient_format (const SatchelAgeRecipient *recipient);
gboolean satchel_age_recipient_parse (const char *text, SatchelAgeRecipient *out, GError **error);

/** A new identity: 32 random bytes; its public half; its text "AGE-SECRET-KEY-1..." in guarded
 * memory. */
SatchelSecret *satchel_age_identity_new (GError **error);
gboolean satchel_age_identity_get_recipient (SatchelSecret *identity,
                                             SatchelAgeRecipient *out,
                                             GError **error);
SatchelSecret *satchel_age_identity_format (SatchelSecret *identity, GError **error);
SatchelSecret *satchel_age_identity_parse (const char *text, gsize length, GError **error);

typedef struct _SatchelAgeWriter SatchelAgeWriter;

/**
 * Writes the header for @recipients in random order, filled up with throw-away recipients to 4, 8,
 * 16, 32 or 64 stanzas where @hide_count is set, then seals what is written to its sink. More than
 * 64 recipients: SATCHEL_SEAL_ERROR_LIMIT.
 */
SatchelAgeWriter *satchel_age_writer_new (const SatchelAgeRecipient *recipients,
                                          guint count,
                                          gboolean hide_count,
                                          SatchelSink sink,
                                          SatchelPool *pool,
                                          GCancellable *cancellable,
                                          GError **error);

/** The same for one passphrase (scrypt, @log_n normally SATCHEL_AGE_SCRYPT_LOG_N). */
SatchelAgeWriter *satchel_age_writer_new_passphrase (SatchelSecret *passphrase,
                                                     guint log_n,
                                                     SatchelSink sink,
                                                     SatchelPool *pool,
                                                     GCancellable *cancellable,
                                                     GError **error);

SatchelSink satchel_age_writer_get_sink (SatchelAgeWriter *self);
gboolean
satchel_age_writer_finish (SatchelAgeWriter *self, GCancellable *cancellable, GError **error);
void satchel_age_writer_free (SatchelAgeWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelAgeWriter, satchel_age_writer_free)

/** Bytes of a header that satchel_age_writer_new() writes for @count recipients, nonce included. */
guint64 satchel_age_header_size (guint count, gboolean hide_count);

/**
 * Reads and checks the header from @sealed with each of @identities (32-byte secrets), and returns
 * the payload as a stream that releases verified chunks only. Nothing is released on a header
 * error.
 */
GInputStream *satchel_age_reader_new (GInputStream *sealed,
                                      SatchelSecret *const *identities,
                                      guint count,
                                      SatchelPool *pool,
                                      GCancellable *cancellable,
                                      GError **error);

/** The same with a passphrase; a scrypt stanza must stand alone. */
GInputStream *satchel_age_reader_new_passphrase (GInputStream *sealed,
                                                 SatchelSecret *passphrase,
                                                 SatchelPool *pool,
                                                 GCancellable *cancellable,
                                                 GError **error);

G_END_DECLS
