/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cases/satchel-timeline-layout.h"
#include "cases/satchel-timeline.h"

G_BEGIN_DECLS

/* What the widget and its drawing share. */
#define SATCHEL_TIMELINE_LANE_PX 38
#define SATCHEL_TIMELINE_AXIS_PX 48 /* below the lanes */

struct _SatchelTimeline {
  GtkWidget parent_instance;

  GPtrArray *items;   /* of SatchelTimelineItem */
  GPtrArray *buttons; /* of GtkButton, for each item; ours */
  gint64 from_us;     /* of all */
  gint64 until_us;
  double zoom;   /* 1: all of it is seen */
  double offset; /* of what is seen, in pixels of the whole */
  double drag_offset;
  guint current; /* the mark that Tab leads to */
  double pointer_x;

  /* As it was allocated last */
  SatchelTimelinePlace *places;
  guint lanes;
};

SatchelTimelineScale satchel_timeline_get_scale (SatchelTimeline *self);

/* How much of the whole can be seen. */
double satchel_timeline_get_view (SatchelTimeline *self);

gboolean satchel_timeline_is_mirrored (SatchelTimeline *self);

/* All of it, with the marks, as it was allocated last. */
void satchel_timeline_draw (SatchelTimeline *self, GtkSnapshot *snapshot);

G_END_DECLS
