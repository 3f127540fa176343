/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sodium.h>
#include <string.h>

#include "secret/satchel-kdf.h"
#include "seal/satchel-age-private.h"

#define X25519_INFO  "age-encryption.org/v1/X25519"
#define SCRYPT_LABEL "age-encryption.org/v1/scrypt"

/* Each wrapping key is used once, so the nonce is zero. */
static const guint8 zero_nonce[crypto_aead_chacha20poly1305_IETF_NPUBBYTES];

void
satchel_age_header_mac (const guint8 file_key[SATCHEL_AGE_FILE_KEY_SIZE],
                        const guint8 *raw,
                        gsize raw_size,
                        guint8 mac[SATCHEL_AGE_MAC_SIZE])
{
  guint8 key[crypto_auth_hmacsha256_KEYBYTES];

  satchel_hkdf (file_key, SATCHEL_AGE_FILE_KEY_SIZE, NULL, 0, "header", 6, key, sizeof key);
  crypto_auth_hmacsha256 (mac, raw, raw_size, key);
  sodium_memzero (key, sizeof key);
}

SatchelSecret *
satchel_age_payload_key (SatchelSecret *file_key,
                         const guint8 nonce[SATCHEL_AGE_NONCE_SIZE],
                         GError **error)
{
  SatchelSecret *key = satchel_secret_new (SATCHEL_STREAM_KEY_SIZE, error);

  if (key != NULL)
    satchel_hkdf (satchel_secret_get_data (file_key), SATCHEL_AGE_FILE_KEY_SIZE, nonce,
                  SATCHEL_AGE_NONCE_SIZE, "payload", 7, satchel_secret_get_writable (key),
                  SATCHEL_STREAM_KEY_SIZE);
  return key;
}

void
satchel_age_wrap (const guint8 key[32],
                  const guint8 file_key[SATCHEL_AGE_FILE_KEY_SIZE],
                  guint8 body[SATCHEL_AGE_BODY_SIZE])
{
  crypto_aead_chacha20poly1305_ietf_encrypt (body, NULL, file_key, SATCHEL_AGE_FILE_KEY_SIZE, NULL,
                                             0, NULL, zero_nonce, key);
}

gboolean
satchel_age_unwrap (const guint8 key[32],
                    const guint8 body[SATCHEL_AGE_BODY_SIZE],
                    guint8 file_key[SATCHEL_AGE_FILE_KEY_SIZE])
{
  return crypto_aead_chacha20poly1305_ietf_decrypt (file_key, NULL, NULL, body,
                                                    SATCHEL_AGE_BODY_SIZE, NULL, 0, zero_nonce,
                                                    key) == 0;
}

gboolean
satchel_age_x25519_key (const guint8 scalar[32],
                        const guint8 point[32],
                        const guint8 share[32],
                        const guint8 recipient[32],
                        guint8 key[32])
{
  guint8 shared[32];
  guint8 salt[64];

  if (crypto_scalarmult (shared, scalar, point) != 0)
    return FALSE;
  memcpy (salt, share, 32);
  memcpy (salt + 32, recipient, 32);
  satchel_hkdf (shared, sizeof shared, salt, sizeof salt, X25519_INFO, strlen (X25519_INFO), key,
                32);
  sodium_memzero (shared, sizeof shared);
  return TRUE;
}

gboolean
satchel_age_scrypt_key (SatchelSecret *passphrase,
                        const guint8 salt[SATCHEL_AGE_SALT_SIZE],
                        guint log_n,
                        guint8 key[32])
{
  guint8 labelled[sizeof SCRYPT_LABEL - 1 + SATCHEL_AGE_SALT_SIZE];

  memcpy (labelled, SCRYPT_LABEL, sizeof SCRYPT_LABEL - 1);
  memcpy (labelled + sizeof SCRYPT_LABEL - 1, salt, SATCHEL_AGE_SALT_SIZE);
  return crypto_pwhash_scryptsalsa208sha256_ll (satchel_secret_get_data (passphrase),
                                                satchel_secret_get_size (passphrase), labelled,
                                                sizeof labelled, 1ULL << log_n, 8, 1, key,
                                                32) == 0;
}
