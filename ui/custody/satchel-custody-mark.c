/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "custody/satchel-custody-mark.h"

#include <math.h>

#define LINK_WIDE_PX 8
#define EDGE_WIDE_PX 2
#define LINE_PX      1.5

struct _SatchelCustodyMarkArea {
  GtkWidget parent_instance;

  SatchelCustodyMark mark;
  gboolean has_above;
  gboolean has_below;
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelCustodyMarkArea, satchel_custody_mark_area, GTK_TYPE_WIDGET)
// clang-format on

static void
trace_capsule (cairo_t *cr, double x, double top, double bottom, double wide)
{
  double radius = MIN (wide, bottom - top) / 2;

  cairo_new_sub_path (cr);
  cairo_arc (cr, x, top + radius, radius, -G_PI, 0);
  cairo_arc (cr, x, bottom - radius, radius, 0, G_PI);
  cairo_close_path (cr);
}

static void
draw_cross (cairo_t *cr, double x, double y)
{
  double arm = SATCHEL_CUSTODY_NODE_PX / 2.0 - 3;

  cairo_set_line_width (cr, 2.5);
  cairo_move_to (cr, x - arm, y - arm);
  cairo_line_to (cr, x + arm, y + arm);
  cairo_move_to (cr, x + arm, y - arm);
  cairo_line_to (cr, x - arm, y + arm);
  cairo_stroke (cr);
}

static void
draw_diamond (cairo_t *cr, double x, double y)
{
  double arm = SATCHEL_CUSTODY_NODE_PX / 2.0;

  cairo_move_to (cr, x, y - arm);
  cairo_line_to (cr, x + arm, y);
  cairo_line_to (cr, x, y + arm);
  cairo_line_to (cr, x - arm, y);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
draw_node (SatchelCustodyMarkArea *self, cairo_t *cr, double x, double y)
{
  double radius = SATCHEL_CUSTODY_NODE_PX / 2.0 - 1;

  switch (self->mark) {
    case SATCHEL_CUSTODY_MARK_HANDS:
      draw_diamond (cr, x, y);
      return;
    case SATCHEL_CUSTODY_MARK_FAULT:
    case SATCHEL_CUSTODY_MARK_GAP:
      draw_cross (cr, x, y);
      return;
    case SATCHEL_CUSTODY_MARK_OURS:
      cairo_arc (cr, x, y, radius, 0, 2 * G_PI);
      cairo_fill (cr);
      return;
    case SATCHEL_CUSTODY_MARK_THEIRS:
      cairo_set_line_width (cr, 2.5);
      cairo_arc (cr, x, y, radius - 1, 0, 2 * G_PI);
      cairo_stroke (cr);
      return;
  }
}

static void
find_color (SatchelCustodyMarkArea *self, SatchelCustodyPieceKind kind, GdkRGBA *color)
{
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self));
  gboolean is_fault = kind == SATCHEL_CUSTODY_PIECE_NODE &&
                      (self->mark == SATCHEL_CUSTODY_MARK_GAP ||
                       self->mark == SATCHEL_CUSTODY_MARK_FAULT);
  const char *name = is_fault                             ? "error_color"
                     : kind == SATCHEL_CUSTODY_PIECE_NODE ? "accent_color"
                                                          : NULL;

  gtk_style_context_get_color (style, color);
  if (name != NULL)
    gtk_style_context_lookup_color (style, name, color);
  else
    color->alpha *= 0.65F;
}

static void
draw_piece (SatchelCustodyMarkArea *self, cairo_t *cr, const SatchelCustodyPiece *piece)
{
  double x = gtk_widget_get_width (GTK_WIDGET (self)) / 2.0;
  GdkRGBA color;

  find_color (self, piece->kind, &color);
  gdk_cairo_set_source_rgba (cr, &color);
  if (piece->kind == SATCHEL_CUSTODY_PIECE_NODE) {
    draw_node (self, cr, x, (piece->top + piece->bottom) / 2);
    return;
  }
  if (piece->kind == SATCHEL_CUSTODY_PIECE_EDGE) {
    trace_capsule (cr, x, piece->top, piece->bottom, EDGE_WIDE_PX);
    cairo_fill (cr);
    return;
  }
  cairo_set_line_width (cr, LINE_PX);
  trace_capsule (cr, x, piece->top + 1, piece->bottom - 1, LINK_WIDE_PX);
  cairo_stroke (cr);
}

static void
satchel_custody_mark_area_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SatchelCustodyMarkArea *self = SATCHEL_CUSTODY_MARK_AREA (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  g_autoptr (GArray) pieces =
      satchel_custody_layout (self->mark, height, self->has_above, self->has_below);
  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));

  for (guint i = 0; i < pieces->len; i++)
    draw_piece (self, cr, &g_array_index (pieces, SatchelCustodyPiece, i));
  cairo_destroy (cr);
}

static void
satchel_custody_mark_area_measure (GtkWidget *widget,
                                   GtkOrientation orientation,
                                   int for_size,
                                   int *minimum,
                                   int *natural,
                                   int *minimum_baseline,
                                   int *natural_baseline)
{
  *minimum_baseline = *natural_baseline = -1;
  *minimum = *natural =
      orientation == GTK_ORIENTATION_HORIZONTAL
          ? SATCHEL_CUSTODY_MARK_PX
          : SATCHEL_CUSTODY_NODE_Y_PX + SATCHEL_CUSTODY_NODE_PX;
}

static void
satchel_custody_mark_area_class_init (SatchelCustodyMarkAreaClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = satchel_custody_mark_area_measure;
  widget_class->snapshot = satchel_custody_mark_area_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
satchel_custody_mark_area_init (SatchelCustodyMarkArea *self)
{
}

GtkWidget *
satchel_custody_mark_area_new (SatchelCustodyMark mark, gboolean has_above, gboolean has_below)
{
  SatchelCustodyMarkArea *self = g_object_new (SATCHEL_TYPE_CUSTODY_MARK_AREA, NULL);

  self->mark = mark;
  self->has_above = has_above;
  self->has_below = has_below;
  return GTK_WIDGET (self);
}
