/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "legal/satchel-calendar.h"

#include <string.h>

static SatchelWhen
parse (const char *text)
{
  SatchelWhen when;

  g_assert_true (satchel_when_parse (text, 180, &when, NULL));
  return when;
}

static char *
calendar_of (const SatchelCalendarEntry *entry)
{
  g_autoptr (SatchelCalendar) calendar = satchel_calendar_new ();

  g_assert_true (satchel_calendar_add (calendar, entry));
  g_assert_cmpuint (satchel_calendar_get_count (calendar), ==, 1);
  return satchel_calendar_dup_text (calendar);
}

static void
test_whole (void)
{
  const SatchelCalendarEntry entry = {
      .uid = "satchel-0123-appear",
      .sequence = 2,
      .changed_us = G_GINT64_CONSTANT (1710201600123456),
      .from = parse ("2024-03-14T10:00"),
      .to = parse ("?"),
      .summary = "Come to room 5; bring a lawyer, Anna",
      .description = "C:\\two\nlines\r\nthree\rfour\ttab\x01",
      .location = "",
  };
  g_autofree char *text = calendar_of (&entry);

  g_assert_cmpstr (text, ==,
                   "BEGIN:VCALENDAR\r\n"
                   "VERSION:2.0\r\n"
                   "PRODID:-//Satchel//Satchel//EN\r\n"
                   "CALSCALE:GREGORIAN\r\n"
                   "BEGIN:VEVENT\r\n"
                   "UID:satchel-0123-appear\r\n"
                   "DTSTAMP:20240312T000000Z\r\n"
                   "SEQUENCE:2\r\n"
                   "DTSTART:20240314T070000Z\r\n"
                   "SUMMARY:Come to room 5\\; bring a lawyer\\, Anna\r\n"
                   "DESCRIPTION:C:\\\\two\\nlines\\nthree\\nfour\xef\xbf\xbdtab\xef\xbf\xbd\r\n"
                   "CLASS:PRIVATE\r\n"
                   "TRANSP:TRANSPARENT\r\n"
                   "END:VEVENT\r\n"
                   "END:VCALENDAR\r\n");
}

/* Dates stand on the clock that they were written by, moments in UTC; an end is after its
 * beginning, of the same form, and not among it. */
