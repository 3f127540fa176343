/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** What must be done by when, of all reports: overdue, today, within a week, later, passed. A row
 *  asks for its report by "record.open". It keeps up with the clock. */
#define SATCHEL_TYPE_DEADLINE_LIST (satchel_deadline_list_get_type ())
G_DECLARE_FINAL_TYPE (SatchelDeadlineList, satchel_deadline_list, SATCHEL, DEADLINE_LIST, AdwBin)

GtkWidget *satchel_deadline_list_new (SatchelSession *session);

G_END_DECLS
