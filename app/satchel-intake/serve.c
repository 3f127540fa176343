/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "intake/satchel-intake-server.h"

#define DRAIN_S         30
#define WORKERS_MIN     4
#define FIRST_LISTEN_FD 3

typedef struct {
  const char *folder;
  SatchelIntakeSite *site;
  SatchelIntakeServer *server;
  GMainLoop *loop;
  GThreadPool *pool;
} Serve;

/* --- Where the room's jobs run --------------------------------------------------------------- */

typedef struct {
  GFunc function;
  gpointer data;
} Job;

static void
run_job (gpointer data, gpointer unused)
{
  Job *job = data;

  job->function (job->data, NULL);
  g_free (job);
}

static void
push_job (gpointer pool, GFunc function, gpointer data)
{
  Job *job = g_new (Job, 1);

  job->function = function;
  job->data = data;
  /* The threads are started ahead of the first job, so this cannot fail for want of one. */
  g_thread_pool_push (pool, job, NULL);
}

/* --- The service manager ---------------------------------------------------------------------- */

/* One datagram to the service manager (sd_notify(3)); nobody listening is fine. */
static void
notify_manager (const char *state)
{
  const char *path = g_getenv ("NOTIFY_SOCKET");
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  gsize length = path == NULL ? 0 : strlen (path);

  if (length < 2 || length >= sizeof address.sun_path || (path[0] != '/' && path[0] != '@'))
    return;
  memcpy (address.sun_path, path, length);
  if (path[0] == '@')
    address.sun_path[0] = '\0';
  int fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return;
  if (sendto (fd, state, strlen (state), MSG_NOSIGNAL, (struct sockaddr *) &address,
              offsetof (struct sockaddr_un, sun_path) + length) < 0)
    g_printerr ("satchel-intake: the service manager could not be told: %s\n", strerror (errno));
  close (fd);
}

/* How many sockets were handed over (sd_listen_fds(3)). */
static guint
count_handed_over (void)
{
  const char *pid = g_getenv ("LISTEN_PID");
  const char *count = g_getenv ("LISTEN_FDS");
  guint64 number = 0;

  if (pid != NULL && count != NULL && strtoll (pid, NULL, 10) == getpid () &&
      !g_ascii_string_to_unsigned (count, 10, 0, 64, &number, NULL))
    number = 0;
  if (pid == NULL || strtoll (pid, NULL, 10) != getpid ())
    number = 0;
  g_unsetenv ("LISTEN_PID");
  g_unsetenv ("LISTEN_FDS");
  g_unsetenv ("LISTEN_FDNAMES");
  return number;
}

/* --- Sockets ---------------------------------------------------------------------------------- */

static gboolean
take_io_error (GError **error, GError *io_error)
{
  gboolean busy = g_error_matches (io_error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);

  g_set_error (error, SATCHEL_BASE_ERROR, busy ? SATCHEL_BASE_ERROR_BUSY : SATCHEL_BASE_ERROR_IO,
               "cannot listen: %s", io_error->message);
  g_error_free (io_error);
  return FALSE;
}

static GSocket *
bind_address (GSocketAddress *address, GError **error)
{
  g_autoptr (GError) io_error = NULL;
  g_autoptr (GSocket) socket =
      g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_STREAM,
                    G_SOCKET_PROTOCOL_DEFAULT, &io_error);

  if (socket != NULL) {
    g_socket_set_listen_backlog (socket, 512);
    /* The any address of IPv6 takes IPv4 too. */
    if (g_socket_address_get_family (address) == G_SOCKET_FAMILY_IPV6)
      g_socket_set_option (socket, IPPROTO_IPV6, IPV6_V6ONLY, FALSE, NULL);
    if (g_socket_bind (socket, address, TRUE, &io_error) && g_socket_listen (socket, &io_error))
      return g_steal_pointer (&socket);
  }
  take_io_error (error, g_steal_pointer (&io_error));
  return NULL;
}

static GSocketAddress *
parse_listen (const char *text, guint16 default_port, GError **error)
{
  const char *colon = text == NULL ? NULL : strrchr (text, ':');
  g_autofree char *host = NULL;
  guint64 port = default_port;
  GSocketAddress *address = NULL;

  if (text == NULL)
    return g_inet_socket_address_new_from_string ("::", default_port);
  if (colon != NULL && g_ascii_string_to_unsigned (colon + 1, 10, 0, 65535, &port, NULL)) {
    host = g_strndup (text, colon - text);
    gsize length = strlen (host);
    if (length > 2 && host[0] == '[' && host[length - 1] == ']') {
      host[length - 1] = '\0';
      memmove (host, host + 1, length - 1);
    }
    address = g_inet_socket_address_new_from_string (host, port);
  }
  if (address == NULL)
    g_set_error (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_REQUEST,
                 "%s is not ADDRESS:PORT with a numeric address", text);
  return address;
}

