/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * What an error means for a person: a sentence, and what to do next, in their language. The core's
 * own message is for developers, and follows only where it names what is wrong with something that
 * the person gave (a field, a finding).
 */

/** One sentence. The caller's, never NULL. */
char *satchel_error_text_dup (const GError *error);

/** What to do next; NULL where there is nothing to be done. Borrowed. */
const char *satchel_error_text_get_advice (const GError *error);

/** Both, for a toast or a dialog's body. The caller's. */
char *satchel_error_text_dup_whole (const GError *error);

/** Whether it is worth saying: what a person stopped, or a lock, is not. */
gboolean satchel_error_text_is_silent (const GError *error);

G_END_DECLS
