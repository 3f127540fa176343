/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/satchel-intake-store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-json.h"
#include "base/satchel-text.h"
#include "base/satchel-time.h"

#define INFO_MAX 4096

static const char *const state_names[] = {"open", "finished", "expired"};

SatchelIntakeUpload *
satchel_intake_upload_new (SatchelIntakeStore *store, const char *id)
{
  SatchelIntakeUpload *self = g_atomic_rc_box_new0 (SatchelIntakeUpload);

  self->store = store;
  self->id = g_strdup (id);
  self->fd = -1;
  return self;
}

SatchelIntakeUpload *
satchel_intake_upload_ref (SatchelIntakeUpload *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
upload_clear (gpointer data)
{
  SatchelIntakeUpload *self = data;

  if (self->fd >= 0)
    close (self->fd);
  satchel_sha256_free (self->body_hash);
  satchel_sha256_free (self->hash);
  g_free (self->id);
  g_free (self->mailbox);
  g_free (self->owner);
}

void
satchel_intake_upload_unref (SatchelIntakeUpload *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, upload_clear);
}

const char *
satchel_intake_upload_get_id (SatchelIntakeUpload *self)
{
  return self->id;
}

guint64
satchel_intake_upload_get_offset (SatchelIntakeUpload *self)
{
  return self->offset_bytes;
}

guint64
satchel_intake_upload_get_length (SatchelIntakeUpload *self)
{
  return self->length_bytes;
}

gint64
satchel_intake_upload_get_expires (SatchelIntakeUpload *self)
{
  return self->touched_unix_us + self->store->limits.expire_us;
}

void
satchel_intake_upload_set_holder (SatchelIntakeUpload *self, gpointer holder)
{
  self->holder = holder;
}

gpointer
satchel_intake_upload_get_holder (SatchelIntakeUpload *self)
{
  return self->holder;
}

char *
satchel_intake_upload_dup_path (SatchelIntakeUpload *self, const char *ending)
{
  g_autofree char *name = g_strconcat (self->id, ending, NULL);

  return g_build_filename (self->store->uploads_folder, name, NULL);
}

void
satchel_intake_upload_drop_hash (SatchelIntakeUpload *self)
{
  g_clear_pointer (&self->hash, satchel_sha256_free);
  self->hashed_bytes = 0;
}

/* --- The .json ------------------------------------------------------------------------------ */

gboolean
satchel_intake_upload_save (SatchelIntakeUpload *self, GError **error)
{
  g_autofree char *path = satchel_intake_upload_dup_path (self, ".json");
  g_autofree char *sha256 = satchel_hex_encode (self->sha256, 32);
  g_autofree char *created = satchel_utc_format (self->created_unix_us);
  g_autofree char *touched = satchel_utc_format (self->touched_unix_us);
  /* Every value is hex, base64, a number or a name from a table: nothing needs escaping. */
  g_autofree char *text = g_strdup_printf (
      "{\"mailbox\":\"%s\",\"owner\":\"%s\",\"limited\":%d,\"length\":%" G_GUINT64_FORMAT
      ",\"created\":\"%s\",\"touched\":\"%s\",\"state\":\"%s\",\"sha256\":\"%s\"}",
      self->mailbox, self->owner, self->limited, self->length_bytes, created, touched,
      state_names[self->state], sha256);

  return satchel_file_store (path, (const guint8 *) text, strlen (text), error);
}

static gboolean
read_info (SatchelIntakeUpload *self, JsonObject *object, GError **error)
{
  const char *mailbox, *owner, *created, *touched, *state, *sha256;
  gint64 length, limited;

  if (!satchel_json_get_string (object, "mailbox", 64, &mailbox, error) ||
      !satchel_json_get_string (object, "owner", 100, &owner, error) ||
      !satchel_json_get_int (object, "limited", 0, 1, &limited, error) ||
      !satchel_json_get_int (object, "length", 0, G_MAXINT64, &length, error) ||
      !satchel_json_get_string (object, "created", 20, &created, error) ||
      !satchel_json_get_string (object, "touched", 20, &touched, error) ||
      !satchel_json_get_string (object, "state", 8, &state, error) ||
      !satchel_json_get_string (object, "sha256", 64, &sha256, error))
    return FALSE;
  for (self->state = 0; self->state < G_N_ELEMENTS (state_names); self->state++)
    if (strcmp (state, state_names[self->state]) == 0)
      break;
  if (self->state == G_N_ELEMENTS (state_names) || !satchel_is_mailbox_id (mailbox) ||
      !satchel_utc_parse (created, &self->created_unix_us) ||
      !satchel_utc_parse (touched, &self->touched_unix_us) ||
      !satchel_hex_decode (sha256, self->sha256, 32)) {
    g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_DAMAGED,
                         "a wrong value");
    return FALSE;
  }
  self->length_bytes = length;
  self->limited = limited != 0;
  self->mailbox = g_strdup (mailbox);
  self->owner = g_strdup (owner);
  return TRUE;
}

