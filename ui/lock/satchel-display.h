/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** Forgets what this program gave to @widget's display and got from it: what was copied here leaves
 *  the clipboards, and the buffer in which Xlib receives, where pasted words stay until something
 *  else comes, is written over. Another program's clipboard is left alone. For a lock. */
void satchel_display_forget (GtkWidget *widget);

G_END_DECLS
