/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** One received item: its verdict, how to check it again, what a check found, where it comes from,
 *  its custody. A check that is running stops when the page goes. */
#define SATCHEL_TYPE_ITEM_PAGE (satchel_item_page_get_type ())
G_DECLARE_FINAL_TYPE (SatchelItemPage, satchel_item_page, SATCHEL, ITEM_PAGE, AdwBin)

/** @key: of satchel_received_list_keys(). */
GtkWidget *satchel_item_page_new (SatchelSession *session, gint64 key);

G_END_DECLS
