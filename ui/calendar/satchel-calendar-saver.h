/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "legal/satchel-calendar-export.h"
#include "session/satchel-session.h"

G_BEGIN_DECLS

/**
 * Saves a calendar outside the vault: warns of what that means, naming who is not to be named to
 * others, asks where, writes, and says how it went, over the window that @widget is in. Names,
 * places and titles can be left out, and are at first where somebody is not to be named. It ends
 * without a word when the vault is locked.
 * @records: ids, NULL-terminated, copied; NULL for all. @name: what the file is called at first.
 */
void satchel_calendar_saver_start (GtkWidget *widget,
                                   SatchelSession *session,
                                   const char *const *records,
                                   SatchelCalendarContents contents,
                                   const char *name);

G_END_DECLS
