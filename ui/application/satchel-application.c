/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "application/satchel-application.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>

#include "cards/satchel-press-window.h"
#include "courier/satchel-courier-runner.h"
#include "deadlines/satchel-reminder.h"
#include "lock/satchel-display.h"
#include "lock/satchel-lock-watch.h"
#include "preferences/satchel-language.h"
#include "preferences/satchel-settings.h"
#include "preferences/satchel-style.h"
#include "session/satchel-session.h"
#include "window/satchel-window.h"

#define APPLICATION_ID "org.satchel.Satchel"

struct _SatchelApplication {
  AdwApplication parent_instance;

  SatchelSession *session;
  SatchelCourierRunner *courier;
  SatchelReminder *reminder;
  SatchelLockWatch *watch; /* NULL before the start */
  GSettings *settings;     /* nullable */
  gboolean is_leaving;     /* it quits once the keys are gone */
  gboolean has_stayed;     /* the last time it was to */
  guint leave;             /* the source that does */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelApplication, satchel_application, ADW_TYPE_APPLICATION)
// clang-format on

static char *
dup_folder (GVariantDict *options)
{
  const char *environment = g_getenv ("SATCHEL_VAULT");
  const char *named = NULL;

  if (options != NULL && g_variant_dict_lookup (options, "vault", "^&ay", &named))
    return g_canonicalize_filename (named, NULL);
  if (environment != NULL && *environment != '\0')
    return g_canonicalize_filename (environment, NULL);
  return g_build_filename (g_get_user_data_dir (), "satchel", "vault", NULL);
}

/* Another vault is another instance: its bus name says which, and not where it lies. */
static void
name_instance (GApplication *application, const char *folder)
{
  g_autofree char *usual = dup_folder (NULL);

  if (g_str_equal (folder, usual))
    return;
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, folder, -1);
  g_autofree char *id = g_strdup_printf (APPLICATION_ID ".v%.16s", sum);
  g_application_set_application_id (application, id);
}

static int
satchel_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  SatchelApplication *self = SATCHEL_APPLICATION (application);
  g_autofree char *folder = dup_folder (options);

  if (g_variant_dict_contains (options, "version")) {
    g_print ("satchel " SATCHEL_VERSION "\n");
    return 0;
  }
  name_instance (application, folder);
  self->session = satchel_session_new (folder);
  self->courier = satchel_courier_runner_new (self->session);
  return -1;
}

static SatchelWindow *find_window (SatchelApplication *self);

/* What could not be saved is told to whoever unlocks it: then it stays for once, and says why. */
static gboolean
leave_cb (gpointer user_data)
{
  SatchelApplication *self = user_data;
  SatchelWindow *window = find_window (self);

  self->leave = 0;
  self->is_leaving = FALSE;
  if (window == NULL || !satchel_session_has_failure (self->session)) {
    g_application_quit (G_APPLICATION (self));
    return G_SOURCE_REMOVE;
  }
  self->has_stayed = TRUE;
  satchel_window_say_locked (window,
                             _ ("Satchel has not quit: something could not be saved. Unlock "
                                "it to read what. To quit now, quit once more."));
  return G_SOURCE_REMOVE;
}

/* With the keys all that was to be saved is gone; what came of it is told in the same turn. */
static void
keys_cb (SatchelApplication *self)
{
  if (self->is_leaving && self->leave == 0 && !satchel_session_has_keys (self->session))
    self->leave = g_idle_add (leave_cb, self);
}

/* Whoever unlocks it again stays. */
static void
state_cb (SatchelApplication *self)
{
  SatchelSessionState state = satchel_session_get_state (self->session);

  if (state == SATCHEL_SESSION_OPENING || state == SATCHEL_SESSION_OPEN)
    self->is_leaving = self->has_stayed = FALSE;
}

static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SatchelApplication *self = user_data;

  satchel_session_lock (self->session);
  if (self->is_leaving || self->has_stayed) {
    g_application_quit (G_APPLICATION (self));
    return;
  }
  self->is_leaving = TRUE;
  keys_cb (self);
}

static void
lock_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  satchel_session_lock (SATCHEL_APPLICATION (user_data)->session);
}

static void
about_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  adw_show_about_window (gtk_application_get_active_window (user_data),
                         "application-name", "Satchel",
                         "application-icon", APPLICATION_ID,
                         "version", SATCHEL_VERSION,
                         "license-type", GTK_LICENSE_GPL_3_0,
                         "comments", _ ("Reports and evidence, sealed for your newsroom"),
                         NULL);
}

/* Made when it is asked for. GTK would make one beforehand and hide it (gtk/help-overlay.ui), and
 * GTK 4.8 crashes where a screen reader comes upon a window that was never shown. */
static void
shortcuts_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autoptr (GtkBuilder) builder =
      gtk_builder_new_from_resource ("/org/satchel/Satchel/application/satchel-shortcuts.ui");
  GtkWindow *window = GTK_WINDOW (gtk_builder_get_object (builder, "shortcuts"));

  gtk_window_set_transient_for (window, gtk_application_get_active_window (user_data));
  gtk_window_present (window);
}

static const GActionEntry ACTIONS[] = {
    {"quit", quit_cb},
    {"lock", lock_cb},
    {"shortcuts", shortcuts_cb},
    {"about", about_cb},
};

