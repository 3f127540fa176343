/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/satchel-outbox.h"

#include <string.h>
#include <unistd.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "people/satchel-invite-book.h"
#include "records/satchel-record.h"
#include "people/satchel-contact.h"
#include "sync/satchel-outbox-private.h"

#define ID_PREFIX_MIN 4

const char *
satchel_outbox_state_to_text (SatchelOutboxState state)
{
  static const char *const texts[] = {"sealed", "waiting", "sending", "stored",
                                      "handed-over", "opened", "erased"};

  return (guint) state < G_N_ELEMENTS (texts) ? texts[state] : "unknown";
}

void
satchel_outbox_entry_free (SatchelOutboxEntry *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->bundle_id);
  g_free (self->why);
  g_free (self->path);
  g_free (self->mailbox);
  g_strfreev (self->recipients);
  g_strfreev (self->records);
  g_free (self);
}

/* The first column of every row for one entry. */
static char **
load_strings (SatchelDb *db, const char *sql, const char *id, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  SatchelStatement *statement = satchel_db_prepare (db, sql, error);
  gboolean has_row = TRUE;

  if (statement == NULL)
    return NULL;
  satchel_statement_bind_text (statement, 1, id);
  while (TRUE) {
    if (!satchel_statement_step (statement, &has_row, error))
      return NULL;
    if (!has_row)
      return g_strv_builder_end (builder);
    g_strv_builder_add (builder, satchel_statement_get_text (statement, 0));
  }
}

static void
copy_hash (SatchelStatement *statement, int column, guint8 out[32])
{
  gsize size = 0;
  const guint8 *data = satchel_statement_get_blob (statement, column, &size);

  if (data != NULL && size == 32)
    memcpy (out, data, size);
}

#define ENTRY_COLUMNS                                                                        \
  "SELECT id, bundle_id, kind, state, why, file, mailbox, size_bytes, offset_bytes, sha256," \
  " tagmanifest_sha256, sealed_us, stored_us, opened_us FROM outbox "

static SatchelOutboxEntry *
read_entry (SatchelVault *vault, SatchelStatement *statement)
{
  SatchelOutboxEntry *self = g_new0 (SatchelOutboxEntry, 1);
  const char *file = satchel_statement_get_text (statement, 5);

  self->id = g_strdup (satchel_statement_get_text (statement, 0));
  self->bundle_id = g_strdup (satchel_statement_get_text (statement, 1));
  self->kind = (SatchelOutboxKind) satchel_statement_get_int (statement, 2);
  self->state = (SatchelOutboxState) satchel_statement_get_int (statement, 3);
  self->why = g_strdup (satchel_statement_get_text (statement, 4));
  self->path = file == NULL ? NULL : satchel_sync_path (vault, "outbox", file);
  self->mailbox = g_strdup (satchel_statement_get_text (statement, 6));
  self->size_bytes = (guint64) satchel_statement_get_int (statement, 7);
  self->offset_bytes = (guint64) satchel_statement_get_int (statement, 8);
  copy_hash (statement, 9, self->sha256);
  copy_hash (statement, 10, self->tagmanifest_sha256);
  self->sealed_unix_us = satchel_statement_get_int (statement, 11);
  self->stored_unix_us = satchel_statement_get_int (statement, 12);
  self->opened_unix_us = satchel_statement_get_int (statement, 13);
  return self;
}

static gboolean
load_lists (SatchelDb *db, SatchelOutboxEntry *entry, GError **error)
{
  entry->recipients = load_strings (
      db, "SELECT name FROM outbox_recipient WHERE outbox_id = ?1 ORDER BY name", entry->id, error);
  if (entry->recipients == NULL)
    return FALSE;
  entry->records = load_strings (
      db, "SELECT record_id FROM outbox_record WHERE outbox_id = ?1", entry->id, error);
  return entry->records != NULL;
}

GPtrArray *
satchel_outbox_list (SatchelVault *vault, GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  g_autoptr (GPtrArray) entries =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_outbox_entry_free);
  SatchelStatement *statement =
      satchel_db_prepare (db, ENTRY_COLUMNS "ORDER BY sealed_us, rowid", error);
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
    if (!load_lists (db, g_ptr_array_index (entries, i), error))
      return NULL;
  return g_steal_pointer (&entries);
}

