/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/satchel-intake-store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-text.h"
#include "base/satchel-time.h"

#define DAY_US ((gint64) 24 * 3600 * G_USEC_PER_SEC)

char *
satchel_intake_store_dup_path (SatchelIntakeStore *self,
                               const char *mailbox,
                               const guint8 sha256[32])
{
  g_autofree char *hex = satchel_hex_encode (sha256, 32);
  g_autofree char *name = g_strconcat (hex, ".age", NULL);

  return g_build_filename (self->mailboxes_folder, mailbox, name, NULL);
}

/* --- What each owner announced within a day ---------------------------------------------------
 *
 * Its uploads in the order of their creation, and the sum of their lengths: each comes and goes
 * once, so that a new one costs the same however many there were. All with the mutex held. */

typedef struct {
  GQueue uploads; /* of SatchelIntakeUpload, which the store's table holds */
  guint64 bytes;
} Day;

static void
day_free (gpointer data)
{
  Day *self = data;

  g_queue_clear (&self->uploads);
  g_free (self);
}

static void
day_remove (Day *self, SatchelIntakeUpload *upload)
{
  g_queue_delete_link (&self->uploads, upload->day_link);
  upload->day_link = NULL;
  self->bytes -= upload->length_bytes;
}

/* From the end: a clock that was set back brings them out of order. */
static void
day_add (Day *self, SatchelIntakeUpload *upload)
{
  GList *before = self->uploads.tail;

  while (before != NULL &&
         ((SatchelIntakeUpload *) before->data)->created_unix_us > upload->created_unix_us)
    before = before->prev;
  if (before == NULL) {
    g_queue_push_head (&self->uploads, upload);
    upload->day_link = self->uploads.head;
  } else {
    g_queue_insert_after (&self->uploads, before, upload);
    upload->day_link = before->next;
  }
  self->bytes += upload->length_bytes;
}

static guint64
announced_bytes (SatchelIntakeStore *self, const char *owner)
{
  gint64 since = satchel_now_us () - DAY_US;
  Day *day = g_hash_table_lookup (self->days, owner);
  SatchelIntakeUpload *oldest;

  if (day == NULL)
    return 0;
  while ((oldest = g_queue_peek_head (&day->uploads)) != NULL && oldest->created_unix_us < since)
    day_remove (day, oldest);
  if (oldest != NULL)
    return day->bytes;
  g_hash_table_remove (self->days, owner);
  return 0;
}

static void
add_upload (SatchelIntakeStore *self, SatchelIntakeUpload *upload)
{
  Day *day = g_hash_table_lookup (self->days, upload->owner);

  g_hash_table_insert (self->uploads, upload->id, satchel_intake_upload_ref (upload));
  if (upload->created_unix_us < satchel_now_us () - DAY_US)
    return;
  if (day == NULL) {
    day = g_new0 (Day, 1);
    g_hash_table_insert (self->days, g_strdup (upload->owner), day);
  }
  day_add (day, upload);
}

void
satchel_intake_store_drop (SatchelIntakeStore *self, SatchelIntakeUpload *upload)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (upload->day_link != NULL)
    day_remove (g_hash_table_lookup (self->days, upload->owner), upload);
  g_hash_table_remove (self->uploads, upload->id);
}

/* Adds it to @uploads; ends what was whole but not yet told to the log when the intake stopped. */
static gboolean
recover_upload (SatchelIntakeStore *self, const char *id, GPtrArray *uploads, GError **error)
{
  g_autoptr (SatchelIntakeUpload) upload = satchel_intake_upload_load (self, id, error);
  SatchelIntakeEntry entry;

  if (upload == NULL) {
    g_prefix_error (error, "uploads/%s.json: ", id);
    return FALSE;
  }
  if (upload->state == SATCHEL_INTAKE_UPLOAD_FINISHED &&
      !satchel_intake_upload_finish (upload, &entry, error)) {
    g_prefix_error (error, "uploads/%s: ", id);
    return FALSE;
  }
  g_ptr_array_add (uploads, g_steal_pointer (&upload));
  return TRUE;
}

static int
compare_created_cb (gconstpointer a, gconstpointer b)
{
  const SatchelIntakeUpload *first = *(SatchelIntakeUpload *const *) a;
  const SatchelIntakeUpload *second = *(SatchelIntakeUpload *const *) b;

  return (first->created_unix_us > second->created_unix_us) -
         (first->created_unix_us < second->created_unix_us);
}

/* A part or mark without its .json, or a temporary file: never acknowledged to anybody. */
static gboolean
is_leftover (SatchelIntakeStore *self, const char *name)
{
  const char *dot = strrchr (name, '.');

  if (g_str_has_prefix (name, ".new-"))
    return TRUE;
  if (dot == NULL || (strcmp (dot, ".part") != 0 && strcmp (dot, ".mark") != 0))
    return FALSE;
  g_autofree char *id = g_strndup (name, dot - name);
  g_autofree char *json = g_strconcat (id, ".json", NULL);
  g_autofree char *path = g_build_filename (self->uploads_folder, json, NULL);
  return satchel_is_id (id) && access (path, F_OK) != 0;
}

