/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/satchel-hash.h"
#include "base/satchel-text.h"
#include "records/satchel-ledger-private.h"
#include "records/satchel-record-json.h"
#include "records/satchel-record-private.h"

/* How many of the stored revisions there are; FALSE where one of them is another than the
 * document's. */
static gboolean
compare_histories (SatchelDb *db,
                   gint64 row,
                   const SatchelRecordDocument *document,
                   guint *stored,
                   GError **error)
{
  gboolean has_row = FALSE;
  guint count = 0;
  SatchelStatement *rows = satchel_db_prepare (
      db, "SELECT hash FROM revision WHERE record = ? ORDER BY number", error);

  if (rows == NULL)
    return FALSE;
  satchel_statement_bind_int (rows, 1, row);
  for (; satchel_statement_step (rows, &has_row, error); count++) {
    gsize size = 0;
    if (!has_row) {
      *stored = count;
      return TRUE;
    }
    const guint8 *hash = satchel_statement_get_blob (rows, 0, &size);
    if (count < document->revisions->len &&
        (size != 32 ||
         memcmp (hash, ((SatchelRevision *) document->revisions->pdata[count])->hash, 32) != 0)) {
      satchel_statement_reset (rows);
      g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_FORKED,
                   "record %s is known here with another revision %u", document->id, count + 1);
      return FALSE;
    }
  }
  return FALSE;
}

/* What the record is found by beside its values: evidence comes only later. */
static GPtrArray *
names_of (const SatchelRecordDocument *document)
{
  GPtrArray *names = g_ptr_array_new ();

  for (guint i = 0; i < document->evidence->len; i++)
    g_ptr_array_add (names, ((SatchelEvidence *) document->evidence->pdata[i])->name);
  return names;
}

static gboolean
insert_from (SatchelVault *vault,
             gint64 row,
             const SatchelRecordDocument *document,
             guint known,
             GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  const SatchelRevision *first = document->revisions->pdata[0];
  const SatchelRevision *latest = document->revisions->pdata[document->revisions->len - 1];
  const SatchelKind *kind = satchel_kinds_find (satchel_kinds_get_builtin (), latest->kind, error);
  g_autoptr (GPtrArray) names = names_of (document);

  if (kind == NULL)
    return FALSE;
  for (guint i = known; i < document->revisions->len; i++)
    if (!satchel_revision_insert (db, row, document->revisions->pdata[i], error))
      return FALSE;
  gint64 when_us = satchel_record_find_when (kind, latest->values, first->time_us);
  return satchel_record_update_row (db, row, latest, when_us, error) &&
         satchel_record_index_put (vault, row, kind, latest->values, names, error);
}

static gboolean
keep_raw (SatchelDb *db,
          gint64 row,
          const SatchelRecordDocument *document,
          const char *sender,
          const char *bundle_id,
          GError **error)
{
  gsize size = 0;
  gconstpointer raw = g_bytes_get_data (document->raw, &size);
  SatchelStatement *insert = satchel_db_prepare (
      db,
      "INSERT INTO received_record (record, bundle_id, sender, imported_us, raw)"
      " VALUES (?, ?, ?, ?, ?)",
      error);

  if (insert == NULL)
    return FALSE;
  satchel_statement_bind_int (insert, 1, row);
  satchel_statement_bind_text (insert, 2, bundle_id);
  satchel_statement_bind_text (insert, 3, sender);
  satchel_statement_bind_int (insert, 4, satchel_now_us ());
  satchel_statement_bind_blob (insert, 5, raw, size);
  return satchel_statement_run (insert, error);
}

/* The entry covers the latest revision here and the document as received. */
static gboolean
say (SatchelVault *vault,
     const SatchelRecordDocument *document,
     const char *bundle_id,
     GError **error)
{
  g_autoptr (SatchelRecord) record = satchel_record_load (vault, document->id, error);
  guint8 hash[32];
  gsize size = 0;
  gconstpointer raw = g_bytes_get_data (document->raw, &size);

  if (record == NULL)
    return FALSE;
  satchel_sha256 (raw, size, hash);
  g_autofree char *text = satchel_hex_encode (hash, sizeof hash);
  g_autoptr (JsonObject) detail = satchel_ledger_detail_int ("revision", record->revision);
  json_object_set_string_member (detail, "bundle", bundle_id);
  json_object_set_string_member (detail, "document", text);
  return satchel_ledger_append (vault, SATCHEL_ACTION_IMPORTED, record->id, record->hash, detail,
                                error);
}

static gboolean
is_known_item (SatchelDb *db, gint64 row, const char *id, gboolean *known, GError **error)
{
  SatchelStatement *find =
      satchel_db_prepare (db, "SELECT 1 FROM evidence WHERE id = ? AND record = ?", error);

  if (find == NULL)
    return FALSE;
  satchel_statement_bind_text (find, 1, id);
  satchel_statement_bind_int (find, 2, row);
  if (!satchel_statement_step (find, known, error))
    return FALSE;
  satchel_statement_reset (find);
  return TRUE;
}

