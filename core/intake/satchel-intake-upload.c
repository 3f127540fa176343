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
/* What of a body may still be unsynced when it joins others in a round. */
#define ROUND_BODY_MAX (1024 * 1024)
/* After so many bytes the kernel is told to begin writing, so that the end has little to wait for.
 */
#define WRITE_BACK_EVERY (8 * 1024 * 1024)

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

SatchelNewFile *
satchel_intake_upload_begin_info (SatchelIntakeUpload *self,
                                  SatchelIntakeUploadState state,
                                  GError **error)
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
      state_names[state], sha256);
  g_autoptr (SatchelNewFile) file = satchel_new_file_open (path, error);

  if (file == NULL || !satchel_sink_write (satchel_new_file_get_sink (file),
                                           (const guint8 *) text, strlen (text), NULL, error))
    return NULL;
  return g_steal_pointer (&file);
}

gboolean
satchel_intake_upload_save (SatchelIntakeUpload *self, GError **error)
{
  g_autoptr (SatchelNewFile) file = satchel_intake_upload_begin_info (self, self->state, error);

  if (file == NULL || !satchel_new_file_commit (file, TRUE, error))
    return FALSE;
  self->unsaved = FALSE;
  return TRUE;
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

/* What a killed intake had written is in the file, but not yet on disk for certain. */
static gboolean
sync_part (const char *part, GError **error)
{
  int fd = open (part, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  gboolean done = fd >= 0 && fdatasync (fd) == 0;
  int code = errno;

  if (fd >= 0)
    close (fd);
  return done || satchel_base_set_errno (error, code, "sync an upload");
}

static gboolean
read_part (SatchelIntakeUpload *self, GError **error)
{
  g_autofree char *part = satchel_intake_upload_dup_path (self, ".part");
  struct stat facts;

  if (!undo_marked (self, part, error))
    return FALSE;
  if (lstat (part, &facts) == 0 && S_ISREG (facts.st_mode)) {
    if (self->state == SATCHEL_INTAKE_UPLOAD_OPEN && !sync_part (part, error))
      return FALSE;
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

/* Needed after a restart or a body taken back. */
gboolean
satchel_intake_upload_catch_up (SatchelIntakeUpload *self, GError **error)
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

gboolean
satchel_intake_upload_open_part (SatchelIntakeUpload *self, GError **error)
{
  g_autofree char *path = satchel_intake_upload_dup_path (self, ".part");

  if (self->fd >= 0)
    return TRUE;
  self->written_bytes = self->offset_bytes;
  self->fd =
      open (path, O_RDWR | O_NOFOLLOW | O_CLOEXEC | (self->unsaved ? O_CREAT : 0), 0600);
  return self->fd >= 0 || satchel_base_set_errno (error, errno, "open an upload");
}

static gboolean
write_mark (SatchelIntakeUpload *self, GError **error)
{
  g_autofree char *path = satchel_intake_upload_dup_path (self, ".mark");
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, self->offset_bytes);

  return satchel_file_store (path, (const guint8 *) text, strlen (text), error);
}

void
satchel_intake_upload_close_part (SatchelIntakeUpload *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
  self->checked = FALSE;
  self->marked = FALSE;
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
  /* At a crash, all of an unsaved upload is taken back. */
  if (!satchel_intake_upload_open_part (self, error) ||
      !satchel_intake_upload_catch_up (self, error) ||
      (checked && !self->unsaved && !write_mark (self, error))) {
    satchel_intake_upload_close_part (self);
    return FALSE;
  }
  self->checked = checked;
  self->marked = checked && !self->unsaved;
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
    if ((self->written_bytes + written) / WRITE_BACK_EVERY > self->written_bytes / WRITE_BACK_EVERY)
      sync_file_range (self->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
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
  return !self->marked || satchel_file_remove (mark, error);
}

void
satchel_intake_upload_kept (SatchelIntakeUpload *self)
{
  self->offset_bytes = self->written_bytes;
  self->touched_unix_us = satchel_now_us ();
}

gboolean
satchel_intake_upload_keep (SatchelIntakeUpload *self, GError **error)
{
  g_autofree char *mark = satchel_intake_upload_dup_path (self, ".mark");

  if (fdatasync (self->fd) != 0) {
    /* The pages may be lost although they can still be read: back to what was acknowledged. */
    int code = errno;
    satchel_intake_upload_drop_hash (self);
    ftruncate (self->fd, self->offset_bytes) == 0 ? (void) 0 : (void) 1;
    self->written_bytes = self->offset_bytes;
    return satchel_base_set_errno (error, code, "sync an upload");
  }
  if (self->marked && !satchel_file_remove (mark, error))
    return FALSE;
  self->marked = FALSE;
  satchel_intake_upload_kept (self);
  return TRUE;
}

static gboolean
body_matches (SatchelIntakeUpload *self, const guint8 *sha256)
{
  guint8 found[32];

  satchel_sha256_finish (self->body_hash, found);
  return sha256 != NULL && memcmp (found, sha256, 32) == 0;
}

/* The first body of an announced upload has ended: it gets its .json, or it never was. */
static gboolean
save_announced (SatchelIntakeUpload *self, gboolean complete, GError **error)
{
  if ((self->offset_bytes > 0 || complete) && satchel_intake_upload_save (self, error))
    return TRUE;
  gboolean nothing_came = self->offset_bytes == 0 && !complete;
  satchel_intake_upload_forget (self, NULL);
  return nothing_came;
}

static gboolean
end_body (SatchelIntakeUpload *self, gboolean complete, const guint8 *sha256, GError **error)
{
  if (!self->checked || (complete && body_matches (self, sha256)))
    return satchel_intake_upload_keep (self, error);
  if (!take_back (self, error))
    return FALSE;
  if (!complete)
    return TRUE;
  g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_CHECKSUM,
                       "The body's checksum differs; nothing of it was kept.");
  return FALSE;
}

gboolean
satchel_intake_upload_end (SatchelIntakeUpload *self,
                           gboolean complete,
                           const guint8 *sha256,
                           gboolean *last,
                           GError **error)
{
  gboolean is_last = last != NULL && self->fd >= 0 && self->written_bytes == self->length_bytes;
  gboolean done = TRUE;

  /* A large body is synced here, so that the small ones of a round need not wait for it. */
  if (is_last && !self->checked && self->written_bytes - self->offset_bytes <= ROUND_BODY_MAX) {
    *last = TRUE;
    return TRUE;
  }
  if (self->fd >= 0)
    done = end_body (self, complete, sha256, error);
  self->checked = FALSE;
  if (is_last && done && self->offset_bytes == self->length_bytes) {
    *last = TRUE;
    return TRUE;
  }
  satchel_intake_upload_close_part (self);
  if (self->unsaved)
    done = save_announced (self, complete, done ? error : NULL) && done;
  return done;
}

gboolean
satchel_intake_upload_is_over (SatchelIntakeUpload *self)
{
  return self->state == SATCHEL_INTAKE_UPLOAD_EXPIRED;
}

gboolean
satchel_intake_upload_is_complete (SatchelIntakeUpload *self)
{
  return self->state != SATCHEL_INTAKE_UPLOAD_EXPIRED && self->offset_bytes == self->length_bytes;
}

/* --- Gone ---------------------------------------------------------------------------------------
 */

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

  satchel_intake_upload_close_part (self);
  satchel_intake_upload_drop_hash (self);
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    g_autofree char *path = satchel_intake_upload_dup_path (self, endings[i]);
    /* What was never told to anybody may come back after a crash: it is swept then. */
    if (self->unsaved)
      unlink (path);
    else if (!satchel_file_remove (path, error))
      return FALSE;
  }
  self->state = SATCHEL_INTAKE_UPLOAD_EXPIRED;
  satchel_intake_store_drop (self->store, self);
  return TRUE;
}
