/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * What a GtkListItem has as its child, in every list view: GTK 4.8 gives a list item no name of its
 * own, so the row names its item to a screen reader.
 */
#define SATCHEL_TYPE_LIST_ROW (satchel_list_row_get_type ())
G_DECLARE_FINAL_TYPE (SatchelListRow, satchel_list_row, SATCHEL, LIST_ROW, AdwBin)

GtkWidget *satchel_list_row_new (void);

/** What is said of the item, and after it; both nullable. */
void satchel_list_row_name (SatchelListRow *self, const char *label, const char *description);

G_END_DECLS
