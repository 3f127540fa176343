/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/satchel-text.h"
#include "records/satchel-fields-private.h"
#include "records/satchel-kind-private.h"

#define FILE_SIZE_MAX (256 * 1024)
#define FIELDS_MAX    200
#define FIELD_PREFIX  "Field:"
#define CHOICE_PREFIX "Choice:"

/* One file while it is read. */
typedef struct {
  SatchelKinds *kinds;
  const char *name;
  gboolean is_common;
  GKeyFile *file;
  GHashTable *vocabularies; /* the file's own */
  GPtrArray *fields;        /* top fields so far, not owned */
  GError **error;
} Reader;

G_GNUC_PRINTF (4, 5)
static gboolean
refuse (Reader *reader, const char *group, const char *key, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *fault = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (reader->error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_INVALID_KIND,
               "%s: [%s]%s%s: %s", reader->name, group, key != NULL ? " " : "",
               key != NULL ? key : "", fault);
  return FALSE;
}

/* Keys that may stand in a group; a star marks those that have translations. */
static const char *const kind_keys[] = {"Id", "Version", "Order", "*Label", "*Help", "Icon",
                                        "*Summary", "When", "Place", NULL};
static const char *const field_keys[] = {"Type", "*Label", "*Help", "Required", "AppendOnly",
                                         "Default", "NotBefore", "Choices", NULL};
static const char *const choice_keys[] = {"*Label", NULL};

static gboolean
is_allowed (const char *const *allowed, const char *key)
{
  gsize stem = strcspn (key, "[");
  gboolean translated = key[stem] != '\0';

  for (; *allowed != NULL; allowed++) {
    gboolean may = **allowed == '*';
    const char *name = *allowed + (may ? 1 : 0);
    if (strlen (name) == stem && strncmp (name, key, stem) == 0)
      return may || !translated;
  }
  return FALSE;
}

static gboolean
check_keys (Reader *reader, const char *group, const char *const *allowed)
{
  g_auto (GStrv) keys = g_key_file_get_keys (reader->file, group, NULL, NULL);

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    if (!is_allowed (allowed, keys[i]))
      return refuse (reader, group, keys[i], "is not a key of this group");
  return TRUE;
}

static char *
take_text (Reader *reader, const char *group, const char *key)
{
  char *text = g_key_file_get_string (reader->file, group, key, NULL);

  if (text != NULL && *text == '\0')
    g_clear_pointer (&text, g_free);
  return text;
}

static SatchelLabel *
take_label (Reader *reader, const char *group, const char *key)
{
  g_autofree char *original = take_text (reader, group, key);
  g_autofree char *start = g_strconcat (key, "[", NULL);
  g_auto (GStrv) keys = g_key_file_get_keys (reader->file, group, NULL, NULL);

  if (original == NULL)
    return NULL;
  SatchelLabel *label = g_new0 (SatchelLabel, 1);
  label->original = g_steal_pointer (&original);
  label->translations = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; keys[i] != NULL; i++) {
    if (!g_str_has_prefix (keys[i], start) || !g_str_has_suffix (keys[i], "]"))
      continue;
    gsize from = strlen (start);
    char *text = take_text (reader, group, keys[i]);
    if (text != NULL)
      g_hash_table_replace (label->translations,
                            g_strndup (keys[i] + from, strlen (keys[i]) - from - 1), text);
  }
  return label;
}

static gboolean
take_number (Reader *reader, const char *group, const char *key, guint *out)
{
  g_autofree char *text = take_text (reader, group, key);
  guint64 value = 0;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 1, 999999, &value, NULL))
    return refuse (reader, group, key, "is not a number from 1 to 999999");
  *out = (guint) value;
  return TRUE;
}

static gboolean
take_switch (Reader *reader, const char *group, const char *key, gboolean *out)
{
  g_autofree char *text = take_text (reader, group, key);

  if (text == NULL)
    return TRUE;
  if (!g_str_equal (text, "true") && !g_str_equal (text, "false"))
    return refuse (reader, group, key, "is neither true nor false");
  *out = g_str_equal (text, "true");
  return TRUE;
}

