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
  for (guint i = 0; i < deadlines->len && self == NULL; i++) {
    const SatchelFieldDeadline *field = deadlines->pdata[i];
    if (!g_str_equal (field->path, path))
      continue;
    self = g_new0 (SatchelDeadline, 1);
    self->record_id = g_strdup (satchel_statement_get_text (row, 0));
    self->path = g_strdup (path);
    self->when = field->when;
    self->what = g_strdup (field->what);
  }
  if (self == NULL)
    g_set_error_literal (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_DAMAGED,
                         "a deadline is not in its record");
  return self;
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
      return g_steal_pointer (&list);
    SatchelDeadline *deadline = read_row (rows, language, error);
    if (deadline == NULL) {
      satchel_statement_reset (rows);
      return NULL;
    }
    g_ptr_array_add (list, deadline);
  }
  return NULL;
}
