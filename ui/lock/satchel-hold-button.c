/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lock/satchel-hold-button.h"

#include <glib/gi18n.h>

struct _SatchelHoldButton {
  GtkWidget parent_instance;

  GtkLabel *face;
  GtkGesture *click; /* borrowed */
  char *label;

  guint tick; /* 0: nobody holds it */
  gint64 begin_us;
};

enum { PROP_LABEL = 1 };
enum { HELD,
       SIGNALS };
static guint signals[SIGNALS];

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelHoldButton, satchel_hold_button, GTK_TYPE_WIDGET)
// clang-format on

/* --- Holding --- */

static double
get_fraction (SatchelHoldButton *self)
{
  if (self->tick == 0)
    return 0;
  return MIN ((double) (g_get_monotonic_time () - self->begin_us) / (SATCHEL_HOLD_MS * 1000.0), 1);
}

static void
show_face (SatchelHoldButton *self)
{
  gboolean is_held = self->tick != 0;
  const char *text = is_held ? _ ("Keep holding…") : self->label;

  gtk_label_set_text (self->face, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  if (is_held)
    gtk_widget_set_state_flags (GTK_WIDGET (self), GTK_STATE_FLAG_ACTIVE, FALSE);
  else
    gtk_widget_unset_state_flags (GTK_WIDGET (self), GTK_STATE_FLAG_ACTIVE);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
let_go (SatchelHoldButton *self)
{
  if (self->tick == 0)
    return;
  gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
  show_face (self);
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  SatchelHoldButton *self = SATCHEL_HOLD_BUTTON (widget);

  if (get_fraction (self) < 1) {
    gtk_widget_queue_draw (widget);
    return G_SOURCE_CONTINUE;
  }
  self->tick = 0;
  show_face (self);
  g_signal_emit (self, signals[HELD], 0);
  return G_SOURCE_REMOVE;
}

/* A key that repeats is held as it was. */
static void
take_hold (SatchelHoldButton *self)
{
  if (self->tick != 0)
    return;
  self->begin_us = g_get_monotonic_time ();
  self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
  show_face (self);
}

static void
pressed_cb (SatchelHoldButton *self)
{
  gtk_gesture_set_state (self->click, GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_grab_focus (GTK_WIDGET (self));
  take_hold (self);
}

static void
moved_cb (SatchelHoldButton *self, GdkEventSequence *sequence)
{
  double x = 0, y = 0;

  if (gtk_gesture_get_point (self->click, sequence, &x, &y) &&
      !gtk_widget_contains (GTK_WIDGET (self), x, y))
    let_go (self);
}

static gboolean
is_holding_key (guint key)
{
  return key == GDK_KEY_space || key == GDK_KEY_KP_Space || key == GDK_KEY_Return ||
         key == GDK_KEY_KP_Enter || key == GDK_KEY_ISO_Enter;
}

static gboolean
key_pressed_cb (SatchelHoldButton *self, guint key, guint code, GdkModifierType modifiers)
{
  if (!is_holding_key (key))
    return GDK_EVENT_PROPAGATE;
  take_hold (self);
  return GDK_EVENT_STOP;
}

/* --- The widget --- */

/* The CSS's round corners clip it. */
static void
satchel_hold_button_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SatchelHoldButton *self = SATCHEL_HOLD_BUTTON (widget);
  float fraction = (float) get_fraction (self);
  GdkRGBA color;
  graphene_rect_t bounds;

  if (fraction > 0 && gtk_widget_compute_bounds (widget, widget, &bounds)) {
    gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
    color.alpha *= 0.3f;
    if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
      bounds.origin.x += bounds.size.width * (1 - fraction);
    bounds.size.width *= fraction;
    gtk_snapshot_append_color (snapshot, &color, &bounds);
  }
  gtk_widget_snapshot_child (widget, GTK_WIDGET (self->face), snapshot);
}

static void
satchel_hold_button_unmap (GtkWidget *widget)
{
  let_go (SATCHEL_HOLD_BUTTON (widget));
  GTK_WIDGET_CLASS (satchel_hold_button_parent_class)->unmap (widget);
}

static void
satchel_hold_button_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_LABEL)
    g_value_set_string (value, SATCHEL_HOLD_BUTTON (object)->label);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
satchel_hold_button_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  SatchelHoldButton *self = SATCHEL_HOLD_BUTTON (object);

  if (id != PROP_LABEL) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    return;
  }
  g_free (self->label);
  self->label = g_value_dup_string (value);
  show_face (self);
}

static void
satchel_hold_button_dispose (GObject *object)
{
  SatchelHoldButton *self = SATCHEL_HOLD_BUTTON (object);

  g_clear_pointer ((GtkWidget **) &self->face, gtk_widget_unparent);
  G_OBJECT_CLASS (satchel_hold_button_parent_class)->dispose (object);
}

static void
satchel_hold_button_finalize (GObject *object)
{
  g_free (SATCHEL_HOLD_BUTTON (object)->label);
  G_OBJECT_CLASS (satchel_hold_button_parent_class)->finalize (object);
}

static void
satchel_hold_button_class_init (SatchelHoldButtonClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = satchel_hold_button_get_property;
  object_class->set_property = satchel_hold_button_set_property;
  object_class->dispose = satchel_hold_button_dispose;
  object_class->finalize = satchel_hold_button_finalize;
  widget_class->snapshot = satchel_hold_button_snapshot;
  widget_class->unmap = satchel_hold_button_unmap;
  gtk_widget_class_set_css_name (widget_class, "button");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_BUTTON);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  g_object_class_install_property (
      object_class, PROP_LABEL,
      g_param_spec_string ("label", NULL, NULL, "", G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  signals[HELD] = g_signal_new ("held", SATCHEL_TYPE_HOLD_BUTTON, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
}

static void
add_controllers (SatchelHoldButton *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  self->click = gtk_gesture_click_new ();
  g_signal_connect_swapped (self->click, "pressed", G_CALLBACK (pressed_cb), self);
  g_signal_connect_swapped (self->click, "released", G_CALLBACK (let_go), self);
  g_signal_connect_swapped (self->click, "cancel", G_CALLBACK (let_go), self);
  g_signal_connect_swapped (self->click, "update", G_CALLBACK (moved_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (self->click));
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  g_signal_connect_swapped (keys, "key-released", G_CALLBACK (let_go), self);
  gtk_widget_add_controller (widget, keys);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (let_go), self);
  gtk_widget_add_controller (widget, focus);
}

static void
satchel_hold_button_init (SatchelHoldButton *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  self->face = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->face, TRUE);
  gtk_label_set_justify (self->face, GTK_JUSTIFY_CENTER);
  gtk_widget_set_parent (GTK_WIDGET (self->face), widget);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_add_css_class (widget, "text-button");
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
      _ ("Hold it for three seconds, with the pointer, Space or Enter"), -1);
  add_controllers (self);
}

GtkWidget *
satchel_hold_button_new (const char *label)
{
  return g_object_new (SATCHEL_TYPE_HOLD_BUTTON, "label", label, NULL);
}
