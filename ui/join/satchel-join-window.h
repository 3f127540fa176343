/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** A window in which a newsroom is joined. It goes when the vault is locked. */
#define SATCHEL_TYPE_JOIN_WINDOW (satchel_join_window_get_type ())
G_DECLARE_FINAL_TYPE (SatchelJoinWindow, satchel_join_window, SATCHEL, JOIN_WINDOW, AdwWindow)

/** Shows it over @parent; the one that is there already, where there is one. @file (nullable) is
 *  looked at. */
void satchel_join_window_present (GtkWindow *parent, SatchelSession *session, GFile *file);

G_END_DECLS