static gboolean
load_uploads (SatchelIntakeStore *self, GError **error)
{
  g_autoptr (GDir) folder = g_dir_open (self->uploads_folder, 0, error);
  g_autoptr (GPtrArray) uploads =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_intake_upload_unref);
  const char *name;

  if (folder == NULL)
    return FALSE;
  while ((name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *path = g_build_filename (self->uploads_folder, name, NULL);
    g_autofree char *id = g_strndup (name, 32);

    if (is_leftover (self, name)) {
      if (!satchel_file_remove (path, error))
        return FALSE;
    } else if (g_str_has_suffix (name, ".json") && satchel_is_id (id) && strlen (name) == 37) {
      if (!recover_upload (self, id, uploads, error))
        return FALSE;
    }
  }
  /* A folder has no order: sorted once, each has its place at the end of its owner's day. */
  g_ptr_array_sort (uploads, compare_created_cb);
  for (guint i = 0; i < uploads->len; i++)
    add_upload (self, g_ptr_array_index (uploads, i));
  return TRUE;
}

/* syncfs() tells of failed writes since Linux 5.8. */
static int
open_sync_fd (const char *folder)
{
  struct utsname system;
  guint64 major = 0, minor = 0;
  char *rest = NULL;

  if (uname (&system) != 0)
    return -1;
  major = g_ascii_strtoull (system.release, &rest, 10);
  if (*rest == '.')
    minor = g_ascii_strtoull (rest + 1, NULL, 10);
  if (major < 5 || (major == 5 && minor < 8))
    return -1;
  return open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

SatchelIntakeStore *
satchel_intake_store_open (const char *folder,
                           SatchelIntakeLog *log,
                           const SatchelIntakeLimits *limits,
                           GError **error)
{
  g_autoptr (SatchelIntakeStore) self = g_new0 (SatchelIntakeStore, 1);

  self->folder = g_strdup (folder);
  self->uploads_folder = g_build_filename (folder, "uploads", NULL);
  self->mailboxes_folder = g_build_filename (folder, "mailboxes", NULL);
  self->log = log;
  self->limits = *limits;
  g_mutex_init (&self->mutex);
  g_mutex_init (&self->files_mutex);
  g_mutex_init (&self->commit_mutex);
  g_queue_init (&self->commits);
  self->sync_fd = -1;
  self->uploads = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                         (GDestroyNotify) satchel_intake_upload_unref);
  self->days = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, day_free);
  if (!satchel_folder_make (self->uploads_folder, error) ||
      !satchel_folder_make (self->mailboxes_folder, error) || !load_uploads (self, error))
    return NULL;
  self->sync_fd = open_sync_fd (self->uploads_folder);
  return g_steal_pointer (&self);
}

void
satchel_intake_store_close (SatchelIntakeStore *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->days);
  g_hash_table_unref (self->uploads);
  if (self->sync_fd >= 0)
    close (self->sync_fd);
  g_mutex_clear (&self->files_mutex);
  g_mutex_clear (&self->commit_mutex);
  g_mutex_clear (&self->mutex);
  g_free (self->uploads_folder);
  g_free (self->mailboxes_folder);
  g_free (self->folder);
  g_free (self);
}

void
satchel_intake_store_set_limits (SatchelIntakeStore *self, const SatchelIntakeLimits *limits)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->limits = *limits;
}

guint64
satchel_intake_store_get_room (SatchelIntakeStore *self)
{
  struct statvfs facts;

  if (statvfs (self->uploads_folder, &facts) != 0)
    return 0;
  guint64 available = (guint64) facts.f_bavail * facts.f_frsize;
  return available > self->limits.reserve_bytes ? available - self->limits.reserve_bytes : 0;
}

gboolean
satchel_intake_store_delete (SatchelIntakeStore *self,
                             const char *mailbox,
                             const guint8 sha256[32],
                             GError **error)
{
  g_autofree char *path = satchel_intake_store_dup_path (self, mailbox, sha256);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->files_mutex);

  return satchel_intake_log_add_mark (self->log, SATCHEL_INTAKE_DELETED, mailbox, sha256, error) &&
         satchel_file_remove (path, error);
}

