/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-hash.h"
#include "sync/satchel-courier-private.h"
#include "sync/satchel-outbox-private.h"

gboolean
satchel_courier_send_all (SatchelVault *vault,
                          SatchelCourierTally *tally,
                          SatchelProgressReport progress,
                          GCancellable *cancellable,
                          GError **error)
{
  g_autoptr (SatchelCourier) courier = NULL;
  g_autoptr (GError) local = NULL;
  gboolean use_tor = FALSE, is_done;

  if (!satchel_journal_merge (vault, error) ||
      !satchel_outbox_queue_receipts (vault, NULL, cancellable, error) ||
      !satchel_courier_ask_rules (vault, &use_tor, error))
    return FALSE;
  courier = satchel_courier_new (vault, error);
  if (courier == NULL)
    return FALSE;
  is_done = satchel_courier_run (courier, use_tor, tally, progress, cancellable, &local);
  /* What was learned counts, however the run ended. */
  if (!satchel_journal_merge (vault, error))
    return FALSE;
  /* A full intake must still learn whom not to believe, whatever is wrong with one bundle. */
  if (is_done || g_error_matches (local, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_QUOTA) ||
      g_error_matches (local, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_PROTOCOL) ||
      g_error_matches (local, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_DAMAGED))
    is_done = satchel_courier_publish_newsroom (vault, use_tor, cancellable,
                                                local == NULL ? &local : NULL) &&
              is_done;
  if (!is_done)
    g_propagate_error (error, g_steal_pointer (&local));
  return is_done;
}

/* Whether @path holds exactly the bundle of @entry. */
static gboolean
is_same_file (const char *path, const SatchelOutboxEntry *entry)
{
  g_autoptr (GInputStream) stream = satchel_file_read (path, NULL, NULL);
  guint8 sha256[32];

  return stream != NULL && satchel_sha256_stream (stream, sha256, NULL, NULL, NULL) &&
         memcmp (sha256, entry->sha256, 32) == 0;
}

/* Bundles being copied. */
typedef struct {
  SatchelVault *vault;
  const char *folder;
  gboolean stays;
  guint count;
  guint64 done_bytes;
  guint64 total_bytes;
  SatchelProgressReport progress;
  GCancellable *cancellable;
} Copying;

static void
tell (const Copying *self, guint64 done_bytes)
{
  if (self->progress.report != NULL)
    self->progress.report (done_bytes, self->total_bytes, self->progress.user_data);
}

/* A file's sink that is seen to go on. */
typedef struct {
  Copying *copying;
  SatchelSink file;
  guint64 written_bytes;
} ToldSink;

static gboolean
write_told (gpointer target,
            const guint8 *data,
            gsize size_bytes,
            GCancellable *cancellable,
            GError **error)
{
  ToldSink *self = target;

  if (!satchel_sink_write (self->file, data, size_bytes, cancellable, error))
    return FALSE;
  self->written_bytes += size_bytes;
  tell (self->copying, self->copying->done_bytes + self->written_bytes);
  return TRUE;
}

static gboolean
copy_bundle (Copying *self, const SatchelOutboxEntry *entry, const char *target, GError **error)
{
  g_autoptr (GInputStream) source = satchel_file_read (entry->path, NULL, error);
  g_autoptr (SatchelNewFile) file = NULL;

  if (source == NULL)
    return FALSE;
  file = satchel_new_file_open_outside (target, error);
  if (file == NULL)
    return FALSE;
  ToldSink told = {.copying = self, .file = satchel_new_file_get_sink (file)};
  return satchel_sink_splice ((SatchelSink){write_told, &told}, source, entry->size_bytes, NULL,
                              self->cancellable, error) &&
         satchel_new_file_commit (file, FALSE, error);
}

static gboolean
set_copied (Copying *self, const SatchelOutboxEntry *entry, GError **error)
{
  g_autoptr (SatchelTransaction) transaction =
      satchel_transaction_begin (satchel_vault_get_db (self->vault), error);

  return transaction != NULL &&
         (self->stays || satchel_outbox_advance (self->vault, entry->id,
                                                 SATCHEL_OUTBOX_HANDED_OVER, NULL, error)) &&
         satchel_outbox_note_records (self->vault, entry, SATCHEL_ACTION_SENT, error) &&
         satchel_transaction_commit (transaction, error);
}

/* Whether @entry belongs on a stick: not yet confirmed by anybody. What was handed over once may
 * have been lost with its stick; return mail is not worth a second one. */
static gboolean
is_for_folder (const SatchelOutboxEntry *entry)
{
  if (entry->path == NULL)
    return FALSE;
  return entry->state <= SATCHEL_OUTBOX_SENDING || (entry->state == SATCHEL_OUTBOX_HANDED_OVER &&
                                                    entry->kind != SATCHEL_OUTBOX_KIND_RECEIPTS);
}