static gboolean
is_name (const char *text, char joint)
{
  if (!g_ascii_islower (*text))
    return FALSE;
  for (; *text != '\0'; text++)
    if (!g_ascii_islower (*text) && !g_ascii_isdigit (*text) && *text != joint)
      return FALSE;
  return TRUE;
}

/* [Choice:vocabulary.id]: words stand in the order of the file. */
static gboolean
read_choice (Reader *reader, const char *group)
{
  g_auto (GStrv) parts = g_strsplit (group + strlen (CHOICE_PREFIX), ".", 0);

  if (g_strv_length (parts) != 2 || !is_name (parts[0], '-') || !is_name (parts[1], '-'))
    return refuse (reader, group, NULL, "is not Choice:VOCABULARY.ID");
  if (!reader->is_common && g_hash_table_contains (reader->kinds->vocabularies, parts[0]))
    return refuse (reader, group, NULL, "adds to a vocabulary of common.fields");
  if (!check_keys (reader, group, choice_keys))
    return FALSE;
  SatchelLabel *label = take_label (reader, group, "Label");
  if (label == NULL)
    return refuse (reader, group, "Label", "is missing");
  GPtrArray *words = g_hash_table_lookup (reader->vocabularies, parts[0]);
  if (words == NULL) {
    words = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_choice_free);
    g_hash_table_insert (reader->vocabularies, g_strdup (parts[0]), words);
  }
  SatchelChoice *choice = g_new0 (SatchelChoice, 1);
  choice->id = g_strdup (parts[1]);
  choice->label = label;
  g_ptr_array_add (words, choice);
  return TRUE;
}

static GPtrArray *
find_vocabulary (Reader *reader, const char *name)
{
  GPtrArray *words = g_hash_table_lookup (reader->vocabularies, name);

  return words != NULL ? words : g_hash_table_lookup (reader->kinds->vocabularies, name);
}

static gboolean
take_choices (Reader *reader, const char *group, SatchelField *field)
{
  g_autofree char *name = take_text (reader, group, "Choices");
  gboolean wanted = field->type == SATCHEL_FIELD_CHOICE || field->type == SATCHEL_FIELD_CHOICES;

  if (wanted != (name != NULL))
    return refuse (reader, group, "Choices",
                   wanted ? "is missing" : "belongs to choice and choices only");
  if (field->type == SATCHEL_FIELD_TRI)
    name = g_strdup ("tri");
  if (name == NULL)
    return TRUE;
  GPtrArray *words = find_vocabulary (reader, name);
  if (words == NULL)
    return refuse (reader, group, "Choices", "no vocabulary \"%s\"", name);
  field->choices = g_ptr_array_ref (words);
  return TRUE;
}

static gboolean
take_sub_fields (Reader *reader, const char *group, SatchelField *field)
{
  if (field->type == SATCHEL_FIELD_PEOPLE)
    field->sub_fields = g_ptr_array_ref (reader->kinds->people);
  else if (field->type == SATCHEL_FIELD_ITEMS)
    field->sub_fields = g_ptr_array_ref (reader->kinds->items);
  else if (field->type == SATCHEL_FIELD_GROUP)
    field->sub_fields = g_ptr_array_new ();
  if (field->append_only && field->sub_fields == NULL)
    return refuse (reader, group, "AppendOnly", "belongs to repeats only");
  return TRUE;
}

static gboolean
check_default (Reader *reader, const char *group, SatchelField *field)
{
  g_autoptr (GError) fault = NULL;

  if (field->default_text == NULL ||
      (field->type == SATCHEL_FIELD_WHEN && g_str_equal (field->default_text, "now")))
    return TRUE;
  if (field->sub_fields != NULL)
    return refuse (reader, group, "Default", "does not belong to repeats");
  g_autoptr (JsonNode) value = satchel_field_value_parse (field, field->default_text, 0, &fault);
  return value != NULL || refuse (reader, group, "Default", "%s", fault->message);
}

