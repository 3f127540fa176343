/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-record.h"

#include <string.h>

#include "base/satchel-json.h"
#include "base/satchel-text.h"
#include "records/satchel-ledger-private.h"
#include "records/satchel-record-private.h"

/* A link must name a record of this vault, unless it stood there before: it may be erased since. */
static gboolean
check_links (SatchelDb *db,
             const SatchelKind *kind,
             JsonObject *values,
             JsonObject *before,
             GError **error)
{
  g_autoptr (GPtrArray) links = satchel_fields_list_links (kind, values);
  g_autoptr (GPtrArray) old = before != NULL ? satchel_fields_list_links (kind, before) : NULL;
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; old != NULL && i < old->len; i++)
    g_hash_table_add (known, ((SatchelFieldLink *) old->pdata[i])->id);
  for (guint i = 0; i < links->len; i++) {
    const SatchelFieldLink *link = links->pdata[i];
    gint64 row = 0;

    if (g_hash_table_contains (known, link->id))
      continue;
    if (!satchel_record_find_row (db, link->id, &row, error))
      return FALSE;
    if (row == 0) {
      g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND,
                   "%s: no record %s to link to", link->path, link->id);
      return FALSE;
    }
  }
  return TRUE;
}

/* A revision that is complete but for number, previous hash and line. */
static SatchelRevision *
make_revision (SatchelVault *vault,
               const char *record,
               const SatchelKind *kind,
               JsonObject *values,
               GError **error)
{
  g_autoptr (SatchelRevision) revision = g_new0 (SatchelRevision, 1);
  g_autoptr (GError) setting_error = NULL;

  revision->actor = satchel_vault_dup_setting (vault, "actor", &setting_error);
  if (setting_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&setting_error));
    return NULL;
  }
  revision->record = g_strdup (record);
  revision->kind = g_strdup (kind->id);
  revision->kind_version = kind->version;
  revision->time_us = satchel_now_us ();
  revision->number = 1;
  revision->values = satchel_fields_canonical (kind, values);
  return g_steal_pointer (&revision);
}

/* Says in the ledger which revision a record has now. */
static gboolean
say (SatchelVault *vault, SatchelAction action, const SatchelRevision *revision, GError **error)
{
  g_autoptr (JsonObject) detail = satchel_ledger_detail_int ("revision", revision->number);

  return satchel_ledger_append (vault, action, revision->record, revision->hash, detail, error);
}

char *
satchel_record_create (SatchelVault *vault,
                       const SatchelKind *kind,
                       JsonObject *values,
                       GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  g_autofree char *id = satchel_random_id ();
  g_autoptr (SatchelRevision) revision = NULL;
  gint64 row = 0;

  if (!satchel_fields_validate (kind, values, SATCHEL_FIELDS_DRAFT, error))
    return NULL;
  g_autoptr (SatchelTransaction) transaction = satchel_transaction_begin (db, error);
  if (transaction == NULL || !check_links (db, kind, values, NULL, error))
    return NULL;
  revision = make_revision (vault, id, kind, values, error);
  if (revision == NULL)
    return NULL;
  satchel_revision_compose (revision);
  gint64 when_us = satchel_record_find_when (kind, values, revision->time_us);
  if (!satchel_record_insert_row (db, revision, NULL, when_us, &row, error) ||
      !satchel_revision_insert (db, row, revision, error) ||
      !satchel_record_index_put (vault, row, kind, values, NULL, error) ||
      !say (vault, SATCHEL_ACTION_CREATED, revision, error) ||
      !satchel_transaction_commit (transaction, error))
    return NULL;
  return g_steal_pointer (&id);
}