GArray *
satchel_outbox_list_rows (SatchelVault *vault, GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "SELECT rowid FROM outbox WHERE kind <> ?1 ORDER BY sealed_us DESC, rowid DESC", error);

  if (statement == NULL)
    return NULL;
  satchel_statement_bind_int (statement, 1, SATCHEL_OUTBOX_KIND_RECEIPTS);
  return satchel_statement_list_ints (statement, error);
}

SatchelOutboxEntry *
satchel_outbox_load_row (SatchelVault *vault, gint64 row, GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  SatchelStatement *statement = satchel_db_prepare (db, ENTRY_COLUMNS "WHERE rowid = ?1", error);
  g_autoptr (SatchelOutboxEntry) entry = NULL;
  gboolean has_row = FALSE;

  if (statement == NULL)
    return NULL;
  satchel_statement_bind_int (statement, 1, row);
  if (!satchel_statement_step (statement, &has_row, error))
    return NULL;
  if (!has_row) {
    g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_NOT_FOUND,
                 "The outbox has no row %" G_GINT64_FORMAT ".", row);
    return NULL;
  }
  entry = read_entry (vault, statement);
  satchel_statement_reset (statement);
  return load_lists (db, entry, error) ? g_steal_pointer (&entry) : NULL;
}

/* Up to two rows whose id, or whose bundle's, begins with @prefix; without their lists. */
static GPtrArray *
find_rows (SatchelVault *vault, const char *prefix, GError **error)
{
  g_autoptr (GPtrArray) entries =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_outbox_entry_free);
  /* Ids are hexadecimal: behind every one that begins so, before all others. */
  g_autofree char *end = g_strconcat (prefix, "g", NULL);
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      ENTRY_COLUMNS "WHERE (id >= ?1 AND id < ?2) OR (bundle_id >= ?1 AND bundle_id < ?2) LIMIT 2",
      error);
  gboolean has_row = TRUE;

  if (statement == NULL)
    return NULL;
  satchel_statement_bind_text (statement, 1, prefix);
  satchel_statement_bind_text (statement, 2, end);
  while (has_row) {
    if (!satchel_statement_step (statement, &has_row, error))
      return NULL;
    if (has_row)
      g_ptr_array_add (entries, read_entry (vault, statement));
  }
  return g_steal_pointer (&entries);
}

SatchelOutboxEntry *
satchel_outbox_find (SatchelVault *vault, const char *id, GError **error)
{
  gboolean is_long = strlen (id) >= ID_PREFIX_MIN;
  g_autoptr (GPtrArray) rows = is_long ? find_rows (vault, id, error) : NULL;
  g_autoptr (SatchelOutboxEntry) found = NULL;

  if (is_long && rows == NULL)
    return NULL;
  if (!is_long || rows->len != 1) {
    g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_NOT_FOUND,
                 is_long && rows->len > 1
                     ? "Several outbox entries begin with \"%s\": write more of it."
                     : "No outbox entry begins with \"%s\".",
                 id);
    return NULL;
  }
  found = g_ptr_array_steal_index (rows, 0);
  return load_lists (satchel_vault_get_db (vault), found, error) ? g_steal_pointer (&found) : NULL;
}

/* Whole ids for prefixes; each record once. */
static GPtrArray *
resolve_records (SatchelVault *vault, const char *const *ids, GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; ids != NULL && ids[i] != NULL; i++) {
    g_autoptr (SatchelRecord) record = satchel_record_load (vault, ids[i], error);
    if (record == NULL)
      return NULL;
    if (!g_ptr_array_find_with_equal_func (records, record->id, g_str_equal, NULL))
      g_ptr_array_add (records, g_steal_pointer (&record->id));
  }
  return g_steal_pointer (&records);
}

/* The newsroom's mailbox, or NULL without an error where the vault belongs to none. */
static gboolean
find_mailbox (SatchelVault *vault, char **mailbox, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (SatchelNewsroom) newsroom = satchel_newsroom_load (vault, &local);

  if (newsroom != NULL) {
    *mailbox = satchel_mailbox_of_newsroom (&newsroom->card->lead);
    return TRUE;
  }
  if (g_error_matches (local, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NO_NEWSROOM))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
set_handed_over (SatchelVault *vault, const char *id, GError **error)
{
  g_autoptr (SatchelTransaction) transaction =
      satchel_transaction_begin (satchel_vault_get_db (vault), error);
  SatchelStatement *statement;

  if (transaction == NULL ||
      !satchel_outbox_advance (vault, id, SATCHEL_OUTBOX_HANDED_OVER, NULL, error))
    return FALSE;
  statement = satchel_db_prepare (satchel_vault_get_db (vault),
                                  "UPDATE outbox SET file = NULL WHERE id = ?1", error);
  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, id);
  return satchel_statement_run (statement, error) &&
         satchel_transaction_commit (transaction, error);
}

