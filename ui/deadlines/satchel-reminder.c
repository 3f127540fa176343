/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deadlines/satchel-reminder.h"

#include <glib/gi18n.h>

#include "records/satchel-deadline.h"

#define TICK_SECONDS 60
#define NOTIFICATION "due"
#define MORNING      (9 * G_TIME_SPAN_HOUR)
#define FIRST_LEAD   G_TIME_SPAN_DAY
#define SECOND_LEAD  G_TIME_SPAN_HOUR

struct _SatchelReminder {
  GObject parent_instance;

  GApplication *application; /* borrowed; NULL once it was stopped */
  SatchelSession *session;
  GArray *times;  /* of SatchelReminderTime */
  gint64 told_us; /* what satchel_reminder_find() gave when it last spoke or was silent */
  gboolean is_shown;
  guint tick_source;
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelReminder, satchel_reminder, G_TYPE_OBJECT)
// clang-format on

gboolean
satchel_reminder_time_of (const SatchelWhen *when, SatchelReminderTime *out)
{
  gboolean is_date = when->precision <= SATCHEL_PRECISION_DAY;

  if (when->precision == SATCHEL_PRECISION_UNKNOWN)
    return FALSE;
  gint64 moment_us = when->unix_us + (is_date ? MORNING : 0);
  out->first_us = moment_us - FIRST_LEAD;
  out->second_us = moment_us - (is_date ? 0 : SECOND_LEAD);
  out->end_us = satchel_when_get_end_us (when);
  return TRUE;
}

gint64
satchel_reminder_find (const SatchelReminderTime *times, guint count, gint64 now_us)
{
  gint64 latest_us = 0;

  for (guint i = 0; i < count; i++) {
    if (times[i].end_us <= now_us)
      continue;
    if (times[i].first_us <= now_us)
      latest_us = MAX (latest_us, times[i].first_us);
    if (times[i].second_us <= now_us)
      latest_us = MAX (latest_us, times[i].second_us);
  }
  return latest_us;
}

static gboolean
is_open (SatchelReminder *self)
{
  return satchel_session_get_state (self->session) == SATCHEL_SESSION_OPEN;
}

/* Whoever reads over a shoulder learns that there is something, and no more. */
static void
send (SatchelReminder *self)
{
  g_autoptr (GNotification) notification = g_notification_new (_ ("Satchel: something is due"));

  g_notification_set_body (notification, is_open (self) ? _ ("Open Satchel to see it.")
                                                        : _ ("Unlock Satchel to see it."));
  g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_HIGH);
  g_application_send_notification (self->application, NOTIFICATION, notification);
  self->is_shown = TRUE;
}

static void
withdraw (SatchelReminder *self)
{
  if (self->is_shown && self->application != NULL)
    g_application_withdraw_notification (self->application, NOTIFICATION);
  self->is_shown = FALSE;
}

/* A clock that was set back makes a moment come again: it is told again. */
static void
look (SatchelReminder *self)
{
  gint64 due_us = satchel_reminder_find ((const SatchelReminderTime *) self->times->data,
                                         self->times->len, satchel_now_us ());

  if (due_us == 0)
    withdraw (self);
  else if (due_us > self->told_us)
    send (self);
  self->told_us = due_us;
}

/* --- What the vault says --- */

static gpointer
times_run (SatchelVault *vault,
           gpointer input,
           SatchelProgressReport progress,
           GCancellable *cancellable,
           GError **error)
{
  g_autoptr (GPtrArray) deadlines = satchel_deadline_list (vault, G_MININT64, 0, NULL, error);
  GArray *times = NULL;

  if (deadlines == NULL)
    return NULL;
  times = g_array_new (FALSE, FALSE, sizeof (SatchelReminderTime));
  for (guint i = 0; i < deadlines->len; i++) {
    const SatchelDeadline *deadline = deadlines->pdata[i];
    SatchelReminderTime time;
    if (!deadline->is_done && satchel_reminder_time_of (&deadline->when, &time))
      g_array_append_val (times, time);
  }
  return times;
}

/* What could not be read is known as it was; the list of deadlines says why. */
static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelReminder) self = user_data;
  g_autoptr (GArray) times = satchel_session_run_finish (SATCHEL_SESSION (source), result, NULL);

  if (times == NULL || self->application == NULL)
    return;
  g_array_unref (self->times);
  self->times = g_steal_pointer (&times);
  look (self);
}

static void
read_times (SatchelReminder *self)
{
  satchel_session_run_async (self->session,
                             &(SatchelSessionJob){
                                 .run = times_run,
                                 .result_free = (GDestroyNotify) g_array_unref,
                             },
                             NULL, read_cb, g_object_ref (self));
}

static void
changed_cb (SatchelReminder *self, SatchelChanges changes)
{
  if ((changes & SATCHEL_CHANGED_RECORDS) != 0)
    read_times (self);
}

static void
state_cb (SatchelReminder *self)
{
  if (is_open (self)) {
    read_times (self);
  } else if (satchel_session_get_state (self->session) == SATCHEL_SESSION_EMPTY) {
    g_array_set_size (self->times, 0);
    look (self);
  }
}

static gboolean
tick_cb (gpointer user_data)
{
  look (user_data);
  return G_SOURCE_CONTINUE;
}

void
satchel_reminder_stop (SatchelReminder *self)
{
  g_clear_handle_id (&self->tick_source, g_source_remove);
  withdraw (self);
  self->application = NULL;
}

static void
satchel_reminder_dispose (GObject *object)
{
  SatchelReminder *self = SATCHEL_REMINDER (object);

  satchel_reminder_stop (self);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (satchel_reminder_parent_class)->dispose (object);
}

static void
satchel_reminder_finalize (GObject *object)
{
  g_array_unref (SATCHEL_REMINDER (object)->times);
  G_OBJECT_CLASS (satchel_reminder_parent_class)->finalize (object);
}

static void
satchel_reminder_class_init (SatchelReminderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = satchel_reminder_dispose;
  G_OBJECT_CLASS (klass)->finalize = satchel_reminder_finalize;
}

static void
satchel_reminder_init (SatchelReminder *self)
{
  self->times = g_array_new (FALSE, FALSE, sizeof (SatchelReminderTime));
}

SatchelReminder *
satchel_reminder_new (GApplication *application, SatchelSession *session)
{
  SatchelReminder *self = g_object_new (SATCHEL_TYPE_REMINDER, NULL);

  self->application = application;
  self->session = g_object_ref (session);
  g_signal_connect_object (session, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (state_cb), self,
                           G_CONNECT_SWAPPED);
  self->tick_source = g_timeout_add_seconds (TICK_SECONDS, tick_cb, self);
  return self;
}
