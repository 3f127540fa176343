/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/satchel-json.h"
#include "records/satchel-line-private.h"
#include "records/satchel-record-private.h"

void
satchel_revision_free (SatchelRevision *self)
{
  if (self == NULL)
    return;
  g_free (self->record);
  g_free (self->kind);
  g_free (self->actor);
  g_free (self->reason);
  g_clear_pointer (&self->values, json_object_unref);
  g_free (self->line);
  g_free (self);
}

void
satchel_revision_compose (SatchelRevision *self)
{
  GString *line = satchel_line_new ();

  satchel_line_add_string (line, "record", self->record);
  satchel_line_add_int (line, "number", self->number);
  satchel_line_add_string (line, "kind", self->kind);
  satchel_line_add_int (line, "kind_version", self->kind_version);
  satchel_line_add_exact (line, "time", self->time_us);
  satchel_line_add_string (line, "actor", self->actor);
  satchel_line_add_string (line, "reason", self->reason);
  satchel_line_add_hash (line, "previous", self->has_previous ? self->previous : NULL);
  satchel_line_add_object (line, "values", self->values);
  g_free (self->line);
  self->line = satchel_line_end (line, self->hash);
}

static gboolean
read_members (SatchelRevision *self, JsonObject *object, GError **error)
{
  const char *kind = NULL;
  JsonObject *values = NULL;
  gint64 number = 0;
  gint64 version = 0;

  if (!satchel_line_get_id (object, "record", &self->record, error) ||
      !satchel_json_get_int (object, "number", 1, G_MAXINT32, &number, error) ||
      !satchel_json_get_string (object, "kind", 64, &kind, error) ||
      !satchel_json_get_int (object, "kind_version", 1, G_MAXINT32, &version, error) ||
      !satchel_line_get_exact (object, "time", &self->time_us, error) ||
      !satchel_line_get_optional (object, "actor", 256, &self->actor, error) ||
      !satchel_line_get_optional (object, "reason", SATCHEL_REASON_MAX, &self->reason, error) ||
      !satchel_line_get_hash (object, "previous", TRUE, &self->has_previous, self->previous,
                              error) ||
      !satchel_json_get_object (object, "values", &values, error))
    return FALSE;
  self->number = (guint) number;
  self->kind = g_strdup (kind);
  self->kind_version = (guint) version;
  self->values = json_object_ref (values);
  return TRUE;
}

SatchelRevision *
satchel_revision_parse (const char *line, gsize size_bytes, gboolean strict, GError **error)
{
  g_autoptr (SatchelRevision) self = g_new0 (SatchelRevision, 1);
  g_autoptr (GError) cause = NULL;
  g_autoptr (JsonNode) node =
      satchel_json_parse (line, size_bytes, SATCHEL_REVISION_LINE_MAX, &cause);

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node) &&
      read_members (self, json_node_get_object (node), &cause)) {
    if (strict)
      satchel_revision_compose (self);
    else
      self->line = g_strndup (line, size_bytes);
    if (strlen (self->line) == size_bytes && memcmp (self->line, line, size_bytes) == 0)
      return g_steal_pointer (&self);
  }
  satchel_line_take_damage (error, "revision", g_steal_pointer (&cause));
  return NULL;
}

gboolean
satchel_revision_follows (const SatchelRevision *revision, const SatchelRevision *before)
{
  if (before == NULL)
    return revision->number == 1 && !revision->has_previous;
  return revision->number == before->number + 1 && revision->has_previous &&
         memcmp (revision->previous, before->hash, 32) == 0 &&
         g_str_equal (revision->record, before->record) &&
         g_str_equal (revision->kind, before->kind);
}

gboolean
satchel_revision_insert (SatchelDb *db, gint64 row, const SatchelRevision *revision, GError **error)
{
  SatchelStatement *insert = satchel_db_prepare (
      db, "INSERT INTO revision (record, number, line, hash) VALUES (?, ?, ?, ?)", error);

  if (insert == NULL)
    return FALSE;
  satchel_statement_bind_int (insert, 1, row);
  satchel_statement_bind_int (insert, 2, revision->number);
  satchel_statement_bind_text (insert, 3, revision->line);
  satchel_statement_bind_blob (insert, 4, revision->hash, 32);
  return satchel_statement_run (insert, error);
}

static SatchelRevision *
read_row (SatchelStatement *row, GError **error)
{
  const char *line = satchel_statement_get_text (row, 0);
  gsize size = 0;
  const guint8 *hash = satchel_statement_get_blob (row, 1, &size);
  SatchelRevision *revision = satchel_revision_parse (line, strlen (line), TRUE, error);

  if (revision == NULL || (size == 32 && memcmp (hash, revision->hash, 32) == 0))
    return revision;
  satchel_revision_free (revision);
  g_set_error_literal (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_DAMAGED,
                       "a revision is stored beside another hash");
  return NULL;
}

GPtrArray *
satchel_record_list_revisions (SatchelVault *vault, const char *id, GError **error)
{
  g_autoptr (GPtrArray) list =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_revision_free);
  gboolean has_row = FALSE;
  SatchelStatement *rows = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "SELECT v.line, v.hash FROM record r JOIN revision v ON v.record = r.row"
      " WHERE r.id = ? ORDER BY v.number",
      error);

  if (rows == NULL)
    return NULL;
  satchel_statement_bind_text (rows, 1, id);
  while (satchel_statement_step (rows, &has_row, error)) {
    if (!has_row && list->len > 0)
      return g_steal_pointer (&list);
    if (!has_row) {
      g_set_error_literal (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND,
                           "no such record");
      return NULL;
    }
    SatchelRevision *revision = read_row (rows, error);
    const SatchelRevision *before = list->len > 0 ? list->pdata[list->len - 1] : NULL;
    if (revision != NULL)
      g_ptr_array_add (list, revision);
    if (revision == NULL || !satchel_revision_follows (revision, before)) {
      satchel_statement_reset (rows);
      if (revision != NULL)
        g_set_error_literal (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_DAMAGED,
                             "a revision does not continue the one before");
      return NULL;
    }
  }
  return NULL;
}