static const struct {
  const char *action;
  const char *keys[3];
} KEYS[] = {
    /* Pages bring their own keys, in their .ui files. */
    {"app.quit", {"<Control>q"}},
    {"app.lock", {"<Control>l"}},
    {"app.shortcuts", {"<Control>question", "<Control>F1"}},
    {"window.close", {"<Control>w"}},
};

/* The system does not wait. */
static gboolean
terminate_cb (gpointer user_data)
{
  SatchelApplication *self = user_data;

  satchel_session_lock (self->session);
  g_application_quit (G_APPLICATION (self));
  return G_SOURCE_CONTINUE;
}

static void
satchel_application_startup (GApplication *application)
{
  SatchelApplication *self = SATCHEL_APPLICATION (application);

  G_APPLICATION_CLASS (satchel_application_parent_class)->startup (application);
  satchel_language_apply_direction ();
  gtk_window_set_default_icon_name (APPLICATION_ID);
  /* The names of files that were attached are nobody's business. */
  g_object_set (gtk_settings_get_default (), "gtk-recent-files-enabled", FALSE, NULL);
  g_action_map_add_action_entries (G_ACTION_MAP (self), ACTIONS, G_N_ELEMENTS (ACTIONS), self);
  for (guint i = 0; i < G_N_ELEMENTS (KEYS); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), KEYS[i].action, KEYS[i].keys);
  self->reminder = satchel_reminder_new (application, self->session);
  self->settings = satchel_settings_new ();
  satchel_style_follow (self->settings);
  self->watch = satchel_lock_watch_new (self->session);
  g_signal_connect_object (self->session, "notify::has-keys", G_CALLBACK (keys_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::state", G_CALLBACK (state_cb), self,
                           G_CONNECT_SWAPPED);
  g_unix_signal_add (SIGTERM, terminate_cb, self);
  g_unix_signal_add (SIGINT, terminate_cb, self);
  g_unix_signal_add (SIGHUP, terminate_cb, self);
}

/* Dialogs are the application's windows too. */
static SatchelWindow *
find_window (SatchelApplication *self)
{
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (self));

  for (GList *w = windows; w != NULL; w = w->next)
    if (SATCHEL_IS_WINDOW (w->data))
      return w->data;
  return NULL;
}

/* While a press card is shown to somebody, nothing comes in front of it. */
static gboolean
present_press_card (SatchelApplication *self)
{
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (self));

  for (GList *w = windows; w != NULL; w = w->next)
    if (SATCHEL_IS_PRESS_WINDOW (w->data)) {
      gtk_window_present (w->data);
      return TRUE;
    }
  return FALSE;
}

static void
satchel_application_activate (GApplication *application)
{
  SatchelApplication *self = SATCHEL_APPLICATION (application);
  SatchelWindow *window = find_window (self);

  if (present_press_card (self))
    return;

  if (window == NULL)
    window = satchel_window_new (GTK_APPLICATION (self), self->session, self->courier);
  gtk_window_present (GTK_WINDOW (window));
}

static void
satchel_application_open (GApplication *application, GFile **files, int count, const char *hint)
{
  satchel_application_activate (application);
  satchel_window_open_files (find_window (SATCHEL_APPLICATION (application)), files, count);
}

static void
satchel_application_shutdown (GApplication *application)
{
  SatchelApplication *self = SATCHEL_APPLICATION (application);

  g_clear_handle_id (&self->leave, g_source_remove);
  /* Without the program there is nothing to unlock: no notification outlives it. */
  if (self->reminder != NULL)
    satchel_reminder_stop (self->reminder);
  g_clear_object (&self->reminder);
  /* Drafts are on the disk, and keys gone, before the process ends. */
  if (self->session != NULL)
    satchel_session_shut (self->session);
  if (self->courier != NULL)
    satchel_courier_runner_stop (self->courier);
  if (gdk_display_get_default () != NULL)
    satchel_display_forget (gdk_display_get_default ());
  G_APPLICATION_CLASS (satchel_application_parent_class)->shutdown (application);
  g_clear_object (&self->courier);
  g_clear_object (&self->watch);
  g_clear_object (&self->settings);
  g_clear_object (&self->session);
}

static void
satchel_application_class_init (SatchelApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->handle_local_options = satchel_application_handle_local_options;
  application_class->startup = satchel_application_startup;
  application_class->activate = satchel_application_activate;
  application_class->open = satchel_application_open;
  application_class->shutdown = satchel_application_shutdown;
}

static void
satchel_application_init (SatchelApplication *self)
{
  static const GOptionEntry OPTIONS[] = {
      {"vault", 0, 0, G_OPTION_ARG_FILENAME, NULL, N_ ("The vault's folder"), N_ ("DIR")},
      {"version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version"), NULL},
      {NULL},
  };

  g_application_add_main_option_entries (G_APPLICATION (self), OPTIONS);
}

SatchelApplication *
satchel_application_new (void)
{
  return g_object_new (SATCHEL_TYPE_APPLICATION,
                       "application-id", APPLICATION_ID,
                       "flags", G_APPLICATION_HANDLES_OPEN,
                       "resource-base-path", "/org/satchel/Satchel",
                       NULL);
}
