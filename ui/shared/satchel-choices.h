/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * Names a menu of words to a screen reader, the button in it which has the focus, the list that
 * opens, and each choice in that: in GTK 4.8 all these say no more than what type they are. What is
 * chosen from is a GtkStringList. Main thread.
 */
void satchel_choices_call (GtkDropDown *menu, const char *name);

/** The same of a row, which is called by its title already. */
void satchel_choices_call_row (AdwComboRow *row);

G_END_DECLS
