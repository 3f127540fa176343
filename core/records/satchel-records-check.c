/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/satchel-hash.h"
#include "base/satchel-text.h"
#include "records/satchel-draft-private.h"
#include "records/satchel-evidence-private.h"
#include "records/satchel-ledger-private.h"
#include "records/satchel-record-private.h"
#include "records/satchel-records-check-private.h"

/* What the ledger says of a record, an item, or a received document (its key is "record/bundle").
 */
typedef struct {
  guint8 hash[32];
  gboolean is_final;
  gboolean is_held;
  gboolean is_erased;
  gboolean is_seen;
  GPtrArray *documents; /* keys of documents received for a record; nullable */
} Covered;

typedef struct {
  SatchelRecordsCheck all;
  GHashTable *covered; /* key -> Covered */
} Check;

static void
covered_free (gpointer data)
{
  Covered *self = data;

  g_clear_pointer (&self->documents, g_ptr_array_unref);
  g_free (self);
}

static Covered *
cover (Check *check, const char *key, const guint8 hash[32])
{
  Covered *covered = g_hash_table_lookup (check->covered, key);

  if (covered == NULL) {
    covered = g_new0 (Covered, 1);
    g_hash_table_insert (check->covered, g_strdup (key), covered);
  }
  memcpy (covered->hash, hash, 32);
  covered->is_erased = FALSE;
  return covered;
}

static void
cover_document (Check *check, Covered *record, const SatchelLedgerEntry *entry)
{
  const char *bundle = json_object_get_string_member_with_default (entry->detail, "bundle", NULL);
  const char *text = json_object_get_string_member_with_default (entry->detail, "document", NULL);
  guint8 hash[32];

  if (bundle == NULL || text == NULL || !satchel_hex_decode (text, hash, sizeof hash))
    return;
  g_autofree char *key = g_strdup_printf ("%s/%s", entry->object, bundle);
  cover (check, key, hash);
  if (record->documents == NULL)
    record->documents = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (record->documents, g_steal_pointer (&key));
}

static void
uncover (Check *check, Covered *covered)
{
  covered->is_erased = TRUE;
  covered->is_final = covered->is_held = FALSE;
  for (guint i = 0; covered->documents != NULL && i < covered->documents->len; i++)
    g_hash_table_remove (check->covered, covered->documents->pdata[i]);
  g_clear_pointer (&covered->documents, g_ptr_array_unref);
}

/* Entries with {"revision":...} cover a record, those with {"record":...} an evidence item. */
static gboolean
collect_cb (const SatchelLedgerEntry *entry, gpointer user_data)
{
  Check *check = user_data;
  Covered *covered = g_hash_table_lookup (check->covered, entry->object);
  gboolean is_record = entry->detail != NULL && json_object_has_member (entry->detail, "revision");
  gboolean is_item = entry->detail != NULL && json_object_has_member (entry->detail, "record");

  switch (entry->action) {
    case SATCHEL_ACTION_CREATED:
    case SATCHEL_ACTION_REVISED:
    case SATCHEL_ACTION_ATTACHED:
    case SATCHEL_ACTION_IMPORTED:
      if ((is_record || is_item) && entry->has_object_hash)
        covered = cover (check, entry->object, entry->object_hash);
      if (entry->action == SATCHEL_ACTION_IMPORTED && covered != NULL && is_record) {
        covered->is_final = TRUE;
        cover_document (check, covered, entry);
      }
      break;
    case SATCHEL_ACTION_SEALED:
      if (covered != NULL)
        covered->is_final = TRUE;
      break;
    case SATCHEL_ACTION_HOLD:
      if (covered != NULL && entry->detail != NULL)
        covered->is_held = json_object_get_boolean_member_with_default (entry->detail, "on", FALSE);
      break;
    case SATCHEL_ACTION_ERASED:
      if (covered != NULL)
        uncover (check, covered);
      break;
    default:
      break;
  }
  return TRUE;
}

void
satchel_records_check_report (const SatchelRecordsCheck *check,
                              const char *object,
                              const char *finding)
{
  check->fault (object, finding, check->user_data);
}

