/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** Everything that was received, item by item with its verdict: by verdict, by words; and a way to
 *  verify what lies outside the vault. */
#define SATCHEL_TYPE_ITEMS_PANE (satchel_items_pane_get_type ())
G_DECLARE_FINAL_TYPE (SatchelItemsPane, satchel_items_pane, SATCHEL, ITEMS_PANE, AdwBin)

GtkWidget *satchel_items_pane_new (SatchelSession *session);

G_END_DECLS
