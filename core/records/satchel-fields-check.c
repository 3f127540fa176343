/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-fields-private.h"

#include <string.h>

G_GNUC_PRINTF (2, 3)
static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_INVALID_VALUE, message);
  return FALSE;
}

static gboolean
refuse_shape (const SatchelField *field, GError **error)
{
  return refuse (error, "does not hold a value of the type %s",
                 satchel_field_type_get_name (field->type));
}

/* The words of an array of strings, as the parser takes them; NULL where it holds other things. */
static char *
join_words (JsonNode *value)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (value) ? json_node_get_array (value) : NULL;
  GString *words = g_string_new (NULL);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    const char *word = satchel_field_node_string (json_array_get_element (array, i));
    if (word == NULL) {
      g_string_free (words, TRUE);
      return NULL;
    }
    g_string_append_printf (words, "%s%s", i > 0 ? ", " : "", word);
  }
  return g_string_free (words, array == NULL);
}

static char *
deadline_to_text (JsonNode *value)
{
  const char *when = satchel_field_node_part (value, "when");
  const char *what = satchel_field_node_part (value, "what");

  if (when == NULL && what == NULL)
    return NULL;
  return g_strconcat (when != NULL ? when : "?", what != NULL ? " " : "", what, NULL);
}

static char *
money_to_text (JsonNode *value)
{
  const char *amount = satchel_field_node_part (value, "amount");
  const char *currency = satchel_field_node_part (value, "currency");

  if (amount == NULL)
    return NULL;
  return g_strconcat (amount, currency != NULL ? " " : "", currency, NULL);
}

char *
satchel_field_value_to_text (const SatchelField *field, JsonNode *value)
{
  if (value == NULL || satchel_field_is_repeat (field))
    return NULL;
  if (satchel_field_node_is_unknown (value))
    return g_strdup (SATCHEL_FIELD_UNKNOWN);
  switch (field->type) {
    case SATCHEL_FIELD_CHOICES:
      return join_words (value);
    case SATCHEL_FIELD_COUNT:
      if (!JSON_NODE_HOLDS_VALUE (value) || json_node_get_value_type (value) != G_TYPE_INT64)
        return NULL;
      return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (value));
    case SATCHEL_FIELD_MONEY:
      return money_to_text (value);
    case SATCHEL_FIELD_PLACE:
      return g_strdup (satchel_field_node_part (value, "text"));
    case SATCHEL_FIELD_DEADLINE:
      return deadline_to_text (value);
    default:
      return g_strdup (satchel_field_node_string (value));
  }
}

char *
satchel_field_part_to_text (const SatchelField *field, JsonNode *value, const char *part)
{
  SatchelWhen from;
  SatchelWhen to;

  if (value == NULL)
    return NULL;
  if (satchel_field_node_is_unknown (value))
    return g_strdup (SATCHEL_FIELD_UNKNOWN);
  if (field->type != SATCHEL_FIELD_SPAN)
    return g_strdup (satchel_field_node_part (value, part));
  satchel_field_value_get_moments (field, value, &from, &to);
  const SatchelWhen *moment = g_str_equal (part, "from") ? &from : &to;
  return moment->precision != SATCHEL_PRECISION_UNKNOWN ? satchel_when_format (moment) : NULL;
}

/* Whether the object holds nothing but the two parts, each of which the parser takes as it is. */
static gboolean
check_parts (const SatchelField *field,
             JsonNode *value,
             const char *first,
             const char *second,
             GError **error)
{
  const char *const parts[] = {first, second};
  JsonObject *object = json_node_get_object (value);
  guint found = 0;

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autoptr (JsonNode) again = NULL;
    const char *text = satchel_field_node_part (value, parts[i]);
    if (text == NULL)
      continue;
    found++;
    if (*text == '\0')
      return refuse_shape (field, error);
    if (!satchel_field_value_set_part (field, NULL, parts[i], text, 0, &again, error))
      return FALSE;
    if (g_strcmp0 (satchel_field_node_part (again, parts[i]), text) != 0)
      return refuse (error, "is not written in its one form");
  }
  return (found > 0 && found == json_object_get_size (object)) || refuse_shape (field, error);
}

static gboolean
check_object (const SatchelField *field, JsonNode *value, GError **error)
{
  if (!JSON_NODE_HOLDS_OBJECT (value))
    return refuse_shape (field, error);
  if (field->type == SATCHEL_FIELD_PLACE)
    return check_parts (field, value, "text", "coordinates", error);
  if (field->type == SATCHEL_FIELD_DEADLINE)
    return check_parts (field, value, "when", "what", error);
  if (!check_parts (field, value, "amount", "currency", error))
    return FALSE;
  if (satchel_field_node_part (value, "amount") == NULL)
    return refuse (error, "lacks the amount");
  return satchel_field_node_part (value, "currency") != NULL ||
         refuse (error, "lacks the currency: write its three letters, like RUB");
}

gboolean
satchel_field_value_check (const SatchelField *field, JsonNode *value, GError **error)
{
  if (satchel_field_node_is_unknown (value))
    return TRUE;
  if (field->type == SATCHEL_FIELD_MONEY || field->type == SATCHEL_FIELD_PLACE ||
      field->type == SATCHEL_FIELD_DEADLINE)
    return check_object (field, value, error);
  g_autofree char *text = satchel_field_value_to_text (field, value);
  if (text == NULL || *text == '\0')
    return refuse_shape (field, error);
  g_autoptr (JsonNode) again = satchel_field_value_parse (field, text, 0, error);
  if (again == NULL)
    return FALSE;
  return json_node_equal (again, value) || refuse (error, "is not written in its one form");
}
