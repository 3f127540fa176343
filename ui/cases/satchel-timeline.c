/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cases/satchel-timeline-private.h"

#include <glib/gi18n.h>
#include <math.h>

#include "shared/satchel-words.h"

#define LABEL_CHARS_MAX 22
#define TOP_PX          6
#define NATURAL_PX      600
#define MINIMUM_PX      200
#define ZOOM_STEP       1.5
#define PAN_PART        0.25 /* of what is seen, by a key */
#define SEEN_LEAST      (30 * G_TIME_SPAN_MINUTE)
#define REVEAL_PX       24
#define STICKY_PX       4

enum { VIEW_CHANGED,
       SIGNALS };
static guint signals[SIGNALS];

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelTimeline, satchel_timeline, GTK_TYPE_WIDGET)
// clang-format on

void
satchel_timeline_item_free (SatchelTimelineItem *self)
{
  if (self == NULL)
    return;
  g_free (self->record_id);
  g_free (self->icon);
  g_free (self->title);
  g_free (self->name);
  g_free (self);
}

/* --- What is seen --- */

gboolean
satchel_timeline_is_mirrored (SatchelTimeline *self)
{
  return gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
}

double
satchel_timeline_get_view (SatchelTimeline *self)
{
  return MAX (gtk_widget_get_width (GTK_WIDGET (self)), 1);
}

static SatchelTimelineScale
scale_for (SatchelTimeline *self, double width_px)
{
  return (SatchelTimelineScale){self->from_us, self->until_us, width_px * self->zoom};
}

SatchelTimelineScale
satchel_timeline_get_scale (SatchelTimeline *self)
{
  return scale_for (self, satchel_timeline_get_view (self));
}

static double
zoom_max (SatchelTimeline *self)
{
  return MAX ((double) (self->until_us - self->from_us) / SEEN_LEAST, 1);
}

static void
set_view (SatchelTimeline *self, double zoom, double offset)
{
  self->zoom = CLAMP (zoom, 1, zoom_max (self));
  self->offset = CLAMP (offset, 0, satchel_timeline_get_view (self) * (self->zoom - 1));
  gtk_widget_queue_resize (GTK_WIDGET (self));
  g_signal_emit (self, signals[VIEW_CHANGED], 0);
}

/* Keeps what stands at @x of the view where it is. */
static void
zoom_at (SatchelTimeline *self, double factor, double x)
{
  SatchelTimelineScale before = satchel_timeline_get_scale (self);
  gint64 time = satchel_timeline_to_time (&before, self->offset + x);

  self->zoom = CLAMP (self->zoom * factor, 1, zoom_max (self));
  SatchelTimelineScale after = satchel_timeline_get_scale (self);
  set_view (self, self->zoom, satchel_timeline_to_x (&after, time) - x);
}

static void
pan (SatchelTimeline *self, double px)
{
  set_view (self, self->zoom, self->offset + px);
}

static gboolean
has_focus_inside (SatchelTimeline *self)
{
  return gtk_widget_get_focus_child (GTK_WIDGET (self)) != NULL;
}

void
satchel_timeline_zoom (SatchelTimeline *self, double factor)
{
  double x = satchel_timeline_get_view (self) / 2;

  if (self->items->len == 0)
    return;
  if (has_focus_inside (self) && self->places != NULL)
    x = CLAMP (self->places[self->current].x - self->offset, 0, satchel_timeline_get_view (self));
  zoom_at (self, factor, x);
}

void
satchel_timeline_fit (SatchelTimeline *self)
{
  set_view (self, 1, 0);
}

static GDateTime *
to_local (gint64 unix_us)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (unix_us / G_USEC_PER_SEC);

  return utc != NULL ? g_date_time_to_local (utc) : NULL;
}

char *
satchel_timeline_dup_range (SatchelTimeline *self)
{
  SatchelTimelineScale scale = satchel_timeline_get_scale (self);
  double view_px = satchel_timeline_get_view (self);
  /* All of it is all of it, before a size is known too. */
  gint64 from_us =
      self->zoom > 1 ? satchel_timeline_to_time (&scale, self->offset) : self->from_us;
  gint64 until_us = self->zoom > 1 ? satchel_timeline_to_time (&scale, self->offset + view_px)
                                   : self->until_us;
  g_autoptr (GDateTime) from = to_local (from_us);
  g_autoptr (GDateTime) until = to_local (until_us);

  if (self->items->len == 0 || from == NULL || until == NULL)
    return NULL;
  gboolean is_long = until_us - from_us > 100 * G_TIME_SPAN_DAY;
  g_autofree char *first = satchel_words_format (from, is_long ? _ ("%Ob %Y") : _ ("%-e %b %Y"));
  g_autofree char *last = satchel_words_format (until, is_long ? _ ("%Ob %Y") : _ ("%-e %b %Y"));
  if (g_str_equal (first, last))
    return g_steal_pointer (&first);
  /* Translators: from a date to a date. */
  return g_strdup_printf (_ ("%s – %s"), first, last);
}