/* A checked body that was arriving at a crash is taken back. */
static gboolean
undo_marked (SatchelIntakeUpload *self, const char *part, GError **error)
{
  g_autofree char *mark = satchel_intake_upload_dup_path (self, ".mark");
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GBytes) text = satchel_file_load (mark, 32, &local_error);
  guint64 offset;

  if (g_error_matches (local_error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_NOT_FOUND))
    return TRUE;
  if (text == NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  if (!g_ascii_string_to_unsigned (g_bytes_get_data (text, NULL), 10, 0, G_MAXINT64, &offset,
                                   error))
    return FALSE;
  if (truncate (part, offset) != 0 && errno != ENOENT)
    return satchel_base_set_errno (error, errno, "cut an upload");
  return satchel_file_remove (mark, error);
}

static gboolean
read_part (SatchelIntakeUpload *self, GError **error)
{
  g_autofree char *part = satchel_intake_upload_dup_path (self, ".part");
  struct stat facts;

  if (!undo_marked (self, part, error))
    return FALSE;
  if (lstat (part, &facts) == 0 && S_ISREG (facts.st_mode)) {
    self->offset_bytes = MIN ((guint64) facts.st_size, self->length_bytes);
    self->touched_unix_us =
        MAX (self->touched_unix_us, (gint64) facts.st_mtim.tv_sec * G_USEC_PER_SEC);
    return TRUE;
  }
  if (self->state == SATCHEL_INTAKE_UPLOAD_OPEN)
    self->state = SATCHEL_INTAKE_UPLOAD_EXPIRED;
  else if (self->state == SATCHEL_INTAKE_UPLOAD_FINISHED)
    self->offset_bytes = self->length_bytes;
  return TRUE;
}

SatchelIntakeUpload *
satchel_intake_upload_load (SatchelIntakeStore *store, const char *id, GError **error)
{
  g_autoptr (SatchelIntakeUpload) self = satchel_intake_upload_new (store, id);
  g_autofree char *path = satchel_intake_upload_dup_path (self, ".json");
  g_autoptr (GBytes) text = satchel_file_load (path, INFO_MAX, error);

  if (text == NULL)
    return NULL;
  g_autoptr (JsonNode) node = satchel_json_parse (g_bytes_get_data (text, NULL),
                                                  g_bytes_get_size (text), INFO_MAX, error);
  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (node)) {
    g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_DAMAGED,
                         "not an object");
    return NULL;
  }
  if (!read_info (self, json_node_get_object (node), error) || !read_part (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

/* --- A body --------------------------------------------------------------------------------- */

/* Brings the hash up to the bytes that are on disk, after a restart or a body taken back. */
static gboolean
catch_up_hash (SatchelIntakeUpload *self, GError **error)
{
  g_autofree guint8 *buffer = NULL;

  if (self->hash == NULL) {
    self->hash = satchel_sha256_new ();
    self->hashed_bytes = 0;
  }
  while (self->hashed_bytes < self->offset_bytes) {
    gsize wanted = MIN (self->offset_bytes - self->hashed_bytes, 1024 * 1024);
    if (buffer == NULL)
      buffer = g_malloc (1024 * 1024);
    ssize_t got = pread (self->fd, buffer, wanted, self->hashed_bytes);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return satchel_base_set_errno (error, got < 0 ? errno : EIO, "read an upload");
    satchel_sha256_update (self->hash, buffer, got);
    self->hashed_bytes += got;
  }
  return TRUE;
}

static gboolean
open_part (SatchelIntakeUpload *self, GError **error)
{
  g_autofree char *path = satchel_intake_upload_dup_path (self, ".part");

  if (self->fd >= 0)
    return TRUE;
  self->fd = open (path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
  return self->fd >= 0 || satchel_base_set_errno (error, errno, "open an upload");
}

static gboolean
write_mark (SatchelIntakeUpload *self, GError **error)
{
  g_autofree char *path = satchel_intake_upload_dup_path (self, ".mark");
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, self->offset_bytes);

  return satchel_file_store (path, (const guint8 *) text, strlen (text), error);
}

static void
close_body (SatchelIntakeUpload *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
  self->checked = FALSE;
  g_clear_pointer (&self->body_hash, satchel_sha256_free);
}

gboolean
satchel_intake_upload_begin (SatchelIntakeUpload *self,
                             guint64 offset_bytes,
                             gboolean checked,
                             GError **error)
{
  if (self->state == SATCHEL_INTAKE_UPLOAD_EXPIRED) {
    g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_GONE,
                         "This upload is over; make a new one.");
    return FALSE;
  }
  if (offset_bytes != self->offset_bytes) {
    g_set_error (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_CONFLICT,
                 "The upload stands at %" G_GUINT64_FORMAT ".", self->offset_bytes);
    return FALSE;
  }
  self->written_bytes = self->offset_bytes;
  if (self->state == SATCHEL_INTAKE_UPLOAD_FINISHED)
    return TRUE;
  if (!open_part (self, error) || !catch_up_hash (self, error) ||
      (checked && !write_mark (self, error))) {
    close_body (self);
    return FALSE;
  }
  self->checked = checked;
  if (checked)
    self->body_hash = satchel_sha256_new ();
  return TRUE;
}

static gboolean
check_room (SatchelIntakeUpload *self, gsize size_bytes, GError **error)
{
  if (satchel_intake_store_get_room (self->store) >= size_bytes)
    return TRUE;
  g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_NO_SPACE,
                       "The intake's disk is full; what was acknowledged is kept.");
  return FALSE;
}

