/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "records/satchel-kind.h"
#include "session/satchel-session.h"

G_BEGIN_DECLS

/**
 * One report: its form, evidence, history. What is typed is kept as an encrypted draft at every
 * pause, and when the page goes or the vault locks; it becomes a revision by Save. A received
 * report is only read.
 */
#define SATCHEL_TYPE_REPORT_PAGE (satchel_report_page_get_type ())
G_DECLARE_FINAL_TYPE (SatchelReportPage, satchel_report_page, SATCHEL, REPORT_PAGE, AdwBin)

/** An empty one of @kind, ready to be typed into. */
GtkWidget *satchel_report_page_new (SatchelSession *session, const SatchelKind *kind);

/** A note that answers the received report @record_id. */
GtkWidget *satchel_report_page_new_for_answer (SatchelSession *session, const char *record_id);

/** One that is there, with its draft where there is one. */
GtkWidget *satchel_report_page_new_for_record (SatchelSession *session, const char *record_id);

/** One that was begun. */
GtkWidget *satchel_report_page_new_for_draft (SatchelSession *session, const char *draft_id);

G_END_DECLS
