/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/satchel-file.h"
#include "base/satchel-text.h"
#include "base/satchel-time.h"
#include "records/satchel-record.h"
#include "sync/satchel-outbox-private.h"

char *
satchel_sync_path (SatchelVault *vault, const char *folder, const char *file)
{
  return g_build_filename (satchel_vault_get_folder (vault), folder, file, NULL);
}

gboolean
satchel_outbox_get_epoch (SatchelVault *vault, guint64 *epoch, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *text = satchel_vault_dup_setting (vault, "epoch", &local);

  if (local != NULL) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  *epoch = 1;
  if (text == NULL || g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, epoch, NULL))
    return TRUE;
  g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_DAMAGED,
               "The vault's sender epoch is not a number.");
  return FALSE;
}

gboolean
satchel_outbox_number (SatchelVault *vault,
                       const SatchelAgeRecipient *age,
                       guint64 epoch,
                       SatchelBagRecipient *out,
                       GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "SELECT number, tagmanifest_sha256 FROM outbox_recipient JOIN outbox ON outbox.id = outbox_id"
      " WHERE age = ?1 AND outbox_recipient.epoch = ?2 ORDER BY number DESC LIMIT 1",
      error);
  gboolean has_row;

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_blob (statement, 1, age->bytes, sizeof age->bytes);
  satchel_statement_bind_int (statement, 2, (gint64) epoch);
  if (!satchel_statement_step (statement, &has_row, error))
    return FALSE;
  out->age = *age;
  out->number = 1;
  out->has_previous = has_row;
  if (has_row) {
    gsize size = 0;
    const guint8 *hash = satchel_statement_get_blob (statement, 1, &size);
    out->number = (guint64) satchel_statement_get_int (statement, 0) + 1;
    if (size == sizeof out->previous_tagmanifest_sha256)
      memcpy (out->previous_tagmanifest_sha256, hash, size);
  }
  satchel_statement_reset (statement);
  return TRUE;
}

static gboolean
insert_entry (SatchelDb *db,
              const SatchelSealing *sealing,
              const SatchelComposed *composed,
              GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      db,
      "INSERT INTO outbox (id, bundle_id, kind, state, file, mailbox, size_bytes, sha256,"
      " tagmanifest_sha256, epoch, sealed_us) VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
      error);
  const SatchelBundleResult *result = composed->result;

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, composed->id);
  satchel_statement_bind_text (statement, 2, composed->bundle_id);
  satchel_statement_bind_int (statement, 3, sealing->kind);
  satchel_statement_bind_text (statement, 4, composed->file);
  satchel_statement_bind_text (statement, 5, sealing->mailbox);
  satchel_statement_bind_int (statement, 6, (gint64) result->size_bytes);
  satchel_statement_bind_blob (statement, 7, result->age_sha256, 32);
  satchel_statement_bind_blob (statement, 8, result->tagmanifest_sha256, 32);
  satchel_statement_bind_int (statement, 9, (gint64) composed->epoch);
  satchel_statement_bind_int (statement, 10, satchel_now_us ());
  return satchel_statement_run (statement, error);
}

static gboolean
insert_recipient (SatchelDb *db,
                  const SatchelComposed *composed,
                  const SatchelCard *card,
                  const SatchelBagRecipient *recipient,
                  GError **error)
{
  g_autofree char *minisign = satchel_minisign_key_format (&card->keys.minisign);
  SatchelStatement *statement = satchel_db_prepare (
      db,
      "INSERT INTO outbox_recipient (outbox_id, age, minisign, name, epoch, number, previous)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
      error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, composed->id);
  satchel_statement_bind_blob (statement, 2, recipient->age.bytes, sizeof recipient->age.bytes);
  satchel_statement_bind_text (statement, 3, minisign);
  satchel_statement_bind_text (statement, 4, card->name);
  satchel_statement_bind_int (statement, 5, (gint64) composed->epoch);
  satchel_statement_bind_int (statement, 6, (gint64) recipient->number);
  if (recipient->has_previous)
    satchel_statement_bind_blob (statement, 7, recipient->previous_tagmanifest_sha256, 32);
  else
    satchel_statement_bind_null (statement, 7);
  return satchel_statement_run (statement, error);
}

/* The record becomes final and its ledger says into which bundle it went. */
static gboolean
seal_record (SatchelVault *vault,
             const SatchelComposed *composed,
             const char *record_id,
             GError **error)
{
  g_autoptr (SatchelRecord) record = satchel_record_load (vault, record_id, error);
  g_autoptr (JsonObject) detail = json_object_new ();
  g_autofree char *tagmanifest =
      satchel_hex_encode (composed->result->tagmanifest_sha256, SATCHEL_SHA256_SIZE);
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "INSERT INTO outbox_record (outbox_id, record_id) VALUES (?1, ?2)", error);

  if (record == NULL || statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, composed->id);
  satchel_statement_bind_text (statement, 2, record_id);
  json_object_set_string_member (detail, "bundle", composed->bundle_id);
  json_object_set_string_member (detail, "tagmanifest", tagmanifest);
  return satchel_statement_run (statement, error) &&
         satchel_record_mark_final (vault, record_id, error) &&
         satchel_ledger_append (vault, SATCHEL_ACTION_SEALED, record_id, record->hash, detail,
                                error);
}

