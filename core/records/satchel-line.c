/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-line-private.h"

#include <string.h>

#include "base/satchel-error.h"
#include "base/satchel-hash.h"
#include "base/satchel-json.h"
#include "base/satchel-text.h"
#include "records/satchel-records-error.h"

GString *
satchel_line_new (void)
{
  GString *line = g_string_sized_new (512);

  g_string_append_c (line, '{');
  return line;
}

static void
add_name (GString *line, const char *name)
{
  if (line->len > 1)
    g_string_append_c (line, ',');
  g_string_append_printf (line, "\"%s\":", name);
}

void
satchel_line_add_string (GString *line, const char *name, const char *value)
{
  if (value == NULL)
    return;
  add_name (line, name);
  g_string_append_c (line, '"');
  for (const char *at = value; *at != '\0'; at++)
    if (*at == '"' || *at == '\\') {
      g_string_append_c (line, '\\');
      g_string_append_c (line, *at);
    } else if ((guchar) *at < 0x20)
      g_string_append_printf (line, "\\u%04x", *at);
    else
      g_string_append_c (line, *at);
  g_string_append_c (line, '"');
}

void
satchel_line_add_int (GString *line, const char *name, gint64 value)
{
  add_name (line, name);
  g_string_append_printf (line, "%" G_GINT64_FORMAT, value);
}

void
satchel_line_add_hash (GString *line, const char *name, const guint8 *hash)
{
  if (hash == NULL)
    return;
  g_autofree char *text = satchel_hex_encode (hash, SATCHEL_SHA256_SIZE);
  satchel_line_add_string (line, name, text);
}

void
satchel_line_add_exact (GString *line, const char *name, gint64 unix_us)
{
  SatchelWhen when = {unix_us, 0, SATCHEL_PRECISION_EXACT};
  g_autofree char *text = satchel_when_format (&when);

  satchel_line_add_string (line, name, text);
}

void
satchel_line_add_object (GString *line, const char *name, JsonObject *object)
{
  if (object == NULL)
    return;
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (node, object);
  g_autofree char *text = satchel_json_to_line (node, NULL);
  add_name (line, name);
  g_string_append (line, text);
}

char *
satchel_line_end (GString *line, guint8 hash[32])
{
  g_string_append_c (line, '}');
  satchel_sha256 ((const guint8 *) line->str, line->len, hash);
  return g_string_free (line, FALSE);
}

gboolean
satchel_line_get_optional (
    JsonObject *object, const char *name, gsize max_bytes, char **out, GError **error)
{
  const char *text = NULL;

  if (!json_object_has_member (object, name))
    return TRUE;
  if (!satchel_json_get_string (object, name, max_bytes, &text, error))
    return FALSE;
  *out = g_strdup (text);
  return TRUE;
}

gboolean
satchel_line_get_hash (JsonObject *object,
                       const char *name,
                       gboolean optional,
                       gboolean *present,
                       guint8 out[32],
                       GError **error)
{
  const char *text = NULL;

  if (optional && !json_object_has_member (object, name))
    return TRUE;
  if (!satchel_json_get_string (object, name, 64, &text, error))
    return FALSE;
  if (!satchel_hex_decode (text, out, SATCHEL_SHA256_SIZE)) {
    g_set_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_INVALID,
                 "\"%s\" is not 64 hex digits", name);
    return FALSE;
  }
  if (present != NULL)
    *present = TRUE;
  return TRUE;
}

gboolean
satchel_line_get_id (JsonObject *object, const char *name, char **out, GError **error)
{
  const char *text = NULL;

  if (!satchel_json_get_string (object, name, 32, &text, error))
    return FALSE;
  if (!satchel_is_id (text)) {
    g_set_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_INVALID,
                 "\"%s\" is not 32 hex digits", name);
    return FALSE;
  }
  *out = g_strdup (text);
  return TRUE;
}

gboolean
satchel_line_get_exact (JsonObject *object, const char *name, gint64 *unix_us, GError **error)
{
  const char *text = NULL;
  SatchelWhen when = {0};

  if (!satchel_json_get_string (object, name, 64, &text, error) ||
      !satchel_when_parse (text, 0, &when, error))
    return FALSE;
  if (when.precision != SATCHEL_PRECISION_EXACT || when.offset_minutes != 0) {
    g_set_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_INVALID,
                 "\"%s\" is not a moment in UTC", name);
    return FALSE;
  }
  *unix_us = when.unix_us;
  return TRUE;
}

gboolean
satchel_line_take_damage (GError **error, const char *what, GError *cause)
{
  g_autoptr (GError) taken = cause;

  g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_DAMAGED, "%s: %s", what,
               taken != NULL ? taken->message : "not in its one spelling");
  return FALSE;
}
