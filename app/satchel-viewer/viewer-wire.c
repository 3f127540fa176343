/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "viewer.h"

#define VIEWER_TYPE_CONTENT (viewer_content_get_type ())
G_DECLARE_FINAL_TYPE (ViewerContent, viewer_content, VIEWER, CONTENT, GInputStream)

struct _ViewerContent {
  GInputStream parent_instance;

  ViewerFetch fetch;
  guint64 size;
  guint64 position;
  guint64 held_at; /* where @held begins in the content */
  gsize held_size;
  guint8 *held; /* of SATCHEL_VIEWER_RANGE_MAX */
};

static void viewer_content_seekable_init (GSeekableIface *iface);

// clang-format off
G_DEFINE_FINAL_TYPE_WITH_CODE (ViewerContent, viewer_content, G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_SEEKABLE,
                                                      viewer_content_seekable_init))
// clang-format on

/* A message is written whole before another one begins. */
static GMutex writing;

static void
write_all (const guint8 *data, gsize size_bytes)
{
  while (size_bytes > 0) {
    ssize_t written = write (SATCHEL_VIEWER_FD, data, size_bytes);
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      _exit (1);
    data += written;
    size_bytes -= (gsize) written;
  }
}

void
viewer_send (SatchelViewerMessage message,
             gconstpointer head,
             gsize head_bytes,
             gconstpointer body,
             gsize body_bytes)
{
  SatchelViewerHeader header = {message, (guint32) (head_bytes + body_bytes)};

  g_mutex_lock (&writing);
  write_all ((const guint8 *) &header, sizeof header);
  write_all (head, head_bytes);
  write_all (body, body_bytes);
  g_mutex_unlock (&writing);
}

void
viewer_receive (gpointer out, gsize size_bytes)
{
  guint8 *at = out;

  while (size_bytes > 0) {
    ssize_t got = read (SATCHEL_VIEWER_FD, at, size_bytes);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      _exit (got == 0 ? 0 : 1);
    at += got;
    size_bytes -= (gsize) got;
  }
}

void
viewer_receive_header (SatchelViewerMessage expected, SatchelViewerHeader *header)
{
  viewer_receive (header, sizeof *header);
  if (header->message != expected)
    _exit (1);
}

void
viewer_fetch_in_turn (guint8 *out, gsize size_bytes)
{
  SatchelViewerHeader header;

  viewer_receive_header (SATCHEL_VIEWER_DATA, &header);
  if (header.size_bytes != size_bytes)
    _exit (1);
  viewer_receive (out, size_bytes);
}

/* Fetches the stretch that begins at the position. */
static void
fetch_range (ViewerContent *self)
{
  SatchelViewerRange range = {
      self->position, (guint32) MIN (self->size - self->position, SATCHEL_VIEWER_RANGE_MAX), 0};

  viewer_send (SATCHEL_VIEWER_READ, &range, sizeof range, NULL, 0);
  self->fetch (self->held, range.size_bytes);
  self->held_at = range.offset;
  self->held_size = range.size_bytes;
}

static gssize
viewer_content_read (
    GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  ViewerContent *self = VIEWER_CONTENT (stream);

  if (self->position >= self->size || count == 0)
    return 0;
  if (self->position < self->held_at || self->position >= self->held_at + self->held_size)
    fetch_range (self);
  gsize within = (gsize) (self->position - self->held_at);
  gsize taken = MIN (count, self->held_size - within);
  memcpy (buffer, self->held + within, taken);
  self->position += taken;
  return (gssize) taken;
}

static goffset
viewer_content_tell (GSeekable *seekable)
{
  return (goffset) VIEWER_CONTENT (seekable)->position;
}

static gboolean
viewer_content_can_seek (GSeekable *seekable)
{
  return TRUE;
}

static gboolean
viewer_content_seek (GSeekable *seekable,
                     goffset offset,
                     GSeekType type,
                     GCancellable *cancellable,
                     GError **error)
{
  ViewerContent *self = VIEWER_CONTENT (seekable);
  goffset base = type == G_SEEK_SET   ? 0
                 : type == G_SEEK_CUR ? (goffset) self->position
                                      : (goffset) self->size;
  goffset wanted;

  if (__builtin_add_overflow (base, offset, &wanted) || wanted < 0 ||
      (guint64) wanted > self->size) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "outside the content");
    return FALSE;
  }
  self->position = (guint64) wanted;
  return TRUE;
}

static gboolean
viewer_content_can_truncate (GSeekable *seekable)
{
  return FALSE;
}

static gboolean
viewer_content_truncate (GSeekable *seekable,
                         goffset offset,
                         GCancellable *cancellable,
                         GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "read only");
  return FALSE;
}

static void
viewer_content_seekable_init (GSeekableIface *iface)
{
  iface->tell = viewer_content_tell;
  iface->can_seek = viewer_content_can_seek;
  iface->seek = viewer_content_seek;
  iface->can_truncate = viewer_content_can_truncate;
  iface->truncate_fn = viewer_content_truncate;
}

static void
viewer_content_finalize (GObject *object)
{
  g_free (VIEWER_CONTENT (object)->held);
  G_OBJECT_CLASS (viewer_content_parent_class)->finalize (object);
}

static void
viewer_content_class_init (ViewerContentClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = viewer_content_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = viewer_content_read;
}

static void
viewer_content_init (ViewerContent *self)
{
  self->held = g_malloc (SATCHEL_VIEWER_RANGE_MAX);
}

GInputStream *
viewer_content_new (guint64 size_bytes, ViewerFetch fetch)
{
  ViewerContent *self = g_object_new (VIEWER_TYPE_CONTENT, NULL);

  self->fetch = fetch;
  self->size = size_bytes;
  return G_INPUT_STREAM (self);
}
