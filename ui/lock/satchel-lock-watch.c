/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lock/satchel-lock-watch.h"

#include <glib/gi18n.h>

#include "lock/satchel-away.h"
#include "lock/satchel-idle.h"
#include "lock/satchel-lock-job.h"
#include "lock/satchel-lock-key.h"

#define MINUTE_MS (60 * 1000)

struct _SatchelLockWatch {
  GObject parent_instance;

  SatchelSession *session;
  SatchelAway *away;
  SatchelLockKey *key;
  SatchelIdle *idle;
  gboolean has_told; /* that the key is lost, since the vault was opened */

  /* Where the pointer was: GTK tells of a movement also where only what is under it moved. */
  GdkSurface *surface; /* borrowed, and only compared */
  double x, y;
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelLockWatch, satchel_lock_watch, G_TYPE_OBJECT)
// clang-format on

/* --- Somebody is there --- */

static gboolean
has_moved (SatchelLockWatch *self, GdkEvent *event)
{
  GdkSurface *surface = gdk_event_get_surface (event);
  double x = 0, y = 0;

  gdk_event_get_position (event, &x, &y);
  gboolean has = surface != self->surface || x != self->x || y != self->y;
  self->surface = surface;
  self->x = x;
  self->y = y;
  return has;
}

/* Whether it came from a person's hand. */
static gboolean
is_input (SatchelLockWatch *self, GdkEvent *event)
{
  switch (gdk_event_get_event_type (event)) {
    case GDK_MOTION_NOTIFY:
      return has_moved (self, event);
    case GDK_BUTTON_PRESS:
    case GDK_BUTTON_RELEASE:
    case GDK_KEY_PRESS:
    case GDK_KEY_RELEASE:
    case GDK_SCROLL:
    case GDK_TOUCH_BEGIN:
    case GDK_TOUCH_UPDATE:
    case GDK_TOUCH_END:
    case GDK_TOUCHPAD_SWIPE:
    case GDK_TOUCHPAD_PINCH:
    case GDK_TOUCHPAD_HOLD:
    case GDK_PAD_BUTTON_PRESS:
    case GDK_PAD_RING:
    case GDK_PAD_STRIP:
    case GDK_DRAG_MOTION:
      return TRUE;
    default:
      return FALSE;
  }
}

static gboolean
event_cb (SatchelLockWatch *self, GdkEvent *event)
{
  if (is_input (self, event))
    satchel_idle_touch (self->idle);
  return GDK_EVENT_PROPAGATE;
}

static void
watch_window (SatchelLockWatch *self, GtkWidget *window)
{
  GtkEventController *controller = gtk_event_controller_legacy_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect_object (controller, "event", G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (window, controller);
}

/* A dialog that belongs to no application is deaf for the application's keys: for the one that
 * locks, above all. */
static void
adopt_window (GtkWindow *window)
{
  GApplication *application = g_application_get_default ();

  if (gtk_window_get_application (window) == NULL && GTK_IS_APPLICATION (application))
    gtk_window_set_application (window, GTK_APPLICATION (application));
}

static void
windows_cb (SatchelLockWatch *self, guint position, guint removed, guint added, GListModel *windows)
{
  for (guint i = position; i < position + added; i++) {
    g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);
    watch_window (self, window);
    adopt_window (GTK_WINDOW (window));
  }
}

/* --- After how long, and by which key --- */

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelLockWatch) self = user_data;
  guint minutes =
      GPOINTER_TO_UINT (satchel_session_run_finish (SATCHEL_SESSION (source), result, NULL));

  /* A setting that cannot be read leaves the limit as it is. */
  if (minutes != 0 && self->idle != NULL)
    satchel_idle_set_limit (self->idle, (guint64) minutes * MINUTE_MS);
}

/* Whoever relies on a key is told that there is none. */
static void
tell_if_lost (SatchelLockWatch *self)
{
  if (self->has_told || satchel_session_get_state (self->session) != SATCHEL_SESSION_OPEN ||
      satchel_lock_key_get_state (self->key) != SATCHEL_LOCK_KEY_LOST)
    return;
  self->has_told = TRUE;
  satchel_session_put_word (self->session, NULL,
                            _ ("The key that locks from every program does not work now. Ctrl+L "
                               "in Satchel still locks."));
}

