/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "courier/satchel-courier-round.h"

#include <string.h>

#include "base/satchel-time.h"
#include "people/satchel-newsroom.h"
#include "sync/satchel-journal.h"
#include "sync/satchel-outbox.h"

#define ALARM_SETTING "sync.alarms-read" /* the number of the last one */

static void
round_clear (gpointer data)
{
  SatchelCourierRound *self = data;

  g_free (self->newsroom);
  g_free (self->day);
  satchel_rules_free (self->rules);
  satchel_verdict_free (self->verdict);
  satchel_verdict_free (self->stop);
  g_mutex_clear (&self->lock);
  satchel_courier_free (self->courier);
  satchel_fetcher_free (self->fetcher);
  satchel_publisher_free (self->publisher);
  g_clear_error (&self->error);
  g_clear_pointer (&self->alarms, g_ptr_array_unref);
}

static SatchelCourierRound *
round_new (void)
{
  SatchelCourierRound *self = g_atomic_rc_box_new0 (SatchelCourierRound);

  g_mutex_init (&self->lock);
  return self;
}

SatchelCourierRound *
satchel_courier_round_ref (SatchelCourierRound *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
satchel_courier_round_unref (SatchelCourierRound *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, round_clear);
}

static void
round_unref (gpointer data)
{
  satchel_courier_round_unref (data);
}

/* --- Preparing --- */

static gboolean
load_newsroom (SatchelCourierRound *self, SatchelVault *vault, GError **error)
{
  GError *local = NULL;
  g_autoptr (SatchelNewsroom) newsroom = satchel_newsroom_load (vault, &local);

  if (newsroom != NULL) {
    self->newsroom = g_strdup (newsroom->card->name);
    return TRUE;
  }
  if (!g_error_matches (local, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NO_NEWSROOM)) {
    g_propagate_error (error, local);
    return FALSE;
  }
  g_error_free (local);
  return TRUE;
}

static gboolean
count_waiting (SatchelCourierRound *self, SatchelVault *vault, GError **error)
{
  g_autoptr (GPtrArray) entries = satchel_outbox_list (vault, error);

  if (entries == NULL)
    return FALSE;
  for (guint i = 0; i < entries->len; i++) {
    const SatchelOutboxEntry *entry = entries->pdata[i];
    self->waiting += entry->state <= SATCHEL_OUTBOX_SENDING && entry->path != NULL &&
                     entry->kind != SATCHEL_OUTBOX_KIND_RECEIPTS;
  }
  return TRUE;
}

static gboolean
load_alarms (SatchelCourierRound *self, SatchelVault *vault, GError **error)
{
  GError *local = NULL;
  g_autofree char *text = satchel_vault_dup_setting (vault, ALARM_SETTING, &local);

  if (local != NULL) {
    g_propagate_error (error, local);
    return FALSE;
  }
  g_clear_pointer (&self->alarms, g_ptr_array_unref);
  self->alarms = satchel_sync_alarm_list (
      vault, text == NULL ? 0 : g_ascii_strtoull (text, NULL, 10), error);
  return self->alarms != NULL;
}

void
satchel_courier_round_judge (SatchelCourierRound *self, const SatchelMoment *moment)
{
  g_autofree char *today = satchel_rules_dup_day ();
  guint64 sent_today_bytes =
      g_strcmp0 (today, self->day) == 0 ? self->moment.sent_today_bytes : 0;

  g_free (self->day);
  self->day = g_steal_pointer (&today);
  self->moment = *moment;
  self->moment.sent_today_bytes = sent_today_bytes;
  satchel_verdict_free (self->verdict);
  self->verdict = satchel_rules_judge (self->rules, &self->moment);
}

static gboolean
prepare_publisher (SatchelCourierRound *self, SatchelVault *vault, GError **error)
{
  g_autoptr (SatchelPublisher) publisher = satchel_publisher_new (vault, error);

  if (publisher == NULL)
    return FALSE;
  if (satchel_publisher_count (publisher) > 0)
    self->publisher = g_steal_pointer (&publisher);
  return TRUE;
}

static gboolean
prepare (SatchelCourierRound *self,
         SatchelVault *vault,
         const SatchelMoment *moment,
         GCancellable *cancellable,
         GError **error)
{
  if (!satchel_journal_merge (vault, error) || !load_alarms (self, vault, error) ||
      !load_newsroom (self, vault, error))
    return FALSE;
  if (self->newsroom == NULL)
    return count_waiting (self, vault, error);
  if (!count_waiting (self, vault, error) ||
      (self->rules = satchel_rules_load (vault, error)) == NULL)
    return FALSE;
  self->moment = *moment;
  self->day = satchel_rules_dup_day ();
  if (!satchel_rules_load_spent (vault, self->day, &self->moment.sent_today_bytes, error))
    return FALSE;
  satchel_courier_round_judge (self, &self->moment);
  /* A lock may come before the rules allow it: then this is what is left to be sent. */
  self->courier = satchel_courier_new (vault, error);
  if (self->courier == NULL || self->verdict->kind != SATCHEL_VERDICT_GO)
    return self->courier != NULL;
  self->fetcher = satchel_fetcher_new (vault, error);
  return self->fetcher != NULL && prepare_publisher (self, vault, error);
}

