/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/satchel-inbox.h"

#include <string.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-hash.h"
#include "base/satchel-text.h"
#include "base/satchel-time.h"
#include "people/satchel-invite-book.h"
#include "sync/satchel-inbox-private.h"
#include "sync/satchel-outbox-private.h"

/* Copies what is put aside to inbox/, unless it stands there already. */
static gboolean
keep_copy (SatchelVault *vault,
           const char *path,
           char **kept,
           GCancellable *cancellable,
           GError **error)
{
  g_autofree char *folder = satchel_sync_path (vault, "inbox", NULL);
  g_autofree char *here = g_path_get_dirname (path), *id = satchel_random_id ();
  g_autofree char *name = g_strconcat (id, ".age", NULL);
  g_autofree char *target = g_build_filename (folder, name, NULL);
  g_autoptr (SatchelNewFile) file = NULL;
  g_autoptr (GInputStream) source = NULL;

  if (strcmp (here, folder) == 0) {
    *kept = g_strdup (path);
    return TRUE;
  }
  if (!satchel_folder_make (folder, error))
    return FALSE;
  source = satchel_file_read (path, NULL, error);
  if (source == NULL)
    return FALSE;
  file = satchel_new_file_open (target, error);
  if (file == NULL ||
      !satchel_sink_splice (satchel_new_file_get_sink (file), source, G_MAXUINT64, NULL,
                            cancellable, error) ||
      !satchel_new_file_commit (file, FALSE, error))
    return FALSE;
  *kept = g_steal_pointer (&target);
  return TRUE;
}

/* The people room records the other keys again: its first record went with the transaction. */
static gboolean
keep_other_keys (SatchelOpening *opening, GError **error)
{
  SatchelIntroductionOutcome introduction;
  SatchelContactOutcome contact;

  if (opening->reason != SATCHEL_ASIDE_KEY_CHANGE || opening->index == NULL)
    return TRUE;
  if (opening->index->kind == SATCHEL_OUTBOX_KIND_INTRODUCTION)
    return satchel_opening_introduce (opening, &introduction, NULL, error);
  return satchel_contact_add (opening->vault, opening->index->card, &contact, NULL, error);
}

static gboolean
put_aside (SatchelOpening *opening,
           SatchelInboxEntry *entry,
           const char *path,
           GError **error)
{
  SatchelVault *vault = opening->vault;
  g_autoptr (SatchelTransaction) transaction = NULL;
  gboolean is_alarm = opening->reason == SATCHEL_ASIDE_FORK ||
                      opening->reason == SATCHEL_ASIDE_KEY_CHANGE;

  entry->outcome = SATCHEL_INBOX_ASIDE;
  entry->reason = opening->reason;
  entry->finding = g_strdup (opening->finding->str);
  entry->bundle_id = opening->sender == NULL ? NULL : g_strdup (opening->bundle_id);
  entry->number = opening->mine.number;
  if (opening->contact != NULL) {
    entry->sender = g_strdup (opening->contact->name);
    entry->contact_id = g_strdup (opening->contact->id);
  }
  if (entry->reason != SATCHEL_ASIDE_NOT_FOR_US &&
      !keep_copy (vault, path, &entry->path, opening->cancellable, error))
    return FALSE;
  transaction = satchel_transaction_begin (satchel_vault_get_db (vault), error);
  return transaction != NULL &&
         satchel_inbox_insert (vault, opening, entry, NULL, FALSE, error) &&
         keep_other_keys (opening, error) &&
         (!is_alarm || satchel_sync_keep_alarm (vault, entry->finding, error)) &&
         satchel_transaction_commit (transaction, error);
}

static SatchelInboxEntry *
new_entry (const char *name, const guint8 sha256[32], guint64 size_bytes)
{
  SatchelInboxEntry *entry = g_new0 (SatchelInboxEntry, 1);

  entry->id = satchel_random_id ();
  entry->name = g_strdup (name);
  memcpy (entry->sha256, sha256, 32);
  entry->size_bytes = size_bytes;
  entry->received_unix_us = satchel_now_us ();
  entry->records = g_new0 (char *, 1);
  return entry;
}