static void
print_listening (GSocket *socket)
{
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (socket, NULL);

  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return;
  GInetSocketAddress *inet = G_INET_SOCKET_ADDRESS (address);
  g_autofree char *host = g_inet_address_to_string (g_inet_socket_address_get_address (inet));
  gboolean v6 = strchr (host, ':') != NULL;
  printf ("listening on https://%s%s%s:%u\n", v6 ? "[" : "", host, v6 ? "]" : "",
          g_inet_socket_address_get_port (inet));
  fflush (stdout);
}

static gboolean
listen_handed_over (Serve *self, guint count, GError **error)
{
  for (guint i = 0; i < count; i++) {
    g_autoptr (GError) io_error = NULL;
    int fd = FIRST_LISTEN_FD + i;
    fcntl (fd, F_SETFD, FD_CLOEXEC);
    g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, &io_error);
    if (socket == NULL)
      return take_io_error (error, g_steal_pointer (&io_error));
    if (!satchel_intake_server_listen (self->server, socket, error))
      return FALSE;
    print_listening (socket);
  }
  return TRUE;
}

static gboolean
listen_here (Serve *self, const char *text, GError **error)
{
  g_autoptr (GSocketAddress) address = parse_listen (text, self->site->port, error);

  if (address == NULL)
    return FALSE;
  g_autoptr (GSocket) socket = bind_address (address, error);
  if (socket == NULL || !satchel_intake_server_listen (self->server, socket, error))
    return FALSE;
  print_listening (socket);
  return TRUE;
}

static gboolean
listen_status (Serve *self, GError **error)
{
  const char *runtime = g_getenv ("RUNTIME_DIRECTORY");
  g_autofree char *path =
      g_build_filename (runtime != NULL ? runtime : self->folder, "status.sock", NULL);

  unlink (path);
  if (strlen (path) >= sizeof (((struct sockaddr_un *) 0)->sun_path)) {
    g_printerr (
        "satchel-intake: the folder's path is too long for status.sock; going on without\n");
    return TRUE;
  }
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocket) socket = bind_address (address, error);
  return socket != NULL && satchel_intake_server_listen (self->server, socket, error);
}

/* --- Signals ---------------------------------------------------------------------------------- */

static void
drained_cb (gpointer data, gpointer unused)
{
  Serve *self = data;

  g_main_loop_quit (self->loop);
}

static gboolean
stop_cb (gpointer data)
{
  Serve *self = data;

  notify_manager ("STOPPING=1");
  satchel_intake_server_drain (self->server, DRAIN_S, drained_cb, self);
  return G_SOURCE_CONTINUE;
}

static gboolean
reload_cb (gpointer data)
{
  Serve *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelIntakeSite) site = NULL;

  notify_manager ("RELOADING=1");
  site = satchel_intake_site_load (self->folder, &error);
  if (site == NULL || !satchel_intake_server_reload (self->server, site, &error))
    g_printerr ("satchel-intake: not reloaded: %s\n", error->message);
  notify_manager ("READY=1");
  return G_SOURCE_CONTINUE;
}

/* --- The whole ----------------------------------------------------------------------------------
 */

static gboolean
serve_open (Serve *self, const char *listen, GError **error)
{
  SatchelIntakeRunner runner = {push_job, self->pool};
  guint handed_over = count_handed_over ();

  self->server = satchel_intake_server_new (self->site, &runner, error);
  if (self->server == NULL || !listen_status (self, error))
    return FALSE;
  if (handed_over > 0)
    return listen_handed_over (self, handed_over, error);
  return listen_here (self, listen, error);
}

static void
serve_run (Serve *self)
{
  g_unix_signal_add (SIGTERM, stop_cb, self);
  g_unix_signal_add (SIGINT, stop_cb, self);
  g_unix_signal_add (SIGHUP, reload_cb, self);
  notify_manager ("READY=1");
  g_main_loop_run (self->loop);
}

/* Each connection is a descriptor, and each upload on its way another two: as many as the machine's
 * owner allows, not the 1,024 that are there for select(). */
static void
raise_descriptors (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit (RLIMIT_NOFILE, &limit);
  }
}

gboolean
intake_serve (const char *folder, const char *listen, GError **error)
{
  Serve self = {.folder = folder};
  g_autofree char *lock_path = g_build_filename (folder, "lock", NULL);
  gboolean done;

  self.site = satchel_intake_site_load (folder, error);
  if (self.site == NULL)
    return FALSE;
  int lock = satchel_file_lock (lock_path, error);
  if (lock < 0) {
    satchel_intake_site_free (self.site);
    return FALSE;
  }
  raise_descriptors ();
  self.loop = g_main_loop_new (NULL, FALSE);
  self.pool = g_thread_pool_new (run_job, NULL, MAX (WORKERS_MIN, g_get_num_processors () * 2),
                                 TRUE, NULL);
  done = serve_open (&self, listen, error);
  if (done)
    serve_run (&self);
  /* Jobs first: they end what was begun. */
  g_thread_pool_free (self.pool, FALSE, TRUE);
  satchel_intake_server_free (self.server);
  g_main_loop_unref (self.loop);
  satchel_intake_site_free (self.site);
  close (lock);
  return done;
}