/* --- Marks --- */

/* Moves along as far as the mark asks for. */
static void
reveal (SatchelTimeline *self, guint mark)
{
  SatchelTimelineScale scale = satchel_timeline_get_scale (self);
  const SatchelTimelineItem *item = self->items->pdata[mark];
  double x = satchel_timeline_to_x (&scale, item->from_us);
  double label_px = gtk_widget_get_width (self->buttons->pdata[mark]);
  double first = x - REVEAL_PX;
  double last = MIN (x + label_px + REVEAL_PX, scale.width_px);

  if (first < self->offset)
    set_view (self, self->zoom, first);
  else if (last > self->offset + satchel_timeline_get_view (self))
    set_view (self, self->zoom, MIN (last - satchel_timeline_get_view (self), first));
}

static void
go_to (SatchelTimeline *self, int mark)
{
  if (self->items->len == 0)
    return;
  self->current = (guint) CLAMP (mark, 0, (int) self->items->len - 1);
  /* A mark out of sight takes no focus. */
  gtk_widget_set_child_visible (self->buttons->pdata[self->current], TRUE);
  gtk_widget_grab_focus (self->buttons->pdata[self->current]);
  reveal (self, self->current);
}

static void
focused_cb (SatchelTimeline *self, GtkEventController *controller)
{
  guint mark;

  if (g_ptr_array_find (self->buttons, gtk_event_controller_get_widget (controller), &mark)) {
    self->current = mark;
    reveal (self, mark);
  }
}

static const char *
style_class (SatchelTimelineStyle style)
{
  static const char *const CLASSES[] = {
      [SATCHEL_TIMELINE_HAPPENED] = NULL,
      [SATCHEL_TIMELINE_DUE] = "due",
      [SATCHEL_TIMELINE_OVERDUE] = "overdue",
      [SATCHEL_TIMELINE_PASSED] = "passed",
  };

  return CLASSES[style];
}

static GtkWidget *
make_label (const SatchelTimelineItem *item)
{
  GtkWidget *label = gtk_label_new (item->title);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), LABEL_CHARS_MAX);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  return label;
}

static void
add_button (SatchelTimeline *self, const SatchelTimelineItem *item)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (item->icon));
  gtk_box_append (GTK_BOX (box), make_label (item));
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "satchel-mark");
  if (style_class (item->style) != NULL)
    gtk_widget_add_css_class (button, style_class (item->style));
  gtk_widget_set_tooltip_text (button, item->name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  item->name, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "record.open");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", item->record_id);
  g_signal_connect_object (focus, "enter", G_CALLBACK (focused_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (button, focus);
  gtk_widget_set_parent (button, GTK_WIDGET (self));
  g_ptr_array_add (self->buttons, button);
}

static void
clear_buttons (SatchelTimeline *self)
{
  g_ptr_array_set_size (self->buttons, 0);
  g_clear_pointer (&self->places, g_free);
}

void
satchel_timeline_set_items (SatchelTimeline *self, GPtrArray *items)
{
  gboolean had_items = self->items->len > 0;
  gboolean had_focus = has_focus_inside (self);
  g_autofree SatchelTimelineMark *marks = g_new0 (SatchelTimelineMark, MAX (items->len, 1));

  clear_buttons (self);
  g_ptr_array_ref (items);
  g_ptr_array_unref (self->items);
  self->items = items;
  for (guint i = 0; i < items->len; i++) {
    const SatchelTimelineItem *item = items->pdata[i];
    marks[i] = (SatchelTimelineMark){item->from_us, item->until_us, 0};
    add_button (self, item);
  }
  satchel_timeline_find_span (marks, items->len, &self->from_us, &self->until_us);
  self->current = MIN (self->current, MAX (items->len, 1) - 1);
  set_view (self, had_items ? self->zoom : 1, self->offset);
  if (had_focus)
    go_to (self, (int) self->current);
}

/* --- Sizes --- */

static int
natural_px (GtkWidget *widget)
{
  int natural;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
  return natural;
}

/* Where all marks are in a widget of this width; the number of lanes. */
static guint
place (SatchelTimeline *self, int width_px, SatchelTimelinePlace *places)
{
  g_autofree SatchelTimelineMark *marks = g_new0 (SatchelTimelineMark, MAX (self->items->len, 1));
  SatchelTimelineScale scale = scale_for (self, MAX (width_px, 1));

  for (guint i = 0; i < self->items->len; i++) {
    const SatchelTimelineItem *item = self->items->pdata[i];
    marks[i] = (SatchelTimelineMark){item->from_us, item->until_us,
                                     MIN (natural_px (self->buttons->pdata[i]), width_px)};
  }
  return satchel_timeline_place (&scale, marks, self->items->len, places);
}

static int
height_of (guint lanes)
{
  return TOP_PX + (int) lanes * SATCHEL_TIMELINE_LANE_PX + SATCHEL_TIMELINE_AXIS_PX;
}

static GtkSizeRequestMode
satchel_timeline_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
satchel_timeline_measure (GtkWidget *widget,
                          GtkOrientation orientation,
                          int for_size,
                          int *minimum,
                          int *natural,
                          int *minimum_baseline,
                          int *natural_baseline)
{
  SatchelTimeline *self = SATCHEL_TIMELINE (widget);

  *minimum_baseline = *natural_baseline = -1;
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = MINIMUM_PX;
    *natural = NATURAL_PX;
    return;
  }
  g_autofree SatchelTimelinePlace *places =
      g_new0 (SatchelTimelinePlace, MAX (self->items->len, 1));
  *minimum = *natural =
      height_of (place (self, for_size > 0 ? for_size : NATURAL_PX, places));
}

