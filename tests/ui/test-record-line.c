/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/satchel-record-item.h"

static void
test_markup (void)
{
  static const struct {
    const char *title, *snippet, *markup;
  } CASES[] = {
      {"Rally & march", NULL, "Rally &amp; march"},
      /* The title was found, and nothing else. */
      {"Rally on Sadovaya", "Rally on \x02Sadovaya\x03\nClock of the device",
       "Rally on <b>Sadovaya</b>"},
      /* The title, and more. */
      {"Rally on Sadovaya", "Rally on \x02Sadovaya\x03\nHeld on \x02Sadovaya\x03",
       "Rally on <b>Sadovaya</b>\n<small>Held on <b>Sadovaya</b></small>"},
      /* Something else: the title is said all the same. */
      {"Note", "…had been on \x02Sadovaya\x03 on\nSaturday…",
       "Note\n<small>…had been on <b>Sadovaya</b> on Saturday…</small>"},
      /* A longer word that begins as the title does. */
      {"Rain", "Rainfall on \x02Sadovaya\x03", "Rain\n<small>Rainfall on <b>Sadovaya</b></small>"},
      /* What the marks stand around is anything. */
      {"<b>", "\x02<b>\x03 & \x02<i>\x03",
       "<b>&lt;b&gt;</b>\n<small>&amp; <b>&lt;i&gt;</b></small>"},
      {"x",
       "a\x02"
       "b",
       "x\n<small>a<b>b</b></small>"},
      {"x",
       "\x03\x03"
       "a\x02\x02"
       "b\x03",
       "x\n<small>a<b>b</b></small>"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    g_autofree char *markup = satchel_record_line_to_markup (CASES[i].title, CASES[i].snippet);
    g_assert_cmpstr (markup, ==, CASES[i].markup);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/record-line/markup", test_markup);
  return g_test_run ();
}
