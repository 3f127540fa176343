/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "secret/satchel-words.h"

#include <string.h>

static void
test_list (void)
{
  g_assert_cmpstr (satchel_words_get (0), ==, "abacus");
  g_assert_cmpstr (satchel_words_get (SATCHEL_WORDS_COUNT - 1), ==, "zoom");
}

static void
test_passphrase (void)
{
  g_autoptr (SatchelSecret) one = satchel_words_new_passphrase (5, NULL);
  g_autoptr (SatchelSecret) two = satchel_words_new_passphrase (5, NULL);
  g_autofree char *text =
      g_strndup ((const char *) satchel_secret_get_data (one), satchel_secret_get_size (one));
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  g_assert_cmpuint (g_strv_length (words), ==, 5);
  g_assert_false (satchel_secret_equal (one, two));
}

/* 256-bit numbers whose value in base 7776 is known. */
static void
test_safety_words (void)
{
  guint8 hash[32] = {0};
  g_autofree char *zero = satchel_words_from_hash (hash);
  hash[31] = 1;
  g_autofree char *one = satchel_words_from_hash (hash);
  hash[30] = 0x1e;
  hash[31] = 0x60; /* 7776 */
  g_autofree char *carry = satchel_words_from_hash (hash);

  g_assert_cmpstr (zero, ==, "abacus abacus abacus abacus abacus abacus");
  g_assert_cmpstr (one, ==, "abacus abacus abacus abacus abacus abdomen");
  g_assert_cmpstr (carry, ==, "abacus abacus abacus abacus abdomen abacus");
  g_assert_true (satchel_words_equal ("  Abacus, abacus  ABACUS abacus abdomen\tabacus\n", carry));
  g_assert_true (satchel_words_equal ("abacus-abacus-abacus-abacus-abdomen-abacus", carry));
  g_assert_false (satchel_words_equal (one, carry));
  g_assert_false (satchel_words_equal ("abacus", carry));
}

static void
test_recovery (void)
{
  g_autoptr (SatchelSecret) code = satchel_secret_new_random (16, NULL);
  g_autofree char *text = satchel_recovery_code_format (code);
  g_autofree char *lower = g_ascii_strdown (text, -1);
  g_autoptr (SatchelSecret) back = satchel_recovery_code_parse (lower, NULL);
  guint caught = 0;

  g_assert_nonnull (back);
  g_assert_true (satchel_secret_equal (code, back));
  for (gsize i = 0; i < strlen (text); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *wrong = g_strdup (text);
    wrong[i] = wrong[i] == '7' ? '8' : '7';
    g_autoptr (SatchelSecret) none = satchel_recovery_code_parse (wrong, &error);
    caught += none == NULL;
  }
  /* One mistyped character in 256 slips through an 8-bit check. */
  g_assert_cmpuint (caught, >=, strlen (text) - 3);
  g_assert_null (satchel_recovery_code_parse ("", NULL));
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/secret/words/list", test_list);
  g_test_add_func ("/secret/words/passphrase", test_passphrase);
  g_test_add_func ("/secret/words/safety-words", test_safety_words);
  g_test_add_func ("/secret/words/recovery-code", test_recovery);
  return g_test_run ();
}
