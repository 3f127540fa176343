/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-ledger-private.h"

#include <stdlib.h>
#include <string.h>

#include "base/satchel-time.h"

static gboolean
damaged (GError **error, const char *message)
{
  g_set_error_literal (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_DAMAGED, message);
  return FALSE;
}

/* One row of a sequence and a hash, or none. */
static gboolean
read_link (SatchelStatement *statement,
           gboolean *present,
           guint64 *sequence,
           guint8 hash[32],
           GError **error)
{
  gboolean has_row = FALSE;
  gsize size = 0;

  if (!satchel_statement_step (statement, &has_row, error))
    return FALSE;
  if (has_row) {
    const guint8 *stored = satchel_statement_get_blob (statement, 1, &size);
    if (stored == NULL || size != 32) {
      satchel_statement_reset (statement);
      return damaged (error, "a stored hash has not 32 bytes");
    }
    *sequence = (guint64) satchel_statement_get_int (statement, 0);
    memcpy (hash, stored, 32);
  }
  satchel_statement_reset (statement);
  *present = has_row;
  return TRUE;
}

static gboolean
read_previous (SatchelDb *db, SatchelLedgerEntry *entry, GError **error)
{
  guint64 sequence = 0;
  guint64 ignored = 0;
  SatchelStatement *head =
      satchel_db_prepare (db, "SELECT sequence, hash FROM ledger_head WHERE id = 1", error);
  if (head == NULL || !read_link (head, &entry->has_previous, &sequence, entry->previous, error))
    return FALSE;
  entry->sequence = sequence + 1;
  SatchelStatement *own = satchel_db_prepare (
      db,
      "SELECT sequence, hash FROM ledger WHERE object = ? ORDER BY sequence DESC LIMIT 1",
      error);
  if (own == NULL)
    return FALSE;
  satchel_statement_bind_text (own, 1, entry->object);
  return read_link (own, &entry->has_previous_of_object, &ignored, entry->previous_of_object,
                    error);
}

static gboolean
write_entry (SatchelDb *db, const SatchelLedgerEntry *entry, GError **error)
{
  SatchelStatement *insert = satchel_db_prepare (
      db, "INSERT INTO ledger (sequence, object, line, hash) VALUES (?, ?, ?, ?)", error);
  if (insert == NULL)
    return FALSE;
  satchel_statement_bind_int (insert, 1, (gint64) entry->sequence);
  satchel_statement_bind_text (insert, 2, entry->object);
  satchel_statement_bind_text (insert, 3, entry->line);
  satchel_statement_bind_blob (insert, 4, entry->hash, 32);
  if (!satchel_statement_run (insert, error))
    return FALSE;
  SatchelStatement *head = satchel_db_prepare (
      db, "INSERT OR REPLACE INTO ledger_head (id, sequence, hash) VALUES (1, ?, ?)", error);
  if (head == NULL)
    return FALSE;
  satchel_statement_bind_int (head, 1, (gint64) entry->sequence);
  satchel_statement_bind_blob (head, 2, entry->hash, 32);
  return satchel_statement_run (head, error);
}

gboolean
satchel_ledger_append (SatchelVault *vault,
                       SatchelAction action,
                       const char *object,
                       const guint8 *object_hash,
                       JsonObject *detail,
                       GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  g_autoptr (SatchelLedgerEntry) entry = g_new0 (SatchelLedgerEntry, 1);
  g_autoptr (GError) setting_error = NULL;

  g_return_val_if_fail (satchel_db_in_transaction (db), FALSE);
  entry->action = action;
  entry->object = g_strdup (object);
  entry->time_us = satchel_now_us ();
  entry->detail = detail != NULL ? json_object_ref (detail) : NULL;
  entry->actor = satchel_vault_dup_setting (vault, "actor", &setting_error);
  if (setting_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&setting_error));
    return FALSE;
  }
  if (object_hash != NULL) {
    entry->has_object_hash = TRUE;
    memcpy (entry->object_hash, object_hash, 32);
  }
  if (!read_previous (db, entry, error))
    return FALSE;
  satchel_ledger_entry_compose (entry);
  if (strlen (entry->line) > SATCHEL_LEDGER_LINE_MAX) {
    g_set_error_literal (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_TOO_LARGE,
                         "the detail of a ledger entry is too long");
    return FALSE;
  }
  return write_entry (db, entry, error);
}

