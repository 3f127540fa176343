/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/satchel-window.h"

#include "handed/satchel-handed.h"
#include "join/satchel-join-window.h"
#include "lock/satchel-display.h"
#include "preferences/satchel-preferences-window.h"
#include "setup/satchel-setup-page.h"
#include "shared/satchel-dialog.h"
#include "shared/satchel-error-text.h"
#include "shared/satchel-toast.h"
#include "shell/satchel-shell.h"
#include "unlock/satchel-unlock-page.h"

struct _SatchelWindow {
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts; /* borrowed: the content */
  AdwToast *locked_word;   /* weak: what was said while it was locked */

  /* Owned */
  SatchelSession *session;
  SatchelCourierRunner *courier;
  GPtrArray *files; /* of GFile: handed over, and not looked at yet */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelWindow, satchel_window, ADW_TYPE_APPLICATION_WINDOW)
// clang-format on

/* --- What is said --- */

/* Where the vault is open. */
static GtkWidget *
find_open_window (void)
{
  GApplication *application = g_application_get_default ();
  GList *windows = GTK_IS_APPLICATION (application)
                       ? gtk_application_get_windows (GTK_APPLICATION (application))
                       : NULL;

  for (GList *link = windows; link != NULL; link = link->next) {
    if (!SATCHEL_IS_WINDOW (link->data))
      continue;
    SatchelWindow *self = SATCHEL_WINDOW (link->data);
    if (SATCHEL_IS_SHELL (adw_toast_overlay_get_child (self->toasts)))
      return GTK_WIDGET (self->toasts);
  }
  return NULL;
}

/* The page or dialog that asked may have been left meanwhile: what came of it is told all the same.
 * Without a window there is nobody to be told. */
static void
show_toast (GtkWidget *widget, AdwToast *toast)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (widget, ADW_TYPE_TOAST_OVERLAY);

  if (overlay == NULL || !gtk_widget_get_mapped (overlay))
    overlay = find_open_window ();
  if (overlay == NULL)
    return;
  satchel_toast_fit (toast, overlay);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
}

/* --- What was handed over --- */

static void
sorted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelHanded) handed =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);
  GtkWidget *page = self->toasts != NULL ? adw_toast_overlay_get_child (self->toasts) : NULL;

  if (!SATCHEL_IS_SHELL (page))
    return;
  if (handed != NULL)
    satchel_handed_show (handed, page, self->session);
  else
    satchel_window_say_error (page, error);
}

static void
open_files (SatchelWindow *self)
{
  if (self->files->len == 0)
    return;
  SatchelSessionJob job = satchel_handed_sort_job (g_steal_pointer (&self->files));

  self->files = g_ptr_array_new_with_free_func (g_object_unref);
  satchel_session_run_async (self->session, &job, NULL, sorted_cb, g_object_ref (self));
}

/* --- Pages --- */

/* What happened in the vault is nobody's business while it is locked. */
static void
say_words (SatchelWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self->toasts);
  char *heading, *text;

  if (!SATCHEL_IS_SHELL (adw_toast_overlay_get_child (self->toasts)))
    return;
  while (satchel_session_take_word (self->session, &heading, &text)) {
    if (heading != NULL)
      satchel_dialog_tell (widget, self->session, heading, text);
    else
      satchel_window_say (widget, text);
    g_free (heading);
    g_free (text);
  }
}

/* The vault is open, and its shell is shown. */
static void
show_shell (SatchelWindow *self)
{
  adw_toast_overlay_set_child (self->toasts, satchel_shell_new (self->session, self->courier));
  if (self->locked_word != NULL)
    adw_toast_dismiss (self->locked_word);
  open_files (self);
  say_words (self);
}

static void
show_setup (SatchelWindow *self)
{
  GtkWidget *page = satchel_setup_page_new (self->session);

  g_signal_connect_object (page, "finished", G_CALLBACK (show_shell), self, G_CONNECT_SWAPPED);
  adw_toast_overlay_set_child (self->toasts, page);
}

/* What is said in passing may name what is in the vault: with a new overlay all of it goes. (As a
 * child of the template the old one would live as long as the window.) */
static void
renew_toasts (SatchelWindow *self)
{
  self->toasts = ADW_TOAST_OVERLAY (adw_toast_overlay_new ());
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (self), GTK_WIDGET (self->toasts));
}

