/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "papers/satchel-introduction-proof.h"

#include <string.h>

#include "base/satchel-text.h"

/* Bytes in a row: age, key id, minisign, access. */
static void
make_keys (SatchelPublicKeys *keys)
{
  guint8 next = 0;

  for (guint i = 0; i < 32; i++)
    keys->age.bytes[i] = next++;
  for (guint i = 0; i < 8; i++)
    keys->minisign.key_id[i] = next++;
  for (guint i = 0; i < 32; i++)
    keys->minisign.ed25519[i] = next++;
  for (guint i = 0; i < 32; i++)
    keys->access[i] = next++;
}

static SatchelSecret *
make_secret (void)
{
  guint8 secret[SATCHEL_INTRODUCTION_SECRET_SIZE];

  memset (secret, 7, sizeof secret);
  return satchel_secret_new_copy (secret, sizeof secret, NULL);
}

static gboolean
fits (const SatchelIntroductionProof *proof, char *token_id, const SatchelPublicKeys *keys)
{
  SatchelToken token = {.id = token_id};

  return satchel_introduction_proof_check (proof, &token, keys);
}

/* Computed apart, with Python's hmac and openssl's Ed25519. */
static void
test_known (void)
{
  g_autoptr (SatchelSecret) secret = make_secret ();
  SatchelIntroductionProof made = {0};
  SatchelPublicKeys keys;

  make_keys (&keys);
  satchel_introduction_prove (secret, &keys, &made);
  g_autofree char *token_id = satchel_introduction_dup_token_id (secret);
  g_autofree char *key = satchel_hex_encode (made.key, sizeof made.key);
  g_autofree char *signature = satchel_hex_encode (made.signature, sizeof made.signature);
  g_assert_cmpstr (token_id, ==, "d5680344c05d624af0d0c6412f15d59d");
  g_assert_cmpstr (key, ==, "8804eb0427ee4474bca8e066cf811cb0836fef4df5be3905b8df4be58f61b2db");
  g_assert_cmpstr (signature, ==,
                   "fb931488a17010049e6055d782ee1fb6d8df36af39c50ef1b1846c81e3d89a49"
                   "490937dcf35a800ed81fe05d71c105e447c7532795c5842d9643651b0c63540d");
  g_assert_true (fits (&made, token_id, &keys));
}

/* Any byte of keys, signature or key changed, or another token: no proof. */
static void
test_every_byte (void)
{
  g_autoptr (SatchelSecret) secret = make_secret ();
  g_autoptr (SatchelSecret) other = satchel_secret_new_random (32, NULL);
  SatchelIntroductionProof made = {0};
  SatchelPublicKeys keys;

  make_keys (&keys);
  satchel_introduction_prove (secret, &keys, &made);
  g_autofree char *token_id = satchel_introduction_dup_token_id (secret);
  g_autofree char *other_id = satchel_introduction_dup_token_id (other);
  g_assert_false (fits (&made, other_id, &keys));
  for (gsize i = 0; i < sizeof keys; i++) {
    SatchelPublicKeys changed = keys;
    ((guint8 *) &changed)[i] ^= 1;
    g_assert_false (fits (&made, token_id, &changed));
  }
  for (gsize i = 0; i < sizeof made.signature; i++) {
    made.signature[i] ^= 1;
    g_assert_false (fits (&made, token_id, &keys));
    made.signature[i] ^= 1;
  }
  for (gsize i = 0; i < sizeof made.key; i++) {
    made.key[i] ^= 1;
    g_assert_false (fits (&made, token_id, &keys));
    made.key[i] ^= 1;
  }
  g_assert_true (fits (&made, token_id, &keys));
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/papers/introduction-proof/known", test_known);
  g_test_add_func ("/papers/introduction-proof/every-byte", test_every_byte);
  return g_test_run ();
}
