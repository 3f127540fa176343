/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "papers/satchel-paper-private.h"

#include <string.h>

#include "base/satchel-text.h"
#include "base/satchel-time.h"

gsize
satchel_paper_size (const char *text, gssize size_bytes)
{
  return size_bytes < 0 ? strlen (text) : (gsize) size_bytes;
}

gboolean
satchel_paper_fault (GError **error, const char *key, const char *fault)
{
  g_set_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID, "the value of \"%s\" %s",
               key, fault);
  return FALSE;
}

gboolean
satchel_paper_get_time (SatchelPaper *self, const char *key, gint64 *unix_us, GError **error)
{
  if (!satchel_utc_parse (satchel_paper_get (self, key, 0), unix_us))
    return satchel_paper_fault (error, key, "is not a time in UTC");
  return TRUE;
}

gboolean
satchel_paper_get_number (SatchelPaper *self,
                          const char *key,
                          guint64 minimum,
                          guint64 maximum,
                          guint64 *number,
                          GError **error)
{
  const char *text = satchel_paper_get (self, key, 0);
  guint64 value = 0;

  if ((text[0] == '0' && text[1] != '\0') ||
      !g_ascii_string_to_unsigned (text, 10, minimum, maximum, &value, NULL))
    return satchel_paper_fault (error, key, "is not a number in its range");
  *number = value;
  return TRUE;
}

gboolean
satchel_paper_get_hash (SatchelPaper *self, const char *key, guint8 hash[32], GError **error)
{
  if (!satchel_hex_decode (satchel_paper_get (self, key, 0), hash, 32))
    return satchel_paper_fault (error, key, "is not a SHA-256 in hexadecimal");
  return TRUE;
}

gboolean
satchel_paper_get_minisign (SatchelPaper *self,
                            const char *key,
                            SatchelMinisignKey *out,
                            GError **error)
{
  const char *text = satchel_paper_get (self, key, 0);
  SatchelMinisignKey value;
  g_autofree char *spelling = NULL;

  if (!satchel_minisign_key_parse (text, (gssize) strlen (text), &value, NULL))
    return satchel_paper_fault (error, key, "is not a minisign public key");
  spelling = satchel_minisign_key_format (&value);
  if (!g_str_equal (spelling, text))
    return satchel_paper_fault (error, key, "is not the one spelling of its key");
  *out = value;
  return TRUE;
}

GBytes *
satchel_paper_get_bytes (SatchelPaper *self, const char *key, guint index, GError **error)
{
  GBytes *bytes = satchel_base64_decode (satchel_paper_get (self, key, index), -1);

  if (bytes == NULL)
    satchel_paper_fault (error, key, "is not canonical base64");
  return bytes;
}

void
satchel_paper_builder_add_time (SatchelPaperBuilder *self, const char *key, gint64 unix_us)
{
  g_autofree char *text = satchel_utc_format (unix_us);

  satchel_paper_builder_add (self, key, text);
}

void
satchel_paper_builder_add_number (SatchelPaperBuilder *self, const char *key, guint64 number)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, number);

  satchel_paper_builder_add (self, key, text);
}

void
satchel_paper_builder_add_hash (SatchelPaperBuilder *self, const char *key, const guint8 hash[32])
{
  g_autofree char *text = satchel_hex_encode (hash, 32);

  satchel_paper_builder_add (self, key, text);
}

void
satchel_paper_builder_add_minisign (SatchelPaperBuilder *self,
                                    const char *key,
                                    const SatchelMinisignKey *value)
{
  g_autofree char *text = satchel_minisign_key_format (value);

  satchel_paper_builder_add (self, key, text);
}