static void
wish_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelLockWatch) self = user_data;
  guint wish =
      GPOINTER_TO_UINT (satchel_session_run_finish (SATCHEL_SESSION (source), result, NULL));

  /* A setting that cannot be read leaves the key as it is. */
  if (wish == 0 || self->key == NULL)
    return;
  satchel_lock_key_set_wanted (self->key, wish == SATCHEL_LOCK_WISH_KEY);
  tell_if_lost (self);
}

static void
load (SatchelLockWatch *self)
{
  SatchelSessionJob minutes = satchel_lock_minutes_load_job ();
  SatchelSessionJob wish = satchel_lock_wish_load_job ();

  satchel_session_run_async (self->session, &minutes, NULL, loaded_cb, g_object_ref (self));
  satchel_session_run_async (self->session, &wish, NULL, wish_loaded_cb, g_object_ref (self));
}

/* Whoever said no is not asked again at every unlocking. */
static void
key_changed_cb (SatchelLockWatch *self)
{
  SatchelSessionJob job = satchel_lock_wish_store_job (SATCHEL_LOCK_WISH_NONE);

  if (satchel_lock_key_get_state (self->key) == SATCHEL_LOCK_KEY_REFUSED)
    satchel_session_run_async (self->session, &job, NULL, NULL, NULL);
  if (satchel_lock_key_get_state (self->key) == SATCHEL_LOCK_KEY_GIVEN)
    self->has_told = FALSE;
  tell_if_lost (self);
}

/* Words can come without a key that a window sees: from a keyboard on the screen, by dictation. */
static void
changed_cb (SatchelLockWatch *self, SatchelChanges changes)
{
  if ((changes & SATCHEL_CHANGED_DRAFTS) != 0)
    satchel_idle_touch (self->idle);
  if ((changes & SATCHEL_CHANGED_SETTINGS) != 0)
    load (self);
}

/* --- Nobody is there --- */

static void
lock (gpointer user_data)
{
  satchel_session_lock (SATCHEL_LOCK_WATCH (user_data)->session);
}

static void
keys_cb (SatchelLockWatch *self)
{
  satchel_away_set_delaying (self->away, satchel_session_has_keys (self->session));
}

static void
state_cb (SatchelLockWatch *self)
{
  if (satchel_session_get_state (self->session) != SATCHEL_SESSION_OPEN) {
    satchel_idle_stop (self->idle);
    return;
  }
  satchel_idle_set_limit (self->idle, SATCHEL_LOCK_MINUTES * MINUTE_MS);
  satchel_idle_start (self->idle);
  self->has_told = FALSE;
  load (self);
}

/* --- The object --- */

static void
satchel_lock_watch_dispose (GObject *object)
{
  SatchelLockWatch *self = SATCHEL_LOCK_WATCH (object);

  g_clear_object (&self->away);
  g_clear_object (&self->key);
  g_clear_object (&self->session);
  g_clear_pointer (&self->idle, satchel_idle_free);
  G_OBJECT_CLASS (satchel_lock_watch_parent_class)->dispose (object);
}

static void
satchel_lock_watch_class_init (SatchelLockWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = satchel_lock_watch_dispose;
}

static void
satchel_lock_watch_init (SatchelLockWatch *self)
{
  self->away = satchel_away_new ();
  self->key = satchel_lock_key_new ();
  g_signal_connect_object (self->away, "away", G_CALLBACK (lock), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->key, "pressed", G_CALLBACK (lock), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->key, "changed", G_CALLBACK (key_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

SatchelLockWatch *
satchel_lock_watch_new (SatchelSession *session)
{
  SatchelLockWatch *self = g_object_new (SATCHEL_TYPE_LOCK_WATCH, NULL);
  GListModel *windows = gtk_window_get_toplevels ();

  self->session = g_object_ref (session);
  self->idle =
      satchel_idle_new (satchel_idle_boot_clock, SATCHEL_LOCK_MINUTES * MINUTE_MS, lock, self);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (state_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::has-keys", G_CALLBACK (keys_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (windows, "items-changed", G_CALLBACK (windows_cb), self,
                           G_CONNECT_SWAPPED);
  windows_cb (self, 0, 0, g_list_model_get_n_items (windows), windows);
  state_cb (self);
  keys_cb (self);
  return self;
}