static gpointer
prepare_run (SatchelVault *vault,
             gpointer input,
             SatchelProgressReport progress,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (SatchelCourierRound) round = round_new ();

  return prepare (round, vault, input, cancellable, error) ? g_steal_pointer (&round) : NULL;
}

SatchelSessionJob
satchel_courier_round_prepare_job (const SatchelMoment *moment)
{
  return (SatchelSessionJob){.run = prepare_run,
                             .input = g_memdup2 (moment, sizeof *moment),
                             .input_free = g_free,
                             .result_free = round_unref,
                             .is_kept = TRUE};
}

/* --- Sending --- */

/* What is wrong with one bundle is found out over a connection that is right. */
static gboolean
is_answered (const GError *error)
{
  return error == NULL || g_error_matches (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_QUOTA) ||
         g_error_matches (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_PROTOCOL) ||
         g_error_matches (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_DAMAGED);
}

/* The first reason is kept. Under the lock. */
static void
judge_stop (SatchelCourierRound *self, const SatchelMoment *moment)
{
  g_autoptr (SatchelVerdict) verdict = satchel_rules_judge (self->rules, moment);

  if (self->stop == NULL &&
      (verdict->kind != SATCHEL_VERDICT_GO || verdict->use_tor != self->verdict->use_tor))
    self->stop = g_steal_pointer (&verdict);
}

void
satchel_courier_round_watch (SatchelCourierRound *self,
                             const SatchelMoment *moment,
                             const SatchelRules *rules,
                             GCancellable *cancellable)
{
  g_mutex_lock (&self->lock);
  guint64 sent_today_bytes = self->moment.sent_today_bytes;
  if (rules != NULL) {
    satchel_rules_free (self->rules);
    self->rules = satchel_rules_copy (rules);
  }
  self->moment = *moment;
  self->moment.sent_today_bytes = sent_today_bytes;
  judge_stop (self, &self->moment);
  gboolean is_stopped = self->stop != NULL;
  g_mutex_unlock (&self->lock);
  if (is_stopped)
    g_cancellable_cancel (cancellable);
}

/* Also of the bytes that went up since anybody looked. */
static gboolean
may_send (guint64 sent_bytes, gpointer user_data, GError **error)
{
  SatchelCourierRound *self = user_data;

  g_mutex_lock (&self->lock);
  SatchelMoment moment = self->moment;
  moment.sent_today_bytes += sent_bytes;
  judge_stop (self, &moment);
  if (self->stop != NULL)
    g_set_error_literal (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_WAITING,
                         self->stop->sentence);
  gboolean is_allowed = self->stop == NULL;
  g_mutex_unlock (&self->lock);
  return is_allowed;
}

static void
run_courier (SatchelCourierRound *self, SatchelProgressReport progress, GCancellable *cancellable)
{
  gboolean had_jobs = satchel_courier_count_jobs (self->courier) > 0;

  satchel_courier_set_gate (self->courier, may_send, self);
  satchel_courier_run (self->courier, self->verdict->use_tor, &self->tally, progress, cancellable,
                       &self->error);
  g_mutex_lock (&self->lock);
  self->moment.sent_today_bytes += self->tally.sent_bytes;
  g_mutex_unlock (&self->lock);
  self->is_proved = had_jobs && is_answered (self->error);
  if (self->tally.left == 0)
    g_clear_pointer (&self->courier, satchel_courier_free);
}

/* An engine has nothing to be read from: that is no fault. */
static void
run_fetcher (SatchelCourierRound *self, SatchelProgressReport progress, GCancellable *cancellable)
{
  GError *local = NULL;
  gboolean is_done = satchel_fetcher_run (self->fetcher, self->verdict->use_tor, progress,
                                          cancellable, &local);

  self->is_proved |= is_done;
  if (g_error_matches (local, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_NOT_FOUND))
    g_clear_error (&local);
  if (self->error == NULL)
    self->error = g_steal_pointer (&local);
  g_clear_error (&local);
}

/* Whether the rules ended it: then they are the verdict and the error, whatever else went wrong.
 * They may also have come too late to end anything. */
static gboolean
note_stop (SatchelCourierRound *self)
{
  g_mutex_lock (&self->lock);
  SatchelVerdict *stop = g_steal_pointer (&self->stop);
  g_mutex_unlock (&self->lock);
  if (stop == NULL)
    return FALSE;
  if (self->error == NULL) {
    satchel_verdict_free (stop);
    return TRUE;
  }
  satchel_verdict_free (self->verdict);
  self->verdict = stop;
  g_clear_error (&self->error);
  self->error = g_error_new_literal (SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_WAITING,
                                     stop->sentence);
  return TRUE;
}

