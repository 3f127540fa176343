/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "courier/satchel-courier-runner.h"

#include "base/satchel-time.h"
#include "courier/satchel-courier-round.h"

#define SETTLE_MS     2000 /* after a change: several come together */
#define MERGE_S       1    /* while it sends, so that the outbox is seen to move */
#define AGAIN_LEAST_S 300  /* where nothing is to be sent: receipts are pulled */
#define AGAIN_MOST_S  900
#define WAIT_S        60   /* while the person's rules forbid it */
#define ALARM_S       3600 /* after an alarm, by itself: another network comes sooner */

/* To begin anew: something is to be sent, there is another newsroom or invite, other rules. */
#define REASONS (SATCHEL_CHANGED_OUTBOX | SATCHEL_CHANGED_PEOPLE | SATCHEL_CHANGED_SETTINGS)

struct _SatchelCourierRunner {
  GObject parent_instance;

  SatchelSession *session;
  SatchelWorker *worker; /* NULL once stopped */
  GNetworkMonitor *network;

  SatchelCourierStatus status;
  char *newsroom;
  GError *error;
  SatchelVerdict *verdict;

  SatchelCourierRound *sent; /* with the courier's thread; nullable */
  GCancellable *stop;        /* of that */
  SatchelCourierRound *left; /* what a lock or a dead line left to be sent; nullable */
  gboolean is_busy;          /* a round is under way */
  gboolean is_due;           /* something came up meanwhile: another one follows at once */
  gboolean is_asked;         /* and a person asked for it */
  gboolean is_paused;        /* a person stopped it */
  gboolean is_merging;
  gboolean is_telling; /* of what a round has changed: no reason for another */
  guint failures;      /* in a row */
  guint begin_source;
  guint merge_source;
};

enum { CHANGED,
       SIGNALS };
static guint signals[SIGNALS];

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelCourierRunner, satchel_courier_runner, G_TYPE_OBJECT)
// clang-format on

static void begin (SatchelCourierRunner *self, gboolean by_hand);
static void watch (SatchelCourierRunner *self, const SatchelRules *rules);
static void wait (SatchelCourierRunner *self, const SatchelCourierRound *round);
static void judge_and_send (SatchelCourierRunner *self, SatchelCourierRound *round);
static void send (SatchelCourierRunner *self, SatchelCourierRound *round);

/* --- What there is to say --- */

static void
set_verdict (SatchelCourierRunner *self, const SatchelVerdict *verdict)
{
  g_clear_pointer (&self->verdict, satchel_verdict_free);
  self->status.verdict = self->verdict = verdict != NULL ? satchel_verdict_copy (verdict) : NULL;
}

static void
set_status (SatchelCourierRunner *self, SatchelCourierState state, const GError *error)
{
  GError *kept = error != NULL ? g_error_copy (error) : NULL;

  g_clear_error (&self->error);
  self->error = kept;
  self->status.error = kept;
  self->status.verdict = self->verdict;
  self->status.state = state;
  self->status.done_bytes = self->status.total_bytes = 0;
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Read while the vault is open, and kept no longer than that. */
static void
note_alarms (SatchelCourierRunner *self, GPtrArray *alarms)
{
  gboolean has_any = alarms != NULL && alarms->len > 0 &&
                     satchel_session_get_state (self->session) == SATCHEL_SESSION_OPEN;

  g_clear_pointer (&self->status.alarms, g_ptr_array_unref);
  self->status.alarms = has_any ? g_ptr_array_ref (alarms) : NULL;
}

static void
note_round (SatchelCourierRunner *self, const SatchelCourierRound *round)
{
  g_free (self->newsroom);
  self->newsroom = g_strdup (round->newsroom);
  self->status.newsroom = self->newsroom;
  self->status.waiting = round->waiting;
  self->status.unreadable = round->unreadable;
  self->status.refused = round->refused;
  note_alarms (self, round->alarms);
}

static void
progress_cb (guint64 done, guint64 total, gpointer user_data)
{
  SatchelCourierRunner *self = user_data;

  self->status.done_bytes = done;
  self->status.total_bytes = total;
  g_signal_emit (self, signals[CHANGED], 0);
}

/* --- When the next round begins --- */

static gboolean
begin_cb (gpointer user_data)
{
  SatchelCourierRunner *self = user_data;

  self->begin_source = 0;
  begin (self, FALSE);
  return G_SOURCE_REMOVE;
}

static void
begin_after (SatchelCourierRunner *self, guint ms)
{
  g_clear_handle_id (&self->begin_source, g_source_remove);
  if (self->worker != NULL)
    self->begin_source = g_timeout_add (ms, begin_cb, self);
}

static gboolean
is_alarm (const GError *error)
{
  return g_error_matches (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNTRUSTED);
}

static guint
choose_pause_s (SatchelCourierRunner *self, const GError *error)
{
  if (error == NULL) {
    self->failures = 0;
    return (guint) g_random_int_range (AGAIN_LEAST_S, AGAIN_MOST_S);
  }
  if (is_alarm (error))
    return ALARM_S;
  /* To be judged again: no line is tried for that. */
  if (self->verdict != NULL)
    return WAIT_S;
  return satchel_courier_backoff_s (self->failures++, g_random_double ());
}

static void
end_round (SatchelCourierRunner *self, SatchelCourierState state, const GError *error)
{
  self->is_busy = FALSE;
  g_clear_handle_id (&self->merge_source, g_source_remove);
  if (self->worker == NULL)
    return;
  begin_after (self, self->is_due ? 0 : choose_pause_s (self, error) * 1000);
  set_status (self, state, error);
}

static void
end_with_error (SatchelCourierRunner *self, const GError *error)
{
  set_verdict (self, NULL);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      g_error_matches (error, SATCHEL_SESSION_ERROR, SATCHEL_SESSION_ERROR_LOCKED))
    end_round (self, SATCHEL_COURIER_UNKNOWN, NULL);
  else
    end_round (self, is_alarm (error) ? SATCHEL_COURIER_ALARMED : SATCHEL_COURIER_WAITING, error);
}