gboolean
satchel_outbox_keep_file (SatchelVault *vault,
                          const char *bundle_id,
                          const char *name,
                          GBytes *content,
                          GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "INSERT INTO bundle_file (bundle_id, name, content) VALUES (?1, ?2, ?3)", error);
  gsize size;
  const guint8 *data = g_bytes_get_data (content, &size);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, bundle_id);
  satchel_statement_bind_text (statement, 2, name);
  satchel_statement_bind_blob (statement, 3, size == 0 ? (const guint8 *) "" : data, size);
  return satchel_statement_run (statement, error);
}

static gboolean
keep_files (SatchelVault *vault, const SatchelComposed *composed, GError **error)
{
  const char *bundle = composed->bundle_id;

  for (guint i = 0; i < SATCHEL_BAG_TAG_COUNT; i++)
    if (!satchel_outbox_keep_file (vault, bundle, satchel_bag_tag_name ((SatchelBagTag) i),
                                   composed->result->tags[i], error))
      return FALSE;
  for (guint i = 0; i < composed->documents->len; i++) {
    g_autofree char *name = g_strdup_printf ("data/r%04u.json", i + 1);
    if (!satchel_outbox_keep_file (vault, bundle, name,
                                   g_ptr_array_index (composed->documents, i), error))
      return FALSE;
  }
  return satchel_outbox_keep_file (vault, bundle, "data/bundle.json", composed->index, error) &&
         satchel_outbox_keep_file (vault, bundle, "data/custody.jsonl", composed->custody, error);
}

gboolean
satchel_outbox_insert (SatchelVault *vault,
                       const SatchelSealing *sealing,
                       const SatchelComposed *composed,
                       GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);

  if (!insert_entry (db, sealing, composed, error))
    return FALSE;
  for (guint i = 0; i < sealing->recipients->len; i++)
    if (!insert_recipient (db, composed, g_ptr_array_index (sealing->recipients, i),
                           &composed->recipients[i], error))
      return FALSE;
  for (guint i = 0; sealing->records != NULL && i < sealing->records->len; i++)
    if (!seal_record (vault, composed, g_ptr_array_index (sealing->records, i), error))
      return FALSE;
  return keep_files (vault, composed, error);
}

gboolean
satchel_outbox_advance (SatchelVault *vault,
                        const char *id,
                        SatchelOutboxState state,
                        const char *why,
                        GError **error)
{
  SatchelStatement *statement =
      satchel_db_prepare (satchel_vault_get_db (vault),
                          "UPDATE outbox SET state = max (state, ?2), why = ?3"
                          " WHERE id = ?1 AND state <= max (?2, 2)",
                          error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, id);
  satchel_statement_bind_int (statement, 2, state);
  satchel_statement_bind_text (statement, 3, why);
  return satchel_statement_run (statement, error);
}

gboolean
satchel_outbox_is_file_name (const char *name)
{
  gsize size = strlen (name);
  g_autofree char *id = g_strndup (name, size > 4 ? size - 4 : 0);

  return g_str_has_suffix (name, ".age") && satchel_is_id (id);
}

gboolean
satchel_sync_has_row (
    SatchelVault *vault, const char *sql, const char *name, gboolean *has, GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (satchel_vault_get_db (vault), sql, error);
  gboolean is_there = FALSE;

  if (statement == NULL)
    return FALSE;
  if (g_utf8_validate (name, -1, NULL)) {
    satchel_statement_bind_text (statement, 1, name);
    if (!satchel_statement_step (statement, &is_there, error))
      return FALSE;
    satchel_statement_reset (statement);
  }
  *has = is_there;
  return TRUE;
}

gboolean
satchel_outbox_sweep (SatchelVault *vault, GError **error)
{
  g_autofree char *path = satchel_sync_path (vault, "outbox", NULL);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  if (folder == NULL)
    return satchel_folder_make (path, error);
  while ((name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *file = satchel_sync_path (vault, "outbox", name);
    gboolean has_row = FALSE;
    if (!satchel_outbox_is_file_name (name) && !g_str_has_prefix (name, ".new-"))
      continue;
    if (!satchel_sync_has_row (vault, "SELECT 1 FROM outbox WHERE file = ?1", name, &has_row,
                               error))
      return FALSE;
    if (!has_row && !satchel_file_remove (file, error))
      return FALSE;
  }
  return TRUE;
}
