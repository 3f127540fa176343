/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-stream-private.h"

#include <string.h>

/* Chunks that were opened together, and what comes after them. */
typedef struct {
  SatchelStreamBatch batch; /* its plain bytes are verified */
  gboolean ended;           /* the last chunk verified and the input ended */
  GError *failed;           /* said once everything before it is released, and ever after */
} Part;

/* While one part is released, the next ones are read and opened. */
struct _SatchelStreamReader {
  GInputStream parent_instance;

  GInputStream *sealed;
  SatchelSecret *key;
  Part parts[SATCHEL_STREAM_BATCHES];
  guint part_count;  /* in use */
  guint capacity;    /* chunks a part */
  Part *current;     /* NULL before the first */
  guint64 number;    /* of the part after it; it stands at its rest by @part_count */
  gsize released;    /* of the current part */
  SatchelLane *lane; /* loads them; the other parts, @sealed and @counter are its own */
  guint64 counter;
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelStreamReader, satchel_stream_reader, G_TYPE_INPUT_STREAM)
// clang-format on

static void
fail_payload (Part *part, const char *rule, guint64 chunk)
{
  if (part->failed == NULL)
    part->failed = g_error_new (SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_PAYLOAD,
                                "payload: %s (chunk %" G_GUINT64_FORMAT ")", rule, chunk);
}

/* Counts the verified bytes at the batch's beginning and notes what comes after them. */
static void
judge (Part *part, guint count)
{
  SatchelStreamBatch *batch = &part->batch;

  batch->plain_size = 0;
  for (guint i = 0; i < count && !part->ended && part->failed == NULL; i++) {
    gsize left = batch->sealed_size - (gsize) i * SATCHEL_STREAM_SEALED_CHUNK;
    if (batch->states[i] == SATCHEL_CHUNK_BAD) {
      fail_payload (part, "damaged or cut short", batch->counter + i);
      continue;
    }
    batch->plain_size += MIN (left, SATCHEL_STREAM_SEALED_CHUNK) - SATCHEL_STREAM_TAG_SIZE;
    part->ended = batch->states[i] == SATCHEL_CHUNK_LAST;
    if (part->ended && i + 1 < count)
      fail_payload (part, "bytes after the last chunk", batch->counter + i);
  }
}

/* Input errors are remembered too: half a batch is lost then, and going on would misplace chunks.
 */
static void
load_part (SatchelStreamReader *self, Part *part, GCancellable *stop)
{
  SatchelStreamBatch *batch = &part->batch;
  gsize capacity = (gsize) self->capacity * SATCHEL_STREAM_SEALED_CHUNK;
  guint8 after;

  satchel_stream_batch_reserve (batch, self->key, self->capacity, FALSE);
  batch->plain_size = 0;
  batch->sealed_size = 0;
  batch->counter = self->counter;
  if (!g_input_stream_read_all (self->sealed, batch->sealed, capacity, &batch->sealed_size, stop,
                                &part->failed))
    return;
  guint count = satchel_stream_batch_open (batch);
  judge (part, count);
  if (part->failed == NULL && !part->ended && batch->sealed_size < capacity)
    fail_payload (part, "cut short before its last chunk", batch->counter + count);
  if (part->failed == NULL && part->ended && batch->sealed_size == capacity) {
    gssize got = g_input_stream_read (self->sealed, &after, 1, stop, &part->failed);
    if (got > 0)
      fail_payload (part, "bytes after the last chunk", batch->counter + count - 1);
  }
  self->counter += count;
}

static gboolean
goes_on (const Part *part)
{
  return part->failed == NULL && !part->ended;
}

static gboolean
load (gpointer data, guint64 number, GCancellable *stop)
{
  SatchelStreamReader *self = data;
  Part *part = &self->parts[number % self->part_count];

  load_part (self, part, stop);
  return goes_on (part);
}

/* The next part becomes the current one, and its place is there for one more ahead. */
static void
advance (SatchelStreamReader *self, GCancellable *cancellable)
{
  satchel_lane_await (self->lane, self->number + 1, cancellable);
  self->current = &self->parts[self->number % self->part_count];
  self->released = 0;
  self->number++;
  satchel_lane_want (self->lane, self->number + self->part_count - 1);
}

/* Whether the current part has nothing more to release. */
static gboolean
is_released (const SatchelStreamReader *self)
{
  return self->current == NULL || self->released == self->current->batch.plain_size;
}

static gssize
satchel_stream_reader_read (
    GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  SatchelStreamReader *self = SATCHEL_STREAM_READER (stream);

  if (is_released (self) && (self->current == NULL || goes_on (self->current)))
    advance (self, cancellable);
  Part *part = self->current;
  if (is_released (self) && part->failed != NULL) {
    if (error != NULL)
      *error = g_error_copy (part->failed);
    return -1;
  }
  gsize taken = MIN (count, part->batch.plain_size - self->released);
  memcpy (buffer, part->batch.plain + self->released, taken);
  self->released += taken;
  return taken;
}

static void
satchel_stream_reader_finalize (GObject *object)
{
  SatchelStreamReader *self = SATCHEL_STREAM_READER (object);

  satchel_lane_free (self->lane);
  for (guint i = 0; i < G_N_ELEMENTS (self->parts); i++) {
    satchel_stream_batch_clear (&self->parts[i].batch);
    g_clear_error (&self->parts[i].failed);
  }
  satchel_secret_unref (self->key);
  g_clear_object (&self->sealed);
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

  self->key = satchel_secret_ref (key);
  self->part_count = pool != NULL ? SATCHEL_STREAM_BATCHES : 1;
  self->capacity = pool != NULL ? SATCHEL_STREAM_BATCH_MAX : SATCHEL_STREAM_ALONE;
  self->lane = satchel_lane_new (pool, load, self);
  self->sealed = g_object_ref (sealed);
  return G_INPUT_STREAM (self);
}
