/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/satchel-file.h"
#include "sync/satchel-fetcher-private.h"
#include "sync/satchel-inbox-private.h"
#include "sync/satchel-outbox-private.h"

/* Bundles being opened. */
typedef struct {
  SatchelFetcher *fetcher;
  SatchelVault *vault;
  GPtrArray *entries;
  SatchelProgressReport progress;
  guint64 done_bytes;
  guint64 total_bytes;
  GCancellable *cancellable;
} Taking;

/* What was fetched for one vault says nothing true about another, nor about an older state. */
static gboolean
check_vault (SatchelFetcher *self, SatchelVault *vault, GError **error)
{
  guint64 epoch;

  if (!satchel_vault_get_epoch (vault, &epoch, error))
    return FALSE;
  if (strcmp (self->vault_id, satchel_vault_get_id (vault)) == 0 && self->epoch == epoch)
    return TRUE;
  g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_STATE,
               "What came down was fetched for another vault, or before this one was restored.");
  return FALSE;
}

/* The newsroom's news come first: a sender may have been revoked. */
static gboolean
keep_news (SatchelFetcher *self, SatchelVault *vault, GError **error)
{
  gboolean is_newer = self->news.newer != NULL;
  SatchelNewsroom *newsroom;

  if (!satchel_journal_merge (vault, error))
    return FALSE;
  if (self->alarm != NULL && !satchel_sync_keep_alarm (vault, self->alarm, error))
    return FALSE;
  g_clear_pointer (&self->alarm, g_free);
  if (!satchel_courier_keep_newsroom (vault, &self->news, error))
    return FALSE;
  if (!is_newer)
    return TRUE;
  newsroom = satchel_newsroom_load (vault, error);
  if (newsroom == NULL)
    return FALSE;
  satchel_newsroom_free (self->newsroom);
  self->newsroom = newsroom;
  return TRUE;
}

/* Moves the position on, unless somebody else moved it since it was read: another fetch did, while
 * the vault was closed. Then it is theirs, and the next round finds out what is left. */
static gboolean
store_position (SatchelFetcher *self, SatchelVault *vault, guint64 position, GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  const guint64 *known = g_hash_table_lookup (self->positions, self->intake);
  SatchelStatement *statement = satchel_db_prepare (
      db,
      "INSERT INTO mailbox_position (intake, mailbox, position) SELECT ?1, ?2, ?3"
      " WHERE coalesce ((SELECT position FROM mailbox_position"
      "  WHERE intake = ?1 AND mailbox = ?2), 0) = ?4"
      " ON CONFLICT (intake, mailbox) DO UPDATE SET position = excluded.position",
      error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, self->intake);
  satchel_statement_bind_text (statement, 2, self->mailbox);
  satchel_statement_bind_int (statement, 3, (gint64) position);
  satchel_statement_bind_int (statement, 4, known == NULL ? 0 : (gint64) *known);
  if (!satchel_statement_run (statement, error))
    return FALSE;
  if (satchel_db_get_changes (db) == 1)
    g_hash_table_insert (self->positions, g_strdup (self->intake),
                         g_memdup2 (&position, sizeof position));
  else
    self->is_held = TRUE;
  return TRUE;
}

static void
progress_cb (guint64 done_bytes, guint64 total_bytes, gpointer user_data)
{
  const Taking *taking = user_data;

  taking->progress.report (taking->done_bytes + done_bytes, taking->total_bytes,
                           taking->progress.user_data);
}

