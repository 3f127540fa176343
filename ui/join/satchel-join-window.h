/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** A window in which a newsroom is joined. It goes when the vault is locked. When it goes, or is
 * free for the next file that was handed over, it activates "handed.next" on the window below. */
#define SATCHEL_TYPE_JOIN_WINDOW (satchel_join_window_get_type ())
G_DECLARE_FINAL_TYPE (SatchelJoinWindow, satchel_join_window, SATCHEL, JOIN_WINDOW, AdwWindow)

/** Shows it over @parent; the one that is there already, where there is one. @file (nullable) is
 *  looked at. */
void satchel_join_window_present (GtkWindow *parent, SatchelSession *session, GFile *file);

/** Shows it for a file that was handed over; FALSE where it is there and something in it is not
 *  answered yet. */
gboolean satchel_join_window_offer (GtkWindow *parent, SatchelSession *session, GFile *file);

/** Whether it is there over @parent, and something in it is not answered yet. */
gboolean satchel_join_window_has_unanswered (GtkWindow *parent);

/** As satchel_join_view_take_unanswered(), of the one over @parent. */
GFile *satchel_join_window_take_unanswered (GtkWindow *parent);

G_END_DECLS
