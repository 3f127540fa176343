/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/satchel-json.h"

#include <sodium.h>
#include <string.h>

#include "base/satchel-error.h"

/* An integer of this many digits always fits 64 bits; json-glib wraps longer ones around. */
#define INTEGER_DIGITS_MAX 18
/* Below this every number is finite: json-glib writes infinity as what is no JSON. */
#define DECIMAL_PLACES_MAX 308

/* A parsed value takes some hundred bytes, however few it takes in the text. */
#define VALUES_MAX  1000000
#define MEMBERS_MAX 10000

typedef enum {
  EXPECT_VALUE,
  EXPECT_VALUE_OR_END, /* after '[' */
  EXPECT_KEY,
  EXPECT_KEY_OR_END, /* after '{' */
  EXPECT_COMMA_OR_END,
  EXPECT_NOTHING,
} Expectation;

typedef struct {
  const char *data;
  gsize size;
  gsize at;
  guint depth;
  guint values;
  GHashTable *keys[SATCHEL_JSON_DEPTH_MAX + 1]; /* of each open object; NULL for an array */
  const char *fault;
} Scan;

/* Keyed, so that nobody can choose member names that all collide. */
static guint
key_hash (gconstpointer key)
{
  static guint8 seed[crypto_shorthash_KEYBYTES];
  static gsize seeded;
  union {
    guint8 bytes[crypto_shorthash_BYTES];
    guint value;
  } hash;

  if (g_once_init_enter (&seeded)) {
    randombytes_buf (seed, sizeof seed);
    g_once_init_leave (&seeded, 1);
  }
  crypto_shorthash (hash.bytes, key, strlen (key), seed);
  return hash.value;
}

static gboolean
fault (Scan *scan, const char *rule)
{
  if (scan->fault == NULL)
    scan->fault = rule;
  return FALSE;
}

static int
peek (Scan *scan)
{
  return scan->at < scan->size ? (guint8) scan->data[scan->at] : -1;
}

static void
skip_space (Scan *scan)
{
  while (scan->at < scan->size && strchr (" \t\n\r", scan->data[scan->at]) != NULL &&
         scan->data[scan->at] != '\0')
    scan->at++;
}

static gboolean
take_hex4 (Scan *scan, gunichar *unit)
{
  *unit = 0;
  for (int i = 0; i < 4; i++, scan->at++) {
    int digit = scan->at < scan->size ? g_ascii_xdigit_value (scan->data[scan->at]) : -1;
    if (digit < 0)
      return fault (scan, "bad \\u escape");
    *unit = *unit << 4 | (gunichar) digit;
  }
  return TRUE;
}

/* After "\u": a whole character, the second half of a surrogate pair included. */
static gboolean
take_unicode_escape (Scan *scan, gunichar *character)
{
  gunichar low = 0;

  if (!take_hex4 (scan, character))
    return FALSE;
  if (*character == 0)
    return fault (scan, "NUL");
  if (*character >= 0xdc00 && *character <= 0xdfff)
    return fault (scan, "lone surrogate");
  if (*character < 0xd800 || *character > 0xdbff)
    return TRUE;
  if (scan->size - scan->at < 6 || scan->data[scan->at] != '\\' || scan->data[scan->at + 1] != 'u')
    return fault (scan, "lone surrogate");
  scan->at += 2;
  if (!take_hex4 (scan, &low))
    return FALSE;
  if (low < 0xdc00 || low > 0xdfff)
    return fault (scan, "lone surrogate");
  *character = 0x10000 + ((*character - 0xd800) << 10) + (low - 0xdc00);
  return TRUE;
}

static gboolean
take_escape (Scan *scan, GString *decoded)
{
  static const char plain[] = "\"\\/bfnrt";
  static const char meaning[] = "\"\\/\b\f\n\r\t";
  int c = peek (scan);
  const char *found = c > 0 ? strchr (plain, c) : NULL;
  gunichar character = 0;

  scan->at++;
  if (found != NULL) {
    if (decoded != NULL)
      g_string_append_c (decoded, meaning[found - plain]);
    return TRUE;
  }
  if (c != 'u')
    return fault (scan, "unknown escape");
  if (!take_unicode_escape (scan, &character))
    return FALSE;
  if (decoded != NULL)
    g_string_append_unichar (decoded, character);
  return TRUE;
}

/* @decoded (nullable) gets the text with its escapes resolved. UTF-8 was checked for the whole. */
static gboolean
take_string (Scan *scan, GString *decoded)
{
  scan->at++;
  for (;;) {
    int c = peek (scan);
    if (c < 0)
      return fault (scan, "unfinished string");
    if (c < 0x20)
      return fault (scan, "control character in a string");
    scan->at++;
    if (c == '"')
      return TRUE;
    if (c == '\\') {
      if (!take_escape (scan, decoded))
        return FALSE;
    } else if (decoded != NULL) {
      g_string_append_c (decoded, (char) c);
    }
  }
}

static gsize
take_digits (Scan *scan)
{
  gsize start = scan->at;

  while (g_ascii_isdigit (peek (scan)))
    scan->at++;
  return scan->at - start;
}

/* After the "e": FALSE where it is malformed. Anything over three digits is; *@exponent is 0 where
 * it is negative, which makes a number small and never infinite. */
static gboolean
take_exponent (Scan *scan, guint *exponent)
{
  gboolean negative = peek (scan) == '-';

  if (peek (scan) == '+' || negative)
    scan->at++;
  gsize start = scan->at;
  gsize digits = take_digits (scan);
  if (digits == 0 || digits > 3)
    return FALSE;
  *exponent = 0;
  for (gsize i = 0; i < digits && !negative; i++)
    *exponent = *exponent * 10 + (guint) (scan->data[start + i] - '0');
  return TRUE;
}

