/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** The newsroom that the vault belongs to, and warnings about it; its lead renews its card here. A
 *  page for satchel_shell_present(). */
GtkWidget *satchel_newsroom_page_new (SatchelSession *session);

G_END_DECLS
