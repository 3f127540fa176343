/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** Forgets what this program gave to @display and got from it: what was copied here leaves
 *  the clipboards, and the buffer in which Xlib receives, where pasted words stay until something
 *  else comes, is written over. Another program's clipboard is left alone. For a lock, and for the
 *  end of the program, at which GTK hands what was copied to whoever keeps clipboards. */
void satchel_display_forget (GdkDisplay *display);

G_END_DECLS
