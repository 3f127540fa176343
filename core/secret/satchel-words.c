/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "secret/satchel-words.h"

#include <math.h>
#include <sodium.h>
#include <string.h>

#include "base/satchel-text.h"
#include "secret/satchel-words-private.h"

#define WORD_MAX            9
#define SAFETY_WORDS        6
#define RECOVERY_CODE_SIZE  16
#define RECOVERY_CHECK_SIZE 1
#define CODE_GROUP          4

const char *
satchel_words_get (guint index)
{
  g_return_val_if_fail (index < SATCHEL_WORDS_COUNT, NULL);
  return satchel_words_table[index];
}

SatchelSecret *
satchel_words_new_passphrase (guint count, GError **error)
{
  g_autoptr (SatchelSecret) buffer = satchel_secret_new (count * (WORD_MAX + 1) + 1, error);
  if (buffer == NULL)
    return NULL;
  char *text = (char *) satchel_secret_get_writable (buffer);
  char *end = text;

  for (guint i = 0; i < count; i++) {
    if (i > 0)
      *end++ = ' ';
    end = stpcpy (end, satchel_words_get (randombytes_uniform (SATCHEL_WORDS_COUNT)));
  }
  gsize length = end - text;
  g_autoptr (SatchelSecret) passphrase =
      satchel_secret_new_copy ((const guint8 *) text, length, error);
  return g_steal_pointer (&passphrase);
}

/* Divides the big-endian number in place and returns the remainder. */
static guint
divide (guint8 number[32], guint divisor)
{
  guint remainder = 0;

  for (guint i = 0; i < 32; i++) {
    guint value = remainder << 8 | number[i];
    number[i] = (guint8) (value / divisor);
    remainder = value % divisor;
  }
  return remainder;
}

char *
satchel_words_from_hash (const guint8 hash[32])
{
  const char *words[SAFETY_WORDS + 1] = {NULL};
  guint8 number[32];

  memcpy (number, hash, sizeof number);
  for (guint i = SAFETY_WORDS; i > 0; i--)
    words[i - 1] = satchel_words_get (divide (number, SATCHEL_WORDS_COUNT));
  return g_strjoinv (" ", (char **) words);
}

/* Lower case, every run of white space and commas one space, none at the ends. A hyphen stays: four
 * words of the list have one. */
static char *
fold (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *lower = g_utf8_strdown (valid, -1);
  g_auto (GStrv) parts = g_strsplit_set (lower, " \t\r\n,.;", -1);
  GString *folded = g_string_new (NULL);

  for (char **part = parts; *part != NULL; part++)
    if (**part != '\0')
      g_string_append_printf (folded, "%s%s", folded->len > 0 ? " " : "", *part);
  return g_string_free (folded, FALSE);
}

gboolean
satchel_words_equal (const char *typed, const char *words)
{
  g_autofree char *a = fold (typed);
  g_autofree char *b = fold (words);

  if (g_str_equal (a, b))
    return TRUE;
  /* Read out, the words may also have been joined with hyphens. */
  g_strdelimit (a, "-", ' ');
  g_strdelimit (b, "-", ' ');
  return g_str_equal (a, b);
}

gdouble
satchel_passphrase_bits (const char *passphrase, gsize size_bytes)
{
  gboolean seen[256] = {FALSE};
  guint distinct = 0;

  for (gsize i = 0; i < size_bytes; i++) {
    guint8 byte = (guint8) passphrase[i];
    distinct += seen[byte] ? 0 : 1;
    seen[byte] = TRUE;
  }
  /* English text carries little more than one bit a letter (Shannon 1951); what a person makes up
   * is no better, and repetition is worth nothing. */
  return 1.3 * MIN ((gdouble) size_bytes, 4.0 * distinct);
}

char *
satchel_recovery_code_format (SatchelSecret *code)
{
  guint8 data[RECOVERY_CODE_SIZE + 32];
  guint8 checked[RECOVERY_CODE_SIZE + RECOVERY_CHECK_SIZE];

  g_return_val_if_fail (satchel_secret_get_size (code) == RECOVERY_CODE_SIZE, NULL);
  memcpy (checked, satchel_secret_get_data (code), RECOVERY_CODE_SIZE);
  crypto_generichash (data, 32, checked, RECOVERY_CODE_SIZE, (const guint8 *) "satchel recovery",
                      16);
  memcpy (checked + RECOVERY_CODE_SIZE, data, RECOVERY_CHECK_SIZE);
  g_autofree char *digits = satchel_crockford_encode (checked, sizeof checked);
  GString *text = g_string_new (NULL);
  for (gsize i = 0; digits[i] != '\0'; i++) {
    if (i > 0 && i % CODE_GROUP == 0)
      g_string_append_c (text, '-');
    g_string_append_c (text, digits[i]);
  }
  sodium_memzero (data, sizeof data);
  sodium_memzero (checked, sizeof checked);
  sodium_memzero (digits, strlen (digits));
  return g_string_free (text, FALSE);
}

SatchelSecret *
satchel_recovery_code_parse (const char *text, GError **error)
{
  guint8 checked[RECOVERY_CODE_SIZE + RECOVERY_CHECK_SIZE];
  guint8 hash[32];
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  gboolean good = satchel_crockford_decode (trimmed, checked, sizeof checked);

  sodium_memzero (trimmed, strlen (trimmed));
  if (good) {
    crypto_generichash (hash, sizeof hash, checked, RECOVERY_CODE_SIZE,
                        (const guint8 *) "satchel recovery", 16);
    good = sodium_memcmp (hash, checked + RECOVERY_CODE_SIZE, RECOVERY_CHECK_SIZE) == 0;
  }
  SatchelSecret *code = good ? satchel_secret_new_copy (checked, RECOVERY_CODE_SIZE, error) : NULL;
  sodium_memzero (checked, sizeof checked);
  if (!good)
    g_set_error_literal (error,
                         SATCHEL_SECRET_ERROR,
                         SATCHEL_SECRET_ERROR_WRONG,
                         "this is not a recovery code: a character is missing or mistyped");
  return code;
}
