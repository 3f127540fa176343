/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/satchel-file.h"
#include "people/satchel-invite-book.h"
#include "sync/satchel-fetcher-private.h"
#include "sync/satchel-inbox-private.h"
#include "sync/satchel-outbox-private.h"

#define BUNDLES_MAX 32
#define BYTES_MAX   (64 * 1024 * 1024)
#define LISTED_MAX  4096 /* that one run goes by, with those that are known */

static guint
hash_cb (gconstpointer key)
{
  guint value;

  memcpy (&value, key, sizeof value);
  return value;
}

static gboolean
equal_cb (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, 32) == 0;
}

/* Members read the newsroom's mailbox; whoever has a token reads the token's. */
static gboolean
load_mailbox (SatchelFetcher *self, SatchelVault *vault, GError **error)
{
  g_autoptr (SatchelToken) token = NULL;

  self->newsroom = satchel_newsroom_load (vault, error);
  if (self->newsroom == NULL)
    return FALSE;
  self->is_shared = self->routes->access_key != NULL;
  if (self->is_shared) {
    self->mailbox = satchel_mailbox_of_newsroom (&self->newsroom->card->lead);
    return TRUE;
  }
  token = satchel_invite_book_load_token (vault, error);
  if (token == NULL)
    return FALSE;
  self->mailbox = g_strdup (token->return_mailbox);
  return TRUE;
}

static gboolean
load_positions (SatchelFetcher *self, SatchelVault *vault, GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "SELECT intake, position FROM mailbox_position WHERE mailbox = ?1", error);
  gboolean has_row = TRUE;

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, self->mailbox);
  while (has_row) {
    if (!satchel_statement_step (statement, &has_row, error))
      return FALSE;
    if (has_row) {
      guint64 position = (guint64) satchel_statement_get_int (statement, 1);
      g_hash_table_insert (self->positions, g_strdup (satchel_statement_get_text (statement, 0)),
                           g_memdup2 (&position, sizeof position));
    }
  }
  return TRUE;
}

static gboolean
load_known (SatchelFetcher *self, SatchelVault *vault, GError **error)
{
  SatchelStatement *statement =
      satchel_db_prepare (satchel_vault_get_db (vault), "SELECT sha256 FROM inbox", error);
  gboolean has_row = TRUE;

  if (statement == NULL)
    return FALSE;
  while (has_row) {
    const guint8 *sha256;
    gsize size = 0;
    if (!satchel_statement_step (statement, &has_row, error))
      return FALSE;
    if (has_row && (sha256 = satchel_statement_get_blob (statement, 0, &size)) != NULL &&
        size == 32)
      g_hash_table_add (self->known, g_memdup2 (sha256, size));
  }
  return TRUE;
}

SatchelFetcher *
satchel_fetcher_new (SatchelVault *vault, GError **error)
{
  g_autoptr (SatchelFetcher) self = g_new0 (SatchelFetcher, 1);

  self->vault_id = g_strdup (satchel_vault_get_id (vault));
  self->folder = g_strdup (satchel_vault_get_folder (vault));
  self->inbox = satchel_sync_path (vault, "inbox", NULL);
  self->positions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->known = g_hash_table_new_full (hash_cb, equal_cb, g_free, NULL);
  self->batch = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_listed_free);
  self->opened = g_ptr_array_new_with_free_func (g_free);
  self->bundles_max = BUNDLES_MAX;
  self->bytes_max = BYTES_MAX;
  self->routes = satchel_routes_load (vault, error);
  if (self->routes == NULL || !satchel_journal_get_key (vault, self->journal_key, error) ||
      !satchel_vault_get_epoch (vault, &self->epoch, error) || !load_mailbox (self, vault, error) ||
      !load_positions (self, vault, error) || !load_known (self, vault, error) ||
      !satchel_folder_make (self->inbox, error))
    return NULL;
  satchel_inbox_sweep (vault);
  return g_steal_pointer (&self);
}

void
satchel_fetcher_free (SatchelFetcher *self)
{
  if (self == NULL)
    return;
  satchel_fetcher_disconnect (self);
  g_free (self->vault_id);
  g_free (self->folder);
  g_free (self->inbox);
  satchel_routes_free (self->routes);
  satchel_newsroom_free (self->newsroom);
  g_free (self->mailbox);
  g_hash_table_unref (self->positions);
  g_hash_table_unref (self->known);
  g_free (self->intake);
  g_ptr_array_unref (self->batch);
  g_ptr_array_unref (self->opened);
  g_clear_error (&self->first);
  satchel_newsroom_news_clear (&self->news);
  g_free (self->alarm);
  g_free (self);
}