static void
report (Check *check, const char *object, const char *finding)
{
  satchel_records_check_report (&check->all, object, finding);
}

/* Marks a row as seen; a fault where the ledger does not know it, or knows another state. */
static Covered *
see (Check *check, const char *key, const guint8 *hash, gsize size_bytes)
{
  Covered *covered = g_hash_table_lookup (check->covered, key);

  if (covered == NULL)
    report (check, key, "stands in the store, but the ledger does not know it");
  else if (covered->is_erased)
    report (check, key, "was erased, but stands in the store again");
  else if (size_bytes != 32 || memcmp (covered->hash, hash, 32) != 0)
    report (check, key, "is in another state than the ledger says last");
  if (covered != NULL)
    covered->is_seen = TRUE;
  return covered;
}

/* Columns: id, hash, is_final, is_held. */
static void
check_record_row (Check *check, SatchelStatement *row)
{
  const char *id = satchel_statement_get_text (row, 0);
  gsize size = 0;
  const guint8 *hash = satchel_statement_get_blob (row, 1, &size);
  const Covered *covered = see (check, id, hash, size);

  if (covered != NULL && covered->is_final != (satchel_statement_get_int (row, 2) != 0))
    report (check, id, "is marked final otherwise than the ledger says");
  if (covered != NULL && covered->is_held != (satchel_statement_get_int (row, 3) != 0))
    report (check, id, "is marked as held otherwise than the ledger says");
}

/* Columns: id, hash, line, sha256 and size of the blob. */
static void
check_item_row (Check *check, SatchelStatement *row)
{
  const char *id = satchel_statement_get_text (row, 0);
  gsize size = 0;
  const guint8 *hash = satchel_statement_get_blob (row, 1, &size);
  const char *line = satchel_statement_get_text (row, 2);
  g_autoptr (SatchelEvidence) item = satchel_evidence_parse (line, strlen (line), NULL);

  see (check, id, hash, size);
  if (item == NULL || size != 32 || memcmp (item->hash, hash, 32) != 0 ||
      !g_str_equal (item->id, id)) {
    report (check, id, "is not the evidence item that its hash says");
    return;
  }
  const guint8 *sha256 = satchel_statement_get_blob (row, 3, &size);
  if (size != 32 || memcmp (sha256, item->sha256, 32) != 0 ||
      (guint64) satchel_statement_get_int (row, 4) != item->size_bytes)
    report (check, id, "has other bytes than it says");
}

/* Columns: record, bundle, document. */
static void
check_document_row (Check *check, SatchelStatement *row)
{
  g_autofree char *key = g_strdup_printf ("%s/%s", satchel_statement_get_text (row, 0),
                                          satchel_statement_get_text (row, 1));
  guint8 hash[32];
  gsize size = 0;
  const guint8 *raw = satchel_statement_get_blob (row, 2, &size);

  satchel_sha256 (raw, size, hash);
  see (check, key, hash, sizeof hash);
}

/* Columns: id, content, revision, and which the record has now (0 where there is none). */
static void
check_draft_row (Check *check, SatchelStatement *row)
{
  const char *id = satchel_statement_get_text (row, 0);
  gsize size = 0;
  const guint8 *content = satchel_statement_get_blob (row, 1, &size);
  g_autoptr (GError) fault = NULL;

  if (!satchel_draft_validate (content, size, &fault)) {
    g_autofree char *text = g_strdup_printf ("is a draft that cannot be read: %s", fault->message);
    report (check, id, text);
  }
  if (satchel_statement_get_int (row, 2) > satchel_statement_get_int (row, 3))
    report (check, id, "is a draft of a revision that is not there");
}

typedef void (*CheckRow) (Check *check, SatchelStatement *row);

static gboolean
check_rows (Check *check, const char *sql, CheckRow check_row, GError **error)
{
  SatchelStatement *rows = satchel_db_prepare (satchel_vault_get_db (check->all.vault), sql, error);
  gboolean has_row = FALSE;

  if (rows == NULL)
    return FALSE;
  while (satchel_statement_step (rows, &has_row, error)) {
    if (!has_row)
      return TRUE;
    check_row (check, rows);
    if (g_cancellable_set_error_if_cancelled (check->all.cancellable, error)) {
      satchel_statement_reset (rows);
      return FALSE;
    }
  }
  return FALSE;
}

