/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/satchel-form-text.h"

#include <glib/gi18n.h>

#include "shared/satchel-words.h"

const char *
satchel_form_text_fault (const SatchelField *field)
{
  switch (field->type) {
    case SATCHEL_FIELD_WHEN:
    case SATCHEL_FIELD_SPAN:
    case SATCHEL_FIELD_DEADLINE:
      return _ ("Write the date like 2024-03-09, or 2024-03 if only the month is known, and the "
                "time like 14:05.");
    case SATCHEL_FIELD_COUNT:
      return _ ("Write a whole number.");
    case SATCHEL_FIELD_MONEY:
      return _ ("Write the amount like 75000.50, and the currency in its three letters, like RUB.");
    case SATCHEL_FIELD_PLACE:
      return _ ("Write the coordinates as latitude and longitude, like 55.7558, 37.6173.");
    default:
      return _ ("This text cannot be kept: write it in fewer words, on one line.");
  }
}

const char *
satchel_form_text_problem (const SatchelField *field, gboolean has_answer)
{
  if (!has_answer)
    return _ ("This needs an answer. “Unknown” is one, too.");
  if (field->not_before != NULL)
    return _ ("This cannot be earlier than what came before it.");
  if (field->type == SATCHEL_FIELD_SPAN)
    return _ ("The end cannot be earlier than the beginning.");
  return satchel_form_text_fault (field);
}

/* As every other moment on the screen is written; NULL for one that is not known. */
static char *
dup_when (JsonNode *value)
{
  const char *text = json_node_get_value_type (value) == G_TYPE_STRING
                         ? json_node_get_string (value)
                         : NULL;
  SatchelWhen when;

  if (text == NULL || !satchel_when_parse (text, 0, &when, NULL) ||
      when.precision == SATCHEL_PRECISION_UNKNOWN)
    return NULL;
  return satchel_words_when (&when);
}

static char *
dup_words (const SatchelField *repeat, JsonObject *entry, guint place)
{
  const SatchelField *field = g_ptr_array_index (repeat->sub_fields, place);
  JsonNode *value = entry != NULL ? json_object_get_member (entry, field->id) : NULL;

  /* A link is a number, and says nothing to anybody. */
  if (value == NULL || field->type == SATCHEL_FIELD_LINK)
    return NULL;
  char *words = field->type == SATCHEL_FIELD_WHEN ? dup_when (value) : NULL;
  if (words == NULL)
    words = satchel_field_value_to_words (field, value, satchel_words_language ());
  if (words == NULL || field->type != SATCHEL_FIELD_TRI)
    return words;
  /* Nor does a bare "Yes": its question goes with it. */
  g_autofree char *answer = words;
  return g_strdup_printf ("%s %s", satchel_label_get (field->label, satchel_words_language ()),
                          answer);
}

/* The sub-field that an entry is called by; the number of them for none. */
static guint
find_title (const SatchelField *repeat, JsonObject *entry)
{
  for (guint i = 0; i < repeat->sub_fields->len; i++) {
    const SatchelField *field = g_ptr_array_index (repeat->sub_fields, i);
    g_autofree char *words = dup_words (repeat, entry, i);
    if (words != NULL && field->default_text == NULL && field->type != SATCHEL_FIELD_TRI)
      return i;
  }
  return repeat->sub_fields->len;
}

char *
satchel_form_text_entry_title (const SatchelField *repeat, JsonObject *entry, guint index)
{
  guint place = find_title (repeat, entry);

  if (place < repeat->sub_fields->len)
    return dup_words (repeat, entry, place);
  /* Translators: the name of a list, as "Officers", and the number of one of its entries. */
  return g_strdup_printf (_ ("%s %u"),
                          satchel_label_get (repeat->label, satchel_words_language ()), index + 1);
}

char *
satchel_form_text_entry_subtitle (const SatchelField *repeat, JsonObject *entry)
{
  guint title = find_title (repeat, entry);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < repeat->sub_fields->len; i++) {
    g_autofree char *words = i != title ? dup_words (repeat, entry, i) : NULL;
    if (words != NULL)
      g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", words);
  }
  return g_string_free (text, FALSE);
}
