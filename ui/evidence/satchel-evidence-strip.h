/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/**
 * The evidence of a report: small pictures that open, and ways in: a file dialog, drop, paste, the
 * microphone. Files are taken one after another, with progress, and can be stopped. Signal
 * "record-needed": something is to be attached, and there is no record yet;
 * satchel_evidence_strip_set_record() goes on with it, satchel_evidence_strip_give_up() does not.
 */
#define SATCHEL_TYPE_EVIDENCE_STRIP (satchel_evidence_strip_get_type ())
G_DECLARE_FINAL_TYPE (
    SatchelEvidenceStrip, satchel_evidence_strip, SATCHEL, EVIDENCE_STRIP, AdwPreferencesGroup)

/** @can_attach: FALSE where evidence is only looked at. */
SatchelEvidenceStrip *satchel_evidence_strip_new (SatchelSession *session, gboolean can_attach);

void satchel_evidence_strip_set_record (SatchelEvidenceStrip *self, const char *record_id);
void satchel_evidence_strip_give_up (SatchelEvidenceStrip *self);

/** Before something that wants the report whole: TRUE, and said, while sound is being recorded,
 * which is not in the report yet. */
gboolean satchel_evidence_strip_asks_to_stop (SatchelEvidenceStrip *self);

G_END_DECLS
