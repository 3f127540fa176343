/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cards/satchel-press-window.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "cards/satchel-press-card.h"
#include "cards/satchel-press-qr.h"
#include "shared/satchel-widget.h"
#include "shared/satchel-words.h"

#define SCAN_WIDTH_MIN_PX 240
#define SCAN_WIDTH_MAX_PX 420

struct _SatchelPressWindow {
  GtkWindow parent_instance;

  /* Template children */
  GtkBox *texts;
  GtkBox *side;

  /* Owned */
  SatchelSession *session;
  GtkWindow *hidden; /* the app's window; NULL once it is back */

  guint inhibition; /* 0 for none */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelPressWindow, satchel_press_window, GTK_TYPE_WINDOW)
// clang-format on

/* --- The face --- */

static void
append (GtkBox *box, const char *text, const char *style)
{
  GtkWidget *label;

  if (text == NULL)
    return;
  g_autofree char *shown = satchel_words_keep_numbers (text);
  label = satchel_label_new (shown, style);
  gtk_widget_set_direction (label, gtk_widget_get_direction (GTK_WIDGET (box)));
  gtk_box_append (box, label);
}

static void
show_face (SatchelPressWindow *self, const SatchelPressFace *face)
{
  gtk_widget_set_direction (GTK_WIDGET (self->texts), satchel_press_card_get_direction (face));
  append (self->texts, face->heading, "satchel-officer-heading");
  append (self->texts, face->name, "satchel-officer-name");
  append (self->texts, face->outlet, "satchel-officer-outlet");
  append (self->texts, face->role, "satchel-officer-outlet");
  for (guint i = 0; i < face->lines->len; i++) {
    const SatchelPressLine *line = face->lines->pdata[i];
    append (self->texts, line->label, "satchel-officer-label");
    append (self->texts, line->value, "satchel-officer-value");
  }
}

static void
show_side (SatchelPressWindow *self, const SatchelPressFace *face, GdkTexture *scan)
{
  g_autofree char *text = satchel_press_face_dup_text (face);
  GtkWidget *qr = satchel_press_qr_new (text, _ ("QR code with what stands on this card"));

  if (scan != NULL) {
    GtkWidget *picture = gtk_picture_new_for_paintable (GDK_PAINTABLE (scan));
    gtk_picture_set_content_fit (GTK_PICTURE (picture), GTK_CONTENT_FIT_CONTAIN);
    GtkWidget *clamp = adw_clamp_new ();
    satchel_widget_call (picture, _ ("Picture of the card"), FALSE);
    gtk_widget_set_size_request (picture, SCAN_WIDTH_MIN_PX, SCAN_WIDTH_MIN_PX);
    /* As many pixels as it has are no reason to push the words aside. */
    adw_clamp_set_maximum_size (ADW_CLAMP (clamp), SCAN_WIDTH_MAX_PX);
    adw_clamp_set_tightening_threshold (ADW_CLAMP (clamp), SCAN_WIDTH_MAX_PX);
    adw_clamp_set_child (ADW_CLAMP (clamp), picture);
    gtk_box_append (self->side, clamp);
  }
  /* More than a code can hold is on the screen all the same. */
  if (qr != NULL)
    gtk_box_append (self->side, qr);
  gtk_widget_set_visible (GTK_WIDGET (self->side), scan != NULL || qr != NULL);
}

/* --- The window --- */

static void
leave (SatchelPressWindow *self)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));

  if (self->inhibition != 0 && application != NULL)
    gtk_application_uninhibit (application, self->inhibition);
  self->inhibition = 0;
  if (self->hidden != NULL)
    gtk_window_present (self->hidden);
  g_clear_object (&self->hidden);
}

static gboolean
satchel_press_window_close_request (GtkWindow *window)
{
  leave (SATCHEL_PRESS_WINDOW (window));
  return GTK_WINDOW_CLASS (satchel_press_window_parent_class)->close_request (window);
}

static void
state_cb (SatchelPressWindow *self, GParamSpec *pspec, SatchelSession *session)
{
  if (satchel_session_get_state (session) != SATCHEL_SESSION_OPEN)
    gtk_window_close (GTK_WINDOW (self));
}

static void
satchel_press_window_dispose (GObject *object)
{
  SatchelPressWindow *self = SATCHEL_PRESS_WINDOW (object);

  g_clear_object (&self->hidden);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (satchel_press_window_parent_class)->dispose (object);
}

static void
satchel_press_window_class_init (SatchelPressWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = satchel_press_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = satchel_press_window_close_request;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/cards/satchel-press-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelPressWindow, texts);
  gtk_widget_class_bind_template_child (widget_class, SatchelPressWindow, side);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
satchel_press_window_init (SatchelPressWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* As large as the screen also where nobody minds the wish for the whole of it. */
static void
fill_screen (GtkWindow *self, GtkWindow *other)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (other));
  GdkMonitor *monitor =
      surface != NULL
          ? gdk_display_get_monitor_at_surface (gdk_surface_get_display (surface), surface)
          : NULL;
  GdkRectangle area;

  if (monitor != NULL) {
    gdk_monitor_get_geometry (monitor, &area);
    gtk_window_set_default_size (self, area.width, area.height);
    gtk_window_fullscreen_on_monitor (self, monitor);
  } else {
    gtk_window_fullscreen (self);
  }
}

void
satchel_press_window_present (GtkWidget *widget,
                              SatchelSession *session,
                              const SatchelPressFace *face,
                              GdkTexture *scan,
                              gboolean is_locked)
{
  GtkWindow *below = GTK_WINDOW (gtk_widget_get_root (widget));
  GtkApplication *application = gtk_window_get_application (below);
  SatchelPressWindow *self =
      g_object_new (SATCHEL_TYPE_PRESS_WINDOW, "application", application, NULL);

  self->session = g_object_ref (session);
  self->hidden = g_object_ref (below);
  show_face (self, face);
  show_side (self, face, scan);
  fill_screen (GTK_WINDOW (self), below);
  gtk_window_present (GTK_WINDOW (self));
  gtk_widget_set_visible (GTK_WIDGET (below), FALSE);
  self->inhibition =
      gtk_application_inhibit (application, GTK_WINDOW (self), GTK_APPLICATION_INHIBIT_IDLE,
                               _ ("A press card is being shown"));
  /* From here on @widget, and all that is of the vault, may be gone. */
  if (is_locked)
    satchel_session_lock (session);
  else
    g_signal_connect_object (session, "notify::state", G_CALLBACK (state_cb), self,
                             G_CONNECT_SWAPPED);
}
