/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * Samples out of the loudspeaker, and how far it has come. The sound server is waited for in a
 * thread of GStreamer's. The main loop's only.
 *
 * Signal "failed": there is no sound, and will be none: no server, no device.
 */
#define SATCHEL_TYPE_SPEAKER (satchel_speaker_get_type ())
G_DECLARE_FINAL_TYPE (SatchelSpeaker, satchel_speaker, SATCHEL, SPEAKER, GObject)

SatchelSpeaker *satchel_speaker_new (void);

/** Forgets what was pushed and begins at 0 with what is pushed from now on. */
void satchel_speaker_start (SatchelSpeaker *self);

/** @samples as SATCHEL_VIEWER_SOUND has them, to be heard @at_us after the start. */
void satchel_speaker_push (SatchelSpeaker *self, GBytes *samples, gint64 at_us);

/** Falls silent and forgets what was pushed. */
void satchel_speaker_stop (SatchelSpeaker *self);

/** How much of it was heard since the start; -1: nothing yet, or it failed. */
gint64 satchel_speaker_get_position_us (SatchelSpeaker *self);

gboolean satchel_speaker_has_failed (SatchelSpeaker *self);

/** Lets the device go; the owner calls this before the last reference is given up. */
void satchel_speaker_close (SatchelSpeaker *self);

G_END_DECLS
