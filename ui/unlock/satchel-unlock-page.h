/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** Asks for the passphrase, and says nothing of whose vault it is, but for a press card that its
 * owner chose to leave readable, which it offers to show. */
#define SATCHEL_TYPE_UNLOCK_PAGE (satchel_unlock_page_get_type ())
G_DECLARE_FINAL_TYPE (SatchelUnlockPage, satchel_unlock_page, SATCHEL, UNLOCK_PAGE, AdwBin)

GtkWidget *satchel_unlock_page_new (SatchelSession *session);

/** Whether it says that what was handed over waits; not what. */
void satchel_unlock_page_set_waiting (SatchelUnlockPage *self, gboolean is_waiting);

G_END_DECLS
