/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cases/satchel-timeline-private.h"

#include <glib/gi18n.h>
#include <math.h>

#include "base/satchel-time.h"

#define TICK_LEAST_PX 64
#define TICK_WORDS_PX 8 /* below the axis */
#define NOW_WORDS_PX  26
#define DOT_PX        9

/* From where it is on the whole to where it is in the widget. */
static double
to_view (SatchelTimeline *self, double x)
{
  return satchel_timeline_is_mirrored (self) ? satchel_timeline_get_view (self) - (x - self->offset)
                                             : x - self->offset;
}

typedef struct {
  GdkRGBA text;
  GdkRGBA faint;
  GdkRGBA accent;
  GdkRGBA error;
} Colors;

static GdkRGBA
with_alpha (GdkRGBA color, float alpha)
{
  color.alpha *= alpha;
  return color;
}

static void
find_colors (GtkWidget *widget, Colors *colors)
{
  GtkStyleContext *style = gtk_widget_get_style_context (widget);

  gtk_style_context_get_color (style, &colors->text);
  colors->faint = with_alpha (colors->text, 0.15F);
  if (!gtk_style_context_lookup_color (style, "accent_color", &colors->accent))
    colors->accent = colors->text;
  if (!gtk_style_context_lookup_color (style, "error_color", &colors->error))
    colors->error = colors->text;
}

/* A bar of the whole's own places, mirrored where need be. */
static void
draw_bar (SatchelTimeline *self,
          GtkSnapshot *snapshot,
          double from_x,
          double until_x,
          double y,
          double height,
          const GdkRGBA *color)
{
  double one = to_view (self, from_x);
  double other = to_view (self, until_x);
  double left = CLAMP (MIN (one, other), -8, satchel_timeline_get_view (self) + 8);
  double right = CLAMP (MAX (one, other), -8, satchel_timeline_get_view (self) + 8);

  if (right > left)
    gtk_snapshot_append_color (
        snapshot, color,
        &GRAPHENE_RECT_INIT ((float) left, (float) y, (float) (right - left), (float) height));
}

/* In the middle below @x, or as near as there is room. */
static void
draw_words (SatchelTimeline *self,
            GtkSnapshot *snapshot,
            const char *words,
            double x,
            double y,
            const GdkRGBA *color)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), words);
  double view_px = satchel_timeline_get_view (self);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  double left = CLAMP (to_view (self, x) - width / 2.0, 0, MAX (view_px - width, 0));
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) floor (left), (float) y));
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
}

static void
draw_tick (SatchelTimeline *self,
           GtkSnapshot *snapshot,
           const Colors *colors,
           const SatchelTimelineTick *tick,
           double axis_y)
{
  SatchelTimelineScale scale = satchel_timeline_get_scale (self);
  double x = satchel_timeline_to_x (&scale, tick->unix_us);
  GdkRGBA dim = with_alpha (colors->text, 0.7F);

  draw_bar (self, snapshot, x - 0.5, x + 0.5, 0, axis_y + 5, &colors->faint);
  draw_words (self, snapshot, tick->label, x, axis_y + TICK_WORDS_PX, &dim);
}

static void
draw_now (SatchelTimeline *self, GtkSnapshot *snapshot, const Colors *colors, double axis_y)
{
  SatchelTimelineScale scale = satchel_timeline_get_scale (self);
  double x = satchel_timeline_to_x (&scale, satchel_now_us ());

  if (x < self->offset || x > self->offset + satchel_timeline_get_view (self))
    return;
  draw_bar (self, snapshot, x - 1, x + 1, 0, axis_y + 5, &colors->accent);
  /* Translators: this moment, on an axis of time. */
  draw_words (self, snapshot, _ ("Now"), x, axis_y + NOW_WORDS_PX, &colors->accent);
}

