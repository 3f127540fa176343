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

static gboolean
copy_bundle (const SatchelOutboxEntry *entry,
             const char *target,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (GInputStream) source = satchel_file_read (entry->path, NULL, error);
  g_autoptr (SatchelNewFile) file = NULL;

  if (source == NULL)
    return FALSE;
  file = satchel_new_file_open_outside (target, error);
  return file != NULL &&
         satchel_sink_splice (satchel_new_file_get_sink (file), source, entry->size_bytes, NULL,
                              cancellable, error) &&
         satchel_new_file_commit (file, FALSE, error);
}

static gboolean
set_handed_over (SatchelVault *vault, const SatchelOutboxEntry *entry, GError **error)
{
  g_autoptr (SatchelTransaction) transaction =
      satchel_transaction_begin (satchel_vault_get_db (vault), error);

  return transaction != NULL &&
         satchel_outbox_advance (vault, entry->id, SATCHEL_OUTBOX_HANDED_OVER, NULL, error) &&
         satchel_outbox_note_records (vault, entry, SATCHEL_ACTION_SENT, error) &&
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
hand_over (SatchelVault *vault,
           const SatchelOutboxEntry *entry,
           const char *folder,
           guint *count,
           GCancellable *cancellable,
           GError **error)
{
  g_autofree char *name = g_path_get_basename (entry->path);
  g_autofree char *target = g_build_filename (folder, name, NULL);
  gboolean is_there = g_file_test (target, G_FILE_TEST_EXISTS);

  if (is_there && entry->state == SATCHEL_OUTBOX_HANDED_OVER)
    return TRUE;
  if (!(is_there && is_same_file (target, entry)) &&
      !copy_bundle (entry, target, cancellable, error))
    return FALSE;
  (*count)++;
  return set_handed_over (vault, entry, error);
}

gboolean
satchel_courier_send_folder (SatchelVault *vault,
                             const char *folder,
                             guint *count,
                             GCancellable *cancellable,
                             GError **error)
{
  g_autoptr (GPtrArray) entries = NULL;
  guint done = 0;

  if (!g_file_test (folder, G_FILE_TEST_IS_DIR)) {
    g_set_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_NOT_FOUND,
                 "There is no folder \"%s\".", folder);
    return FALSE;
  }
  if (!satchel_journal_merge (vault, error) ||
      !satchel_outbox_queue_receipts (vault, NULL, cancellable, error))
    return FALSE;
  entries = satchel_outbox_list (vault, error);
  if (entries == NULL)
    return FALSE;
  for (guint i = 0; i < entries->len; i++) {
    const SatchelOutboxEntry *entry = g_ptr_array_index (entries, i);
    if (is_for_folder (entry) && !hand_over (vault, entry, folder, &done, cancellable, error))
      return FALSE;
  }
  if (count != NULL)
    *count = done;
  return TRUE;
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
