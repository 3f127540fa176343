/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-stream-private.h"

#include <string.h>

#define NO_CHUNK G_MAXUINT64

/* One verified chunk is held at a time; whole stretches are better read front to back. */
#define SEEKABLE_TYPE_READER (seekable_reader_get_type ())
G_DECLARE_FINAL_TYPE (SeekableReader, seekable_reader, SEEKABLE, READER, GInputStream)

struct _SeekableReader {
  GInputStream parent_instance;

  GInputStream *sealed;
  SatchelStreamBatch batch; /* of one chunk */
  guint64 start;            /* of the stream, in @sealed */
  guint64 sealed_size;
  guint64 plain_size;
  guint64 position;
  guint64 held; /* number of the chunk in the batch */
};

static void seekable_reader_iface_init (GSeekableIface *iface);

// clang-format off
G_DEFINE_FINAL_TYPE_WITH_CODE (SeekableReader, seekable_reader, G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_SEEKABLE, seekable_reader_iface_init))
// clang-format on

static gboolean
hold_chunk (SeekableReader *self, guint64 chunk, GCancellable *cancellable, GError **error)
{
  SatchelStreamBatch *batch = &self->batch;
  guint64 at = chunk * SATCHEL_STREAM_SEALED_CHUNK;
  gsize wanted = MIN (self->sealed_size - at, SATCHEL_STREAM_SEALED_CHUNK);
  gboolean last = at + wanted == self->sealed_size;

  self->held = NO_CHUNK;
  batch->counter = chunk;
  if (!g_seekable_seek (G_SEEKABLE (self->sealed), self->start + at, G_SEEK_SET, cancellable,
                        error) ||
      !g_input_stream_read_all (self->sealed, batch->sealed, wanted, &batch->sealed_size,
                                cancellable, error))
    return FALSE;
  if (batch->sealed_size == wanted)
    satchel_stream_batch_open (batch);
  if (batch->sealed_size != wanted ||
      batch->states[0] != (last ? SATCHEL_CHUNK_LAST : SATCHEL_CHUNK_MIDDLE)) {
    g_set_error (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_PAYLOAD,
                 "payload: damaged or cut short (chunk %" G_GUINT64_FORMAT ")", chunk);
    return FALSE;
  }
  self->held = chunk;
  batch->plain_size = wanted - SATCHEL_STREAM_TAG_SIZE;
  return TRUE;
}

static gssize
seekable_reader_read (
    GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  SeekableReader *self = SEEKABLE_READER (stream);
  guint64 chunk = self->position / SATCHEL_STREAM_CHUNK_SIZE;
  gsize within = self->position % SATCHEL_STREAM_CHUNK_SIZE;

  if (self->position >= self->plain_size)
    return 0;
  if (self->held != chunk && !hold_chunk (self, chunk, cancellable, error))
    return -1;
  gsize taken = MIN (count, self->batch.plain_size - within);
  memcpy (buffer, self->batch.plain + within, taken);
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

  satchel_stream_batch_clear (&self->batch);
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
  self->held = NO_CHUNK;
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
                                    guint64 *plain_bytes,
                                    GCancellable *cancellable,
                                    GError **error)
{
  g_autoptr (SeekableReader) self = g_object_new (SEEKABLE_TYPE_READER, NULL);

  g_return_val_if_fail (G_IS_SEEKABLE (sealed), NULL);
  satchel_stream_batch_init (&self->batch, key, NULL, 1, FALSE);
  self->sealed = g_object_ref (sealed);
  self->start = start_bytes;
  if (!measure (self, cancellable, error) ||
      !hold_chunk (self, (self->sealed_size - 1) / SATCHEL_STREAM_SEALED_CHUNK, cancellable, error))
    return NULL;
  if (plain_bytes != NULL)
    *plain_bytes = self->plain_size;
  return G_INPUT_STREAM (g_steal_pointer (&self));
}
