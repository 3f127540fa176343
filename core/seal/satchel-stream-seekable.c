/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-stream-private.h"

#include <string.h>

/* A stretch of neighbouring chunks, opened and verified, or the error that came instead. */
typedef struct {
  SatchelStreamBatch batch;
  guint64 first; /* number of its first chunk */
  guint count;   /* of chunks; 0: none */
  GError *error;
} Stretch;

/* After a jump one chunk is opened, for what is shown at once. Reading on from there, stretches
 * grow, and the next ones are opened while one is read. */
#define SEEKABLE_TYPE_READER (seekable_reader_get_type ())
G_DECLARE_FINAL_TYPE (SeekableReader, seekable_reader, SEEKABLE, READER, GInputStream)

struct _SeekableReader {
  GInputStream parent_instance;

  GInputStream *sealed;
  SatchelSecret *key;
  guint64 start; /* of the stream, in @sealed */
  guint64 sealed_size;
  guint64 plain_size;
  guint64 position;
  Stretch stretches[SATCHEL_STREAM_BATCHES];
  guint stretch_count; /* in use */
  guint most;          /* chunks a stretch */
  Stretch *held;       /* nullable */
  guint64 number;      /* of the held one since the last jump; it stands at its rest */
  SatchelLane *lane;   /* loads them; the others, @sealed and @next are its own */
  guint64 next;        /* the first chunk that is not loaded yet */
};

static void seekable_reader_iface_init (GSeekableIface *iface);

// clang-format off
G_DEFINE_FINAL_TYPE_WITH_CODE (SeekableReader, seekable_reader, G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_SEEKABLE, seekable_reader_iface_init))
// clang-format on

static guint64
count_chunks (const SeekableReader *self)
{
  return (self->sealed_size + SATCHEL_STREAM_SEALED_CHUNK - 1) / SATCHEL_STREAM_SEALED_CHUNK;
}

static gboolean
is_right (const SeekableReader *self, const Stretch *stretch, guint place)
{
  gboolean last = stretch->first + place + 1 == count_chunks (self);

  return stretch->batch.states[place] == (last ? SATCHEL_CHUNK_LAST : SATCHEL_CHUNK_MIDDLE);
}

/* Keeps the chunks before the first bad one; the error is told where that one is asked for. */
static void
judge (const SeekableReader *self, Stretch *stretch, gsize wanted)
{
  SatchelStreamBatch *batch = &stretch->batch;
  guint good = 0;

  if (batch->sealed_size == wanted)
    while (good < stretch->count && is_right (self, stretch, good))
      good++;
  batch->plain_size = batch->sealed_size - (gsize) stretch->count * SATCHEL_STREAM_TAG_SIZE;
  if (good == stretch->count)
    return;
  stretch->count = good;
  batch->plain_size = (gsize) good * SATCHEL_STREAM_CHUNK_SIZE;
  if (good == 0)
    g_set_error (&stretch->error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_PAYLOAD,
                 "payload: damaged or cut short (chunk %" G_GUINT64_FORMAT ")", stretch->first);
}

static void
load_stretch (SeekableReader *self, Stretch *stretch, GCancellable *stop)
{
  SatchelStreamBatch *batch = &stretch->batch;
  guint64 at = stretch->first * SATCHEL_STREAM_SEALED_CHUNK;
  gsize wanted = MIN (self->sealed_size - at, stretch->count * SATCHEL_STREAM_SEALED_CHUNK);

  satchel_stream_batch_reserve (batch, self->key, stretch->count, FALSE);
  batch->counter = stretch->first;
  if (g_seekable_seek (G_SEEKABLE (self->sealed), self->start + at, G_SEEK_SET, stop,
                       &stretch->error) &&
      g_input_stream_read_all (self->sealed, batch->sealed, wanted, &batch->sealed_size, stop,
                               &stretch->error)) {
    if (batch->sealed_size == wanted)
      satchel_stream_batch_open (batch);
    judge (self, stretch, wanted);
  }
  if (stretch->error != NULL)
    stretch->count = 0;
}

/* Ends where the stream does, and where less came than was wanted: what is wrong is told of the
 * chunk that is asked for. */
static gboolean
load (gpointer data, guint64 number, GCancellable *stop)
{
  SeekableReader *self = data;
  Stretch *stretch = &self->stretches[number % self->stretch_count];
  guint count = (guint) MIN (number < 8 ? 1U << number : self->most, self->most);

  count = (guint) MIN (count, count_chunks (self) - self->next);
  g_clear_error (&stretch->error);
  stretch->first = self->next;
  stretch->count = count;
  load_stretch (self, stretch, stop);
  self->next += stretch->count;
  return stretch->count == count && self->next < count_chunks (self);
}

static gboolean
has_chunk (const Stretch *stretch, guint64 chunk)
{
  return stretch != NULL && chunk >= stretch->first && chunk - stretch->first < stretch->count;
}

/* Whether @chunk is the first of what was loaded ahead. */
static gboolean
read_on (SeekableReader *self, guint64 chunk, GCancellable *cancellable)
{
  guint64 number = self->number + 1;

  if (self->held == NULL || chunk != self->held->first + self->held->count ||
      !satchel_lane_await (self->lane, number + 1, cancellable))
    return FALSE;
  self->held = &self->stretches[number % self->stretch_count];
  self->number = number;
  return has_chunk (self->held, chunk);
}

