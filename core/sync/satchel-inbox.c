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

/* From here on a look at all rows costs less than to read the file. */
#define LARGE_SIZE (4 * 1024 * 1024)

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
new_entry (const char *name)
{
  SatchelInboxEntry *entry = g_new0 (SatchelInboxEntry, 1);

  entry->id = satchel_random_id ();
  entry->name = g_strdup (name);
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

static gboolean
is_strangers (const SatchelInboxEntry *entry)
{
  return entry->outcome == SATCHEL_INBOX_ASIDE && entry->reason == SATCHEL_ASIDE_STRANGER;
}

/* Opens, and puts aside what is refused; where it @is_aside as a stranger's already, only what is
 * refused for another reason. Where it was not @is_hashed yet, it is once its name is needed: what
 * is opened gets its hash on the way. */
static gboolean
open_entry (SatchelOpening *opening,
            SatchelInboxEntry *entry,
            const char *path,
            gboolean is_hashed,
            gboolean is_aside,
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
  if (!is_hashed &&
      !hash_file (path, entry->sha256, &entry->size_bytes, opening->cancellable, error))
    return FALSE;
  entry->outcome = SATCHEL_INBOX_ASIDE;
  entry->reason = opening->reason;
  if (!opening->is_here && is_aside && is_strangers (entry))
    return TRUE;
  if (!opening->is_here)
    return put_aside (opening, entry, path, error);
  entry->outcome = SATCHEL_INBOX_ALREADY;
  entry->bundle_id = g_strdup (opening->bundle_id);
  return TRUE;
}

/* Opens once more what a stranger sent; takes @known, whose row changes only where it is no
 * longer a stranger's. */
static SatchelInboxEntry *
open_again (SatchelVault *vault,
            SatchelInboxEntry *known,
            const char *path,
            SatchelProgressReport progress,
            GCancellable *cancellable,
            GError **error)
{
  g_autoptr (SatchelInboxEntry) old = known;
  g_autoptr (SatchelOpening) opening = satchel_opening_new (vault, cancellable, error);
  g_autoptr (SatchelInboxEntry) entry = new_entry (old->name);

  memcpy (entry->sha256, old->sha256, sizeof entry->sha256);
  entry->size_bytes = old->size_bytes;
  if (opening == NULL || !open_entry (opening, entry, path, TRUE, TRUE, progress, error))
    return NULL;
  if (is_strangers (entry))
    return g_steal_pointer (&old);
  /* The same bundle, sealed twice, has two files and one row. */
  if (entry->outcome == SATCHEL_INBOX_ALREADY &&
      !satchel_inbox_remove_aside (vault, entry, error))
    return NULL;
  if (old->path != NULL && g_strcmp0 (old->path, entry->path) != 0 &&
      !satchel_file_remove (old->path, error))
    return NULL;
  return g_steal_pointer (&entry);
}

/* What stands in the inbox already with the content of @path. A large file is read for that only
 * where one of its size does. Sets the size of @entry, and its hash where it was needed. */
static gboolean
find_known (SatchelVault *vault,
            const char *path,
            SatchelInboxEntry *entry,
            gboolean *is_hashed,
            SatchelInboxEntry **known,
            GCancellable *cancellable,
            GError **error)
{
  gboolean has_size = TRUE;
  g_autoptr (GInputStream) stream = satchel_file_read (path, &entry->size_bytes, error);

  if (stream == NULL || (entry->size_bytes >= LARGE_SIZE &&
                         !satchel_inbox_has_size (vault, entry->size_bytes, &has_size, error)))
    return FALSE;
  *is_hashed = has_size;
  return !has_size ||
         (satchel_sha256_stream (stream, entry->sha256, &entry->size_bytes, cancellable, error) &&
          satchel_inbox_find_by_hash (vault, entry->sha256, known, error));
}

SatchelInboxEntry *
satchel_inbox_take (SatchelVault *vault,
                    const char *path,
                    const char *name,
                    SatchelProgressReport progress,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (SatchelInboxEntry) entry = new_entry (name), known = NULL;
  g_autoptr (SatchelOpening) opening = NULL;
  gboolean is_hashed;

  if (!find_known (vault, path, entry, &is_hashed, &known, cancellable, error))
    return NULL;
  if (known != NULL && is_strangers (known))
    return open_again (vault, g_steal_pointer (&known), path, progress, cancellable, error);
  if (known != NULL && known->outcome == SATCHEL_INBOX_OPENED)
    known->outcome = SATCHEL_INBOX_ALREADY;
  if (known != NULL)
    return g_steal_pointer (&known);
  opening = satchel_opening_new (vault, cancellable, error);
  return opening != NULL && open_entry (opening, entry, path, is_hashed, FALSE, progress, error)
             ? g_steal_pointer (&entry)
             : NULL;
}

/* Whether the row that was @old's no longer is a stranger's. */
static gboolean
find_left (SatchelVault *vault, const guint8 sha256[32], gboolean *has_left, GError **error)
{
  g_autoptr (SatchelInboxEntry) now = NULL;

  if (!satchel_inbox_find_by_hash (vault, sha256, &now, error))
    return FALSE;
  *has_left = now == NULL || !is_strangers (now);
  return TRUE;
}

/* One stranger's bundle; *@progressed where its row is no longer a stranger's. */
static gboolean
retry_one (SatchelVault *vault,
           SatchelInboxEntry *old,
           GPtrArray *entries,
           gboolean *progressed,
           GCancellable *cancellable,
           GError **error)
{
  g_autofree char *path = g_strdup (old->path);
  g_autoptr (SatchelInboxEntry) entry = NULL;
  g_autoptr (GError) local = NULL;
  guint8 sha256[32];
  gboolean has_left;

  memcpy (sha256, old->sha256, sizeof sha256);
  entry = open_again (vault, old, path, (SatchelProgressReport){0}, cancellable, &local);
  if (g_error_matches (local, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_NOT_FOUND))
    return TRUE; /* somebody took the file away; the row still tells of it */
  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  if (entry == NULL || !find_left (vault, sha256, &has_left, error))
    return FALSE;
  *progressed |= has_left;
  if (has_left && entries != NULL)
    g_ptr_array_add (entries, g_steal_pointer (&entry));
  return TRUE;
}

/* One round over all strangers' bundles. A file that cannot be read holds up none of the others:
 * *@first gets the first error. */
static gboolean
retry_once (SatchelVault *vault,
            GPtrArray *entries,
            gboolean *progressed,
            GCancellable *cancellable,
            GError **first)
{
  g_autoptr (GPtrArray) strangers = satchel_inbox_list_strangers (vault, first);
  gboolean is_whole = strangers != NULL;

  *progressed = FALSE;
  for (guint i = 0; strangers != NULL && i < strangers->len; i++) {
    g_autoptr (GError) local = NULL;
    SatchelInboxEntry *old = g_steal_pointer (&g_ptr_array_index (strangers, i));
    if (retry_one (vault, old, entries, progressed, cancellable, &local))
      continue;
    if (is_whole)
      g_propagate_error (first, g_steal_pointer (&local));
    is_whole = FALSE;
    if (g_cancellable_is_cancelled (cancellable))
      break;
  }
  return is_whole;
}

gboolean
satchel_inbox_retry (SatchelVault *vault,
                     GPtrArray *entries,
                     GCancellable *cancellable,
                     GError **error)
{
  gboolean is_whole = TRUE, progressed = TRUE;

  while (progressed && !g_cancellable_is_cancelled (cancellable)) {
    g_clear_error (error);
    is_whole = retry_once (vault, entries, &progressed, cancellable, error);
  }
  return is_whole;
}

/* Takes @entry in the place of what this round said of it before. */
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
  if (entry->outcome == SATCHEL_INBOX_ALREADY)
    satchel_inbox_entry_free (entry);
  else
    g_ptr_array_add (entries, entry);
}