/* Everything of a field that needs no other field. It belongs to the set from its first moment. */
static SatchelField *
read_field (Reader *reader, const char *group, const char *id)
{
  g_autofree char *type = take_text (reader, group, "Type");
  SatchelField *field = g_new0 (SatchelField, 1);

  g_ptr_array_add (reader->kinds->pool, field);
  field->id = g_strdup (id);
  if (!is_name (id, '_')) {
    refuse (reader, group, NULL, "is not Field:ID or Field:GROUP.ID");
    return NULL;
  }
  if (!check_keys (reader, group, field_keys))
    return NULL;
  if (type == NULL || !satchel_field_type_from_name (type, &field->type)) {
    refuse (reader, group, "Type", "no type \"%s\"", type != NULL ? type : "");
    return NULL;
  }
  field->label = take_label (reader, group, "Label");
  field->help = take_label (reader, group, "Help");
  field->default_text = take_text (reader, group, "Default");
  field->not_before = take_text (reader, group, "NotBefore");
  if (field->label == NULL) {
    refuse (reader, group, "Label", "is missing");
    return NULL;
  }
  if (!take_switch (reader, group, "Required", &field->required) ||
      !take_switch (reader, group, "AppendOnly", &field->append_only) ||
      !take_choices (reader, group, field) || !take_sub_fields (reader, group, field) ||
      !check_default (reader, group, field))
    return NULL;
  return field;
}

/* Where a field is to be put: the file's top, or the entries of a repeat that is there already. */
static GPtrArray *
find_siblings (Reader *reader, const char *group, const char *parent)
{
  if (parent == NULL)
    return reader->fields;
  if (reader->is_common && g_str_equal (parent, "people"))
    return reader->kinds->people;
  if (reader->is_common && g_str_equal (parent, "items"))
    return reader->kinds->items;
  const SatchelField *field = satchel_field_find (reader->fields, parent);
  if (field != NULL && field->type == SATCHEL_FIELD_GROUP)
    return field->sub_fields;
  refuse (reader, group, NULL, "no group \"%s\" stands before it", parent);
  return NULL;
}

static gboolean
read_field_group (Reader *reader, const char *group)
{
  g_auto (GStrv) parts = g_strsplit (group + strlen (FIELD_PREFIX), ".", 2);
  gboolean inner = parts[0] != NULL && parts[1] != NULL;
  GPtrArray *siblings = find_siblings (reader, group, inner ? parts[0] : NULL);

  if (siblings == NULL)
    return FALSE;
  const char *id = inner ? parts[1] : parts[0] != NULL ? parts[0]
                                                       : "";
  if (siblings->len >= FIELDS_MAX)
    return refuse (reader, group, NULL, "over %d fields", FIELDS_MAX);
  if (satchel_field_find (siblings, id) != NULL ||
      (!inner && satchel_field_find (reader->kinds->common, id) != NULL))
    return refuse (reader, group, NULL, "stands there already");
  SatchelField *field = read_field (reader, group, id);
  if (field == NULL)
    return FALSE;
  if (inner && field->sub_fields != NULL)
    return refuse (reader, group, "Type", "a repeat holds no repeats");
  g_ptr_array_add (siblings, field);
  return TRUE;
}

static gboolean
has_moment (const SatchelField *field)
{
  return field != NULL && (field->type == SATCHEL_FIELD_WHEN || field->type == SATCHEL_FIELD_SPAN ||
                           field->type == SATCHEL_FIELD_DEADLINE);
}

static gboolean
check_siblings (Reader *reader, GPtrArray *fields)
{
  for (guint i = 0; i < fields->len; i++) {
    const SatchelField *field = g_ptr_array_index (fields, i);
    g_autofree char *group = g_strconcat (FIELD_PREFIX, field->id, NULL);
    if (field->not_before != NULL &&
        (!has_moment (field) || !has_moment (satchel_field_find (fields, field->not_before))))
      return refuse (reader, group, "NotBefore", "no two moments to compare");
    if (field->type == SATCHEL_FIELD_GROUP && field->sub_fields->len == 0)
      return refuse (reader, group, NULL, "a group without fields");
    if (field->type == SATCHEL_FIELD_GROUP && !check_siblings (reader, field->sub_fields))
      return FALSE;
  }
  return TRUE;
}