/* Makes the stretch with @chunk the held one. */
static gboolean
hold (SeekableReader *self, guint64 chunk, GCancellable *cancellable, GError **error)
{
  if (read_on (self, chunk, cancellable)) {
    satchel_lane_want (self->lane, self->number + self->stretch_count);
    return TRUE;
  }
  satchel_lane_rewind (self->lane);
  self->next = chunk;
  satchel_lane_await (self->lane, 1, cancellable);
  self->held = &self->stretches[0];
  self->number = 0;
  if (self->held->error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&self->held->error));
  self->held = NULL;
  return FALSE;
}

static gssize
seekable_reader_read (
    GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  SeekableReader *self = SEEKABLE_READER (stream);
  guint64 chunk = self->position / SATCHEL_STREAM_CHUNK_SIZE;

  if (self->position >= self->plain_size)
    return 0;
  if (!has_chunk (self->held, chunk) && !hold (self, chunk, cancellable, error))
    return -1;
  gsize within = self->position - self->held->first * SATCHEL_STREAM_CHUNK_SIZE;
  gsize taken = MIN (count, self->held->batch.plain_size - within);
  memcpy (buffer, self->held->batch.plain + within, taken);
  self->position += taken;
  return taken;
}

static goffset
seekable_reader_tell (GSeekable *seekable)
{
  return SEEKABLE_READER (seekable)->position;
}

static gboolean
seekable_reader_can_seek (GSeekable *seekable)
{
  return TRUE;
}

static gboolean
seekable_reader_seek (GSeekable *seekable,
                      goffset offset,
                      GSeekType type,
                      GCancellable *cancellable,
                      GError **error)
{
  SeekableReader *self = SEEKABLE_READER (seekable);
  goffset base = type == G_SEEK_SET   ? 0
                 : type == G_SEEK_CUR ? (goffset) self->position
                                      : (goffset) self->plain_size;
  goffset wanted;

  if (__builtin_add_overflow (base, offset, &wanted) || wanted < 0 ||
      (guint64) wanted > self->plain_size) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         "a place outside the stream");
    return FALSE;
  }
  self->position = wanted;
  return TRUE;
}

static gboolean
seekable_reader_can_truncate (GSeekable *seekable)
{
  return FALSE;
}

static gboolean
seekable_reader_truncate (GSeekable *seekable,
                          goffset offset,
                          GCancellable *cancellable,
                          GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "read only");
  return FALSE;
}

static void
seekable_reader_finalize (GObject *object)
{
  SeekableReader *self = SEEKABLE_READER (object);

  satchel_lane_free (self->lane);
  for (guint i = 0; i < G_N_ELEMENTS (self->stretches); i++) {
    satchel_stream_batch_clear (&self->stretches[i].batch);
    g_clear_error (&self->stretches[i].error);
  }
  satchel_secret_unref (self->key);
  g_clear_object (&self->sealed);
  G_OBJECT_CLASS (seekable_reader_parent_class)->finalize (object);
}

static void
seekable_reader_class_init (SeekableReaderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = seekable_reader_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = seekable_reader_read;
}

static void
seekable_reader_iface_init (GSeekableIface *iface)
{
  iface->tell = seekable_reader_tell;
  iface->can_seek = seekable_reader_can_seek;
  iface->seek = seekable_reader_seek;
  iface->can_truncate = seekable_reader_can_truncate;
  iface->truncate_fn = seekable_reader_truncate;
}

static void
seekable_reader_init (SeekableReader *self)
{
}

static gboolean
measure (SeekableReader *self, GCancellable *cancellable, GError **error)
{
  GSeekable *seekable = G_SEEKABLE (self->sealed);

  if (!g_seekable_seek (seekable, 0, G_SEEK_END, cancellable, error))
    return FALSE;
  guint64 end = g_seekable_tell (seekable);
  self->sealed_size = end >= self->start ? end - self->start : 0;
  if (satchel_stream_plain_size (self->sealed_size, &self->plain_size))
    return TRUE;
  g_set_error_literal (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_PAYLOAD,
                       "payload: no stream has this length");
  return FALSE;
}

GInputStream *
satchel_stream_reader_new_seekable (SatchelSecret *key,
                                    GInputStream *sealed,
                                    guint64 start_bytes,
                                    SatchelPool *pool,
                                    guint64 *plain_bytes,
                                    GCancellable *cancellable,
                                    GError **error)
{
  g_autoptr (SeekableReader) self = g_object_new (SEEKABLE_TYPE_READER, NULL);

  g_return_val_if_fail (G_IS_SEEKABLE (sealed), NULL);
  self->key = satchel_secret_ref (key);
  self->stretch_count = pool != NULL ? SATCHEL_STREAM_BATCHES : 1;
  self->most = pool != NULL ? SATCHEL_STREAM_BATCH_MAX : SATCHEL_STREAM_ALONE;
  self->sealed = g_object_ref (sealed);
  self->lane = satchel_lane_new (pool, load, self);
  self->start = start_bytes;
  if (!measure (self, cancellable, error) ||
      !hold (self, count_chunks (self) - 1, cancellable, error))
    return NULL;
  if (plain_bytes != NULL)
    *plain_bytes = self->plain_size;
  return G_INPUT_STREAM (g_steal_pointer (&self));
}
