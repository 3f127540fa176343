/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** All records, newest first, with search as one types. A row asks for its page by "record.open".
 */
#define SATCHEL_TYPE_REPORT_LIST (satchel_report_list_get_type ())
G_DECLARE_FINAL_TYPE (SatchelReportList, satchel_report_list, SATCHEL, REPORT_LIST, AdwBin)

GtkWidget *satchel_report_list_new (SatchelSession *session);

G_END_DECLS
