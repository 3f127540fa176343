/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/satchel-time.h"
#include "papers/satchel-public-keys.h"
#include "records/satchel-evidence.h"
#include "records/satchel-fields-view.h"

G_BEGIN_DECLS

/** Values in a person's own words: dates, sizes, in their language and time zone. From any thread.
 *  Results are the caller's. */

/** The language for the labels of kinds; NULL for what they were written in. Borrowed. */
const char *satchel_words_language (void);

/** Whether that language is written from the right. */
gboolean satchel_words_are_rtl (void);

/** @text, in which the parts of a telephone number or "0017-24" stay in their order: between words
 *  written from the right they would change places. As it is where the language is written from
 *  the left. */
char *satchel_words_keep_numbers (const char *text);

/** @text, a line of several parts, with a mark before it where the language is written from the
 *  right: a name in other letters at its beginning would turn the whole line around. */
char *satchel_words_our_way (const char *text);

/** @text, from outside or in another language, as a part of a sentence: where the language is
 *  written from the right, with marks around that keep its signs in their places. */
char *satchel_words_isolate (const char *text);

/** @text with its ASCII digits as the language writes them. */
char *satchel_words_digits (const char *text);

/** @then by @format, as g_date_time_format() has it, with the months and digits of the language of
 *  the words around, whatever locales this system has. */
char *satchel_words_format (GDateTime *then, const char *format);

/** "today, 14:05", "yesterday, 14:05", "9 March", "9 March 2023". */
char *satchel_words_moment (gint64 unix_us);

/** As precisely as it is known, on the clock that it was read from: "9 March 2024, 14:05",
 *  "March 2024", "unknown". */
char *satchel_words_when (const SatchelWhen *when);

/** To the second, on this computer's clock: "9 March 2024, 14:05:07". */
char *satchel_words_exact (gint64 unix_us);

/** How well a time of capture is known: "by the clock of the device". Borrowed. */
const char *satchel_words_clock (SatchelClockConfidence clock);

/** What a record is called: its title, else what its kind makes of its answers. One line. */
char *satchel_words_title (const SatchelKind *kind, JsonObject *values);

/** What somebody is: "Reporter". Borrowed. */
const char *satchel_words_role (SatchelRole role);

/** "1.3 MB". */
char *satchel_words_size (guint64 size_bytes);

G_END_DECLS
