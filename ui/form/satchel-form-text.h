/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-fields-view.h"

G_BEGIN_DECLS

/** What a form says of fields and their answers, in a person's language. The core's own messages
 *  are for developers. */

/** How an answer is to be written: what is said of one that cannot be kept. Borrowed. */
const char *satchel_form_text_fault (const SatchelField *field);

/** What is wrong with an answer that could be kept, or is missing. @has_answer: whether there is
 *  any. Borrowed. */
const char *satchel_form_text_problem (const SatchelField *field, gboolean has_answer);

/** An entry of @repeat in a line: what it says first, else its number: "Petrov", "Officers 2". And
 *  the rest, "" for none. @entry nullable. The caller's. */
char *satchel_form_text_entry_title (const SatchelField *repeat, JsonObject *entry, guint index);
char *satchel_form_text_entry_subtitle (const SatchelField *repeat, JsonObject *entry);

G_END_DECLS
