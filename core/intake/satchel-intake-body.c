/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/satchel-intake-body.h"

#include <string.h>

/* got-chunk never brings more than 8 KiB; what is written at once, and how much may wait. */
#define PIECE_SIZE (256 * 1024)
#define QUEUE_MAX  (1024 * 1024)

struct _SatchelIntakeBody {
  SatchelIntakeUpload *upload;
  guint64 offset_bytes;
  gboolean checked;
  SatchelIntakeRunner runner;
  SatchelIntakeBodyEvents events;
  gpointer user_data;
  GMainContext *context;
  GByteArray *piece; /* main thread */

  GMutex mutex;  /* guards what follows */
  GQueue pieces; /* of GByteArray */
  gsize queued_bytes;
  gboolean running; /* a job is on its way or at work */
  gboolean full;    /* the main loop waits for room */
  gboolean ending;
  gboolean complete;
  gboolean has_sha256;
  guint8 sha256[32];

  /* The jobs', one at a time. */
  gboolean begun;
  GError *error;
  gboolean finished;
  SatchelIntakeEntry entry;
};

SatchelIntakeBody *
satchel_intake_body_new (SatchelIntakeUpload *upload,
                         guint64 offset_bytes,
                         gboolean checked,
                         const SatchelIntakeRunner *runner,
                         const SatchelIntakeBodyEvents *events,
                         gpointer user_data)
{
  SatchelIntakeBody *self = g_atomic_rc_box_new0 (SatchelIntakeBody);

  self->upload = satchel_intake_upload_ref (upload);
  self->offset_bytes = offset_bytes;
  self->checked = checked;
  self->runner = *runner;
  self->events = *events;
  self->user_data = user_data;
  self->context = g_main_context_ref_thread_default ();
  self->piece = g_byte_array_new ();
  g_mutex_init (&self->mutex);
  g_queue_init (&self->pieces);
  return self;
}

static void
body_clear (gpointer data)
{
  SatchelIntakeBody *self = data;

  satchel_intake_upload_unref (self->upload);
  g_main_context_unref (self->context);
  g_byte_array_unref (self->piece);
  g_queue_clear_full (&self->pieces, (GDestroyNotify) g_byte_array_unref);
  g_clear_error (&self->error);
  g_mutex_clear (&self->mutex);
}

void
satchel_intake_body_unref (SatchelIntakeBody *self)
{
  g_atomic_rc_box_release_full (self, body_clear);
}

/* Calls back on the main loop; always by a source, never inside the caller. */
static void
call_main (SatchelIntakeBody *self, GSourceFunc function)
{
  GSource *source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, function, g_atomic_rc_box_acquire (self),
                         (GDestroyNotify) satchel_intake_body_unref);
  g_source_attach (source, self->context);
  g_source_unref (source);
}

static gboolean
room_cb (gpointer data)
{
  SatchelIntakeBody *self = data;

  if (!self->ending)
    self->events.room (self->user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
failed_cb (gpointer data)
{
  SatchelIntakeBody *self = data;

  if (!self->ending)
    self->events.failed (self->user_data, self->error);
  return G_SOURCE_REMOVE;
}

static gboolean
ended_cb (gpointer data)
{
  SatchelIntakeBody *self = data;

  self->events.ended (self->user_data, self->finished ? &self->entry : NULL, self->error);
  return G_SOURCE_REMOVE;
}

static void
write_piece (SatchelIntakeBody *self, GByteArray *piece)
{
  if (self->error == NULL && !self->begun)
    self->begun = satchel_intake_upload_begin (self->upload, self->offset_bytes, self->checked,
                                               &self->error);
  gboolean done = self->error == NULL &&
                  satchel_intake_upload_write (self->upload, piece->data, piece->len, &self->error);
  g_byte_array_unref (piece);
  if (!done)
    call_main (self, failed_cb);
}

static void
committed_cb (const SatchelIntakeEntry *entry, const GError *error, gpointer user_data)
{
  SatchelIntakeBody *self = user_data;

  if (error != NULL) {
    self->error = g_error_copy (error);
  } else {
    self->finished = TRUE;
    self->entry = *entry;
  }
  call_main (self, ended_cb);
  satchel_intake_body_unref (self);
}

static void
end_upload (SatchelIntakeBody *self)
{
  g_autoptr (GError) error = NULL;
  gboolean whole = self->complete && self->error == NULL;
  gboolean last = FALSE;

  if (self->error == NULL && !self->begun)
    self->begun = satchel_intake_upload_begin (self->upload, self->offset_bytes, self->checked,
                                               &self->error);
  satchel_intake_upload_end (self->upload, whole, self->has_sha256 ? self->sha256 : NULL,
                             self->error == NULL ? &last : NULL, &error);
  /* The first error says most; but a failed sync is worse than anything before it. */
  if (error != NULL && self->error == NULL)
    self->error = g_steal_pointer (&error);
  if (last || (self->error == NULL && satchel_intake_upload_is_complete (self->upload)))
    satchel_intake_upload_commit (self->upload, committed_cb, g_atomic_rc_box_acquire (self));
  else
    call_main (self, ended_cb);
}

/* The next piece, or NULL: then either the end is due, or the job is over. */
static GByteArray *
take_piece (SatchelIntakeBody *self, gboolean *end)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  GByteArray *piece = g_queue_pop_head (&self->pieces);

  *end = piece == NULL && self->ending;
  if (piece == NULL) {
    self->running = FALSE;
    return NULL;
  }
  self->queued_bytes -= piece->len;
  if (self->full && self->queued_bytes <= QUEUE_MAX / 2) {
    self->full = FALSE;
    call_main (self, room_cb);
  }
  return piece;
}

static void
write_job (gpointer data, gpointer unused)
{
  SatchelIntakeBody *self = data;
  GByteArray *piece;
  gboolean end = FALSE;

  while ((piece = take_piece (self, &end)) != NULL)
    write_piece (self, piece);
  if (end)
    end_upload (self);
  satchel_intake_body_unref (self);
}

/* The mutex is held. */
static void
start_job (SatchelIntakeBody *self)
{
  if (self->running)
    return;
  self->running = TRUE;
  self->runner.push (self->runner.pool, write_job, g_atomic_rc_box_acquire (self));
}

static void
queue_piece (SatchelIntakeBody *self)
{
  if (self->piece->len == 0)
    return;
  g_queue_push_tail (&self->pieces, self->piece);
  self->queued_bytes += self->piece->len;
  self->piece = self->ending ? g_byte_array_new () : g_byte_array_sized_new (PIECE_SIZE);
}

gboolean
satchel_intake_body_add (SatchelIntakeBody *self, const guint8 *data, gsize size_bytes)
{
  g_byte_array_append (self->piece, data, size_bytes);
  if (self->piece->len < PIECE_SIZE)
    return TRUE;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  queue_piece (self);
  start_job (self);
  self->full = self->queued_bytes >= QUEUE_MAX;
  return !self->full;
}

void
satchel_intake_body_end (SatchelIntakeBody *self, gboolean complete, const guint8 *sha256)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->ending = TRUE;
  self->complete = complete;
  self->has_sha256 = sha256 != NULL;
  if (sha256 != NULL)
    memcpy (self->sha256, sha256, 32);
  queue_piece (self);
  start_job (self);
}

gboolean
satchel_intake_body_is_ended (SatchelIntakeBody *self)
{
  return self->ending;
}
