/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/satchel-intake-tus.h"

#include <string.h>

#include "base/satchel-text.h"
#include "papers/satchel-mailbox.h"

gboolean
satchel_intake_tus_number (const char *text, guint64 *out)
{
  gsize length = text == NULL ? 0 : strlen (text);

  if (length == 0 || length > 19 || strspn (text, "0123456789") != length)
    return FALSE;
  guint64 value = g_ascii_strtoull (text, NULL, 10);
  if (value > G_MAXINT64)
    return FALSE;
  *out = value;
  return TRUE;
}

gboolean
satchel_intake_tus_checksum (const char *text, guint8 sha256[32], GError **error)
{
  g_autoptr (GBytes) hash = NULL;
  gsize size_bytes = 0;

  if (g_str_has_prefix (text, "sha256 "))
    hash = satchel_base64_decode (text + 7, -1);
  gconstpointer data = hash == NULL ? NULL : g_bytes_get_data (hash, &size_bytes);
  if (size_bytes != 32) {
    g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_REQUEST,
                         "Upload-Checksum must be sha256 and the hash in base64.");
    return FALSE;
  }
  memcpy (sha256, data, 32);
  return TRUE;
}

static gboolean
set_range_error (GError **error, guint64 size_bytes)
{
  g_set_error (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_RANGE,
               "The range lies outside the file's %" G_GUINT64_FORMAT " bytes.", size_bytes);
  return FALSE;
}

gboolean
satchel_intake_tus_range (
    const char *text, guint64 size_bytes, guint64 *from, guint64 *length, GError **error)
{
  guint64 first = 0, last = G_MAXINT64;

  *from = 0;
  *length = size_bytes;
  if (text == NULL || !g_str_has_prefix (text, "bytes="))
    return TRUE;
  const char *dash = strchr (text + 6, '-');
  if (dash == NULL)
    return TRUE;
  g_autofree char *left = g_strndup (text + 6, dash - text - 6);
  gboolean has_left = *left != '\0', has_right = dash[1] != '\0';
  if ((!has_left && !has_right) || (has_left && !satchel_intake_tus_number (left, &first)) ||
      (has_right && !satchel_intake_tus_number (dash + 1, &last)))
    return TRUE;
  if (!has_left) {
    /* The last so many bytes. */
    if (last == 0 || size_bytes == 0)
      return set_range_error (error, size_bytes);
    *length = MIN (last, size_bytes);
    *from = size_bytes - *length;
    return TRUE;
  }
  if (last < first)
    return TRUE;
  if (first >= size_bytes)
    return set_range_error (error, size_bytes);
  *from = first;
  *length = MIN (last, size_bytes - 1) - first + 1;
  return TRUE;
}

static gboolean
parse_mailbox_path (char **parts, guint count, SatchelIntakePath *out)
{
  if (count < 2 || count > 4 || !satchel_is_mailbox_id (parts[1]))
    return FALSE;
  g_strlcpy (out->mailbox, parts[1], sizeof out->mailbox);
  if (count == 2)
    out->kind = SATCHEL_INTAKE_PATH_MAILBOX;
  else if (count == 3 && strcmp (parts[2], "uploads") == 0)
    out->kind = SATCHEL_INTAKE_PATH_UPLOADS;
  else if (!satchel_hex_decode (parts[2], out->sha256, 32))
    return FALSE;
  else if (count == 3)
    out->kind = SATCHEL_INTAKE_PATH_FILE;
  else if (strcmp (parts[3], "seen") == 0)
    out->kind = SATCHEL_INTAKE_PATH_SEEN;
  else
    return FALSE;
  return TRUE;
}

static gboolean
parse_parts (char **parts, guint count, SatchelIntakePath *out)
{
  if (strcmp (parts[0], "mailboxes") == 0)
    return parse_mailbox_path (parts, count, out);
  if (strcmp (parts[0], "uploads") == 0 && count == 1) {
    out->kind = SATCHEL_INTAKE_PATH_UPLOADS;
    return TRUE;
  }
  if (strcmp (parts[0], "uploads") == 0 && count == 2 && satchel_is_id (parts[1])) {
    out->kind = SATCHEL_INTAKE_PATH_UPLOAD;
    g_strlcpy (out->upload, parts[1], sizeof out->upload);
    return TRUE;
  }
  if (strcmp (parts[0], "receipts") == 0 && count == 2 &&
      satchel_hex_decode (parts[1], out->sha256, 32)) {
    out->kind = SATCHEL_INTAKE_PATH_RECEIPT;
    return TRUE;
  }
  return FALSE;
}

void
satchel_intake_path_parse (const char *path, SatchelIntakePath *out)
{
  memset (out, 0, sizeof *out);
  if (strcmp (path, "/.well-known/satchel") == 0) {
    out->kind = SATCHEL_INTAKE_PATH_WELL_KNOWN;
  } else if (strcmp (path, "/newsroom") == 0) {
    out->kind = SATCHEL_INTAKE_PATH_NEWSROOM;
  } else if (path[0] == '/') {
    g_auto (GStrv) parts = g_strsplit (path + 1, "/", 6);
    guint count = g_strv_length (parts);
    if (count == 0 || !parse_parts (parts, count, out))
      memset (out, 0, sizeof *out);
  }
}
