/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/satchel-text.h"

#include <sodium.h>
#include <string.h>

#define CHECKSUM_SIZE 6

static const char charset[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

static guint32
polymod_step (guint32 checksum, guint8 value)
{
  static const guint32 generator[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
  guint32 top = checksum >> 25;

  checksum = (checksum & 0x1ffffff) << 5 ^ value;
  for (guint i = 0; i < G_N_ELEMENTS (generator); i++)
    checksum ^= (top >> i & 1) != 0 ? generator[i] : 0;
  return checksum;
}

static guint32
polymod_prefix (const char *prefix)
{
  guint32 checksum = 1;

  for (const char *c = prefix; *c != '\0'; c++)
    checksum = polymod_step (checksum, (guint8) *c >> 5);
  checksum = polymod_step (checksum, 0);
  for (const char *c = prefix; *c != '\0'; c++)
    checksum = polymod_step (checksum, *c & 31);
  return checksum;
}

/* The 5-bit group at @index of @data, filled up with zero bits at the end. */
static guint8
group_at (const guint8 *data, gsize size_bytes, gsize index)
{
  gsize bit = index * 5;
  guint high = data[bit / 8];
  guint low = bit / 8 + 1 < size_bytes ? data[bit / 8 + 1] : 0;

  return ((high << 8 | low) >> (11 - bit % 8)) & 31;
}

char *
satchel_bech32_encode (const char *prefix, const guint8 *data, gsize size_bytes)
{
  gsize groups = (size_bytes * 8 + 4) / 5;
  gsize start = strlen (prefix) + 1;
  char *text = g_malloc (start + groups + CHECKSUM_SIZE + 1);
  guint32 checksum = polymod_prefix (prefix);

  memcpy (text, prefix, start - 1);
  text[start - 1] = '1';
  for (gsize i = 0; i < groups; i++) {
    guint8 group = group_at (data, size_bytes, i);
    checksum = polymod_step (checksum, group);
    text[start + i] = charset[group];
  }
  for (guint i = 0; i < CHECKSUM_SIZE; i++)
    checksum = polymod_step (checksum, 0);
  checksum ^= 1;
  for (guint i = 0; i < CHECKSUM_SIZE; i++)
    text[start + groups + i] = charset[checksum >> (5 * (5 - i)) & 31];
  text[start + groups + CHECKSUM_SIZE] = '\0';
  return text;
}

/* One case throughout, as BIP 173 demands; @out is lower case. */
static gboolean
fold_case (const char *text, gsize size, char *out)
{
  gboolean has_lower = FALSE;
  gboolean has_upper = FALSE;

  for (gsize i = 0; i < size; i++) {
    has_lower |= g_ascii_islower (text[i]);
    has_upper |= g_ascii_isupper (text[i]);
    out[i] = g_ascii_tolower (text[i]);
  }
  out[size] = '\0';
  return !(has_lower && has_upper);
}

static gboolean
decode_groups (const char *text, guint32 checksum, guint8 *out, gsize size_bytes)
{
  gsize groups = (size_bytes * 8 + 4) / 5;
  guint32 bits = 0;
  guint bit_count = 0;
  gsize used = 0;

  for (gsize i = 0; i < groups + CHECKSUM_SIZE; i++) {
    const char *found = strchr (charset, text[i]);
    if (found == NULL)
      return FALSE;
    guint8 group = (guint8) (found - charset);
    checksum = polymod_step (checksum, group);
    if (i >= groups)
      continue;
    bits = bits << 5 | group;
    bit_count += 5;
    if (bit_count >= 8) {
      bit_count -= 8;
      out[used++] = (guint8) (bits >> bit_count);
    }
  }
  return checksum == 1 && (bits & ((1u << bit_count) - 1)) == 0;
}

gboolean
satchel_bech32_decode (const char *text, const char *prefix, guint8 *out, gsize size_bytes)
{
  gsize prefix_size = strlen (prefix);
  gsize size = strlen (text);

  if (size != prefix_size + 1 + (size_bytes * 8 + 4) / 5 + CHECKSUM_SIZE)
    return FALSE;
  g_autofree char *lower = g_malloc (size + 1);
  g_autofree guint8 *data = g_malloc (size_bytes + 1);
  gboolean good =
      fold_case (text, size, lower) && strncmp (lower, prefix, prefix_size) == 0 &&
      lower[prefix_size] == '1' &&
      decode_groups (lower + prefix_size + 1, polymod_prefix (prefix), data, size_bytes);

  if (good)
    memcpy (out, data, size_bytes);
  /* What was decoded may have been a secret key. */
  sodium_memzero (lower, size + 1);
  sodium_memzero (data, size_bytes + 1);
  return good;
}