static gboolean
copy_out (const SatchelOutboxEntry *entry,
          const char *output,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr (SatchelNewFile) file = satchel_new_file_open_outside (output, error);
  g_autoptr (GInputStream) source =
      file != NULL ? satchel_file_read (entry->path, NULL, error) : NULL;

  return source != NULL &&
         satchel_sink_splice (satchel_new_file_get_sink (file), source, entry->size_bytes, NULL,
                              cancellable, error) &&
         satchel_new_file_commit (file, FALSE, error);
}

/* The row comes first, so that no bundle leaves whose number another one could get too. On one file
 * system the file itself goes; to another its bytes do. */
static gboolean
move_out (SatchelVault *vault,
          const SatchelOutboxEntry *entry,
          const char *output,
          GCancellable *cancellable,
          GError **error)
{
  gboolean is_linked = FALSE;

  if (!satchel_file_link (entry->path, output, &is_linked, error) ||
      (!is_linked && !copy_out (entry, output, cancellable, error)))
    return FALSE;
  if (!set_handed_over (vault, entry->id, error)) {
    /* It is discarded now: nobody may carry it away. */
    satchel_file_remove (output, NULL);
    return FALSE;
  }
  return satchel_file_remove (entry->path, error);
}

static gboolean
publish (SatchelVault *vault,
         const char *id,
         const char *output,
         char **path,
         GCancellable *cancellable,
         GError **error)
{
  g_autoptr (SatchelOutboxEntry) entry = satchel_outbox_find (vault, id, error);

  if (entry == NULL)
    return FALSE;
  if (output != NULL && !move_out (vault, entry, output, cancellable, error)) {
    satchel_outbox_discard (vault, id, NULL);
    return FALSE;
  }
  if (path != NULL)
    *path = output != NULL ? g_strdup (output) : g_steal_pointer (&entry->path);
  return TRUE;
}

/* Where mail for one person goes: the newsroom's mailbox for members, that of their invite's token
 * for those whom this desk invited; NULL where only a folder reaches them. */
static gboolean
find_mailbox_of (SatchelVault *vault, const SatchelCard *card, char **mailbox, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (SatchelContact) contact =
      satchel_contact_find_by_minisign (vault, &card->keys.minisign, &local);

  if (contact == NULL) {
    if (g_error_matches (local, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NOT_FOUND))
      return TRUE;
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  if (contact->is_member)
    return find_mailbox (vault, mailbox, error);
  *mailbox = g_strdup (contact->return_mailbox);
  return TRUE;
}

/* A bundle is uploaded once, to one mailbox. */
static gboolean
find_common_mailbox (SatchelVault *vault, GPtrArray *cards, char **mailbox, GError **error)
{
  for (guint i = 0; i < cards->len; i++) {
    g_autofree char *own = NULL;
    if (!find_mailbox_of (vault, g_ptr_array_index (cards, i), &own, error))
      return FALSE;
    if (i == 0)
      *mailbox = g_steal_pointer (&own);
    else if (g_strcmp0 (*mailbox, own) != 0) {
      g_set_error (
          error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_STATE,
          "These people are reached through different mailboxes: seal to each on its own.");
      return FALSE;
    }
  }
  return TRUE;
}

char *
satchel_outbox_seal (SatchelVault *vault,
                     const SatchelSealRequest *request,
                     char **path,
                     SatchelProgressReport progress,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (GPtrArray) records = resolve_records (vault, request->records, error);
  g_autoptr (GPtrArray) members = NULL;
  g_autofree char *mailbox = NULL, *id = NULL;
  SatchelSealing sealing = {.kind = SATCHEL_OUTBOX_KIND_RECORDS, .records = records};

  if (records == NULL)
    return NULL;
  if (request->output != NULL && g_file_test (request->output, G_FILE_TEST_EXISTS)) {
    g_set_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_EXISTS,
                 "\"%s\" stands there already and was left as it is.", request->output);
    return NULL;
  }
  if (request->recipients == NULL) {
    members = satchel_newsroom_list_recipients (vault, error);
    if (members == NULL)
      return NULL;
  }
  sealing.recipients = request->recipients != NULL ? request->recipients : members;
  if (request->output == NULL &&
      !find_common_mailbox (vault, sealing.recipients, &mailbox, error))
    return NULL;
  sealing.mailbox = mailbox;
  id = satchel_outbox_compose (vault, &sealing, progress, cancellable, error);
  if (id == NULL || !publish (vault, id, request->output, path, cancellable, error))
    return NULL;
  return g_steal_pointer (&id);
}

