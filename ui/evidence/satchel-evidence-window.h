/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "records/satchel-evidence.h"
#include "session/satchel-session.h"

G_BEGIN_DECLS

/** One item, large: its picture, pages, sound or video, decoded by a viewer process; what is known
 * of it; a way to save a copy. It closes by itself when the vault locks. */
#define SATCHEL_TYPE_EVIDENCE_WINDOW (satchel_evidence_window_get_type ())
G_DECLARE_FINAL_TYPE (
    SatchelEvidenceWindow, satchel_evidence_window, SATCHEL, EVIDENCE_WINDOW, AdwWindow)

/** Shows it over the window that @parent is in. */
void satchel_evidence_window_present (GtkWidget *parent,
                                      SatchelSession *session,
                                      const SatchelEvidence *item);

G_END_DECLS
