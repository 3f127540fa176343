/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lock/satchel-lock-key.h"

#include <glib/gi18n.h>

#define PORTAL     "org.freedesktop.portal.Desktop"
#define PORTAL_TOP "/org/freedesktop/portal/desktop"
#define SHORTCUTS  "org.freedesktop.portal.GlobalShortcuts"
#define REQUEST    "org.freedesktop.portal.Request"
#define SESSION    "org.freedesktop.portal.Session"
#define REGISTRY   "org.freedesktop.host.portal.Registry"
#define PROPERTIES "org.freedesktop.DBus.Properties"

/* The desktop remembers by both which key was chosen. */
#define PROGRAM  "org.satchel.Satchel"
#define SHORTCUT "lock"

/* Proposed, in the words of the XDG specification of shortcuts: beside Super+L, which locks the
 * screen on many desktops. */
#define PROPOSED "LOGO+SHIFT+l"

/* What a request answers with: results, somebody's no, or anything else. */
#define ANSWERED  0
#define CANCELLED 1
#define ENDED     2

/* A portal that fell is started again after a pause, which grows. */
#define PAUSE_S     2
#define PAUSE_MAX_S 300
/* One that lived so long did not fall over its start. */
#define SOUND_S 60

struct _SatchelLockKey {
  GObject parent_instance;

  GDBusConnection *bus; /* nullable */
  guint watch;          /* of the portal's name */
  guint heard;          /* subscription to the portal's signals */
  guint answer;         /* subscription to the answer that is waited for; 0: none */
  char *request;        /* the path of the question */
  guint closed;         /* subscription to the session's end; 0: no session */
  char *session;        /* the path of the one with the portal; NULL: none */
  char *words;          /* nullable */
  GCancellable *step;   /* of what is under way with this coming of the portal */
  guint start_source;
  guint pause_s;
  gint64 came_us; /* the portal, by the monotonic clock */

  SatchelLockKeyState state;
  gboolean is_wanted;
  gboolean is_known; /* whether there is a portal with keys: has been found out once */
  gboolean is_there; /* it can be asked now */
  gboolean has_been; /* it could be asked before */
};

enum { PRESSED,
       CHANGED,
       SIGNALS };
static guint signals[SIGNALS];

static SatchelLockKey *the_first; /* weak */

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelLockKey, satchel_lock_key, G_TYPE_OBJECT)
// clang-format on

static void
set_state (SatchelLockKey *self, SatchelLockKeyState state, const char *words)
{
  g_autofree char *before = g_steal_pointer (&self->words);

  self->words = words != NULL && *words != '\0' ? g_strdup (words) : NULL;
  if (self->state == state && g_strcmp0 (before, self->words) == 0)
    return;
  self->state = state;
  g_signal_emit (self, signals[CHANGED], 0);
}

/* --- Words of the portal --- */

static void
unsubscribe (SatchelLockKey *self, guint *subscription)
{
  if (*subscription != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, *subscription);
  *subscription = 0;
}

/* Nobody else is to know the path beforehand. */
static char *
make_token (void)
{
  return g_strdup_printf ("satchel%08x%08x", g_random_int (), g_random_int ());
}

/* The answer may come before the call's own: it has to be listened for beforehand, at a path that
 * follows from the caller's name and the token. */
static void
await_answer (SatchelLockKey *self, const char *token, GDBusSignalCallback callback)
{
  g_autofree char *sender = g_strdup (g_dbus_connection_get_unique_name (self->bus) + 1);
  g_autofree char *path =
      g_strconcat (PORTAL_TOP "/request/", g_strdelimit (sender, ".", '_'), "/", token, NULL);

  unsubscribe (self, &self->answer);
  g_free (self->request);
  self->request = g_steal_pointer (&path);
  self->answer = g_dbus_connection_signal_subscribe (self->bus, PORTAL, REQUEST, "Response",
                                                     self->request, NULL,
                                                     G_DBUS_SIGNAL_FLAGS_NONE, callback, self,
                                                     NULL);
}