static gboolean
check_revision (SatchelDb *db,
                const SatchelRecord *record,
                const SatchelKind *kind,
                JsonObject *values,
                const char *reason,
                GError **error)
{
  gboolean has_reason = reason != NULL && *reason != '\0';

  if (record->is_final && !has_reason) {
    g_set_error_literal (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_FINAL,
                         "the record is final: an amendment needs a reason");
    return FALSE;
  }
  if (has_reason && (strlen (reason) > SATCHEL_REASON_MAX || !satchel_text_is_clean (reason, -1))) {
    g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_TOO_LARGE,
                 "a reason is clean text of at most %d bytes", SATCHEL_REASON_MAX);
    return FALSE;
  }
  return satchel_fields_validate (kind, values, SATCHEL_FIELDS_DRAFT, error) &&
         satchel_fields_check_appended (kind, record->values, values, error) &&
         check_links (db, kind, values, record->values, error);
}

static gboolean
is_same (const SatchelKind *kind, JsonObject *a, JsonObject *b)
{
  g_autofree char *one = satchel_fields_to_line (kind, a, NULL);
  g_autofree char *other = satchel_fields_to_line (kind, b, NULL);

  return g_str_equal (one, other);
}

static gboolean
write_revision (SatchelVault *vault,
                const SatchelRecord *record,
                const SatchelKind *kind,
                JsonObject *values,
                const char *reason,
                GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  g_autoptr (SatchelRevision) revision = make_revision (vault, record->id, kind, values, error);

  if (revision == NULL)
    return FALSE;
  revision->number = record->revision + 1;
  revision->reason = reason != NULL && *reason != '\0' ? g_strdup (reason) : NULL;
  revision->has_previous = TRUE;
  memcpy (revision->previous, record->hash, 32);
  satchel_revision_compose (revision);
  gint64 when_us = satchel_record_find_when (kind, values, record->created_us);
  return satchel_revision_insert (db, record->row, revision, error) &&
         satchel_record_update_row (db, record->row, revision, when_us, error) &&
         satchel_record_index_put (vault, record->row, kind, values, NULL, error) &&
         say (vault, SATCHEL_ACTION_REVISED, revision, error);
}

gboolean
satchel_record_revise (SatchelVault *vault,
                       const char *id,
                       JsonObject *values,
                       const char *reason,
                       GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  g_autoptr (SatchelTransaction) transaction = satchel_transaction_begin (db, error);
  g_autoptr (SatchelRecord) record =
      transaction != NULL ? satchel_record_load (vault, id, error) : NULL;

  if (record == NULL)
    return FALSE;
  const SatchelKind *kind = satchel_kinds_find (satchel_kinds_get_builtin (), record->kind, error);
  if (kind == NULL || !check_revision (db, record, kind, values, reason, error))
    return FALSE;
  if (!is_same (kind, record->values, values) &&
      !write_revision (vault, record, kind, values, reason, error))
    return FALSE;
  return satchel_transaction_commit (transaction, error);
}

gboolean
satchel_record_mark_final (SatchelVault *vault, const char *id, GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  gint64 row = 0;

  if (!satchel_record_find_row (db, id, &row, error))
    return FALSE;
  if (row == 0) {
    g_set_error_literal (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND,
                         "no such record");
    return FALSE;
  }
  return satchel_run_with_int (db, "UPDATE record SET is_final = 1 WHERE row = ?", row, error);
}

gboolean
satchel_record_set_hold (SatchelVault *vault, const char *id, gboolean on, GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  g_autoptr (SatchelTransaction) transaction = satchel_transaction_begin (db, error);
  g_autoptr (SatchelRecord) record =
      transaction != NULL ? satchel_record_load (vault, id, error) : NULL;
  g_autoptr (JsonObject) detail = json_object_new ();

  if (record == NULL)
    return FALSE;
  if (record->is_held == !!on)
    return satchel_transaction_commit (transaction, error);
  json_object_set_boolean_member (detail, "on", on);
  const char *sql = on ? "UPDATE record SET is_held = 1 WHERE row = ?"
                       : "UPDATE record SET is_held = 0 WHERE row = ?";
  return satchel_run_with_int (db, sql, record->row, error) &&
         satchel_ledger_append (vault, SATCHEL_ACTION_HOLD, record->id, record->hash, detail,
                                error) &&
         satchel_transaction_commit (transaction, error);
}
