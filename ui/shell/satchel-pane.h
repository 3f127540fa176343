/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * One column of the shell: a header bar and what stands below. It knows the shell's leaflet: folded
 * to one column, its header has a way back and the window's buttons, and a title that has a
 * subtitle stands below it, where there is room for both. In .ui files its children are of type
 * "start" and "end" (of the header), "top" (below the header), or content.
 */
#define SATCHEL_TYPE_PANE (satchel_pane_get_type ())
G_DECLARE_FINAL_TYPE (SatchelPane, satchel_pane, SATCHEL, PANE, AdwBin)

GtkWidget *satchel_pane_new (const char *title);

const char *satchel_pane_get_title (SatchelPane *self);
void satchel_pane_set_title (SatchelPane *self, const char *title);
void satchel_pane_set_subtitle (SatchelPane *self, const char *subtitle);
void satchel_pane_pack_start (SatchelPane *self, GtkWidget *widget);
void satchel_pane_pack_end (SatchelPane *self, GtkWidget *widget);
void satchel_pane_add_top (SatchelPane *self, GtkWidget *widget);
void satchel_pane_set_content (SatchelPane *self, GtkWidget *content);

G_END_DECLS
