/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** The rows of a list of SatchelRecordItem: icon, title (with what a search found), subtitle,
 *  and a mark on what is unread.
 *  A list view keeps some 200 rows alive and binds them all anew for each answer of a search as it
 *  is typed; so a row is filled by one function, and not by a binding for each of its words. */
void satchel_record_row_set_up (GtkListView *list);

G_END_DECLS
