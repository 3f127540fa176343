/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lock/satchel-lock-key.h"
#include "sync/satchel-rules.h"

G_BEGIN_DECLS

/** What the preferences say, and how they read what was typed: pure functions. Texts that are dup'd
 *  are the caller's, others borrowed; all are translated. */

/** "5 minutes". */
char *satchel_preferences_dup_minutes (guint minutes);

/** "No limit", "50 MB". */
char *satchel_preferences_dup_budget (guint64 bytes);

/** "08:30", from minutes of a day. */
char *satchel_preferences_dup_hour (int minute_of_day);

/** "8", "8:30", "08.30", in any script's digits. FALSE for what is no time of day; "24" is not. */
gboolean satchel_preferences_parse_hour (const char *typed, int *minute_of_day);

/** Whether @typed can be Tor's address: a host and a port, "127.0.0.1:9050". */
gboolean satchel_preferences_is_proxy (const char *typed);

/** What there is to say of a key that locks from anywhere; @words: what the desktop calls it,
 *  nullable. "" where there is none. */
char *satchel_preferences_dup_key (SatchelLockKeyState state, const char *words);

/** What a route means, in one sentence, with or without an address of Tor. */
const char *satchel_preferences_route_words (SatchelRoute route, gboolean has_proxy);

G_END_DECLS