/* --- The round --- */

/* For a lock that may come at any time from now on. */
static void
keep_left (SatchelCourierRunner *self, SatchelCourierRound *round)
{
  g_clear_pointer (&self->left, satchel_courier_round_unref);
  if (round->courier != NULL && satchel_courier_count_jobs (round->courier) > 0)
    self->left = satchel_courier_round_ref (round);
}

static void
end_whole (SatchelCourierRunner *self, SatchelCourierRound *round)
{
  g_clear_pointer (&round->fetcher, satchel_fetcher_free);
  note_round (self, round);
  if (round->verdict != NULL && round->verdict->kind != SATCHEL_VERDICT_GO)
    wait (self, round);
  else if (round->error != NULL)
    end_with_error (self, round->error);
  else
    end_round (self, round->is_proved ? SATCHEL_COURIER_CONNECTED : SATCHEL_COURIER_UNKNOWN, NULL);
}

static void
settled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelCourierRunner) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelCourierRound) round =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (round == NULL) {
    /* A lock came between: what is left stays left. */
    if (self->left != NULL)
      g_clear_pointer (&self->left->fetcher, satchel_fetcher_free);
    end_with_error (self, error);
    return;
  }
  self->is_telling = TRUE;
  if (round->changes != SATCHEL_CHANGED_NOTHING)
    satchel_session_tell (self->session, round->changes);
  self->is_telling = FALSE;
  if (round->error == NULL && self->worker != NULL && !self->is_due && round->fetcher != NULL &&
      satchel_fetcher_has_more (round->fetcher))
    judge_and_send (self, round);
  else
    end_whole (self, round);
}

static void
merged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelCourierRunner) self = user_data;

  satchel_session_run_finish (SATCHEL_SESSION (source), result, NULL);
  self->is_merging = FALSE;
}

static void
run_in_vault (SatchelCourierRunner *self, SatchelSessionJob job, GAsyncReadyCallback callback)
{
  satchel_session_run_async (self->session, &job, NULL, callback, g_object_ref (self));
}

static gboolean
merge_cb (gpointer user_data)
{
  SatchelCourierRunner *self = user_data;

  watch (self, NULL);
  if (!self->is_merging && satchel_session_get_state (self->session) == SATCHEL_SESSION_OPEN) {
    self->is_merging = TRUE;
    run_in_vault (self, satchel_courier_round_merge_job (), merged_cb);
  }
  return G_SOURCE_CONTINUE;
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelCourierRunner) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelCourierRound) round = satchel_worker_finish (result, &error);

  g_clear_pointer (&self->sent, satchel_courier_round_unref);
  g_clear_object (&self->stop);
  if (round == NULL) {
    end_with_error (self, error);
    return;
  }
  keep_left (self, round);
  if (satchel_session_get_state (self->session) == SATCHEL_SESSION_OPEN) {
    run_in_vault (self, satchel_courier_round_settle_job (round), settled_cb);
  } else {
    round->waiting = round->tally.left;
    end_whole (self, round);
  }
}

