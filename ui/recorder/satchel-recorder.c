/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/satchel-recorder.h"

#include <glib/gi18n.h>
#include <math.h>

#include "base/satchel-time.h"
#include "player/satchel-player-view.h"
#include "recorder/satchel-microphone.h"
#include "recorder/satchel-recorder-job.h"
#include "shared/satchel-error-text.h"

#define KEEP_MS    1000
#define SILENCE_DB (-60.0)
/* A microphone that is switched off gives silence; one that gives nothing for so long is gone. */
#define GONE_US (5 * G_USEC_PER_SEC)
/* Waits while the vault is at other work: half an hour of sound. */
#define TAPE_BYTES (16 * 1024 * 1024)

struct _SatchelRecorder {
  GObject parent_instance;

  SatchelSession *session;
  SatchelRecorderState state;
  char *record_id;
  SatchelTape *tape;             /* NULL while idle or saving */
  SatchelMicrophone *microphone; /* the same */
  SatchelRecording *recording;   /* while recording */
  guint tick;
  gint64 heard_us;           /* at the last tick */
  gint64 heard_at_us;        /* monotonic: when that rose last */
  SatchelRecording *keeping; /* borrowed: whose job is under way, until it is done */
  GError *cause;             /* why it ends, where nobody wanted it to */
};

enum { CHANGED,
       SAVED,
       SIGNALS };
static guint signals[SIGNALS];

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelRecorder, satchel_recorder, G_TYPE_OBJECT)
// clang-format on

static void
set_state (SatchelRecorder *self, SatchelRecorderState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_signal_emit (self, signals[CHANGED], 0);
}

/* --- What came of it --- */

static void
say (SatchelRecorder *self, const char *text)
{
  satchel_session_put_word (self->session, NULL, text);
}

static void
tell_saved (SatchelRecorder *self, gboolean is_damaged)
{
  if (self->cause != NULL) {
    g_autofree char *sentence = satchel_error_text_dup (self->cause);
    /* Translators: %s is a sentence, as "The microphone is gone." */
    const char *format = is_damaged ? _ ("%s Not all that was recorded until then can be read any "
                                         "more. What can be is saved.")
                                    : _ ("%s What was recorded until then is saved.");
    g_autofree char *text = g_strdup_printf (format, sentence);
    say (self, text);
  } else if (satchel_session_get_state (self->session) == SATCHEL_SESSION_OPEN) {
    say (self, _ ("Recording saved"));
  } else {
    say (self, _ ("Satchel locked while it recorded. What was recorded until then is saved."));
  }
}

/* What ended it is what a person can mend, not what came of that. No advice: that is for what can
 * be done again. */
static void
tell_failed (SatchelRecorder *self, const GError *told, guint kept_s)
{
  const GError *error = self->cause != NULL ? self->cause : told;
  g_autofree char *sentence = satchel_error_text_dup (error);
  g_autofree char *time = satchel_player_time_text ((gint64) kept_s * G_USEC_PER_SEC);
  /* Translators: the first %s is a sentence, as "The disk is full.", the second a time: 1:20 */
  g_autofree char *text =
      kept_s > 0 ? g_strdup_printf (_ ("%s What was recorded up to %s is kept, and comes into its "
                                       "report when Satchel is unlocked the next time."),
                                    sentence, time)
                 : g_strdup_printf (_ ("%s Nothing of it is kept."), sentence);

  if (!satchel_error_text_is_silent (told))
    satchel_session_put_failure (self->session, _ ("The Recording Could Not Be Saved"), text);
}

/* --- The end --- */

static void
release (SatchelRecorder *self)
{
  g_clear_handle_id (&self->tick, g_source_remove);
  if (self->microphone != NULL) {
    g_signal_handlers_disconnect_by_data (self->microphone, self);
    satchel_microphone_stop (self->microphone);
  }
  g_clear_object (&self->microphone);
  g_clear_pointer (&self->tape, satchel_tape_unref);
  g_clear_pointer (&self->recording, satchel_recording_unref);
}

/* Context of a job: the recording may be over meanwhile, and another one begun. */
typedef struct {
  SatchelRecorder *recorder;
  SatchelRecording *recording;
} Keeping;

