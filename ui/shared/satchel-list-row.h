/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * What a GtkListItem has as its child, in every list view: GTK 4.8 gives a list item no name of its
 * own, so the row names its item to a screen reader. A list view makes some 200 of them: a kind of
 * row that lays its children out itself needs no box for each.
 */
#define SATCHEL_TYPE_LIST_ROW (satchel_list_row_get_type ())
G_DECLARE_DERIVABLE_TYPE (SatchelListRow, satchel_list_row, SATCHEL, LIST_ROW, GtkWidget)

struct _SatchelListRowClass {
  GtkWidgetClass parent_class;
};

/** Around @child, which is taken. */
GtkWidget *satchel_list_row_new (GtkWidget *child);

/** What is said of the item, and after it; both nullable. */
void satchel_list_row_name (SatchelListRow *self, const char *label, const char *description);

G_END_DECLS
