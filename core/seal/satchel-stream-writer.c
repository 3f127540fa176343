/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-stream-private.h"

#include <string.h>

struct _SatchelStreamWriter {
  SatchelStreamBatch batch;
  SatchelSink sink;
  gboolean failed; /* or finished: nothing more may be written */
};

SatchelStreamWriter *
satchel_stream_writer_new (SatchelSecret *key, SatchelSink sink, SatchelPool *pool)
{
  SatchelStreamWriter *self = g_new0 (SatchelStreamWriter, 1);

  satchel_stream_batch_init (&self->batch, key, pool, pool != NULL ? SATCHEL_STREAM_BATCH_MAX : 2,
                             TRUE);
  self->sink = sink;
  return self;
}

static gboolean
write_batch (SatchelStreamWriter *self, gboolean ends, GCancellable *cancellable, GError **error)
{
  SatchelStreamBatch *batch = &self->batch;

  batch->ends = ends;
  batch->counter += satchel_stream_batch_seal (batch);
  batch->plain_size = 0;
  if (satchel_sink_write (self->sink, batch->sealed, batch->sealed_size, cancellable, error))
    return TRUE;
  self->failed = TRUE;
  return FALSE;
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
  SatchelStreamBatch *batch = &self->batch;
  gsize capacity = (gsize) batch->capacity * SATCHEL_STREAM_CHUNK_SIZE;

  if (self->failed)
    return refuse_more (error);
  while (size_bytes > 0) {
    if (batch->plain_size == capacity && !write_batch (self, FALSE, cancellable, error))
      return FALSE;
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
  satchel_stream_batch_clear (&self->batch);
  g_free (self);
}
