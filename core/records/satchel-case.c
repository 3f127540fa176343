/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-case.h"

void
satchel_link_free (SatchelLink *self)
{
  if (self == NULL)
    return;
  g_free (self->from);
  g_free (self->path);
  g_free (self->to);
  g_free (self);
}

GPtrArray *
satchel_link_list (SatchelVault *vault, const char *record_id, GError **error)
{
  g_autoptr (GPtrArray) links = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_link_free);
  gboolean has_row = FALSE;
  SatchelStatement *rows = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "SELECT r.id, l.path, l.target FROM record_link l JOIN record r ON r.row = l.record"
      " WHERE r.id = ?1"
      " UNION SELECT r.id, l.path, l.target FROM record_link l JOIN record r ON r.row = l.record"
      " WHERE l.target = ?1",
      error);

  if (rows == NULL)
    return NULL;
  satchel_statement_bind_text (rows, 1, record_id);
  while (satchel_statement_step (rows, &has_row, error)) {
    if (!has_row)
      return g_steal_pointer (&links);
    SatchelLink *link = g_new0 (SatchelLink, 1);
    link->from = g_strdup (satchel_statement_get_text (rows, 0));
    link->path = g_strdup (satchel_statement_get_text (rows, 1));
    link->to = g_strdup (satchel_statement_get_text (rows, 2));
    g_ptr_array_add (links, link);
  }
  return NULL;
}

static int
compare_when (gconstpointer a, gconstpointer b)
{
  const SatchelRecord *one = *(const SatchelRecord *const *) a;
  const SatchelRecord *other = *(const SatchelRecord *const *) b;

  if (one->when_us != other->when_us)
    return one->when_us < other->when_us ? -1 : 1;
  return (one->row > other->row) - (one->row < other->row);
}

/* Puts into @queue what @id is linked with and @seen does not have. */
static gboolean
follow (
    SatchelVault *vault, const char *id, GHashTable *seen, GQueue *queue, GError **error)
{
  g_autoptr (GPtrArray) links = satchel_link_list (vault, id, error);

  if (links == NULL)
    return FALSE;
  for (guint i = 0; i < links->len; i++) {
    const SatchelLink *link = links->pdata[i];
    const char *other = g_str_equal (link->from, id) ? link->to : link->from;
    if (!g_hash_table_contains (seen, other)) {
      char *kept = g_strdup (other);
      g_hash_table_add (seen, kept);
      g_queue_push_tail (queue, kept);
    }
  }
  if (g_hash_table_size (seen) <= SATCHEL_CASE_MAX)
    return TRUE;
  g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_TOO_LARGE,
               "a case of more than %d records", SATCHEL_CASE_MAX);
  return FALSE;
}

GPtrArray *
satchel_case_list (SatchelVault *vault, const char *record_id, GError **error)
{
  g_autoptr (GPtrArray) records =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_record_free);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GQueue) queue = g_queue_new ();
  SatchelRecord *record = satchel_record_load (vault, record_id, error);

  if (record == NULL)
    return NULL;
  char *first = g_strdup (record->id);
  g_hash_table_add (seen, first);
  g_ptr_array_add (records, record);
  if (!follow (vault, first, seen, queue, error))
    return NULL;
  for (const char *id = g_queue_pop_head (queue); id != NULL; id = g_queue_pop_head (queue)) {
    g_autoptr (GError) load_error = NULL;
    record = satchel_record_load (vault, id, &load_error);
    if (record != NULL)
      g_ptr_array_add (records, record);
    else if (!g_error_matches (load_error, SATCHEL_RECORDS_ERROR,
                               SATCHEL_RECORDS_ERROR_NOT_FOUND)) {
      g_propagate_error (error, g_steal_pointer (&load_error));
      return NULL;
    }
    /* A record that is not here still ties together those that name it. */
    if (!follow (vault, id, seen, queue, error))
      return NULL;
  }
  g_ptr_array_sort (records, compare_when);
  return g_steal_pointer (&records);
}
