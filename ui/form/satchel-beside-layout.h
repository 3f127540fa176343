/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** Lays out two children: a text, and at the end of its line what belongs to it; where a narrow
 *  window or a long language leaves the text too little room for that, one below the other. */
#define SATCHEL_TYPE_BESIDE_LAYOUT (satchel_beside_layout_get_type ())
G_DECLARE_FINAL_TYPE (
    SatchelBesideLayout, satchel_beside_layout, SATCHEL, BESIDE_LAYOUT, GtkLayoutManager)

GtkLayoutManager *satchel_beside_layout_new (void);

G_END_DECLS