/* What becomes of the downloaded file: kept where the entry says so, else gone. */
static gboolean
open_here (Taking *taking, const SatchelListed *listed, const char *path, GError **error)
{
  SatchelFetcher *self = taking->fetcher;
  SatchelProgressReport progress = {taking->progress.report == NULL ? NULL : progress_cb, taking};
  g_autofree char *name = g_strdup_printf ("%.16s.age", listed->hex);
  g_autoptr (SatchelInboxEntry) entry = NULL;
  gboolean is_for_others, is_done;

  /* Whatever happened to the file since it came down. */
  if (!satchel_listed_check (listed, path, taking->cancellable, error))
    return FALSE;
  entry = satchel_inbox_take (taking->vault, path, name, progress, taking->cancellable, error);
  if (entry == NULL)
    return FALSE;
  g_hash_table_add (self->known, g_memdup2 (listed->sha256, sizeof listed->sha256));
  is_done = g_strcmp0 (entry->path, path) == 0 || satchel_file_remove (path, error);
  is_for_others = self->is_shared && entry->outcome == SATCHEL_INBOX_ASIDE &&
                  entry->reason == SATCHEL_ASIDE_NOT_FOR_US;
  if (entry->outcome == SATCHEL_INBOX_OPENED)
    g_ptr_array_add (self->opened, g_strdup (listed->hex));
  if (entry->outcome != SATCHEL_INBOX_ALREADY && !is_for_others)
    g_ptr_array_add (taking->entries, g_steal_pointer (&entry));
  return is_done;
}

static gboolean
open_one (Taking *taking, const SatchelListed *listed, GError **error)
{
  SatchelFetcher *self = taking->fetcher;
  g_autofree char *path = satchel_fetcher_dup_path (self, listed);
  g_autoptr (SatchelInboxEntry) known = NULL;

  if (!satchel_inbox_find_by_hash (taking->vault, listed->sha256, &known, error))
    return FALSE;
  /* A crash after COMMIT left the file that was opened. */
  if (known != NULL)
    return g_strcmp0 (known->path, path) == 0 || satchel_file_remove (path, error);
  if (listed->state == SATCHEL_LISTED_HERE)
    return open_here (taking, listed, path, error);
  if (listed->state == SATCHEL_LISTED_KNOWN)
    g_hash_table_remove (self->known, listed->sha256);
  if (listed->state != SATCHEL_LISTED_GONE)
    self->is_held = TRUE;
  return TRUE;
}

/* One bundle that cannot be read holds up none of those after it, only the position. */
static gboolean
open_or_hold (Taking *taking, const SatchelListed *listed, GError **first, GError **error)
{
  g_autofree char *name = g_strdup_printf ("%.16s.age", listed->hex);
  g_autoptr (GError) local = NULL;

  if (open_one (taking, listed, &local))
    return TRUE;
  if (!satchel_inbox_is_lone (local)) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  taking->fetcher->is_held = TRUE;
  satchel_inbox_note (taking->entries, name, local);
  if (first != NULL && *first == NULL)
    *first = g_steal_pointer (&local);
  return TRUE;
}

static guint64
get_weight (const SatchelListed *listed)
{
  return listed->state == SATCHEL_LISTED_HERE ? listed->size_bytes : 0;
}

gboolean
satchel_fetcher_open (SatchelFetcher *self,
                      SatchelVault *vault,
                      GPtrArray *entries,
                      SatchelProgressReport progress,
                      GCancellable *cancellable,
                      GError **first,
                      GError **error)
{
  Taking taking = {.fetcher = self,
                   .vault = vault,
                   .entries = entries,
                   .progress = progress,
                   .cancellable = cancellable};

  if (!keep_news (self, vault, error))
    return FALSE;
  for (guint i = 0; i < self->batch->len; i++)
    taking.total_bytes += get_weight (g_ptr_array_index (self->batch, i));
  while (self->batch->len > 0) {
    const SatchelListed *listed = g_ptr_array_index (self->batch, 0);
    if (!open_or_hold (&taking, listed, first, error) ||
        (!self->is_held && !store_position (self, vault, listed->position, error)))
      return FALSE;
    taking.done_bytes += get_weight (listed);
    g_ptr_array_remove_index (self->batch, 0);
  }
  return TRUE;
}

GPtrArray *
satchel_fetcher_take (SatchelFetcher *self,
                      SatchelVault *vault,
                      SatchelProgressReport progress,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (GPtrArray) entries =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_inbox_entry_free);
  gboolean is_done;

  if (!check_vault (self, vault, error))
    return NULL;
  is_done = satchel_fetcher_open (self, vault, entries, progress, cancellable, NULL, error);
  /* However it ended, an introduction in it counts. */
  return satchel_inbox_settle (vault, entries, cancellable, is_done ? error : NULL) && is_done
             ? g_steal_pointer (&entries)
             : NULL;
}
