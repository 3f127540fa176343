/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * A GtkTextView of which nothing is left in memory once it is gone, pasted and copied words
 * included. GTK 4.8 pastes and copies by way of further text buffers, some of which it never frees,
 * and keeps the view's own one alive after a selection: this one gives and takes text alone, and
 * empties its buffer, with what could be undone, when it goes.
 */
#define SATCHEL_TYPE_TEXT_VIEW (satchel_text_view_get_type ())
G_DECLARE_FINAL_TYPE (SatchelTextView, satchel_text_view, SATCHEL, TEXT_VIEW, GtkTextView)

GtkWidget *satchel_text_view_new (void);

G_END_DECLS
