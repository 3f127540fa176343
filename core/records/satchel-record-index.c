/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/satchel-json.h"
#include "records/satchel-record-private.h"
#include "records/satchel-search-private.h"

/* Adds the names of stored evidence to what a record is found by. */
static gboolean
add_evidence_names (SatchelDb *db, gint64 row, GString *text, GError **error)
{
  gboolean has_row = FALSE;
  SatchelStatement *items =
      satchel_db_prepare (db, "SELECT line ->> 'name' FROM evidence WHERE record = ?", error);

  if (items == NULL)
    return FALSE;
  satchel_statement_bind_int (items, 1, row);
  while (satchel_statement_step (items, &has_row, error)) {
    if (!has_row)
      return TRUE;
    const char *name = satchel_statement_get_text (items, 0);
    if (name != NULL)
      g_string_append_printf (text, "\n%s", name);
  }
  return FALSE;
}

static gboolean
put_text (SatchelDb *db, gint64 row, const char *text, GError **error)
{
  SatchelStatement *put = satchel_db_prepare (
      db, "INSERT OR REPLACE INTO record_text (rowid, text, folded) VALUES (?, ?, ?)", error);
  g_autofree char *folded = satchel_search_dup_folded_words (text);

  if (put == NULL)
    return FALSE;
  satchel_statement_bind_int (put, 1, row);
  satchel_statement_bind_text (put, 2, text);
  satchel_statement_bind_text (put, 3, folded);
  return satchel_statement_run (put, error);
}

static gboolean
put_link (SatchelDb *db, gint64 row, const SatchelFieldLink *link, GError **error)
{
  SatchelStatement *put = satchel_db_prepare (
      db, "INSERT INTO record_link (record, path, target) VALUES (?, ?, ?)", error);

  if (put == NULL)
    return FALSE;
  satchel_statement_bind_int (put, 1, row);
  satchel_statement_bind_text (put, 2, link->path);
  satchel_statement_bind_text (put, 3, link->id);
  return satchel_statement_run (put, error);
}

static gboolean
put_deadline (SatchelDb *db, gint64 row, const SatchelFieldDeadline *deadline, GError **error)
{
  SatchelStatement *put = satchel_db_prepare (
      db, "INSERT INTO record_deadline (record, path, at_us) VALUES (?, ?, ?)", error);

  if (put == NULL)
    return FALSE;
  satchel_statement_bind_int (put, 1, row);
  satchel_statement_bind_text (put, 2, deadline->path);
  if (deadline->when.precision == SATCHEL_PRECISION_UNKNOWN)
    satchel_statement_bind_null (put, 3);
  else
    satchel_statement_bind_int (put, 3, deadline->when.unix_us);
  return satchel_statement_run (put, error);
}

static gboolean
remove_derived (SatchelDb *db, gint64 row, GError **error)
{
  return satchel_run_with_int (db, "DELETE FROM record_link WHERE record = ?", row, error) &&
         satchel_run_with_int (db, "DELETE FROM record_deadline WHERE record = ?", row, error);
}

gboolean
satchel_record_index_remove (SatchelDb *db, gint64 row, GError **error)
{
  return remove_derived (db, row, error) &&
         satchel_run_with_int (db, "DELETE FROM record_text WHERE rowid = ?", row, error);
}

gboolean
satchel_record_index_purge (SatchelDb *db, GError **error)
{
  SatchelStatement *optimize = satchel_db_prepare (
      db, "INSERT INTO record_text (record_text) VALUES ('optimize')", error);

  return optimize != NULL && satchel_statement_run (optimize, error);
}

gboolean
satchel_record_index_put (SatchelVault *vault,
                          gint64 row,
                          const SatchelKind *kind,
                          JsonObject *values,
                          GPtrArray *names,
                          GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  g_autofree char *own = satchel_fields_dup_search_text (kind, values);
  g_autoptr (GString) text = g_string_new (own);
  g_autoptr (GPtrArray) links = satchel_fields_list_links (kind, values);
  g_autoptr (GPtrArray) deadlines = satchel_fields_list_deadlines (kind, values, NULL);

  for (guint i = 0; names != NULL && i < names->len; i++)
    g_string_append_printf (text, "\n%s", (const char *) names->pdata[i]);
  if (!add_evidence_names (db, row, text, error) || !remove_derived (db, row, error) ||
      !put_text (db, row, text->str, error))
    return FALSE;
  for (guint i = 0; i < links->len; i++)
    if (!put_link (db, row, links->pdata[i], error))
      return FALSE;
  for (guint i = 0; i < deadlines->len; i++)
    if (!put_deadline (db, row, deadlines->pdata[i], error))
      return FALSE;
  return TRUE;
}
