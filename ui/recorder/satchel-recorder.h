/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/**
 * Records a spoken note into a report: from the microphone through memory into the vault. Every
 * second it is handed on, and kept in parts of some eight seconds: what is kept is durable, so that
 * an error of the disk is seen with the next part, and a crash takes no more than what came after
 * the last. It is in its report when it is stopped, and that is said then and not before. Also what
 * ends it otherwise saves what was heard until then: a lock (the keys wait for it), a microphone
 * that goes away or gives nothing any more, a disk that is almost full; where the disk fails, what
 * was kept. Only destroying the vault and a person who says so leave nothing. What came of it is
 * put as a word to the session: a lock that ended it is told of at the next unlocking. Memory is
 * bounded, however long it records. The main loop's only.
 *
 * Signals:
 *   "changed": satchel_recorder_get_state() says something else.
 *   "saved": the report has one more item of evidence.
 */
#define SATCHEL_TYPE_RECORDER (satchel_recorder_get_type ())
G_DECLARE_FINAL_TYPE (SatchelRecorder, satchel_recorder, SATCHEL, RECORDER, GObject)

typedef enum {
  SATCHEL_RECORDER_IDLE,
  SATCHEL_RECORDER_STARTING, /* nothing is heard yet */
  SATCHEL_RECORDER_RECORDING,
  SATCHEL_RECORDER_SAVING,
} SatchelRecorderState;

SatchelRecorder *satchel_recorder_new (SatchelSession *session);

SatchelRecorderState satchel_recorder_get_state (SatchelRecorder *self);

/** Begins, for the record @record_id; does nothing unless idle. */
void satchel_recorder_start (SatchelRecorder *self, const char *record_id);

/** Stops, and saves what was heard. */
void satchel_recorder_stop (SatchelRecorder *self);

/** Stops, and leaves nothing of it. */
void satchel_recorder_discard (SatchelRecorder *self);

/** How long the recording is by now. */
gint64 satchel_recorder_get_heard_us (SatchelRecorder *self);

/** How much of it is kept, in whole seconds: it outlives a crash. */
guint satchel_recorder_get_kept_s (SatchelRecorder *self);

/** The loudest since it was asked last, as a part of what a meter shows: 0 for silence (60 dB below
 *  the loudest), 1 for as loud as can be. */
double satchel_recorder_take_level (SatchelRecorder *self);

/** The same for a sample of 0 to SATCHEL_TAPE_LOUDEST. */
double satchel_recorder_level (guint peak);

G_END_DECLS
