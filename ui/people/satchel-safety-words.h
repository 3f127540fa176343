/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "papers/satchel-public-keys.h"

G_BEGIN_DECLS

/** The six words of a person's keys, numbered and large, to be read aloud. Floating. */
GtkWidget *satchel_safety_words_new (const SatchelPublicKeys *keys);

G_END_DECLS