static void
call (SatchelLockKey *self,
      const char *interface,
      const char *method,
      GVariant *parameters,
      GAsyncReadyCallback callback)
{
  g_dbus_connection_call (self->bus, PORTAL, PORTAL_TOP, interface, method, parameters, NULL,
                          G_DBUS_CALL_FLAGS_NONE, -1, self->step, callback, g_object_ref (self));
}

/* What goes by itself with the portal. */
static void
drop_session (SatchelLockKey *self)
{
  unsubscribe (self, &self->answer);
  unsubscribe (self, &self->closed);
  g_clear_pointer (&self->request, g_free);
  g_clear_pointer (&self->session, g_free);
}

static void
close_object (SatchelLockKey *self, const char *path, const char *interface)
{
  g_dbus_connection_call (self->bus, PORTAL, path, interface, "Close", NULL, NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, NULL, NULL);
}

/* An open question of the desktop's closes as well. */
static void
close_session (SatchelLockKey *self)
{
  if (self->answer != 0)
    close_object (self, self->request, REQUEST);
  if (self->session != NULL)
    close_object (self, self->session, SESSION);
  drop_session (self);
}

static void
renew_step (SatchelLockKey *self)
{
  g_cancellable_cancel (self->step);
  g_object_unref (self->step);
  self->step = g_cancellable_new ();
}

/* --- Asking for a key --- */

/* Who said no is not asked again by itself. */
static void
fail (SatchelLockKey *self, SatchelLockKeyState state)
{
  self->is_wanted = self->is_wanted && state != SATCHEL_LOCK_KEY_REFUSED;
  close_session (self);
  set_state (self, state, NULL);
}

/* A request that could not even be made. */
static void
requested_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelLockKey) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) handle =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (handle == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    fail (self, SATCHEL_LOCK_KEY_LOST);
}

/* The results of an answer, the caller's; NULL, and the state that follows, for any other. */
static GVariant *
take_answer (SatchelLockKey *self, GVariant *parameters)
{
  guint32 response = ENDED;
  g_autoptr (GVariant) results = NULL;

  unsubscribe (self, &self->answer);
  if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ua{sv})")))
    g_variant_get (parameters, "(u@a{sv})", &response, &results);
  if (response == ANSWERED)
    return g_steal_pointer (&results);
  fail (self, response == CANCELLED ? SATCHEL_LOCK_KEY_REFUSED : SATCHEL_LOCK_KEY_LOST);
  return NULL;
}

/* What the key is called in a list of shortcuts, "" for nothing, the caller's; NULL where ours is
 * not in it. */
static char *
dup_words (GVariant *shortcuts)
{
  for (gsize i = 0; i < g_variant_n_children (shortcuts); i++) {
    const char *id = NULL, *words = "";
    g_autoptr (GVariant) properties = NULL;
    g_variant_get_child (shortcuts, i, "(&s@a{sv})", &id, &properties);
    g_variant_lookup (properties, "trigger_description", "&s", &words);
    if (g_str_equal (id, SHORTCUT))
      return g_strdup (words);
  }
  return NULL;
}

static void
bound_cb (GDBusConnection *bus,
          const char *sender,
          const char *path,
          const char *interface,
          const char *name,
          GVariant *parameters,
          gpointer user_data)
{
  SatchelLockKey *self = user_data;
  g_autoptr (GVariant) results = take_answer (self, parameters);
  g_autoptr (GVariant) shortcuts = NULL;
  g_autofree char *words = NULL;

  if (results == NULL)
    return;
  shortcuts = g_variant_lookup_value (results, "shortcuts", G_VARIANT_TYPE ("a(sa{sv})"));
  words = shortcuts != NULL ? dup_words (shortcuts) : NULL;
  /* Without ours among them, somebody took it out. */
  if (words != NULL)
    set_state (self, SATCHEL_LOCK_KEY_GIVEN, words);
  else
    fail (self, SATCHEL_LOCK_KEY_REFUSED);
}

