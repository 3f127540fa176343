/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** A QR code, black on white whatever the theme is, drawn in whole pixels. */
#define SATCHEL_TYPE_PRESS_QR (satchel_press_qr_get_type ())
G_DECLARE_FINAL_TYPE (SatchelPressQr, satchel_press_qr, SATCHEL, PRESS_QR, GtkWidget)

/** One that holds @text (UTF-8, error correction M), named @label for who does not see it.
 *  Floating; NULL where the text is more than a code can hold (2,331 bytes). */
GtkWidget *satchel_press_qr_new (const char *text, const char *label);

G_END_DECLS