static gboolean
hand_over (Copying *self, const SatchelOutboxEntry *entry, GError **error)
{
  g_autofree char *name = g_path_get_basename (entry->path);
  g_autofree char *target = g_build_filename (self->folder, name, NULL);
  gboolean is_there = g_file_test (target, G_FILE_TEST_EXISTS);

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  if (is_there && entry->state == SATCHEL_OUTBOX_HANDED_OVER)
    return TRUE;
  gboolean is_same = is_there && is_same_file (target, entry);
  /* What stands there may be in the memory of this computer only. */
  if (is_same ? !satchel_file_sync (target, error) : !copy_bundle (self, entry, target, error))
    return FALSE;
  if (is_same && self->stays)
    return TRUE;
  self->count++;
  return set_copied (self, entry, error);
}

/* What is for a folder, of SatchelOutboxEntry. */
static GPtrArray *
list_for_folder (SatchelVault *vault, guint64 *size_bytes, GError **error)
{
  g_autoptr (GPtrArray) entries = satchel_outbox_list (vault, error);

  if (entries == NULL)
    return NULL;
  *size_bytes = 0;
  for (guint i = 0; i < entries->len;) {
    const SatchelOutboxEntry *entry = g_ptr_array_index (entries, i);
    if (is_for_folder (entry)) {
      *size_bytes += entry->size_bytes;
      i++;
    } else {
      g_ptr_array_remove_index (entries, i);
    }
  }
  return g_steal_pointer (&entries);
}

gboolean
satchel_courier_weigh (SatchelVault *vault, SatchelCourierLoad *load, GError **error)
{
  g_autoptr (GPtrArray) entries = NULL;
  SatchelCourierLoad found = {0};

  if (!satchel_journal_merge (vault, error))
    return FALSE;
  entries = list_for_folder (vault, &found.size_bytes, error);
  if (entries == NULL)
    return FALSE;
  found.count = entries->len;
  for (guint i = 0; i < entries->len; i++) {
    const SatchelOutboxEntry *entry = g_ptr_array_index (entries, i);
    found.unsent += entry->state <= SATCHEL_OUTBOX_SENDING;
  }
  *load = found;
  return TRUE;
}

static gboolean
copy_all (Copying *self, GError **error)
{
  g_autoptr (GPtrArray) entries = list_for_folder (self->vault, &self->total_bytes, error);

  if (entries == NULL)
    return FALSE;
  for (guint i = 0; i < entries->len; i++) {
    const SatchelOutboxEntry *entry = g_ptr_array_index (entries, i);
    if (!hand_over (self, entry, error))
      return FALSE;
    self->done_bytes += entry->size_bytes;
    tell (self, self->done_bytes);
  }
  return TRUE;
}

gboolean
satchel_courier_copy_to_folder (SatchelVault *vault,
                                const char *folder,
                                gboolean stays,
                                guint *count,
                                SatchelProgressReport progress,
                                GCancellable *cancellable,
                                GError **error)
{
  Copying copying = {.vault = vault,
                     .folder = folder,
                     .stays = stays,
                     .progress = progress,
                     .cancellable = cancellable};
  gboolean is_done;

  if (!g_file_test (folder, G_FILE_TEST_IS_DIR)) {
    g_set_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_NOT_FOUND,
                 "There is no folder \"%s\".", folder);
    return FALSE;
  }
  if (!satchel_journal_merge (vault, error) ||
      !satchel_outbox_queue_receipts (vault, NULL, cancellable, error))
    return FALSE;
  is_done = copy_all (&copying, error);
  if (count != NULL)
    *count = copying.count;
  return is_done;
}

gboolean
satchel_courier_send_folder (SatchelVault *vault,
                             const char *folder,
                             guint *count,
                             GCancellable *cancellable,
                             GError **error)
{
  return satchel_courier_copy_to_folder (vault, folder, FALSE, count, (SatchelProgressReport){0},
                                         cancellable, error);
}

gboolean
satchel_courier_explain (SatchelVault *vault,
                         char **sentence,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (SatchelRoutes) routes = NULL;
  g_autoptr (SatchelConnection) connection = NULL;
  g_autoptr (GError) local = NULL;
  gboolean use_tor = FALSE;

  if (!satchel_courier_ask_rules (vault, &use_tor, error))
    return FALSE;
  routes = satchel_routes_load (vault, error);
  if (routes == NULL)
    return FALSE;
  connection = satchel_routes_connect (routes, use_tor, cancellable, &local);
  if (connection == NULL) {
    if (g_error_matches (local, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNTRUSTED) &&
        !satchel_sync_keep_alarm (vault, local->message, error))
      return FALSE;
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  *sentence = g_strdup_printf (
      "The connection to %s is the newsroom's: its certificate and its proof are right.",
      satchel_connection_get_authority (connection));
  return TRUE;
}
