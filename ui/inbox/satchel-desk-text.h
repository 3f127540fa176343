/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync/satchel-desk.h"

G_BEGIN_DECLS

/** What there is to say of the work of a desk; no widget, no vault. From any thread. */

/** "Needs reply". Borrowed. */
const char *satchel_desk_text_status (SatchelDeskStatus status);

/** Whose it is: "For you", "For Anna", "Nobody's". @name (nullable): of the assignee; filter it
 *  before. The caller's. */
char *satchel_desk_text_dup_assignee (const SatchelDesk *desk, const char *name);

/** One line for lists: "Needs reply · For you · #raid #minsk"; NULL where nothing was done yet. The
 *  caller's. */
char *satchel_desk_text_dup_work (const SatchelDesk *desk, const char *name);

/** That @count bundles were changed: "3 marked as read". @name: of the new assignee, nullable. The
 *  caller's. */
char *
satchel_desk_text_dup_done (const SatchelDeskChange *change, const char *name, guint count);

/** A list's question, as satchel_line_model_ask() takes it: "", "unread", "mine", "status:2",
 *  "tag:raid". @filter borrows the tag. What is none of them shows all. */
void satchel_desk_text_parse_question (const char *question, SatchelDeskFilter *filter);

/** What such a question asks for, in words: "Unread". The caller's. */
char *satchel_desk_text_dup_view (const char *question);

G_END_DECLS