static gboolean
check_summary (Reader *reader, GPtrArray *fields, const char *summary)
{
  const char *at = summary;

  while ((at = strchr (at, '{')) != NULL) {
    g_autofree char *id = g_strndup (at + 1, strcspn (at + 1, "}"));
    at += 1 + strlen (id);
    if (*at != '}' || satchel_field_find (fields, id) == NULL)
      return refuse (reader, "Kind", "Summary", "no field \"%s\"", id);
  }
  return TRUE;
}

static gboolean
check_kind (Reader *reader, SatchelKind *kind)
{
  const SatchelField *when = NULL;
  const SatchelField *place = NULL;
  g_autoptr (GPtrArray) languages = satchel_label_list_languages (kind->summary);

  if (kind->when_field != NULL)
    when = satchel_field_find (kind->fields, kind->when_field);
  if (kind->place_field != NULL)
    place = satchel_field_find (kind->fields, kind->place_field);
  if (kind->when_field != NULL && !has_moment (when))
    return refuse (reader, "Kind", "When", "no moment \"%s\"", kind->when_field);
  if (kind->place_field != NULL && (place == NULL || place->type != SATCHEL_FIELD_PLACE))
    return refuse (reader, "Kind", "Place", "no place \"%s\"", kind->place_field);
  if (!check_summary (reader, kind->fields, kind->summary->original))
    return FALSE;
  for (guint i = 0; i < languages->len; i++) {
    const char *text = satchel_label_get (kind->summary, g_ptr_array_index (languages, i));
    if (!check_summary (reader, kind->fields, text))
      return FALSE;
  }
  return check_siblings (reader, kind->fields);
}

/* Vocabularies first: fields name them, wherever they stand. */
static gboolean
read_groups (Reader *reader)
{
  g_auto (GStrv) groups = g_key_file_get_groups (reader->file, NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    if (g_str_has_prefix (groups[i], CHOICE_PREFIX) && !read_choice (reader, groups[i]))
      return FALSE;
  for (guint i = 0; groups[i] != NULL; i++) {
    if (g_str_has_prefix (groups[i], CHOICE_PREFIX) ||
        (!reader->is_common && g_str_equal (groups[i], "Kind")))
      continue;
    if (!g_str_has_prefix (groups[i], FIELD_PREFIX))
      return refuse (reader, groups[i], NULL, "is not a group of this file");
    if (!read_field_group (reader, groups[i]))
      return FALSE;
  }
  return TRUE;
}

static GKeyFile *
load_file (const char *name, GBytes *bytes, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) fault = NULL;
  gsize size = 0;
  const char *data = g_bytes_get_data (bytes, &size);

  if (size == 0 || size > FILE_SIZE_MAX || !satchel_text_is_clean (data, (gssize) size)) {
    g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_INVALID_KIND,
                 "%s: not a text of at most %d bytes", name, FILE_SIZE_MAX);
    return NULL;
  }
  if (!g_key_file_load_from_data (file, data, size, G_KEY_FILE_KEEP_TRANSLATIONS, &fault)) {
    g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_INVALID_KIND, "%s: %s", name,
                 fault->message);
    return NULL;
  }
  return g_steal_pointer (&file);
}

static GHashTable *
new_vocabularies (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                (GDestroyNotify) g_ptr_array_unref);
}