static void
test_times (void)
{
  static const struct {
    const char *from, *to, *lines;
  } CASES[] = {
      {"2024-03-14T10:00+03:00", "?", "DTSTART:20240314T070000Z"},
      {"2024-03-14T10+03:00", "?", "DTSTART:20240314T070000Z|DTEND:20240314T080000Z"},
      {"2024-03-14", "?", "DTSTART;VALUE=DATE:20240314|DTEND;VALUE=DATE:20240315"},
      {"2024-02", "?", "DTSTART;VALUE=DATE:20240201|DTEND;VALUE=DATE:20240301"},
      {"2024-03-14T10:00+03:00", "2024-03-14T11:30+03:00",
       "DTSTART:20240314T070000Z|DTEND:20240314T083000Z"},
      {"2024-03-14T10:00+03:00", "2024-03-14T11+03:00",
       "DTSTART:20240314T070000Z|DTEND:20240314T090000Z"},
      {"2024-03-14T23:00-05:00", "2024-03-16",
       "DTSTART;VALUE=DATE:20240314|DTEND;VALUE=DATE:20240317"},
      {"2024-03-14", "2024-03-16T02:00+03:00",
       "DTSTART;VALUE=DATE:20240314|DTEND;VALUE=DATE:20240317"},
      {"?", "2024-03-16T02:00+03:00", "DTSTART:20240315T230000Z"},
      {"2024-03-14T10:00Z", "2024-03-14T09:00Z", "DTSTART:20240314T100000Z"},
      {"0999-12-31", "?", "DTSTART;VALUE=DATE:09991231|DTEND;VALUE=DATE:10000101"},
      {"9999-12", "?", "DTSTART;VALUE=DATE:99991201|DTEND;VALUE=DATE:99991231"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    const SatchelCalendarEntry entry = {
        .uid = "a", .from = parse (CASES[i].from), .to = parse (CASES[i].to), .summary = "s"};
    g_autofree char *text = calendar_of (&entry);
    const char *begin = strstr (text, "DTSTART");
    g_autofree char *lines = g_strndup (begin, (gsize) (strstr (text, "\r\nSUMMARY") - begin));
    g_autoptr (GString) shown = g_string_new (lines);
    g_string_replace (shown, "\r\n", "|", 0);
    g_assert_cmpstr (shown->str, ==, CASES[i].lines);
  }
}

static void
test_unknown (void)
{
  g_autoptr (SatchelCalendar) calendar = satchel_calendar_new ();
  const SatchelCalendarEntry entry = {
      .uid = "a", .from = parse ("?"), .to = parse ("?"), .summary = "s"};

  g_assert_false (satchel_calendar_add (calendar, &entry));
  g_assert_cmpuint (satchel_calendar_get_count (calendar), ==, 0);
  g_autofree char *text = satchel_calendar_dup_text (calendar);
  g_assert_null (strstr (text, "VEVENT"));
}

/* What a reader makes of a line: unfolded, unescaped. */
static char *
read_back (const char *text, const char *name)
{
  g_autoptr (GString) whole = g_string_new (text);
  g_autofree char *before = g_strconcat ("\r\n", name, ":", NULL);
  GString *value = g_string_new (NULL);

  g_string_replace (whole, "\r\n ", "", 0);
  const char *begin = strstr (whole->str, before);
  g_assert_nonnull (begin);
  for (const char *c = begin + strlen (before); *c != '\r'; c++) {
    if (*c != '\\') {
      g_string_append_c (value, *c);
      continue;
    }
    c++;
    g_string_append_c (value, *c == 'n' ? '\n' : *c);
  }
  return g_string_free (value, FALSE);
}

/* Characters of one to four octets, and those that are escaped. */
static char *
random_text (GRand *random)
{
  static const char *const PARTS[] = {"a", "Я", "ж", "گ", "ی", "۱", "‌", "ẞ", "字", "🗞", " ",
                                      ",", ";", "\\", "\n", ":", "\"", "́"};
  GString *text = g_string_new ("x");
  int count = g_rand_int_range (random, 0, 400);

  for (int i = 0; i < count; i++)
    g_string_append (text, PARTS[g_rand_int_range (random, 0, G_N_ELEMENTS (PARTS))]);
  return g_string_free (text, FALSE);
}

static void
assert_lines (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);

  for (guint i = 0; lines[i] != NULL; i++) {
    g_assert_cmpuint (strlen (lines[i]), <=, 75);
    g_assert_true (g_utf8_validate (lines[i], -1, NULL));
    g_assert_null (strpbrk (lines[i], "\r\n"));
    g_assert_true (*lines[i] != '\0' || lines[i + 1] == NULL);
    /* A fold is for a line that would have been too long, not for any. */
    if (i > 0 && *lines[i] == ' ')
      g_assert_cmpuint (strlen (lines[i - 1]), >, 75 - 4);
  }
}

/* Whatever is written comes back, in lines of at most 75 octets that cut no character. */
static void
test_folding (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (guint i = 0; i < 500; i++) {
    g_autofree char *summary = random_text (random);
    g_autofree char *description = random_text (random);
    const SatchelCalendarEntry entry = {.uid = "a",
                                        .from = parse ("2024-03-14"),
                                        .to = parse ("?"),
                                        .summary = summary,
                                        .description = description};
    g_autofree char *text = calendar_of (&entry);
    g_autofree char *summary_back = read_back (text, "SUMMARY");
    g_autofree char *description_back = read_back (text, "DESCRIPTION");
    assert_lines (text);
    g_assert_cmpstr (summary_back, ==, summary);
    g_assert_cmpstr (description_back, ==, description);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/calendar/whole", test_whole);
  g_test_add_func ("/calendar/times", test_times);
  g_test_add_func ("/calendar/unknown", test_unknown);
  g_test_add_func ("/calendar/folding", test_folding);
  return g_test_run ();
}
