/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-text.h"
#include "people/satchel-newsroom.h"
#include "records/satchel-ledger.h"
#include "sync/satchel-journal-private.h"
#include "sync/satchel-outbox-private.h"
#include "sync/satchel-rules.h"

#define MERGED_SETTING "journal.merged"

/* The newsroom, or NULL where the vault belongs to none (any more). */
static gboolean
load_newsroom (SatchelVault *vault, SatchelNewsroom **newsroom, GError **error)
{
  GError *local = NULL;

  *newsroom = satchel_newsroom_load (vault, &local);
  if (local == NULL)
    return TRUE;
  if (g_error_matches (local, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NO_NEWSROOM)) {
    g_error_free (local);
    return TRUE;
  }
  g_propagate_error (error, local);
  return FALSE;
}

static gboolean
merge_upload (SatchelVault *vault, const SatchelJournalEntry *entry, GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "UPDATE outbox SET location = nullif (?2, ''), offset_bytes = ?3"
      " WHERE id = ?1 AND state <= 2",
      error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, entry->id);
  satchel_statement_bind_text (statement, 2, entry->text);
  satchel_statement_bind_int (statement, 3, (gint64) entry->offset);
  return satchel_statement_run (statement, error) &&
         satchel_outbox_advance (vault, entry->id, SATCHEL_OUTBOX_SENDING, NULL, error);
}

/* Anybody could seal a line to our public key: the receipt has to prove itself again. */
static SatchelStoredReceipt *
verify_receipt (const SatchelNewsroom *newsroom,
                const SatchelOutboxEntry *row,
                const char *text)
{
  for (guint i = 0; newsroom != NULL && i < newsroom->card->intakes->len; i++) {
    const SatchelIntakeCard *intake = g_ptr_array_index (newsroom->card->intakes, i);
    g_autoptr (SatchelStoredReceipt) receipt =
        satchel_stored_receipt_parse (text, -1, &intake->receipt, NULL);
    if (receipt != NULL && memcmp (receipt->sha256, row->sha256, 32) == 0 &&
        receipt->size_bytes == row->size_bytes && g_strcmp0 (receipt->mailbox, row->mailbox) == 0)
      return g_steal_pointer (&receipt);
  }
  return NULL;
}

static gboolean
set_stored (SatchelVault *vault,
            const SatchelOutboxEntry *row,
            const SatchelStoredReceipt *receipt,
            GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "UPDATE outbox SET stored_us = ?2, stored_receipt = ?3, offset_bytes = size_bytes"
      " WHERE id = ?1",
      error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, row->id);
  satchel_statement_bind_int (statement, 2, receipt->time_unix_us);
  satchel_statement_bind_text (statement, 3, receipt->text);
  return satchel_statement_run (statement, error);
}

gboolean
satchel_outbox_note_records (SatchelVault *vault,
                             const SatchelOutboxEntry *row,
                             SatchelAction action,
                             GError **error)
{
  for (guint i = 0; row->records[i] != NULL; i++) {
    g_autoptr (JsonObject) detail = json_object_new ();
    json_object_set_string_member (detail, "bundle", row->bundle_id);
    if (!satchel_ledger_append (vault, action, row->records[i], NULL, detail, error))
      return FALSE;
  }
  return TRUE;
}

/* The row of a fact; NULL without an error where the outbox has none: the fact is about nothing. */
static gboolean
find_row (SatchelVault *vault, const char *id, SatchelOutboxEntry **row, GError **error)
{
  GError *local = NULL;

  *row = satchel_outbox_find (vault, id, &local);
  if (local == NULL)
    return TRUE;
  if (g_error_matches (local, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_NOT_FOUND)) {
    g_error_free (local);
    return TRUE;
  }
  g_propagate_error (error, local);
  return FALSE;
}

static gboolean
merge_stored (SatchelVault *vault,
              const SatchelNewsroom *newsroom,
              const SatchelJournalEntry *entry,
              GError **error)
{
  g_autoptr (SatchelOutboxEntry) row = NULL;
  g_autoptr (SatchelStoredReceipt) receipt = NULL;

  if (!find_row (vault, entry->id, &row, error))
    return FALSE;
  if (row == NULL || row->stored_unix_us != 0)
    return TRUE;
  receipt = verify_receipt (newsroom, row, entry->text);
  if (receipt == NULL)
    return satchel_sync_keep_alarm (vault, SATCHEL_ALARM_STORED_SIGNER, error);
  return set_stored (vault, row, receipt, error) &&
         satchel_outbox_advance (vault, row->id, SATCHEL_OUTBOX_STORED, NULL, error) &&
         satchel_outbox_note_records (vault, row, SATCHEL_ACTION_RECEIVED, error);
}

