/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cards/satchel-press-face.h"

#include <string.h>

#include "base/satchel-text.h"
#include "records/satchel-fields-view.h"
#include "viewer/satchel-viewer.h"

/* What is on the paper of each kind, beside outlet, name and role, in its order. */
typedef struct {
  const char *kind;
  const char *scan; /* names the file that shows it */
  const char *fields[12];
} Paper;

static const Paper PAPERS[] = {
    {"credential",
     "scan",
     {"number", "issuer", "valid_from", "valid_until", "editor", "phone", NULL}},
    {"assignment",
     "letter",
     {"number", "event", "place", "span", "task", "issued", "editor", "phone", NULL}},
};

static const Paper *
find_paper (const SatchelKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (PAPERS); i++)
    if (g_str_equal (PAPERS[i].kind, kind->id))
      return &PAPERS[i];
  return NULL;
}

gboolean
satchel_press_face_is_card (const SatchelKind *kind)
{
  return find_paper (kind) != NULL;
}

/* Each line by itself: a control character would else be all that is left of a line's end. */
static char *
dup_clean (const char *value)
{
  g_auto (GStrv) lines = g_strsplit (value, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++) {
    char *clean = satchel_text_for_display (lines[i], G_MAXUINT);
    g_free (lines[i]);
    lines[i] = clean;
  }
  return g_strstrip (g_strjoinv ("\n", lines));
}

/* NULL where there is no answer, or "unknown" is one. */
static char *
dup_value (const SatchelKind *kind, JsonObject *values, const char *id, const char *language)
{
  const SatchelField *field = satchel_field_find (kind->fields, id);
  JsonNode *node = json_object_get_member (values, id);
  g_autofree char *text = NULL;

  if (field == NULL || node == NULL)
    return NULL;
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING &&
      g_str_equal (json_node_get_string (node), SATCHEL_FIELD_UNKNOWN))
    return NULL;
  /* A place on paper is an address; coordinates are the reporter's own note. */
  g_autofree char *address = g_strconcat (id, ".text", NULL);
  text = field->type == SATCHEL_FIELD_PLACE ? satchel_fields_dup_text (kind, values, address)
                                            : satchel_field_value_to_words (field, node, language);
  g_autofree char *clean = text != NULL ? dup_clean (text) : NULL;
  return clean != NULL && *clean != '\0' ? g_steal_pointer (&clean) : NULL;
}

static void
line_free (gpointer data)
{
  SatchelPressLine *self = data;

  g_free (self->label);
  g_free (self->value);
  g_free (self);
}

void
satchel_press_face_add_line (SatchelPressFace *self, const char *label, const char *value)
{
  SatchelPressLine *line = g_new0 (SatchelPressLine, 1);

  line->label = g_strdup (label);
  line->value = g_strdup (value);
  g_ptr_array_add (self->lines, line);
}

static void
add_field (SatchelPressFace *self,
           const SatchelKind *kind,
           JsonObject *values,
           const char *id,
           const char *language)
{
  g_autofree char *value = dup_value (kind, values, id, language);

  if (value == NULL)
    return;
  const char *label = satchel_label_get (satchel_field_find (kind->fields, id)->label, language);
  satchel_press_face_add_line (self, label, value);
  if (g_str_equal (id, "number"))
    self->number = g_strdup_printf ("%s: %s", label, value);
}

/* A newer version's language is one that this version has no words in. */
static const char *
pick_language (const SatchelKind *kind, JsonObject *values, const char *language)
{
  const SatchelField *field = satchel_field_find (kind->fields, "language");
  const char *named = json_object_get_string_member_with_default (values, "language", "");

  return field != NULL && satchel_field_find_choice (field, named) != NULL ? named : language;
}

SatchelPressFace *
satchel_press_face_new_empty (void)
{
  SatchelPressFace *self = g_new0 (SatchelPressFace, 1);

  self->lines = g_ptr_array_new_with_free_func (line_free);
  return self;
}

SatchelPressFace *
satchel_press_face_new (const SatchelKind *kind, JsonObject *values, const char *language)
{
  const Paper *paper = find_paper (kind);
  SatchelPressFace *self = satchel_press_face_new_empty ();

  language = pick_language (kind, values, language);
  self->heading = g_strdup (satchel_label_get (kind->label, language));
  self->outlet = dup_value (kind, values, "outlet", language);
  self->name = dup_value (kind, values, "name", language);
  self->role = dup_value (kind, values, "role", language);
  for (guint i = 0; paper != NULL && paper->fields[i] != NULL; i++)
    add_field (self, kind, values, paper->fields[i], language);
  return self;
}

void
satchel_press_face_free (SatchelPressFace *self)
{
  if (self == NULL)
    return;
  g_free (self->heading);
  g_free (self->outlet);
  g_free (self->name);
  g_free (self->role);
  g_free (self->number);
  g_ptr_array_unref (self->lines);
  g_free (self);
}

static void
append_text (GString *text, const char *label, const char *value)
{
  g_autofree char *flat = g_strdelimit (g_strdup (value != NULL ? value : ""), "\n", ' ');

  if (value == NULL)
    return;
  if (label != NULL)
    g_string_append_printf (text, "%s: ", label);
  g_string_append_printf (text, "%s\n", flat);
}

char *
satchel_press_face_dup_text (const SatchelPressFace *self)
{
  GString *text = g_string_new (NULL);

  append_text (text, NULL, self->heading);
  append_text (text, NULL, self->outlet);
  append_text (text, NULL, self->name);
  append_text (text, NULL, self->role);
  for (guint i = 0; i < self->lines->len; i++) {
    const SatchelPressLine *line = self->lines->pdata[i];
    append_text (text, line->label, line->value);
  }
  return g_string_free (text, FALSE);
}

const SatchelEvidence *
satchel_press_face_pick_scan (const SatchelKind *kind, JsonObject *values, GPtrArray *items)
{
  const Paper *paper = find_paper (kind);
  const char *named =
      paper != NULL ? json_object_get_string_member_with_default (values, paper->scan, "") : "";
  const SatchelEvidence *first = NULL;

  for (guint i = 0; i < items->len; i++) {
    const SatchelEvidence *item = items->pdata[i];
    if (!satchel_viewer_can_show (item->type))
      continue;
    if (g_str_equal (item->name, named))
      return item;
    if (first == NULL)
      first = item;
  }
  return first;
}
