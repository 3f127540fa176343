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

static void
append_string (GString *line, const char *value)
{
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
satchel_line_add_string (GString *line, const char *name, const char *value)
{
  if (value == NULL)
    return;
  add_name (line, name);
  append_string (line, value);
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

/* Written here and not by json-glib: another version of it may escape otherwise, and a line has one
 * spelling for good. The depth was bounded by whoever parsed or built the node. */
static void
append_node (GString *line, JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node)) {
    JsonObject *object = json_node_get_object (node);
    g_autoptr (GList) members = json_object_get_members (object);
    g_string_append_c (line, '{');
    for (GList *at = members; at != NULL; at = at->next) {
      append_string (line, at->data);
      g_string_append_c (line, ':');
      append_node (line, json_object_get_member (object, at->data));
      g_string_append (line, at->next != NULL ? "," : "");
    }
    g_string_append_c (line, '}');
  } else if (JSON_NODE_HOLDS_ARRAY (node)) {
    JsonArray *array = json_node_get_array (node);
    g_string_append_c (line, '[');
    for (guint i = 0; i < json_array_get_length (array); i++) {
      g_string_append (line, i > 0 ? "," : "");
      append_node (line, json_array_get_element (array, i));
    }
    g_string_append_c (line, ']');
  } else if (JSON_NODE_HOLDS_NULL (node))
    g_string_append (line, "null");
  else if (json_node_get_value_type (node) == G_TYPE_STRING)
    append_string (line, json_node_get_string (node));
  else if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    g_string_append (line, json_node_get_boolean (node) ? "true" : "false");
  else /* numbers with a fraction are in no line */
    g_string_append_printf (line, "%" G_GINT64_FORMAT, json_node_get_int (node));
}

void
satchel_line_add_object (GString *line, const char *name, JsonObject *object)
{
  if (object == NULL)
    return;
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (node, object);
  add_name (line, name);
  append_node (line, node);
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
