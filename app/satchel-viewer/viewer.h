/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "viewer/satchel-viewer-wire.h"

/** Ends the process where the app is gone: nothing is left to be done then. */
void viewer_send (SatchelViewerMessage message,
                  gconstpointer head,
                  gsize head_bytes,
                  gconstpointer body,
                  gsize body_bytes);
void viewer_receive (gpointer out, gsize size_bytes);
void viewer_receive_header (SatchelViewerMessage expected, SatchelViewerHeader *header);

/** The content, as a GSeekable stream that asks the app for ranges. */
GInputStream *viewer_content_new (guint64 size_bytes);

/** A decoded picture; @pixels as in SatchelViewerPicture. */
typedef struct {
  guint8 *pixels;
  SatchelViewerPicture facts;
} ViewerPicture;

/** Decoders: FALSE with @failure. @content is borrowed and read from its start. */
gboolean viewer_decode_picture (GInputStream *content,
                                SatchelViewerKind kind,
                                const SatchelViewerRender *render,
                                ViewerPicture *picture,
                                SatchelViewerFailure *failure);
gboolean viewer_decode_pdf (GInputStream *content,
                            guint64 size_bytes,
                            const SatchelViewerRender *render,
                            ViewerPicture *picture,
                            SatchelViewerFailure *failure);

/** Loads every decoder and font table that will be wanted: afterwards nothing can be opened. */
void viewer_preload_picture (void);
void viewer_preload_pdf (void);

/** Gives up everything but the socket, for good: no file but fonts (only where the kernel has
 *  Landlock; else none at all), no network, no process, bounded memory and time. Ends the process
 *  where it does not work. */
void viewer_enter_sandbox (void);
