/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cases/satchel-timeline-layout.h"

#include <glib/gi18n.h>

#include "shared/satchel-words.h"

#define MARGIN_PX   24 /* of the axis at either end */
#define LABEL_UP_PX 12 /* a label begins so far before its moment */
#define GAP_PX      6  /* between labels */
#define TICKS_MAX   400

/* --- Time and pixels --- */

void
satchel_timeline_find_span (const SatchelTimelineMark *marks,
                            guint count,
                            gint64 *from_us,
                            gint64 *until_us)
{
  gint64 from = count > 0 ? marks[0].from_us : 0;
  gint64 until = from;

  for (guint i = 0; i < count; i++) {
    from = MIN (from, marks[i].from_us);
    until = MAX (until, marks[i].until_us);
  }
  gint64 missing = G_TIME_SPAN_DAY - (until - from);
  gint64 around = missing > 0 ? missing / 2 : (until - from) / 50;
  *from_us = from - around;
  *until_us = until + around;
}

static double
usable_px (const SatchelTimelineScale *scale)
{
  return MAX (scale->width_px - 2 * MARGIN_PX, 1);
}

static double
px_per_us (const SatchelTimelineScale *scale)
{
  return usable_px (scale) / (double) (scale->until_us - scale->from_us);
}

double
satchel_timeline_to_x (const SatchelTimelineScale *scale, gint64 unix_us)
{
  return MARGIN_PX + (double) (unix_us - scale->from_us) * px_per_us (scale);
}

gint64
satchel_timeline_to_time (const SatchelTimelineScale *scale, double x)
{
  return scale->from_us + (gint64) ((x - MARGIN_PX) / px_per_us (scale));
}

/* --- Lanes --- */

/* Where a mark begins and ends with its label. */
static double
begin_of (const SatchelTimelinePlace *place)
{
  return MIN (place->label_x, place->x);
}

static double
end_of (const SatchelTimelinePlace *place, int width_px)
{
  return MAX (place->label_x + width_px, place->end_x);
}

static void
put_label (const SatchelTimelineScale *scale, SatchelTimelinePlace *place, int width_px)
{
  double last = MAX (scale->width_px - width_px, 0);

  place->label_x = CLAMP (place->x - LABEL_UP_PX, 0, last);
}

/* The first lane from the axis in which all begins after @end; the number of lanes for none. */
static guint
find_lane (const double *begins, double end)
{
  guint lane = 0;

  while (lane < SATCHEL_TIMELINE_LANES_MAX && begins[lane] < end + GAP_PX)
    lane++;
  return lane;
}

static guint
find_emptiest (const double *begins)
{
  guint best = 0;

  for (guint lane = 1; lane < SATCHEL_TIMELINE_LANES_MAX; lane++)
    if (begins[lane] > begins[best])
      best = lane;
  return best;
}

guint
satchel_timeline_place (const SatchelTimelineScale *scale,
                        const SatchelTimelineMark *marks,
                        guint count,
                        SatchelTimelinePlace *places)
{
  double begins[SATCHEL_TIMELINE_LANES_MAX]; /* of what is in a lane so far */
  guint lanes = 1;

  for (guint lane = 0; lane < SATCHEL_TIMELINE_LANES_MAX; lane++)
    begins[lane] = G_MAXDOUBLE;
  /* From the last to the first: the last stands next to the axis. */
  for (guint i = count; i-- > 0;) {
    SatchelTimelinePlace *place = &places[i];
    *place = (SatchelTimelinePlace){.x = satchel_timeline_to_x (scale, marks[i].from_us),
                                    .end_x = satchel_timeline_to_x (scale, marks[i].until_us)};
    put_label (scale, place, marks[i].width_px);
    place->lane = find_lane (begins, end_of (place, marks[i].width_px));
    if (place->lane == SATCHEL_TIMELINE_LANES_MAX) {
      place->compact = TRUE;
      put_label (scale, place, SATCHEL_TIMELINE_COMPACT_PX);
      place->lane = find_lane (begins, end_of (place, SATCHEL_TIMELINE_COMPACT_PX));
    }
    if (place->lane == SATCHEL_TIMELINE_LANES_MAX)
      place->lane = find_emptiest (begins);
    begins[place->lane] = MIN (begins[place->lane], begin_of (place));
    lanes = MAX (lanes, place->lane + 1);
  }
  return lanes;
}

/* --- Ticks --- */

typedef enum { MINUTES,
               HOURS,
               DAYS,
               MONTHS,
               YEARS } Unit;

typedef struct {
  Unit unit;
  int count;
  gint64 length_us; /* about */
} Step;

#define MONTH_US (G_TIME_SPAN_DAY * 30)
#define YEAR_US  (G_TIME_SPAN_DAY * 365)

