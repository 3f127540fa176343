/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "viewer/satchel-viewer-wire.h"

/** Ends the process where the app is gone: nothing is left to be done then. From any thread. */
void viewer_send (SatchelViewerMessage message,
                  gconstpointer head,
                  gsize head_bytes,
                  gconstpointer body,
                  gsize body_bytes);
void viewer_receive (gpointer out, gsize size_bytes);
void viewer_receive_header (SatchelViewerMessage expected, SatchelViewerHeader *header);

/** Waits for the bytes that were asked for with READ, and puts them into @out. */
typedef void (*ViewerFetch) (guint8 *out, gsize size_bytes);

/** The same, in turns: nothing but DATA can come next. */
void viewer_fetch_in_turn (guint8 *out, gsize size_bytes);

/** The content, as a GSeekable stream that asks the app for ranges. */
GInputStream *viewer_content_new (guint64 size_bytes, ViewerFetch fetch);

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

/** Whether the content, of whatever kind, names the place where it was made. Only what cameras and
 *  editors write is looked for (Exif by libexif, XMP, IPTC, the descriptions of MP4 and QuickTime);
 *  the picture is not decoded. SATCHEL_VIEWER_PLACE_NONE only where all else in the file is known
 * to be without: raw pictures, tracks beside picture and sound and bytes behind the end are not. */
SatchelViewerPlace viewer_find_place (GInputStream *content, guint64 size_bytes);

/** Plays, in answer to what the app asks; never comes back. */
void viewer_play (const SatchelViewerOpen *open) G_GNUC_NORETURN;

/** The elements that a player is made of, from plugins that are loaded by name, without any
 *  registry; only decoders that are listed can be found. */
void viewer_preload_player (void);

/** Loads every decoder and font table that will be wanted: afterwards nothing can be opened. */
void viewer_preload_picture (void);
void viewer_preload_pdf (void);

typedef enum {
  VIEWER_DRAWS, /* pictures and pages: one thread, and fonts */
  VIEWER_PLAYS, /* sound and video: threads, and no file at all */
} ViewerWork;

/** Gives up everything but the socket, for good: no file but fonts (only where the kernel has
 *  Landlock; else none at all), no network, no process, bounded memory and time. Ends the process
 *  where it does not work. */
void viewer_enter_sandbox (ViewerWork work);
