/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/satchel-error.h"
#include "base/satchel-time.h"
#include "intake/satchel-intake-store-private.h"

/* Finishing uploads, several in a round: a sync costs about the same for one file as for many. */

/* Descriptors are held for each upload of a round, and all of them wait for the last. */
#define ROUND_MAX 128
/* From here on one sync of the whole file system is less than one of each file: a disk's cache is
 * flushed for each of them, even where all was written together. */
#define TOGETHER_MIN 4

typedef struct {
  SatchelIntakeUpload *upload;
  SatchelIntakeCommitted done;
  gpointer user_data;
  SatchelNewFile *info; /* the .json that says finished; NULL where it is there */
  SatchelIntakeEntry entry;
  gboolean known; /* to the log, before this round */
  GError *error;  /* it takes no further part */
} Commit;

/* --- One upload's steps ----------------------------------------------------------------------- */

static gboolean
begin_info (Commit *self, GError **error)
{
  SatchelIntakeUpload *upload = self->upload;

  if (!satchel_intake_upload_open_part (upload, error) ||
      !satchel_intake_upload_catch_up (upload, error))
    return FALSE;
  satchel_sha256_finish (upload->hash, upload->sha256);
  satchel_intake_upload_drop_hash (upload);
  upload->touched_unix_us = satchel_now_us ();
  self->info = satchel_intake_upload_begin_info (upload, SATCHEL_INTAKE_UPLOAD_FINISHED, error);
  if (self->info == NULL)
    return FALSE;
  /* A hint: the syncs that follow find the writing begun, and share it. */
  sync_file_range (upload->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
  sync_file_range (satchel_new_file_get_fd (self->info), 0, 0, SYNC_FILE_RANGE_WRITE);
  return TRUE;
}

static void
begin (Commit *self)
{
  if (self->upload->state == SATCHEL_INTAKE_UPLOAD_EXPIRED)
    g_set_error_literal (&self->error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_GONE,
                         "This upload is over; make a new one.");
  else if (self->upload->state == SATCHEL_INTAKE_UPLOAD_OPEN)
    begin_info (self, &self->error);
}

static void
sync_bytes (Commit *self, gboolean synced)
{
  if (self->error != NULL || self->info == NULL)
    return;
  if (synced) {
    satchel_intake_upload_kept (self->upload);
    satchel_new_file_settled (self->info);
  } else if (satchel_intake_upload_keep (self->upload, &self->error)) {
    satchel_new_file_settle (self->info, &self->error);
  }
}

static void
place_info (Commit *self)
{
  if (self->error == NULL && self->info != NULL)
    satchel_new_file_place (self->info, &self->error);
}

/* The .json says finished, durably. */
static void
info_is_placed (Commit *self)
{
  if (self->error != NULL || self->info == NULL)
    return;
  self->upload->state = SATCHEL_INTAKE_UPLOAD_FINISHED;
  self->upload->unsaved = FALSE;
  satchel_intake_upload_close_part (self->upload);
}

static gboolean
rename_part (const char *part, const char *path, const char *folder, GError **error)
{
  gboolean moved = rename (part, path) == 0;

  /* Either may be missing: a new mailbox's folder, or a part that was moved before a crash. */
  if (!moved && errno == ENOENT) {
    if (!satchel_folder_make (folder, error))
      return FALSE;
    moved = rename (part, path) == 0;
  }
  if (moved)
    return TRUE;
  if (errno != ENOENT)
    return satchel_base_set_errno (error, errno, "move an upload to its mailbox");
  if (access (path, F_OK) == 0)
    return TRUE;
  g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_DAMAGED,
                       "The upload's file is missing.");
  return FALSE;
}

/* Moves the part to its place, and notes the folder. What is there already has the same hash. */
static void
move_part (Commit *self, GHashTable *folders)
{
  SatchelIntakeUpload *upload = self->upload;
  SatchelIntakeStore *store = upload->store;

  if (self->error != NULL)
    return;
  g_autofree char *part = satchel_intake_upload_dup_path (upload, ".part");
  g_autofree char *path = satchel_intake_store_dup_path (store, upload->mailbox, upload->sha256);
  self->known =
      satchel_intake_log_find (store->log, upload->mailbox, upload->sha256, &self->entry);
  /* An upload whose part is gone was moved before: then, even deleted since, it stays answered. */
  if (self->known && access (part, F_OK) != 0)
    return;
  if (self->known && !self->entry.deleted) {
    if (unlink (part) != 0)
      satchel_base_set_errno (&self->error, errno, "remove an upload that is there already");
    return;
  }
  char *folder = g_path_get_dirname (path);
  self->known = FALSE;
  rename_part (part, path, folder, &self->error);
  g_hash_table_add (folders, folder);
}

/* --- A round ---------------------------------------------------------------------------------- */

/* What failed for all of those that were still in it. */
static void
fail_all (Commit **all, guint n, const GError *error)
{
  for (guint i = 0; i < n; i++)
    if (all[i]->error == NULL && !all[i]->known)
      all[i]->error = g_error_copy (error);
}

/* Whether all bytes are durable; else each file has to be asked for. */
static gboolean
sync_together (SatchelIntakeStore *store, guint n)
{
  if (n < TOGETHER_MIN || store->sync_fd < 0)
    return FALSE;
  if (syncfs (store->sync_fd) == 0)
    return TRUE;
  /* A failed write is told of once, and not whose it was: a file of a later round may have lost its
   * bytes too. From now on each answers for itself. */
  close (store->sync_fd);
  store->sync_fd = -1;
  return FALSE;
}

