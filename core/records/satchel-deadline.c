/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-deadline.h"

#include <string.h>

#include "records/satchel-record-private.h"

void
satchel_deadline_free (SatchelDeadline *self)
{
  if (self == NULL)
    return;
  g_free (self->record_id);
  g_free (self->path);
  g_free (self->what);
  g_free (self);
}

gboolean
satchel_deadline_is_over (const SatchelDeadline *self, gint64 now_us)
{
  return self->when.precision != SATCHEL_PRECISION_UNKNOWN &&
         satchel_when_get_end_us (&self->when) <= now_us;
}

/* --- What was done --- */

/* A setting for each, by record and field; its value is the time that was meant. */
#define DONE "deadline.done."

static char *
done_key (const char *record_id, const char *path)
{
  return g_strconcat (DONE, record_id, ".", path, NULL);
}

static gboolean
load_done (SatchelVault *vault, SatchelDeadline *self, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autofree char *key = done_key (self->record_id, self->path);
  g_autofree char *when = satchel_when_format (&self->when);
  g_autofree char *done = satchel_vault_dup_setting (vault, key, &local_error);

  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  self->is_done = g_strcmp0 (done, when) == 0;
  return TRUE;
}

static const SatchelFieldDeadline *
find_deadline (GPtrArray *deadlines, const char *path)
{
  for (guint i = 0; i < deadlines->len; i++) {
    const SatchelFieldDeadline *deadline = deadlines->pdata[i];
    if (g_str_equal (deadline->path, path))
      return deadline;
  }
  return NULL;
}

gboolean
satchel_deadline_set_done (SatchelVault *vault,
                           const char *record_id,
                           const char *path,
                           gboolean is_done,
                           GError **error)
{
  g_autoptr (SatchelRecord) record = satchel_record_load (vault, record_id, error);

  if (record == NULL)
    return FALSE;
  g_autoptr (GPtrArray) deadlines =
      satchel_fields_list_deadlines (satchel_record_get_kind (record), record->values, NULL);
  const SatchelFieldDeadline *deadline = find_deadline (deadlines, path);
  if (deadline == NULL) {
    g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND,
                 "record %s has no deadline at %s", record->id, path);
    return FALSE;
  }
  g_autofree char *key = done_key (record->id, path);
  g_autofree char *when = satchel_when_format (&deadline->when);
  return satchel_vault_set_setting (vault, key, is_done ? when : NULL, error);
}

gboolean
satchel_deadline_forget (SatchelVault *vault, const char *record_id, GError **error)
{
  SatchelStatement *statement =
      satchel_db_prepare (satchel_vault_get_db (vault),
                          "DELETE FROM setting WHERE key > ?1 || '.' AND key < ?1 || '/'", error);
  g_autofree char *key = g_strconcat (DONE, record_id, NULL);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, key);
  return satchel_statement_run (statement, error);
}

/* --- Listing --- */

/* A row of the table, completed from the record's values in the wanted language. */
static SatchelDeadline *
read_row (SatchelStatement *row, const char *language, GError **error)
{
  const char *path = satchel_statement_get_text (row, 1);
  const char *line = satchel_statement_get_text (row, 2);
  g_autoptr (SatchelRevision) latest = satchel_revision_parse (line, strlen (line), FALSE, error);
  SatchelDeadline *self = NULL;

  if (latest == NULL)
    return NULL;
  SatchelRecord record = {.kind = latest->kind};
  g_autoptr (GPtrArray) deadlines = satchel_fields_list_deadlines (
      satchel_record_get_kind (&record), latest->values, language);
  const SatchelFieldDeadline *field = find_deadline (deadlines, path);
  if (field == NULL) {
    g_set_error_literal (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_DAMAGED,
                         "a deadline is not in its record");
    return NULL;
  }
  self = g_new0 (SatchelDeadline, 1);
  self->record_id = g_strdup (satchel_statement_get_text (row, 0));
  self->path = g_strdup (path);
  self->when = field->when;
  self->what = g_strdup (field->what);
  return self;
}

static gboolean
load_all_done (SatchelVault *vault, GPtrArray *list, GError **error)
{
  for (guint i = 0; i < list->len; i++)
    if (!load_done (vault, list->pdata[i], error))
      return FALSE;
  return TRUE;
}

GPtrArray *
satchel_deadline_list (
    SatchelVault *vault, gint64 since_us, gint64 until_us, const char *language, GError **error)
{
  g_autoptr (GPtrArray) list =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_deadline_free);
  gboolean has_row = FALSE;
  SatchelStatement *rows = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "SELECT r.id, d.path, v.line FROM record_deadline d JOIN record r ON r.row = d.record"
      " JOIN revision v ON v.record = r.row AND v.number = r.revision"
      " WHERE (d.at_us >= ?1 AND d.at_us < ?2) OR (d.at_us IS NULL AND ?3)"
      " ORDER BY d.at_us IS NULL, d.at_us, d.record, d.path",
      error);

  if (rows == NULL)
    return NULL;
  satchel_statement_bind_int (rows, 1, since_us);
  satchel_statement_bind_int (rows, 2, until_us != 0 ? until_us : G_MAXINT64);
  satchel_statement_bind_int (rows, 3, until_us == 0);
  while (satchel_statement_step (rows, &has_row, error)) {
    if (!has_row)
      return load_all_done (vault, list, error) ? g_steal_pointer (&list) : NULL;
    SatchelDeadline *deadline = read_row (rows, language, error);
    if (deadline == NULL) {
      satchel_statement_reset (rows);
      return NULL;
    }
    g_ptr_array_add (list, deadline);
  }
  return NULL;
}
