/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/satchel-time.h"

#include <string.h>
#include <time.h>

#include "base/satchel-error.h"

static SatchelClock replaced_clock;

void
satchel_set_clock (SatchelClock clock)
{
  replaced_clock = clock;
}

gint64
satchel_now_us (void)
{
  return replaced_clock != NULL ? replaced_clock () : g_get_real_time ();
}

SatchelWhen
satchel_when_now (void)
{
  SatchelWhen now = {satchel_now_us (), 0, SATCHEL_PRECISION_EXACT};
  time_t seconds = (time_t) (now.unix_us / G_USEC_PER_SEC);
  struct tm local;

  /* tzset() follows a traveller's clock, and reads the zone's file only when it changed; GLib's
   * local zone is read from the disk every time. */
  tzset ();
  if (localtime_r (&seconds, &local) != NULL)
    now.offset_minutes = (int) (local.tm_gmtoff / 60);
  return now;
}

/* A cursor over text that reads fixed numbers of digits. */
typedef struct {
  const char *at;
  gboolean good;
} Scanner;

static int
take_digits (Scanner *scanner, int count)
{
  int value = 0;

  /* What is no digit is not passed by: it may be the text's end. */
  for (int i = 0; i < count && scanner->good; i++) {
    scanner->good = g_ascii_isdigit (*scanner->at);
    if (scanner->good)
      value = value * 10 + (*scanner->at++ - '0');
  }
  return value;
}

static gboolean
take_char (Scanner *scanner, char wanted)
{
  if (!scanner->good || *scanner->at != wanted)
    return FALSE;
  scanner->at++;
  return TRUE;
}

/* ".123456": one to six digits, in microseconds. */
static gint64
take_fraction (Scanner *scanner)
{
  gint64 value = 0;
  gint64 unit = 100000;
  int digits = 0;

  for (; g_ascii_isdigit (*scanner->at) && digits < 6; scanner->at++, digits++, unit /= 10)
    value += (*scanner->at - '0') * unit;
  scanner->good = scanner->good && digits > 0;
  return value;
}

static gint
take_offset (Scanner *scanner, gint default_offset_minutes)
{
  if (take_char (scanner, 'Z') || take_char (scanner, 'z'))
    return 0;
  gint sign = *scanner->at == '+' ? 1 : *scanner->at == '-' ? -1
                                                            : 0;
  if (sign == 0)
    return default_offset_minutes;
  scanner->at++;
  gint hours = take_digits (scanner, 2);
  take_char (scanner, ':');
  gint minutes = *scanner->at != '\0' ? take_digits (scanner, 2) : 0;
  scanner->good = scanner->good && hours <= 23 && minutes <= 59;
  return sign * (hours * 60 + minutes);
}

typedef struct {
  int year, month, day, hour, minute, second;
  gint64 fraction_us;
} Fields;

static SatchelPrecision
take_fields (Scanner *scanner, Fields *fields)
{
  fields->year = take_digits (scanner, 4);
  scanner->good = scanner->good && take_char (scanner, '-');
  fields->month = take_digits (scanner, 2);
  if (!take_char (scanner, '-'))
    return SATCHEL_PRECISION_MONTH;
  fields->day = take_digits (scanner, 2);
  if (!take_char (scanner, 'T') && !take_char (scanner, 't') && !take_char (scanner, ' '))
    return SATCHEL_PRECISION_DAY;
  fields->hour = take_digits (scanner, 2);
  if (!take_char (scanner, ':'))
    return SATCHEL_PRECISION_HOUR;
  fields->minute = take_digits (scanner, 2);
  if (!take_char (scanner, ':'))
    return SATCHEL_PRECISION_MINUTE;
  fields->second = take_digits (scanner, 2);
  if (take_char (scanner, '.'))
    fields->fraction_us = take_fraction (scanner);
  return SATCHEL_PRECISION_EXACT;
}

static gboolean
to_unix_us (const Fields *fields, gint offset_minutes, gint64 *unix_us)
{
  if (fields->year < 1 || fields->hour > 23 || fields->minute > 59 || fields->second > 59)
    return FALSE;
  g_autoptr (GDateTime) utc = g_date_time_new_utc (fields->year, fields->month, fields->day,
                                                   fields->hour, fields->minute, fields->second);
  if (utc == NULL)
    return FALSE;
  *unix_us =
      (g_date_time_to_unix (utc) - offset_minutes * 60) * G_USEC_PER_SEC + fields->fraction_us;
  return TRUE;
}