char *
satchel_fetcher_dup_path (SatchelFetcher *self, const SatchelListed *listed)
{
  g_autofree char *file = g_strdup_printf ("%.32s.age", listed->hex);

  return g_build_filename (self->inbox, file, NULL);
}

/* Keeps the sentence of an alarm for the vault. Returns FALSE. */
static gboolean
fail (SatchelFetcher *self, GError *local, GError **error)
{
  if (g_error_matches (local, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNTRUSTED)) {
    g_clear_pointer (&self->alarm, g_free);
    if (!satchel_journal_note_alarm (self->folder, self->journal_key, local->message, NULL))
      self->alarm = g_strdup (local->message);
  }
  self->goes_on = FALSE;
  g_propagate_error (error, local);
  return FALSE;
}

/* Positions are an intake's own. */
static gboolean
recognize (SatchelFetcher *self, GError **error)
{
  const SatchelMinisignKey *key = satchel_connection_get_receipt_key (self->connection);
  g_autofree char *intake = NULL;

  if (key == NULL) {
    g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_NOT_FOUND,
                 "The newsroom's engine cannot be read from here: fetch from its folder.");
    return FALSE;
  }
  intake = satchel_minisign_key_format (key);
  if (g_strcmp0 (intake, self->intake) != 0) {
    self->goes_on = FALSE;
    g_ptr_array_set_size (self->opened, 0);
    g_free (self->intake);
    self->intake = g_steal_pointer (&intake);
  }
  return TRUE;
}

gboolean
satchel_fetcher_connect (SatchelFetcher *self,
                         gboolean use_tor,
                         GCancellable *cancellable,
                         GError **error)
{
  GError *local = NULL;

  self->connection = satchel_routes_connect (self->routes, use_tor, cancellable, &local);
  if (self->connection != NULL && recognize (self, &local) &&
      satchel_courier_ask_newsroom (self->newsroom, self->connection, &self->news, cancellable,
                                    &local))
    return TRUE;
  return fail (self, local, error);
}

void
satchel_fetcher_disconnect (SatchelFetcher *self)
{
  g_clear_pointer (&self->connection, satchel_connection_free);
}

static SatchelMailbox
get_mailbox (SatchelFetcher *self, SatchelProgressReport progress, GCancellable *cancellable)
{
  return (SatchelMailbox){.connection = self->connection,
                          .id = self->mailbox,
                          .progress = progress,
                          .cancellable = cancellable};
}

void
satchel_fetcher_tell_seen (SatchelFetcher *self, GCancellable *cancellable)
{
  SatchelMailbox mailbox = get_mailbox (self, (SatchelProgressReport){0}, cancellable);

  for (guint i = 0; i < self->opened->len; i++)
    satchel_mailbox_tell_seen (&mailbox, g_ptr_array_index (self->opened, i));
  g_ptr_array_set_size (self->opened, 0);
}

/* A run: what it has brought so far. */
typedef struct {
  SatchelFetcher *fetcher;
  SatchelMailbox mailbox;
  guint listed;
  guint bundles;
  guint64 bytes;
  guint downloads; /* that came to their end */
  gboolean is_full;
} Run;

static gboolean
bring_one (Run *run, SatchelListed *listed, GError **error)
{
  SatchelFetcher *self = run->fetcher;
  g_autofree char *path = satchel_fetcher_dup_path (self, listed);
  gboolean is_gone = FALSE;

  if (g_hash_table_contains (self->known, listed->sha256)) {
    listed->state = SATCHEL_LISTED_KNOWN;
    return TRUE;
  }
  if (!satchel_mailbox_download (&run->mailbox, listed, path, &is_gone, error))
    return FALSE;
  run->downloads++;
  if (is_gone) {
    listed->state = SATCHEL_LISTED_GONE;
    return satchel_file_remove (path, error);
  }
  if (!satchel_folder_sync (self->inbox, error) ||
      !satchel_listed_check (listed, path, run->mailbox.cancellable, error))
    return FALSE;
  listed->state = SATCHEL_LISTED_HERE;
  run->bundles++;
  run->bytes += listed->size_bytes;
  return TRUE;
}

/* One bundle that cannot be had holds up none of those after it, only the position: it is asked for
 * again the next time. A line that broke is given a second chance. */
