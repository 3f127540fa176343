/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/satchel-time.h"
#include "session/satchel-session.h"

G_BEGIN_DECLS

/**
 * Tells a person, by a notification of the desktop that names nothing, that something is due: a day
 * before it and an hour before it; of a date without a time at nine in the morning of the day
 * before and of the day itself. The notification goes when nothing is due any more.
 *
 * Of the vault it knows moments alone, no words. It keeps them while the vault is locked, so that a
 * locked vault still reminds; they go with the program, and with a destroyed vault. The wall's
 * clock is asked every minute, so that setting it or a night's sleep loses nothing.
 */
#define SATCHEL_TYPE_REMINDER (satchel_reminder_get_type ())
G_DECLARE_FINAL_TYPE (SatchelReminder, satchel_reminder, SATCHEL, REMINDER, GObject)

/** @application is borrowed, and outlives it. */
SatchelReminder *satchel_reminder_new (GApplication *application, SatchelSession *session);

/** Takes the notification back, and says nothing more. */
void satchel_reminder_stop (SatchelReminder *self);

/** When to remind of one deadline. */
typedef struct {
  gint64 first_us;
  gint64 second_us;
  gint64 end_us; /* it is over */
} SatchelReminderTime;

/** FALSE for an unknown time. */
gboolean satchel_reminder_time_of (const SatchelWhen *when, SatchelReminderTime *out);

/** The latest moment up to @now_us at which somebody had to be reminded of something that is not
 *  over; 0 for none. */
gint64
satchel_reminder_find (const SatchelReminderTime *times, guint count, gint64 now_us);

G_END_DECLS