static gboolean
hash_file (const char *path,
           guint8 sha256[32],
           guint64 *size_bytes,
           GCancellable *cancellable,
           GError **error)
{
  g_autoptr (GInputStream) stream = satchel_file_read (path, NULL, error);

  return stream != NULL &&
         satchel_sha256_stream (stream, sha256, size_bytes, cancellable, error);
}

/* Opens, and puts aside what is refused. */
static gboolean
open_entry (SatchelOpening *opening,
            SatchelInboxEntry *entry,
            const char *path,
            SatchelProgressReport progress,
            GError **error)
{
  g_autoptr (GInputStream) sealed = satchel_file_read (path, NULL, error);
  g_autoptr (SatchelBagInfo) info = NULL;
  GError *local = NULL;

  if (sealed == NULL)
    return FALSE;
  if (satchel_opening_read (opening, sealed, entry->size_bytes, progress, &info, &local) &&
      satchel_opening_import (opening, info, entry, &local))
    return TRUE;
  if (!opening->is_refused && !opening->is_here) {
    g_propagate_error (error, local);
    return FALSE;
  }
  g_error_free (local);
  if (!opening->is_here)
    return put_aside (opening, entry, path, error);
  entry->outcome = SATCHEL_INBOX_ALREADY;
  entry->bundle_id = g_strdup (opening->bundle_id);
  return TRUE;
}

SatchelInboxEntry *
satchel_inbox_take (SatchelVault *vault,
                    const char *path,
                    const char *name,
                    SatchelProgressReport progress,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (SatchelInboxEntry) entry = NULL, known = NULL;
  g_autoptr (SatchelOpening) opening = NULL;
  guint8 sha256[32];
  guint64 size;

  if (!hash_file (path, sha256, &size, cancellable, error) ||
      !satchel_inbox_find_by_hash (vault, sha256, &known, error))
    return NULL;
  if (known != NULL && known->outcome == SATCHEL_INBOX_OPENED)
    known->outcome = SATCHEL_INBOX_ALREADY;
  if (known != NULL && (known->outcome == SATCHEL_INBOX_ALREADY ||
                        known->reason != SATCHEL_ASIDE_STRANGER))
    return g_steal_pointer (&known);
  opening = satchel_opening_new (vault, cancellable, error);
  if (opening == NULL)
    return NULL;
  entry = new_entry (name, sha256, size);
  if (known != NULL && known->path != NULL)
    path = known->path;
  if (!open_entry (opening, entry, path, progress, error))
    return NULL;
  if (known != NULL && known->path != NULL && entry->outcome == SATCHEL_INBOX_OPENED &&
      !satchel_file_remove (known->path, error))
    return NULL;
  return g_steal_pointer (&entry);
}

/* The kept files of strangers. */
static GPtrArray *
list_strangers (SatchelVault *vault, GError **error)
{
  g_autoptr (GPtrArray) all = satchel_inbox_list (vault, error);
  g_autoptr (GPtrArray) strangers =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_inbox_entry_free);

  if (all == NULL)
    return NULL;
  while (all->len > 0) {
    SatchelInboxEntry *entry = g_ptr_array_steal_index (all, all->len - 1);
    if (entry->outcome == SATCHEL_INBOX_ASIDE && entry->reason == SATCHEL_ASIDE_STRANGER &&
        entry->path != NULL)
      g_ptr_array_add (strangers, entry);
    else
      satchel_inbox_entry_free (entry);
  }
  return g_steal_pointer (&strangers);
}

/* One round over all strangers' bundles; *@progressed where one was opened. */
static gboolean
retry_once (SatchelVault *vault,
            GPtrArray *entries,
            gboolean *progressed,
            GCancellable *cancellable,
            GError **error)
{
  g_autoptr (GPtrArray) strangers = list_strangers (vault, error);

  if (strangers == NULL)
    return FALSE;
  *progressed = FALSE;
  for (guint i = 0; i < strangers->len; i++) {
    const SatchelInboxEntry *old = g_ptr_array_index (strangers, i);
    g_autoptr (SatchelInboxEntry) entry = satchel_inbox_take (
        vault, old->path, old->name, (SatchelProgressReport){0}, cancellable, error);
    if (entry == NULL)
      return FALSE;
    if (entry->outcome == SATCHEL_INBOX_ASIDE && entry->reason == SATCHEL_ASIDE_STRANGER)
      continue;
    *progressed = TRUE;
    if (entries != NULL)
      g_ptr_array_add (entries, g_steal_pointer (&entry));
  }
  return TRUE;
}

