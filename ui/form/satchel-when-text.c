/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/satchel-when-text.h"

#include <stdio.h>
#include <string.h>

/* Blanks trimmed, digits of every script in ASCII. */
static char *
plain (const char *text)
{
  GString *result = g_string_new (NULL);

  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c)) {
    gunichar character = g_utf8_get_char (c);
    int digit = g_unichar_digit_value (character);
    if (digit >= 0)
      g_string_append_c (result, (char) ('0' + digit));
    else
      g_string_append_unichar (result, character);
  }
  return g_strstrip (g_string_free (result, FALSE));
}

/* "9.3.2024", "03.2024" and "2024-3-9" as ISO 8601 has them. */
static char *
plain_date (const char *typed)
{
  g_autofree char *date = plain (typed);
  guint year, month, day;
  int end = 0;

  if (sscanf (date, "%2u.%2u.%4u%n", &day, &month, &year, &end) == 3 && date[end] == '\0')
    return g_strdup_printf ("%04u-%02u-%02u", year, month, day);
  if (sscanf (date, "%2u.%4u%n", &month, &year, &end) == 2 && date[end] == '\0')
    return g_strdup_printf ("%04u-%02u", year, month);
  if (sscanf (date, "%4u-%2u-%2u%n", &year, &month, &day, &end) == 3 && date[end] == '\0')
    return g_strdup_printf ("%04u-%02u-%02u", year, month, day);
  return g_steal_pointer (&date);
}

/* "9", "9:05" and "9.05" with two digits each. */
static char *
plain_time (const char *typed)
{
  g_autofree char *time = plain (typed);
  guint hour, minute;
  int end = 0;

  if (sscanf (time, "%2u%*1[:.]%2u%n", &hour, &minute, &end) == 2 && time[end] == '\0')
    return g_strdup_printf ("%02u:%02u", hour, minute);
  if (sscanf (time, "%2u%n", &hour, &end) == 1 && time[end] == '\0')
    return g_strdup_printf ("%02u", hour);
  return g_steal_pointer (&time);
}

void
satchel_when_text_split (const char *text, char **date, char **time)
{
  SatchelWhen when;
  const char *t = strchr (text, 'T');
  gboolean is_when = satchel_when_parse (text, 0, &when, NULL);

  if (is_when && when.precision == SATCHEL_PRECISION_UNKNOWN) {
    *date = g_strdup ("");
    *time = g_strdup ("");
  } else if (t == NULL) {
    *date = g_strdup (text);
    *time = g_strdup ("");
  } else {
    *date = g_strndup (text, (gsize) (t - text));
    *time = is_when ? g_strndup (t + 1, strspn (t + 1, "0123456789:")) : g_strdup (t + 1);
    /* Seconds are for machines. */
    if (is_when && strlen (*time) > 5)
      (*time)[5] = '\0';
  }
}

/* The offset of this computer's zone on the day, or now where there is no such day. */
static gint
local_offset_minutes (const SatchelWhen *when)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  gint64 seconds = when->unix_us / G_USEC_PER_SEC;
  int interval = g_time_zone_find_interval (zone, G_TIME_TYPE_STANDARD, seconds);

  return g_time_zone_get_offset (zone, MAX (interval, 0)) / 60;
}

char *
satchel_when_text_join (const char *date, const char *time, const SatchelWhen *before)
{
  g_autofree char *day = plain_date (date);
  g_autofree char *clock = plain_time (time);
  SatchelWhen when;

  if (*clock == '\0')
    return g_steal_pointer (&day);
  g_autofree char *text = g_strconcat (day, "T", clock, NULL);
  if (!satchel_when_parse (text, 0, &when, NULL))
    return g_steal_pointer (&text);
  when.offset_minutes = local_offset_minutes (&when);
  if (before != NULL && before->precision >= SATCHEL_PRECISION_HOUR &&
      before->offset_minutes != local_offset_minutes (before))
    when.offset_minutes = before->offset_minutes;
  when.unix_us -= when.offset_minutes * G_GINT64_CONSTANT (60) * G_USEC_PER_SEC;
  return satchel_when_format (&when);
}
