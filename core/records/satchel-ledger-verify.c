/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "records/satchel-ledger-private.h"

typedef struct {
  const SatchelRecordsCheck *check;
  SatchelLedgerFunc func; /* nullable */
  gpointer func_data;
  gboolean is_readable;
  GHashTable *last; /* object -> hash of its latest entry */
  guint64 sequence; /* of the entry before */
  guint8 hash[32];
} Walk;

static void
report (Walk *walk, const char *object, guint64 sequence, const char *finding)
{
  g_autofree char *text =
      g_strdup_printf ("ledger entry %" G_GUINT64_FORMAT " %s", sequence, finding);

  satchel_records_check_report (walk->check, object, text);
}

static void
check_chains (Walk *walk, const SatchelLedgerEntry *entry)
{
  const guint8 *last = g_hash_table_lookup (walk->last, entry->object);

  if (entry->has_previous != (walk->sequence > 0) ||
      (entry->has_previous && memcmp (entry->previous, walk->hash, 32) != 0))
    report (walk, entry->object, entry->sequence, "does not continue the chain of the vault");
  if (entry->has_previous_of_object != (last != NULL) ||
      (last != NULL && memcmp (entry->previous_of_object, last, 32) != 0))
    report (walk, entry->object, entry->sequence, "does not continue the chain of its object");
}

/* Columns: sequence, object, line, hash. */
static void
check_row (Walk *walk, SatchelStatement *row)
{
  guint64 sequence = (guint64) satchel_statement_get_int (row, 0);
  const char *object = satchel_statement_get_text (row, 1);
  const char *line = satchel_statement_get_text (row, 2);
  gsize size = 0;
  const guint8 *hash = satchel_statement_get_blob (row, 3, &size);
  g_autoptr (SatchelLedgerEntry) entry = satchel_ledger_entry_parse (line, strlen (line), NULL);

  if (sequence != walk->sequence + 1)
    report (walk, object, sequence, "does not follow the one before: entries are missing");
  if (entry == NULL)
    report (walk, object, sequence, "is not one that Satchel wrote");
  else if (entry->sequence != sequence || !g_str_equal (entry->object, object) || size != 32 ||
           memcmp (entry->hash, hash, 32) != 0)
    report (walk, object, sequence, "is stored beside other values than it says");
  walk->is_readable = walk->is_readable && entry != NULL;
  if (entry != NULL) {
    check_chains (walk, entry);
    if (walk->func != NULL)
      walk->func (entry, walk->func_data);
    memcpy (walk->hash, entry->hash, 32);
    g_hash_table_replace (walk->last, g_strdup (entry->object), g_memdup2 (entry->hash, 32));
  }
  walk->sequence = sequence;
}

static gboolean
check_head (SatchelVault *vault, Walk *walk, GError **error)
{
  guint64 sequence = 0;
  guint8 hash[32];

  if (!satchel_ledger_get_head (vault, &sequence, hash, error))
    return FALSE;
  if (sequence != walk->sequence || (sequence > 0 && memcmp (hash, walk->hash, 32) != 0)) {
    g_autofree char *text = g_strdup_printf (
        "the ledger ends at entry %" G_GUINT64_FORMAT ", but its head says %" G_GUINT64_FORMAT
        ": one of them was put back to an older state",
        walk->sequence, sequence);
    satchel_records_check_report (walk->check, "ledger", text);
  }
  return TRUE;
}

static gboolean
walk_rows (Walk *walk, guint64 total, GError **error)
{
  const SatchelRecordsCheck *check = walk->check;
  gboolean has_row = FALSE;
  SatchelStatement *rows = satchel_db_prepare (
      satchel_vault_get_db (check->vault),
      "SELECT sequence, object, line, hash FROM ledger NOT INDEXED ORDER BY sequence", error);

  if (rows == NULL)
    return FALSE;
  while (satchel_statement_step (rows, &has_row, error)) {
    if (!has_row)
      return check_head (check->vault, walk, error);
    check_row (walk, rows);
    if (check->progress.report != NULL && walk->sequence % 1024 == 0)
      check->progress.report (walk->sequence, total, check->progress.user_data);
    if (g_cancellable_set_error_if_cancelled (check->cancellable, error)) {
      satchel_statement_reset (rows);
      return FALSE;
    }
  }
  return FALSE;
}

gboolean
satchel_ledger_walk (const SatchelRecordsCheck *check,
                     SatchelLedgerFunc func,
                     gpointer user_data,
                     gboolean *is_readable,
                     GError **error)
{
  g_autoptr (GHashTable) last =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Walk walk = {check, func, user_data, TRUE, last, 0, {0}};
  guint64 total = 0;
  guint8 ignored[32];

  if (!satchel_ledger_get_head (check->vault, &total, ignored, error) ||
      !walk_rows (&walk, total, error))
    return FALSE;
  *is_readable = walk.is_readable;
  return TRUE;
}

gboolean
satchel_ledger_verify (SatchelVault *vault,
                       SatchelFaultFunc fault,
                       gpointer user_data,
                       SatchelProgressReport progress,
                       GCancellable *cancellable,
                       GError **error)
{
  const SatchelRecordsCheck check = {vault, fault, user_data, progress, cancellable};
  gboolean ignored = FALSE;

  return satchel_ledger_walk (&check, NULL, NULL, &ignored, error);
}