static Keeping *
keeping_new (SatchelRecorder *self)
{
  Keeping *keeping = g_new (Keeping, 1);

  *keeping = (Keeping){g_object_ref (self), satchel_recording_ref (self->recording)};
  return keeping;
}

static void
finished_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Keeping *keeping = user_data;
  g_autoptr (SatchelRecorder) self = keeping->recorder;
  g_autoptr (SatchelRecording) recording = keeping->recording;
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelRecorded) recorded =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (recorded != NULL && self->cause == NULL)
    self->cause = g_steal_pointer (&recorded->cut);
  if (recorded != NULL)
    tell_saved (self, recorded->is_damaged);
  else
    tell_failed (self, error, satchel_recording_get_kept_s (recording));
  g_clear_error (&self->cause);
  set_state (self, SATCHEL_RECORDER_IDLE);
  if (recorded != NULL)
    g_signal_emit (self, signals[SAVED], 0);
}

static void
discarded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  SatchelSession *session = SATCHEL_SESSION (source);
  g_autoptr (GError) error = NULL;

  if (satchel_session_run_finish (session, result, &error) != NULL ||
      satchel_error_text_is_silent (error))
    return;
  g_autofree char *sentence = satchel_error_text_dup (error);
  /* Translators: %s is a sentence, as "The disk is full." */
  g_autofree char *text = g_strdup_printf (
      _ ("%s What is saved of it may be in its report when Satchel is unlocked the next time."),
      sentence);
  satchel_session_put_failure (session, _ ("The Recording Could Not Be Discarded"), text);
}

void
satchel_recorder_stop (SatchelRecorder *self)
{
  SatchelSessionJob job;
  Keeping *keeping;

  if (self->state != SATCHEL_RECORDER_RECORDING) {
    satchel_recorder_discard (self);
    return;
  }
  job = satchel_recording_finish_job (self->recording);
  keeping = keeping_new (self);
  release (self);
  satchel_session_run_async (self->session, &job, NULL, finished_cb, keeping);
  set_state (self, SATCHEL_RECORDER_SAVING);
}

void
satchel_recorder_discard (SatchelRecorder *self)
{
  if (self->state != SATCHEL_RECORDER_STARTING && self->state != SATCHEL_RECORDER_RECORDING)
    return;
  if (self->recording != NULL) {
    SatchelSessionJob job = satchel_recording_discard_job (self->recording);
    satchel_session_run_async (self->session, &job, NULL, discarded_cb, NULL);
  }
  release (self);
  g_clear_error (&self->cause);
  set_state (self, SATCHEL_RECORDER_IDLE);
}

/* A lock has stopped it before: this is the vault being destroyed. */
static void
session_state_cb (SatchelRecorder *self)
{
  if (satchel_session_get_state (self->session) != SATCHEL_SESSION_OPEN)
    satchel_recorder_discard (self);
}

/* --- Recording --- */

/* Ends it, which saves what was heard. */
static void
end (SatchelRecorder *self, const GError *cause)
{
  self->cause = g_error_copy (cause);
  satchel_recorder_stop (self);
}

static void
kept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Keeping *keeping = user_data;
  g_autoptr (SatchelRecorder) self = keeping->recorder;
  g_autoptr (SatchelRecording) recording = keeping->recording;
  g_autoptr (GError) error = NULL;
  gboolean is_kept =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error) != NULL;

  if (self->keeping == recording)
    self->keeping = NULL;
  if (!is_kept && self->recording == recording)
    end (self, error);
}

/* A server may take the sound away and say nothing. */
static gboolean
is_gone (SatchelRecorder *self)
{
  gint64 heard_us = satchel_tape_get_heard_us (self->tape);
  gint64 now_us = g_get_monotonic_time ();

  if (heard_us != self->heard_us)
    self->heard_at_us = now_us;
  self->heard_us = heard_us;
  return now_us - self->heard_at_us > GONE_US;
}