static gboolean
bring_or_hold (Run *run, SatchelListed *listed, GError **error)
{
  SatchelFetcher *self = run->fetcher;
  guint downloads = run->downloads;
  g_autoptr (GError) local = NULL;
  gboolean is_line, is_here = bring_one (run, listed, &local);

  if (run->downloads > downloads)
    self->is_broken = FALSE;
  if (is_here)
    return TRUE;
  listed->state = SATCHEL_LISTED_FAILED;
  is_line = g_error_matches (local, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNREACHABLE);
  if (is_line ? self->is_broken : !satchel_inbox_is_lone (local)) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  self->is_broken |= is_line;
  if (self->first == NULL)
    self->first = g_steal_pointer (&local);
  return TRUE;
}

static gboolean
is_enough (const Run *run, const SatchelListed *listed)
{
  const SatchelFetcher *self = run->fetcher;

  if (run->listed >= LISTED_MAX)
    return TRUE;
  if (run->bundles == 0 || g_hash_table_contains (self->known, listed->sha256))
    return FALSE;
  return run->bundles >= self->bundles_max || run->bytes + listed->size_bytes > self->bytes_max;
}

static gboolean
bring_page (Run *run, GPtrArray *page, GError **error)
{
  SatchelFetcher *self = run->fetcher;

  for (guint i = 0; i < page->len && !run->is_full; i++) {
    SatchelListed *listed = g_ptr_array_index (page, i);
    if (is_enough (run, listed)) {
      run->is_full = TRUE;
    } else if (bring_or_hold (run, listed, error)) {
      run->listed++;
      self->after = listed->position;
      g_ptr_array_add (self->batch, g_steal_pointer (&g_ptr_array_index (page, i)));
    } else {
      self->has_more = TRUE;
      return FALSE;
    }
  }
  return TRUE;
}

/* Whether the intake still has at @position what was read there. One that was set up anew, or from
 * a copy, gives the same positions to others. */
static gboolean
ask_position (Run *run, guint64 position, gboolean *is_there, GError **error)
{
  gboolean more;
  g_autoptr (GPtrArray) page =
      satchel_mailbox_list (&run->mailbox, position - 1, &more, error);
  const SatchelListed *listed;

  if (page == NULL)
    return FALSE;
  listed = page->len > 0 ? g_ptr_array_index (page, 0) : NULL;
  *is_there = listed != NULL && listed->position == position &&
              g_hash_table_contains (run->fetcher->known, listed->sha256);
  return TRUE;
}

/* From where the round has come to, until the batch is full or the list ends. */
static gboolean
walk (Run *run, GError **error)
{
  SatchelFetcher *self = run->fetcher;
  gboolean more = TRUE, is_there = TRUE;

  while (more && !run->is_full) {
    g_autoptr (GPtrArray) page = satchel_mailbox_list (&run->mailbox, self->after, &more, error);
    if (page == NULL ||
        (page->len == 0 && self->start > 0 && self->after == self->start &&
         !ask_position (run, self->start, &is_there, error)) ||
        !bring_page (run, page, error))
      return FALSE;
    more = more && page->len > 0;
    if (!is_there) {
      self->start = self->after = 0;
      more = is_there = TRUE;
    }
  }
  self->has_more = run->is_full;
  return TRUE;
}

/* What take() has not seen stands in inbox/ and is met again. */
static void
begin_round (SatchelFetcher *self)
{
  const guint64 *position = g_hash_table_lookup (self->positions, self->intake);

  g_ptr_array_set_size (self->batch, 0);
  g_clear_error (&self->first);
  self->start = self->after = position == NULL ? 0 : *position;
  self->is_held = self->is_broken = FALSE;
}

gboolean
satchel_fetcher_bring (SatchelFetcher *self,
                       SatchelProgressReport progress,
                       GCancellable *cancellable,
                       GError **error)
{
  Run run = {.fetcher = self, .mailbox = get_mailbox (self, progress, cancellable)};
  GError *local = NULL;

  if (!self->goes_on || !satchel_fetcher_has_more (self))
    begin_round (self);
  satchel_fetcher_tell_seen (self, cancellable);
  if (!walk (&run, &local))
    return fail (self, local, error);
  if (!self->has_more && self->first != NULL)
    return fail (self, g_steal_pointer (&self->first), error);
  self->goes_on = TRUE;
  return TRUE;
}

gboolean
satchel_fetcher_run (SatchelFetcher *self,
                     gboolean use_tor,
                     SatchelProgressReport progress,
                     GCancellable *cancellable,
                     GError **error)
{
  gboolean is_done = satchel_fetcher_connect (self, use_tor, cancellable, error) &&
                     satchel_fetcher_bring (self, progress, cancellable, error);

  satchel_fetcher_disconnect (self);
  return is_done;
}

gboolean
satchel_fetcher_has_more (SatchelFetcher *self)
{
  return self->has_more || self->opened->len > 0;
}
