/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** For the newsroom's lead: makes an invite, as a file or in the clipboard. It closes when that is
 *  done, and when the vault locks. */
#define SATCHEL_TYPE_INVITE_WINDOW (satchel_invite_window_get_type ())
G_DECLARE_FINAL_TYPE (SatchelInviteWindow, satchel_invite_window, SATCHEL, INVITE_WINDOW, AdwWindow)

/** Shows it over the window that @parent is in. */
void satchel_invite_window_present (GtkWidget *parent, SatchelSession *session);

G_END_DECLS
