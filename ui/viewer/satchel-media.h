/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "viewer/satchel-viewer-wire.h"

G_BEGIN_DECLS

/**
 * Sound and frames of one file, decoded by a satchel-viewer process, piece by piece as they are
 * asked for: so what is held here is bounded, however long the file is. The process reads a little
 * ahead. The main loop's only; @content as for satchel_viewer_new().
 *
 * Signals, none of them after satchel_media_close():
 *   "opened": satchel_media_get_facts() is there, and pieces can be asked for. Once.
 *   "sound" (gint64 position_us, GBytes *samples): 16 bits signed, left and right in turn, at
 *     SATCHEL_VIEWER_SOUND_RATE; NULL: the end of it.
 *   "frame" (gint64 position_us, GdkTexture *texture): NULL: the end of them.
 *   "failed" (GError *): of SATCHEL_VIEWER_ERROR; nothing comes any more.
 * A position of -1 is unknown: what follows what came before.
 */
#define SATCHEL_TYPE_MEDIA (satchel_media_get_type ())
G_DECLARE_FINAL_TYPE (SatchelMedia, satchel_media, SATCHEL, MEDIA, GObject)

/** Frames are made to fit into @width x @height pixels, until others are asked for.
 *  SATCHEL_VIEWER_ERROR_MISSING. */
SatchelMedia *satchel_media_new (
    GInputStream *content, guint64 size_bytes, guint width, guint height, GError **error);

/** Valid once it is opened. */
const SatchelViewerFacts *satchel_media_get_facts (SatchelMedia *self);

/** Asks for the next piece. Does nothing while one is on its way. */
void satchel_media_ask_sound (SatchelMedia *self);
void satchel_media_ask_frame (SatchelMedia *self, guint width, guint height);

/** What comes from now on begins at @position_us, exactly; what was asked is to be asked anew. */
void satchel_media_seek (SatchelMedia *self, gint64 position_us);

/** Ends the process; the owner calls this before the last reference is given up. */
void satchel_media_close (SatchelMedia *self);

G_END_DECLS
