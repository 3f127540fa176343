/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync/satchel-inbox.h"

G_BEGIN_DECLS

/**
 * Fetches what is new in this vault's mailbox, split as the courier is: a SatchelFetcher owns
 * copies of all it needs (the intakes' cards, token or access key, positions, the hashes of what is
 * here) and touches no store while the network is slow, so the vault may meanwhile be used, locked
 * or closed; what came down is opened afterwards, in the vault's thread. A round:
 *
 *   new; then run and take in turn while run succeeds and there is more; free.
 *
 * satchel_inbox_fetch() is that in one call. One thread at a time: run and take of the same fetcher
 * never at once, though in different threads; one fetcher a vault at a time. Before a vault is
 * destroyed, a run is to be cancelled and waited for.
 *
 * Nothing is lost by stopping anywhere. A download stays in inbox/, whole or in part, until it was
 * opened, and the next fetcher goes on from there; a mailbox's position is stored only once all
 * before it was taken in.
 */
typedef struct _SatchelFetcher SatchelFetcher;

/** SATCHEL_PEOPLE_ERROR_NO_NEWSROOM; SATCHEL_SYNC_ERROR_TOKEN where there is no token, or it
 *  expired or was revoked. Whether the person's rules allow it now is the caller's to ask. */
SatchelFetcher *satchel_fetcher_new (SatchelVault *vault, GError **error);

/** Proves the connection, tells the intake what take() opened since the last run, asks for its
 *  newsroom card, lists the mailbox and downloads a batch: 64 MiB or 32 bundles, but always one,
 *  however large. Network and inbox/ only. @progress: of the bundle that is coming down.
 *
 *  Goes on where the last run stopped if that succeeded, else from the stored position. A bundle
 *  that cannot be had holds up no other: its error is returned by the run that comes to the list's
 *  end, and the next one asks for it again. What came down before an error waits for take() all the
 *  same. Errors of satchel_connection_open(); SATCHEL_SYNC_ERROR_TOKEN, _PROTOCOL; _NOT_FOUND where
 *  the newsroom has an engine, which cannot be read; G_IO_ERROR_CANCELLED. */
gboolean satchel_fetcher_run (SatchelFetcher *self,
                              gboolean use_tor,
                              SatchelProgressReport progress,
                              GCancellable *cancellable,
                              GError **error);

/** Whether another run has something to do: the last one left bundles on the intake that it had not
 *  come to, or take() opened some since, which the intake is to be told. */
gboolean satchel_fetcher_has_more (SatchelFetcher *self);

/** Opens what came down, also after a run that failed; merges the journal, where an alarm stands if
 *  the run met a connection that cannot be trusted; keeps the newsroom card that came along.
 * @vault: the one that the fetcher was made for, which may have been closed and opened meanwhile;
 *  SATCHEL_SYNC_ERROR_STATE, with nothing changed, where it is another one or was restored.
 *
 *  Returns entries as satchel_inbox_fetch() does; none where nothing came down. A bundle that
 * cannot be read is an entry too (DAMAGED, with no row), and is fetched again in the next round.
 * After an error (the store's, NO_SPACE, CANCELLED) what was opened before it stays opened, and the
 * rest waits for the next take(). */
GPtrArray *satchel_fetcher_take (SatchelFetcher *self,
                                 SatchelVault *vault,
                                 SatchelProgressReport progress,
                                 GCancellable *cancellable,
                                 GError **error);

void satchel_fetcher_free (SatchelFetcher *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelFetcher, satchel_fetcher_free)

G_END_DECLS
