/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "seal/satchel-age.h"

#define SATCHEL_AGE_INTRO         "age-encryption.org/v1\n"
#define SATCHEL_AGE_FILE_KEY_SIZE 16
#define SATCHEL_AGE_BODY_SIZE     (SATCHEL_AGE_FILE_KEY_SIZE + 16)
#define SATCHEL_AGE_NONCE_SIZE    16
#define SATCHEL_AGE_MAC_SIZE      32
#define SATCHEL_AGE_SALT_SIZE     16

typedef struct {
  char **arguments; /* the type first; at least that */
  GByteArray *body;
} SatchelAgeStanza;

/** A header of sound grammar; its MAC is not checked. */
typedef struct {
  GByteArray *raw;    /* as received, up to and with "---": what the MAC covers */
  GPtrArray *stanzas; /* of SatchelAgeStanza; at least one */
  guint8 mac[SATCHEL_AGE_MAC_SIZE];
} SatchelAgeHeader;

/** Reads no byte further than the header's last line. SATCHEL_SEAL_ERROR_HEADER, _LIMIT. */
SatchelAgeHeader *satchel_age_header_read (GBufferedInputStream *stream,
                                           GCancellable *cancellable,
                                           GError **error);
void satchel_age_header_free (SatchelAgeHeader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelAgeHeader, satchel_age_header_free)

/** Appends "-> ", the arguments, and the body in lines of 64 columns. */
void satchel_age_stanza_append (GByteArray *out,
                                const char *const *arguments,
                                const guint8 *body,
                                gsize body_size);

/** HMAC-SHA-256 of the raw header under the file key. */
void satchel_age_header_mac (const guint8 file_key[SATCHEL_AGE_FILE_KEY_SIZE],
                             const guint8 *raw,
                             gsize raw_size,
                             guint8 mac[SATCHEL_AGE_MAC_SIZE]);

/** The payload's key, from the file key and the nonce after the header. */
SatchelSecret *satchel_age_payload_key (SatchelSecret *file_key,
                                        const guint8 nonce[SATCHEL_AGE_NONCE_SIZE],
                                        GError **error);

/** Seals a file key into a stanza's body, or opens one; FALSE where it does not verify. */
void satchel_age_wrap (const guint8 key[32],
                       const guint8 file_key[SATCHEL_AGE_FILE_KEY_SIZE],
                       guint8 body[SATCHEL_AGE_BODY_SIZE]);
gboolean satchel_age_unwrap (const guint8 key[32],
                             const guint8 body[SATCHEL_AGE_BODY_SIZE],
                             guint8 file_key[SATCHEL_AGE_FILE_KEY_SIZE]);

/** The wrapping key of an X25519 stanza. FALSE where @scalar times @point is zero (low order). */
gboolean satchel_age_x25519_key (const guint8 scalar[32],
                                 const guint8 point[32],
                                 const guint8 share[32],
                                 const guint8 recipient[32],
                                 guint8 key[32]);

/** The wrapping key of a scrypt stanza. FALSE where there is not the memory for it. */
gboolean satchel_age_scrypt_key (SatchelSecret *passphrase,
                                 const guint8 salt[SATCHEL_AGE_SALT_SIZE],
                                 guint log_n,
                                 guint8 key[32]);
