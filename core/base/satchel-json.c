/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/satchel-json.h"

#include <string.h>

#include "base/satchel-error.h"

JsonNode *
satchel_json_parse (const char *data, gsize size_bytes, gsize limit_bytes, GError **error)
{
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (GError) local_error = NULL;

  if (!satchel_json_check (data, size_bytes, limit_bytes, error))
    return NULL;
  parser = json_parser_new_immutable ();
  if (!json_parser_load_from_data (parser, data, size_bytes, &local_error)) {
    g_set_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_INVALID, "JSON: %s",
                 local_error->message);
    return NULL;
  }
  return json_node_copy (json_parser_get_root (parser));
}

/* json-glib 1.6 writes 1e-51 as "1e-51.0", which is no JSON: takes that ".0" out. */
static gsize
mend_exponents (char *line)
{
  gboolean in_string = FALSE;
  gboolean in_exponent = FALSE;
  char *out = line;

  for (const char *at = line; *at != '\0'; at++) {
    if (in_exponent && at[0] == '.' && at[1] == '0') {
      at++;
      continue;
    }
    if (*at == '"')
      in_string = !in_string;
    else if (*at == '\\' && in_string)
      *out++ = *at++;
    in_exponent = !in_string && ((*at == 'e' && at > line && g_ascii_isdigit (at[-1])) ||
                                 (in_exponent && strchr ("+-0123456789", *at) != NULL));
    *out++ = *at;
  }
  *out = '\0';
  return out - line;
}

char *
satchel_json_to_line (JsonNode *node, gsize *size_bytes)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();

  json_generator_set_root (generator, node);
  char *line = json_generator_to_data (generator, NULL);
  gsize size = mend_exponents (line);
  if (size_bytes != NULL)
    *size_bytes = size;
  return line;
}

static JsonNode *
member_of (JsonObject *object, const char *member, GType type, GError **error)
{
  JsonNode *node = json_object_get_member (object, member);
  gboolean fits = FALSE;

  if (node != NULL)
    fits = type == JSON_TYPE_OBJECT ? JSON_NODE_HOLDS_OBJECT (node)
           : type == JSON_TYPE_ARRAY
               ? JSON_NODE_HOLDS_ARRAY (node)
               : JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
  if (fits)
    return node;
  g_set_error (error,
               SATCHEL_BASE_ERROR,
               SATCHEL_BASE_ERROR_INVALID,
               "JSON: member \"%s\" is %s",
               member,
               node == NULL ? "missing" : "of another type");
  return NULL;
}

static gboolean
set_range_error (GError **error, const char *member)
{
  g_set_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_INVALID,
               "JSON: member \"%s\" is out of range", member);
  return FALSE;
}

gboolean
satchel_json_get_string (JsonObject *object,
                         const char *member,
                         gsize max_bytes,
                         const char **out,
                         GError **error)
{
  JsonNode *node = member_of (object, member, G_TYPE_STRING, error);

  if (node == NULL)
    return FALSE;
  if (strlen (json_node_get_string (node)) > max_bytes)
    return set_range_error (error, member);
  *out = json_node_get_string (node);
  return TRUE;
}

gboolean
satchel_json_get_int (JsonObject *object,
                      const char *member,
                      gint64 minimum,
                      gint64 maximum,
                      gint64 *out,
                      GError **error)
{
  JsonNode *node = member_of (object, member, G_TYPE_INT64, error);

  if (node == NULL)
    return FALSE;
  if (json_node_get_int (node) < minimum || json_node_get_int (node) > maximum)
    return set_range_error (error, member);
  *out = json_node_get_int (node);
  return TRUE;
}

gboolean
satchel_json_get_array (
    JsonObject *object, const char *member, guint max_elements, JsonArray **out, GError **error)
{
  JsonNode *node = member_of (object, member, JSON_TYPE_ARRAY, error);

  if (node == NULL)
    return FALSE;
  if (json_array_get_length (json_node_get_array (node)) > max_elements)
    return set_range_error (error, member);
  *out = json_node_get_array (node);
  return TRUE;
}

gboolean
satchel_json_get_object (JsonObject *object, const char *member, JsonObject **out, GError **error)
{
  JsonNode *node = member_of (object, member, JSON_TYPE_OBJECT, error);

  if (node == NULL)
    return FALSE;
  *out = json_node_get_object (node);
  return TRUE;
}

gboolean
satchel_json_only (JsonObject *object, const char *const *allowed, GError **error)
{
  JsonObjectIter iter;
  const char *name;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, NULL))
    if (!g_strv_contains (allowed, name)) {
      g_set_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_INVALID,
                   "JSON: unknown member \"%s\"", name);
      return FALSE;
    }
  return TRUE;
}
