/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cases/satchel-timeline-layout.h"

#include <stdlib.h>
#include <time.h>

#include "base/satchel-time.h"

static gint64
at (const char *text)
{
  SatchelWhen when;

  g_assert_true (satchel_when_parse (text, 60, &when, NULL));
  return when.unix_us;
}

static void
test_span (void)
{
  gint64 from, until;
  const SatchelTimelineMark moment[] = {{1000, 1000, 10}};
  const SatchelTimelineMark two[] = {
      {at ("2024-03-01"), at ("2024-03-02"), 10},
      {at ("2024-03-01"), at ("2024-06-09"), 10},
      {at ("2024-04-01"), at ("2024-04-01"), 10},
  };

  satchel_timeline_find_span (moment, 1, &from, &until);
  g_assert_cmpint (until - from, ==, G_TIME_SPAN_DAY);
  g_assert_cmpint (from + (until - from) / 2, ==, 1000);
  satchel_timeline_find_span (two, 3, &from, &until);
  g_assert_cmpint (from, ==, at ("2024-02-28"));
  g_assert_cmpint (until, ==, at ("2024-06-11"));
  satchel_timeline_find_span (NULL, 0, &from, &until);
  g_assert_cmpint (until, >, from);
}

static void
test_scale (void)
{
  const SatchelTimelineScale scale = {at ("2024-03-01"), at ("2024-03-11"), 1048};

  g_assert_cmpfloat (satchel_timeline_to_x (&scale, scale.from_us), ==, 24);
  g_assert_cmpfloat (satchel_timeline_to_x (&scale, scale.until_us), ==, 1024);
  g_assert_cmpfloat (satchel_timeline_to_x (&scale, at ("2024-03-02")), ==, 124);
  g_assert_cmpint (satchel_timeline_to_time (&scale, 124), ==, at ("2024-03-02"));
}

/* A hundred seconds on a hundred pixels. */
static const SatchelTimelineScale HUNDRED = {0, 100, 148};

/* "x of the label/lane", "c" for compact ones. */
static char *
places_of (const SatchelTimelineMark *marks, guint count, guint *lanes)
{
  g_autofree SatchelTimelinePlace *places = g_new0 (SatchelTimelinePlace, count);
  GString *text = g_string_new (NULL);

  *lanes = satchel_timeline_place (&HUNDRED, marks, count, places);
  for (guint i = 0; i < count; i++)
    g_string_append_printf (text, "%s%g/%u%s", i > 0 ? " " : "", places[i].label_x, places[i].lane,
                            places[i].compact ? "c" : "");
  return g_string_free (text, FALSE);
}

static void
test_place (void)
{
  static const struct {
    SatchelTimelineMark marks[5];
    guint count;
    const char *places;
    guint lanes;
  } CASES[] = {
      {{{0, 0, 30}}, 0, "", 1},
      {{{0, 0, 30}}, 1, "12/0", 1},
      /* Room for both in one lane: six pixels between them, and not five. */
      {{{0, 0, 30}, {36, 36, 30}}, 2, "12/0 48/0", 1},
      {{{0, 0, 30}, {35, 35, 30}}, 2, "12/1 47/0", 2},
      /* The earlier stands farther from the axis. */
      {{{0, 0, 40}, {10, 10, 40}, {20, 20, 40}}, 3, "12/2 22/1 32/0", 3},
      /* One moment. */
      {{{5, 5, 40}, {5, 5, 40}}, 2, "17/1 17/0", 2},
      /* A lane is used again. */
      {{{0, 0, 40}, {10, 10, 40}, {60, 60, 40}}, 3, "12/1 22/0 72/0", 2},
      /* At the end it is pulled back, at the beginning nothing sticks out. */
      {{{100, 100, 80}}, 1, "68/0", 1},
      {{{0, 0, 500}}, 1, "0/0", 1},
      /* A span needs its room as well as a label does. */
      {{{0, 80, 20}, {50, 50, 20}}, 2, "12/1 62/0", 2},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    guint lanes;
    g_autofree char *places = places_of (CASES[i].marks, CASES[i].count, &lanes);
    g_assert_cmpstr (places, ==, CASES[i].places);
    g_assert_cmpuint (lanes, ==, CASES[i].lanes);
  }
}

/* Many at once: nothing overlaps in a lane as long as there is room, and no lane is beyond the
 * last. */