static void
bind_key (SatchelLockKey *self)
{
  GVariantBuilder shortcuts, properties, options;
  g_autofree char *token = make_token ();

  g_variant_builder_init (&properties, G_VARIANT_TYPE_VARDICT);
  /* Translators: what a key does, in the desktop's list of keys. */
  g_variant_builder_add (&properties, "{sv}", "description",
                         g_variant_new_string (_ ("Lock Satchel")));
  g_variant_builder_add (&properties, "{sv}", "preferred_trigger", g_variant_new_string (PROPOSED));
  g_variant_builder_init (&shortcuts, G_VARIANT_TYPE ("a(sa{sv})"));
  g_variant_builder_add (&shortcuts, "(sa{sv})", SHORTCUT, &properties);
  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "handle_token", g_variant_new_string (token));
  await_answer (self, token, bound_cb);
  call (self, SHORTCUTS, "BindShortcuts",
        g_variant_new ("(oa(sa{sv})sa{sv})", self->session, &shortcuts, "", &options),
        requested_cb);
}

/* By the desktop, for reasons of its own. */
static void
closed_cb (GDBusConnection *bus,
           const char *sender,
           const char *path,
           const char *interface,
           const char *name,
           GVariant *parameters,
           gpointer user_data)
{
  drop_session (user_data);
  set_state (user_data, SATCHEL_LOCK_KEY_LOST, NULL);
}

/* The handle is a path, though the interface says that it is a string. */
static char *
dup_session (GVariant *results)
{
  g_autoptr (GVariant) handle = g_variant_lookup_value (results, "session_handle", NULL);

  if (handle == NULL || !(g_variant_is_of_type (handle, G_VARIANT_TYPE_STRING) ||
                          g_variant_is_of_type (handle, G_VARIANT_TYPE_OBJECT_PATH)))
    return NULL;
  const char *path = g_variant_get_string (handle, NULL);
  return g_variant_is_object_path (path) ? g_strdup (path) : NULL;
}

static void
session_made_cb (GDBusConnection *bus,
                 const char *sender,
                 const char *path,
                 const char *interface,
                 const char *name,
                 GVariant *parameters,
                 gpointer user_data)
{
  SatchelLockKey *self = user_data;
  g_autoptr (GVariant) results = take_answer (self, parameters);

  if (results == NULL)
    return;
  self->session = dup_session (results);
  if (self->session == NULL) {
    fail (self, SATCHEL_LOCK_KEY_LOST);
    return;
  }
  self->closed = g_dbus_connection_signal_subscribe (self->bus, PORTAL, SESSION, "Closed",
                                                     self->session, NULL,
                                                     G_DBUS_SIGNAL_FLAGS_NONE, closed_cb, self,
                                                     NULL);
  bind_key (self);
}

static void
ask (SatchelLockKey *self)
{
  GVariantBuilder options;
  g_autofree char *token = make_token ();
  g_autofree char *session_token = make_token ();

  renew_step (self);
  set_state (self, SATCHEL_LOCK_KEY_ASKING, NULL);
  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "handle_token", g_variant_new_string (token));
  g_variant_builder_add (&options, "{sv}", "session_handle_token",
                         g_variant_new_string (session_token));
  await_answer (self, token, session_made_cb);
  call (self, SHORTCUTS, "CreateSession", g_variant_new ("(a{sv})", &options), requested_cb);
}

/* --- What the portal says by itself --- */

static void
activated (SatchelLockKey *self, GVariant *parameters)
{
  const char *session = NULL, *id = NULL;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(osta{sv})")))
    return;
  g_variant_get (parameters, "(&o&sta{sv})", &session, &id, NULL, NULL);
  if (g_strcmp0 (session, self->session) == 0 && g_str_equal (id, SHORTCUT))
    g_signal_emit (self, signals[PRESSED], 0);
}

