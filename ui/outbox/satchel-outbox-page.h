/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** One sealed bundle: how far it came, with its proofs, what is in it, and what can be done now. */
#define SATCHEL_TYPE_OUTBOX_PAGE (satchel_outbox_page_get_type ())
G_DECLARE_FINAL_TYPE (SatchelOutboxPage, satchel_outbox_page, SATCHEL, OUTBOX_PAGE, AdwBin)

GtkWidget *satchel_outbox_page_new (SatchelSession *session, const char *id);

G_END_DECLS