/* With the mutex held. */
static gboolean
check_new (
    SatchelIntakeStore *self, const char *owner, gboolean limited, guint64 length, GError **error)
{
  if (length > self->limits.upload_max_bytes) {
    g_set_error (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_TOO_LARGE,
                 "This intake takes files of at most %" G_GUINT64_FORMAT " bytes.",
                 self->limits.upload_max_bytes);
    return FALSE;
  }
  if (length > satchel_intake_store_get_room (self)) {
    g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_NO_SPACE,
                         "The intake's disk has no room for this file.");
    return FALSE;
  }
  guint64 used = limited ? announced_bytes (self, owner) : 0;
  if (limited && (used > self->limits.token_day_bytes ||
                  length > self->limits.token_day_bytes - used)) {
    g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_NO_SPACE,
                         "This token's quota for a day is used up.");
    return FALSE;
  }
  return TRUE;
}

/* Checks and counts under one lock: announced side by side, uploads must not pass all together. */
static gboolean
reserve (SatchelIntakeStore *self, SatchelIntakeUpload *upload, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (!check_new (self, upload->owner, upload->limited, upload->length_bytes, error))
    return FALSE;
  add_upload (self, upload);
  return TRUE;
}

SatchelIntakeUpload *
satchel_intake_store_announce_upload (SatchelIntakeStore *self,
                                      const char *mailbox,
                                      const char *owner,
                                      gboolean limited,
                                      guint64 length_bytes,
                                      GError **error)
{
  g_autofree char *id = satchel_random_id ();
  g_autoptr (SatchelIntakeUpload) upload = satchel_intake_upload_new (self, id);

  upload->mailbox = g_strdup (mailbox);
  upload->owner = g_strdup (owner);
  upload->limited = limited;
  upload->length_bytes = length_bytes;
  upload->created_unix_us = satchel_now_us ();
  upload->touched_unix_us = upload->created_unix_us;
  upload->unsaved = TRUE;
  return reserve (self, upload, error) ? g_steal_pointer (&upload) : NULL;
}

SatchelIntakeUpload *
satchel_intake_store_new_upload (SatchelIntakeStore *self,
                                 const char *mailbox,
                                 const char *owner,
                                 gboolean limited,
                                 guint64 length_bytes,
                                 GError **error)
{
  g_autoptr (SatchelIntakeUpload) upload = satchel_intake_store_announce_upload (
      self, mailbox, owner, limited, length_bytes, error);

  /* The .json that follows the part fsyncs the folder for both names. */
  if (upload == NULL || !satchel_intake_upload_open_part (upload, error) ||
      !satchel_intake_upload_save (upload, error)) {
    if (upload != NULL)
      satchel_intake_upload_forget (upload, NULL);
    return NULL;
  }
  satchel_intake_upload_close_part (upload);
  return g_steal_pointer (&upload);
}

SatchelIntakeUpload *
satchel_intake_store_find_upload (SatchelIntakeStore *self,
                                  const char *id,
                                  const char *owner,
                                  GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  SatchelIntakeUpload *upload = g_hash_table_lookup (self->uploads, id);

  if (upload == NULL || strcmp (upload->owner, owner) != 0) {
    g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_NOT_FOUND,
                         "There is no such upload.");
    return NULL;
  }
  if (upload->state == SATCHEL_INTAKE_UPLOAD_EXPIRED) {
    g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_GONE,
                         "This upload expired; make a new one.");
    return NULL;
  }
  return satchel_intake_upload_ref (upload);
}

/* Uploads that nobody is at work on, so that the table may change while they are swept. */
static GPtrArray *
idle_uploads (SatchelIntakeStore *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  GPtrArray *idle = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_intake_upload_unref);
  GHashTableIter iter;
  SatchelIntakeUpload *upload;

  g_hash_table_iter_init (&iter, self->uploads);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &upload))
    if (upload->holder == NULL)
      g_ptr_array_add (idle, satchel_intake_upload_ref (upload));
  return idle;
}

static gboolean
expire (SatchelIntakeUpload *upload, gint64 now)
{
  g_autofree char *part = satchel_intake_upload_dup_path (upload, ".part");

  if (!satchel_file_remove (part, NULL))
    return FALSE;
  satchel_intake_upload_drop_hash (upload);
  upload->state = SATCHEL_INTAKE_UPLOAD_EXPIRED;
  upload->touched_unix_us = now;
  return satchel_intake_upload_save (upload, NULL);
}

guint
satchel_intake_store_sweep (SatchelIntakeStore *self)
{
  g_autoptr (GPtrArray) idle = idle_uploads (self);
  gint64 now = satchel_now_us ();
  guint ended = 0;

  for (guint i = 0; i < idle->len; i++) {
    SatchelIntakeUpload *upload = g_ptr_array_index (idle, i);
    if (upload->state == SATCHEL_INTAKE_UPLOAD_OPEN) {
      if (satchel_intake_upload_get_expires (upload) < now && expire (upload, now))
        ended++;
    } else if (MAX (upload->touched_unix_us, upload->created_unix_us) + DAY_US < now) {
      satchel_intake_upload_forget (upload, NULL);
    }
  }
  return ended;
}

guint
satchel_intake_store_count_uploads (SatchelIntakeStore *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return g_hash_table_size (self->uploads);
}
