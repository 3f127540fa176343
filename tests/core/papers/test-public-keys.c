/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "papers/satchel-public-keys.h"

#include <string.h>

#include "secret/satchel-words.h"

/* age 00.., key id 20.., minisign 28.., access 48..: bytes in a row. */
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

/* Computed apart, with Python's hashlib, hmac and the word list. */
static void
test_known (void)
{
  static const guint8 expected[] = {0x28, 0x34, 0x34, 0xa3, 0xe8, 0xa2, 0x85, 0x8c,
                                    0x36, 0x16, 0xec, 0xd0, 0xea, 0x85, 0x40, 0xb4,
                                    0x13, 0x1d, 0x07, 0x56, 0x1f, 0x01, 0x5a, 0x9b,
                                    0x50, 0xb0, 0xe7, 0xe1, 0xcc, 0x80, 0x8b, 0xff};
  guint8 secret[32], mac[32];
  SatchelPublicKeys keys;

  make_keys (&keys);
  memset (secret, 7, sizeof secret);
  g_autoptr (SatchelSecret) introduction = satchel_secret_new_copy (secret, 32, NULL);
  g_autofree char *words = satchel_public_keys_dup_safety_words (&keys);
  satchel_introduction_mac (introduction, &keys, mac);
  g_assert_cmpmem (mac, 32, expected, 32);
  g_assert_cmpstr (words, ==, "makeover radiantly epilepsy crux juice wizard");
}

/* Every byte of every key counts, for words, MAC and equality. */
static void
test_every_byte (void)
{
  g_autoptr (SatchelSecret) introduction = satchel_secret_new_random (32, NULL);
  SatchelPublicKeys keys, other;
  guint8 mac[32];

  make_keys (&keys);
  satchel_introduction_mac (introduction, &keys, mac);
  g_assert_true (satchel_introduction_verify (introduction, &keys, mac));
  g_autofree char *words = satchel_public_keys_dup_safety_words (&keys);
  for (gsize i = 0; i < sizeof keys; i++) {
    other = keys;
    ((guint8 *) &other)[i] ^= 1;
    g_autofree char *changed = satchel_public_keys_dup_safety_words (&other);
    g_assert_cmpstr (words, !=, changed);
    g_assert_false (satchel_introduction_verify (introduction, &other, mac));
    g_assert_false (satchel_public_keys_equal (&keys, &other));
  }
  for (gsize i = 0; i < sizeof mac; i++) {
    mac[i] ^= 1;
    g_assert_false (satchel_introduction_verify (introduction, &keys, mac));
    mac[i] ^= 1;
  }
  g_autoptr (SatchelSecret) another = satchel_secret_new_random (32, NULL);
  g_assert_false (satchel_introduction_verify (another, &keys, mac));
}

static void
test_overlap (void)
{
  SatchelPublicKeys keys, other;

  make_keys (&keys);
  for (guint part = 0; part < 8; part++) {
    other = keys;
    other.age.bytes[0] ^= (part & 1) ? 1 : 0;
    other.minisign.ed25519[0] ^= (part & 2) ? 1 : 0;
    other.access[0] ^= (part & 4) ? 1 : 0;
    g_assert_true (satchel_public_keys_overlap (&keys, &other) == (part != 7));
    g_assert_true (satchel_public_keys_equal (&keys, &other) == (part == 0));
  }
}

static void
test_role (void)
{
  const SatchelRole roles[] = {SATCHEL_ROLE_REPORTER, SATCHEL_ROLE_EDITOR, SATCHEL_ROLE_LEGAL};
  SatchelRole role = SATCHEL_ROLE_EDITOR;

  for (guint i = 0; i < G_N_ELEMENTS (roles); i++) {
    g_assert_true (satchel_role_parse (satchel_role_to_text (roles[i]), &role));
    g_assert_cmpint (role, ==, roles[i]);
  }
  g_assert_false (satchel_role_parse ("Editor", &role));
  g_assert_false (satchel_role_parse ("", &role));
  g_assert_cmpint (role, ==, SATCHEL_ROLE_LEGAL);
}

static void
test_access_key (void)
{
  g_autoptr (SatchelSecret) key = satchel_access_key_new (NULL);
  guint8 public_key[32], back[32] = {0};

  satchel_access_key_get_public (key, public_key);
  g_autofree char *text = satchel_access_key_format (public_key);
  g_assert_cmpuint (strlen (text), ==, 44);
  g_assert_false (satchel_access_key_parse ("", back));
  g_assert_false (satchel_access_key_parse (text + 4, back));
  g_assert_cmpint (back[0] | back[31], ==, 0);
  g_assert_true (satchel_access_key_parse (text, back));
  g_assert_cmpmem (back, 32, public_key, 32);
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/papers/public-keys/known", test_known);
  g_test_add_func ("/papers/public-keys/every-byte", test_every_byte);
  g_test_add_func ("/papers/public-keys/overlap", test_overlap);
  g_test_add_func ("/papers/public-keys/role", test_role);
  g_test_add_func ("/papers/public-keys/access-key", test_access_key);
  return g_test_run ();
}
