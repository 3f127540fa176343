/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/satchel-when-text.h"

#include <stdlib.h>
#include <time.h>

static void
test_join (void)
{
  static const struct {
    const char *date, *time, *text;
  } CASES[] = {
      {"", "", ""},
      {"2024-03-09", "", "2024-03-09"},
      {"2024-03", "", "2024-03"},
      {"03.2024", "", "2024-03"},
      {"9.3.2024", "", "2024-03-09"},
      {" 2024-3-9 ", "", "2024-03-09"},
      {"۲۰۲۴-۰۳-۰۹", "۱۴:۰۵", "2024-03-09T14:05+01:00"},
      {"2024-03-09", "14:05", "2024-03-09T14:05+01:00"},
      {"2024-03-09", "9:05", "2024-03-09T09:05+01:00"},
      {"2024-03-09", "9.05", "2024-03-09T09:05+01:00"},
      {"2024-03-09", "9", "2024-03-09T09+01:00"},
      /* Summer time there. */
      {"2024-07-09", "14:05", "2024-07-09T14:05+02:00"},
      /* Nonsense is left for the parser to refuse. */
      {"soon", "", "soon"},
      {"2024-13-09", "14:05", "2024-13-09T14:05"},
      {"2024-03-09", "25:00", "2024-03-09T25:00"},
      {"", "14:05", "T14:05"},
      {"2024-03", "14:05", "2024-03T14:05"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    g_autofree char *text = satchel_when_text_join (CASES[i].date, CASES[i].time, NULL);
    g_assert_cmpstr (text, ==, CASES[i].text);
  }
}

/* A clock that was read elsewhere stays there; one of here follows its own summer time. */
static void
test_offset (void)
{
  SatchelWhen abroad, here;

  g_assert_true (satchel_when_parse ("2024-03-09T14:05+03:00", 0, &abroad, NULL));
  g_assert_true (satchel_when_parse ("2024-03-09T14:05+01:00", 0, &here, NULL));
  g_autofree char *kept = satchel_when_text_join ("2024-07-09", "15:05", &abroad);
  g_autofree char *moved = satchel_when_text_join ("2024-07-09", "15:05", &here);
  g_assert_cmpstr (kept, ==, "2024-07-09T15:05+03:00");
  g_assert_cmpstr (moved, ==, "2024-07-09T15:05+02:00");
}

static void
test_split (void)
{
  static const struct {
    const char *text, *date, *time;
  } CASES[] = {
      {"", "", ""},
      {"?", "", ""},
      {"2024-03", "2024-03", ""},
      {"2024-03-09", "2024-03-09", ""},
      {"2024-03-09T14+03:00", "2024-03-09", "14"},
      {"2024-03-09T14:05-11:30", "2024-03-09", "14:05"},
      {"2024-03-09T14:05:07.123456Z", "2024-03-09", "14:05"},
      {"soon", "soon", ""},
      {"2024-03-09T25:00", "2024-03-09", "25:00"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    g_autofree char *date = NULL;
    g_autofree char *time = NULL;
    satchel_when_text_split (CASES[i].text, &date, &time);
    g_assert_cmpstr (date, ==, CASES[i].date);
    g_assert_cmpstr (time, ==, CASES[i].time);
  }
}

int
main (int argc, char **argv)
{
  /* A rule of its own: no zone files are needed. */
  setenv ("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", TRUE);
  tzset ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/when-text/join", test_join);
  g_test_add_func ("/when-text/offset", test_offset);
  g_test_add_func ("/when-text/split", test_split);
  return g_test_run ();
}
