/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "papers/satchel-public-keys.h"

#include <sodium.h>
#include <string.h>

#include "base/satchel-hash.h"
#include "base/satchel-text.h"
#include "secret/satchel-words.h"

#define SAFETY_LABEL       "satchel safety words v1"
#define INTRODUCTION_LABEL "satchel introduction v1"
#define ENCODED_SIZE \
  (SATCHEL_AGE_KEY_SIZE + SATCHEL_MINISIGN_KEY_ID_SIZE + 32 + SATCHEL_ACCESS_KEY_SIZE)

static const char *const ROLES[] = {"reporter", "editor", "legal"};

/* Fixed widths, so that no two sets of keys give the same bytes. */
static void
encode (const SatchelPublicKeys *keys, guint8 out[ENCODED_SIZE])
{
  memcpy (out, keys->age.bytes, SATCHEL_AGE_KEY_SIZE);
  out += SATCHEL_AGE_KEY_SIZE;
  memcpy (out, keys->minisign.key_id, SATCHEL_MINISIGN_KEY_ID_SIZE);
  out += SATCHEL_MINISIGN_KEY_ID_SIZE;
  memcpy (out, keys->minisign.ed25519, 32);
  out += 32;
  memcpy (out, keys->access, SATCHEL_ACCESS_KEY_SIZE);
}

gboolean
satchel_public_keys_equal (const SatchelPublicKeys *a, const SatchelPublicKeys *b)
{
  guint8 left[ENCODED_SIZE], right[ENCODED_SIZE];

  encode (a, left);
  encode (b, right);
  return memcmp (left, right, ENCODED_SIZE) == 0;
}

gboolean
satchel_public_keys_overlap (const SatchelPublicKeys *a, const SatchelPublicKeys *b)
{
  return memcmp (a->age.bytes, b->age.bytes, SATCHEL_AGE_KEY_SIZE) == 0 ||
         memcmp (a->minisign.ed25519, b->minisign.ed25519, 32) == 0 ||
         memcmp (a->access, b->access, SATCHEL_ACCESS_KEY_SIZE) == 0;
}

char *
satchel_public_keys_dup_safety_words (const SatchelPublicKeys *keys)
{
  guint8 message[sizeof SAFETY_LABEL - 1 + ENCODED_SIZE];
  guint8 hash[SATCHEL_SHA256_SIZE];

  memcpy (message, SAFETY_LABEL, sizeof SAFETY_LABEL - 1);
  encode (keys, message + sizeof SAFETY_LABEL - 1);
  satchel_sha256 (message, sizeof message, hash);
  return satchel_words_from_hash (hash);
}

const char *
satchel_role_to_text (SatchelRole role)
{
  g_return_val_if_fail (role < G_N_ELEMENTS (ROLES), NULL);
  return ROLES[role];
}

gboolean
satchel_role_parse (const char *text, SatchelRole *role)
{
  for (guint i = 0; i < G_N_ELEMENTS (ROLES); i++) {
    if (g_str_equal (text, ROLES[i])) {
      *role = (SatchelRole) i;
      return TRUE;
    }
  }
  return FALSE;
}

SatchelSecret *
satchel_access_key_new (GError **error)
{
  guint8 public_key[SATCHEL_ACCESS_KEY_SIZE];
  SatchelSecret *key = satchel_secret_new (crypto_sign_SECRETKEYBYTES, error);

  if (key != NULL)
    crypto_sign_keypair (public_key, satchel_secret_get_writable (key));
  return key;
}

void
satchel_access_key_get_public (SatchelSecret *key, guint8 out[SATCHEL_ACCESS_KEY_SIZE])
{
  g_return_if_fail (satchel_secret_get_size (key) == crypto_sign_SECRETKEYBYTES);
  crypto_sign_ed25519_sk_to_pk (out, satchel_secret_get_data (key));
}

char *
satchel_access_key_format (const guint8 key[SATCHEL_ACCESS_KEY_SIZE])
{
  return satchel_base64_encode (key, SATCHEL_ACCESS_KEY_SIZE);
}

gboolean
satchel_access_key_parse (const char *text, guint8 out[SATCHEL_ACCESS_KEY_SIZE])
{
  g_autoptr (GBytes) raw = satchel_base64_decode (text, -1);

  if (raw == NULL || g_bytes_get_size (raw) != SATCHEL_ACCESS_KEY_SIZE)
    return FALSE;
  memcpy (out, g_bytes_get_data (raw, NULL), SATCHEL_ACCESS_KEY_SIZE);
  return TRUE;
}

void
satchel_introduction_mac (SatchelSecret *secret,
                          const SatchelPublicKeys *keys,
                          guint8 out[SATCHEL_INTRODUCTION_MAC_SIZE])
{
  guint8 encoded[ENCODED_SIZE];
  crypto_auth_hmacsha256_state state;

  g_return_if_fail (satchel_secret_get_size (secret) == SATCHEL_INTRODUCTION_SECRET_SIZE);
  encode (keys, encoded);
  crypto_auth_hmacsha256_init (&state, satchel_secret_get_data (secret),
                               SATCHEL_INTRODUCTION_SECRET_SIZE);
  crypto_auth_hmacsha256_update (&state, (const guint8 *) INTRODUCTION_LABEL,
                                 strlen (INTRODUCTION_LABEL));
  crypto_auth_hmacsha256_update (&state, encoded, sizeof encoded);
  crypto_auth_hmacsha256_final (&state, out);
  sodium_memzero (&state, sizeof state);
}

gboolean
satchel_introduction_verify (SatchelSecret *secret,
                             const SatchelPublicKeys *keys,
                             const guint8 mac[SATCHEL_INTRODUCTION_MAC_SIZE])
{
  guint8 expected[SATCHEL_INTRODUCTION_MAC_SIZE];

  satchel_introduction_mac (secret, keys, expected);
  return sodium_memcmp (expected, mac, sizeof expected) == 0;
}
