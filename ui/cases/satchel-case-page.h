/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** A case: its timeline, and its reports one below the other, each opened by "record.open". Reports
 *  are put into it and taken out again; it is saved as a calendar. */
#define SATCHEL_TYPE_CASE_PAGE (satchel_case_page_get_type ())
G_DECLARE_FINAL_TYPE (SatchelCasePage, satchel_case_page, SATCHEL, CASE_PAGE, AdwBin)

/** @record_id: any record of the case. */
GtkWidget *satchel_case_page_new (SatchelSession *session, const char *record_id);

G_END_DECLS