gboolean
satchel_inbox_settle (SatchelVault *vault,
                      GPtrArray *entries,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (GPtrArray) changed = g_ptr_array_new ();
  g_autoptr (GError) local = NULL;

  satchel_inbox_retry (vault, changed, cancellable, &local);
  for (guint i = 0; i < changed->len; i++)
    replace (entries, g_ptr_array_index (changed, i));
  if (local == NULL)
    return TRUE;
  if (!satchel_inbox_is_lone (local)) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  satchel_inbox_note (entries, "inbox", local);
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
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    if (g_str_has_suffix (name, ".age") && name[0] != '.' &&
        g_file_test (path, G_FILE_TEST_IS_REGULAR))
      g_ptr_array_add (names, g_strdup (name));
  }
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

/* Opens them all; one that cannot be read holds up none of the others. */
static gboolean
open_named (SatchelVault *vault,
            const char *folder,
            GPtrArray *names,
            GPtrArray *entries,
            SatchelProgressReport progress,
            GCancellable *cancellable,
            GError **error)
{
  gint64 since_us = satchel_now_us ();

  for (guint i = 0; i < names->len; i++) {
    const char *name = g_ptr_array_index (names, i);
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_autofree char *safe = satchel_text_safe_file_name (name);
    g_autoptr (GError) local = NULL;
    g_autoptr (SatchelInboxEntry) entry =
        satchel_inbox_take (vault, path, safe, progress, cancellable, &local);
    if (entry == NULL && !satchel_inbox_is_lone (local)) {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
    if (entry == NULL)
      satchel_inbox_note (entries, safe, local);
    else if (is_news (vault, entry, since_us))
      g_ptr_array_add (entries, g_steal_pointer (&entry));
  }
  return TRUE;
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
  gboolean is_done;

  if (names == NULL)
    return NULL;
  satchel_inbox_sweep (vault);
  is_done = open_named (vault, folder, names, entries, progress, cancellable, error);
  return satchel_inbox_settle (vault, entries, cancellable, is_done ? error : NULL) && is_done
             ? g_steal_pointer (&entries)
             : NULL;
}
