/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-stream-private.h"

#include <string.h>

/* While one batch is filled, those before it are sealed and written. */
struct _SatchelStreamWriter {
  SatchelSecret *key;
  SatchelStreamBatch batches[SATCHEL_STREAM_BATCHES];
  guint batch_count; /* in use */
  guint capacity;    /* chunks a batch */
  guint64 number;    /* of the batch that is being filled; it stands at its rest by @batch_count */
  guint64 sent;      /* plain bytes in the batches before it */
  SatchelLane *lane; /* seals and writes those before; @counter and @error are its own */
  SatchelSink sink;
  guint64 counter;
  GError *error;   /* the sink's */
  gboolean failed; /* or finished: nothing more may be written */
};

static gboolean
leave (gpointer data, guint64 number, GCancellable *stop)
{
  SatchelStreamWriter *self = data;
  SatchelStreamBatch *batch = &self->batches[number % self->batch_count];

  batch->counter = self->counter;
  self->counter += satchel_stream_batch_seal (batch);
  return satchel_sink_write (self->sink, batch->sealed, batch->sealed_size, stop, &self->error);
}

static SatchelStreamBatch *
get_filling (SatchelStreamWriter *self)
{
  return &self->batches[self->number % self->batch_count];
}

/* Its memory is made when it is first needed: most streams are short. */
static void
begin_batch (SatchelStreamWriter *self)
{
  SatchelStreamBatch *batch = get_filling (self);

  satchel_stream_batch_reserve (batch, self->key, self->capacity, TRUE);
  batch->plain_size = 0;
}

SatchelStreamWriter *
satchel_stream_writer_new (SatchelSecret *key, SatchelSink sink, SatchelPool *pool)
{
  SatchelStreamWriter *self = g_new0 (SatchelStreamWriter, 1);

  self->key = satchel_secret_ref (key);
  self->batch_count = pool != NULL ? SATCHEL_STREAM_BATCHES : 1;
  self->capacity = pool != NULL ? SATCHEL_STREAM_BATCH_MAX : SATCHEL_STREAM_ALONE;
  self->lane = satchel_lane_new (pool, leave, self);
  self->sink = sink;
  begin_batch (self);
  return self;
}

/* Sends off what was filled, and waits until there is room for another batch, or, at the end, until
 * everything is written. */
static gboolean
write_batch (SatchelStreamWriter *self, gboolean ends, GCancellable *cancellable, GError **error)
{
  get_filling (self)->ends = ends;
  self->sent += get_filling (self)->plain_size;
  self->number++;
  satchel_lane_want (self->lane, self->number);
  guint64 behind = ends ? 0 : MIN (self->batch_count - 1, self->number);
  gboolean goes_on = satchel_lane_await (self->lane, self->number - behind, cancellable);
  /* The error is the lane's own while that may still run. */
  if ((!goes_on || behind == 0) && self->error != NULL) {
    self->failed = TRUE;
    g_propagate_error (error, g_steal_pointer (&self->error));
    return FALSE;
  }
  if (!ends)
    begin_batch (self);
  return TRUE;
}

static gboolean
refuse_more (GError **error)
{
  g_set_error_literal (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_PAYLOAD,
                       "the stream has failed or is finished already");
  return FALSE;
}

/* A full batch waits for the next byte, because its last chunk may be the stream's. */
static gboolean
write_plain (gpointer target,
             const guint8 *data,
             gsize size_bytes,
             GCancellable *cancellable,
             GError **error)
{
  SatchelStreamWriter *self = target;
  gsize capacity = (gsize) self->capacity * SATCHEL_STREAM_CHUNK_SIZE;

  if (self->failed)
    return refuse_more (error);
  while (size_bytes > 0) {
    if (get_filling (self)->plain_size == capacity &&
        !write_batch (self, FALSE, cancellable, error))
      return FALSE;
    SatchelStreamBatch *batch = get_filling (self);
    gsize taken = MIN (size_bytes, capacity - batch->plain_size);
    memcpy (batch->plain + batch->plain_size, data, taken);
    batch->plain_size += taken;
    /* Here, not first when it is sealed: a stream given up before that is wiped as well. */
    batch->dirty_size = MAX (batch->dirty_size, batch->plain_size);
    data += taken;
    size_bytes -= taken;
  }
  return TRUE;
}

guint64
satchel_stream_writer_get_whole (SatchelStreamWriter *self)
{
  gsize filled = get_filling (self)->plain_size;

  g_return_val_if_fail (self->batch_count == 1, 0);
  return self->sent + (filled > 0 ? (filled - 1) / SATCHEL_STREAM_CHUNK_SIZE : 0) *
                          SATCHEL_STREAM_CHUNK_SIZE;
}

gboolean
satchel_stream_writer_flush (SatchelStreamWriter *self, GCancellable *cancellable, GError **error)
{
  SatchelStreamBatch *batch = get_filling (self);
  gsize whole = (gsize) (satchel_stream_writer_get_whole (self) - self->sent);
  gsize rest = batch->plain_size - whole;

  if (self->failed)
    return refuse_more (error);
  if (whole == 0)
    return TRUE;
  batch->plain_size = whole;
  if (!write_batch (self, FALSE, cancellable, error))
    return FALSE;
  /* There is one batch only: the rest stands in it still. */
  memmove (batch->plain, batch->plain + whole, rest);
  batch->plain_size = rest;
  return TRUE;
}

SatchelSink
satchel_stream_writer_get_sink (SatchelStreamWriter *self)
{
  return (SatchelSink){write_plain, self};
}

gboolean
satchel_stream_writer_finish (SatchelStreamWriter *self, GCancellable *cancellable, GError **error)
{
  if (self->failed)
    return refuse_more (error);
  if (!write_batch (self, TRUE, cancellable, error))
    return FALSE;
  self->failed = TRUE;
  return TRUE;
}

void
satchel_stream_writer_free (SatchelStreamWriter *self)
{
  if (self == NULL)
    return;
  satchel_lane_free (self->lane);
  for (guint i = 0; i < G_N_ELEMENTS (self->batches); i++)
    satchel_stream_batch_clear (&self->batches[i]);
  satchel_secret_unref (self->key);
  g_clear_error (&self->error);
  g_free (self);
}