gboolean
satchel_inbox_retry (SatchelVault *vault,
                     GPtrArray *entries,
                     GCancellable *cancellable,
                     GError **error)
{
  gboolean progressed = TRUE;

  while (progressed)
    if (!retry_once (vault, entries, &progressed, cancellable, error))
      return FALSE;
  return TRUE;
}

static void
replace (GPtrArray *entries, SatchelInboxEntry *entry)
{
  for (guint i = 0; i < entries->len; i++) {
    const SatchelInboxEntry *old = g_ptr_array_index (entries, i);
    if (memcmp (old->sha256, entry->sha256, 32) == 0) {
      g_ptr_array_remove_index (entries, i);
      break;
    }
  }
  g_ptr_array_add (entries, entry);
}

gboolean
satchel_inbox_settle (SatchelVault *vault,
                      GPtrArray *entries,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (GPtrArray) opened = g_ptr_array_new ();
  gboolean is_introduced = FALSE;

  for (guint i = 0; i < entries->len; i++) {
    const SatchelInboxEntry *entry = g_ptr_array_index (entries, i);
    is_introduced |= entry->outcome == SATCHEL_INBOX_OPENED && entry->is_introduction;
  }
  if (is_introduced && !satchel_inbox_retry (vault, opened, cancellable, error)) {
    g_ptr_array_foreach (opened, (GFunc) (void (*) (void)) satchel_inbox_entry_free, NULL);
    return FALSE;
  }
  for (guint i = 0; i < opened->len; i++)
    replace (entries, g_ptr_array_index (opened, i));
  return TRUE;
}

SatchelInboxEntry *
satchel_inbox_open_file (SatchelVault *vault,
                         const char *path,
                         SatchelProgressReport progress,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *name = satchel_text_safe_file_name (base);
  g_autoptr (SatchelInboxEntry) entry =
      satchel_inbox_take (vault, path, name, progress, cancellable, error);

  if (entry == NULL || entry->outcome != SATCHEL_INBOX_OPENED || !entry->is_introduction)
    return g_steal_pointer (&entry);
  return satchel_inbox_retry (vault, NULL, cancellable, error) ? g_steal_pointer (&entry) : NULL;
}

static int
compare_names_cb (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
list_bundles (const char *folder, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) local = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &local);
  const char *name;

  if (dir == NULL) {
    gboolean is_missing = g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT) ||
                          g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOTDIR);
    g_set_error (error, SATCHEL_BASE_ERROR,
                 is_missing ? SATCHEL_BASE_ERROR_NOT_FOUND : SATCHEL_BASE_ERROR_IO,
                 "The folder cannot be read: %s", local->message);
    return NULL;
  }
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".age") && name[0] != '.')
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names_cb);
  return g_steal_pointer (&names);
}

/* Whether this round has something to say about it: all but what was here before. */
static gboolean
is_news (SatchelVault *vault, const SatchelInboxEntry *entry, gint64 since_us)
{
  return entry->outcome == SATCHEL_INBOX_OPENED ||
         (entry->outcome == SATCHEL_INBOX_ASIDE && entry->received_unix_us >= since_us);
}

GPtrArray *
satchel_inbox_fetch_folder (SatchelVault *vault,
                            const char *folder,
                            SatchelProgressReport progress,
                            GCancellable *cancellable,
                            GError **error)
{
  g_autoptr (GPtrArray) entries =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_inbox_entry_free);
  g_autoptr (GPtrArray) names = list_bundles (folder, error);
  gint64 since_us = satchel_now_us ();

  if (names == NULL)
    return NULL;
  for (guint i = 0; i < names->len; i++) {
    const char *name = g_ptr_array_index (names, i);
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_autofree char *safe = satchel_text_safe_file_name (name);
    g_autoptr (SatchelInboxEntry) entry =
        satchel_inbox_take (vault, path, safe, progress, cancellable, error);
    if (entry == NULL)
      return NULL;
    if (is_news (vault, entry, since_us))
      g_ptr_array_add (entries, g_steal_pointer (&entry));
  }
  return satchel_inbox_settle (vault, entries, cancellable, error) ? g_steal_pointer (&entries)
                                                                   : NULL;
}
