/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/satchel-text.h"

#include <sodium.h>
#include <string.h>

#include "base/satchel-error.h"

#define ID_SIZE       16
#define FILE_NAME_MAX 255

char *
satchel_hex_encode (const guint8 *data, gsize size_bytes)
{
  char *text = g_malloc (size_bytes * 2 + 1);

  return sodium_bin2hex (text, size_bytes * 2 + 1, data, size_bytes);
}

static int
hex_value (char digit)
{
  return digit >= '0' && digit <= '9'   ? digit - '0'
         : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10
                                        : -1;
}

gboolean
satchel_hex_decode (const char *text, guint8 *out, gsize size_bytes)
{
  if (text == NULL || strlen (text) != size_bytes * 2)
    return FALSE;
  for (gsize i = 0; i < size_bytes * 2; i++)
    if (hex_value (text[i]) < 0)
      return FALSE;
  for (gsize i = 0; i < size_bytes; i++)
    out[i] = (guint8) (hex_value (text[2 * i]) << 4 | hex_value (text[2 * i + 1]));
  return TRUE;
}

static char *
base64_encode (const guint8 *data, gsize size_bytes, int variant)
{
  gsize size = sodium_base64_encoded_len (size_bytes, variant);
  char *text = g_malloc (size);

  return sodium_bin2base64 (text, size, data, size_bytes, variant);
}

/* libsodium's decoder takes some bytes from 0x80 on for digits (1.0.18: 0xdf for "/"). */
static gboolean
is_base64_alphabet (const char *text, gsize size)
{
  for (gsize i = 0; i < size; i++)
    if (!g_ascii_isalnum (text[i]) && text[i] != '+' && text[i] != '/' && text[i] != '=')
      return FALSE;
  return TRUE;
}

/* For the rest it is canonical: it demands zero padding bits and, by variant, padding or none. */
static GBytes *
base64_decode (const char *text, gssize length, int variant)
{
  gsize text_size = length < 0 ? strlen (text) : (gsize) length;
  gsize capacity = text_size / 4 * 3 + 3;
  g_autofree guint8 *data = g_malloc (capacity);
  gsize size = 0;
  const char *end = NULL;

  if (!is_base64_alphabet (text, text_size) ||
      sodium_base642bin (data, capacity, text, text_size, NULL, &size, &end, variant) != 0 ||
      end != text + text_size)
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&data), size);
}

char *
satchel_base64_encode (const guint8 *data, gsize size_bytes)
{
  return base64_encode (data, size_bytes, sodium_base64_VARIANT_ORIGINAL);
}

GBytes *
satchel_base64_decode (const char *text, gssize length)
{
  return base64_decode (text, length, sodium_base64_VARIANT_ORIGINAL);
}

