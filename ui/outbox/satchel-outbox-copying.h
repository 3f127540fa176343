/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** Copies what is sealed to a stick or folder that a person chooses: says before how much it is,
 * and asks whether it is to be sent by the network all the same; shows how far it is, and can be
 *  stopped. What became of it is said in the window that @widget, inside the shell, is in. All of
 * it goes when the vault locks. */
void satchel_outbox_copy (GtkWidget *widget, SatchelSession *session);

G_END_DECLS
