/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "recorder/satchel-recorder.h"

G_BEGIN_DECLS

/**
 * A recording as a person sees it: how long it is, how loud it is, a button to stop and save it and
 * one to discard it, and in words up to where it is saved. Hidden while nothing is recorded. Where
 * it goes off the screen, the recording is stopped and saved: none goes on unseen.
 *
 * Signals:
 *   "changed": satchel_recorder_bar_get_state() says something else; before it hides, and before
 *     its buttons go insensitive.
 *   "saved": the report has one more item of evidence.
 */
#define SATCHEL_TYPE_RECORDER_BAR (satchel_recorder_bar_get_type ())
G_DECLARE_FINAL_TYPE (SatchelRecorderBar, satchel_recorder_bar, SATCHEL, RECORDER_BAR, AdwBin)

/** Once, before anything else. */
void satchel_recorder_bar_set_session (SatchelRecorderBar *self, SatchelSession *session);

SatchelRecorderState satchel_recorder_bar_get_state (SatchelRecorderBar *self);

/** As satchel_recorder_start() and satchel_recorder_stop(). */
void satchel_recorder_bar_start (SatchelRecorderBar *self, const char *record_id);
void satchel_recorder_bar_stop (SatchelRecorderBar *self);

G_END_DECLS