static void
report_missing (Check *check)
{
  GHashTableIter iter;
  gpointer key = NULL;
  gpointer value = NULL;

  g_hash_table_iter_init (&iter, check->covered);
  while (g_hash_table_iter_next (&iter, &key, &value)) {
    const Covered *covered = value;
    if (!covered->is_seen && !covered->is_erased)
      report (check, key, "is missing: the ledger knows it, and no erasure");
  }
}

/* Columns: id. */
static void
check_text_row (Check *check, SatchelStatement *row)
{
  report (check, satchel_statement_get_text (row, 0),
          "is not in the search index: rebuild the index");
}

static void
check_stray_row (Check *check, SatchelStatement *row)
{
  report (check, "search index", "holds words of a record that is not there: rebuild the index");
}

static gboolean
check_index (Check *check, GError **error)
{
  SatchelDb *db = satchel_vault_get_db (check->all.vault);
  g_autoptr (GError) index_error = NULL;
  SatchelStatement *integrity = satchel_db_prepare (
      db, "INSERT INTO record_text (record_text) VALUES ('integrity-check')", error);

  if (integrity == NULL)
    return FALSE;
  if (!satchel_statement_run (integrity, &index_error)) {
    g_autofree char *text =
        g_strdup_printf ("contradicts itself: rebuild the index (%s)", index_error->message);
    report (check, "search index", text);
  }
  /* The index's own list of its rows, which it compared with all else: a few bytes each, while the
   * index itself would read every text. */
  return check_rows (check,
                     "SELECT id FROM record WHERE row NOT IN (SELECT id FROM record_text_docsize)",
                     check_text_row, error) &&
         check_rows (check,
                     "SELECT id FROM record_text_docsize WHERE id NOT IN (SELECT row FROM record)",
                     check_stray_row, error);
}

/* What the ledger covers, against what it says last. */
static gboolean
check_covered (Check *check, GError **error)
{
  if (!check_rows (check, "SELECT id, hash, is_final, is_held FROM record", check_record_row,
                   error) ||
      !check_rows (check,
                   "SELECT e.id, e.hash, e.line, b.sha256, b.size_bytes FROM evidence e"
                   " LEFT JOIN blob b ON b.id = e.blob_id",
                   check_item_row, error) ||
      !check_rows (check,
                   "SELECT r.id, d.bundle_id, d.raw FROM received_record d"
                   " JOIN record r ON r.row = d.record",
                   check_document_row, error))
    return FALSE;
  report_missing (check);
  return TRUE;
}

/* No ledger knows of drafts. */
static gboolean
check_drafts (Check *check, GError **error)
{
  return check_rows (check,
                     "SELECT d.id, d.content, d.revision, coalesce (r.revision, 0) FROM draft d"
                     " LEFT JOIN record r ON r.row = d.record",
                     check_draft_row, error);
}

/* In one transaction: a statement for itself would take locks, and there are two a record. */
static gboolean
check_tables (Check *check, GError **error)
{
  SatchelDb *db = satchel_vault_get_db (check->all.vault);
  g_autoptr (SatchelTransaction) transaction = satchel_transaction_begin (db, error);
  gboolean is_readable = TRUE;

  if (transaction == NULL || !satchel_ledger_walk (&check->all, collect_cb, check, &is_readable,
                                                   error))
    return FALSE;
  /* An entry that cannot be read was told; what it covered cannot be compared. */
  return (!is_readable || check_covered (check, error)) &&
         satchel_records_check_histories (&check->all, error) && check_drafts (check, error) &&
         satchel_transaction_commit (transaction, error);
}

gboolean
satchel_records_check (SatchelVault *vault,
                       SatchelFaultFunc fault,
                       gpointer user_data,
                       SatchelProgressReport progress,
                       GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (GHashTable) covered =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, covered_free);
  Check check = {{vault, fault, user_data, progress, cancellable}, covered};

  return check_tables (&check, error) && check_index (&check, error);
}