static void
send (SatchelCourierRunner *self, SatchelCourierRound *round)
{
  SatchelWorkerJob job =
      satchel_courier_round_send_job (round, (SatchelProgressReport){progress_cb, self});

  set_verdict (self, NULL);
  set_status (self, SATCHEL_COURIER_WORKING, NULL);
  if (self->merge_source == 0)
    self->merge_source = g_timeout_add_seconds (MERGE_S, merge_cb, self);
  self->sent = satchel_courier_round_ref (round);
  self->stop = g_cancellable_new ();
  satchel_worker_push (self->worker, &job, self, self->stop, sent_cb, g_object_ref (self));
}

static void
wait (SatchelCourierRunner *self, const SatchelCourierRound *round)
{
  g_autoptr (GError) error = NULL;

  if (round->newsroom == NULL) {
    set_verdict (self, NULL);
    end_round (self, SATCHEL_COURIER_ALONE, NULL);
    return;
  }
  error = g_error_new_literal (SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_WAITING,
                               round->verdict->sentence);
  set_verdict (self, round->verdict);
  gboolean is_asking = round->verdict->kind == SATCHEL_VERDICT_ASK;
  end_round (self, is_asking ? SATCHEL_COURIER_ASKING : SATCHEL_COURIER_WAITING, error);
}

static void
prepared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelCourierRunner) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelCourierRound) round =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (round == NULL || self->worker == NULL) {
    end_with_error (self, error);
    return;
  }
  note_round (self, round);
  if (round->verdict != NULL && round->verdict->kind == SATCHEL_VERDICT_GO) {
    send (self, round);
  } else {
    keep_left (self, round);
    wait (self, round);
  }
}

static SatchelMoment
look_at_clock (SatchelCourierRunner *self, gboolean by_hand)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  /* A monitor takes a network without a way to the world for none, but the newsroom may be in it:
   * whether anybody answers is found out by asking. */
  return (SatchelMoment){
      .online = TRUE,
      .metered = g_network_monitor_get_network_metered (self->network),
      .minute_of_day = g_date_time_get_hour (now) * 60 + g_date_time_get_minute (now),
      .by_hand = by_hand,
      .paused = self->is_paused,
  };
}

/* What is under way stops where the rules, or the network, have come to forbid it. @rules: new
 * ones; nullable. */
static void
watch (SatchelCourierRunner *self, const SatchelRules *rules)
{
  if (self->sent == NULL)
    return;
  /* Who stops it has not asked for it any more. */
  SatchelMoment moment = look_at_clock (self, self->sent->moment.by_hand && !self->is_paused);
  satchel_courier_round_watch (self->sent, &moment, rules, self->stop);
}

static void
judge_and_send (SatchelCourierRunner *self, SatchelCourierRound *round)
{
  SatchelMoment moment = look_at_clock (self, round->moment.by_hand && !self->is_paused);

  satchel_courier_round_judge (round, &moment);
  if (round->verdict->kind == SATCHEL_VERDICT_GO)
    send (self, round);
  else
    end_whole (self, round);
}

static void
rules_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelCourierRunner) self = user_data;
  g_autoptr (SatchelRules) rules =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, NULL);

  if (rules != NULL)
    watch (self, rules);
}

/* While the vault is locked: what was ready before, if the rules still allow it. */
static void
begin_locked (SatchelCourierRunner *self, const SatchelMoment *moment)
{
  g_autoptr (SatchelCourierRound) round = g_steal_pointer (&self->left);

  satchel_courier_round_judge (round, moment);
  if (round->verdict->kind == SATCHEL_VERDICT_GO) {
    send (self, round);
  } else {
    self->left = satchel_courier_round_ref (round);
    wait (self, round);
  }
}

static void
begin (SatchelCourierRunner *self, gboolean by_hand)
{
  self->is_asked |= by_hand;
  if (self->worker == NULL)
    return;
  self->is_due = self->is_busy;
  if (self->is_busy)
    return;
  SatchelMoment moment = look_at_clock (self, self->is_asked);
  self->is_asked = FALSE;
  self->is_busy = TRUE;
  if (satchel_session_get_state (self->session) == SATCHEL_SESSION_OPEN) {
    g_clear_pointer (&self->left, satchel_courier_round_unref);
    run_in_vault (self, satchel_courier_round_prepare_job (&moment), prepared_cb);
  } else if (self->left != NULL) {
    begin_locked (self, &moment);
  } else {
    self->is_busy = FALSE;
  }
}

