/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * A button for what cannot be taken back: it has to be held for SATCHEL_HOLD_MS, with the pointer,
 * a finger, Space or Enter, and fills while it is. Let go earlier, moved off or left, it has done
 * nothing.
 *
 * Signal "held": once, at the end of the time.
 * Property "label".
 */
#define SATCHEL_TYPE_HOLD_BUTTON (satchel_hold_button_get_type ())
G_DECLARE_FINAL_TYPE (SatchelHoldButton, satchel_hold_button, SATCHEL, HOLD_BUTTON, GtkWidget)

#define SATCHEL_HOLD_MS 3000

GtkWidget *satchel_hold_button_new (const char *label);

G_END_DECLS