static void
test_many (void)
{
  const SatchelTimelineScale scale = {0, 130000, 8000};
  SatchelTimelineMark marks[200];
  SatchelTimelinePlace places[200];
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  gint64 time = 0;

  for (guint i = 0; i < 200; i++) {
    time += g_rand_int_range (random, 0, 1000);
    marks[i] = (SatchelTimelineMark){time, time + g_rand_int_range (random, 0, 4) * 50,
                                     g_rand_int_range (random, 40, 180)};
  }
  guint lanes = satchel_timeline_place (&scale, marks, 200, places);
  g_assert_cmpuint (lanes, <=, SATCHEL_TIMELINE_LANES_MAX);
  for (guint i = 0; i < 200; i++)
    for (guint j = i + 1; j < 200; j++) {
      if (places[i].lane != places[j].lane)
        continue;
      g_assert_false (places[i].compact || places[j].compact);
      double end = MAX (places[i].label_x + marks[i].width_px, places[i].end_x);
      g_assert_cmpfloat (end, <=, MIN (places[j].label_x, places[j].x));
    }
}

/* Twenty at one moment: the lanes are full, and the first has no words. */
static void
test_crowd (void)
{
  SatchelTimelineMark marks[20];
  SatchelTimelinePlace places[20];
  guint compact = 0;

  for (guint i = 0; i < 20; i++)
    marks[i] = (SatchelTimelineMark){50, 50, 60};
  guint lanes = satchel_timeline_place (&HUNDRED, marks, 20, places);
  for (guint i = 0; i < 20; i++) {
    compact += places[i].compact;
    g_assert_cmpuint (places[i].lane, <, SATCHEL_TIMELINE_LANES_MAX);
  }
  g_assert_cmpuint (lanes, ==, SATCHEL_TIMELINE_LANES_MAX);
  g_assert_cmpuint (compact, ==, 20 - SATCHEL_TIMELINE_LANES_MAX);
  g_assert_true (places[0].compact);
}

static void
test_ticks (void)
{
  static const struct {
    const char *from, *until;
    int width_px;
    const char *labels;
  } CASES[] = {
      {"2024-03-09T10:00+01:00", "2024-03-09T10:20+01:00", 300, "10:00 10:05 10:10 10:15 10:20"},
      {"2024-03-09T22:00+01:00", "2024-03-10T02:00+01:00", 300, "22:00 23:00 10 Mar 01:00 02:00"},
      {"2024-03-09T01:00+01:00", "2024-03-10T01:00+01:00", 300, "06:00 12:00 18:00 10 Mar"},
      {"2024-02-27", "2024-03-02", 300, "27 Feb 28 Feb 29 Feb 1 Mar 2 Mar"},
      /* Weeks begin on Mondays. */
      {"2024-03-01", "2024-03-29", 300, "4 Mar 11 Mar 18 Mar 25 Mar"},
      {"2023-10-15", "2024-03-15", 400, "Nov Dec 2024 Feb Mar"},
      {"2023-01-15", "2024-03-15", 400, "Apr Jul Oct 2024"},
      {"2019-06-15", "2024-03-15", 400, "2020 2021 2022 2023 2024"},
      {"1912-06-15", "2024-03-15", 400, "2000"},
      /* In this night it is two hours long from one to three, and four at another. */
      {"2024-03-31T00:00+01:00", "2024-03-31T05:00+02:00", 300, "31 Mar 01:00 03:00 04:00 05:00"},
      {"2024-03-30T20:00+01:00", "2024-03-31T16:00+02:00", 400,
       "21:00 31 Mar 03:00 06:00 09:00 12:00 15:00"},
      {"2024-10-26T20:00+02:00", "2024-10-27T16:00+01:00", 400,
       "21:00 27 Oct 03:00 06:00 09:00 12:00 15:00"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    gint64 from = at (CASES[i].from), until = at (CASES[i].until);
    const SatchelTimelineScale scale = {from, until, CASES[i].width_px + 48};
    g_autoptr (GPtrArray) ticks = satchel_timeline_list_ticks (&scale, from, until, 45);
    g_autoptr (GString) labels = g_string_new (NULL);
    for (guint j = 0; j < ticks->len; j++) {
      const SatchelTimelineTick *tick = ticks->pdata[j];
      g_assert_true (from <= tick->unix_us && tick->unix_us <= until);
      g_string_append_printf (labels, "%s%s", j > 0 ? " " : "", tick->label);
    }
    g_assert_cmpstr (labels->str, ==, CASES[i].labels);
  }
}

int
main (int argc, char **argv)
{
  /* A rule of its own: no zone files are needed. */
  setenv ("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", TRUE);
  tzset ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/timeline-layout/span", test_span);
  g_test_add_func ("/timeline-layout/scale", test_scale);
  g_test_add_func ("/timeline-layout/place", test_place);
  g_test_add_func ("/timeline-layout/many", test_many);
  g_test_add_func ("/timeline-layout/crowd", test_crowd);
  g_test_add_func ("/timeline-layout/ticks", test_ticks);
  return g_test_run ();
}
