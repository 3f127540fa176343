/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-minisign.h"

#include <string.h>

#include "base/satchel-file.h"
#include "test-support.h"

static GBytes *
load_vector (const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (g_getenv ("SATCHEL_VECTORS"), "minisign", name, NULL);
  GBytes *bytes = satchel_file_load (path, 1 << 20, &error);

  g_assert_no_error (error);
  return bytes;
}

static gboolean
verify_vector (const char *key_name, const char *signature_name, const char *message_name)
{
  SatchelMinisignKey key;
  g_autoptr (GBytes) key_text = load_vector (key_name);
  g_autoptr (GBytes) signature = load_vector (signature_name);
  g_autoptr (GBytes) message = load_vector (message_name);
  g_autoptr (GError) error = NULL;

  g_assert_true (satchel_minisign_key_parse (g_bytes_get_data (key_text, NULL),
                                             g_bytes_get_size (key_text), &key, NULL));
  gboolean good = satchel_minisign_verify (&key,
                                           g_bytes_get_data (signature, NULL),
                                           g_bytes_get_size (signature),
                                           g_bytes_get_data (message, NULL),
                                           g_bytes_get_size (message),
                                           NULL,
                                           &error);
  g_assert_true (good || g_error_matches (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_SIGNATURE));
  return good;
}

static void
test_vectors (void)
{
  g_autofree char *folder = g_build_filename (g_getenv ("SATCHEL_VECTORS"), "minisign", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint count = 0;

  while ((name = g_dir_read_name (dir)) != NULL) {
    if (!g_str_has_suffix (name, ".minisig"))
      continue;
    gboolean expected = g_str_equal (name, "valid_prehashed.minisig") ||
                        g_str_equal (name, "tampered_untrusted_comment.minisig");
    g_test_message ("%s", name);
    g_assert_true (verify_vector ("key.pub", name, "msg.txt") == expected);
    count++;
  }
  g_assert_cmpuint (count, >=, 12);
  g_assert_false (verify_vector ("key2.pub", "valid_prehashed.minisig", "msg.txt"));
  g_assert_false (verify_vector ("key.pub", "valid_prehashed.minisig", "other.txt"));
  g_assert_false (verify_vector ("key.pub", "alg_swapped_to_legacy.minisig", "msg_is_hash.bin"));
}

static void
test_every_byte (void)
{
  g_autoptr (SatchelSecret) pair = satchel_minisign_pair_new (NULL);
  g_autofree char *text =
      satchel_minisign_sign (pair, (const guint8 *) "hello", 5, "a comment", NULL, NULL);
  SatchelMinisignKey key;
  g_autofree char *comment = NULL;
  gsize size = strlen (text);
  gsize authenticated_from = strchr (text, '\n') - text;

  satchel_minisign_pair_get_key (pair, &key);
  g_assert_true (
      satchel_minisign_verify (&key, text, size, (const guint8 *) "hello", 5, &comment, NULL));
  g_assert_cmpstr (comment, ==, "a comment");
  for (gsize i = authenticated_from; i < size; i++) {
    g_autofree char *changed = g_strdup (text);
    changed[i] ^= 1;
    g_assert_false (
        satchel_minisign_verify (&key, changed, size, (const guint8 *) "hello", 5, NULL, NULL));
  }
  for (gsize i = 0; i < size; i++)
    g_assert_false (
        satchel_minisign_verify (&key, text, i, (const guint8 *) "hello", 5, NULL, NULL));
  g_assert_null (satchel_minisign_sign (pair, (const guint8 *) "x", 1, "two\nlines", NULL, NULL));
}

/* What we sign, minisign verifies. */
static void
test_with_minisign (void)
{
  if (!test_has_program ("minisign"))
    return;
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelSecret) pair = satchel_minisign_pair_new (NULL);
  g_autofree char *file = g_build_filename (folder, "m", NULL);
  g_autofree char *signature_file = g_build_filename (folder, "m.minisig", NULL);
  g_autofree char *text =
      satchel_minisign_sign (pair, (const guint8 *) "hello", 5, "шесть слов", "u", NULL);
  g_autofree char *output = NULL;
  SatchelMinisignKey key;

  satchel_minisign_pair_get_key (pair, &key);
  g_autofree char *key_text = satchel_minisign_key_format (&key);
  g_assert_true (g_file_set_contents (file, "hello", 5, NULL));
  g_assert_true (g_file_set_contents (signature_file, text, -1, NULL));
  const char *const argv[] = {"minisign", "-V", "-H", "-P", key_text, "-m", file, NULL};
  g_assert_cmpint (test_run (argv, NULL, &output, NULL), ==, 0);
  g_assert_nonnull (strstr (output, "шесть слов"));
  g_assert_true (g_file_set_contents (file, "hellp", 5, NULL));
  g_assert_cmpint (test_run (argv, NULL, NULL, NULL), !=, 0);
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/seal/minisign/vectors", test_vectors);
  g_test_add_func ("/seal/minisign/every-byte", test_every_byte);
  g_test_add_func ("/seal/minisign/with-minisign", test_with_minisign);
  return g_test_run ();
}
