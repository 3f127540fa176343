/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shared/satchel-words.h"

#include <glib/gi18n.h>

#include "base/satchel-text.h"

#define TITLE_SHOWN_MAX 200

const char *
satchel_words_language (void)
{
  return g_get_language_names ()[0];
}

static GDateTime *
to_local (gint64 unix_us)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (unix_us / G_USEC_PER_SEC);

  return utc != NULL ? g_date_time_to_local (utc) : NULL;
}

static int
days_between (GDateTime *from, GDateTime *to)
{
  g_autoptr (GDate) first = g_date_new_dmy (g_date_time_get_day_of_month (from),
                                            g_date_time_get_month (from),
                                            g_date_time_get_year (from));
  g_autoptr (GDate) second = g_date_new_dmy (g_date_time_get_day_of_month (to),
                                             g_date_time_get_month (to),
                                             g_date_time_get_year (to));

  return g_date_days_between (first, second);
}

char *
satchel_words_moment (gint64 unix_us)
{
  g_autoptr (GDateTime) then = to_local (unix_us);
  g_autoptr (GDateTime) now = to_local (satchel_now_us ());

  if (then == NULL || now == NULL)
    return g_strdup (_ ("unknown"));
  int days = days_between (then, now);
  if (days == 0)
    /* Translators: a time of today, as strftime() formats it. */
    return g_date_time_format (then, _ ("today, %H:%M"));
  if (days == 1)
    return g_date_time_format (then, _ ("yesterday, %H:%M"));
  if (g_date_time_get_year (then) == g_date_time_get_year (now))
    return g_date_time_format (then, _ ("%-e %B"));
  return g_date_time_format (then, _ ("%-e %B %Y"));
}

char *
satchel_words_when (const SatchelWhen *when)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_offset (when->offset_minutes * 60);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (when->unix_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) then = utc != NULL ? g_date_time_to_timezone (utc, zone) : NULL;

  if (then == NULL)
    return g_strdup (_ ("unknown"));
  switch (when->precision) {
    case SATCHEL_PRECISION_MONTH:
      return g_date_time_format (then, _ ("%OB %Y"));
    case SATCHEL_PRECISION_DAY:
      return g_date_time_format (then, _ ("%-e %B %Y"));
    case SATCHEL_PRECISION_HOUR:
      return g_date_time_format (then, _ ("%-e %B %Y, about %H:00"));
    case SATCHEL_PRECISION_MINUTE:
    case SATCHEL_PRECISION_EXACT:
      return g_date_time_format (then, _ ("%-e %B %Y, %H:%M"));
    case SATCHEL_PRECISION_UNKNOWN:
      break;
  }
  return g_strdup (_ ("unknown"));
}

char *
satchel_words_exact (gint64 unix_us)
{
  g_autoptr (GDateTime) then = to_local (unix_us);

  return then != NULL ? g_date_time_format (then, _ ("%-e %B %Y, %H:%M:%S"))
                      : g_strdup (_ ("unknown"));
}

const char *
satchel_words_clock (SatchelClockConfidence clock)
{
  switch (clock) {
    case SATCHEL_CLOCK_FILE:
      return _ ("the file's own time of change");
    case SATCHEL_CLOCK_STATED:
      return _ ("as somebody said");
    case SATCHEL_CLOCK_DEVICE:
      return _ ("by the clock of the device");
    default:
      return _ ("unknown");
  }
}

char *
satchel_words_title (const SatchelKind *kind, JsonObject *values)
{
  const char *title = json_object_get_string_member_with_default (values, "title", "");
  g_autofree char *summary =
      *title == '\0' ? satchel_fields_dup_summary (kind, values, satchel_words_language ()) : NULL;

  return satchel_text_for_display (summary != NULL ? summary : title, TITLE_SHOWN_MAX);
}

char *
satchel_words_size (guint64 size_bytes)
{
  return g_format_size (size_bytes);
}

const char *
satchel_words_role (SatchelRole role)
{
  switch (role) {
    case SATCHEL_ROLE_REPORTER:
      return _ ("Reporter");
    case SATCHEL_ROLE_EDITOR:
      return _ ("Editor");
    case SATCHEL_ROLE_LEGAL:
      return _ ("Lawyer");
  }
  return "";
}
