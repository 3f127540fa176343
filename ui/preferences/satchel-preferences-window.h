/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** What a person can choose: locking and keys, the rules for sending, light or dark. What is chosen
 *  holds at once; what could not be kept is said, and shown as it was. Closed by a lock. */
#define SATCHEL_TYPE_PREFERENCES_WINDOW (satchel_preferences_window_get_type ())
G_DECLARE_FINAL_TYPE (SatchelPreferencesWindow,
                      satchel_preferences_window,
                      SATCHEL,
                      PREFERENCES_WINDOW,
                      AdwPreferencesWindow)

void satchel_preferences_window_present (GtkWindow *parent, SatchelSession *session);

/** Something that was chosen could not be kept: says @error to the window that @widget is in, and
 *  shows what holds. Silent for what a person stopped. */
void satchel_preferences_window_fail (GtkWidget *widget, const GError *error);

G_END_DECLS
