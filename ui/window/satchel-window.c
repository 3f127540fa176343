/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/satchel-window.h"

#include "shared/satchel-error-text.h"
#include "shell/satchel-shell.h"
#include "unlock/satchel-unlock-page.h"

struct _SatchelWindow {
  AdwApplicationWindow parent_instance;

  /* Template children */
  AdwToastOverlay *toasts;

  /* Owned */
  SatchelSession *session;
  SatchelCourierRunner *courier;
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelWindow, satchel_window, ADW_TYPE_APPLICATION_WINDOW)
// clang-format on

static GtkWidget *
make_page (SatchelWindow *self)
{
  if (satchel_session_get_state (self->session) == SATCHEL_SESSION_OPEN)
    return satchel_shell_new (self->session, self->courier);
  return satchel_unlock_page_new (self->session);
}

/* Opening belongs to the page that asked for it. */
static void
state_cb (SatchelWindow *self)
{
  SatchelSessionState state = satchel_session_get_state (self->session);
  GtkWidget *page = adw_toast_overlay_get_child (self->toasts);

  if (state == SATCHEL_SESSION_OPENING)
    return;
  if (state != SATCHEL_SESSION_OPEN && SATCHEL_IS_UNLOCK_PAGE (page))
    return;
  adw_toast_overlay_set_child (self->toasts, make_page (self));
}

/* Without a window there is nobody to be told. */
static void
show_toast (GtkWidget *widget, AdwToast *toast)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (widget, ADW_TYPE_TOAST_OVERLAY);

  if (overlay != NULL)
    adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
}

/* Toasts read markup. */
static AdwToast *
make_toast (const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  return adw_toast_new (escaped);
}

void
satchel_window_say (GtkWidget *widget, const char *text)
{
  show_toast (widget, make_toast (text));
}

AdwToast *
satchel_window_offer (
    GtkWidget *widget, const char *text, const char *button, GCallback clicked, GObject *object)
{
  AdwToast *toast = make_toast (text);

  adw_toast_set_button_label (toast, button);
  g_signal_connect_object (toast, "button-clicked", clicked, object, G_CONNECT_SWAPPED);
  show_toast (widget, toast);
  return toast;
}

void
satchel_window_say_error (GtkWidget *widget, const GError *error)
{
  if (error == NULL || satchel_error_text_is_silent (error))
    return;
  g_autofree char *text = satchel_error_text_dup_whole (error);
  satchel_window_say (widget, text);
}

static void
satchel_window_dispose (GObject *object)
{
  SatchelWindow *self = SATCHEL_WINDOW (object);

  g_clear_object (&self->session);
  g_clear_object (&self->courier);
  G_OBJECT_CLASS (satchel_window_parent_class)->dispose (object);
}

static void
satchel_window_class_init (SatchelWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = satchel_window_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/satchel/Satchel/window/satchel-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelWindow, toasts);
}

static void
satchel_window_init (SatchelWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

SatchelWindow *
satchel_window_new (GtkApplication *application,
                    SatchelSession *session,
                    SatchelCourierRunner *courier)
{
  SatchelWindow *self = g_object_new (SATCHEL_TYPE_WINDOW, "application", application, NULL);

  self->session = g_object_ref (session);
  self->courier = g_object_ref (courier);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (state_cb), self,
                           G_CONNECT_SWAPPED);
  state_cb (self);
  return self;
}
