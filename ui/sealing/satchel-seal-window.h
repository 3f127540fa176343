/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/**
 * The last look before a report leaves: what goes, to whom, how much, what to think of; then it is
 * sealed. Sending is the courier's. It goes when the vault locks: what is not sealed by then is not
 * sealed.
 */
#define SATCHEL_TYPE_SEAL_WINDOW (satchel_seal_window_get_type ())
G_DECLARE_FINAL_TYPE (SatchelSealWindow, satchel_seal_window, SATCHEL, SEAL_WINDOW, AdwWindow)

/** Over the window that @widget is in. */
void satchel_seal_window_present (GtkWidget *widget,
                                  SatchelSession *session,
                                  const char *record_id);

G_END_DECLS
