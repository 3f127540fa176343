/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** What was begun and not saved, latest first, each a row that opens it; hidden where there is
 *  none. */
#define SATCHEL_TYPE_DRAFT_LIST (satchel_draft_list_get_type ())
G_DECLARE_FINAL_TYPE (SatchelDraftList, satchel_draft_list, SATCHEL, DRAFT_LIST, AdwBin)

GtkWidget *satchel_draft_list_new (SatchelSession *session);

G_END_DECLS
