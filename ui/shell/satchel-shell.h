/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "courier/satchel-courier-runner.h"
#include "session/satchel-session.h"

G_BEGIN_DECLS

/**
 * What an open vault shows: sidebar, list and page, in one leaflet. Widgets inside ask for pages by
 * actions, and need to know nothing of each other:
 *   record.open (s: id), record.new (s: kind), record.answer (s: id), draft.open (s: id),
 * section.show (s: id), section.search, courier.send-now or show one of their own.
 */
#define SATCHEL_TYPE_SHELL (satchel_shell_get_type ())
G_DECLARE_FINAL_TYPE (SatchelShell, satchel_shell, SATCHEL, SHELL, AdwBin)

GtkWidget *satchel_shell_new (SatchelSession *session, SatchelCourierRunner *courier);

/** Puts @page (a SatchelPane; floating) into the last column of the shell around @widget, and goes
 *  there. NULL: nothing is open, and back to the list. */
void satchel_shell_present (GtkWidget *widget, GtkWidget *page);

G_END_DECLS