static void
draw_axis (SatchelTimeline *self, GtkSnapshot *snapshot, const Colors *colors, double axis_y)
{
  SatchelTimelineScale scale = satchel_timeline_get_scale (self);
  double view_px = satchel_timeline_get_view (self);
  g_autoptr (GPtrArray) ticks = satchel_timeline_list_ticks (
      &scale, satchel_timeline_to_time (&scale, self->offset),
      satchel_timeline_to_time (&scale, self->offset + view_px), TICK_LEAST_PX);
  GdkRGBA line = with_alpha (colors->text, 0.55F);

  for (guint i = 0; i < ticks->len; i++)
    draw_tick (self, snapshot, colors, ticks->pdata[i], axis_y);
  draw_bar (self, snapshot, 0, scale.width_px, axis_y - 1, 2, &line);
  draw_now (self, snapshot, colors, axis_y);
}

static const GdkRGBA *
color_of (const SatchelTimelineItem *item, const Colors *colors)
{
  switch (item->style) {
    case SATCHEL_TIMELINE_OVERDUE:
      return &colors->error;
    case SATCHEL_TIMELINE_DUE:
      return &colors->accent;
    default:
      return &colors->text;
  }
}

/* What is not known exactly is a row of dashes. */
static void
draw_span (SatchelTimeline *self,
           GtkSnapshot *snapshot,
           const SatchelTimelinePlace *at,
           gboolean is_imprecise,
           double y,
           const GdkRGBA *color)
{
  double first = MAX (at->x, self->offset - 12);
  double last = MIN (at->end_x, self->offset + satchel_timeline_get_view (self));

  if (!is_imprecise) {
    draw_bar (self, snapshot, at->x, at->end_x, y, 4, color);
    return;
  }
  /* Dashes keep to the time, not to what is seen of it. */
  for (double x = at->x + floor ((first - at->x) / 8) * 8; x < last; x += 8)
    draw_bar (self, snapshot, x, MIN (x + 4, at->end_x), y, 4, color);
}

static void
draw_dot (SatchelTimeline *self, GtkSnapshot *snapshot, double x, double y, const GdkRGBA *color)
{
  graphene_rect_t box = GRAPHENE_RECT_INIT ((float) (to_view (self, x) - DOT_PX / 2.0),
                                            (float) (y - DOT_PX / 2.0), DOT_PX, DOT_PX);
  GskRoundedRect dot;

  gsk_rounded_rect_init_from_rect (&dot, &box, DOT_PX / 2.0F);
  gtk_snapshot_push_rounded_clip (snapshot, &dot);
  gtk_snapshot_append_color (snapshot, color, &box);
  gtk_snapshot_pop (snapshot);
}

static void
draw_mark (SatchelTimeline *self,
           GtkSnapshot *snapshot,
           const Colors *colors,
           guint mark,
           double axis_y)
{
  const SatchelTimelineItem *item = self->items->pdata[mark];
  const SatchelTimelinePlace *at = &self->places[mark];
  const GdkRGBA *color = color_of (item, colors);
  double bottom = axis_y - at->lane * SATCHEL_TIMELINE_LANE_PX - 8;
  GdkRGBA stem = with_alpha (*color, 0.35F);
  GdkRGBA bar = with_alpha (*color, item->is_imprecise ? 0.5F : 0.8F);

  if (at->end_x < self->offset - DOT_PX ||
      at->x > self->offset + satchel_timeline_get_view (self) + DOT_PX)
    return;
  draw_bar (self, snapshot, at->x - 0.5, at->x + 0.5, bottom, axis_y - bottom, &stem);
  if (at->end_x > at->x + 1)
    draw_span (self, snapshot, at, item->is_imprecise, bottom + 2, &bar);
  draw_dot (self, snapshot, at->x, axis_y, color);
}

void
satchel_timeline_draw (SatchelTimeline *self, GtkSnapshot *snapshot)
{
  GtkWidget *widget = GTK_WIDGET (self);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  double axis_y = height - SATCHEL_TIMELINE_AXIS_PX;
  Colors colors;

  if (self->items->len == 0 || self->places == NULL)
    return;
  find_colors (widget, &colors);
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  draw_axis (self, snapshot, &colors, axis_y);
  for (guint i = 0; i < self->items->len; i++)
    draw_mark (self, snapshot, &colors, i, axis_y);
  for (guint i = 0; i < self->buttons->len; i++)
    gtk_widget_snapshot_child (widget, self->buttons->pdata[i], snapshot);
  gtk_snapshot_pop (snapshot);
}
