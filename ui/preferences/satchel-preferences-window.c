/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "preferences/satchel-preferences-window.h"

#include "preferences/satchel-lock-page.h"
#include "preferences/satchel-preferences-job.h"
#include "preferences/satchel-sending-page.h"
#include "preferences/satchel-settings.h"
#include "preferences/satchel-style-page.h"
#include "shared/satchel-error-text.h"
#include "shared/satchel-toast.h"

struct _SatchelPreferencesWindow {
  AdwPreferencesWindow parent_instance;

  SatchelSession *session;
  SatchelLockPage *lock; /* borrowed, as those below */
  SatchelSendingPage *sending;

  gboolean is_shown; /* from here on the pages know what holds, and are ahead of the vault */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelPreferencesWindow, satchel_preferences_window,
                     ADW_TYPE_PREFERENCES_WINDOW)
// clang-format on

static void
say_error (SatchelPreferencesWindow *self, const GError *error)
{
  if (error == NULL || satchel_error_text_is_silent (error))
    return;
  g_autofree char *text = satchel_error_text_dup_whole (error);
  AdwToast *toast = satchel_toast_new (text);
  satchel_toast_fit (toast, GTK_WIDGET (self));
  adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self), toast);
}

static void
show (SatchelPreferencesWindow *self, const SatchelPreferences *preferences)
{
  satchel_lock_page_show_minutes (self->lock, preferences->lock_minutes);
  if (preferences->rules != NULL)
    satchel_sending_page_show (self->sending, preferences->rules);
  say_error (self, preferences->rules_error);
  self->is_shown = TRUE;
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelPreferencesWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelPreferences) preferences =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (self->session == NULL)
    return;
  if (preferences == NULL) {
    say_error (self, error);
    return;
  }
  satchel_lock_page_show_panic (self->lock, preferences->has_panic);
  if (!self->is_shown)
    show (self, preferences);
}

static void
load (SatchelPreferencesWindow *self)
{
  SatchelSessionJob job = satchel_preferences_load_job ();

  satchel_session_run_async (self->session, &job, NULL, loaded_cb, g_object_ref (self));
}

static void
changed_cb (SatchelPreferencesWindow *self, SatchelChanges changes)
{
  if ((changes & SATCHEL_CHANGED_SETTINGS) != 0)
    load (self);
}

static void
state_cb (SatchelPreferencesWindow *self)
{
  if (satchel_session_get_state (self->session) != SATCHEL_SESSION_OPEN)
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
satchel_preferences_window_dispose (GObject *object)
{
  g_clear_object (&SATCHEL_PREFERENCES_WINDOW (object)->session);
  G_OBJECT_CLASS (satchel_preferences_window_parent_class)->dispose (object);
}

static void
satchel_preferences_window_class_init (SatchelPreferencesWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = satchel_preferences_window_dispose;
}

static void
satchel_preferences_window_init (SatchelPreferencesWindow *self)
{
}

static void
add_pages (SatchelPreferencesWindow *self)
{
  AdwPreferencesWindow *window = ADW_PREFERENCES_WINDOW (self);
  g_autoptr (GSettings) settings = satchel_settings_new ();

  self->lock = satchel_lock_page_new (self->session);
  self->sending = satchel_sending_page_new (self->session);
  adw_preferences_window_add (window, ADW_PREFERENCES_PAGE (self->lock));
  adw_preferences_window_add (window, ADW_PREFERENCES_PAGE (self->sending));
  if (settings != NULL)
    adw_preferences_window_add (window, satchel_style_page_new (settings));
}

void
satchel_preferences_window_present (GtkWindow *parent, SatchelSession *session)
{
  SatchelPreferencesWindow *self =
      g_object_new (SATCHEL_TYPE_PREFERENCES_WINDOW, "accessible-role", GTK_ACCESSIBLE_ROLE_WINDOW,
                    "transient-for", parent, "modal", TRUE, "destroy-with-parent", TRUE,
                    "search-enabled", FALSE, "default-width", 640, "default-height", 720, NULL);

  self->session = g_object_ref (session);
  add_pages (self);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (state_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  load (self);
  gtk_window_present (GTK_WINDOW (self));
}

void
satchel_preferences_window_fail (GtkWidget *widget, const GError *error)
{
  GtkWidget *window = gtk_widget_get_ancestor (widget, SATCHEL_TYPE_PREFERENCES_WINDOW);

  if (window == NULL)
    return;
  SatchelPreferencesWindow *self = SATCHEL_PREFERENCES_WINDOW (window);
  say_error (self, error);
  self->is_shown = FALSE;
  load (self);
}
