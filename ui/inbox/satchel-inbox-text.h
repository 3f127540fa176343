/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "people/satchel-contact.h"
#include "sync/satchel-inbox.h"

G_BEGIN_DECLS

/** What there is to say of what was received; no widget, no vault. From any thread. */

/** Whether it may be relied on, short: "Whole and unchanged". Borrowed. */
const char *satchel_inbox_text_verdict (const SatchelInboxEntry *entry);

/** What that means and what to do now, a sentence or two. Borrowed. */
const char *satchel_inbox_text_advice (const SatchelInboxEntry *entry);

/** What exactly is wrong with one that was put aside: a sentence with the fault as the core words
 * it, safe to show. NULL where the verdict says all there is, and for one that was opened. The
 *  caller's. */
char *satchel_inbox_text_dup_finding (const SatchelInboxEntry *entry);

/** The name of the icon for it. Borrowed. */
const char *satchel_inbox_text_icon (const SatchelInboxEntry *entry);

/** Who sent it and how well that is known: "Anna, words compared". @contact: nullable. The
 *  caller's. */
char *satchel_inbox_text_dup_sender (const SatchelInboxEntry *entry, const SatchelContact *contact);

/** That some of the sender's bundles before it are missing, a sentence; NULL where none is. The
 *  caller's. */
char *satchel_inbox_text_dup_missing (const SatchelInboxEntry *entry);

/** The same for a line of a list: "2 bundles before it are missing". */
char *satchel_inbox_text_dup_short_missing (const SatchelInboxEntry *entry);

/** "2 attachments"; NULL where there is none. The caller's. */
char *satchel_inbox_text_dup_items (const SatchelInboxEntry *entry);

/** What became of what was taken in by hand (@entries: of SatchelInboxEntry), in a sentence or two;
 *  NULL where the next function says all of it. @has_inbox: a reporter has none. The caller's. */
char *satchel_inbox_text_dup_taken (GPtrArray *entries, gboolean has_inbox);

/** Of those that were not believed and stand in no inbox, why: each reason once, a paragraph each.
 *  NULL where there is none. The caller's. */
char *satchel_inbox_text_dup_unlisted (GPtrArray *entries, gboolean has_inbox);

/** Of a file without a path on this computer: on a phone, or in the network. Borrowed. */
const char *satchel_inbox_text_get_elsewhere (void);

G_END_DECLS
