/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** The language that Satchel speaks: the desktop's, or one that was chosen in its preferences.
 *  What is chosen counts from the next start. */

/** In the language itself, as a person looks for it, the desktop's own first. NULL-terminated. */
const char *const *satchel_language_list_names (void);

/** The number in that list of what is chosen. */
guint satchel_language_get (GSettings *settings);
void satchel_language_set (GSettings *settings, guint number);

/** What is chosen becomes the program's: before satchel_locale_start() and GTK. NULL-safe. */
void satchel_language_apply (GSettings *settings);

/** Everything is written from the left or from the right, as the language is; after GTK started. */
void satchel_language_apply_direction (void);

G_END_DECLS
