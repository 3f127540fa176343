/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * Text of a row in a long list: as a label, each line of it ellipsized. Its size follows from the
 * number of its lines and from the font, and not from the words: a list view measures some 200 rows
 * in a frame, and draws a dozen. The words are laid out where they are drawn.
 */
#define SATCHEL_TYPE_ROW_TEXT (satchel_row_text_get_type ())
G_DECLARE_FINAL_TYPE (SatchelRowText, satchel_row_text, SATCHEL, ROW_TEXT, GtkWidget)

GtkWidget *satchel_row_text_new (void);

/** @text nullable; Pango's markup with @is_markup. */
void satchel_row_text_set (SatchelRowText *self, const char *text, gboolean is_markup);

G_END_DECLS