static gboolean
is_from (SatchelDb *db, gint64 row, const char *sender, gboolean *same, GError **error)
{
  gboolean has_row = FALSE;
  SatchelStatement *find =
      satchel_db_prepare (db, "SELECT sender IS ?1 FROM record WHERE row = ?2", error);

  if (find == NULL)
    return FALSE;
  satchel_statement_bind_text (find, 1, sender);
  satchel_statement_bind_int (find, 2, row);
  if (!satchel_statement_step (find, &has_row, error))
    return FALSE;
  *same = has_row && satchel_statement_get_int (find, 0) != 0;
  satchel_statement_reset (find);
  return TRUE;
}

/* Nobody adds to what another sent, or to an own record, whose sender is NULL. The same once more
 * is fine: people send on what they were sent. */
static gboolean
check_sender (SatchelDb *db,
              gint64 row,
              const SatchelRecordDocument *document,
              const char *sender,
              SatchelImportOutcome outcome,
              GError **error)
{
  gboolean same = FALSE;
  gboolean known = outcome == SATCHEL_IMPORT_KNOWN;

  if (!is_from (db, row, sender, &same, error))
    return FALSE;
  for (guint i = 0; !same && known && i < document->evidence->len; i++) {
    const SatchelEvidence *item = document->evidence->pdata[i];
    if (!is_known_item (db, row, item->id, &known, error))
      return FALSE;
  }
  if (same || known)
    return TRUE;
  g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_FORKED,
               "record %s is here from somebody else, who alone can add to it", document->id);
  return FALSE;
}

/* Inserts or extends; @row gets the record's. */
static gboolean
merge (SatchelVault *vault,
       const SatchelRecordDocument *document,
       const char *sender,
       gint64 *row,
       SatchelImportOutcome *outcome,
       GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  guint stored = 0;

  if (!satchel_record_find_row (db, document->id, row, error))
    return FALSE;
  if (*row == 0) {
    *outcome = SATCHEL_IMPORT_NEW;
    return satchel_record_insert_row (db, document->revisions->pdata[0], sender, 0, row, error) &&
           insert_from (vault, *row, document, 0, error);
  }
  if (!compare_histories (db, *row, document, &stored, error))
    return FALSE;
  *outcome = stored < document->revisions->len ? SATCHEL_IMPORT_EXTENDED : SATCHEL_IMPORT_KNOWN;
  if (!check_sender (db, *row, document, sender, *outcome, error))
    return FALSE;
  return *outcome == SATCHEL_IMPORT_KNOWN || insert_from (vault, *row, document, stored, error);
}

gboolean
satchel_record_import (SatchelVault *vault,
                       const SatchelRecordDocument *document,
                       const char *sender,
                       const char *bundle_id,
                       SatchelImportOutcome *outcome,
                       GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  SatchelImportOutcome found = SATCHEL_IMPORT_NEW;
  gint64 row = 0;

  g_return_val_if_fail (satchel_db_in_transaction (db), FALSE);
  if (!merge (vault, document, sender, &row, &found, error) ||
      !keep_raw (db, row, document, sender, bundle_id, error) ||
      !satchel_record_mark_final (vault, document->id, error) ||
      !say (vault, document, bundle_id, error))
    return FALSE;
  *outcome = found;
  return TRUE;
}

void
satchel_received_record_free (SatchelReceivedRecord *self)
{
  if (self == NULL)
    return;
  g_free (self->bundle_id);
  g_free (self->sender);
  g_clear_pointer (&self->raw, g_bytes_unref);
  g_free (self);
}

GPtrArray *
satchel_record_list_received (SatchelVault *vault, const char *id, GError **error)
{
  g_autoptr (GPtrArray) list =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_received_record_free);
  gboolean has_row = FALSE;
  SatchelStatement *rows = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "SELECT d.bundle_id, d.sender, d.imported_us, d.raw FROM record r"
      " JOIN received_record d ON d.record = r.row WHERE r.id = ? ORDER BY d.row",
      error);

  if (rows == NULL)
    return NULL;
  satchel_statement_bind_text (rows, 1, id);
  while (satchel_statement_step (rows, &has_row, error)) {
    gsize size = 0;
    if (!has_row)
      return g_steal_pointer (&list);
    SatchelReceivedRecord *received = g_new0 (SatchelReceivedRecord, 1);
    received->bundle_id = g_strdup (satchel_statement_get_text (rows, 0));
    received->sender = g_strdup (satchel_statement_get_text (rows, 1));
    received->imported_us = satchel_statement_get_int (rows, 2);
    const guint8 *raw = satchel_statement_get_blob (rows, 3, &size);
    received->raw = g_bytes_new (raw, size);
    g_ptr_array_add (list, received);
  }
  return NULL;
}
