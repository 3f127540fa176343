/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

typedef enum {
  SATCHEL_TIMELINE_HAPPENED,
  SATCHEL_TIMELINE_DUE,
  SATCHEL_TIMELINE_OVERDUE,
  SATCHEL_TIMELINE_PASSED, /* a deadline that is done, or long over */
} SatchelTimelineStyle;

/** What stands on a timeline: something that happened, or a deadline. */
typedef struct {
  char *record_id;
  char *icon;
  char *title; /* short: as it is written beside the mark */
  char *name;  /* whole: as it is spoken, and shown by a pointer that rests on it */
  gint64 from_us;
  gint64 until_us;       /* from_us for a moment */
  gboolean is_imprecise; /* it was somewhere between the two */
  SatchelTimelineStyle style;
} SatchelTimelineItem;
void satchel_timeline_item_free (SatchelTimelineItem *self); /* NULL-safe */

/**
 * A drawn axis of time with a mark for each item. A mark is a button that opens its record by
 * "record.open": it has a name for screen readers, and its words stand beside it as far as there is
 * room. One Tab leads into the timeline and the next one out of it; inside, Left and Right go from
 * mark to mark, Home and End to the first and the last, plus and minus (or Ctrl and the wheel) make
 * the time wider and narrower, zero shows all, Ctrl+Left and Ctrl+Right (or dragging) move along.
 * Time runs as text does.
 *
 * Signal "view-changed": what satchel_timeline_dup_range() says is another one.
 */
#define SATCHEL_TYPE_TIMELINE (satchel_timeline_get_type ())
G_DECLARE_FINAL_TYPE (SatchelTimeline, satchel_timeline, SATCHEL, TIMELINE, GtkWidget)

GtkWidget *satchel_timeline_new (void);

/** @items: of SatchelTimelineItem, in the order of from_us; a reference is taken. What was shown of
 *  time stays, where there were items before. */
void satchel_timeline_set_items (SatchelTimeline *self, GPtrArray *items);

/** By a factor; below 1 is narrower. Around the mark that has the focus, else the middle. */
void satchel_timeline_zoom (SatchelTimeline *self, double factor);

/** All of it. */
void satchel_timeline_fit (SatchelTimeline *self);

/** What can be seen now: "Mar 2024 – Jun 2025", "9 Mar 2024". The caller's; NULL without
 *  items. */
char *satchel_timeline_dup_range (SatchelTimeline *self);

G_END_DECLS