static void
allocate_mark (SatchelTimeline *self, guint mark, int width, int height)
{
  const SatchelTimelinePlace *at = &self->places[mark];
  GtkWidget *button = self->buttons->pdata[mark];

  int button_px = at->compact ? SATCHEL_TIMELINE_COMPACT_PX : MIN (natural_px (button), width);
  double x = at->label_x - self->offset;
  /* The words of a span that has begun before what is seen stay in sight. */
  if (x < STICKY_PX && at->end_x - self->offset > 0)
    x = MIN (MAX (x, STICKY_PX), MAX (x, at->end_x - self->offset - button_px));
  gboolean is_seen = x + button_px > 0 && x < width;
  gtk_widget_set_child_visible (button, is_seen || gtk_widget_has_focus (button));
  int left = (int) (satchel_timeline_is_mirrored (self) ? width - x - button_px : x);
  int top = height - SATCHEL_TIMELINE_AXIS_PX - (int) (at->lane + 1) * SATCHEL_TIMELINE_LANE_PX;
  gtk_widget_size_allocate (
      button, &(GtkAllocation){left, top, button_px, SATCHEL_TIMELINE_LANE_PX - 8}, -1);
}

static void
satchel_timeline_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  SatchelTimeline *self = SATCHEL_TIMELINE (widget);

  g_free (self->places);
  self->places = g_new0 (SatchelTimelinePlace, MAX (self->items->len, 1));
  self->offset = CLAMP (self->offset, 0, width * (self->zoom - 1));
  self->lanes = place (self, width, self->places);
  for (guint i = 0; i < self->items->len; i++)
    allocate_mark (self, i, width, height);
}

static void
satchel_timeline_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  satchel_timeline_draw (SATCHEL_TIMELINE (widget), snapshot);
}

/* --- Hands --- */

static void
move_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelTimeline *self = SATCHEL_TIMELINE (widget);
  int step = g_variant_get_int32 (parameter);

  go_to (self, (int) self->current + (satchel_timeline_is_mirrored (self) ? -step : step));
}

static void
edge_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelTimeline *self = SATCHEL_TIMELINE (widget);

  go_to (self, g_variant_get_int32 (parameter) < 0 ? 0 : (int) self->items->len - 1);
}

static void
pan_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelTimeline *self = SATCHEL_TIMELINE (widget);
  double px = g_variant_get_int32 (parameter) * PAN_PART * satchel_timeline_get_view (self);

  pan (self, satchel_timeline_is_mirrored (self) ? -px : px);
}

static void
zoom_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  int step = g_variant_get_int32 (parameter);

  if (step == 0)
    satchel_timeline_fit (SATCHEL_TIMELINE (widget));
  else
    satchel_timeline_zoom (SATCHEL_TIMELINE (widget), step > 0 ? ZOOM_STEP : 1 / ZOOM_STEP);
}

static void
motion_cb (SatchelTimeline *self, double x, double y)
{
  self->pointer_x = satchel_timeline_is_mirrored (self) ? satchel_timeline_get_view (self) - x : x;
}

/* The wheel alone belongs to the page. */
static gboolean
scroll_cb (SatchelTimeline *self, double dx, double dy, GtkEventController *controller)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (controller);
  double along = (state & GDK_SHIFT_MASK) != 0 && dx == 0 ? dy : dx;

  if (self->items->len == 0)
    return GDK_EVENT_PROPAGATE;
  if ((state & GDK_CONTROL_MASK) != 0 && dy != 0) {
    zoom_at (self, pow (ZOOM_STEP, -dy), self->pointer_x);
    return GDK_EVENT_STOP;
  }
  if (along == 0 || (state & GDK_CONTROL_MASK) != 0)
    return GDK_EVENT_PROPAGATE;
  pan (self, (satchel_timeline_is_mirrored (self) ? -along : along) * 48);
  return GDK_EVENT_STOP;
}

