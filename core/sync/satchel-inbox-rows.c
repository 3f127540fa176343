/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sync/satchel-inbox-private.h"
#include "sync/satchel-outbox-private.h"

#define ID_PREFIX_MIN 4

const char *
satchel_aside_reason_to_text (SatchelAsideReason reason)
{
  static const char *const texts[] = {"damaged", "not-for-us", "stranger",
                                      "fork", "key-change", "contents"};

  return (guint) reason < G_N_ELEMENTS (texts) ? texts[reason] : "unknown";
}

void
satchel_inbox_entry_free (SatchelInboxEntry *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->name);
  g_free (self->finding);
  g_free (self->path);
  g_free (self->bundle_id);
  g_free (self->sender);
  g_free (self->contact_id);
  g_strfreev (self->records);
  g_free (self);
}

/* Runs @sql with the hash, and @id as its second parameter (nullable: it has one only). */
static gboolean
run_with_hash (
    SatchelVault *vault, const char *sql, const guint8 sha256[32], const char *id, GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (satchel_vault_get_db (vault), sql, error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_blob (statement, 1, sha256, 32);
  if (id != NULL)
    satchel_statement_bind_text (statement, 2, id);
  return satchel_statement_run (statement, error);
}

#define OF_ASIDE " WHERE inbox_id IN (SELECT id FROM inbox WHERE sha256 = ?1 AND outcome <> 0)"

static gboolean
delete_aside (SatchelVault *vault, const guint8 sha256[32], GError **error)
{
  return run_with_hash (vault, "DELETE FROM inbox WHERE sha256 = ?1 AND outcome <> 0", sha256, NULL,
                        error);
}

#define HERE "SELECT id FROM inbox WHERE bundle_id = ?2 AND outcome = 0"

/* What the desk did on a bundle put aside goes on with the same one that was opened. How that one
 * stands is left as it is; a tag that it has already goes with the row. */
static gboolean
move_work (SatchelVault *vault, const SatchelInboxEntry *entry, GError **error)
{
  static const char *const STEPS[] = {
      "INSERT OR IGNORE INTO desk (inbox_id, status, is_mine, assignee)"
      " SELECT here.id, status, is_mine, assignee FROM desk, (" HERE ") AS here" OF_ASIDE,
      "UPDATE OR IGNORE desk_tag SET inbox_id = (" HERE ")" OF_ASIDE,
      "UPDATE OR IGNORE desk_note SET inbox_id = (" HERE ")" OF_ASIDE,
  };

  for (guint i = 0; i < G_N_ELEMENTS (STEPS); i++)
    if (!run_with_hash (vault, STEPS[i], entry->sha256, entry->bundle_id, error))
      return FALSE;
  return TRUE;
}

gboolean
satchel_inbox_remove_aside (SatchelVault *vault, const SatchelInboxEntry *entry, GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  g_autoptr (SatchelTransaction) transaction = satchel_transaction_begin (db, error);

  return transaction != NULL &&
         move_work (vault, entry, error) &&
         run_with_hash (vault, "DELETE FROM desk" OF_ASIDE, entry->sha256, NULL, error) &&
         delete_aside (vault, entry->sha256, error) &&
         satchel_transaction_commit (transaction, error) &&
         (satchel_db_in_transaction (db) || satchel_db_checkpoint (db, error));
}

/* Tags and notes follow by ON UPDATE CASCADE. */
static gboolean
replace_aside (SatchelVault *vault, const SatchelInboxEntry *entry, GError **error)
{
  return run_with_hash (vault, "UPDATE desk SET inbox_id = ?2, is_read = 0" OF_ASIDE, entry->sha256,
                        entry->id, error) &&
         delete_aside (vault, entry->sha256, error);
}

static void
bind_opening (SatchelStatement *statement, const SatchelOpening *opening)
{
  gboolean is_known = opening->sender != NULL;

  if (is_known)
    satchel_statement_bind_blob (statement, 8, opening->tagmanifest_sha256, 32);
  else
    satchel_statement_bind_null (statement, 8);
  satchel_statement_bind_text (statement, 9, opening->sender);
  satchel_statement_bind_int (statement, 10, (gint64) opening->epoch);
  satchel_statement_bind_int (statement, 11, (gint64) opening->mine.number);
  if (opening->mine.has_previous)
    satchel_statement_bind_blob (statement, 12, opening->mine.previous_tagmanifest_sha256, 32);
  else
    satchel_statement_bind_null (statement, 12);
}

static gboolean
insert_records (SatchelDb *db, const SatchelInboxEntry *entry, GError **error)
{
  for (guint i = 0; entry->records != NULL && entry->records[i] != NULL; i++) {
    SatchelStatement *statement = satchel_db_prepare (
        db, "INSERT OR IGNORE INTO inbox_record (inbox_id, record_id) VALUES (?1, ?2)", error);
    if (statement == NULL)
      return FALSE;
    satchel_statement_bind_text (statement, 1, entry->id);
    satchel_statement_bind_text (statement, 2, entry->records[i]);
    if (!satchel_statement_run (statement, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
satchel_inbox_insert (SatchelVault *vault,
                      const SatchelOpening *opening,
                      const SatchelInboxEntry *entry,
                      const char *receipt,
                      gboolean is_owed,
                      GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  g_autofree char *file = entry->path == NULL ? NULL : g_path_get_basename (entry->path);
  SatchelStatement *statement;

  if (!replace_aside (vault, entry, error))
    return FALSE;
  statement = satchel_db_prepare (
      db,
      "INSERT INTO inbox (id, outcome, reason, name, finding, file, bundle_id, tagmanifest_sha256,"
      " sender, epoch, number, previous, contact_id, contact_name, is_introduction, items,"
      " receipts, receipt, receipt_owed, size_bytes, sha256, received_us) VALUES (?1, ?2, ?3, ?4,"
      " ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)",
      error);
  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, entry->id);
  satchel_statement_bind_int (statement, 2, entry->outcome);
  satchel_statement_bind_int (statement, 3, entry->reason);
  satchel_statement_bind_text (statement, 4, entry->name);
  satchel_statement_bind_text (statement, 5, entry->finding);
  satchel_statement_bind_text (statement, 6, file);
  satchel_statement_bind_text (statement, 7, entry->bundle_id);
  bind_opening (statement, opening);
  satchel_statement_bind_text (statement, 13, entry->contact_id);
  satchel_statement_bind_text (statement, 14, entry->sender);
  satchel_statement_bind_int (statement, 15, entry->is_introduction);
  satchel_statement_bind_int (statement, 16, entry->items);
  satchel_statement_bind_int (statement, 17, entry->receipts);
  satchel_statement_bind_text (statement, 18, receipt);
  satchel_statement_bind_int (statement, 19, is_owed);
  satchel_statement_bind_int (statement, 20, (gint64) entry->size_bytes);
  satchel_statement_bind_blob (statement, 21, entry->sha256, 32);
  satchel_statement_bind_int (statement, 22, entry->received_unix_us);
  return satchel_statement_run (statement, error) && insert_records (db, entry, error);
}

/* How many numbers there are between this one and the one before it that is here. */
#define MISSING                                                                            \
  "CASE WHEN outcome = 0 AND number > 0 THEN number - 1 - (SELECT coalesce ("              \
  "max (before.number), 0) FROM inbox AS before WHERE before.sender = inbox.sender"        \
  " AND before.epoch = inbox.epoch AND before.number < inbox.number AND before.number > 0" \
  " AND before.outcome = 0) ELSE 0 END"

#define ENTRY_COLUMNS                                                                            \
  "SELECT id, outcome, reason, name, finding, file, bundle_id, contact_name, contact_id, items," \
  " receipts, is_introduction, number, size_bytes, sha256, received_us, " MISSING " FROM inbox "

static SatchelInboxEntry *
read_entry (SatchelVault *vault, SatchelStatement *statement)
{
  SatchelInboxEntry *self = g_new0 (SatchelInboxEntry, 1);
  const char *file = satchel_statement_get_text (statement, 5);
  const guint8 *hash;
  gsize size = 0;

  self->id = g_strdup (satchel_statement_get_text (statement, 0));
  self->outcome = (SatchelInboxOutcome) satchel_statement_get_int (statement, 1);
  self->reason = (SatchelAsideReason) satchel_statement_get_int (statement, 2);
  self->name = g_strdup (satchel_statement_get_text (statement, 3));
  self->finding = g_strdup (satchel_statement_get_text (statement, 4));
  self->path = file == NULL ? NULL : satchel_sync_path (vault, "inbox", file);
  self->bundle_id = g_strdup (satchel_statement_get_text (statement, 6));
  self->sender = g_strdup (satchel_statement_get_text (statement, 7));
  self->contact_id = g_strdup (satchel_statement_get_text (statement, 8));
  self->items = (guint) satchel_statement_get_int (statement, 9);
  self->receipts = (guint) satchel_statement_get_int (statement, 10);
  self->is_introduction = satchel_statement_get_int (statement, 11) != 0;
  self->number = (guint64) satchel_statement_get_int (statement, 12);
  self->size_bytes = (guint64) satchel_statement_get_int (statement, 13);
  hash = satchel_statement_get_blob (statement, 14, &size);
  if (size == 32)
    memcpy (self->sha256, hash, size);
  self->received_unix_us = satchel_statement_get_int (statement, 15);
  self->missing = (guint64) satchel_statement_get_int (statement, 16);
  return self;
}

static gboolean
load_records (SatchelDb *db, SatchelInboxEntry *entry, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  SatchelStatement *statement = satchel_db_prepare (
      db, "SELECT record_id FROM inbox_record WHERE inbox_id = ?1", error);
  gboolean has_row = TRUE;

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, entry->id);
  while (has_row) {
    if (!satchel_statement_step (statement, &has_row, error))
      return FALSE;
    if (has_row)
      g_strv_builder_add (builder, satchel_statement_get_text (statement, 0));
  }
  entry->records = g_strv_builder_end (builder);
  return TRUE;
}

gboolean
satchel_inbox_has_size (SatchelVault *vault, guint64 size_bytes, gboolean *has, GError **error)
{
  SatchelStatement *statement =
      satchel_db_prepare (satchel_vault_get_db (vault),
                          "SELECT 1 FROM inbox WHERE size_bytes = ?1 LIMIT 1", error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_int (statement, 1, (gint64) size_bytes);
  if (!satchel_statement_step (statement, has, error))
    return FALSE;
  satchel_statement_reset (statement);
  return TRUE;
}

gboolean
satchel_inbox_find_by_hash (SatchelVault *vault,
                            const guint8 sha256[32],
                            SatchelInboxEntry **entry,
                            GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  g_autoptr (SatchelInboxEntry) found = NULL;
  SatchelStatement *statement =
      satchel_db_prepare (db, ENTRY_COLUMNS "WHERE sha256 = ?1", error);
  gboolean has_row;

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_blob (statement, 1, sha256, 32);
  if (!satchel_statement_step (statement, &has_row, error))
    return FALSE;
  if (has_row) {
    found = read_entry (vault, statement);
    satchel_statement_reset (statement);
    if (!load_records (db, found, error))
      return FALSE;
  }
  *entry = g_steal_pointer (&found);
  return TRUE;
}

/* What @statement says, with the record ids of each. */
static GPtrArray *
list_entries (SatchelVault *vault, SatchelStatement *statement, GError **error)
{
  g_autoptr (GPtrArray) entries =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_inbox_entry_free);
  gboolean has_row = TRUE;

  if (statement == NULL)
    return NULL;
  while (has_row) {
    if (!satchel_statement_step (statement, &has_row, error))
      return NULL;
    if (has_row)
      g_ptr_array_add (entries, read_entry (vault, statement));
  }
  for (guint i = 0; i < entries->len; i++)
    if (!load_records (satchel_vault_get_db (vault), g_ptr_array_index (entries, i), error))
      return NULL;
  return g_steal_pointer (&entries);
}

GPtrArray *
satchel_inbox_list (SatchelVault *vault, GError **error)
{
  return list_entries (
      vault,
      satchel_db_prepare (satchel_vault_get_db (vault),
                          ENTRY_COLUMNS "WHERE " SATCHEL_INBOX_IS_LISTED SATCHEL_INBOX_NEWEST_FIRST,
                          error),
      error);
}

/* The one of @entries (nullable: an error was set), which it takes. */
static SatchelInboxEntry *
take_only (GPtrArray *entries, const char *sought, GError **error)
{
  g_autoptr (GPtrArray) owned = entries;

  if (owned == NULL)
    return NULL;
  if (owned->len == 1)
    return g_ptr_array_steal_index (owned, 0);
  g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_NOT_FOUND,
               owned->len > 1 ? "Several inbox entries begin with \"%s\": write more of it."
                              : "There is no inbox entry \"%s\".",
               sought);
  return NULL;
}

SatchelInboxEntry *
satchel_inbox_find (SatchelVault *vault, const char *id, GError **error)
{
  g_autofree char *end = g_strconcat (id, "g", NULL);
  SatchelStatement *statement;

  if (strlen (id) < ID_PREFIX_MIN)
    return take_only (g_ptr_array_new (), id, error);
  statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      ENTRY_COLUMNS "WHERE id >= ?1 AND id < ?2 AND " SATCHEL_INBOX_IS_LISTED " LIMIT 2", error);
  if (statement != NULL) {
    satchel_statement_bind_text (statement, 1, id);
    satchel_statement_bind_text (statement, 2, end);
  }
  return take_only (list_entries (vault, statement, error), id, error);
}

SatchelInboxEntry *
satchel_inbox_load_row (SatchelVault *vault, gint64 row, GError **error)
{
  g_autofree char *sought = g_strdup_printf ("row %" G_GINT64_FORMAT, row);
  SatchelStatement *statement = satchel_db_prepare (satchel_vault_get_db (vault),
                                                    ENTRY_COLUMNS "WHERE rowid = ?1", error);

  if (statement != NULL)
    satchel_statement_bind_int (statement, 1, row);
  return take_only (list_entries (vault, statement, error), sought, error);
}

GPtrArray *
satchel_inbox_list_ids (SatchelVault *vault, GArray *rows, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < rows->len; i++) {
    SatchelStatement *statement = satchel_db_prepare (
        satchel_vault_get_db (vault), "SELECT id FROM inbox WHERE rowid = ?1", error);
    gboolean has_row = FALSE;
    if (statement == NULL)
      return NULL;
    satchel_statement_bind_int (statement, 1, g_array_index (rows, gint64, i));
    if (!satchel_statement_step (statement, &has_row, error))
      return NULL;
    if (has_row)
      g_ptr_array_add (ids, g_strdup (satchel_statement_get_text (statement, 0)));
    satchel_statement_reset (statement);
  }
  return g_steal_pointer (&ids);
}

GPtrArray *
satchel_inbox_list_strangers (SatchelVault *vault, GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      ENTRY_COLUMNS "WHERE outcome <> 0 AND reason = ?1 AND file IS NOT NULL"
                    " ORDER BY received_us, rowid",
      error);

  if (statement != NULL)
    satchel_statement_bind_int (statement, 1, SATCHEL_ASIDE_STRANGER);
  return list_entries (vault, statement, error);
}
