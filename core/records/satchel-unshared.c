/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-unshared.h"

#include "records/satchel-fields-private.h"

#define MARK "do_not_share"

/* Somebody, as far as the revisions were read. */
typedef struct {
  char *name;
  gboolean is_marked; /* where the name stands last */
  guint last;         /* the revision, from 1 */
} Person;

typedef struct {
  GPtrArray *people; /* of Person, in the order in which they came */
  GHashTable *names; /* name -> Person, borrowed */
} Reading;

static void
person_free (gpointer data)
{
  Person *self = data;

  g_free (self->name);
  g_free (self);
}

void
satchel_unshared_free (SatchelUnshared *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self);
}

/* What an entry calls somebody: the name, else the first other thing in words. Borrowed; NULL where
 * it has none. */
static const char *
get_name (const SatchelField *repeat, JsonObject *entry)
{
  for (guint i = 0; i < repeat->sub_fields->len; i++) {
    const SatchelField *field = g_ptr_array_index (repeat->sub_fields, i);
    JsonNode *value = json_object_get_member (entry, field->id);
    if (field->type == SATCHEL_FIELD_TEXT && !satchel_field_node_is_unknown (value) &&
        satchel_field_node_string (value) != NULL)
      return satchel_field_node_string (value);
  }
  return NULL;
}

static Person *
find_or_add (Reading *reading, const char *name)
{
  Person *person = g_hash_table_lookup (reading->names, name);

  if (person != NULL)
    return person;
  person = g_new0 (Person, 1);
  person->name = g_strdup (name);
  g_ptr_array_add (reading->people, person);
  g_hash_table_insert (reading->names, person->name, person);
  return person;
}

/* Of two entries with one name in one revision, the one with the mark counts. Gives whether this
 * one has it. */
static gboolean
note_entry (Reading *reading, const SatchelField *repeat, JsonObject *entry, guint number)
{
  const char *mark = satchel_field_node_string (json_object_get_member (entry, MARK));
  const char *name = get_name (repeat, entry);
  gboolean is_marked = g_strcmp0 (mark, "yes") == 0;

  if (name == NULL)
    return is_marked;
  Person *person = find_or_add (reading, name);
  person->is_marked = is_marked || (person->last == number && person->is_marked);
  person->last = number;
  return is_marked;
}

/* Who took a name out in the revision that has a mark, or before it, may have put the mark at what
 * stands in its place. */
static void
mark_gone (Reading *reading, guint number)
{
  for (guint i = 0; i < reading->people->len; i++) {
    Person *person = reading->people->pdata[i];
    person->is_marked |= person->last < number;
  }
}

static void
note_revision (Reading *reading, const SatchelRevision *revision, guint number)
{
  const SatchelKind *kind =
      satchel_kinds_find (satchel_kinds_get_builtin (), revision->kind, NULL);
  gboolean has_mark = FALSE;

  for (guint i = 0; kind != NULL && i < kind->fields->len; i++) {
    const SatchelField *field = g_ptr_array_index (kind->fields, i);
    JsonArray *entries =
        satchel_field_entries (field, json_object_get_member (revision->values, field->id));
    guint count = entries != NULL ? json_array_get_length (entries) : 0;
    if (count == 0 || satchel_field_find (field->sub_fields, MARK) == NULL)
      continue;
    for (guint j = 0; j < count; j++) {
      JsonObject *entry = satchel_field_entry (entries, j);
      has_mark |= entry != NULL && note_entry (reading, field, entry, number);
    }
  }
  if (has_mark)
    mark_gone (reading, number);
}

GPtrArray *
satchel_unshared_list (GPtrArray *revisions)
{
  g_autoptr (GPtrArray) people = g_ptr_array_new_with_free_func (person_free);
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  Reading reading = {people, names};
  GPtrArray *unshared =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_unshared_free);

  for (guint i = 0; i < revisions->len; i++)
    note_revision (&reading, revisions->pdata[i], i + 1);
  for (guint i = 0; i < people->len; i++) {
    const Person *person = people->pdata[i];
    if (!person->is_marked)
      continue;
    SatchelUnshared *one = g_new0 (SatchelUnshared, 1);
    one->name = g_strdup (person->name);
    one->is_gone = person->last < revisions->len;
    g_ptr_array_add (unshared, one);
  }
  return unshared;
}

GPtrArray *
satchel_unshared_load (SatchelVault *vault, const char *record_id, GError **error)
{
  g_autoptr (GPtrArray) revisions = satchel_record_list_revisions (vault, record_id, error);

  return revisions != NULL ? satchel_unshared_list (revisions) : NULL;
}
