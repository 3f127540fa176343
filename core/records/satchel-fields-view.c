/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-fields-view.h"

#include <string.h>

#include "base/satchel-text.h"
#include "records/satchel-fields-private.h"
#include "records/satchel-kind-private.h"

#define SUMMARY_PART_MAX    80
#define SUMMARY_ENTRIES_MAX 2

static const char *
unknown_word (const char *language)
{
  return satchel_label_get (satchel_kinds_get_unknown_label (), language);
}

/* "2024-03-09 14:05 +03:00"; what a machine wrote is cut to seconds. */
static char *
moment_to_words (const SatchelWhen *when, const char *language)
{
  g_autofree char *text = satchel_when_format (when);

  if (when->precision == SATCHEL_PRECISION_UNKNOWN)
    return g_strdup (unknown_word (language));
  if (when->precision < SATCHEL_PRECISION_HOUR)
    return g_steal_pointer (&text);
  gsize day = strcspn (text, "T");
  gsize time = strcspn (text + day + 1, "+-Z.");
  const char *offset = text + day + 1 + time;
  offset += strcspn (offset, "+-Z");
  return g_strdup_printf ("%.*s %.*s%s %s", (int) day, text, (int) time, text + day + 1,
                          when->precision == SATCHEL_PRECISION_HOUR ? " h" : "",
                          *offset == 'Z' ? "UTC" : offset);
}

static char *
span_to_words (const SatchelField *field, JsonNode *value, const char *language)
{
  SatchelWhen from;
  SatchelWhen to;

  satchel_field_value_get_moments (field, value, &from, &to);
  if (from.precision == SATCHEL_PRECISION_UNKNOWN && to.precision == SATCHEL_PRECISION_UNKNOWN)
    return satchel_field_value_to_text (field, value);
  g_autofree char *first = moment_to_words (&from, language);
  g_autofree char *second = moment_to_words (&to, language);
  return g_strdup_printf ("%s – %s", first, second);
}

static char *
when_to_words (const SatchelField *field, JsonNode *value, const char *language)
{
  SatchelWhen when;
  SatchelWhen unused;

  satchel_field_value_get_moments (field, value, &when, &unused);
  return when.precision != SATCHEL_PRECISION_UNKNOWN ? moment_to_words (&when, language)
                                                     : satchel_field_value_to_text (field, value);
}

static char *
deadline_to_words (const SatchelField *field, JsonNode *value, const char *language)
{
  SatchelWhen when;
  SatchelWhen unused;
  const char *what = satchel_field_node_part (value, "what");

  satchel_field_value_get_moments (field, value, &when, &unused);
  if (when.precision == SATCHEL_PRECISION_UNKNOWN)
    return g_strdup (what);
  g_autofree char *moment = moment_to_words (&when, language);
  return g_strconcat (moment, what != NULL ? ": " : "", what, NULL);
}

static char *
place_to_words (JsonNode *value)
{
  const char *text = satchel_field_node_part (value, "text");
  const char *coordinates = satchel_field_node_part (value, "coordinates");

  if (text == NULL || coordinates == NULL)
    return g_strdup (text != NULL ? text : coordinates);
  return g_strdup_printf ("%s (%s)", text, coordinates);
}

/* A word that the vocabulary does not know stands as it is. */
static const char *
choice_word (const SatchelField *field, const char *id, const char *language)
{
  const SatchelChoice *choice = satchel_field_find_choice (field, id);

  return choice != NULL ? satchel_label_get (choice->label, language) : id;
}

static char *
choices_to_words (const SatchelField *field, JsonNode *value, const char *language)
{
  GString *words = g_string_new (NULL);
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (value) ? json_node_get_array (value) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    const char *id = satchel_field_node_string (json_array_get_element (array, i));
    if (id != NULL)
      g_string_append_printf (words, "%s%s", words->len > 0 ? ", " : "",
                              choice_word (field, id, language));
  }
  return g_string_free (words, words->len == 0);
}

static char *
choice_to_words (const SatchelField *field, JsonNode *value, const char *language)
{
  const char *id = satchel_field_node_string (value);

  return id != NULL ? g_strdup (choice_word (field, id, language)) : NULL;
}

