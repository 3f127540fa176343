/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * GStreamer in the app: for samples that satchel-viewer has decoded, and for what the person's own
 * microphone hears, never for a file. Those plugins are loaded that take sound to a loudspeaker,
 * and from a microphone into Ogg Opus; satchel_gst_prepare() was called at the start.
 */

/** Begins to load what is needed, in a thread, so that nobody waits for it later. */
void satchel_sound_prepare (void);

/** Loads what is needed, the first time, or waits for who does. FALSE where GStreamer is not
 *  there. */
gboolean satchel_sound_load (void);

G_END_DECLS
