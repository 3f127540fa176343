/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/** What is done again and again to widgets that are made in C. Main thread. */

/** Names @widget to a screen reader. @has_tip: the name is its tooltip too, as it should be for
 *  every button that shows a symbol only. */
void satchel_widget_call (GtkWidget *widget, const char *name, gboolean has_tip);

/** Names both buttons of @button, which has a menu of @menu: in GTK 4.8 they would be called by
 * what type of picture they show. */
void satchel_widget_call_split (AdwSplitButton *button, const char *name, const char *menu);

/** Names @row and the lists in it to a screen reader, by its title. */
void satchel_widget_call_expander (AdwExpanderRow *row);

/** Names to a screen reader, by @name, the list of each group in @widget, or of the group that it
 *  is, that has no title: it would be called by its type. */
void satchel_widget_call_lists (GtkWidget *widget, const char *name);

/** Makes @row show @text below its title as it is: without a hyphen where a key or a hash is broken
 *  into lines, for nobody could tell it from one of its letters. @text: nullable. */
void satchel_widget_set_exact (AdwActionRow *row, const char *text);

/** Makes @page say what @error means and what to do next: these pages read markup. */
void satchel_widget_explain (AdwStatusPage *page, const GError *error);

/** Tab leads out of @list, a GtkListView or GtkListBox: in GTK 4.8 it would stop at every row, and
 * somebody with a hundred thousand never got any further. The arrow keys lead through the rows. */
void satchel_widget_leave_by_tab (GtkWidget *list);

/** A label of running text, which wraps. @text: nullable. @style: CSS classes with spaces between,
 *  as in "caption dim-label"; nullable. Floating. */
GtkWidget *satchel_label_new (const char *text, const char *style);

/** The same of one line, which ends in an ellipsis where there is no room. Floating. */
GtkWidget *satchel_label_new_line (const char *text, const char *style);

G_END_DECLS
