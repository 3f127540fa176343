/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lock/satchel-away.h"

#include <gio/gunixfdlist.h>
#include <unistd.h>

#define LOGIND     "org.freedesktop.login1"
#define LOGIND_TOP "/org/freedesktop/login1"
#define UPOWER     "org.freedesktop.UPower"
#define UPOWER_TOP "/org/freedesktop/UPower"

/* Each has "ActiveChanged" with one boolean. */
static const char *const SAVERS[] = {
    "org.cinnamon.ScreenSaver",
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.mate.ScreenSaver",
    "org.xfce.ScreenSaver",
};

struct _SatchelAway {
  GObject parent_instance;

  GDBusConnection *system; /* nullable, as all below */
  GDBusProxy *manager;     /* of logind */
  GDBusProxy *session;     /* of logind: the one that the app is in */
  GDBusProxy *power;
  GDBusConnection *own;
  guint saver_subscriptions[G_N_ELEMENTS (SAVERS)];

  gboolean is_connecting; /* to the system bus */
  gboolean is_delaying;   /* wished */
  gboolean is_asking;     /* logind, for the inhibitor */
  int inhibitor;          /* -1: none */
};

enum { AWAY,
       SIGNALS };
static guint signals[SIGNALS];

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelAway, satchel_away, G_TYPE_OBJECT)
// clang-format on

static void
say_away (SatchelAway *self)
{
  g_signal_emit (self, signals[AWAY], 0);
}

static gboolean
says (GVariant *properties, const char *name, gboolean wanted)
{
  gboolean value;

  return g_variant_lookup (properties, name, "b", &value) && value == wanted;
}

/* --- Holding a suspension up --- */

static void
drop_inhibitor (SatchelAway *self)
{
  if (self->inhibitor >= 0)
    close (self->inhibitor);
  self->inhibitor = -1;
}

static void
inhibited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelAway) self = user_data;
  g_autoptr (GUnixFDList) descriptors = NULL;
  g_autoptr (GVariant) answer = g_dbus_proxy_call_with_unix_fd_list_finish (
      G_DBUS_PROXY (source), &descriptors, result, NULL);
  gint32 index = 0;

  self->is_asking = FALSE;
  if (answer == NULL || descriptors == NULL)
    return;
  g_variant_get (answer, "(h)", &index);
  drop_inhibitor (self);
  /* Locked meanwhile: nothing is to wait for us. */
  if (self->is_delaying && index < g_unix_fd_list_get_length (descriptors))
    self->inhibitor = g_unix_fd_list_get (descriptors, index, NULL);
}

static void
ask_for_inhibitor (SatchelAway *self)
{
  if (self->manager == NULL || self->is_asking || !self->is_delaying)
    return;
  self->is_asking = TRUE;
  g_dbus_proxy_call_with_unix_fd_list (
      self->manager, "Inhibit",
      g_variant_new ("(ssss)", "sleep", "Satchel", "The vault is being locked", "delay"),
      G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, inhibited_cb, g_object_ref (self));
}

/* --- What logind and UPower say --- */

static void
session_signal_cb (SatchelAway *self, const char *sender, const char *name, GVariant *parameters)
{
  if (g_str_equal (name, "Lock"))
    say_away (self);
}

/* LockedHint: by the desktop itself, with no Lock before. Active: another person's session is in
 * front. */
static void
session_changed_cb (SatchelAway *self, GVariant *changed, GStrv invalidated)
{
  if (says (changed, "LockedHint", TRUE) || says (changed, "Active", FALSE))
    say_away (self);
}

/* logind has the lid as well, but emits no change of it. */
static void
power_changed_cb (SatchelAway *self, GVariant *changed, GStrv invalidated)
{
  if (says (changed, "LidIsClosed", TRUE))
    say_away (self);
}

/* At its end, too: where nothing could be heard before. */
static void
manager_signal_cb (SatchelAway *self, const char *sender, const char *name, GVariant *parameters)
{
  if (g_str_equal (name, "PrepareForSleep"))
    say_away (self);
}

static GDBusProxy *
take_proxy (SatchelAway *self, GAsyncResult *result, GCallback signal_cb, GCallback changed_cb)
{
  GDBusProxy *proxy = g_dbus_proxy_new_finish (result, NULL);

  if (proxy == NULL)
    return NULL;
  if (signal_cb != NULL)
    g_signal_connect_object (proxy, "g-signal", signal_cb, self, G_CONNECT_SWAPPED);
  if (changed_cb != NULL)
    g_signal_connect_object (proxy, "g-properties-changed", changed_cb, self, G_CONNECT_SWAPPED);
  return proxy;
}

static void
power_made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelAway) self = user_data;

  g_clear_object (&self->power);
  self->power = take_proxy (self, result, NULL, G_CALLBACK (power_changed_cb));
}

static void
session_made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelAway) self = user_data;

  g_clear_object (&self->session);
  self->session = take_proxy (self, result, G_CALLBACK (session_signal_cb),
                              G_CALLBACK (session_changed_cb));
}

