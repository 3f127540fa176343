/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-fields-view.h"

#include "base/satchel-text.h"
#include "records/satchel-fields-private.h"

/* What a walk over every answer does with one of them. */
typedef void (*Visitor) (const SatchelField *field,
                         JsonNode *value,
                         const char *path,
                         gpointer user_data);

static void
walk (GPtrArray *fields, JsonObject *values, const char *path, Visitor visit, gpointer user_data)
{
  for (guint i = 0; i < fields->len; i++) {
    const SatchelField *field = g_ptr_array_index (fields, i);
    JsonNode *value = json_object_get_member (values, field->id);
    JsonArray *entries = satchel_field_entries (field, value);
    g_autofree char *own = g_strconcat (path, *path != '\0' ? "." : "", field->id, NULL);
    guint count = entries != NULL ? json_array_get_length (entries) : 0;
    for (guint j = 0; j < count; j++) {
      g_autofree char *entry_path = g_strdup_printf ("%s.%u", own, j);
      JsonObject *entry = satchel_field_entry (entries, j);
      if (entry != NULL)
        walk (field->sub_fields, entry, entry_path, visit, user_data);
    }
    if (value != NULL && entries == NULL && !satchel_field_node_is_unknown (value))
      visit (field, value, own, user_data);
  }
}

static void
add_line (GString *text, const char *line)
{
  if (line != NULL && *line != '\0')
    g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", line);
}

static void
add_choice (GString *text, const SatchelField *field, const char *id)
{
  const SatchelChoice *choice = id != NULL ? satchel_field_find_choice (field, id) : NULL;

  if (choice == NULL)
    return;
  g_autoptr (GPtrArray) languages = satchel_label_list_languages (choice->label);
  add_line (text, satchel_label_get (choice->label, NULL));
  for (guint i = 0; i < languages->len; i++)
    add_line (text, satchel_label_get (choice->label, g_ptr_array_index (languages, i)));
}

static void
visit_for_search (const SatchelField *field, JsonNode *value, const char *path, gpointer user_data)
{
  GString *text = user_data;

  switch (field->type) {
    case SATCHEL_FIELD_CHOICE:
      add_choice (text, field, satchel_field_node_string (value));
      break;
    case SATCHEL_FIELD_CHOICES:
      for (guint i = 0; JSON_NODE_HOLDS_ARRAY (value) &&
                        i < json_array_get_length (json_node_get_array (value));
           i++)
        add_choice (text, field,
                    satchel_field_node_string (
                        json_array_get_element (json_node_get_array (value), i)));
      break;
    case SATCHEL_FIELD_DEADLINE:
      add_line (text, satchel_field_node_part (value, "what"));
      break;
    case SATCHEL_FIELD_WHEN:
    case SATCHEL_FIELD_SPAN:
    case SATCHEL_FIELD_TRI:
    case SATCHEL_FIELD_LINK:
      break;
    default: {
      g_autofree char *words = satchel_field_value_to_text (field, value);
      add_line (text, words);
      break;
    }
  }
}

char *
satchel_fields_dup_search_text (const SatchelKind *kind, JsonObject *values)
{
  GString *text = g_string_new (NULL);

  walk (kind->fields, values, "", visit_for_search, text);
  return g_string_free (text, FALSE);
}

gboolean
satchel_fields_get_span (const SatchelKind *kind,
                         JsonObject *values,
                         SatchelWhen *from,
                         SatchelWhen *to)
{
  const SatchelField *field =
      kind->when_field != NULL ? satchel_field_find (kind->fields, kind->when_field) : NULL;
  SatchelWhen begin;
  SatchelWhen end;

  if (field == NULL)
    return FALSE;
  satchel_field_value_get_moments (field, json_object_get_member (values, field->id), &begin, &end);
  if (begin.precision == SATCHEL_PRECISION_UNKNOWN && end.precision == SATCHEL_PRECISION_UNKNOWN)
    return FALSE;
  *from = begin;
  *to = end;
  return TRUE;
}

gboolean
satchel_fields_get_when (const SatchelKind *kind, JsonObject *values, SatchelWhen *out)
{
  SatchelWhen from;
  SatchelWhen to;

  if (!satchel_fields_get_span (kind, values, &from, &to) ||
      from.precision == SATCHEL_PRECISION_UNKNOWN)
    return FALSE;
  *out = from;
  return TRUE;
}

const char *
satchel_fields_get_place (const SatchelKind *kind, JsonObject *values)
{
  return kind->place_field != NULL
             ? satchel_field_node_part (json_object_get_member (values, kind->place_field), "text")
             : NULL;
}

void
satchel_field_deadline_free (SatchelFieldDeadline *self)
{
  if (self == NULL)
    return;
  g_free (self->path);
  g_free (self->label);
  g_free (self->what);
  g_free (self);
}

typedef struct {
  GPtrArray *deadlines;
  const char *language;
} DeadlineWalk;

static void
visit_for_deadlines (const SatchelField *field,
                     JsonNode *value,
                     const char *path,
                     gpointer user_data)
{
  DeadlineWalk *walk_data = user_data;
  const char *what = satchel_field_node_part (value, "what");
  SatchelWhen when;
  SatchelWhen unused;

  if (field->type != SATCHEL_FIELD_DEADLINE)
    return;
  satchel_field_value_get_moments (field, value, &when, &unused);
  if (when.precision == SATCHEL_PRECISION_UNKNOWN && what == NULL)
    return;
  SatchelFieldDeadline *deadline = g_new0 (SatchelFieldDeadline, 1);
  deadline->path = g_strdup (path);
  deadline->when = when;
  deadline->label = g_strdup (satchel_label_get (field->label, walk_data->language));
  deadline->what = g_strdup (what != NULL ? what : deadline->label);
  g_ptr_array_add (walk_data->deadlines, deadline);
}

GPtrArray *
satchel_fields_list_deadlines (const SatchelKind *kind, JsonObject *values, const char *language)
{
  DeadlineWalk walk_data = {
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_field_deadline_free), language};

  walk (kind->fields, values, "", visit_for_deadlines, &walk_data);
  return walk_data.deadlines;
}

void
satchel_field_link_free (SatchelFieldLink *self)
{
  if (self == NULL)
    return;
  g_free (self->path);
  g_free (self->id);
  g_free (self);
}

static void
visit_for_links (const SatchelField *field, JsonNode *value, const char *path, gpointer user_data)
{
  const char *id = satchel_field_node_string (value);

  if (field->type != SATCHEL_FIELD_LINK || id == NULL || !satchel_is_id (id))
    return;
  SatchelFieldLink *link = g_new0 (SatchelFieldLink, 1);
  link->path = g_strdup (path);
  link->id = g_strdup (id);
  g_ptr_array_add (user_data, link);
}

GPtrArray *
satchel_fields_list_links (const SatchelKind *kind, JsonObject *values)
{
  GPtrArray *links = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_field_link_free);

  walk (kind->fields, values, "", visit_for_links, links);
  return links;
}
