/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** Preferences: when the vault locks itself, and what opens it. */
#define SATCHEL_TYPE_LOCK_PAGE (satchel_lock_page_get_type ())
G_DECLARE_FINAL_TYPE (SatchelLockPage, satchel_lock_page, SATCHEL, LOCK_PAGE, AdwPreferencesPage)

/** Insensitive before it is told what to show. */
SatchelLockPage *satchel_lock_page_new (SatchelSession *session);
void satchel_lock_page_show_minutes (SatchelLockPage *self, guint minutes);
void satchel_lock_page_show_panic (SatchelLockPage *self, gboolean has_panic);

G_END_DECLS
