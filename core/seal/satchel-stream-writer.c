/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-stream-private.h"

#include <string.h>

/* While one batch is filled, the one before it is sealed and written. */
struct _SatchelStreamWriter {
  SatchelStreamBatch batches[2];
  SatchelStreamBatch *filling;
  SatchelStreamBatch *leaving;
  SatchelLane
      lane; /* seals and writes @leaving; until it is awaited, that and @error are its own */
  SatchelSink sink;
  guint64 counter;
  GError *error;   /* the sink's */
  gboolean failed; /* or finished: nothing more may be written */
};

static void
leave (gpointer data, GCancellable *stop)
{
  SatchelStreamWriter *self = data;
  SatchelStreamBatch *batch = self->leaving;

  batch->counter = self->counter;
  self->counter += satchel_stream_batch_seal (batch);
  satchel_sink_write (self->sink, batch->sealed, batch->sealed_size, stop, &self->error);
}

SatchelStreamWriter *
satchel_stream_writer_new (SatchelSecret *key, SatchelSink sink, SatchelPool *pool)
{
  SatchelStreamWriter *self = g_new0 (SatchelStreamWriter, 1);

  for (guint i = 0; i < G_N_ELEMENTS (self->batches); i++)
    satchel_stream_batch_init (&self->batches[i], key, pool,
                               pool != NULL ? SATCHEL_STREAM_BATCH_MAX : 2, TRUE);
  self->filling = &self->batches[0];
  self->leaving = &self->batches[1];
  satchel_lane_init (&self->lane, pool, leave, self);
  self->sink = sink;
  return self;
}

/* Waits until the batch that was last sent off is written. */
static gboolean
settle (SatchelStreamWriter *self, GCancellable *cancellable, GError **error)
{
  satchel_lane_await (&self->lane, cancellable);
  if (self->error == NULL)
    return TRUE;
  self->failed = TRUE;
  g_propagate_error (error, g_steal_pointer (&self->error));
  return FALSE;
}

static gboolean
write_batch (SatchelStreamWriter *self, gboolean ends, GCancellable *cancellable, GError **error)
{
  SatchelStreamBatch *batch = self->filling;

  if (!settle (self, cancellable, error))
    return FALSE;
  self->filling = self->leaving;
  self->leaving = batch;
  self->filling->plain_size = 0;
  batch->ends = ends;
  satchel_lane_begin (&self->lane);
  /* Without a pool nobody works behind the caller's back, and waiting would only hide an error. */
  return (batch->pool != NULL && !ends) || settle (self, cancellable, error);
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
  gsize capacity = (gsize) self->filling->capacity * SATCHEL_STREAM_CHUNK_SIZE;

  if (self->failed)
    return refuse_more (error);
  while (size_bytes > 0) {
    if (self->filling->plain_size == capacity && !write_batch (self, FALSE, cancellable, error))
      return FALSE;
    SatchelStreamBatch *batch = self->filling;
    gsize taken = MIN (size_bytes, capacity - batch->plain_size);
    memcpy (batch->plain + batch->plain_size, data, taken);
    batch->plain_size += taken;
    data += taken;
    size_bytes -= taken;
  }
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
  satchel_lane_clear (&self->lane);
  for (guint i = 0; i < G_N_ELEMENTS (self->batches); i++)
    satchel_stream_batch_clear (&self->batches[i]);
  g_clear_error (&self->error);
  g_free (self);
}
