/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "report/satchel-report-job.h"

G_BEGIN_DECLS

/** What there is besides a report's answers: who names it, its history, its custody. */
#define SATCHEL_TYPE_REPORT_PAST (satchel_report_past_get_type ())
G_DECLARE_FINAL_TYPE (SatchelReportPast, satchel_report_past, SATCHEL, REPORT_PAST, AdwBin)

/** Shows it in the place of what was shown; nothing for a report that was never saved (@report
 *  NULL, or without a record). */
void satchel_report_past_show (SatchelReportPast *self, const SatchelReport *report);

G_END_DECLS
