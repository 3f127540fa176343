/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/** A toast that says all of @text, in several lines where the window is narrow: a toast's own title
 *  is cut there. For satchel_window_say() and windows that have toasts of their own. */
AdwToast *satchel_toast_new (const char *text);

/** Before it is shown, and after its button was named: @where is as wide as it may be. */
void satchel_toast_fit (AdwToast *self, GtkWidget *where);

G_END_DECLS