char *
satchel_base64_encode_raw (const guint8 *data, gsize size_bytes)
{
  return base64_encode (data, size_bytes, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
}

GBytes *
satchel_base64_decode_raw (const char *text, gssize length)
{
  return base64_decode (text, length, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
}

static const char crockford[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

char *
satchel_crockford_encode (const guint8 *data, gsize size_bytes)
{
  gsize digits = (size_bytes * 8 + 4) / 5;
  char *text = g_malloc (digits + 1);

  for (gsize i = 0; i < digits; i++) {
    guint value = 0;
    for (gsize bit = i * 5; bit < i * 5 + 5; bit++)
      value = value << 1 | (bit < size_bytes * 8 ? (data[bit / 8] >> (7 - bit % 8)) & 1 : 0);
    text[i] = crockford[value];
  }
  text[digits] = '\0';
  return text;
}

static int
crockford_value (char digit)
{
  char upper = g_ascii_toupper (digit);

  if (upper == 'O')
    upper = '0';
  if (upper == 'I' || upper == 'L')
    upper = '1';
  const char *found = upper != '\0' ? strchr (crockford, upper) : NULL;
  return found != NULL ? (int) (found - crockford) : -1;
}

gboolean
satchel_crockford_decode (const char *text, guint8 *out, gsize size_bytes)
{
  gsize digits = (size_bytes * 8 + 4) / 5;
  gsize bit = 0;
  g_autofree guint8 *data = g_malloc0 (size_bytes + 1);

  for (const char *c = text; *c != '\0'; c++) {
    if (*c == '-' || *c == ' ')
      continue;
    int value = crockford_value (*c);
    if (value < 0 || bit >= digits * 5) {
      sodium_memzero (data, size_bytes + 1);
      return FALSE;
    }
    for (int i = 4; i >= 0; i--, bit++)
      data[MIN (bit / 8, size_bytes)] |= (guint8) (((value >> i) & 1) << (7 - bit % 8));
  }
  /* Bits beyond the last whole byte have to be zero: one spelling for each value. */
  gboolean whole = bit == digits * 5 && data[size_bytes] == 0;
  if (whole)
    memcpy (out, data, size_bytes);
  sodium_memzero (data, size_bytes + 1);
  return whole;
}

gboolean
satchel_text_is_clean (const char *data, gssize length)
{
  gsize size = length < 0 ? strlen (data) : (gsize) length;

  return memchr (data, '\0', size) == NULL && g_utf8_validate_len (data, size, NULL);
}

/* Marks that change the order in which text is shown: a file name can hide its ending behind them.
 */
static gboolean
is_treacherous (gunichar c)
{
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e ||
         c == 0x200f || c == 0x061c || c == 0x2028 || c == 0x2029 || c == 0xfeff ||
         g_unichar_iscntrl (c) || !g_unichar_isdefined (c);
}

char *
satchel_text_for_display (const char *text, gsize max_characters)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *shown = g_string_new (NULL);
  gsize count = 0;

  for (const char *c = valid; *c != '\0'; c = g_utf8_next_char (c)) {
    gunichar character = g_utf8_get_char (c);
    if (count++ == max_characters) {
      g_string_append (shown, "…");
      break;
    }
    g_string_append_unichar (shown, is_treacherous (character) ? 0xfffd : character);
  }
  return g_string_free (shown, FALSE);
}

/* "+7 000 000-00-00", or a word with a digit in it: "0017-24", "12/AB", "2024-03-09T14:05". */
#define NUMBER_PATTERN                   \
  "\\+?\\p{Nd}[\\p{Nd} ()-]{5,}\\p{Nd}|" \
  "(?=[^\\s\\p{Nd}]{0,64}\\p{Nd})"       \
  "[+#\\p{Latin}\\p{Nd}][+#()./:@_\\p{Latin}\\p{Nd}-]*[\\p{Latin}\\p{Nd}]"
/* Between U+2066, from here on from the left, and U+2069, its end. */
#define ISOLATED_NUMBER "\342\201\246\\0\342\201\251"

char *
satchel_text_isolate_numbers (const char *text)
{
  static gsize once = 0;
  static GRegex *regex = NULL;

  if (g_once_init_enter (&once)) {
    regex = g_regex_new (NUMBER_PATTERN, G_REGEX_OPTIMIZE, 0, NULL);
    g_once_init_leave (&once, 1);
  }
  char *isolated = g_regex_replace (regex, text, -1, 0, ISOLATED_NUMBER, 0, NULL);
  return isolated != NULL ? isolated : g_strdup (text);
}

/* Cuts at a character's border and keeps a short ending, so that a type can still be told. */
static void
shorten (GString *name)
{
  if (name->len <= FILE_NAME_MAX)
    return;
  const char *dot = strrchr (name->str, '.');
  g_autofree char *ending = g_strdup (dot != NULL && strlen (dot) <= 16 ? dot : "");
  gsize keep = FILE_NAME_MAX - strlen (ending);

  while (keep > 0 && (name->str[keep] & 0xc0) == 0x80)
    keep--;
  g_string_truncate (name, keep);
  g_string_append (name, ending);
}

char *
satchel_text_safe_file_name (const char *name)
{
  const char *slash = name != NULL ? strrchr (name, '/') : NULL;
  const char *last = slash != NULL ? slash + 1 : name != NULL ? name
                                                              : "";
  const char *backslash = strrchr (last, '\\');
  g_autofree char *valid = g_utf8_make_valid (backslash != NULL ? backslash + 1 : last, -1);
  GString *safe = g_string_new (NULL);

  for (const char *c = valid; *c != '\0'; c = g_utf8_next_char (c)) {
    gunichar character = g_utf8_get_char (c);
    g_string_append_unichar (safe, is_treacherous (character) ? '_' : character);
  }
  shorten (safe);
  if (safe->len == 0 || g_str_equal (safe->str, ".") || g_str_equal (safe->str, ".."))
    g_string_assign (safe, "file");
  return g_string_free (safe, FALSE);
}

char *
satchel_random_id (void)
{
  guint8 bytes[ID_SIZE];

  randombytes_buf (bytes, sizeof bytes);
  return satchel_hex_encode (bytes, sizeof bytes);
}

gboolean
satchel_is_id (const char *text)
{
  guint8 bytes[ID_SIZE];

  return satchel_hex_decode (text, bytes, sizeof bytes);
}

guint64
satchel_padme (guint64 size_bytes)
{
  if (size_bytes < 2)
    return size_bytes;
  /* E = floor(log2 L), S = floor(log2 E) + 1: the last E - S bits of the result are zero. */
  guint exponent = 63 - __builtin_clzll (size_bytes);
  if (exponent < 2)
    return size_bytes;
  guint mantissa = 32 - __builtin_clz (exponent);
  guint64 mask = (1ULL << (exponent - mantissa)) - 1;

  g_return_val_if_fail (size_bytes <= G_MAXUINT64 - mask, size_bytes);
  return (size_bytes + mask) & ~mask;
}
