/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "cards/satchel-press-face.h"

G_BEGIN_DECLS

/** A press card drawn as on paper: dark on white in every theme. @is_whole: every line of the face,
 *  else those by which one knows it. @picture (nullable, floating): the scan. Floating. */
GtkWidget *
satchel_press_card_new (const SatchelPressFace *face, gboolean is_whole, GtkWidget *picture);

/** Which way a card is written: that of its own heading. On a screen that is written the other way
 * a number would else stand reversed. */
GtkTextDirection satchel_press_card_get_direction (const SatchelPressFace *face);

G_END_DECLS
