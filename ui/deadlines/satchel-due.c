/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deadlines/satchel-due.h"

#include <glib/gi18n.h>

#include "shared/satchel-words.h"

#define WEEK_DAYS     7
#define RELATIVE_DAYS 60 /* "In 400 days" tells nobody anything */

static GDateTime *
to_local (gint64 unix_us)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (unix_us / G_USEC_PER_SEC);

  return utc != NULL ? g_date_time_to_local (utc) : NULL;
}

/* The date on which it is: as it was written, or here. */
static GDateTime *
find_day (const SatchelWhen *when)
{
  if (when->precision > SATCHEL_PRECISION_DAY)
    return to_local (when->unix_us);
  return g_date_time_new_from_unix_utc (when->unix_us / G_USEC_PER_SEC + when->offset_minutes * 60);
}

static guint32
julian (GDateTime *time)
{
  g_autoptr (GDate) date =
      g_date_new_dmy (g_date_time_get_day_of_month (time), g_date_time_get_month (time),
                      g_date_time_get_year (time));

  return g_date_get_julian (date);
}

/* Days from today; FALSE for a time beyond all calendars. */
static gboolean
count_days (const SatchelWhen *when, gint64 now_us, int *days)
{
  g_autoptr (GDateTime) then = find_day (when);
  g_autoptr (GDateTime) now = to_local (now_us);

  if (then == NULL || now == NULL)
    return FALSE;
  *days = (int) julian (then) - (int) julian (now);
  return TRUE;
}

SatchelDueGroup
satchel_due_group (const SatchelDeadline *deadline, gint64 now_us)
{
  const SatchelWhen *when = &deadline->when;
  int days = 0;

  if (deadline->is_done)
    return SATCHEL_DUE_PASSED;
  if (when->precision == SATCHEL_PRECISION_UNKNOWN || !count_days (when, now_us, &days))
    return SATCHEL_DUE_LATER;
  if (satchel_deadline_is_over (deadline, now_us))
    return now_us - satchel_when_get_end_us (when) > SATCHEL_DUE_OVERDUE_DAYS * G_TIME_SPAN_DAY
               ? SATCHEL_DUE_PASSED
               : SATCHEL_DUE_OVERDUE;
  if (days <= 0)
    return when->precision == SATCHEL_PRECISION_MONTH ? SATCHEL_DUE_WEEK : SATCHEL_DUE_TODAY;
  return days <= WEEK_DAYS ? SATCHEL_DUE_WEEK : SATCHEL_DUE_LATER;
}

const char *
satchel_due_group_title (SatchelDueGroup group)
{
  static const char *const TITLES[SATCHEL_DUE_GROUPS] = {
      [SATCHEL_DUE_OVERDUE] = N_ ("Overdue"),
      [SATCHEL_DUE_TODAY] = N_ ("Today"),
      [SATCHEL_DUE_WEEK] = N_ ("Within a week"),
      [SATCHEL_DUE_LATER] = N_ ("Later"),
      [SATCHEL_DUE_PASSED] = N_ ("Passed or done"),
  };

  return _ (TITLES[group]);
}

/* NULL where a number of days says nothing. */
static char *
relative_words (int days)
{
  if (days == 0)
    return g_strdup (_ ("Today"));
  if (days == 1)
    return g_strdup (_ ("Tomorrow"));
  if (days == -1)
    return g_strdup (_ ("Yesterday"));
  if (days > 0 && days <= RELATIVE_DAYS)
    return g_strdup_printf (ngettext ("In %d day", "In %d days", days), days);
  if (days < 0 && -days <= RELATIVE_DAYS)
    return g_strdup_printf (ngettext ("%d day ago", "%d days ago", -days), -days);
  return NULL;
}

/* "14:05 there" is another moment here: NULL where both clocks show the same. */
static char *
offset_words (const SatchelWhen *when)
{
  g_autoptr (GDateTime) here = to_local (when->unix_us);
  int minutes = when->offset_minutes;

  if (when->precision <= SATCHEL_PRECISION_DAY || here == NULL ||
      g_date_time_get_utc_offset (here) == minutes * G_TIME_SPAN_MINUTE)
    return NULL;
  return g_strdup_printf ("UTC%c%02d:%02d", minutes < 0 ? '-' : '+', ABS (minutes) / 60,
                          ABS (minutes) % 60);
}

char *
satchel_due_words (const SatchelWhen *when, gint64 now_us)
{
  int days = 0;

  if (when->precision == SATCHEL_PRECISION_UNKNOWN || !count_days (when, now_us, &days))
    return g_strdup (_ ("Time not known"));
  g_autofree char *moment = satchel_words_when (when);
  g_autofree char *offset = offset_words (when);
  g_autofree char *whole = offset != NULL ? g_strdup_printf ("%s (%s)", moment, offset)
                                          : g_steal_pointer (&moment);
  g_autofree char *relative =
      when->precision > SATCHEL_PRECISION_MONTH ? relative_words (days) : NULL;
  /* Translators: how far away it is, and when: "Tomorrow · 9 March 2024, 14:05". */
  return relative != NULL ? g_strdup_printf (_ ("%s · %s"), relative, whole)
                          : g_steal_pointer (&whole);
}
