/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** What was received and what is to be thought of it: the list. */
#define SATCHEL_TYPE_INBOX_PANE (satchel_inbox_pane_get_type ())
G_DECLARE_FINAL_TYPE (SatchelInboxPane, satchel_inbox_pane, SATCHEL, INBOX_PANE, AdwBin)

GtkWidget *satchel_inbox_pane_new (SatchelSession *session);

G_END_DECLS