/* What somebody or something is called: "Sgt Petrov", a description, the first answer. */
static char *
entry_to_words (const SatchelField *field, JsonObject *entry, const char *language)
{
  const char *rank = NULL;
  const char *name = NULL;

  if (field->type == SATCHEL_FIELD_PEOPLE) {
    JsonNode *rank_node = json_object_get_member (entry, "rank");
    JsonNode *name_node = json_object_get_member (entry, "name");
    rank = satchel_field_node_is_unknown (rank_node) ? NULL : satchel_field_node_string (rank_node);
    name = satchel_field_node_is_unknown (name_node) ? NULL : satchel_field_node_string (name_node);
  }
  if (rank != NULL || name != NULL)
    return g_strconcat (rank != NULL ? rank : name, rank != NULL && name != NULL ? " " : "",
                        rank != NULL ? name : NULL, NULL);
  for (guint i = 0; i < field->sub_fields->len; i++) {
    const SatchelField *sub = g_ptr_array_index (field->sub_fields, i);
    JsonNode *value = json_object_get_member (entry, sub->id);
    /* A bare "Yes" calls nobody anything. */
    if (value == NULL || sub->type == SATCHEL_FIELD_TRI || satchel_field_node_is_unknown (value))
      continue;
    char *words = satchel_field_value_to_words (sub, value, language);
    if (words != NULL)
      return words;
  }
  return NULL;
}

/* "Sgt Petrov, Cpt Ivanova +3". */
static char *
repeat_to_words (const SatchelField *field, JsonNode *value, const char *language)
{
  JsonArray *entries = satchel_field_entries (field, value);
  guint count = entries != NULL ? json_array_get_length (entries) : 0;
  GString *words = g_string_new (NULL);
  guint named = 0;

  for (guint i = 0; i < count && named < SUMMARY_ENTRIES_MAX; i++) {
    JsonObject *entry = satchel_field_entry (entries, i);
    g_autofree char *one = entry != NULL ? entry_to_words (field, entry, language) : NULL;
    if (one == NULL)
      continue;
    g_string_append_printf (words, "%s%s", named > 0 ? ", " : "", one);
    named++;
  }
  if (named > 0 && named < count)
    g_string_append_printf (words, " +%u", count - named);
  return g_string_free (words, named == 0);
}

char *
satchel_field_value_to_words (const SatchelField *field, JsonNode *value, const char *language)
{
  if (value == NULL || JSON_NODE_HOLDS_NULL (value))
    return NULL;
  if (satchel_field_node_is_unknown (value))
    return g_strdup (unknown_word (language));
  switch (field->type) {
    case SATCHEL_FIELD_WHEN:
      return when_to_words (field, value, language);
    case SATCHEL_FIELD_SPAN:
      return span_to_words (field, value, language);
    case SATCHEL_FIELD_DEADLINE:
      return deadline_to_words (field, value, language);
    case SATCHEL_FIELD_CHOICE:
    case SATCHEL_FIELD_TRI:
      return choice_to_words (field, value, language);
    case SATCHEL_FIELD_CHOICES:
      return choices_to_words (field, value, language);
    case SATCHEL_FIELD_PLACE:
      return place_to_words (value);
    case SATCHEL_FIELD_PEOPLE:
    case SATCHEL_FIELD_ITEMS:
    case SATCHEL_FIELD_GROUP:
      return repeat_to_words (field, value, language);
    default:
      return satchel_field_value_to_text (field, value);
  }
}

/* A field's words in a summary: one line, not too long, nothing where it is unknown. */
static char *
summary_part (const SatchelKind *kind, JsonObject *values, const char *id, const char *language)
{
  const SatchelField *field = satchel_field_find (kind->fields, id);
  JsonNode *value = field != NULL ? json_object_get_member (values, id) : NULL;

  if (value == NULL || satchel_field_node_is_unknown (value))
    return NULL;
  g_autofree char *words = satchel_field_value_to_words (field, value, language);
  if (words == NULL)
    return NULL;
  words[strcspn (words, "\n")] = '\0';
  if (g_utf8_strlen (words, -1) > SUMMARY_PART_MAX) {
    g_autofree char *cut = g_utf8_substring (words, 0, SUMMARY_PART_MAX);
    return g_strconcat (cut, "…", NULL);
  }
  return *words != '\0' ? g_steal_pointer (&words) : NULL;
}

