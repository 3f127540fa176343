/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** Everybody that the vault knows, with the alarms on top, oneself, the newsroom and, for its lead,
 *  the invites. What is opened is a page of the shell. */
#define SATCHEL_TYPE_PEOPLE_LIST (satchel_people_list_get_type ())
G_DECLARE_FINAL_TYPE (SatchelPeopleList, satchel_people_list, SATCHEL, PEOPLE_LIST, AdwBin)

GtkWidget *satchel_people_list_new (SatchelSession *session);

G_END_DECLS
