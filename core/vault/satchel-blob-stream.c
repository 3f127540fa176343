/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/satchel-blob-private.h"
#include "vault/satchel-vault-private.h"

struct _SatchelBlobStream {
  GInputStream parent_instance;

  GInputStream *inner;
  guint64 size_bytes;
  guint64 at_bytes;
};

static void satchel_blob_stream_seekable_init (GSeekableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SatchelBlobStream,
                               satchel_blob_stream,
                               G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_SEEKABLE,
                                                      satchel_blob_stream_seekable_init))

static void
satchel_blob_stream_finalize (GObject *object)
{
  SatchelBlobStream *self = SATCHEL_BLOB_STREAM (object);

  g_object_unref (self->inner);
  G_OBJECT_CLASS (satchel_blob_stream_parent_class)->finalize (object);
}

static gssize
satchel_blob_stream_read (GInputStream *stream,
                          void *buffer,
                          gsize count,
                          GCancellable *cancellable,
                          GError **error)
{
  SatchelBlobStream *self = SATCHEL_BLOB_STREAM (stream);
  g_autoptr (GError) local_error = NULL;
  guint64 left = self->size_bytes - self->at_bytes;

  if (left == 0 || count == 0)
    return 0;
  gssize got = g_input_stream_read (self->inner, buffer, MIN (count, left), cancellable,
                                    &local_error);
  if (got < 0) {
    satchel_vault_take_error (error, g_steal_pointer (&local_error));
    return -1;
  }
  if (got == 0) {
    satchel_vault_set_error (error, SATCHEL_VAULT_ERROR_DAMAGED, "a blob ends too early");
    return -1;
  }
  self->at_bytes += got;
  return got;
}

static gboolean
satchel_blob_stream_close (GInputStream *stream, GCancellable *cancellable, GError **error)
{
  return g_input_stream_close (SATCHEL_BLOB_STREAM (stream)->inner, cancellable, error);
}

static goffset
satchel_blob_stream_tell (GSeekable *seekable)
{
  return (goffset) SATCHEL_BLOB_STREAM (seekable)->at_bytes;
}

static gboolean
satchel_blob_stream_can_seek (GSeekable *seekable)
{
  return TRUE;
}

static gboolean
satchel_blob_stream_seek (GSeekable *seekable,
                          goffset offset,
                          GSeekType type,
                          GCancellable *cancellable,
                          GError **error)
{
  SatchelBlobStream *self = SATCHEL_BLOB_STREAM (seekable);
  g_autoptr (GError) local_error = NULL;
  goffset base = type == G_SEEK_SET   ? 0
                 : type == G_SEEK_CUR ? (goffset) self->at_bytes
                                      : (goffset) self->size_bytes;

  if (offset < -base || offset > (goffset) self->size_bytes - base) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "outside the blob");
    return FALSE;
  }
  if (!g_seekable_seek (G_SEEKABLE (self->inner), base + offset, G_SEEK_SET, cancellable,
                        &local_error))
    return satchel_vault_take_error (error, g_steal_pointer (&local_error));
  self->at_bytes = (guint64) (base + offset);
  return TRUE;
}

static gboolean
satchel_blob_stream_can_truncate (GSeekable *seekable)
{
  return FALSE;
}

static gboolean
satchel_blob_stream_truncate (GSeekable *seekable,
                              goffset offset,
                              GCancellable *cancellable,
                              GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "blobs never change");
  return FALSE;
}

static void
satchel_blob_stream_seekable_init (GSeekableIface *iface)
{
  iface->tell = satchel_blob_stream_tell;
  iface->can_seek = satchel_blob_stream_can_seek;
  iface->seek = satchel_blob_stream_seek;
  iface->can_truncate = satchel_blob_stream_can_truncate;
  iface->truncate_fn = satchel_blob_stream_truncate;
}

static void
satchel_blob_stream_class_init (SatchelBlobStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = satchel_blob_stream_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = satchel_blob_stream_read;
  G_INPUT_STREAM_CLASS (klass)->close_fn = satchel_blob_stream_close;
}

static void
satchel_blob_stream_init (SatchelBlobStream *self)
{
}

GInputStream *
satchel_blob_stream_new (GInputStream *inner, guint64 size_bytes)
{
  SatchelBlobStream *self = g_object_new (SATCHEL_TYPE_BLOB_STREAM, NULL);

  self->inner = g_object_ref (inner);
  self->size_bytes = size_bytes;
  return G_INPUT_STREAM (self);
}