gboolean
satchel_intake_upload_write (SatchelIntakeUpload *self,
                             const guint8 *data,
                             gsize size_bytes,
                             GError **error)
{
  if (size_bytes > self->length_bytes - self->written_bytes) {
    g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_TOO_LARGE,
                         "The body is longer than what is left of the upload.");
    return FALSE;
  }
  if (size_bytes > 0 && !check_room (self, size_bytes, error))
    return FALSE;
  while (size_bytes > 0) {
    ssize_t written = pwrite (self->fd, data, size_bytes, self->written_bytes);
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return satchel_base_set_errno (error, written < 0 ? errno : ENOSPC, "write an upload");
    satchel_sha256_update (self->hash, data, written);
    if (self->body_hash != NULL)
      satchel_sha256_update (self->body_hash, data, written);
    self->written_bytes += written;
    self->hashed_bytes += written;
    data += written;
    size_bytes -= written;
  }
  return TRUE;
}

/* Takes the bytes of this body back; the offset never moved. */
static gboolean
take_back (SatchelIntakeUpload *self, GError **error)
{
  g_autofree char *mark = satchel_intake_upload_dup_path (self, ".mark");

  satchel_intake_upload_drop_hash (self);
  self->written_bytes = self->offset_bytes;
  if (ftruncate (self->fd, self->offset_bytes) != 0 || fdatasync (self->fd) != 0)
    return satchel_base_set_errno (error, errno, "cut an upload");
  return satchel_file_remove (mark, error);
}

static gboolean
keep (SatchelIntakeUpload *self, GError **error)
{
  g_autofree char *mark = self->checked ? satchel_intake_upload_dup_path (self, ".mark") : NULL;

  if (fdatasync (self->fd) != 0) {
    /* The pages may be lost although they can still be read: back to what was acknowledged. */
    int code = errno;
    satchel_intake_upload_drop_hash (self);
    ftruncate (self->fd, self->offset_bytes) == 0 ? (void) 0 : (void) 1;
    self->written_bytes = self->offset_bytes;
    return satchel_base_set_errno (error, code, "sync an upload");
  }
  if (mark != NULL && !satchel_file_remove (mark, error))
    return FALSE;
  self->offset_bytes = self->written_bytes;
  self->touched_unix_us = satchel_now_us ();
  return TRUE;
}

static gboolean
body_matches (SatchelIntakeUpload *self, const guint8 *sha256)
{
  guint8 found[32];

  satchel_sha256_finish (self->body_hash, found);
  return sha256 != NULL && memcmp (found, sha256, 32) == 0;
}

gboolean
satchel_intake_upload_end (SatchelIntakeUpload *self,
                           gboolean complete,
                           const guint8 *sha256,
                           GError **error)
{
  gboolean done;

  if (self->fd < 0) /* nothing was to be written */
    return TRUE;
  if (!self->checked) {
    done = self->written_bytes == self->offset_bytes || keep (self, error);
  } else if (complete && body_matches (self, sha256)) {
    done = keep (self, error);
  } else {
    done = take_back (self, error);
    if (done && complete) {
      g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_CHECKSUM,
                           "The body's checksum differs; nothing of it was kept.");
      done = FALSE;
    }
  }
  close_body (self);
  return done;
}

