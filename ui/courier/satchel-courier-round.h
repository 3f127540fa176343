/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session/satchel-session.h"
#include "sync/satchel-courier.h"
#include "sync/satchel-fetcher.h"
#include "sync/satchel-publisher.h"
#include "sync/satchel-sync-alarm.h"

G_BEGIN_DECLS

/**
 * One round of sending and fetching, and its steps: the vault prepares it, the courier's thread
 * sends and downloads, the vault takes over what was learned and opens what came. A step gives the
 * round on; nothing of the vault is in it but copies of addresses, the right to ask, and paths of
 * sealed files, so that it outlives a lock.
 */
typedef struct {
  SatchelMoment moment; /* in which it was begun; under @lock while it is sent, with @rules */

  /* Found by preparing. */
  char *newsroom;              /* its name; NULL: there is none */
  SatchelRules *rules;         /* the person's own; NULL without a newsroom */
  char *day;                   /* of its bytes; NULL without a newsroom */
  SatchelVerdict *verdict;     /* of them, on @moment */
  guint waiting;               /* bundles that nobody has yet */
  SatchelCourier *courier;     /* NULL where nothing is left */
  SatchelFetcher *fetcher;     /* NULL where it may not be fetched now */
  SatchelPublisher *publisher; /* of the lead's newest card; NULL where nobody lacks it */

  /* While it is sent, of both threads. */
  GMutex lock;
  SatchelVerdict *stop; /* under @lock: why it may not go on; NULL while it may */

  /* Found by sending. */
  gboolean is_proved; /* the newsroom's intake answered, and it was the newsroom's */
  GError *error;      /* nullable: why something was not sent */
  SatchelCourierTally tally;

  GPtrArray *alarms; /* of SatchelSyncAlarm: those that nobody has read; found anew by settling */

  /* Found by settling. */
  SatchelChanges changes; /* by what came */
  guint unreadable;       /* came, and could not be read here: it is fetched again */
  guint refused;          /* came, and was put aside */
} SatchelCourierRound;

/** References count atomically; one thread at a time looks inside. */
SatchelCourierRound *satchel_courier_round_ref (SatchelCourierRound *self);
void satchel_courier_round_unref (SatchelCourierRound *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelCourierRound, satchel_courier_round_unref)

/** Gives a SatchelCourierRound. A lock waits for it: what was just sealed goes out all the same. */
SatchelSessionJob satchel_courier_round_prepare_job (const SatchelMoment *moment);

/** Judges another moment by the same rules. */
void satchel_courier_round_judge (SatchelCourierRound *self, const SatchelMoment *moment);

/** For the courier's own worker: sends, and over a line that works fetches a batch and gives the
 *  lead's newest card to the intakes. Gives @round,
 *  with its error: only an interruption is the job's. Where the rules came to forbid it meanwhile,
 *  that is the error (SATCHEL_SYNC_ERROR_WAITING) and @round->verdict. @progress in bytes. */
SatchelWorkerJob satchel_courier_round_send_job (SatchelCourierRound *round,
                                                 SatchelProgressReport progress);

/** From the main loop, while it is sent: judges it by another moment, and by other rules (@rules,
 *  nullable, copied). Where it may not go on so, @cancellable, the job's, is cancelled. */
void satchel_courier_round_watch (SatchelCourierRound *self,
                                  const SatchelMoment *moment,
                                  const SatchelRules *rules,
                                  GCancellable *cancellable);

/** Gives the SatchelRules, as they are now. */
SatchelSessionJob satchel_courier_round_rules_job (void);

/** Merges the journal: what the courier learned up to now is shown by whoever lists the outbox.
 *  Gives a pointer that is not NULL. */
SatchelSessionJob satchel_courier_round_merge_job (void);

/** Merges, opens what came, and notes which intakes have the lead's newest card; no network. Gives
 *  @round. */
SatchelSessionJob satchel_courier_round_settle_job (SatchelCourierRound *round);

/** A person has read all alarms up to this one. Gives a pointer that is not NULL. */
SatchelSessionJob satchel_courier_round_alarms_read_job (guint64 number);

G_END_DECLS
