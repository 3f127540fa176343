/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** The invites that the newsroom's lead issued, with what became of them. A page for
 *  satchel_shell_present(). */
GtkWidget *satchel_invites_page_new (SatchelSession *session);

G_END_DECLS
