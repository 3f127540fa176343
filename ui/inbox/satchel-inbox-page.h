/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** One bundle as it was received: the verdict in words, who sent it, what is missing, what is in
 *  it, and the way to an answer. What was put aside shows why, and nothing of what is in it. */
#define SATCHEL_TYPE_INBOX_PAGE (satchel_inbox_page_get_type ())
G_DECLARE_FINAL_TYPE (SatchelInboxPage, satchel_inbox_page, SATCHEL, INBOX_PAGE, AdwBin)

GtkWidget *satchel_inbox_page_new (SatchelSession *session, const char *id);

G_END_DECLS
