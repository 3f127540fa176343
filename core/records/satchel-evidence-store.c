/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "records/satchel-evidence-private.h"
#include "records/satchel-ledger-private.h"
#include "records/satchel-record-private.h"

static gboolean
fail (GError **error, SatchelRecordsError code, const char *message)
{
  g_set_error_literal (error, SATCHEL_RECORDS_ERROR, code, message);
  return FALSE;
}

gboolean
satchel_evidence_insert (
    SatchelDb *db, gint64 record_row, const SatchelEvidence *item, GError **error)
{
  SatchelStatement *insert = satchel_db_prepare (
      db, "INSERT INTO evidence (id, record, blob_id, line, hash) VALUES (?, ?, ?, ?, ?)", error);

  if (insert == NULL)
    return FALSE;
  satchel_statement_bind_text (insert, 1, item->id);
  satchel_statement_bind_int (insert, 2, record_row);
  satchel_statement_bind_text (insert, 3, item->blob_id);
  satchel_statement_bind_text (insert, 4, item->line);
  satchel_statement_bind_blob (insert, 5, item->hash, 32);
  return satchel_statement_run (insert, error);
}

/* Columns: line, blob_id, hash. */
static gpointer
read_row (SatchelStatement *row, GError **error)
{
  const char *line = satchel_statement_get_text (row, 0);
  g_autoptr (SatchelEvidence) item = satchel_evidence_parse (line, strlen (line), error);
  gsize size = 0;
  const guint8 *hash = satchel_statement_get_blob (row, 2, &size);

  if (item == NULL)
    return NULL;
  if (size != 32 || memcmp (hash, item->hash, 32) != 0) {
    fail (error, SATCHEL_RECORDS_ERROR_DAMAGED, "an evidence item is stored beside another hash");
    return NULL;
  }
  item->blob_id = g_strdup (satchel_statement_get_text (row, 1));
  return g_steal_pointer (&item);
}

GPtrArray *
satchel_evidence_list (SatchelVault *vault, const char *record_id, GError **error)
{
  SatchelStatement *rows = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "SELECT e.line, e.blob_id, e.hash FROM record r JOIN evidence e ON e.record = r.row"
      " WHERE r.id = ? ORDER BY e.row",
      error);

  if (rows == NULL)
    return NULL;
  satchel_statement_bind_text (rows, 1, record_id);
  return satchel_statement_list (rows, read_row, (GDestroyNotify) satchel_evidence_free, error);
}

SatchelEvidence *
satchel_evidence_load (SatchelVault *vault, const char *id_or_prefix, GError **error)
{
  g_autofree char *end = NULL;
  SatchelStatement *rows = NULL;

  if (!satchel_id_range (id_or_prefix, "evidence item", &end, error))
    return NULL;
  rows = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "SELECT line, blob_id, hash FROM evidence WHERE id >= ?1 AND id < ?2 LIMIT 2",
      error);
  if (rows == NULL)
    return NULL;
  satchel_statement_bind_text (rows, 1, id_or_prefix);
  satchel_statement_bind_text (rows, 2, end);
  g_autoptr (GPtrArray) found =
      satchel_statement_list (rows, read_row, (GDestroyNotify) satchel_evidence_free, error);
  if (found == NULL)
    return NULL;
  if (found->len == 1)
    return g_ptr_array_steal_index (found, 0);
  g_set_error (error, SATCHEL_RECORDS_ERROR,
               found->len == 0 ? SATCHEL_RECORDS_ERROR_NOT_FOUND : SATCHEL_RECORDS_ERROR_AMBIGUOUS,
               found->len == 0 ? "no evidence item %s" : "several evidence items begin with %s",
               id_or_prefix);
  return NULL;
}

