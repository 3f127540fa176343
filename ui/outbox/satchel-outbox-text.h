/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync/satchel-courier.h"
#include "sync/satchel-outbox.h"

G_BEGIN_DECLS

/** What there is to say of a bundle; no widget, no vault. From any thread. */

/** Its state in words, with how far it is: "Sending, 35 %". The caller's. */
char *satchel_outbox_text_dup_state (const SatchelOutboxEntry *entry);

/** The name of the icon for that. Borrowed. */
const char *satchel_outbox_text_icon (const SatchelOutboxEntry *entry);

/** Names of those who can open it, fit for display. The caller's. */
char *satchel_outbox_text_dup_recipients (const SatchelOutboxEntry *entry);

/** Whether it can still be taken back; whether it may be erased here. */
gboolean satchel_outbox_text_can_discard (const SatchelOutboxEntry *entry);
gboolean satchel_outbox_text_can_erase (const SatchelOutboxEntry *entry);

/** Before copying to a folder of this name: how much it is, and what it means for what was not
 * sent. After it: how many bundles are there, and whether they are sent all the same. The caller's.
 */
char *satchel_outbox_text_dup_copy_heading (const SatchelCourierLoad *load, const char *folder);
char *satchel_outbox_text_dup_copy_body (const SatchelCourierLoad *load);
char *satchel_outbox_text_dup_copied (guint count, gboolean stays);

G_END_DECLS
