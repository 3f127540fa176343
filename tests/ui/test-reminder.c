/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deadlines/satchel-reminder.h"

static gint64
at (const char *text)
{
  SatchelWhen when;

  g_assert_true (satchel_when_parse (text, 0, &when, NULL));
  return when.unix_us;
}

static SatchelReminderTime
time_of (const char *text)
{
  SatchelWhen when;
  SatchelReminderTime time;

  g_assert_true (satchel_when_parse (text, 0, &when, NULL));
  g_assert_true (satchel_reminder_time_of (&when, &time));
  return time;
}

/* At what moment somebody was last to be reminded, as the clock goes on. */
static void
test_find (void)
{
  const SatchelReminderTime times[] = {
      time_of ("2024-03-14T10:00Z"),
      time_of ("2024-03-16"),
      time_of ("2024-05"),
  };
  static const struct {
    const char *now, *reminded;
  } CASES[] = {
      {"2024-03-13T09:59Z", NULL},
      {"2024-03-13T10:00Z", "2024-03-13T10:00Z"},
      {"2024-03-14T08:59Z", "2024-03-13T10:00Z"},
      {"2024-03-14T09:00Z", "2024-03-14T09:00Z"},
      {"2024-03-14T10:00Z", "2024-03-14T09:00Z"},
      /* Over, and the next one has not begun. */
      {"2024-03-14T10:01Z", NULL},
      {"2024-03-15T09:00Z", "2024-03-15T09:00Z"},
      {"2024-03-16T08:59Z", "2024-03-15T09:00Z"},
      {"2024-03-16T09:00Z", "2024-03-16T09:00Z"},
      {"2024-03-16T23:59Z", "2024-03-16T09:00Z"},
      {"2024-03-17", NULL},
      /* Some day of the month. */
      {"2024-04-30T09:00Z", "2024-04-30T09:00Z"},
      {"2024-05-01T09:00Z", "2024-05-01T09:00Z"},
      {"2024-05-31T23:59Z", "2024-05-01T09:00Z"},
      {"2024-06-01", NULL},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    gint64 wanted = CASES[i].reminded != NULL ? at (CASES[i].reminded) : 0;
    g_assert_cmpint (satchel_reminder_find (times, G_N_ELEMENTS (times), at (CASES[i].now)), ==,
                     wanted);
  }
  g_assert_cmpint (satchel_reminder_find (NULL, 0, at ("2024-03-14")), ==, 0);
}

static void
test_unknown (void)
{
  const SatchelWhen unknown = {0, 0, SATCHEL_PRECISION_UNKNOWN};
  SatchelReminderTime time;

  g_assert_false (satchel_reminder_time_of (&unknown, &time));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reminder/find", test_find);
  g_test_add_func ("/reminder/unknown", test_unknown);
  return g_test_run ();
}
