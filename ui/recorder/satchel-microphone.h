/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "recorder/satchel-tape.h"

G_BEGIN_DECLS

/**
 * The microphone that the desktop has chosen, encoded as Ogg Opus onto a tape: one channel, some
 * 8 kB a second, nothing on any disk. The sound server is waited for in threads of GStreamer's.
 * The main loop's only.
 *
 * Signals, none of them after satchel_microphone_stop():
 *   "ready": sound comes. What was heard until then is on the tape already.
 *   "failed" (GError *): of SATCHEL_MICROPHONE_ERROR; nothing comes any more, and what was heard
 *     is on the tape.
 */
#define SATCHEL_TYPE_MICROPHONE (satchel_microphone_get_type ())
G_DECLARE_FINAL_TYPE (SatchelMicrophone, satchel_microphone, SATCHEL, MICROPHONE, GObject)

#define SATCHEL_MICROPHONE_ERROR (satchel_microphone_error_quark ())
GQuark satchel_microphone_error_quark (void);
typedef enum {
  SATCHEL_MICROPHONE_ERROR_MISSING, /* GStreamer, or a plugin of it */
  SATCHEL_MICROPHONE_ERROR_NONE,    /* no sound server, or nothing to hear with */
  SATCHEL_MICROPHONE_ERROR_LOST,    /* it went away */
  SATCHEL_MICROPHONE_ERROR_FULL,    /* the tape was not emptied in time */
} SatchelMicrophoneError;

SatchelMicrophone *satchel_microphone_new (SatchelTape *tape);

/** Begins to listen. Once. "failed" may come before it returns. */
void satchel_microphone_start (SatchelMicrophone *self);

/** So long it is allowed for its end: a lock, which waits for that, takes less than a second. */
#define SATCHEL_MICROPHONE_END_MS 500

/** Stops listening, also before it began; the owner calls this before the last reference is given
 *  up. Does not wait: what was heard is encoded to its end in another thread. That ends the tape;
 *  where it takes longer than it is allowed, the tape is not ended, and its end is missing. */
void satchel_microphone_stop (SatchelMicrophone *self);

G_END_DECLS
