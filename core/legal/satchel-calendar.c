/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "legal/satchel-calendar.h"

#include <string.h>

#include "base/satchel-text.h"

#define LINE_OCTETS_MAX 75

struct _SatchelCalendar {
  GString *text;
  guint count;
};

/* --- Lines --- */

/* A content line, folded: octets are counted, and a character stays whole. */
static void
put_line (GString *text, const char *line)
{
  gsize octets = 0;

  for (const char *c = line; *c != '\0';) {
    gsize size = (gsize) (g_utf8_next_char (c) - c);
    if (octets + size > LINE_OCTETS_MAX) {
      g_string_append (text, "\r\n ");
      octets = 1;
    }
    g_string_append_len (text, c, (gssize) size);
    octets += size;
    c += size;
  }
  g_string_append (text, "\r\n");
}

static void
append_escaped (GString *line, const char *text)
{
  for (const char *c = text; *c != '\0'; c++) {
    if (strchr ("\\;,", *c) != NULL)
      g_string_append_c (line, '\\');
    g_string_append_c (line, *c);
  }
}

/* Breaks of any kind become "\n"; all else that is no text is shown as what it is not. */
static void
put_text (GString *text, const char *name, const char *value)
{
  g_autoptr (GString) line = g_string_new (name);
  g_autoptr (GString) plain = g_string_new (value);

  if (value == NULL || *value == '\0')
    return;
  g_string_replace (plain, "\r\n", "\n", 0);
  g_string_replace (plain, "\r", "\n", 0);
  g_auto (GStrv) parts = g_strsplit (plain->str, "\n", -1);
  g_string_append_c (line, ':');
  for (guint i = 0; parts[i] != NULL; i++) {
    g_autofree char *shown = satchel_text_for_display (parts[i], G_MAXSIZE);
    if (i > 0)
      g_string_append (line, "\\n");
    append_escaped (line, shown);
  }
  put_line (text, line->str);
}

/* --- Times --- */

/* %Y of GDateTime does not fill up years before 1000. */
static char *
format_time (gint64 unix_us, gint offset_minutes, gboolean is_date)
{
  gint64 local_us = unix_us + (gint64) offset_minutes * G_TIME_SPAN_MINUTE;
  gint64 seconds = local_us / G_USEC_PER_SEC - (local_us % G_USEC_PER_SEC < 0 ? 1 : 0);
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (seconds);

  if (time == NULL)
    return g_strdup (is_date ? "99991231" : "99991231T235959Z");
  int year, month, day;
  g_date_time_get_ymd (time, &year, &month, &day);
  if (is_date)
    return g_strdup_printf ("%04d%02d%02d", year, month, day);
  return g_strdup_printf ("%04d%02d%02dT%02d%02d%02dZ", year, month, day,
                          g_date_time_get_hour (time), g_date_time_get_minute (time),
                          g_date_time_get_second (time));
}

static void
put_time (GString *text, const char *name, const char *time, gboolean is_date)
{
  g_autofree char *line = g_strconcat (name, is_date ? ";VALUE=DATE:" : ":", time, NULL);

  put_line (text, line);
}

static gboolean
is_known (const SatchelWhen *when)
{
  return when->precision != SATCHEL_PRECISION_UNKNOWN;
}

/* Where an entry ends: a moment that is known to the minute has no length of its own. */
static gint64
find_end_us (const SatchelWhen *from, const SatchelWhen *to)
{
  const SatchelWhen *last = is_known (to) ? to : from;

  return last->precision >= SATCHEL_PRECISION_MINUTE ? last->unix_us
                                                     : satchel_when_get_end_us (last);
}

/* Both ends are dates, or both are moments. */
static void
put_times (GString *text, SatchelWhen from, SatchelWhen to)
{
  if (!is_known (&from)) {
    from = to;
    to.precision = SATCHEL_PRECISION_UNKNOWN;
  }
  gboolean is_date = from.precision <= SATCHEL_PRECISION_DAY ||
                     (is_known (&to) && to.precision <= SATCHEL_PRECISION_DAY);
  gint64 end_us = find_end_us (&from, &to);
  /* The day of a moment counts whole. */
  if (is_date && is_known (&to) && to.precision > SATCHEL_PRECISION_DAY)
    end_us = to.unix_us + G_TIME_SPAN_DAY;
  g_autofree char *start = format_time (from.unix_us, is_date ? from.offset_minutes : 0, is_date);
  g_autofree char *end = format_time (
      end_us, is_date ? (is_known (&to) ? to : from).offset_minutes : 0, is_date);
  put_time (text, "DTSTART", start, is_date);
  /* Digits of one length: the order of the texts is that of the times. */
  if (strcmp (end, start) > 0)
    put_time (text, "DTEND", end, is_date);
}

/* --- The calendar --- */

SatchelCalendar *
satchel_calendar_new (void)
{
  SatchelCalendar *self = g_new0 (SatchelCalendar, 1);

  self->text = g_string_new (NULL);
  put_line (self->text, "BEGIN:VCALENDAR");
  put_line (self->text, "VERSION:2.0");
  put_line (self->text, "PRODID:-//Satchel//Satchel//EN");
  put_line (self->text, "CALSCALE:GREGORIAN");
  return self;
}

void
satchel_calendar_free (SatchelCalendar *self)
{
  if (self == NULL)
    return;
  g_string_free (self->text, TRUE);
  g_free (self);
}

gboolean
satchel_calendar_add (SatchelCalendar *self, const SatchelCalendarEntry *entry)
{
  g_autofree char *changed = format_time (entry->changed_us, 0, FALSE);
  g_autofree char *sequence = g_strdup_printf ("SEQUENCE:%u", entry->sequence);

  if (!is_known (&entry->from) && !is_known (&entry->to))
    return FALSE;
  put_line (self->text, "BEGIN:VEVENT");
  put_text (self->text, "UID", entry->uid);
  put_time (self->text, "DTSTAMP", changed, FALSE);
  put_line (self->text, sequence);
  put_times (self->text, entry->from, entry->to);
  put_text (self->text, "SUMMARY", entry->summary);
  put_text (self->text, "DESCRIPTION", entry->description);
  put_text (self->text, "LOCATION", entry->location);
  put_line (self->text, "CLASS:PRIVATE");
  put_line (self->text, "TRANSP:TRANSPARENT");
  put_line (self->text, "END:VEVENT");
  self->count++;
  return TRUE;
}

guint
satchel_calendar_get_count (SatchelCalendar *self)
{
  return self->count;
}

char *
satchel_calendar_dup_text (SatchelCalendar *self)
{
  return g_strconcat (self->text->str, "END:VCALENDAR\r\n", NULL);
}
