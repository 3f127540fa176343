/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** A button that, held, destroys the keys of @session's vault for ever, locked or open, and says so
 *  to the window that it is in. A newsroom's recovery stays, where there is one. */
GtkWidget *satchel_destroy_button_new (SatchelSession *session);

/** What destroying does and does not do, for the words beside the button. Borrowed. */
const char *satchel_destroy_get_words (void);

G_END_DECLS
