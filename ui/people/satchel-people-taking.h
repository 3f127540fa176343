/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "handed/satchel-untaken.h"
#include "session/satchel-session.h"

G_BEGIN_DECLS

/** Takes in a paper from the file at @path, wherever a person hands it over: a card is added and
 *  its page shown, for an invite or a newsroom's card the joining opens. What became of it, an
 *  alarm and an error among them, is said over the window that @widget, inside the shell, is in.
 *  Where a lock came before it, @untaken is told. */
void satchel_people_take_file (GtkWidget *widget,
                               SatchelSession *session,
                               const char *path,
                               SatchelUntaken untaken);

G_END_DECLS