char *
satchel_outbox_introduce (SatchelVault *vault, GCancellable *cancellable, GError **error)
{
  guint8 mac[SATCHEL_INTRODUCTION_MAC_SIZE];
  g_autofree char *mailbox = NULL;
  g_autoptr (GPtrArray) members = NULL;
  g_autoptr (SatchelToken) token = satchel_invite_book_load_token (vault, error);
  SatchelIntroductionProof proof;
  SatchelSealing sealing = {
      .kind = SATCHEL_OUTBOX_KIND_INTRODUCTION, .mac = mac, .proof = &proof};

  if (token == NULL || !satchel_invite_book_make_introduction (vault, mac, &proof, error) ||
      !find_mailbox (vault, &mailbox, error))
    return NULL;
  members = satchel_newsroom_list_recipients (vault, error);
  if (members == NULL)
    return NULL;
  sealing.recipients = members;
  sealing.mailbox = mailbox;
  sealing.token = token->text;
  return satchel_outbox_compose (vault, &sealing, (SatchelProgressReport){0}, cancellable, error);
}

static gboolean
set_erased (SatchelVault *vault,
            const SatchelOutboxEntry *entry,
            SatchelAction action,
            GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  g_autoptr (SatchelTransaction) transaction = satchel_transaction_begin (db, error);
  SatchelStatement *statement;

  if (transaction == NULL)
    return FALSE;
  statement = satchel_db_prepare (
      db, "UPDATE outbox SET state = 6, why = NULL, file = NULL WHERE id = ?1", error);
  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, entry->id);
  if (!satchel_statement_run (statement, error) ||
      !satchel_ledger_append (vault, action, entry->bundle_id, entry->tagmanifest_sha256, NULL,
                              error) ||
      !satchel_transaction_commit (transaction, error))
    return FALSE;
  return entry->path == NULL || satchel_file_remove (entry->path, error);
}

gboolean
satchel_outbox_discard (SatchelVault *vault, const char *id, GError **error)
{
  g_autoptr (SatchelOutboxEntry) entry = satchel_outbox_find (vault, id, error);

  if (entry == NULL)
    return FALSE;
  if (entry->state > SATCHEL_OUTBOX_SENDING) {
    g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_STATE,
                 "This bundle is %s already: it cannot be taken back.",
                 satchel_outbox_state_to_text (entry->state));
    return FALSE;
  }
  return set_erased (vault, entry, SATCHEL_ACTION_DISCARDED, error);
}

gboolean
satchel_outbox_erase (SatchelVault *vault, const char *id, GError **error)
{
  g_autoptr (SatchelOutboxEntry) entry = satchel_outbox_find (vault, id, error);

  if (entry == NULL)
    return FALSE;
  if (entry->state != SATCHEL_OUTBOX_OPENED) {
    g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_STATE,
                 "Nobody has confirmed that this bundle was opened (it is %s): it stays.",
                 satchel_outbox_state_to_text (entry->state));
    return FALSE;
  }
  return set_erased (vault, entry, SATCHEL_ACTION_ERASED, error);
}

gboolean
satchel_outbox_is_record_opened (SatchelVault *vault,
                                 const char *record_id,
                                 gboolean *opened,
                                 GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "SELECT 1 FROM outbox JOIN outbox_record ON outbox_id = id"
      " WHERE record_id = ?1 AND opened_us > 0 LIMIT 1",
      error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, record_id);
  if (!satchel_statement_step (statement, opened, error))
    return FALSE;
  satchel_statement_reset (statement);
  return TRUE;
}
