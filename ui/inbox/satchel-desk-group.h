/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "inbox/satchel-desk-job.h"

G_BEGIN_DECLS

/** How the desk works on one bundle: status, whose it is, tags, notes. What is chosen is done at
 *  once, and shown when the vault has it. */
#define SATCHEL_TYPE_DESK_GROUP (satchel_desk_group_get_type ())
G_DECLARE_FINAL_TYPE (SatchelDeskGroup, satchel_desk_group, SATCHEL, DESK_GROUP, AdwBin)

/** @notes: of SatchelDeskNote. Nothing of these is kept. */
void satchel_desk_group_show (SatchelDeskGroup *self,
                              SatchelSession *session,
                              const SatchelDesk *desk,
                              const SatchelDeskChoices *choices,
                              GPtrArray *notes);

G_END_DECLS
