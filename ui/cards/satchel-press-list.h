/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** A reporter's press cards and assignments, drawn as on paper, with what is wrong with each below
 *  it. What is opened is a page of the shell. */
#define SATCHEL_TYPE_PRESS_LIST (satchel_press_list_get_type ())
G_DECLARE_FINAL_TYPE (SatchelPressList, satchel_press_list, SATCHEL, PRESS_LIST, AdwBin)

GtkWidget *satchel_press_list_new (SatchelSession *session);

G_END_DECLS
