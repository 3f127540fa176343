/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"
#include "sync/satchel-rules.h"

G_BEGIN_DECLS

/** Preferences: a person's own rules for when and how anything is sent. Each change keeps all of
 *  them, in one job. */
#define SATCHEL_TYPE_SENDING_PAGE (satchel_sending_page_get_type ())
G_DECLARE_FINAL_TYPE (
    SatchelSendingPage, satchel_sending_page, SATCHEL, SENDING_PAGE, AdwPreferencesPage)

/** Insensitive before it is told what to show. */
SatchelSendingPage *satchel_sending_page_new (SatchelSession *session);
void satchel_sending_page_show (SatchelSendingPage *self, const SatchelRules *rules);

G_END_DECLS