gboolean
satchel_intake_upload_is_complete (SatchelIntakeUpload *self)
{
  return self->state != SATCHEL_INTAKE_UPLOAD_EXPIRED && self->offset_bytes == self->length_bytes;
}

/* --- The end -------------------------------------------------------------------------------- */

/* The whole file's hash, known to the .json before the part is moved. */
static gboolean
settle_hash (SatchelIntakeUpload *self, GError **error)
{
  gboolean done;

  if (self->state == SATCHEL_INTAKE_UPLOAD_FINISHED)
    return TRUE;
  if (!open_part (self, error))
    return FALSE;
  done = catch_up_hash (self, error);
  if (done && fsync (self->fd) != 0)
    done = satchel_base_set_errno (error, errno, "sync an upload");
  close_body (self);
  if (!done)
    return FALSE;
  satchel_sha256_finish (self->hash, self->sha256);
  satchel_intake_upload_drop_hash (self);
  self->state = SATCHEL_INTAKE_UPLOAD_FINISHED;
  self->touched_unix_us = satchel_now_us ();
  if (!satchel_intake_upload_save (self, error)) {
    self->state = SATCHEL_INTAKE_UPLOAD_OPEN;
    return FALSE;
  }
  return TRUE;
}

/* Moves the part to its place, both folders durable. What is there already has the same hash. */
static gboolean
move_part (SatchelIntakeUpload *self, GError **error)
{
  g_autofree char *part = satchel_intake_upload_dup_path (self, ".part");
  g_autofree char *path =
      satchel_intake_store_dup_path (self->store, self->mailbox, self->sha256);
  g_autofree char *folder = g_path_get_dirname (path);

  if (!satchel_folder_make (folder, error))
    return FALSE;
  if (rename (part, path) != 0 && errno != ENOENT)
    return satchel_base_set_errno (error, errno, "move an upload to its mailbox");
  if (access (path, F_OK) != 0) {
    g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_DAMAGED,
                         "The upload's file is missing.");
    return FALSE;
  }
  return satchel_folder_sync (folder, error) &&
         satchel_folder_sync (self->store->uploads_folder, error);
}

gboolean
satchel_intake_upload_finish (SatchelIntakeUpload *self, SatchelIntakeEntry *entry, GError **error)
{
  SatchelIntakeStore *store = self->store;
  g_autofree char *part = satchel_intake_upload_dup_path (self, ".part");

  if (!settle_hash (self, error))
    return FALSE;
  g_autoptr (GMutexLocker) locker =
      g_mutex_locker_new (&store->file_locks[self->sha256[0] % SATCHEL_INTAKE_LOCKS]);
  gboolean known = satchel_intake_log_find (store->log, self->mailbox, self->sha256, entry);
  gboolean has_part = access (part, F_OK) == 0;
  /* An upload whose part is gone was moved before: then, even deleted since, it stays answered. */
  if (known && !has_part)
    return TRUE;
  if (known && !entry->deleted)
    return satchel_file_remove (part, error);
  return move_part (self, error) &&
         satchel_intake_log_add_stored (store->log, self->mailbox, self->sha256,
                                        self->length_bytes, entry, error);
}

gboolean
satchel_intake_upload_remove (SatchelIntakeUpload *self, GError **error)
{
  g_autofree char *part = satchel_intake_upload_dup_path (self, ".part");

  if (self->state == SATCHEL_INTAKE_UPLOAD_OPEN)
    return satchel_intake_upload_forget (self, error);
  if (!satchel_file_remove (part, error))
    return FALSE;
  self->state = SATCHEL_INTAKE_UPLOAD_EXPIRED;
  return satchel_intake_upload_save (self, error);
}

gboolean
satchel_intake_upload_forget (SatchelIntakeUpload *self, GError **error)
{
  const char *const endings[] = {".mark", ".part", ".json"};

  close_body (self);
  satchel_intake_upload_drop_hash (self);
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    g_autofree char *path = satchel_intake_upload_dup_path (self, endings[i]);
    if (!satchel_file_remove (path, error))
      return FALSE;
  }
  self->state = SATCHEL_INTAKE_UPLOAD_EXPIRED;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->store->mutex);
  g_hash_table_remove (self->store->uploads, self->id);
  return TRUE;
}
