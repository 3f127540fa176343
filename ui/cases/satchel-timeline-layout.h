/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * Where things stand on a timeline, computed from numbers alone: the widget that draws it mirrors
 * the result where text runs from right to left. Distances are in pixels from the timeline's
 * beginning, however far it has been scrolled.
 */

/** What is to be placed, in the order of its beginning. */
typedef struct {
  gint64 from_us;
  gint64 until_us; /* from_us for a moment */
  int width_px;    /* of its label */
} SatchelTimelineMark;

/** How time becomes pixels. */
typedef struct {
  gint64 from_us;
  gint64 until_us; /* after from_us */
  double width_px;
} SatchelTimelineScale;

#define SATCHEL_TIMELINE_LANES_MAX  16
#define SATCHEL_TIMELINE_COMPACT_PX 56 /* a label that shows its picture and hardly a word */

/** From a little before the first to a little after the last, at least a day. @until_us is never
 *  @from_us. */
void satchel_timeline_find_span (const SatchelTimelineMark *marks,
                                 guint count,
                                 gint64 *from_us,
                                 gint64 *until_us);

double satchel_timeline_to_x (const SatchelTimelineScale *scale, gint64 unix_us);
gint64 satchel_timeline_to_time (const SatchelTimelineScale *scale, double x);

/** Where a mark is. */
typedef struct {
  double x;
  double end_x;     /* x for a moment */
  double label_x;   /* the label's beginning */
  gboolean compact; /* there was no room for all of its words */
  guint lane;       /* 0 stands next to the axis */
} SatchelTimelinePlace;

/** Fills @places, one for each mark. Labels and spans of one lane do not overlap, and of labels
 * that are near each other the earlier stands farther from the axis, so that its stem crosses none.
 *  Where all lanes are full, compact ones are piled up. Returns the number of lanes, at least 1. */
guint satchel_timeline_place (const SatchelTimelineScale *scale,
                              const SatchelTimelineMark *marks,
                              guint count,
                              SatchelTimelinePlace *places);

/** A line across the timeline, with its words. */
typedef struct {
  gint64 unix_us;
  char *label;
} SatchelTimelineTick;

/** Round moments of this computer's calendar from @from_us to @until_us, at most one each @least_px
 *  of the scale: from five minutes to centuries apart. Of SatchelTimelineTick, owned. */
GPtrArray *satchel_timeline_list_ticks (const SatchelTimelineScale *scale,
                                        gint64 from_us,
                                        gint64 until_us,
                                        int least_px);

G_END_DECLS
