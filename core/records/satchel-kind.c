/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-kind-private.h"

#include <string.h>

#include "records/satchel-kinds-resources.h"

#define RESOURCE_FOLDER "/org/satchel/kinds"

static const char *const type_names[] = {
    [SATCHEL_FIELD_TEXT] = "text",
    [SATCHEL_FIELD_LINES] = "lines",
    [SATCHEL_FIELD_WHEN] = "when",
    [SATCHEL_FIELD_SPAN] = "span",
    [SATCHEL_FIELD_CHOICE] = "choice",
    [SATCHEL_FIELD_CHOICES] = "choices",
    [SATCHEL_FIELD_TRI] = "tri",
    [SATCHEL_FIELD_COUNT] = "count",
    [SATCHEL_FIELD_MONEY] = "money",
    [SATCHEL_FIELD_PLACE] = "place",
    [SATCHEL_FIELD_PEOPLE] = "people",
    [SATCHEL_FIELD_ITEMS] = "items",
    [SATCHEL_FIELD_GROUP] = "group",
    [SATCHEL_FIELD_LINK] = "link",
    [SATCHEL_FIELD_DEADLINE] = "deadline",
    [SATCHEL_FIELD_LAW] = "law",
};

const char *
satchel_field_type_get_name (SatchelFieldType type)
{
  g_return_val_if_fail ((guint) type < G_N_ELEMENTS (type_names), "text");

  return type_names[type];
}

gboolean
satchel_field_type_from_name (const char *name, SatchelFieldType *out)
{
  for (guint i = 0; i < G_N_ELEMENTS (type_names); i++) {
    if (g_str_equal (name, type_names[i])) {
      *out = (SatchelFieldType) i;
      return TRUE;
    }
  }
  return FALSE;
}

const char *
satchel_label_get (const SatchelLabel *self, const char *language)
{
  if (self == NULL)
    return "";
  if (language == NULL || self->translations == NULL)
    return self->original;
  g_autofree char *name = g_strndup (language, strcspn (language, ".@"));
  g_strdelimit (name, "-", '_');
  const char *text = g_hash_table_lookup (self->translations, name);
  if (text == NULL) {
    name[strcspn (name, "_")] = '\0';
    text = g_hash_table_lookup (self->translations, name);
  }
  return text != NULL ? text : self->original;
}

static gint
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

GPtrArray *
satchel_label_list_languages (const SatchelLabel *self)
{
  GPtrArray *languages = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer language;

  if (self == NULL || self->translations == NULL)
    return languages;
  g_hash_table_iter_init (&iter, self->translations);
  while (g_hash_table_iter_next (&iter, &language, NULL))
    g_ptr_array_add (languages, language);
  g_ptr_array_sort (languages, compare_strings);
  return languages;
}

const SatchelField *
satchel_field_find (GPtrArray *fields, const char *id)
{
  for (guint i = 0; fields != NULL && i < fields->len; i++) {
    const SatchelField *field = g_ptr_array_index (fields, i);
    if (g_str_equal (field->id, id))
      return field;
  }
  return NULL;
}

const SatchelChoice *
satchel_field_find_choice (const SatchelField *field, const char *id)
{
  for (guint i = 0; field->choices != NULL && i < field->choices->len; i++) {
    const SatchelChoice *choice = g_ptr_array_index (field->choices, i);
    if (g_str_equal (choice->id, id))
      return choice;
  }
  return NULL;
}

gboolean
satchel_field_is_repeat (const SatchelField *field)
{
  return field->sub_fields != NULL;
}

void
satchel_label_free (SatchelLabel *self)
{
  if (self == NULL)
    return;
  g_free (self->original);
  g_clear_pointer (&self->translations, g_hash_table_unref);
  g_free (self);
}

void
satchel_choice_free (SatchelChoice *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  satchel_label_free (self->label);
  g_free (self);
}

void
satchel_field_free (SatchelField *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  satchel_label_free (self->label);
  satchel_label_free (self->help);
  g_free (self->default_text);
  g_free (self->not_before);
  g_clear_pointer (&self->choices, g_ptr_array_unref);
  g_clear_pointer (&self->sub_fields, g_ptr_array_unref);
  g_free (self);
}

void
satchel_kind_free (SatchelKind *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->icon);
  satchel_label_free (self->label);
  satchel_label_free (self->help);
  satchel_label_free (self->summary);
  g_free (self->when_field);
  g_free (self->place_field);
  g_clear_pointer (&self->fields, g_ptr_array_unref);
  g_free (self);
}

void
satchel_kinds_free (SatchelKinds *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->kinds, g_ptr_array_unref);
  g_clear_pointer (&self->common, g_ptr_array_unref);
  g_clear_pointer (&self->people, g_ptr_array_unref);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->vocabularies, g_hash_table_unref);
  g_clear_pointer (&self->pool, g_ptr_array_unref);
  g_free (self);
}

const SatchelKind *
satchel_kinds_find (const SatchelKinds *self, const char *id, GError **error)
{
  for (guint i = 0; i < self->kinds->len; i++) {
    const SatchelKind *kind = g_ptr_array_index (self->kinds, i);
    if (g_str_equal (kind->id, id))
      return kind;
  }
  g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NO_SUCH_KIND,
               "no kind \"%s\": satchelctl kinds lists them", id);
  return NULL;
}

GPtrArray *
satchel_kinds_list (const SatchelKinds *self)
{
  return self->kinds;
}

/* The files are part of the program, so that a fault in one is a fault of the build: a test loads
 * them all. */
static GBytes *
read_builtin (const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_strconcat (RESOURCE_FOLDER "/", name, NULL);
  GBytes *bytes = g_resource_lookup_data (satchel_kinds_get_resource (), path,
                                          G_RESOURCE_LOOKUP_FLAGS_NONE, &error);

  if (bytes == NULL)
    g_error ("%s", error->message);
  return bytes;
}

static SatchelKinds *
load_builtin (void)
{
  g_autoptr (GError) error = NULL;
  satchel_kinds_register_resource ();
  g_autoptr (GBytes) common = read_builtin ("common.fields");
  SatchelKinds *kinds = satchel_kinds_new ("common.fields", common, &error);
  g_auto (GStrv) names = g_resource_enumerate_children (
      satchel_kinds_get_resource (), RESOURCE_FOLDER, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  for (guint i = 0; error == NULL && names != NULL && names[i] != NULL; i++) {
    if (!g_str_has_suffix (names[i], ".kind"))
      continue;
    g_autoptr (GBytes) bytes = read_builtin (names[i]);
    satchel_kinds_add (kinds, names[i], bytes, &error);
  }
  if (error != NULL)
    g_error ("%s", error->message);
  return kinds;
}

const SatchelKinds *
satchel_kinds_get_builtin (void)
{
  static SatchelKinds *builtin;

  if (g_once_init_enter (&builtin))
    g_once_init_leave (&builtin, load_builtin ());
  return builtin;
}

const SatchelLabel *
satchel_kinds_get_unknown_label (void)
{
  GPtrArray *tri = g_hash_table_lookup (satchel_kinds_get_builtin ()->vocabularies, "tri");

  for (guint i = 0; tri != NULL && i < tri->len; i++) {
    const SatchelChoice *choice = g_ptr_array_index (tri, i);
    if (g_str_equal (choice->id, "unknown"))
      return choice->label;
  }
  return NULL;
}
