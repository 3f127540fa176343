/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "cards/satchel-press-face.h"
#include "session/satchel-session.h"

G_BEGIN_DECLS

/**
 * A press card for an officer: the whole screen, large, black on white in every theme, with the
 * picture of the card and a QR code of what can be read beside it (satchel_press_face_dup_text()).
 *
 * What a frightened reporter needs, and what was decided for it:
 *
 * - Nothing of the app but the card can be seen or reached while it is shown: the app's own window
 *   is hidden, not covered, so that no key and no click on the task bar brings it up.
 * - Two ways in, chosen before, because there is no time afterwards. *Lock and show* is for when
 *   the computer may leave one's hands, and is the one suggested: the vault is locked first, its
 *   keys are gone, and the card is a picture that was left behind; whoever leaves it, by Escape, by
 *   closing the window or by force, stands before the passphrase. *Show* is for a glance while one
 *   holds the computer: leaving asks for nothing, because a question on the screen in front of an
 *   officer is the last thing one wants, and leads back to where one was.
 * - Ctrl+L works in both, and whatever else locks the vault does: a shown card then goes, and the
 *   screen is the unlock page. A card that was locked before it was shown stays until it is left.
 * - The screen stays on while a card is shown. Closing the lid and suspending are not held up:
 *   they are a way to lock.
 * - Nothing is written: no file, no entry in the ledger, nothing in the list of recent things. A
 *   card that is shown locked is the one thing of the vault that stays in memory after a lock: the
 *   face and the pixels of its picture, until it is left.
 *
 * What it cannot do: other programs are as reachable as ever. Who may lose the computer for longer
 * locks the session or shuts it down.
 */
#define SATCHEL_TYPE_PRESS_WINDOW (satchel_press_window_get_type ())
G_DECLARE_FINAL_TYPE (SatchelPressWindow, satchel_press_window, SATCHEL, PRESS_WINDOW, GtkWindow)

/** Shows it in place of the window that @widget is in, which comes back when it is left. @face is
 *  copied into the window. @scan: nullable. @is_locked: locks the vault first. */
void satchel_press_window_present (GtkWidget *widget,
                                   SatchelSession *session,
                                   const SatchelPressFace *face,
                                   GdkTexture *scan,
                                   gboolean is_locked);

G_END_DECLS
