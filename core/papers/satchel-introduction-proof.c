/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "papers/satchel-introduction-proof.h"

#include <sodium.h>
#include <string.h>

#include "base/satchel-hash.h"
#include "base/satchel-text.h"

#define KEY_LABEL     "satchel introduction key v1"
#define MESSAGE_LABEL "satchel-introduction v1\n"
#define ID_BYTES      16

static void
derive (SatchelSecret *secret, guint8 public_key[32], guint8 secret_key[64])
{
  crypto_auth_hmacsha256_state state;
  guint8 seed[32];

  crypto_auth_hmacsha256_init (&state, satchel_secret_get_data (secret),
                               satchel_secret_get_size (secret));
  crypto_auth_hmacsha256_update (&state, (const guint8 *) KEY_LABEL, strlen (KEY_LABEL));
  crypto_auth_hmacsha256_final (&state, seed);
  crypto_sign_seed_keypair (public_key, secret_key, seed);
  sodium_memzero (seed, sizeof seed);
  sodium_memzero (&state, sizeof state);
}

static char *
id_of_key (const guint8 public_key[32])
{
  g_autoptr (SatchelSha256) hash = satchel_sha256_new ();
  guint8 out[SATCHEL_SHA256_SIZE];

  satchel_sha256_update (hash, (const guint8 *) KEY_LABEL, strlen (KEY_LABEL));
  satchel_sha256_update (hash, public_key, 32);
  satchel_sha256_finish (hash, out);
  return satchel_hex_encode (out, ID_BYTES);
}

static GByteArray *
make_message (const SatchelPublicKeys *keys)
{
  GByteArray *message = g_byte_array_new ();

  g_byte_array_append (message, (const guint8 *) MESSAGE_LABEL, strlen (MESSAGE_LABEL));
  g_byte_array_append (message, keys->age.bytes, sizeof keys->age.bytes);
  g_byte_array_append (message, keys->minisign.key_id, sizeof keys->minisign.key_id);
  g_byte_array_append (message, keys->minisign.ed25519, sizeof keys->minisign.ed25519);
  g_byte_array_append (message, keys->access, sizeof keys->access);
  return message;
}

char *
satchel_introduction_dup_token_id (SatchelSecret *secret)
{
  guint8 public_key[32], secret_key[64];

  derive (secret, public_key, secret_key);
  sodium_memzero (secret_key, sizeof secret_key);
  return id_of_key (public_key);
}

void
satchel_introduction_prove (SatchelSecret *secret,
                            const SatchelPublicKeys *keys,
                            SatchelIntroductionProof *out)
{
  g_autoptr (GByteArray) message = make_message (keys);
  guint8 secret_key[64];

  derive (secret, out->key, secret_key);
  crypto_sign_detached (out->signature, NULL, message->data, message->len, secret_key);
  sodium_memzero (secret_key, sizeof secret_key);
}

gboolean
satchel_introduction_proof_check (const SatchelIntroductionProof *proof,
                                  const SatchelToken *token,
                                  const SatchelPublicKeys *keys)
{
  g_autoptr (GByteArray) message = make_message (keys);
  g_autofree char *id = id_of_key (proof->key);

  return strcmp (id, token->id) == 0 &&
         crypto_sign_verify_detached (proof->signature, message->data, message->len,
                                      proof->key) == 0;
}
