/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "recorder/satchel-tape.h"
#include "session/satchel-session.h"

G_BEGIN_DECLS

/**
 * A recording on its way from a tape into the vault, by short jobs for satchel_session_run_async():
 * a lock waits for those that wait, and for the last one. It is evidence of its report once the
 * last one has said so. Before that it is kept in parts, of some eight seconds: what is kept
 * outlives a crash, and is made evidence by satchel_evidence_salvage().
 */
typedef struct _SatchelRecording SatchelRecording;

/** @started_us: when it began, in microseconds since 1970; its name and its time of capture are
 *  made of that. Nothing is written before the first job. */
SatchelRecording *
satchel_recording_new (const char *record_id, SatchelTape *tape, gint64 started_us);

/** From any thread. What is neither finished nor kept is gone with the last reference. */
SatchelRecording *satchel_recording_ref (SatchelRecording *self);
void satchel_recording_unref (SatchelRecording *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelRecording, satchel_recording_unref)

/** Takes in what waits on the tape, and keeps it up to its last whole part.
 *  SATCHEL_BASE_ERROR_NO_SPACE comes while there is room to finish what was taken in. After an
 * error nothing more is taken in, so that there is no gap. Gives a pointer that is not NULL. */
SatchelSessionJob satchel_recording_keep_job (SatchelRecording *self);

/** How much of it is kept, in whole seconds from its beginning: durable, and the store says so.
 * From any thread. */
guint satchel_recording_get_kept_s (SatchelRecording *self);

/** What is in the vault. */
typedef struct {
  char *name;          /* the item's */
  GError *cut;         /* why its end is missing; NULL where it is whole */
  gboolean is_damaged; /* of what was kept, not all can be read */
} SatchelRecorded;

void satchel_recorded_free (SatchelRecorded *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelRecorded, satchel_recorded_free)

/** Waits a moment for the tape's end, seals the rest as far as there is room, and makes it an item
 *  of evidence; where that fails, of what is kept. Gives a SatchelRecorded; what came of an error
 *  before is told as that. After an error what is kept is kept still. */
SatchelSessionJob satchel_recording_finish_job (SatchelRecording *self);

/** Forgets it, and removes its file. Gives a pointer that is not NULL; after an error what is kept
 *  of it is there still. */
SatchelSessionJob satchel_recording_discard_job (SatchelRecording *self);

/** "Recording 2026-11-28 22.45.07.ogg": the same in every language, fit for every disk. The
 *  caller's. */
char *satchel_recording_name (gint64 started_us);

G_END_DECLS