void
satchel_courier_runner_send_now (SatchelCourierRunner *self)
{
  self->failures = 0;
  self->is_paused = FALSE;
  begin (self, TRUE);
}

void
satchel_courier_runner_pause (SatchelCourierRunner *self)
{
  self->is_paused = TRUE;
  self->is_asked = FALSE;
  watch (self, NULL);
}

static void
alarms_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelCourierRunner) self = user_data;

  if (satchel_session_run_finish (SATCHEL_SESSION (source), result, NULL) == NULL)
    return;
  note_alarms (self, NULL);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
satchel_courier_runner_note_alarms_read (SatchelCourierRunner *self)
{
  const GPtrArray *alarms = self->status.alarms;

  if (alarms == NULL)
    return;
  const SatchelSyncAlarm *last = alarms->pdata[alarms->len - 1];
  run_in_vault (self, satchel_courier_round_alarms_read_job (last->number), alarms_read_cb);
}

/* --- What makes it begin --- */

static void
changed_cb (SatchelCourierRunner *self, SatchelChanges changes)
{
  /* At once: a lock may follow. */
  if ((changes & REASONS) != 0 && !self->is_telling)
    begin (self, FALSE);
  if ((changes & SATCHEL_CHANGED_SETTINGS) != 0 && self->sent != NULL)
    run_in_vault (self, satchel_courier_round_rules_job (), rules_cb);
}

static void
network_cb (SatchelCourierRunner *self)
{
  self->failures = 0;
  watch (self, NULL);
  begin_after (self, SETTLE_MS);
}

/* A destroyed vault sends nothing any more. */
static void
forget (SatchelCourierRunner *self)
{
  if (self->worker != NULL)
    satchel_worker_interrupt (self->worker, TRUE);
  g_clear_handle_id (&self->begin_source, g_source_remove);
  g_clear_pointer (&self->left, satchel_courier_round_unref);
  g_clear_pointer (&self->newsroom, g_free);
  self->status.newsroom = NULL;
  self->status.waiting = self->status.unreadable = self->status.refused = 0;
  note_alarms (self, NULL);
  set_verdict (self, NULL);
  set_status (self, SATCHEL_COURIER_UNKNOWN, NULL);
}

static void
state_cb (SatchelCourierRunner *self)
{
  SatchelSessionState state = satchel_session_get_state (self->session);

  if (state == SATCHEL_SESSION_OPEN)
    begin (self, FALSE);
  else if (state == SATCHEL_SESSION_EMPTY)
    forget (self);
  else
    note_alarms (self, NULL);
}

/* --- The object --- */

void
satchel_courier_runner_stop (SatchelCourierRunner *self)
{
  g_clear_handle_id (&self->begin_source, g_source_remove);
  g_clear_handle_id (&self->merge_source, g_source_remove);
  g_clear_pointer (&self->worker, satchel_worker_free);
  g_clear_pointer (&self->left, satchel_courier_round_unref);
}

static void
satchel_courier_runner_dispose (GObject *object)
{
  SatchelCourierRunner *self = SATCHEL_COURIER_RUNNER (object);

  satchel_courier_runner_stop (self);
  g_clear_pointer (&self->newsroom, g_free);
  g_clear_error (&self->error);
  set_verdict (self, NULL);
  g_clear_pointer (&self->status.alarms, g_ptr_array_unref);
  self->status = (SatchelCourierStatus){0};
  g_clear_object (&self->session);
  G_OBJECT_CLASS (satchel_courier_runner_parent_class)->dispose (object);
}

static void
satchel_courier_runner_class_init (SatchelCourierRunnerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = satchel_courier_runner_dispose;
  signals[CHANGED] = g_signal_new ("changed", SATCHEL_TYPE_COURIER_RUNNER, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
satchel_courier_runner_init (SatchelCourierRunner *self)
{
  self->worker = satchel_worker_new ("courier");
  self->network = g_network_monitor_get_default ();
}

SatchelCourierRunner *
satchel_courier_runner_new (SatchelSession *session)
{
  SatchelCourierRunner *self = g_object_new (SATCHEL_TYPE_COURIER_RUNNER, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (state_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->network, "network-changed", G_CALLBACK (network_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

const SatchelCourierStatus *
satchel_courier_runner_get_status (SatchelCourierRunner *self)
{
  return &self->status;
}
