/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk/gdk.h>

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** How long an invite stays in the clipboard, where nothing else replaces it before. */
#define SATCHEL_INVITE_CLIPBOARD_SECONDS 60

/** Puts @text (taken; wiped at the end) into @clipboard, and takes it out again after that time and
 *  when the vault locks. What another program has read or keeps is beyond reach. */
void
satchel_invite_clipboard_put (GdkClipboard *clipboard, SatchelSession *session, char *text);

G_END_DECLS
