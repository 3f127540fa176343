/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * Where bytes go: one function and its target, passed by value. Readers in Satchel are
 * GInputStream; writers are not GOutputStream, because that closes itself when it is freed, and an
 * abandoned archive must never be finished by accident. Every writer here has an explicit finish or
 * commit, and freeing one without it abandons the output.
 */
typedef gboolean (*SatchelSinkWrite) (gpointer target,
                                      const guint8 *data,
                                      gsize size_bytes,
                                      GCancellable *cancellable,
                                      GError **error);

typedef struct {
  SatchelSinkWrite write;
  gpointer target; /* borrowed */
} SatchelSink;

/** Writes all of @data or fails. */
gboolean satchel_sink_write (SatchelSink sink,
                             const guint8 *data,
                             gsize size_bytes,
                             GCancellable *cancellable,
                             GError **error);

/** Copies @source into @sink until end of file; @copied (nullable) gets the number of bytes.
 *  Works in constant memory. Fails with SATCHEL_BASE_ERROR_TOO_LARGE after @limit_bytes. */
gboolean satchel_sink_splice (SatchelSink sink,
                              GInputStream *source,
                              guint64 limit_bytes,
                              guint64 *copied,
                              GCancellable *cancellable,
                              GError **error);

/** Sinks that end a chain: a growing array, or nothing at all. */
SatchelSink satchel_sink_to_byte_array (GByteArray *array);
SatchelSink satchel_sink_to_nowhere (void);

/** Told how far long work has come: @total is 0 where it is not known. Called from the working
 * thread. */
typedef void (*SatchelProgress) (guint64 done_bytes, guint64 total_bytes, gpointer user_data);

/** A progress callback and its data, passed by value; both NULL for none. */
typedef struct {
  SatchelProgress report;
  gpointer user_data;
} SatchelProgressReport;

G_END_DECLS
