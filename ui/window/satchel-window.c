/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/satchel-window.h"

#include <glib/gi18n.h>

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
  SatchelWorker *sorter;  /* of files that were handed over */
  SatchelHanded *waiting; /* of those, what was not opened yet */

  guint next; /* the source that opens it */
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

/* As far as the page that is there can take it. */
static void
open_waiting (SatchelWindow *self)
{
  GtkWidget *page = adw_toast_overlay_get_child (self->toasts);

  if (SATCHEL_IS_SHELL (page)) {
    satchel_handed_show (self->waiting, page, self->session);
  } else if (SATCHEL_IS_SETUP_PAGE (page)) {
    g_autoptr (GFile) file = satchel_handed_get_joining (self->waiting);
    if (file != NULL && satchel_setup_page_offer (SATCHEL_SETUP_PAGE (page), file))
      satchel_handed_drop_joining (self->waiting);
  }
}

static gboolean
next_cb (gpointer user_data)
{
  SatchelWindow *self = user_data;

  self->next = 0;
  open_waiting (self);
  return G_SOURCE_REMOVE;
}

/* Asked for by a page or a window that may be going just now. */
static void
next_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelWindow *self = SATCHEL_WINDOW (widget);

  if (self->session != NULL && self->next == 0)
    self->next = g_idle_add (next_cb, self);
}

/* What is to be joined comes one after the other as soon as there is a vault. */
static gboolean
waits_for_end (SatchelWindow *self, SatchelSetupPage *page)
{
  if (self->waiting->cards->len > 0 || self->waiting->bundles->len > 0)
    return TRUE;
  return !satchel_setup_page_has_vault (page) && !satchel_handed_is_empty (self->waiting);
}

/* Without a name: anybody may read it. */
static void
tell_waiting (SatchelWindow *self)
{
  GtkWidget *page = adw_toast_overlay_get_child (self->toasts);

  if (SATCHEL_IS_UNLOCK_PAGE (page))
    satchel_unlock_page_set_waiting (SATCHEL_UNLOCK_PAGE (page),
                                     !satchel_handed_is_empty (self->waiting));
  else if (SATCHEL_IS_SETUP_PAGE (page) && waits_for_end (self, SATCHEL_SETUP_PAGE (page)))
    satchel_window_say (page, _ ("What was handed over will be opened once the set-up is done."));
}

static void
sorted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  SatchelHanded *handed = satchel_worker_finish (result, &error);

  if (self->session == NULL) {
    satchel_handed_free (handed);
    return;
  }
  if (handed == NULL) {
    satchel_window_say_error (GTK_WIDGET (self->toasts), error);
    return;
  }
  if (handed->others > 0)
    satchel_window_say (GTK_WIDGET (self->toasts),
                        _ ("Satchel opens invites, cards and sealed bundles that are on "
                           "this computer. This is none of them."));
  satchel_handed_add (self->waiting, handed);
  open_waiting (self);
  tell_waiting (self);
}

/* What a lock took from the screen before anybody could answer it. */
static void
keep_unanswered (SatchelWindow *self, GtkWidget *page)
{
  satchel_handed_put_back (self->waiting,
                           SATCHEL_IS_SETUP_PAGE (page)
                               ? satchel_setup_page_take_unanswered (SATCHEL_SETUP_PAGE (page))
                               : satchel_join_window_take_unanswered (GTK_WINDOW (self)));
}

void
satchel_window_wait_again (SatchelWindow *self, SatchelHandedKind kind, const char *path)
{
  /* Disposed of, or of a vault that is no more. */
  if (self->session == NULL || SATCHEL_IS_SETUP_PAGE (adw_toast_overlay_get_child (self->toasts)))
    return;
  satchel_handed_wait_again (self->waiting, kind, path);
  /* A lock drops what is in the queue before it says that it is one, and stops what runs after. */
  tell_waiting (self);
  gtk_widget_activate_action (GTK_WIDGET (self), "handed.next", NULL);
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
  open_waiting (self);
  say_words (self);
}

/* What waited for a vault that was destroyed is not shown to whoever makes the next one. */
static void
show_setup (SatchelWindow *self)
{
  GtkWidget *page = satchel_setup_page_new (self->session);

  satchel_handed_free (self->waiting);
  self->waiting = satchel_handed_new ();
  g_signal_connect_object (page, "finished", G_CALLBACK (show_shell), self, G_CONNECT_SWAPPED);
  adw_toast_overlay_set_child (self->toasts, page);
}

static void
show_unlock (SatchelWindow *self)
{
  adw_toast_overlay_set_child (self->toasts, satchel_unlock_page_new (self->session));
  tell_waiting (self);
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
  if (satchel_session_get_state (self->session) == SATCHEL_SESSION_LOCKED)
    keep_unanswered (self, page);
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
        show_unlock (self);
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
        show_unlock (self);
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
  GPtrArray *handed = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < count; i++)
    g_ptr_array_add (handed, g_object_ref (files[i]));
  satchel_handed_sort (self->sorter, handed, self, sorted_cb, g_object_ref (self));
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
  g_clear_handle_id (&self->next, g_source_remove);
  g_clear_pointer (&self->sorter, satchel_worker_free);
  g_clear_pointer (&self->waiting, satchel_handed_free);
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
  gtk_widget_class_install_action (widget_class, "handed.next", NULL, next_action);
  gtk_widget_class_install_action (widget_class, "window.join", NULL, join_action);
  gtk_widget_class_install_action (widget_class, "window.preferences", NULL, preferences_action);
}

static void
satchel_window_init (SatchelWindow *self)
{
  self->sorter = satchel_worker_new ("handed");
  self->waiting = satchel_handed_new ();
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