gboolean
satchel_when_parse (const char *text, gint default_offset_minutes, SatchelWhen *out, GError **error)
{
  Scanner scanner = {text, TRUE};
  Fields fields = {.month = 1, .day = 1};
  SatchelWhen when = {0, default_offset_minutes, SATCHEL_PRECISION_UNKNOWN};

  if (g_str_equal (text, "?")) {
    *out = (SatchelWhen){0, 0, SATCHEL_PRECISION_UNKNOWN};
    return TRUE;
  }
  when.precision = take_fields (&scanner, &fields);
  if (when.precision >= SATCHEL_PRECISION_HOUR)
    when.offset_minutes = take_offset (&scanner, default_offset_minutes);
  if (!scanner.good || *scanner.at != '\0' ||
      !to_unix_us (&fields, when.offset_minutes, &when.unix_us)) {
    g_set_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_INVALID,
                 "\"%s\" is not a time: write it like 2024-03-09T14:05+03:00, 2024-03-09, 2024-03, "
                 "or ? for unknown",
                 text);
    return FALSE;
  }
  *out = when;
  return TRUE;
}

static void
append_offset (GString *text, gint offset_minutes)
{
  if (offset_minutes == 0)
    g_string_append_c (text, 'Z');
  else
    g_string_append_printf (text,
                            "%c%02d:%02d",
                            offset_minutes < 0 ? '-' : '+',
                            ABS (offset_minutes) / 60,
                            ABS (offset_minutes) % 60);
}

char *
satchel_when_format (const SatchelWhen *when)
{
  static const char *const formats[] = {
      [SATCHEL_PRECISION_MONTH] = "%Y-%m",
      [SATCHEL_PRECISION_DAY] = "%Y-%m-%d",
      [SATCHEL_PRECISION_HOUR] = "%Y-%m-%dT%H",
      [SATCHEL_PRECISION_MINUTE] = "%Y-%m-%dT%H:%M",
      [SATCHEL_PRECISION_EXACT] = "%Y-%m-%dT%H:%M:%S",
  };
  gint64 local_us = when->unix_us + (gint64) when->offset_minutes * 60 * G_USEC_PER_SEC;
  gint64 seconds = local_us / G_USEC_PER_SEC - (local_us % G_USEC_PER_SEC < 0 ? 1 : 0);
  gint64 fraction = local_us - seconds * G_USEC_PER_SEC;
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (seconds);

  if (when->precision == SATCHEL_PRECISION_UNKNOWN || time == NULL)
    return g_strdup ("?");
  g_autofree char *stem = g_date_time_format (time, formats[when->precision]);
  /* %Y does not fill up years before 1000. */
  GString *text = g_string_new (NULL);
  for (gsize filled = strcspn (stem, "-"); filled < 4; filled++)
    g_string_append_c (text, '0');
  g_string_append (text, stem);
  if (when->precision == SATCHEL_PRECISION_EXACT && fraction != 0)
    g_string_append_printf (text, ".%06d", (int) fraction);
  if (when->precision >= SATCHEL_PRECISION_HOUR)
    append_offset (text, when->offset_minutes);
  return g_string_free (text, FALSE);
}

gint64
satchel_when_get_end_us (const SatchelWhen *when)
{
  gint64 local_us = when->unix_us + (gint64) when->offset_minutes * G_TIME_SPAN_MINUTE;
  g_autoptr (GDateTime) first = NULL;
  g_autoptr (GDateTime) next = NULL;

  switch (when->precision) {
    case SATCHEL_PRECISION_MONTH:
      first = g_date_time_new_from_unix_utc (local_us / G_USEC_PER_SEC);
      next = first != NULL ? g_date_time_add_months (first, 1) : NULL;
      /* The last month that there is has no next one. */
      return when->unix_us +
             (next != NULL ? g_date_time_difference (next, first) : 31 * G_TIME_SPAN_DAY);
    case SATCHEL_PRECISION_DAY:
      return when->unix_us + G_TIME_SPAN_DAY;
    case SATCHEL_PRECISION_HOUR:
      return when->unix_us + G_TIME_SPAN_HOUR;
    case SATCHEL_PRECISION_MINUTE:
      return when->unix_us + G_TIME_SPAN_MINUTE;
    default:
      return when->unix_us;
  }
}

char *
satchel_utc_format (gint64 unix_us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (unix_us / G_USEC_PER_SEC);

  return time != NULL ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ")
                      : g_strdup ("9999-12-31T23:59:59Z");
}

gboolean
satchel_utc_parse (const char *text, gint64 *unix_us)
{
  Scanner scanner = {text, TRUE};
  Fields fields = {0};
  gint64 value = 0;

  if (strlen (text) != strlen ("2024-03-09T11:05:07Z") || text[10] != 'T' || text[19] != 'Z' ||
      take_fields (&scanner, &fields) != SATCHEL_PRECISION_EXACT || !scanner.good ||
      scanner.at != text + 19 || !to_unix_us (&fields, 0, &value))
    return FALSE;
  *unix_us = value;
  return TRUE;
}