/* Opening belongs to the page that asked for it, and so does a vault that was just made. */
static void
state_cb (SatchelWindow *self)
{
  GtkWidget *page = adw_toast_overlay_get_child (self->toasts);

  if (satchel_session_get_state (self->session) != SATCHEL_SESSION_OPEN)
    satchel_display_forget (gtk_widget_get_display (GTK_WIDGET (self)));
  /* Not for one that is being destroyed: what came of that is told where it was asked for. */
  if (SATCHEL_IS_SHELL (page) &&
      satchel_session_get_state (self->session) == SATCHEL_SESSION_LOCKED) {
    renew_toasts (self);
    page = NULL;
  }
  switch (satchel_session_get_state (self->session)) {
    case SATCHEL_SESSION_OPENING:
      /* Of an open vault: it is being destroyed. */
      if (SATCHEL_IS_SHELL (page))
        adw_toast_overlay_set_child (self->toasts, satchel_unlock_page_new (self->session));
      break;
    case SATCHEL_SESSION_OPEN:
      if (!SATCHEL_IS_SETUP_PAGE (page))
        show_shell (self);
      break;
    case SATCHEL_SESSION_EMPTY:
      if (!SATCHEL_IS_SETUP_PAGE (page))
        show_setup (self);
      break;
    case SATCHEL_SESSION_LOCKED:
      if (!SATCHEL_IS_UNLOCK_PAGE (page))
        adw_toast_overlay_set_child (self->toasts, satchel_unlock_page_new (self->session));
      break;
  }
}

static void
join_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelWindow *self = SATCHEL_WINDOW (widget);

  if (satchel_session_get_state (self->session) == SATCHEL_SESSION_OPEN)
    satchel_join_window_present (GTK_WINDOW (self), self->session, NULL);
}

static void
preferences_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelWindow *self = SATCHEL_WINDOW (widget);

  if (satchel_session_get_state (self->session) == SATCHEL_SESSION_OPEN)
    satchel_preferences_window_present (GTK_WINDOW (self), self->session);
}

void
satchel_window_open_files (SatchelWindow *self, GFile **files, guint count)
{
  GtkWidget *page = adw_toast_overlay_get_child (self->toasts);

  if (SATCHEL_IS_SETUP_PAGE (page)) {
    satchel_setup_page_offer (SATCHEL_SETUP_PAGE (page), files[0]);
    return;
  }
  for (guint i = 0; i < count; i++)
    g_ptr_array_add (self->files, g_object_ref (files[i]));
  if (SATCHEL_IS_SHELL (page))
    open_files (self);
}

void
satchel_window_say (GtkWidget *widget, const char *text)
{
  show_toast (widget, satchel_toast_new (text));
}

void
satchel_window_say_locked (SatchelWindow *self, const char *text)
{
  AdwToast *toast = satchel_toast_new (text);

  adw_toast_set_timeout (toast, 0); /* it stays until it is closed */
  g_set_weak_pointer (&self->locked_word, toast);
  show_toast (GTK_WIDGET (self->toasts), toast);
}

AdwToast *
satchel_window_offer (
    GtkWidget *widget, const char *text, const char *button, GCallback clicked, GObject *object)
{
  AdwToast *toast = satchel_toast_new (text);

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

/* The last one: to close it is to quit. */
static gboolean
satchel_window_close_request (GtkWindow *window)
{
  GtkApplication *application = gtk_window_get_application (window);
  GList *windows = application != NULL ? gtk_application_get_windows (application) : NULL;

  if (windows == NULL || windows->next != NULL)
    return GTK_WINDOW_CLASS (satchel_window_parent_class)->close_request (window);
  g_action_group_activate_action (G_ACTION_GROUP (application), "quit", NULL);
  return GDK_EVENT_STOP;
}

static void
satchel_window_dispose (GObject *object)
{
  SatchelWindow *self = SATCHEL_WINDOW (object);

  g_clear_weak_pointer (&self->locked_word);
  g_clear_object (&self->session);
  g_clear_object (&self->courier);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  self->toasts = NULL;
  G_OBJECT_CLASS (satchel_window_parent_class)->dispose (object);
}

static void
satchel_window_class_init (SatchelWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = satchel_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = satchel_window_close_request;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/satchel/Satchel/window/satchel-window.ui");
  gtk_widget_class_install_action (widget_class, "window.join", NULL, join_action);
  gtk_widget_class_install_action (widget_class, "window.preferences", NULL, preferences_action);
}

static void
satchel_window_init (SatchelWindow *self)
{
  self->files = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  renew_toasts (self);
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
  g_signal_connect_object (session, "word", G_CALLBACK (say_words), self, G_CONNECT_SWAPPED);
  state_cb (self);
  return self;
}
