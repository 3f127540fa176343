/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "records/satchel-case.h"

/* The field of common.fields that ties records of every kind. */
#define LINKS "links"

void
satchel_tie_free (SatchelTie *self)
{
  if (self == NULL)
    return;
  g_free (self->from);
  g_free (self->to);
  g_free (self->relation);
  g_free (self);
}

/* The entry's number of "links.3.record"; FALSE for any other field. */
static gboolean
get_entry (const char *path, guint *entry)
{
  int end = 0;

  return sscanf (path, LINKS ".%u.record%n", entry, &end) == 1 && path[end] == '\0' && end > 0;
}

static JsonArray *
get_entries (JsonObject *values)
{
  JsonNode *node = json_object_get_member (values, LINKS);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static const char *
get_part (JsonArray *entries, guint entry, const char *part)
{
  JsonNode *node = json_array_get_element (entries, entry);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_object_get_string_member_with_default (
                                             json_node_get_object (node), part, NULL)
                                       : NULL;
}

/* --- Tying --- */

static gboolean
set_part (const SatchelKind *kind,
          JsonObject *values,
          guint entry,
          const char *part,
          const char *text,
          GError **error)
{
  g_autofree char *path = g_strdup_printf (LINKS ".%u.%s", entry, part);

  return text == NULL || satchel_fields_set (kind, values, path, text, 0, error);
}

static gboolean
names (JsonArray *entries, const char *id)
{
  for (guint i = 0; entries != NULL && i < json_array_get_length (entries); i++)
    if (g_strcmp0 (get_part (entries, i, "record"), id) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
tie (SatchelVault *vault, const SatchelTie *wanted, GError **error)
{
  g_autoptr (SatchelRecord) from = satchel_record_load (vault, wanted->from, error);

  if (from == NULL)
    return FALSE;
  const SatchelKind *kind = satchel_record_get_kind (from);
  JsonArray *entries = get_entries (from->values);
  if (names (entries, wanted->to))
    return TRUE;
  guint entry = entries != NULL ? json_array_get_length (entries) : 0;
  g_autoptr (JsonObject) values = satchel_fields_canonical (kind, from->values);
  return set_part (kind, values, entry, "record", wanted->to, error) &&
         set_part (kind, values, entry, "relation", wanted->relation, error) &&
         satchel_record_revise (vault, from->id, values, NULL, error);
}

static gboolean
is_among (GPtrArray *records, const char *id)
{
  for (guint i = 0; i < records->len; i++)
    if (g_str_equal (((const SatchelRecord *) records->pdata[i])->id, id))
      return TRUE;
  return FALSE;
}

/* Which of the case ties it: one that may be changed without saying why. */
static const char *
find_open (GPtrArray *records, const SatchelRecord *head)
{
  if (!head->is_final)
    return head->id;
  for (guint i = 0; i < records->len; i++) {
    const SatchelRecord *record = records->pdata[i];
    if (!record->is_final)
      return record->id;
  }
  return NULL;
}

gboolean
satchel_case_add (SatchelVault *vault, const char *member_id, const char *record_id, GError **error)
{
  g_autoptr (SatchelRecord) added = satchel_record_load (vault, record_id, error);
  g_autoptr (GPtrArray) records =
      added != NULL ? satchel_case_list (vault, member_id, error) : NULL;
  const SatchelRecord *head =
      records != NULL ? satchel_case_find_head (vault, records, error) : NULL;

  if (head == NULL)
    return FALSE;
  if (is_among (records, added->id))
    return TRUE;
  SatchelTie wanted = {head->id, added->id, NULL};
  if (head->is_final && !added->is_final)
    wanted = (SatchelTie){added->id, head->id, NULL};
  else if (head->is_final)
    wanted.from = (char *) find_open (records, head);
  if (wanted.from != NULL)
    return tie (vault, &wanted, error);
  g_set_error_literal (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_FINAL,
                       "all records of the case are final, and so is the one to be added");
  return FALSE;
}

char *
satchel_case_create (SatchelVault *vault, const char *title, const char *record_id, GError **error)
{
  const SatchelKind *note = satchel_kinds_find (satchel_kinds_get_builtin (), "note", error);
  g_autoptr (JsonObject) values = note != NULL ? satchel_fields_new (note) : NULL;

  if (note == NULL || !satchel_fields_set (note, values, "title", title, 0, error) ||
      !satchel_fields_set (note, values, "text", title, 0, error) ||
      !set_part (note, values, 0, "record", record_id, error))
    return NULL;
  return satchel_record_create (vault, note, values, error);
}

/* --- Untying --- */

static gboolean
set_final (GError **error, const char *id)
{
  g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_FINAL,
               "record %s is tied to others by what is final, or by more than its links", id);
  return FALSE;
}

static gboolean
is_final (SatchelVault *vault, const char *id, gboolean *final, GError **error)
{
  g_autoptr (SatchelRecord) record = satchel_record_load (vault, id, error);

  if (record != NULL)
    *final = record->is_final;
  return record != NULL;
}

gboolean
satchel_case_can_remove (SatchelVault *vault, const char *record_id, gboolean *can, GError **error)
{
  g_autoptr (GPtrArray) links = satchel_link_list (vault, record_id, error);
  gboolean good = links != NULL && links->len > 0;

  for (guint i = 0; good && i < links->len; i++) {
    const SatchelLink *link = links->pdata[i];
    gboolean final = TRUE;
    guint entry;
    if (!is_final (vault, link->from, &final, error))
      return FALSE;
    good = !final && get_entry (link->path, &entry);
  }
  if (links != NULL)
    *can = good;
  return links != NULL;
}

/* Entries of @from that name @to (NULL: anybody) go into @ties and out of the record. */
static gboolean
untie (SatchelVault *vault, const char *from, const char *to, GPtrArray *ties, GError **error)
{
  g_autoptr (SatchelRecord) record = satchel_record_load (vault, from, error);

  if (record == NULL)
    return FALSE;
  const SatchelKind *kind = satchel_record_get_kind (record);
  g_autoptr (JsonObject) values = satchel_fields_canonical (kind, record->values);
  JsonArray *entries = get_entries (record->values);
  for (guint i = entries != NULL ? json_array_get_length (entries) : 0; i-- > 0;) {
    const char *named = get_part (entries, i, "record");
    g_autofree char *path = g_strdup_printf (LINKS ".%u", i);
    if (named == NULL || (to != NULL && !g_str_equal (named, to)))
      continue;
    SatchelTie *taken = g_new0 (SatchelTie, 1);
    taken->from = g_strdup (from);
    taken->to = g_strdup (named);
    taken->relation = g_strdup (get_part (entries, i, "relation"));
    g_ptr_array_insert (ties, 0, taken);
    if (!satchel_fields_set (kind, values, path, "", 0, error))
      return FALSE;
  }
  return satchel_record_revise (vault, from, values, NULL, error);
}

static gboolean
untie_all (SatchelVault *vault, const char *record_id, GPtrArray *ties, GError **error)
{
  g_autoptr (GPtrArray) links = satchel_link_list (vault, record_id, error);

  if (links == NULL || !untie (vault, record_id, NULL, ties, error))
    return FALSE;
  for (guint i = 0; i < links->len; i++) {
    const SatchelLink *link = links->pdata[i];
    if (!g_str_equal (link->from, record_id) &&
        !untie (vault, link->from, record_id, ties, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
satchel_case_remove (SatchelVault *vault,
                     const char *record_id,
                     GPtrArray **ties,
                     GError **error)
{
  g_autoptr (SatchelTransaction) transaction =
      satchel_transaction_begin (satchel_vault_get_db (vault), error);
  g_autoptr (GPtrArray) taken =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_tie_free);
  gboolean can = FALSE;

  if (transaction == NULL || !satchel_case_can_remove (vault, record_id, &can, error))
    return FALSE;
  if (!can)
    return set_final (error, record_id);
  if (!untie_all (vault, record_id, taken, error) ||
      !satchel_transaction_commit (transaction, error))
    return FALSE;
  *ties = g_steal_pointer (&taken);
  return TRUE;
}

gboolean
satchel_case_restore (SatchelVault *vault, GPtrArray *ties, GError **error)
{
  g_autoptr (SatchelTransaction) transaction =
      satchel_transaction_begin (satchel_vault_get_db (vault), error);

  if (transaction == NULL)
    return FALSE;
  for (guint i = 0; i < ties->len; i++)
    if (!tie (vault, ties->pdata[i], error))
      return FALSE;
  return satchel_transaction_commit (transaction, error);
}
