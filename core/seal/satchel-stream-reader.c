/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-stream-private.h"

#include <string.h>

struct _SatchelStreamReader {
  GInputStream parent_instance;

  GInputStream *sealed;
  SatchelStreamBatch batch;
  gsize released; /* of the batch's verified bytes */
  gboolean ended; /* the last chunk verified and the input ended */
  GError *failed; /* said once everything before it is released, and ever after */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelStreamReader, satchel_stream_reader, G_TYPE_INPUT_STREAM)
// clang-format on

static void
fail_payload (SatchelStreamReader *self, const char *rule, guint64 chunk)
{
  if (self->failed == NULL)
    self->failed = g_error_new (SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_PAYLOAD,
                                "payload: %s (chunk %" G_GUINT64_FORMAT ")", rule, chunk);
}

/* Counts the verified bytes at the batch's beginning and notes what comes after them. */
static void
judge_batch (SatchelStreamReader *self, guint count)
{
  SatchelStreamBatch *batch = &self->batch;

  batch->plain_size = 0;
  for (guint i = 0; i < count && !self->ended && self->failed == NULL; i++) {
    gsize left = batch->sealed_size - (gsize) i * SATCHEL_STREAM_SEALED_CHUNK;
    if (batch->states[i] == SATCHEL_CHUNK_BAD) {
      fail_payload (self, "damaged or cut short", batch->counter + i);
      continue;
    }
    batch->plain_size += MIN (left, SATCHEL_STREAM_SEALED_CHUNK) - SATCHEL_STREAM_TAG_SIZE;
    self->ended = batch->states[i] == SATCHEL_CHUNK_LAST;
    if (self->ended && i + 1 < count)
      fail_payload (self, "bytes after the last chunk", batch->counter + i);
  }
}

/* Input errors are remembered too: half a batch is lost then, and going on would misplace chunks.
 */
static void
load_batch (SatchelStreamReader *self, GCancellable *cancellable)
{
  SatchelStreamBatch *batch = &self->batch;
  gsize capacity = (gsize) batch->capacity * SATCHEL_STREAM_SEALED_CHUNK;
  guint8 after;

  self->released = 0;
  batch->plain_size = 0;
  batch->sealed_size = 0;
  if (!g_input_stream_read_all (self->sealed, batch->sealed, capacity, &batch->sealed_size,
                                cancellable, &self->failed))
    return;
  guint count = satchel_stream_batch_open (batch);
  judge_batch (self, count);
  if (self->failed == NULL && !self->ended && batch->sealed_size < capacity)
    fail_payload (self, "cut short before its last chunk", batch->counter + count);
  if (self->failed == NULL && self->ended && batch->sealed_size == capacity) {
    gssize got = g_input_stream_read (self->sealed, &after, 1, cancellable, &self->failed);
    if (got > 0)
      fail_payload (self, "bytes after the last chunk", batch->counter + count - 1);
  }
  batch->counter += count;
}

static gssize
satchel_stream_reader_read (
    GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  SatchelStreamReader *self = SATCHEL_STREAM_READER (stream);
  SatchelStreamBatch *batch = &self->batch;

  if (self->released == batch->plain_size && self->failed == NULL && !self->ended)
    load_batch (self, cancellable);
  if (self->released == batch->plain_size && self->failed != NULL) {
    if (error != NULL)
      *error = g_error_copy (self->failed);
    return -1;
  }
  gsize taken = MIN (count, batch->plain_size - self->released);
  memcpy (buffer, batch->plain + self->released, taken);
  self->released += taken;
  return taken;
}

static void
satchel_stream_reader_finalize (GObject *object)
{
  SatchelStreamReader *self = SATCHEL_STREAM_READER (object);

  satchel_stream_batch_clear (&self->batch);
  g_clear_object (&self->sealed);
  g_clear_error (&self->failed);
  G_OBJECT_CLASS (satchel_stream_reader_parent_class)->finalize (object);
}

static void
satchel_stream_reader_class_init (SatchelStreamReaderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = satchel_stream_reader_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = satchel_stream_reader_read;
}

static void
satchel_stream_reader_init (SatchelStreamReader *self)
{
}

GInputStream *
satchel_stream_reader_new (SatchelSecret *key, GInputStream *sealed, SatchelPool *pool)
{
  SatchelStreamReader *self = g_object_new (SATCHEL_TYPE_STREAM_READER, NULL);

  satchel_stream_batch_init (&self->batch, key, pool, pool != NULL ? SATCHEL_STREAM_BATCH_MAX : 2,
                             FALSE);
  self->sealed = g_object_ref (sealed);
  return G_INPUT_STREAM (self);
}