gboolean
satchel_ledger_get_head (SatchelVault *vault, guint64 *sequence, guint8 hash[32], GError **error)
{
  gboolean present = FALSE;
  guint64 found = 0;
  guint8 found_hash[32] = {0};
  SatchelStatement *head = satchel_db_prepare (
      satchel_vault_get_db (vault), "SELECT sequence, hash FROM ledger_head WHERE id = 1", error);

  if (head == NULL || !read_link (head, &present, &found, found_hash, error))
    return FALSE;
  *sequence = found;
  memcpy (hash, found_hash, 32);
  return TRUE;
}

static gboolean
list_rows (SatchelStatement *statement,
           SatchelLedgerFunc func,
           gpointer user_data,
           GError **error)
{
  gboolean has_row = FALSE;

  while (satchel_statement_step (statement, &has_row, error)) {
    if (!has_row)
      return TRUE;
    const char *line = satchel_statement_get_text (statement, 0);
    g_autoptr (SatchelLedgerEntry) entry = satchel_ledger_entry_parse (line, strlen (line), error);
    if (entry == NULL || !func (entry, user_data)) {
      satchel_statement_reset (statement);
      return entry != NULL;
    }
  }
  return FALSE;
}

gboolean
satchel_ledger_list (SatchelVault *vault,
                     const char *object,
                     SatchelLedgerFunc func,
                     gpointer user_data,
                     GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  SatchelStatement *statement =
      object == NULL
          ? satchel_db_prepare (db, "SELECT line FROM ledger ORDER BY sequence", error)
          : satchel_db_prepare (
                db, "SELECT line FROM ledger WHERE object = ? ORDER BY sequence", error);

  if (statement == NULL)
    return FALSE;
  if (object != NULL)
    satchel_statement_bind_text (statement, 1, object);
  return list_rows (statement, func, user_data, error);
}

/* Collects the sequences of one object's entries. */
static gboolean
collect_sequences (SatchelDb *db, const char *object, GHashTable *sequences, GError **error)
{
  gboolean has_row = FALSE;
  SatchelStatement *statement =
      satchel_db_prepare (db, "SELECT sequence FROM ledger WHERE object = ?", error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, object);
  while (satchel_statement_step (statement, &has_row, error)) {
    if (!has_row)
      return TRUE;
    gint64 sequence = satchel_statement_get_int (statement, 0);
    g_hash_table_add (sequences, g_memdup2 (&sequence, sizeof sequence));
  }
  return FALSE;
}

static int
compare_sequences (gconstpointer a, gconstpointer b)
{
  gint64 one = **(const gint64 *const *) a;
  gint64 other = **(const gint64 *const *) b;

  return (one > other) - (one < other);
}

static gboolean
write_line (SatchelDb *db, gint64 sequence, SatchelSink sink, guint64 *written, GError **error)
{
  gboolean has_row = FALSE;
  SatchelStatement *statement =
      satchel_db_prepare (db, "SELECT line FROM ledger WHERE sequence = ?", error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_int (statement, 1, sequence);
  if (!satchel_statement_step (statement, &has_row, error))
    return FALSE;
  g_autofree char *line =
      has_row ? g_strconcat (satchel_statement_get_text (statement, 0), "\n", NULL) : NULL;
  satchel_statement_reset (statement);
  if (line == NULL)
    return damaged (error, "a ledger entry vanished");
  *written += strlen (line);
  return satchel_sink_write (sink, (const guint8 *) line, strlen (line), NULL, error);
}

gboolean
satchel_ledger_write_slice (SatchelVault *vault,
                            GPtrArray *objects,
                            SatchelSink sink,
                            guint64 *size_bytes,
                            GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  g_autoptr (GHashTable) set = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  guint64 written = 0;
  guint count = 0;

  for (guint i = 0; i < objects->len; i++)
    if (!collect_sequences (db, objects->pdata[i], set, error))
      return FALSE;
  g_autofree gpointer *keys = g_hash_table_get_keys_as_array (set, &count);
  qsort (keys, count, sizeof *keys, compare_sequences);
  for (guint i = 0; i < count; i++)
    if (!write_line (db, *(const gint64 *) keys[i], sink, &written, error))
      return FALSE;
  if (size_bytes != NULL)
    *size_bytes = written;
  return TRUE;
}
