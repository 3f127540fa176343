/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/satchel-sink.h"

#include "base/satchel-error.h"

#define SPLICE_BUFFER_SIZE (256 * 1024)

gboolean
satchel_sink_write (SatchelSink sink,
                    const guint8 *data,
                    gsize size_bytes,
                    GCancellable *cancellable,
                    GError **error)
{
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  return size_bytes == 0 || sink.write (sink.target, data, size_bytes, cancellable, error);
}

gboolean
satchel_sink_splice (SatchelSink sink,
                     GInputStream *source,
                     guint64 limit_bytes,
                     guint64 *copied,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autofree guint8 *buffer = g_malloc (SPLICE_BUFFER_SIZE);
  g_autoptr (GError) local_error = NULL;
  guint64 total = 0;

  for (;;) {
    gssize got =
        g_input_stream_read (source, buffer, SPLICE_BUFFER_SIZE, cancellable, &local_error);
    if (got < 0)
      return satchel_base_take_gio_error (error, g_steal_pointer (&local_error), "read");
    if (got == 0)
      break;
    if ((guint64) got > limit_bytes - total) {
      g_set_error (error,
                   SATCHEL_BASE_ERROR,
                   SATCHEL_BASE_ERROR_TOO_LARGE,
                   "more than the permitted %" G_GUINT64_FORMAT " bytes",
                   limit_bytes);
      return FALSE;
    }
    if (!satchel_sink_write (sink, buffer, got, cancellable, error))
      return FALSE;
    total += got;
  }
  if (copied != NULL)
    *copied = total;
  return TRUE;
}

static gboolean
append_to_array (gpointer target,
                 const guint8 *data,
                 gsize size_bytes,
                 GCancellable *cancellable,
                 GError **error)
{
  GByteArray *array = target;

  if (size_bytes > G_MAXUINT - array->len) {
    g_set_error_literal (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_TOO_LARGE,
                         "too large for memory");
    return FALSE;
  }
  g_byte_array_append (array, data, size_bytes);
  return TRUE;
}

SatchelSink
satchel_sink_to_byte_array (GByteArray *array)
{
  return (SatchelSink){append_to_array, array};
}

static gboolean
discard (gpointer target,
         const guint8 *data,
         gsize size_bytes,
         GCancellable *cancellable,
         GError **error)
{
  return TRUE;
}

SatchelSink
satchel_sink_to_nowhere (void)
{
  return (SatchelSink){discard, NULL};
}
