/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** One contact: who they are, how their key became trusted, the safety words to be compared by
 *  voice and, for the newsroom's lead, revoking. A page for satchel_shell_present(). */
GtkWidget *satchel_person_page_new (SatchelSession *session, const char *contact_id);

G_END_DECLS
