/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-deadline.h"
#include "records/satchel-evidence-private.h"
#include "records/satchel-record-private.h"
#include "vault/satchel-readable.h"

/* Deletes an item's row and, where nothing else refers to it, its blob's. */
static gboolean
erase_item (SatchelVault *vault, const SatchelEvidence *item, GPtrArray *paths, GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  char *path = NULL;
  SatchelStatement *delete_item =
      satchel_db_prepare (db, "DELETE FROM evidence WHERE id = ?", error);

  if (delete_item == NULL)
    return FALSE;
  satchel_statement_bind_text (delete_item, 1, item->id);
  if (!satchel_statement_run (delete_item, error) ||
      !satchel_blob_delete (vault, item->blob_id, &path, error))
    return FALSE;
  if (path != NULL)
    g_ptr_array_add (paths, path);
  return satchel_ledger_append (vault, SATCHEL_ACTION_ERASED, item->id, item->hash, NULL, error);
}

static gboolean
erase_rows (SatchelDb *db, gint64 row, GError **error)
{
  return satchel_record_index_remove (db, row, error) &&
         satchel_run_with_int (db, "DELETE FROM draft WHERE record = ?", row, error) &&
         satchel_run_with_int (db, "DELETE FROM received_record WHERE record = ?", row, error) &&
         satchel_run_with_int (db, "DELETE FROM revision WHERE record = ?", row, error) &&
         satchel_run_with_int (db, "DELETE FROM record WHERE row = ?", row, error);
}

static gboolean
erase_one (SatchelVault *vault, const char *id, GPtrArray *paths, GError **error)
{
  g_autoptr (SatchelRecord) record = satchel_record_load (vault, id, error);
  g_autoptr (GPtrArray) items =
      record != NULL ? satchel_evidence_list (vault, record->id, error) : NULL;

  if (items == NULL)
    return FALSE;
  if (record->is_held) {
    g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_HELD,
                 "record %s is under legal hold", record->id);
    return FALSE;
  }
  for (guint i = 0; i < items->len; i++)
    if (!erase_item (vault, items->pdata[i], paths, error))
      return FALSE;
  return satchel_evidence_forget_begun (vault, record->id, paths, error) &&
         erase_rows (satchel_vault_get_db (vault), record->row, error) &&
         satchel_deadline_forget (vault, record->id, error) &&
         satchel_ledger_append (vault, SATCHEL_ACTION_ERASED, record->id, record->hash, NULL,
                                error);
}

static gboolean
erase_in_store (SatchelVault *vault, GPtrArray *ids, GPtrArray *paths, GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  g_autoptr (SatchelTransaction) transaction = satchel_transaction_begin (db, error);
  g_autoptr (GHashTable) done = g_hash_table_new (g_str_hash, g_str_equal);

  if (transaction == NULL)
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    if (g_hash_table_add (done, ids->pdata[i]) && !erase_one (vault, ids->pdata[i], paths, error))
      return FALSE;
  return satchel_record_index_purge (db, error) && satchel_transaction_commit (transaction, error);
}

/* A disk that is full undoes nothing of what was committed: that is another thing to be told. */
static gboolean
overwrite_traces (SatchelDb *db, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (satchel_db_checkpoint (db, &local_error))
    return TRUE;
  if (g_error_matches (local_error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_NO_SPACE))
    g_set_error_literal (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_TRACES,
                         local_error->message);
  else
    g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

gboolean
satchel_records_erase (SatchelVault *vault, GPtrArray *ids, GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  gboolean good = FALSE;

  g_return_val_if_fail (!satchel_db_in_transaction (db), FALSE);
  if (!erase_in_store (vault, ids, paths, error))
    return FALSE;
  /* The rows are gone whatever happens now; every step is tried, the first failure is told. */
  good = overwrite_traces (db, error);
  for (guint i = 0; i < paths->len; i++)
    good = satchel_blob_unlink (vault, paths->pdata[i], good ? error : NULL) && good;
  for (guint i = 0; i < ids->len; i++)
    good = satchel_readable_remove (satchel_vault_get_folder (vault), ids->pdata[i],
                                    good ? error : NULL) &&
           good;
  return good;
}

gboolean
satchel_record_erase (SatchelVault *vault, const char *id, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();

  g_ptr_array_add (ids, (gpointer) id);
  return satchel_records_erase (vault, ids, error);
}
