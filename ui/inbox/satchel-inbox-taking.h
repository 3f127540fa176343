/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "handed/satchel-untaken.h"
#include "session/satchel-session.h"

G_BEGIN_DECLS

/** Takes in sealed bundles that were handed over from outside the app (@paths: a strv, files), with
 *  progress and a way to stop in a dialog over the window that @widget, inside the shell, is in.
 *  What became of them is said there, and what was taken in is shown: the inbox to the desk, the
 *  reports to a reporter. The dialog goes when the vault locks, and the taking stops: @untaken is
 *  told of the rest. */
void satchel_inbox_take_files (GtkWidget *widget,
                               SatchelSession *session,
                               const char *const *paths,
                               SatchelUntaken untaken);

G_END_DECLS
