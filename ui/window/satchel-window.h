/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "courier/satchel-courier-runner.h"
#include "handed/satchel-handed.h"
#include "session/satchel-session.h"

G_BEGIN_DECLS

/** The window: assistant, unlock page or shell, as the session's state is. While it is locked no
 *  widget with anything of the vault exists. Says the session's words where the vault is open. To
 *  close the last one is to quit. */
#define SATCHEL_TYPE_WINDOW (satchel_window_get_type ())
G_DECLARE_FINAL_TYPE (SatchelWindow, satchel_window, SATCHEL, WINDOW, AdwApplicationWindow)

SatchelWindow *satchel_window_new (GtkApplication *application,
                                   SatchelSession *session,
                                   SatchelCourierRunner *courier);

/** @count (at least one) files that the desktop or the command line hands over: invites, cards and
 *  sealed bundles, opened as soon as the vault is; what is to be joined is offered by the assistant
 *  too. What is none of these is told at once, and that the rest waits. What waits for a vault that
 *  is destroyed is forgotten. */
void satchel_window_open_files (SatchelWindow *self, GFile **files, guint count);

/** Something of @kind, a card or a bundle, that was to be taken in when the vault was locked: it is
 *  opened at the next unlocking. */
void satchel_window_wait_again (SatchelWindow *self, SatchelHandedKind kind, const char *path);

/** Says @text for some seconds, in the nearest AdwToastOverlay that @widget is in: the window's, or
 *  that of a dialog. */
void satchel_window_say (GtkWidget *widget, const char *text);

/** Says @text, which is of nothing in the vault, while that is locked: until it is unlocked. */
void satchel_window_say_locked (SatchelWindow *self, const char *text);

/** The same with a way back: @clicked (@object as its first argument) is called when @button is
 *  pressed. The toast is borrowed. */
AdwToast *satchel_window_offer (
    GtkWidget *widget, const char *text, const char *button, GCallback clicked, GObject *object);

/** The same for an error, with what to do next; silent for what a person stopped. */
void satchel_window_say_error (GtkWidget *widget, const GError *error);

G_END_DECLS
