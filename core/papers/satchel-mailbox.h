/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "seal/satchel-minisign.h"

G_BEGIN_DECLS

/**
 * Mailbox ids: 64 lower-case hex digits, a SHA-256. Nobody needs to be told one; both ends derive
 * it.
 */
#define SATCHEL_MAILBOX_ID_LENGTH 64

/** The newsroom's mailbox, from its lead's key: where reporters' bundles go. */
char *satchel_mailbox_of_newsroom (const SatchelMinisignKey *lead);

/** The mailbox of a token's holder, from the token's id (32 hex digits): where return mail goes. */
char *satchel_mailbox_of_token (const char *token_id);

gboolean satchel_is_mailbox_id (const char *text);

G_END_DECLS
