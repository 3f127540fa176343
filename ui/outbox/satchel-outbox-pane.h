/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** What was sealed, and what became of it: the list. Moves by itself while the courier is at it. */
#define SATCHEL_TYPE_OUTBOX_PANE (satchel_outbox_pane_get_type ())
G_DECLARE_FINAL_TYPE (SatchelOutboxPane, satchel_outbox_pane, SATCHEL, OUTBOX_PANE, AdwBin)

GtkWidget *satchel_outbox_pane_new (SatchelSession *session);

G_END_DECLS