static const Step STEPS[] = {
    {MINUTES, 5, 5 * G_TIME_SPAN_MINUTE},
    {MINUTES, 15, 15 * G_TIME_SPAN_MINUTE},
    {HOURS, 1, G_TIME_SPAN_HOUR},
    {HOURS, 3, 3 * G_TIME_SPAN_HOUR},
    {HOURS, 6, 6 * G_TIME_SPAN_HOUR},
    {HOURS, 12, 12 * G_TIME_SPAN_HOUR},
    {DAYS, 1, G_TIME_SPAN_DAY},
    {DAYS, 7, 7 * G_TIME_SPAN_DAY},
    {MONTHS, 1, MONTH_US},
    {MONTHS, 3, 3 * MONTH_US},
    {MONTHS, 6, 6 * MONTH_US},
    {YEARS, 1, YEAR_US},
    {YEARS, 2, 2 * YEAR_US},
    {YEARS, 5, 5 * YEAR_US},
    {YEARS, 10, 10 * YEAR_US},
    {YEARS, 100, 100 * YEAR_US},
};

static void
tick_free (gpointer data)
{
  SatchelTimelineTick *self = data;

  g_free (self->label);
  g_free (self);
}

static const Step *
find_step (const SatchelTimelineScale *scale, int least_px)
{
  for (guint i = 0; i < G_N_ELEMENTS (STEPS); i++)
    if ((double) STEPS[i].length_us * px_per_us (scale) >= least_px)
      return &STEPS[i];
  return &STEPS[G_N_ELEMENTS (STEPS) - 1];
}

/* The round moment at or before @time; weeks begin on Mondays. */
static GDateTime *
round_down (GDateTime *time, const Step *step)
{
  int year, month, day;
  int hour = g_date_time_get_hour (time);
  int minute = g_date_time_get_minute (time);

  g_date_time_get_ymd (time, &year, &month, &day);
  switch (step->unit) {
    case MINUTES:
      return g_date_time_new_local (year, month, day, hour, minute - minute % step->count, 0);
    case HOURS:
      return g_date_time_new_local (year, month, day, hour - hour % step->count, 0, 0);
    case DAYS: {
      g_autoptr (GDateTime) midnight = g_date_time_new_local (year, month, day, 0, 0, 0);
      int back = step->count == 7 ? g_date_time_get_day_of_week (time) - 1 : 0;
      return midnight != NULL ? g_date_time_add_days (midnight, -back) : NULL;
    }
    case MONTHS:
      return g_date_time_new_local (year, month - (month - 1) % step->count, 1, 0, 0, 0);
    default:
      return g_date_time_new_local (MAX (year - year % step->count, 1), 1, 1, 0, 0, 0);
  }
}

/* An hour more on the clock may be none, or two, in the night when it is set. */
static GDateTime *
go_on (GDateTime *time, const Step *step)
{
  g_autoptr (GDateTime) later = NULL;

  switch (step->unit) {
    case MINUTES:
      return g_date_time_add_minutes (time, step->count);
    case HOURS:
      later = g_date_time_add_hours (time, step->count + (step->count > 1 ? 1 : 0));
      return later != NULL ? round_down (later, step) : NULL;
    case DAYS:
      return g_date_time_add_days (time, step->count);
    case MONTHS:
      return g_date_time_add_months (time, step->count);
    default:
      return g_date_time_add_years (time, step->count);
  }
}

static char *
words_of (GDateTime *time, const Step *step)
{
  gboolean is_midnight = g_date_time_get_hour (time) == 0 && g_date_time_get_minute (time) == 0;

  if (step->unit <= HOURS && !is_midnight)
    return satchel_words_format (time, _ ("%H:%M"));
  if (step->unit <= DAYS)
    /* Translators: a day and a short month, as strftime() formats it. */
    return satchel_words_format (time, _ ("%-e %b"));
  if (step->unit == MONTHS && g_date_time_get_month (time) != 1)
    /* Translators: a short month that stands alone. */
    return satchel_words_format (time, _ ("%Ob"));
  return satchel_words_format (time, "%Y");
}

static void
add_tick (GPtrArray *ticks, GDateTime *time, const Step *step)
{
  SatchelTimelineTick *tick = g_new0 (SatchelTimelineTick, 1);

  tick->unix_us = g_date_time_to_unix (time) * G_USEC_PER_SEC;
  tick->label = words_of (time, step);
  g_ptr_array_add (ticks, tick);
}

GPtrArray *
satchel_timeline_list_ticks (const SatchelTimelineScale *scale,
                             gint64 from_us,
                             gint64 until_us,
                             int least_px)
{
  GPtrArray *ticks = g_ptr_array_new_with_free_func (tick_free);
  const Step *step = find_step (scale, least_px);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (from_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  GDateTime *time = local != NULL ? round_down (local, step) : NULL;

  for (guint i = 0; time != NULL && i < TICKS_MAX; i++) {
    gint64 unix_us = g_date_time_to_unix (time) * G_USEC_PER_SEC;
    if (unix_us > until_us)
      break;
    if (unix_us >= from_us)
      add_tick (ticks, time, step);
    GDateTime *next = go_on (time, step);
    g_date_time_unref (time);
    time = next;
  }
  g_clear_pointer (&time, g_date_time_unref);
  return ticks;
}
