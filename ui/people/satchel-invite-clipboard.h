/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** How long an invite stays in the clipboard, where nothing else replaces it before. */
#define SATCHEL_INVITE_CLIPBOARD_SECONDS 60

/** @text (taken; wiped at the end) as content for a clipboard, with the mark by which histories of
 *  clipboards (KDE's Klipper and others) leave out what a password manager put there. */
GdkContentProvider *satchel_invite_clipboard_new_content (char *text);

/** Puts that into @clipboard, and takes it out again after that time and
 *  when the vault locks. What another program has read or keeps is beyond reach. */
void
satchel_invite_clipboard_put (GdkClipboard *clipboard, SatchelSession *session, char *text);

G_END_DECLS
