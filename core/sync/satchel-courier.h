/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sync/satchel-journal.h"
#include "sync/satchel-outbox.h"
#include "sync/satchel-rules.h"

G_BEGIN_DECLS

/**
 * Sends what is sealed. Two layers: a SatchelCourier owns copies of all it needs (paths of sealed
 * files, the intake's card, token or access key) and never touches the store, so it goes on while
 * the vault is locked and writes what it learns to the journal; satchel_courier_send_all() is the
 * whole of `satchelctl send` around it.
 */
typedef struct _SatchelCourier SatchelCourier;

/** Collects what is to be sent now, smallest first. SATCHEL_PEOPLE_ERROR_NO_NEWSROOM; where there
 *  is nothing to send the courier has no jobs, which is no error. */
SatchelCourier *satchel_courier_new (SatchelVault *vault, GError **error);

guint satchel_courier_count_jobs (SatchelCourier *self);

/** Whether a run may go on: asked in its thread, before each request and once more where it was
 *  cancelled. @sent_bytes: since it began. FALSE with @error (SATCHEL_SYNC_ERROR_WAITING) ends it,
 *  and what is left waits for that. */
typedef gboolean (*SatchelMaySend) (guint64 sent_bytes, gpointer user_data, GError **error);

void satchel_courier_set_gate (SatchelCourier *self, SatchelMaySend may_send, gpointer user_data);

/** How a run went. */
typedef struct {
  guint stored;    /* bundles that got a verified *stored* receipt in this run */
  guint delivered; /* to an engine */
  guint left;      /* still to be sent */
  guint64 sent_bytes;
} SatchelCourierTally;

/** Proves the connection and sends everything, a piece of each bundle in turn; every state is in
 *  the journal before @progress hears of it. @tally nullable, filled in also after an error, which
 *  is the connection's, or the first of a bundle's. What is wrong with one bundle (its sealed
 *  file cannot be read; the intake denies what it confirmed of it) stops no other one: an alarm is
 *  kept where it lies, and that upload begins anew in the next run. */
gboolean satchel_courier_run (SatchelCourier *self,
                              gboolean use_tor,
                              SatchelCourierTally *tally,
                              SatchelProgressReport progress,
                              GCancellable *cancellable,
                              GError **error);

void satchel_courier_free (SatchelCourier *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelCourier, satchel_courier_free)

/** Judges by the vault's rules, sends everything by one courier and merges its journal; queues
 *  return mail first. A person asked for it. An alarm is kept. Errors: satchel_connection_open()'s,
 *  SATCHEL_SYNC_ERROR_WAITING, _TOKEN, _QUOTA. Nothing to send is TRUE. */
gboolean satchel_courier_send_all (SatchelVault *vault,
                                   SatchelCourierTally *tally,
                                   SatchelProgressReport progress,
                                   GCancellable *cancellable,
                                   GError **error);

/** In the lead's vault: gives its newsroom card to each intake that is not known to have the
 * newest; nothing in any other vault. See satchel-publisher.h. */
gboolean satchel_courier_publish_newsroom (SatchelVault *vault,
                                           gboolean use_tor,
                                           GCancellable *cancellable,
                                           GError **error);

/** What could be copied into a folder. */
typedef struct {
  guint count;  /* bundles that nobody confirmed */
  guint unsent; /* of them: those that were not handed over yet either */
  guint64 size_bytes;
} SatchelCourierLoad;

gboolean satchel_courier_weigh (SatchelVault *vault, SatchelCourierLoad *load, GError **error);

/** Copies all that into @folder, each under its random name: temp, fsync, rename, fsync of the
 *  folder. @stays FALSE: it is *handed over* then, and goes over no network any more. TRUE: what
 * was not sent waits for the network all the same; whoever receives both takes in one. Return mail
 * that is owed is queued first. @progress in bytes; what was copied before an error, or before
 * @cancellable, counts. @count (nullable) gets how many were copied, also after an error; with
 * @stays none that was there already. */
gboolean satchel_courier_copy_to_folder (SatchelVault *vault,
                                         const char *folder,
                                         gboolean stays,
                                         guint *count,
                                         SatchelProgressReport progress,
                                         GCancellable *cancellable,
                                         GError **error);

/** The same in one word: @stays FALSE, no progress. */
gboolean satchel_courier_send_folder (SatchelVault *vault,
                                      const char *folder,
                                      guint *count,
                                      GCancellable *cancellable,
                                      GError **error);

/** `why`: proves the connection and sends nothing. TRUE: it is trusted; @sentence says to whom.
 *  FALSE: the error's message is the sentence. */
gboolean satchel_courier_explain (SatchelVault *vault,
                                  char **sentence,
                                  GCancellable *cancellable,
                                  GError **error);

/** How long to wait before the next try by itself after @failures in a row: exponential from 30 s
 *  to 1 hour, with jitter from @random (0 .. 1). */
guint satchel_courier_backoff_s (guint failures, gdouble random);

G_END_DECLS