static gboolean
tick_cb (gpointer user_data)
{
  SatchelRecorder *self = user_data;

  if (is_gone (self)) {
    g_autoptr (GError) error =
        g_error_new_literal (SATCHEL_MICROPHONE_ERROR, SATCHEL_MICROPHONE_ERROR_LOST,
                             "the microphone gives nothing any more");
    self->tick = 0;
    end (self, error);
    return G_SOURCE_REMOVE;
  }
  if (self->keeping != self->recording) {
    SatchelSessionJob job = satchel_recording_keep_job (self->recording);
    self->keeping = self->recording;
    satchel_session_run_async (self->session, &job, NULL, kept_cb, keeping_new (self));
  }
  return G_SOURCE_CONTINUE;
}

static void
ready_cb (SatchelRecorder *self)
{
  gint64 heard_us = satchel_tape_get_heard_us (self->tape);

  self->recording =
      satchel_recording_new (self->record_id, self->tape, satchel_now_us () - heard_us);
  self->heard_us = heard_us;
  self->heard_at_us = g_get_monotonic_time ();
  self->tick = g_timeout_add (KEEP_MS, tick_cb, self);
  set_state (self, SATCHEL_RECORDER_RECORDING);
}

static void
failed_cb (SatchelRecorder *self, const GError *error)
{
  if (self->state == SATCHEL_RECORDER_RECORDING) {
    end (self, error);
    return;
  }
  g_autofree char *text = satchel_error_text_dup_whole (error);
  satchel_recorder_discard (self);
  say (self, text);
}

void
satchel_recorder_start (SatchelRecorder *self, const char *record_id)
{
  if (self->state != SATCHEL_RECORDER_IDLE)
    return;
  g_free (self->record_id);
  self->record_id = g_strdup (record_id);
  self->tape = satchel_tape_new (TAPE_BYTES);
  self->microphone = satchel_microphone_new (self->tape);
  g_signal_connect_swapped (self->microphone, "ready", G_CALLBACK (ready_cb), self);
  g_signal_connect_swapped (self->microphone, "failed", G_CALLBACK (failed_cb), self);
  set_state (self, SATCHEL_RECORDER_STARTING);
  satchel_microphone_start (self->microphone);
}

SatchelRecorderState
satchel_recorder_get_state (SatchelRecorder *self)
{
  return self->state;
}

gint64
satchel_recorder_get_heard_us (SatchelRecorder *self)
{
  return self->tape != NULL ? satchel_tape_get_heard_us (self->tape) : 0;
}

guint
satchel_recorder_get_kept_s (SatchelRecorder *self)
{
  return self->recording != NULL ? satchel_recording_get_kept_s (self->recording) : 0;
}

double
satchel_recorder_level (guint peak)
{
  if (peak == 0)
    return 0;
  return CLAMP (1 - 20 * log10 ((double) peak / SATCHEL_TAPE_LOUDEST) / SILENCE_DB, 0, 1);
}

double
satchel_recorder_take_level (SatchelRecorder *self)
{
  return self->tape != NULL ? satchel_recorder_level (satchel_tape_take_peak (self->tape)) : 0;
}

/* --- Its life --- */

static void
satchel_recorder_dispose (GObject *object)
{
  SatchelRecorder *self = SATCHEL_RECORDER (object);

  release (self);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (satchel_recorder_parent_class)->dispose (object);
}

static void
satchel_recorder_finalize (GObject *object)
{
  SatchelRecorder *self = SATCHEL_RECORDER (object);

  g_free (self->record_id);
  g_clear_error (&self->cause);
  G_OBJECT_CLASS (satchel_recorder_parent_class)->finalize (object);
}

static void
satchel_recorder_class_init (SatchelRecorderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = satchel_recorder_dispose;
  G_OBJECT_CLASS (klass)->finalize = satchel_recorder_finalize;
  signals[CHANGED] = g_signal_new ("changed", SATCHEL_TYPE_RECORDER, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[SAVED] = g_signal_new ("saved", SATCHEL_TYPE_RECORDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
satchel_recorder_init (SatchelRecorder *self)
{
}

SatchelRecorder *
satchel_recorder_new (SatchelSession *session)
{
  SatchelRecorder *self = g_object_new (SATCHEL_TYPE_RECORDER, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "locking", G_CALLBACK (satchel_recorder_stop), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (session_state_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}