/* Another key was chosen. One that is not named may work all the same. */
static void
shortcuts_changed (SatchelLockKey *self, GVariant *parameters)
{
  const char *session = NULL;
  g_autoptr (GVariant) shortcuts = NULL;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(oa(sa{sv}))")))
    return;
  g_variant_get (parameters, "(&o@a(sa{sv}))", &session, &shortcuts);
  if (g_strcmp0 (session, self->session) != 0 || self->state != SATCHEL_LOCK_KEY_GIVEN)
    return;
  g_autofree char *words = dup_words (shortcuts);
  set_state (self, SATCHEL_LOCK_KEY_GIVEN, words);
}

static void
heard_cb (GDBusConnection *bus,
          const char *sender,
          const char *path,
          const char *interface,
          const char *name,
          GVariant *parameters,
          gpointer user_data)
{
  if (g_str_equal (name, "Activated"))
    activated (user_data, parameters);
  else if (g_str_equal (name, "ShortcutsChanged"))
    shortcuts_changed (user_data, parameters);
}

/* --- The portal comes and goes --- */

/* Where nothing is under way. */
static SatchelLockKeyState
get_idle_state (SatchelLockKey *self)
{
  if (self->is_there)
    return SATCHEL_LOCK_KEY_OFFERED;
  return self->is_wanted && self->is_known ? SATCHEL_LOCK_KEY_LOST : SATCHEL_LOCK_KEY_NONE;
}

static void
version_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelLockKey) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariant) version = NULL;

  /* Gone meanwhile: that is told by itself. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (answer != NULL)
    g_variant_get (answer, "(v)", &version);
  self->is_known = TRUE;
  self->is_there = version != NULL && g_variant_is_of_type (version, G_VARIANT_TYPE_UINT32) &&
                   g_variant_get_uint32 (version) > 0;
  self->has_been |= self->is_there;
  if (self->is_wanted && self->is_there)
    ask (self);
  else
    set_state (self, get_idle_state (self), NULL);
}

/* Newer portals are told which program this is, and older ones know no such thing: either is well.
 * It has to come before everything else that is asked. */
static void
registered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelLockKey) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    call (self, PROPERTIES, "Get", g_variant_new ("(ss)", SHORTCUTS, "version"), version_cb);
}

static void
appeared_cb (GDBusConnection *bus, const char *name, const char *owner, gpointer user_data)
{
  SatchelLockKey *self = user_data;

  self->came_us = g_get_monotonic_time ();
  renew_step (self);
  call (self, REGISTRY, "Register", g_variant_new ("(sa{sv})", PROGRAM, NULL), registered_cb);
}

static gboolean
start_cb (gpointer user_data)
{
  SatchelLockKey *self = user_data;

  self->start_source = 0;
  g_dbus_connection_call (self->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                          "org.freedesktop.DBus", "StartServiceByName",
                          g_variant_new ("(su)", PORTAL, 0), NULL, G_DBUS_CALL_FLAGS_NONE, -1,
                          NULL, NULL, NULL);
  return G_SOURCE_REMOVE;
}

/* One that fell is not started by anybody before it is needed: for a key, it is needed always. */
static void
vanished_cb (GDBusConnection *bus, const char *name, gpointer user_data)
{
  SatchelLockKey *self = user_data;

  renew_step (self);
  drop_session (self);
  self->is_known = TRUE;
  self->is_there = FALSE;
  set_state (self, get_idle_state (self), NULL);
  g_clear_handle_id (&self->start_source, g_source_remove);
  if (!self->has_been || !self->is_wanted || bus == NULL)
    return;
  if (g_get_monotonic_time () - self->came_us > SOUND_S * G_USEC_PER_SEC)
    self->pause_s = PAUSE_S;
  self->start_source = g_timeout_add_seconds (self->pause_s, start_cb, self);
  self->pause_s = MIN (2 * self->pause_s, PAUSE_MAX_S);
}

