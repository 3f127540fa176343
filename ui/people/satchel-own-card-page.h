/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** The owner's own card: safety words to be read aloud, and a way to save it for others. A page for
 *  satchel_shell_present(). */
GtkWidget *satchel_own_card_page_new (SatchelSession *session);

G_END_DECLS
