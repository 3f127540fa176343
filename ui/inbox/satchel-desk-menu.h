/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inbox/satchel-desk-job.h"

G_BEGIN_DECLS

/**
 * Menus of a desk. Their items ask the widget around them for actions, which are the same for one
 * bundle and for many: desk.status (i: SatchelDeskStatus), desk.assign (s: "me", a contact's id, ""
 * for nobody), desk.tag and desk.untag (s), desk.read (b). The caller's.
 */
GMenuModel *satchel_desk_menu_new_status (void);
GMenuModel *satchel_desk_menu_new_assign (const SatchelDeskChoices *choices);

/** Questions of satchel_desk_text_parse_question(), for an action with a state: inbox.show (s). */
GMenuModel *satchel_desk_menu_new_views (const SatchelDeskChoices *choices);

/** What an action of these asks for. @change borrows of @parameter. FALSE for any other. */
gboolean
satchel_desk_menu_read (const char *action, GVariant *parameter, SatchelDeskChange *change);

G_END_DECLS
