/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/satchel-intake-body.h"

#include <string.h>

/* got-chunk never brings more than 8 KiB; what is written at once, how much may wait, and how many
 * pieces are kept for the next. */
#define PIECE_SIZE  (128 * 1024)
#define QUEUE_MAX   (1024 * 1024)
#define PIECES_KEPT 16

typedef struct {
  gsize size_bytes;
  guint8 data[PIECE_SIZE];
} Piece;

struct _SatchelIntakePieces {
  GMutex mutex; /* guards what follows */
  Piece *free[PIECES_KEPT];
  guint n_free;
};

SatchelIntakePieces *
satchel_intake_pieces_new (void)
{
  SatchelIntakePieces *self = g_new0 (SatchelIntakePieces, 1);

  g_mutex_init (&self->mutex);
  return self;
}

void
satchel_intake_pieces_free (SatchelIntakePieces *self)
{
  if (self == NULL)
    return;
  while (self->n_free > 0)
    g_free (self->free[--self->n_free]);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static Piece *
take_free (SatchelIntakePieces *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  Piece *piece = self->n_free > 0 ? self->free[--self->n_free] : g_malloc (sizeof (Piece));

  piece->size_bytes = 0;
  return piece;
}

static void
give_back (SatchelIntakePieces *self, Piece *piece)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (self->n_free < PIECES_KEPT)
    self->free[self->n_free++] = piece;
  else
    g_free (piece);
}

struct _SatchelIntakeBody {
  SatchelIntakeUpload *upload;
  guint64 offset_bytes;
  gboolean checked;
  SatchelIntakeRunner runner;
  SatchelIntakeBodyEvents events;
  gpointer user_data;
  GMainContext *context;
  SatchelIntakePieces *free_pieces;
  Piece *piece; /* main thread; NULL for none begun */

  GMutex mutex;  /* guards what follows */
  GQueue pieces; /* of Piece */
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
  char *receipt; /* where the upload is finished */
  SatchelIntakeEntry entry;
};

SatchelIntakeBody *
satchel_intake_body_new (SatchelIntakeUpload *upload,
                         guint64 offset_bytes,
                         gboolean checked,
                         const SatchelIntakeRunner *runner,
                         SatchelIntakePieces *pieces,
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
  self->free_pieces = pieces;
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
  g_free (self->piece);
  g_queue_clear_full (&self->pieces, g_free);
  g_clear_error (&self->error);
  g_free (self->receipt);
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

  self->events.ended (self->user_data, self->receipt != NULL ? &self->entry : NULL, self->receipt,
                      self->error);
  return G_SOURCE_REMOVE;
}

static void
write_piece (SatchelIntakeBody *self, Piece *piece)
{
  if (self->error == NULL && !self->begun)
    self->begun = satchel_intake_upload_begin (self->upload, self->offset_bytes, self->checked,
                                               &self->error);
  gboolean done = self->error == NULL &&
                  satchel_intake_upload_write (self->upload, piece->data, piece->size_bytes,
                                               &self->error);
  give_back (self->free_pieces, piece);
  if (!done)
    call_main (self, failed_cb);
}

static void
committed_cb (const SatchelIntakeEntry *entry,
              const char *receipt,
              const GError *error,
              gpointer user_data)
{
  SatchelIntakeBody *self = user_data;

  if (error != NULL) {
    self->error = g_error_copy (error);
  } else {
    self->receipt = g_strdup (receipt);
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
static Piece *
take_piece (SatchelIntakeBody *self, gboolean *end)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  Piece *piece = g_queue_pop_head (&self->pieces);

  *end = piece == NULL && self->ending;
  if (piece == NULL) {
    self->running = FALSE;
    return NULL;
  }
  self->queued_bytes -= piece->size_bytes;
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
  Piece *piece;
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

/* The mutex is held. */
static void
queue_piece (SatchelIntakeBody *self)
{
  if (self->piece == NULL)
    return;
  self->queued_bytes += self->piece->size_bytes;
  g_queue_push_tail (&self->pieces, g_steal_pointer (&self->piece));
}

gboolean
satchel_intake_body_add (SatchelIntakeBody *self, const guint8 *data, gsize size_bytes)
{
  gboolean full = FALSE;

  while (size_bytes > 0) {
    if (self->piece == NULL)
      self->piece = take_free (self->free_pieces);
    gsize fits = MIN (size_bytes, PIECE_SIZE - self->piece->size_bytes);
    memcpy (self->piece->data + self->piece->size_bytes, data, fits);
    self->piece->size_bytes += fits;
    data += fits;
    size_bytes -= fits;
    if (self->piece->size_bytes < PIECE_SIZE)
      break;
    g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
    queue_piece (self);
    start_job (self);
    full = self->queued_bytes >= QUEUE_MAX;
    self->full = full;
  }
  return !full;
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
