/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** One press card or assignment: as on paper, whether it is good, and two ways to show it to an
 *  officer. A page for satchel_shell_present(). */
#define SATCHEL_TYPE_PRESS_PAGE (satchel_press_page_get_type ())
G_DECLARE_FINAL_TYPE (SatchelPressPage, satchel_press_page, SATCHEL, PRESS_PAGE, AdwBin)

GtkWidget *satchel_press_page_new (SatchelSession *session, const char *record_id);

G_END_DECLS