SatchelKinds *
satchel_kinds_new (const char *name, GBytes *common, GError **error)
{
  g_autoptr (GKeyFile) file = load_file (name, common, error);

  if (file == NULL)
    return NULL;
  g_autoptr (SatchelKinds) kinds = g_new0 (SatchelKinds, 1);
  kinds->kinds = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_kind_free);
  kinds->pool = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_field_free);
  kinds->vocabularies = new_vocabularies ();
  kinds->common = g_ptr_array_new ();
  kinds->people = g_ptr_array_new ();
  kinds->items = g_ptr_array_new ();
  g_autoptr (GPtrArray) fields = g_ptr_array_new ();
  Reader reader = {kinds, name, TRUE, file, kinds->vocabularies, fields, error};
  if (!read_groups (&reader) || !check_siblings (&reader, fields) ||
      !check_siblings (&reader, kinds->people) || !check_siblings (&reader, kinds->items))
    return NULL;
  if (kinds->people->len == 0 || kinds->items->len == 0 ||
      !g_hash_table_contains (kinds->vocabularies, "tri")) {
    refuse (&reader, FIELD_PREFIX, NULL, "people, items or the vocabulary tri are missing");
    return NULL;
  }
  g_ptr_array_extend (kinds->common, fields, NULL, NULL);
  return g_steal_pointer (&kinds);
}

static SatchelKind *
read_kind_group (Reader *reader)
{
  SatchelKind *kind = g_new0 (SatchelKind, 1);

  kind->id = take_text (reader, "Kind", "Id");
  kind->icon = take_text (reader, "Kind", "Icon");
  kind->label = take_label (reader, "Kind", "Label");
  kind->help = take_label (reader, "Kind", "Help");
  kind->summary = take_label (reader, "Kind", "Summary");
  kind->when_field = take_text (reader, "Kind", "When");
  kind->place_field = take_text (reader, "Kind", "Place");
  gboolean good = check_keys (reader, "Kind", kind_keys);
  if (good && (kind->id == NULL || !is_name (kind->id, '-')))
    good = refuse (reader, "Kind", "Id", "is not a name of a-z, 0-9 and hyphens");
  if (good && (kind->icon == NULL || kind->label == NULL || kind->summary == NULL))
    good = refuse (reader, "Kind", NULL, "lacks Icon, Label or Summary");
  if (good && satchel_kinds_find (reader->kinds, kind->id, NULL) != NULL)
    good = refuse (reader, "Kind", "Id", "is there already");
  if (!good || !take_number (reader, "Kind", "Version", &kind->version) ||
      !take_number (reader, "Kind", "Order", &kind->order))
    g_clear_pointer (&kind, satchel_kind_free);
  return kind;
}

static gint
compare_order (gconstpointer a, gconstpointer b)
{
  const SatchelKind *first = *(const SatchelKind *const *) a;
  const SatchelKind *second = *(const SatchelKind *const *) b;

  return first->order != second->order ? (first->order > second->order ? 1 : -1)
                                       : strcmp (first->id, second->id);
}

/* The title, the kind's own fields, then the other common ones. */
static GPtrArray *
join_fields (const SatchelKinds *kinds, GPtrArray *own)
{
  GPtrArray *fields = g_ptr_array_new ();

  for (guint i = 0; i < MIN (1, kinds->common->len); i++)
    g_ptr_array_add (fields, g_ptr_array_index (kinds->common, i));
  g_ptr_array_extend (fields, own, NULL, NULL);
  for (guint i = 1; i < kinds->common->len; i++)
    g_ptr_array_add (fields, g_ptr_array_index (kinds->common, i));
  return fields;
}

gboolean
satchel_kinds_add (SatchelKinds *self, const char *name, GBytes *kind, GError **error)
{
  g_autoptr (GKeyFile) file = load_file (name, kind, error);

  if (file == NULL)
    return FALSE;
  g_autoptr (GHashTable) vocabularies = new_vocabularies ();
  g_autoptr (GPtrArray) fields = g_ptr_array_new ();
  Reader reader = {self, name, FALSE, file, vocabularies, fields, error};
  if (!g_key_file_has_group (file, "Kind"))
    return refuse (&reader, "Kind", NULL, "is missing");
  SatchelKind *read = read_kind_group (&reader);
  if (read == NULL)
    return FALSE;
  gboolean good = read_groups (&reader);
  if (good) {
    read->fields = join_fields (self, fields);
    good = check_kind (&reader, read);
  }
  if (!good) {
    satchel_kind_free (read);
    return FALSE;
  }
  g_ptr_array_add (self->kinds, read);
  g_ptr_array_sort (self->kinds, compare_order);
  return TRUE;
}
