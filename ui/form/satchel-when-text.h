/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/satchel-time.h"

G_BEGIN_DECLS

/**
 * A moment as two short texts that a person types, a date and a time of day, and as the one text of
 * satchel_when_format(). How precisely it is known follows from what was typed: "2024-03" is a
 * month, a date alone a day, "14" an hour, "14:05" a minute.
 */

/** Takes @text apart; what cannot be read is the date, as it stands. "?" is two empty texts.
 * Results are the caller's. */
void satchel_when_text_split (const char *text, char **date, char **time);

/**
 * Puts it together; "" for two empty texts. Reads also digits of other scripts, "9.3.2024" and
 * "9:05". The offset is that of @before (nullable) where it was read from a clock in another zone,
 * else that of this computer on that day. What makes no sense is put together all the same, for
 * satchel_when_parse() to refuse. The caller's.
 */
char *satchel_when_text_join (const char *date, const char *time, const SatchelWhen *before);

G_END_DECLS