/* Words before the first placeholder go with it, words after the last with that one, and words
 * between two stand only where something stands on both sides. */
char *
satchel_fields_dup_summary (const SatchelKind *kind, JsonObject *values, const char *language)
{
  const char *at = satchel_label_get (kind->summary, language);
  GString *line = g_string_new (NULL);
  gboolean first = TRUE;
  gboolean shown = FALSE;
  gboolean any = FALSE;

  while (*at != '\0') {
    gsize words = strcspn (at, "{");
    const char *brace = at + words;
    gsize length = *brace == '{' ? strcspn (brace + 1, "}") : 0;
    g_autofree char *id = g_strndup (brace + (*brace == '{' ? 1 : 0), length);
    g_autofree char *part =
        *brace == '{' ? summary_part (kind, values, id, language) : NULL;
    if (*brace == '{' ? part != NULL && (first || any) : shown)
      g_string_append_len (line, at, (gssize) words);
    if (part != NULL)
      g_string_append (line, part);
    shown = part != NULL;
    any = any || shown;
    first = FALSE;
    at = brace + (*brace == '{' ? 1 + length : 0);
    at += *at == '}' ? 1 : 0;
  }
  if (any)
    return g_string_free (line, FALSE);
  g_string_free (line, TRUE);
  return g_strdup (satchel_label_get (kind->label, language));
}

void
satchel_field_row_free (SatchelFieldRow *self)
{
  if (self == NULL)
    return;
  g_free (self->path);
  g_free (self->label);
  g_free (self->value);
  g_free (self);
}

static void
add_row (GPtrArray *rows,
         const SatchelField *field,
         const char *path,
         char *label,
         char *value,
         guint depth)
{
  SatchelFieldRow *row = g_new0 (SatchelFieldRow, 1);

  row->path = g_strdup (path);
  row->label = label;
  row->value = value;
  row->depth = depth;
  row->type = field->type;
  g_ptr_array_add (rows, row);
}

static void add_rows (
    GPtrArray *rows, GPtrArray *fields, JsonObject *values, const char *path, const char *language);

static void
add_entries (GPtrArray *rows,
             const SatchelField *field,
             JsonArray *entries,
             const char *path,
             const char *language)
{
  const char *label = satchel_label_get (field->label, language);

  for (guint i = 0; i < json_array_get_length (entries); i++) {
    JsonObject *entry = satchel_field_entry (entries, i);
    if (entry == NULL)
      continue;
    g_autofree char *entry_path = g_strdup_printf ("%s.%u", path, i);
    add_row (rows, field, entry_path, g_strdup_printf ("%s %u", label, i + 1), NULL, 0);
    add_rows (rows, field->sub_fields, entry, entry_path, language);
  }
}

static void
add_rows (
    GPtrArray *rows, GPtrArray *fields, JsonObject *values, const char *path, const char *language)
{
  gboolean inner = *path != '\0';

  for (guint i = 0; i < fields->len; i++) {
    const SatchelField *field = g_ptr_array_index (fields, i);
    JsonNode *value = json_object_get_member (values, field->id);
    JsonArray *entries = satchel_field_entries (field, value);
    g_autofree char *own = g_strconcat (path, inner ? "." : "", field->id, NULL);
    if (entries != NULL) {
      add_entries (rows, field, entries, own, language);
      continue;
    }
    char *words = satchel_field_value_to_words (field, value, language);
    if (words != NULL)
      add_row (rows, field, own, g_strdup (satchel_label_get (field->label, language)), words,
               inner ? 1 : 0);
  }
}

GPtrArray *
satchel_fields_list_rows (const SatchelKind *kind, JsonObject *values, const char *language)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_field_row_free);

  add_rows (rows, kind->fields, values, "", language);
  return rows;
}
