/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/**
 * The first run: who it is, passphrase, recovery code, the vault is made, a newsroom joined or not.
 * Nothing is written before the last of the questions; the vault is whole then, or not there.
 *
 * Signal "finished": the vault is open, and the person is done here.
 */
#define SATCHEL_TYPE_SETUP_PAGE (satchel_setup_page_get_type ())
G_DECLARE_FINAL_TYPE (SatchelSetupPage, satchel_setup_page, SATCHEL, SETUP_PAGE, AdwBin)

GtkWidget *satchel_setup_page_new (SatchelSession *session);

/** Whether there is a vault: what is to be joined is offered from now on. */
gboolean satchel_setup_page_has_vault (SatchelSetupPage *self);

/** Something to be joined that was handed over. FALSE where it cannot be shown yet: when it can,
 * the action "handed.next" is activated. */
gboolean satchel_setup_page_offer (SatchelSetupPage *self, GFile *invite);

/** As satchel_join_view_take_unanswered(). */
GFile *satchel_setup_page_take_unanswered (SatchelSetupPage *self);

G_END_DECLS
