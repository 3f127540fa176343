/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shared/satchel-words.h"

#include <glib/gi18n.h>

#include "base/satchel-locale.h"
#include "base/satchel-text.h"

#define TITLE_SHOWN_MAX 200

const char *
satchel_words_language (void)
{
  return satchel_locale_language ();
}

gboolean
satchel_words_are_rtl (void)
{
  /* Translators: "default:RTL" if your language is written from right to left, else as it is. */
  return g_str_equal (_ ("default:LTR"), "default:RTL");
}

char *
satchel_words_keep_numbers (const char *text)
{
  return satchel_words_are_rtl () ? satchel_text_isolate_numbers (text) : g_strdup (text);
}

char *
satchel_words_our_way (const char *text)
{
  /* U+200F */
  return g_strconcat (satchel_words_are_rtl () ? "\342\200\217" : "", text, NULL);
}

char *
satchel_words_isolate (const char *text)
{
  /* U+2068, U+2069 */
  return satchel_words_are_rtl () ? g_strconcat ("\342\201\250", text, "\342\201\251", NULL)
                                  : g_strdup (text);
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
satchel_words_digits (const char *text)
{
  /* Translators: the ten digits as your language writes them in dates and sizes. */
  const char *digits = C_ ("digits", "0123456789");
  GString *written = g_string_new (NULL);

  for (; *text != '\0'; text++) {
    if (g_ascii_isdigit (*text))
      g_string_append_unichar (
          written, g_utf8_get_char (g_utf8_offset_to_pointer (digits, *text - '0')));
    else
      g_string_append_c (written, *text);
  }
  return g_string_free (written, FALSE);
}

/* Twelve names, or NULL where @code is not that of a month. */
static const char *
months_for (const char *code)
{
  if (g_str_has_prefix (code, "OB"))
    /* Translators: the twelve months as they are called where no day stands before them, as in
     * "March 2024". Keep the bars, here and below. */
    return C_ ("months alone", "January|February|March|April|May|June|July|August|September|"
                               "October|November|December");
  if (g_str_has_prefix (code, "Ob"))
    /* Translators: short, where no day stands before them, as in "Mar 2024". */
    return C_ ("short months alone", "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec");
  if (*code == 'B')
    /* Translators: the twelve months as they are called after a day, as in "9 March". */
    return C_ ("months after a day", "January|February|March|April|May|June|July|August|"
                                     "September|October|November|December");
  if (*code == 'b')
    /* Translators: short, after a day, as in "9 Mar". */
    return C_ ("short months after a day", "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec");
  return NULL;
}

/* @format with the month in it as a word. */
static char *
name_month (GDateTime *then, const char *format)
{
  GString *named = g_string_new (NULL);

  for (const char *rest = format; *rest != '\0'; rest++) {
    const char *months = rest[0] == '%' ? months_for (rest + 1) : NULL;
    if (months != NULL) {
      g_auto (GStrv) names = g_strsplit (months, "|", -1);
      guint month = g_date_time_get_month (then);
      g_string_append (named, month <= g_strv_length (names) ? names[month - 1] : "?");
      rest += rest[1] == 'O' ? 2 : 1;
    } else {
      g_string_append_c (named, *rest);
      /* The second of two percent signs starts nothing. */
      if (rest[0] == '%' && rest[1] != '\0')
        g_string_append_c (named, *++rest);
    }
  }
  return g_string_free (named, FALSE);
}

char *
satchel_words_format (GDateTime *then, const char *format)
{
  g_autofree char *named = name_month (then, format);
  g_autofree char *text = g_date_time_format (then, named);

  return text != NULL ? satchel_words_digits (text) : NULL;
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
    return satchel_words_format (then, _ ("today, %H:%M"));
  if (days == 1)
    return satchel_words_format (then, _ ("yesterday, %H:%M"));
  if (g_date_time_get_year (then) == g_date_time_get_year (now))
    return satchel_words_format (then, _ ("%-e %B"));
  return satchel_words_format (then, _ ("%-e %B %Y"));
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
      return satchel_words_format (then, _ ("%OB %Y"));
    case SATCHEL_PRECISION_DAY:
      return satchel_words_format (then, _ ("%-e %B %Y"));
    case SATCHEL_PRECISION_HOUR:
      return satchel_words_format (then, _ ("%-e %B %Y, about %H:00"));
    case SATCHEL_PRECISION_MINUTE:
    case SATCHEL_PRECISION_EXACT:
      return satchel_words_format (then, _ ("%-e %B %Y, %H:%M"));
    case SATCHEL_PRECISION_UNKNOWN:
      break;
  }
  return g_strdup (_ ("unknown"));
}

char *
satchel_words_exact (gint64 unix_us)
{
  g_autoptr (GDateTime) then = to_local (unix_us);

  return then != NULL ? satchel_words_format (then, _ ("%-e %B %Y, %H:%M:%S"))
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

  g_autofree char *shown =
      satchel_text_for_display (summary != NULL ? summary : title, TITLE_SHOWN_MAX);
  return satchel_words_keep_numbers (shown);
}

char *
satchel_words_size (guint64 size_bytes)
{
  g_autofree char *text = g_format_size (size_bytes);
  char *size = satchel_words_digits (text);

  if (!satchel_words_are_rtl ())
    return size;
  /* Behind "image/jpeg" the number and its unit would change places: U+2067, U+2069. */
  char *isolated = g_strconcat ("\342\201\247", size, "\342\201\251", NULL);
  g_free (size);
  return isolated;
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
