/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/satchel-text.h"
#include "records/satchel-record-private.h"

gboolean
satchel_run_with_int (SatchelDb *db, const char *sql, gint64 value, GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (db, sql, error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_int (statement, 1, value);
  return satchel_statement_run (statement, error);
}

gboolean
satchel_id_range (const char *text, const char *what, char **end, GError **error)
{
  gsize length = strlen (text);

  if (length < 4 || length > 32 || strspn (text, "0123456789abcdef") != length) {
    g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND,
                 "no such %s: ids are hex digits, at least the first four of them", what);
    return FALSE;
  }
  *end = g_strconcat (text, "g", NULL);
  return TRUE;
}

gint64
satchel_record_find_when (const SatchelKind *kind, JsonObject *values, gint64 created_us)
{
  SatchelWhen when = {0};

  return satchel_fields_get_when (kind, values, &when) ? when.unix_us : created_us;
}

gboolean
satchel_record_find_row (SatchelDb *db, const char *id, gint64 *row, GError **error)
{
  gboolean has_row = FALSE;
  SatchelStatement *find = satchel_db_prepare (db, "SELECT row FROM record WHERE id = ?", error);

  if (find == NULL)
    return FALSE;
  satchel_statement_bind_text (find, 1, id);
  if (!satchel_statement_step (find, &has_row, error))
    return FALSE;
  *row = has_row ? satchel_statement_get_int (find, 0) : 0;
  satchel_statement_reset (find);
  return TRUE;
}

gboolean
satchel_record_insert_row (SatchelDb *db,
                           const SatchelRevision *first,
                           const char *sender,
                           gint64 when_us,
                           gint64 *row,
                           GError **error)
{
  SatchelStatement *insert = satchel_db_prepare (
      db,
      "INSERT INTO record (id, kind, kind_version, revision, hash, sender, created_us,"
      " changed_us, when_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8)",
      error);

  if (insert == NULL)
    return FALSE;
  satchel_statement_bind_text (insert, 1, first->record);
  satchel_statement_bind_text (insert, 2, first->kind);
  satchel_statement_bind_int (insert, 3, first->kind_version);
  satchel_statement_bind_int (insert, 4, first->number);
  satchel_statement_bind_blob (insert, 5, first->hash, 32);
  satchel_statement_bind_text (insert, 6, sender);
  satchel_statement_bind_int (insert, 7, first->time_us);
  satchel_statement_bind_int (insert, 8, when_us);
  if (!satchel_statement_run (insert, error))
    return FALSE;
  *row = satchel_db_get_last_row_id (db);
  return TRUE;
}

gboolean
satchel_record_update_row (SatchelDb *db,
                           gint64 row,
                           const SatchelRevision *revision,
                           gint64 when_us,
                           GError **error)
{
  SatchelStatement *update = satchel_db_prepare (
      db,
      "UPDATE record SET kind_version = ?2, revision = ?3, hash = ?4, changed_us = ?5,"
      " when_us = ?6 WHERE row = ?1",
      error);

  if (update == NULL)
    return FALSE;
  satchel_statement_bind_int (update, 1, row);
  satchel_statement_bind_int (update, 2, revision->kind_version);
  satchel_statement_bind_int (update, 3, revision->number);
  satchel_statement_bind_blob (update, 4, revision->hash, 32);
  satchel_statement_bind_int (update, 5, revision->time_us);
  satchel_statement_bind_int (update, 6, when_us);
  return satchel_statement_run (update, error);
}