static gboolean
merge_delivered (SatchelVault *vault, const SatchelJournalEntry *entry, GError **error)
{
  g_autoptr (SatchelOutboxEntry) row = NULL;

  if (!find_row (vault, entry->id, &row, error))
    return FALSE;
  return row == NULL || row->state >= SATCHEL_OUTBOX_HANDED_OVER ||
         (satchel_outbox_advance (vault, row->id, SATCHEL_OUTBOX_HANDED_OVER, NULL, error) &&
          satchel_outbox_note_records (vault, row, SATCHEL_ACTION_SENT, error));
}

static gboolean
merge_entry (SatchelVault *vault,
             const SatchelNewsroom *newsroom,
             const SatchelJournalEntry *entry,
             GError **error)
{
  switch (entry->fact) {
    case SATCHEL_JOURNAL_UPLOAD:
      return merge_upload (vault, entry, error);
    case SATCHEL_JOURNAL_WAITING:
      return satchel_outbox_advance (vault, entry->id, SATCHEL_OUTBOX_WAITING, entry->text,
                                     error);
    case SATCHEL_JOURNAL_STORED:
      return merge_stored (vault, newsroom, entry, error);
    case SATCHEL_JOURNAL_DELIVERED:
      return merge_delivered (vault, entry, error);
    case SATCHEL_JOURNAL_ALARM:
      return satchel_sync_keep_alarm (vault, entry->text, error);
    case SATCHEL_JOURNAL_SPENT:
      return satchel_rules_add_spent (vault, entry->text, entry->offset, error);
  }
  return TRUE;
}

/* A run that ended between COMMIT and the end of the file left lines that count already: those up
 * to the last that was merged. Gives the place of the first that does not. */
static gboolean
find_first_new (SatchelVault *vault, GPtrArray *entries, guint *first, GError **error)
{
  GError *local = NULL;
  g_autofree char *mark = satchel_vault_dup_setting (vault, MERGED_SETTING, &local);

  *first = 0;
  for (guint i = entries->len; mark != NULL && i > 0 && *first == 0; i--)
    if (g_str_equal (((SatchelJournalEntry *) entries->pdata[i - 1])->mark, mark))
      *first = i;
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, local);
  return FALSE;
}

static gboolean
note_merged (SatchelVault *vault, GPtrArray *entries, GError **error)
{
  if (entries->len == 0)
    return TRUE;
  const SatchelJournalEntry *last = entries->pdata[entries->len - 1];
  return satchel_vault_set_setting (vault, MERGED_SETTING, last->mark, error);
}

static gboolean
merge_entries (SatchelVault *vault, GPtrArray *entries, gboolean damaged, GError **error)
{
  g_autoptr (SatchelNewsroom) newsroom = NULL;
  g_autoptr (SatchelTransaction) transaction = NULL;
  guint first;

  if (!load_newsroom (vault, &newsroom, error) ||
      !find_first_new (vault, entries, &first, error))
    return FALSE;
  transaction = satchel_transaction_begin (satchel_vault_get_db (vault), error);
  if (transaction == NULL)
    return FALSE;
  for (guint i = first; i < entries->len; i++)
    if (!merge_entry (vault, newsroom, g_ptr_array_index (entries, i), error))
      return FALSE;
  if (damaged && !satchel_sync_keep_alarm (vault, SATCHEL_ALARM_JOURNAL, error))
    return FALSE;
  return note_merged (vault, entries, error) && satchel_transaction_commit (transaction, error);
}

/* Keeps the file for who wants to look; an earlier one is not overwritten. */
static gboolean
put_aside (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path), *id = satchel_random_id ();
  g_autofree char *first = g_strconcat (path, ".damaged", NULL);
  g_autofree char *other = g_strconcat (first, "-", id, NULL);

  if (g_rename (path, g_file_test (first, G_FILE_TEST_EXISTS) ? other : first) != 0)
    return satchel_base_set_errno (error, errno, "put the damaged outbox journal aside");
  return satchel_folder_sync (folder, error);
}

static gboolean
merge_locked (SatchelVault *vault, GError **error)
{
  gboolean damaged = FALSE;
  g_autoptr (GPtrArray) entries = satchel_journal_read (vault, &damaged, error);
  g_autofree char *path = satchel_journal_path (satchel_vault_get_folder (vault));

  if (entries == NULL)
    return FALSE;
  if ((entries->len > 0 || damaged) && !merge_entries (vault, entries, damaged, error))
    return FALSE;
  return damaged ? put_aside (path, error) : satchel_file_remove (path, error);
}

gboolean
satchel_journal_merge (SatchelVault *vault, GError **error)
{
  gboolean is_merged;
  int fd;

  if (!satchel_journal_lock (satchel_vault_get_folder (vault), &fd, error))
    return FALSE;
  if (fd < 0)
    return TRUE;
  is_merged = merge_locked (vault, error);
  close (fd);
  return is_merged;
}

gboolean
satchel_journal_merge_at_open (SatchelVault *vault, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (satchel_journal_merge (vault, &local_error) ||
      g_error_matches (local_error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_NO_SPACE))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}
