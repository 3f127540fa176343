/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "viewer/satchel-viewer-wire.h"

G_BEGIN_DECLS

/**
 * One satchel-viewer process with one file: the app's side of ui/viewer/satchel-viewer-wire.h. No
 * byte of the content is decoded in the app. The process is killed by satchel_viewer_close(), when
 * it takes too long, and when it says anything but what it was asked. The main loop's only; ranges
 * are read there, from a stream that must not block for long (satchel_blob_open()).
 */
#define SATCHEL_TYPE_VIEWER (satchel_viewer_get_type ())
G_DECLARE_FINAL_TYPE (SatchelViewer, satchel_viewer, SATCHEL, VIEWER, GObject)

typedef enum {
  SATCHEL_VIEWER_ERROR_MISSING,   /* the program is not there or does not start */
  SATCHEL_VIEWER_ERROR_DAMAGED,   /* the file cannot be decoded */
  SATCHEL_VIEWER_ERROR_TOO_LARGE, /* more pixels than are decoded */
  SATCHEL_VIEWER_ERROR_LOCKED,    /* a PDF with a password */
  SATCHEL_VIEWER_ERROR_NO_PAGE,
  SATCHEL_VIEWER_ERROR_CRASHED, /* it ended, or broke the rules */
  SATCHEL_VIEWER_ERROR_TOO_LONG,
  SATCHEL_VIEWER_ERROR_CONTENT, /* @content could not be read: no fault of the file's */
  SATCHEL_VIEWER_ERROR_FORMAT,  /* sound or video that nothing here decodes */
} SatchelViewerError;
#define SATCHEL_VIEWER_ERROR (satchel_viewer_error_quark ())
GQuark satchel_viewer_error_quark (void);

/** The code for a SatchelViewerFailure. */
int satchel_viewer_error_from_failure (guint32 failure);

/** Whether files of this type (as sniffed at capture) can be shown: of a video a still. */
gboolean satchel_viewer_can_show (const char *content_type);

/** Whether they are sound or video, for SatchelMedia. */
gboolean satchel_viewer_can_play (const char *content_type);

/** Starts a viewer for @content, a GSeekable of @size_bytes. SATCHEL_VIEWER_ERROR_MISSING. */
SatchelViewer *satchel_viewer_new (GInputStream *content,
                                   guint64 size_bytes,
                                   const char *content_type,
                                   GError **error);

/** The same for satchel_viewer_find_place_async() alone, whatever the content is. */
SatchelViewer *
satchel_viewer_new_finder (GInputStream *content, guint64 size_bytes, GError **error);

/** Ends the process; its owner calls this before the last reference is given up. A rendering that
 * is under way is answered with G_IO_ERROR_CANCELLED. Safe to call twice. */
void satchel_viewer_close (SatchelViewer *self);

/** Draws page @page (from 0) so that it fits into @width x @height pixels. One at a time. */
void satchel_viewer_render_async (SatchelViewer *self,
                                  guint page,
                                  guint width,
                                  guint height,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);

/** @pages (nullable) gets how many there are. After an error of CRASHED or TOO_LONG, or a
 *  cancellation, the viewer is dead: every later call says so. */
GdkTexture *satchel_viewer_render_finish (SatchelViewer *self,
                                          GAsyncResult *result,
                                          guint *pages,
                                          GError **error);

/** Whether the file names the place where it was made; nothing is decoded. Alone and once. */
void satchel_viewer_find_place_async (SatchelViewer *self,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);

/** UNKNOWN with an error: it may. */
SatchelViewerPlace
satchel_viewer_find_place_finish (SatchelViewer *self, GAsyncResult *result, GError **error);

G_END_DECLS
