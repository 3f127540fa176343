/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** The list of all cases: what links tie together, the latest first. A row opens the page of its
 *  case; a new one begins with a name and a report. */
#define SATCHEL_TYPE_CASE_OVERVIEW (satchel_case_overview_get_type ())
G_DECLARE_FINAL_TYPE (SatchelCaseOverview, satchel_case_overview, SATCHEL, CASE_OVERVIEW, AdwBin)

GtkWidget *satchel_case_overview_new (SatchelSession *session);

G_END_DECLS