static void
drag_begin_cb (SatchelTimeline *self)
{
  self->drag_offset = self->offset;
}

static void
drag_update_cb (SatchelTimeline *self, double dx, double dy)
{
  set_view (self, self->zoom, self->drag_offset + (satchel_timeline_is_mirrored (self) ? dx : -dx));
}

/* One Tab in, the next one out. */
static gboolean
satchel_timeline_focus (GtkWidget *widget, GtkDirectionType direction)
{
  SatchelTimeline *self = SATCHEL_TIMELINE (widget);

  if (has_focus_inside (self) || self->items->len == 0)
    return FALSE;
  go_to (self, (int) self->current);
  return TRUE;
}

/* --- The widget --- */

static void
satchel_timeline_dispose (GObject *object)
{
  SatchelTimeline *self = SATCHEL_TIMELINE (object);

  clear_buttons (self);
  G_OBJECT_CLASS (satchel_timeline_parent_class)->dispose (object);
}

static void
satchel_timeline_finalize (GObject *object)
{
  SatchelTimeline *self = SATCHEL_TIMELINE (object);

  g_ptr_array_unref (self->items);
  g_ptr_array_unref (self->buttons);
  G_OBJECT_CLASS (satchel_timeline_parent_class)->finalize (object);
}

static void
install_keys (GtkWidgetClass *klass)
{
  static const struct {
    guint key;
    GdkModifierType modifiers;
    const char *action;
    int parameter;
  } KEYS[] = {
      {GDK_KEY_Left, 0, "timeline.move", -1},
      {GDK_KEY_Right, 0, "timeline.move", 1},
      {GDK_KEY_Home, 0, "timeline.edge", -1},
      {GDK_KEY_End, 0, "timeline.edge", 1},
      {GDK_KEY_Left, GDK_CONTROL_MASK, "timeline.pan", -1},
      {GDK_KEY_Right, GDK_CONTROL_MASK, "timeline.pan", 1},
      {GDK_KEY_plus, 0, "timeline.zoom", 1},
      {GDK_KEY_plus, GDK_SHIFT_MASK, "timeline.zoom", 1},
      {GDK_KEY_equal, 0, "timeline.zoom", 1},
      {GDK_KEY_KP_Add, 0, "timeline.zoom", 1},
      {GDK_KEY_minus, 0, "timeline.zoom", -1},
      {GDK_KEY_KP_Subtract, 0, "timeline.zoom", -1},
      {GDK_KEY_0, 0, "timeline.zoom", 0},
      {GDK_KEY_KP_0, 0, "timeline.zoom", 0},
  };

  gtk_widget_class_install_action (klass, "timeline.move", "i", move_action);
  gtk_widget_class_install_action (klass, "timeline.edge", "i", edge_action);
  gtk_widget_class_install_action (klass, "timeline.pan", "i", pan_action);
  gtk_widget_class_install_action (klass, "timeline.zoom", "i", zoom_action);
  for (guint i = 0; i < G_N_ELEMENTS (KEYS); i++)
    gtk_widget_class_add_binding_action (klass, KEYS[i].key, KEYS[i].modifiers, KEYS[i].action,
                                         "i", KEYS[i].parameter);
}

static void
satchel_timeline_class_init (SatchelTimelineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = satchel_timeline_dispose;
  object_class->finalize = satchel_timeline_finalize;
  widget_class->get_request_mode = satchel_timeline_get_request_mode;
  widget_class->measure = satchel_timeline_measure;
  widget_class->size_allocate = satchel_timeline_size_allocate;
  widget_class->snapshot = satchel_timeline_snapshot;
  widget_class->focus = satchel_timeline_focus;
  signals[VIEW_CHANGED] = g_signal_new ("view-changed", SATCHEL_TYPE_TIMELINE, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (widget_class, "timeline");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  install_keys (widget_class);
}

static void
add_hands (SatchelTimeline *self)
{
  GtkEventController *scroll =
      gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();

  g_signal_connect_object (scroll, "scroll", G_CALLBACK (scroll_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (motion, "motion", G_CALLBACK (motion_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (drag, "drag-update", G_CALLBACK (drag_update_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
}

static void
satchel_timeline_init (SatchelTimeline *self)
{
  self->items = g_ptr_array_new ();
  self->buttons = g_ptr_array_new_with_free_func ((GDestroyNotify) gtk_widget_unparent);
  self->until_us = G_TIME_SPAN_DAY;
  self->zoom = 1;
  add_hands (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Timeline"), -1);
}

GtkWidget *
satchel_timeline_new (void)
{
  return g_object_new (SATCHEL_TYPE_TIMELINE, NULL);
}