static gboolean
take_number (Scan *scan)
{
  guint exponent = 0;

  if (peek (scan) == '-')
    scan->at++;
  gboolean leading_zero = peek (scan) == '0';
  gsize digits = take_digits (scan);
  if (digits == 0 || (leading_zero && digits > 1))
    return fault (scan, "malformed number");
  if (peek (scan) == '.') {
    scan->at++;
    if (take_digits (scan) == 0)
      return fault (scan, "malformed number");
  }
  if (peek (scan) == 'e' || peek (scan) == 'E') {
    scan->at++;
    if (!take_exponent (scan, &exponent))
      return fault (scan, "malformed number");
  }
  return (digits <= INTEGER_DIGITS_MAX && digits + exponent <= DECIMAL_PLACES_MAX) ||
         fault (scan, "number out of range");
}

static gboolean
take_word (Scan *scan)
{
  static const char *const words[] = {"true", "false", "null"};

  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    gsize length = strlen (words[i]);
    if (scan->size - scan->at >= length && memcmp (scan->data + scan->at, words[i], length) == 0) {
      scan->at += length;
      return TRUE;
    }
  }
  return fault (scan, "not a JSON value");
}

static gboolean
open_container (Scan *scan, gboolean is_object)
{
  if (scan->depth == SATCHEL_JSON_DEPTH_MAX)
    return fault (scan, "deeper than 32 levels");
  scan->depth++;
  scan->keys[scan->depth] =
      is_object ? g_hash_table_new_full (key_hash, g_str_equal, g_free, NULL) : NULL;
  scan->at++;
  return TRUE;
}

static Expectation
close_container (Scan *scan)
{
  g_clear_pointer (&scan->keys[scan->depth], g_hash_table_unref);
  scan->depth--;
  scan->at++;
  return scan->depth == 0 ? EXPECT_NOTHING : EXPECT_COMMA_OR_END;
}

static gboolean
take_key (Scan *scan, Expectation *next)
{
  GString *key = g_string_new (NULL);

  if (!take_string (scan, key)) {
    g_string_free (key, TRUE);
    return FALSE;
  }
  if (!g_hash_table_add (scan->keys[scan->depth], g_string_free (key, FALSE)))
    return fault (scan, "duplicate key");
  if (g_hash_table_size (scan->keys[scan->depth]) > MEMBERS_MAX)
    return fault (scan, "too many members");
  skip_space (scan);
  if (peek (scan) != ':')
    return fault (scan, "missing colon");
  scan->at++;
  *next = EXPECT_VALUE;
  return TRUE;
}

static gboolean
take_value (Scan *scan, Expectation *next)
{
  int c = peek (scan);

  if (++scan->values > VALUES_MAX)
    return fault (scan, "too many values");
  if (c == '{' || c == '[') {
    *next = c == '{' ? EXPECT_KEY_OR_END : EXPECT_VALUE_OR_END;
    return open_container (scan, c == '{');
  }
  *next = scan->depth == 0 ? EXPECT_NOTHING : EXPECT_COMMA_OR_END;
  if (c == '"')
    return take_string (scan, NULL);
  if (c == '-' || g_ascii_isdigit (c))
    return take_number (scan);
  return take_word (scan);
}

static gboolean
take_token (Scan *scan, Expectation *expectation)
{
  int c = peek (scan);
  gboolean in_object = scan->depth > 0 && scan->keys[scan->depth] != NULL;
  char end = in_object ? '}' : ']';

  if (c == end && scan->depth > 0 && *expectation != EXPECT_VALUE && *expectation != EXPECT_KEY) {
    *expectation = close_container (scan);
    return TRUE;
  }
  switch (*expectation) {
    case EXPECT_VALUE:
    case EXPECT_VALUE_OR_END:
      return take_value (scan, expectation);
    case EXPECT_KEY:
    case EXPECT_KEY_OR_END:
      return c == '"' ? take_key (scan, expectation) : fault (scan, "member name expected");
    case EXPECT_COMMA_OR_END:
      if (c != ',')
        return fault (scan, "comma expected");
      scan->at++;
      *expectation = in_object ? EXPECT_KEY : EXPECT_VALUE;
      return TRUE;
    case EXPECT_NOTHING:
    default:
      return fault (scan, "something after the value");
  }
}

static gboolean
scan_all (Scan *scan)
{
  Expectation expectation = EXPECT_VALUE;

  for (;;) {
    skip_space (scan);
    if (scan->at == scan->size)
      return expectation == EXPECT_NOTHING || fault (scan, "unfinished");
    if (!take_token (scan, &expectation))
      return FALSE;
  }
}

gboolean
satchel_json_check (const char *data, gsize size_bytes, gsize limit_bytes, GError **error)
{
  Scan scan = {.data = data, .size = size_bytes};
  const char *invalid = NULL;

  if (size_bytes > limit_bytes) {
    g_set_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_TOO_LARGE,
                 "JSON: more than %zu bytes", limit_bytes);
    return FALSE;
  }
  if (size_bytes > 0 && memchr (data, '\0', size_bytes) != NULL)
    scan.fault = "NUL";
  else if (!g_utf8_validate_len (data, size_bytes, &invalid)) {
    scan.fault = "not UTF-8";
    scan.at = invalid - data;
  } else {
    scan_all (&scan);
  }
  for (guint i = 0; i <= SATCHEL_JSON_DEPTH_MAX; i++)
    g_clear_pointer (&scan.keys[i], g_hash_table_unref);
  if (scan.fault == NULL)
    return TRUE;
  g_set_error (error,
               SATCHEL_BASE_ERROR,
               SATCHEL_BASE_ERROR_INVALID,
               "JSON: %s at byte %zu",
               scan.fault,
               scan.at);
  return FALSE;
}
