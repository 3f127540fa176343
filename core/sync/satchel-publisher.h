/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync/satchel-sync-error.h"
#include "vault/satchel-vault.h"

G_BEGIN_DECLS

/**
 * Gives the lead's newsroom card to each intake that is not known to have the newest: that is how
 * they learn whom not to believe any more. Split as the courier is: it owns copies of all it needs,
 * run touches the network only, keep the vault only. satchel_courier_publish_newsroom() is all of
 * it in one call.
 */
typedef struct _SatchelPublisher SatchelPublisher;

/** Errors of satchel_fetcher_new(). Nobody but the lead has anything to give. */
SatchelPublisher *satchel_publisher_new (SatchelVault *vault, GError **error);

/** Intakes that it is to be given to. */
guint satchel_publisher_count (SatchelPublisher *self);

/** Every one of them is tried, and no connection made to others; the error is the first one's, and
 *  an alarm of any of them is in the journal at once. Errors of satchel_connection_open();
 *  SATCHEL_SYNC_ERROR_TOKEN, _PROTOCOL. */
gboolean satchel_publisher_run (SatchelPublisher *self,
                                gboolean use_tor,
                                GCancellable *cancellable,
                                GError **error);

/** Merges the journal, where an alarm stands if there was one, and notes who has it, also after a
 *  run that failed. What is not kept is asked again. */
gboolean satchel_publisher_keep (SatchelPublisher *self, SatchelVault *vault, GError **error);

void satchel_publisher_free (SatchelPublisher *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelPublisher, satchel_publisher_free)

G_END_DECLS
