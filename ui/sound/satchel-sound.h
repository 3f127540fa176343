/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * GStreamer in the app: for samples that satchel-viewer has decoded, never for a file. No registry
 * is read or written, no program is started to look for plugins: those that take sound to a
 * loudspeaker are loaded by name.
 */

/** Says so in the environment; at the start of the program, before there are threads. */
void satchel_sound_prepare (void);

/** Loads what is needed, the first time. FALSE where GStreamer is not there. Prepares, if that is
 *  still to be done. The main loop's only. */
gboolean satchel_sound_load (void);

G_END_DECLS
