/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deadlines/satchel-due.h"

#include <stdlib.h>
#include <time.h>

static SatchelWhen
parse (const char *text)
{
  SatchelWhen when;

  g_assert_true (satchel_when_parse (text, 60, &when, NULL));
  return when;
}

/* It is Saturday, 9 March 2024, noon, an hour east of Greenwich. */
#define NOW "2024-03-09T12:00+01:00"

static void
test_group (void)
{
  static const struct {
    const char *when;
    gboolean is_done;
    SatchelDueGroup group;
  } CASES[] = {
      {"2024-03-09T11:59+01:00", FALSE, SATCHEL_DUE_OVERDUE},
      {"2024-03-09T11:59+01:00", TRUE, SATCHEL_DUE_PASSED},
      /* The minute itself still counts. */
      {"2024-03-09T12:00+01:00", FALSE, SATCHEL_DUE_TODAY},
      {"2024-03-09T23:59+01:00", FALSE, SATCHEL_DUE_TODAY},
      {"2024-03-09T23:59+01:00", TRUE, SATCHEL_DUE_PASSED},
      {"2024-03-09T11+01:00", FALSE, SATCHEL_DUE_OVERDUE},
      {"2024-03-09T12+01:00", FALSE, SATCHEL_DUE_TODAY},
      {"2024-03-10T00:00+01:00", FALSE, SATCHEL_DUE_WEEK},
      /* By the clock of here it is still today. */
      {"2024-03-10T02:00+05:00", FALSE, SATCHEL_DUE_TODAY},
      {"2024-03-09", FALSE, SATCHEL_DUE_TODAY},
      {"2024-03-08", FALSE, SATCHEL_DUE_OVERDUE},
      {"2024-03-10", FALSE, SATCHEL_DUE_WEEK},
      {"2024-03-16", FALSE, SATCHEL_DUE_WEEK},
      {"2024-03-17", FALSE, SATCHEL_DUE_LATER},
      {"2024-02-08", FALSE, SATCHEL_DUE_OVERDUE},
      {"2024-02-07", FALSE, SATCHEL_DUE_PASSED},
      /* Some day of this month: it may be any. */
      {"2024-03", FALSE, SATCHEL_DUE_WEEK},
      {"2024-04", FALSE, SATCHEL_DUE_LATER},
      {"2024-02", FALSE, SATCHEL_DUE_OVERDUE},
      {"2024-01", FALSE, SATCHEL_DUE_PASSED},
      {"?", FALSE, SATCHEL_DUE_LATER},
      {"?", TRUE, SATCHEL_DUE_PASSED},
      {"9999-12-31", FALSE, SATCHEL_DUE_LATER},
      {"0001-01-01", FALSE, SATCHEL_DUE_PASSED},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    const SatchelDeadline deadline = {.when = parse (CASES[i].when), .is_done = CASES[i].is_done};
    g_test_message ("%s", CASES[i].when);
    g_assert_cmpint (satchel_due_group (&deadline, parse (NOW).unix_us), ==, CASES[i].group);
  }
}

static void
test_words (void)
{
  static const struct {
    const char *when, *words;
  } CASES[] = {
      {"2024-03-09T23:59+01:00", "Today · 9 March 2024, 23:59"},
      {"2024-03-10", "Tomorrow · 10 March 2024"},
      {"2024-03-08", "Yesterday · 8 March 2024"},
      {"2024-03-14T10+01:00", "In 5 days · 14 March 2024, about 10:00"},
      {"2024-03-04T10:00+01:00", "5 days ago · 4 March 2024, 10:00"},
      {"2024-05-09", "9 May 2024"},
      {"2023-05-09", "9 May 2023"},
      {"2024-03", "March 2024"},
      {"2024-03-10T02:00+05:00", "Today · 10 March 2024, 02:00 (UTC+05:00)"},
      {"2024-03-11T02:00-03:30", "In 2 days · 11 March 2024, 02:00 (UTC-03:30)"},
      /* Summer time there is no other clock. */
      {"2024-04-01T10:00+02:00", "In 23 days · 1 April 2024, 10:00"},
      {"?", "Time not known"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    const SatchelWhen when = parse (CASES[i].when);
    g_autofree char *words = satchel_due_words (&when, parse (NOW).unix_us);
    g_assert_cmpstr (words, ==, CASES[i].words);
  }
}

int
main (int argc, char **argv)
{
  /* A rule of its own: no zone files are needed. */
  setenv ("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", TRUE);
  tzset ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/due/group", test_group);
  g_test_add_func ("/due/words", test_words);
  return g_test_run ();
}