static void
bus_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelLockKey) self = user_data;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, NULL);

  if (self->step == NULL)
    return;
  if (bus == NULL) {
    self->is_known = TRUE;
    set_state (self, get_idle_state (self), NULL);
    return;
  }
  self->bus = g_steal_pointer (&bus);
  self->heard = g_dbus_connection_signal_subscribe (self->bus, PORTAL, SHORTCUTS, NULL, PORTAL_TOP,
                                                    NULL, G_DBUS_SIGNAL_FLAGS_NONE, heard_cb, self,
                                                    NULL);
  /* Where no other program has started it, this starts it. */
  self->watch = g_bus_watch_name_on_connection (self->bus, PORTAL,
                                                G_BUS_NAME_WATCHER_FLAGS_AUTO_START, appeared_cb,
                                                vanished_cb, self, NULL);
}

/* --- The object --- */

static void
satchel_lock_key_dispose (GObject *object)
{
  SatchelLockKey *self = SATCHEL_LOCK_KEY (object);

  g_clear_handle_id (&self->start_source, g_source_remove);
  g_clear_handle_id (&self->watch, g_bus_unwatch_name);
  if (self->bus != NULL) {
    close_session (self);
    unsubscribe (self, &self->heard);
  }
  if (self->step != NULL)
    g_cancellable_cancel (self->step);
  g_clear_object (&self->step);
  g_clear_object (&self->bus);
  G_OBJECT_CLASS (satchel_lock_key_parent_class)->dispose (object);
}

static void
satchel_lock_key_finalize (GObject *object)
{
  g_free (SATCHEL_LOCK_KEY (object)->words);
  G_OBJECT_CLASS (satchel_lock_key_parent_class)->finalize (object);
}

static void
satchel_lock_key_class_init (SatchelLockKeyClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = satchel_lock_key_dispose;
  G_OBJECT_CLASS (klass)->finalize = satchel_lock_key_finalize;
  signals[PRESSED] = g_signal_new ("pressed", SATCHEL_TYPE_LOCK_KEY, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[CHANGED] = g_signal_new ("changed", SATCHEL_TYPE_LOCK_KEY, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
satchel_lock_key_init (SatchelLockKey *self)
{
  if (the_first == NULL)
    g_set_weak_pointer (&the_first, self);
  self->pause_s = PAUSE_S;
  self->step = g_cancellable_new ();
  g_bus_get (G_BUS_TYPE_SESSION, NULL, bus_cb, g_object_ref (self));
}

SatchelLockKey *
satchel_lock_key_new (void)
{
  return g_object_new (SATCHEL_TYPE_LOCK_KEY, NULL);
}

SatchelLockKey *
satchel_lock_key_get_default (void)
{
  return the_first;
}

void
satchel_lock_key_set_wanted (SatchelLockKey *self, gboolean is_wanted)
{
  gboolean is_busy =
      self->state == SATCHEL_LOCK_KEY_ASKING || self->state == SATCHEL_LOCK_KEY_GIVEN;

  self->is_wanted = is_wanted;
  if (is_wanted && self->is_there && !is_busy)
    ask (self);
  else if (!is_wanted && self->is_there && self->state != SATCHEL_LOCK_KEY_REFUSED)
    fail (self, SATCHEL_LOCK_KEY_OFFERED);
  else if (!self->is_there)
    set_state (self, get_idle_state (self), NULL);
  /* It fell while nobody wished for it. */
  if (is_wanted && !self->is_there && self->has_been && self->start_source == 0)
    start_cb (self);
}

SatchelLockKeyState
satchel_lock_key_get_state (SatchelLockKey *self)
{
  return self->state;
}

const char *
satchel_lock_key_get_words (SatchelLockKey *self)
{
  return self->words;
}
