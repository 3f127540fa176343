/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** The verdict on an exported folder or a sealed file that lies outside the vault, item by item.
 *  Nothing is taken in. It stops when the page goes. */
#define SATCHEL_TYPE_VERIFY_PAGE (satchel_verify_page_get_type ())
G_DECLARE_FINAL_TYPE (SatchelVerifyPage, satchel_verify_page, SATCHEL, VERIFY_PAGE, AdwBin)

GtkWidget *satchel_verify_page_new (SatchelSession *session, const char *path);

G_END_DECLS