static gpointer
send_run (gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  SatchelCourierRound *round = input;

  g_clear_error (&round->error);
  g_clear_pointer (&round->stop, satchel_verdict_free);
  if (round->courier != NULL)
    run_courier (round, progress, cancellable);
  if (round->fetcher != NULL && is_answered (round->error))
    run_fetcher (round, (SatchelProgressReport){0}, cancellable);
  if (round->publisher != NULL && is_answered (round->error))
    satchel_publisher_run (round->publisher, round->verdict->use_tor, cancellable,
                           round->error == NULL ? &round->error : NULL);
  if (!note_stop (round) && g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return satchel_courier_round_ref (round);
}

SatchelWorkerJob
satchel_courier_round_send_job (SatchelCourierRound *round, SatchelProgressReport progress)
{
  return (SatchelWorkerJob){.run = send_run,
                            .input = satchel_courier_round_ref (round),
                            .input_free = round_unref,
                            .result_free = round_unref,
                            .progress = progress};
}

static gpointer
rules_run (SatchelVault *vault,
           gpointer input,
           SatchelProgressReport progress,
           GCancellable *cancellable,
           GError **error)
{
  return satchel_rules_load (vault, error);
}

SatchelSessionJob
satchel_courier_round_rules_job (void)
{
  return (SatchelSessionJob){.run = rules_run,
                             .result_free = (GDestroyNotify) satchel_rules_free};
}

/* --- Taking over --- */

static gpointer
merge_run (SatchelVault *vault,
           gpointer input,
           SatchelProgressReport progress,
           GCancellable *cancellable,
           GError **error)
{
  return satchel_journal_merge (vault, error) ? vault : NULL;
}

SatchelSessionJob
satchel_courier_round_merge_job (void)
{
  return (SatchelSessionJob){.run = merge_run, .changes = SATCHEL_CHANGED_SENT};
}

/* What could not even be put aside has no row; what came for others is none of ours. */
static void
count_failures (SatchelCourierRound *self, GPtrArray *entries)
{
  for (guint i = 0; i < entries->len; i++) {
    const SatchelInboxEntry *entry = entries->pdata[i];
    if (entry->outcome != SATCHEL_INBOX_ASIDE)
      continue;
    if (entry->is_unreadable)
      self->unreadable++;
    else
      self->refused++;
  }
}

/* What came is opened whatever became of the line afterwards. */
static gboolean
take (SatchelCourierRound *self, SatchelVault *vault, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) entries = NULL;

  self->changes = SATCHEL_CHANGED_NOTHING;
  if (self->fetcher == NULL)
    return TRUE;
  entries = satchel_fetcher_take (self->fetcher, vault, (SatchelProgressReport){0}, cancellable,
                                  error);
  if (entries != NULL && entries->len > 0)
    self->changes = SATCHEL_CHANGED_INBOX | SATCHEL_CHANGED_RECORDS | SATCHEL_CHANGED_EVIDENCE |
                    SATCHEL_CHANGED_PEOPLE | SATCHEL_CHANGED_SENT;
  if (entries != NULL)
    count_failures (self, entries);
  return entries != NULL;
}

static gpointer
settle_run (SatchelVault *vault,
            gpointer input,
            SatchelProgressReport progress,
            GCancellable *cancellable,
            GError **error)
{
  SatchelCourierRound *round = input;

  if (!satchel_journal_merge (vault, error) ||
      !take (round, vault, cancellable, error) ||
      (round->publisher != NULL && !satchel_publisher_keep (round->publisher, vault, error)))
    return NULL;
  g_clear_pointer (&round->publisher, satchel_publisher_free);
  /* They leave with the next round. Here, since a lock may stop it. */
  if (!satchel_outbox_queue_receipts_later (vault, satchel_now_us (), NULL, cancellable, error))
    return NULL;
  round->waiting = 0;
  return count_waiting (round, vault, error) && load_alarms (round, vault, error)
             ? satchel_courier_round_ref (round)
             : NULL;
}

SatchelSessionJob
satchel_courier_round_settle_job (SatchelCourierRound *round)
{
  return (SatchelSessionJob){.run = settle_run,
                             .input = satchel_courier_round_ref (round),
                             .input_free = round_unref,
                             .result_free = round_unref,
                             .changes = SATCHEL_CHANGED_SENT};
}

/* --- Alarms --- */

static gpointer
alarms_read_run (SatchelVault *vault,
                 gpointer input,
                 SatchelProgressReport progress,
                 GCancellable *cancellable,
                 GError **error)
{
  return satchel_vault_set_setting (vault, ALARM_SETTING, input, error) ? vault : NULL;
}

SatchelSessionJob
satchel_courier_round_alarms_read_job (guint64 number)
{
  return (SatchelSessionJob){.run = alarms_read_run,
                             .input = g_strdup_printf ("%" G_GUINT64_FORMAT, number),
                             .input_free = g_free};
}
