/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** Makes @window one of the program's windows over the one that @parent is in: the program's keys
 *  work in it, Ctrl+L among them, and it goes when the vault locks. */
void satchel_dialog_join (GtkWindow *window, GtkWidget *parent, SatchelSession *session);

/** Presents a question whose default response changes nothing, with the focus on that: Return, also
 *  one that was meant for what was there before, does no harm. libadwaita 1.2 gives the focus to
 *  what stands first, which in a narrow window is another response. */
void satchel_dialog_present (AdwMessageDialog *self);

/** A question over the window that @parent is in, joined as above. Its signal "response" tells "do"
 *  for @action, and "cancel", which is also what Return and Escape mean. @appearance: of @action.
 *  It is presented; borrowed. */
AdwMessageDialog *satchel_dialog_ask (GtkWidget *parent,
                                      SatchelSession *session,
                                      const char *heading,
                                      const char *body,
                                      const char *action,
                                      AdwResponseAppearance appearance);

/** Something that is too long to be said in passing, with one way out. */
void satchel_dialog_tell (GtkWidget *parent,
                          SatchelSession *session,
                          const char *heading,
                          const char *body);

G_END_DECLS