GInputStream *
satchel_evidence_open (SatchelVault *vault,
                       const SatchelEvidence *item,
                       SatchelAction action,
                       GCancellable *cancellable,
                       GError **error)
{
  guint64 size = 0;
  g_autoptr (GInputStream) stream =
      satchel_blob_open (vault, item->blob_id, &size, cancellable, error);
  g_autoptr (SatchelTransaction) transaction =
      stream != NULL ? satchel_transaction_begin (satchel_vault_get_db (vault), error) : NULL;

  if (transaction == NULL ||
      !satchel_ledger_append (vault, action, item->id, item->hash, NULL, error) ||
      !satchel_transaction_commit (transaction, error))
    return NULL;
  return g_steal_pointer (&stream);
}

/* Whether the blob holds what the item says. */
static gboolean
check_blob (SatchelDb *db, const SatchelEvidence *item, const char *blob_id, GError **error)
{
  SatchelStatement *blob =
      satchel_db_prepare (db, "SELECT sha256, size_bytes FROM blob WHERE id = ?", error);
  gboolean has_row = FALSE;
  gboolean fits = FALSE;
  gsize size = 0;

  if (blob == NULL)
    return FALSE;
  satchel_statement_bind_text (blob, 1, blob_id);
  if (!satchel_statement_step (blob, &has_row, error))
    return FALSE;
  if (has_row) {
    const guint8 *sha256 = satchel_statement_get_blob (blob, 0, &size);
    fits = size == 32 && memcmp (sha256, item->sha256, 32) == 0 &&
           (guint64) satchel_statement_get_int (blob, 1) == item->size_bytes;
  }
  satchel_statement_reset (blob);
  return fits || fail (error, SATCHEL_RECORDS_ERROR_DAMAGED,
                       "evidence bytes are not those that the item says");
}

/* The line's hash of an item that is there; *@present FALSE for none. */
static gboolean
find_item (SatchelDb *db, const char *id, gboolean *present, guint8 hash[32], GError **error)
{
  SatchelStatement *find = satchel_db_prepare (db, "SELECT hash FROM evidence WHERE id = ?", error);
  gboolean has_row = FALSE;
  gsize size = 0;

  if (find == NULL)
    return FALSE;
  satchel_statement_bind_text (find, 1, id);
  if (!satchel_statement_step (find, &has_row, error))
    return FALSE;
  if (has_row) {
    const guint8 *stored = satchel_statement_get_blob (find, 0, &size);
    if (size == 32)
      memcpy (hash, stored, 32);
  }
  satchel_statement_reset (find);
  *present = has_row;
  return TRUE;
}

static gboolean
insert_imported (SatchelVault *vault,
                 const SatchelEvidence *item,
                 const char *blob_id,
                 GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  SatchelEvidence row = *item;
  g_autoptr (JsonObject) detail = satchel_ledger_detail_text ("record", item->record_id);
  gint64 record_row = 0;

  if (!satchel_record_find_row (db, item->record_id, &record_row, error))
    return FALSE;
  if (record_row == 0)
    return fail (error, SATCHEL_RECORDS_ERROR_NOT_FOUND, "no record for the evidence item");
  row.blob_id = (char *) blob_id;
  return satchel_evidence_insert (db, record_row, &row, error) &&
         satchel_ledger_append (vault, SATCHEL_ACTION_IMPORTED, item->id, item->hash, detail,
                                error);
}

gboolean
satchel_evidence_import (SatchelVault *vault,
                         const SatchelEvidence *item,
                         const char *blob_id,
                         GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  gboolean present = FALSE;
  guint8 hash[32] = {0};

  g_return_val_if_fail (satchel_db_in_transaction (db), FALSE);
  if (!check_blob (db, item, blob_id, error) || !find_item (db, item->id, &present, hash, error))
    return FALSE;
  if (!present)
    return insert_imported (vault, item, blob_id, error);
  if (memcmp (hash, item->hash, 32) != 0)
    return fail (error, SATCHEL_RECORDS_ERROR_FORKED,
                 "the vault has another evidence item of the same id");
  return TRUE;
}
