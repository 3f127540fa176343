/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "courier/satchel-courier-runner.h"

G_BEGIN_DECLS

/** Says whether the newsroom is reached, and in its popover why or why not, with "Send Now". */
#define SATCHEL_TYPE_CONNECTION_BUTTON (satchel_connection_button_get_type ())
G_DECLARE_FINAL_TYPE (
    SatchelConnectionButton, satchel_connection_button, SATCHEL, CONNECTION_BUTTON, AdwBin)

GtkWidget *satchel_connection_button_new (SatchelCourierRunner *courier);

G_END_DECLS