static void
place_infos (SatchelIntakeStore *store, Commit **all, guint n)
{
  g_autoptr (GError) error = NULL;
  gboolean any = FALSE;

  for (guint i = 0; i < n; i++) {
    place_info (all[i]);
    any = any || (all[i]->error == NULL && all[i]->info != NULL);
  }
  if (any && !satchel_folder_sync (store->uploads_folder, &error))
    fail_all (all, n, error);
  for (guint i = 0; i < n; i++)
    info_is_placed (all[i]);
}

static void
move_parts (Commit **all, guint n)
{
  g_autoptr (GHashTable) folders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) error = NULL;
  GHashTableIter iter;
  gpointer folder;

  for (guint i = 0; i < n; i++)
    move_part (all[i], folders);
  g_hash_table_iter_init (&iter, folders);
  while (error == NULL && g_hash_table_iter_next (&iter, &folder, NULL))
    if (!satchel_folder_sync (folder, &error))
      fail_all (all, n, error);
}

static void
write_log (SatchelIntakeStore *store, Commit **all, guint n)
{
  g_autoptr (GArray) entries = g_array_new (FALSE, TRUE, sizeof (SatchelIntakeEntry));
  g_autoptr (GError) error = NULL;
  guint next = 0;

  for (guint i = 0; i < n; i++) {
    SatchelIntakeEntry entry = {.size_bytes = all[i]->upload->length_bytes};
    memcpy (entry.sha256, all[i]->upload->sha256, 32);
    g_strlcpy (entry.mailbox, all[i]->upload->mailbox, sizeof entry.mailbox);
    if (all[i]->error == NULL && !all[i]->known)
      g_array_append_val (entries, entry);
  }
  if (!satchel_intake_log_add_all_stored (store->log, (SatchelIntakeEntry *) entries->data,
                                          entries->len, &error)) {
    fail_all (all, n, error);
    return;
  }
  for (guint i = 0; i < n; i++)
    if (all[i]->error == NULL && !all[i]->known)
      all[i]->entry = g_array_index (entries, SatchelIntakeEntry, next++);
}

/* Bytes, then what says whose they are, then names, then the log: each step for all, durably,
 * before the next. */
static void
run_round (SatchelIntakeStore *store, Commit **all, guint n)
{
  gboolean synced = sync_together (store, n);

  for (guint i = 0; i < n; i++)
    sync_bytes (all[i], synced);
  place_infos (store, all, n);
  {
    g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->files_mutex);
    move_parts (all, n);
    write_log (store, all, n);
  }
  for (guint i = 0; i < n; i++) {
    g_clear_pointer (&all[i]->info, satchel_new_file_free);
    /* Where it failed, what came is kept as far as that can be done. */
    if (all[i]->error != NULL)
      satchel_intake_upload_end (all[i]->upload, TRUE, NULL, NULL, NULL);
  }
}

gboolean
satchel_intake_upload_finish (SatchelIntakeUpload *self, SatchelIntakeEntry *entry, GError **error)
{
  Commit commit = {.upload = self};
  Commit *all[] = {&commit};

  begin (&commit);
  run_round (self->store, all, 1);
  if (commit.error != NULL) {
    g_propagate_error (error, commit.error);
    return FALSE;
  }
  *entry = commit.entry;
  return TRUE;
}

/* --- Rounds, one after the other -------------------------------------------------------------- */

static void
commit_free (Commit *self)
{
  satchel_intake_upload_unref (self->upload);
  g_clear_error (&self->error);
  g_free (self);
}

/* Those that wait; none: whoever comes next runs the rounds. */
static GPtrArray *
next_round (SatchelIntakeStore *store)
{
  GPtrArray *round = g_ptr_array_new_with_free_func ((GDestroyNotify) commit_free);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->commit_mutex);

  while (round->len < ROUND_MAX && !g_queue_is_empty (&store->commits))
    g_ptr_array_add (round, g_queue_pop_head (&store->commits));
  store->committing = round->len > 0;
  return round;
}

static gboolean
join (SatchelIntakeStore *store, Commit *commit)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&store->commit_mutex);
  gboolean leads = !store->committing;

  g_queue_push_tail (&store->commits, commit);
  store->committing = TRUE;
  return leads;
}

static void
tell (Commit *self)
{
  g_autofree char *receipt = NULL;

  if (self->error == NULL)
    receipt = satchel_intake_log_receipt (self->upload->store->log, &self->entry, &self->error);
  self->done (self->error == NULL ? &self->entry : NULL, receipt, self->error, self->user_data);
}

void
satchel_intake_upload_commit (SatchelIntakeUpload *self,
                              SatchelIntakeCommitted done,
                              gpointer user_data)
{
  SatchelIntakeStore *store = self->store;
  Commit *commit = g_new0 (Commit, 1);

  commit->upload = satchel_intake_upload_ref (self);
  commit->done = done;
  commit->user_data = user_data;
  begin (commit);
  gboolean leads = join (store, commit);
  while (leads) {
    g_autoptr (GPtrArray) round = next_round (store);
    leads = round->len > 0;
    run_round (store, (Commit **) round->pdata, round->len);
    for (guint i = 0; i < round->len; i++)
      tell (g_ptr_array_index (round, i));
  }
}
