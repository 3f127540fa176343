/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "cards/satchel-press-face.h"

G_BEGIN_DECLS

/** A press card drawn as on paper: dark on white in every theme. @is_whole: every line of the face,
 *  else those by which one knows it. @picture (nullable, floating): the scan. Floating. */
GtkWidget *
satchel_press_card_new (const SatchelPressFace *face, gboolean is_whole, GtkWidget *picture);

G_END_DECLS
