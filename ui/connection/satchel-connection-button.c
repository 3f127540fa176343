/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "connection/satchel-connection-button.h"

#include "connection/satchel-connection-text.h"

struct _SatchelConnectionButton {
  AdwBin parent_instance;

  /* Template children */
  GtkMenuButton *button;
  GtkImage *icon;
  GtkLabel *title;
  GtkPopover *popover;
  GtkLabel *heading;
  GtkLabel *why;
  GtkWidget *warnings;
  GtkLabel *alarms;
  GtkExpander *expander;
  GtkLabel *details;
  GtkWidget *send_button;
  GtkWidget *stop_button;

  /* Owned */
  SatchelCourierRunner *courier;
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelConnectionButton, satchel_connection_button, ADW_TYPE_BIN)
// clang-format on

static void
set_style (GtkWidget *widget, const char *style)
{
  const char *const styles[] = {"success", "error"};

  for (guint i = 0; i < G_N_ELEMENTS (styles); i++)
    if (g_strcmp0 (style, styles[i]) == 0)
      gtk_widget_add_css_class (widget, styles[i]);
    else
      gtk_widget_remove_css_class (widget, styles[i]);
}

static void
show_alarms (SatchelConnectionButton *self, const SatchelCourierStatus *status)
{
  g_autofree char *alarms = satchel_connection_text_dup_alarms (status);
  g_autofree char *details = satchel_connection_text_dup_alarm_details (status);

  gtk_widget_set_visible (self->warnings, alarms != NULL);
  gtk_label_set_text (self->alarms, alarms != NULL ? alarms : "");
  gtk_label_set_text (self->details, details != NULL ? details : "");
  if (alarms == NULL)
    gtk_expander_set_expanded (self->expander, FALSE);
}

static void
show (SatchelConnectionButton *self)
{
  const SatchelCourierStatus *status = satchel_courier_runner_get_status (self->courier);
  g_autofree char *title = satchel_connection_text_dup_title (status);
  g_autofree char *why = satchel_connection_text_dup_why (status);

  gtk_image_set_from_icon_name (self->icon, satchel_connection_text_icon (status));
  set_style (GTK_WIDGET (self->icon), satchel_connection_text_style (status));
  set_style (GTK_WIDGET (self->title), satchel_connection_text_style (status));
  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->heading, title);
  gtk_label_set_text (self->why, why);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  title, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, why, -1);
  show_alarms (self, status);
  gtk_widget_set_visible (self->send_button, status->state != SATCHEL_COURIER_ALONE &&
                                                 status->state != SATCHEL_COURIER_WORKING);
  gtk_widget_set_visible (self->stop_button, status->state == SATCHEL_COURIER_WORKING);
}

static void
alarms_read_cb (SatchelConnectionButton *self)
{
  satchel_courier_runner_note_alarms_read (self->courier);
}

static void
stop_cb (SatchelConnectionButton *self)
{
  satchel_courier_runner_pause (self->courier);
}

static void
satchel_connection_button_dispose (GObject *object)
{
  g_clear_object (&SATCHEL_CONNECTION_BUTTON (object)->courier);
  G_OBJECT_CLASS (satchel_connection_button_parent_class)->dispose (object);
}

static void
satchel_connection_button_class_init (SatchelConnectionButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = satchel_connection_button_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/connection/satchel-connection-button.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelConnectionButton, button);
  gtk_widget_class_bind_template_child (widget_class, SatchelConnectionButton, icon);
  gtk_widget_class_bind_template_child (widget_class, SatchelConnectionButton, title);
  gtk_widget_class_bind_template_child (widget_class, SatchelConnectionButton, popover);
  gtk_widget_class_bind_template_child (widget_class, SatchelConnectionButton, heading);
  gtk_widget_class_bind_template_child (widget_class, SatchelConnectionButton, why);
  gtk_widget_class_bind_template_child (widget_class, SatchelConnectionButton, warnings);
  gtk_widget_class_bind_template_child (widget_class, SatchelConnectionButton, alarms);
  gtk_widget_class_bind_template_child (widget_class, SatchelConnectionButton, expander);
  gtk_widget_class_bind_template_child (widget_class, SatchelConnectionButton, details);
  gtk_widget_class_bind_template_child (widget_class, SatchelConnectionButton, send_button);
  gtk_widget_class_bind_template_child (widget_class, SatchelConnectionButton, stop_button);
  gtk_widget_class_bind_template_callback (widget_class, stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, alarms_read_cb);
}

static void
satchel_connection_button_init (SatchelConnectionButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
satchel_connection_button_new (SatchelCourierRunner *courier)
{
  SatchelConnectionButton *self = g_object_new (SATCHEL_TYPE_CONNECTION_BUTTON, NULL);

  self->courier = g_object_ref (courier);
  g_signal_connect_object (courier, "changed", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  show (self);
  return GTK_WIDGET (self);
}