static void
session_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelAway) self = user_data;
  g_autoptr (GVariant) answer = g_dbus_proxy_call_finish (G_DBUS_PROXY (source), result, NULL);
  const char *path;

  if (answer == NULL || self->system == NULL)
    return;
  g_variant_get (answer, "(&o)", &path);
  g_dbus_proxy_new (self->system, G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START, NULL, LOGIND, path,
                    LOGIND ".Session", NULL, session_made_cb, g_object_ref (self));
}

/* logind is there, perhaps anew. "auto": the caller's own session, or the one on their display,
 * where a program is started by a service of theirs. */
static void
manager_owner_cb (SatchelAway *self)
{
  g_autofree char *owner = g_dbus_proxy_get_name_owner (self->manager);

  if (owner == NULL)
    return;
  g_dbus_proxy_call (self->manager, "GetSession", g_variant_new ("(s)", "auto"),
                     G_DBUS_CALL_FLAGS_NONE, -1, NULL, session_found_cb, g_object_ref (self));
  ask_for_inhibitor (self);
}

static void
manager_made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelAway) self = user_data;

  g_clear_object (&self->manager);
  self->manager = take_proxy (self, result, G_CALLBACK (manager_signal_cb), NULL);
  if (self->manager == NULL)
    return;
  g_signal_connect_object (self->manager, "notify::g-name-owner", G_CALLBACK (manager_owner_cb),
                           self, G_CONNECT_SWAPPED);
  manager_owner_cb (self);
}

/* --- The buses --- */

/* Deaf from here on: what is not heard any more may just have happened. */
static void
system_closed_cb (SatchelAway *self)
{
  g_clear_object (&self->system);
  g_clear_object (&self->manager);
  g_clear_object (&self->session);
  g_clear_object (&self->power);
  drop_inhibitor (self);
  say_away (self);
}

static void
system_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelAway) self = user_data;

  self->is_connecting = FALSE;
  self->system = g_bus_get_finish (result, NULL);
  if (self->system == NULL)
    return;
  /* As it comes, GIO would end the program with the bus. */
  g_dbus_connection_set_exit_on_close (self->system, FALSE);
  g_signal_connect_object (self->system, "closed", G_CALLBACK (system_closed_cb), self,
                           G_CONNECT_SWAPPED);
  g_dbus_proxy_new (self->system,
                    G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES |
                        G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START,
                    NULL, LOGIND, LOGIND_TOP, LOGIND ".Manager", NULL, manager_made_cb,
                    g_object_ref (self));
  /* Where no desktop has started it, UPower is started: without it the lid is not heard. */
  g_dbus_proxy_new (self->system, G_DBUS_PROXY_FLAGS_NONE, NULL, UPOWER, UPOWER_TOP, UPOWER,
                    NULL, power_made_cb, g_object_ref (self));
}

static void
connect_system (SatchelAway *self)
{
  if (self->system != NULL || self->is_connecting)
    return;
  self->is_connecting = TRUE;
  g_bus_get (G_BUS_TYPE_SYSTEM, NULL, system_cb, g_object_ref (self));
}

static void
saver_cb (GDBusConnection *connection,
          const char *sender,
          const char *path,
          const char *interface,
          const char *name,
          GVariant *parameters,
          gpointer user_data)
{
  gboolean is_active = FALSE;

  if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    g_variant_get (parameters, "(b)", &is_active);
  if (is_active)
    say_away (user_data);
}

static void
own_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelAway) self = user_data;
  GDBusConnection *own = g_bus_get_finish (result, NULL);

  if (own == NULL)
    return;
  self->own = own;
  for (guint i = 0; i < G_N_ELEMENTS (SAVERS); i++)
    self->saver_subscriptions[i] = g_dbus_connection_signal_subscribe (
        own, NULL, SAVERS[i], "ActiveChanged", NULL, NULL, G_DBUS_SIGNAL_FLAGS_NONE, saver_cb, self,
        NULL);
}

/* --- The object --- */

static void
satchel_away_dispose (GObject *object)
{
  SatchelAway *self = SATCHEL_AWAY (object);

  for (guint i = 0; self->own != NULL && i < G_N_ELEMENTS (SAVERS); i++)
    g_dbus_connection_signal_unsubscribe (self->own, self->saver_subscriptions[i]);
  g_clear_object (&self->own);
  g_clear_object (&self->system);
  g_clear_object (&self->manager);
  g_clear_object (&self->session);
  g_clear_object (&self->power);
  drop_inhibitor (self);
  G_OBJECT_CLASS (satchel_away_parent_class)->dispose (object);
}

static void
satchel_away_class_init (SatchelAwayClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = satchel_away_dispose;
  signals[AWAY] = g_signal_new ("away", SATCHEL_TYPE_AWAY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
}

static void
satchel_away_init (SatchelAway *self)
{
  self->inhibitor = -1;
  connect_system (self);
  g_bus_get (G_BUS_TYPE_SESSION, NULL, own_cb, g_object_ref (self));
}

void
satchel_away_set_delaying (SatchelAway *self, gboolean is_delaying)
{
  self->is_delaying = is_delaying;
  if (!is_delaying) {
    drop_inhibitor (self);
    return;
  }
  connect_system (self);
  if (self->inhibitor < 0)
    ask_for_inhibitor (self);
}

SatchelAway *
satchel_away_new (void)
{
  return g_object_new (SATCHEL_TYPE_AWAY, NULL);
}
