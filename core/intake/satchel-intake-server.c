/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <string.h>
#include <sys/socket.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-hash.h"
#include "intake/satchel-intake-server-private.h"

#define SWEEP_US ((gint64) 600 * G_USEC_PER_SEC)
#define PEM_MAX  65536

/* --- The certificate ------------------------------------------------------------------------ */

static gboolean
load_certificate (SatchelIntakeServer *self, GError **error)
{
  g_autofree char *certificate_path = satchel_intake_site_dup_path (self->site, "server.crt");
  g_autofree char *key_path = satchel_intake_site_dup_path (self->site, "server.key");
  g_autoptr (GTlsCertificate) certificate =
      g_tls_certificate_new_from_files (certificate_path, key_path, error);
  g_autoptr (GByteArray) der = NULL;

  if (certificate == NULL)
    return FALSE;
  g_object_get (certificate, "certificate", &der, NULL);
  satchel_sha256 (der->data, der->len, self->certificate_sha256);
  g_set_object (&self->certificate, certificate);
  return TRUE;
}

static void
take_limits (SatchelIntakeServer *self, const SatchelIntakeSite *site)
{
  self->limits = site->limits;
  self->connections_max = site->connections_max;
  self->token_connections_max = site->token_connections_max;
}

gboolean
satchel_intake_server_reload (SatchelIntakeServer *self,
                              const SatchelIntakeSite *site,
                              GError **error)
{
  take_limits (self, site);
  satchel_intake_store_set_limits (self->store, &site->limits);
  return load_certificate (self, error);
}

/* --- The clock ------------------------------------------------------------------------------ */

static void
cut_all (SatchelIntakeServer *self, gboolean idle_only)
{
  g_autofree gpointer *all = g_hash_table_get_keys_as_array (self->connections, NULL);

  for (guint i = 0; all[i] != NULL; i++) {
    SatchelIntakeConnection *connection = all[i];
    if (!idle_only || connection->n_requests == 0)
      satchel_intake_connection_cut (connection);
  }
}

static gboolean
is_shaking_hands (SatchelIntakeServer *self)
{
  GHashTableIter iter;
  SatchelIntakeConnection *connection;

  g_hash_table_iter_init (&iter, self->connections);
  while (g_hash_table_iter_next (&iter, (gpointer *) &connection, NULL))
    if (connection->handshake != NULL)
      return TRUE;
  return FALSE;
}

static void
drain_step (SatchelIntakeServer *self)
{
  gint64 now_us = g_get_monotonic_time ();
  GFunc drained = self->drained;

  if (!self->draining || drained == NULL)
    return;
  cut_all (self, now_us < self->drain_until_us);
  if (g_hash_table_size (self->requests) > 0 || is_shaking_hands (self))
    return;
  self->drained = NULL;
  drained (self->drained_data, NULL);
}

static gboolean
tick_cb (gpointer data)
{
  SatchelIntakeServer *self = data;
  gint64 now_us = g_get_monotonic_time ();

  satchel_intake_connections_tick (self);
  if (now_us >= self->next_sweep_us && !self->draining) {
    self->next_sweep_us = now_us + SWEEP_US;
    satchel_intake_store_sweep (self->store);
  }
  drain_step (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
drain_cb (gpointer data)
{
  SatchelIntakeServer *self = data;

  drain_step (self);
  return self->drained != NULL ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

void
satchel_intake_server_drain (SatchelIntakeServer *self,
                             guint seconds,
                             GFunc done,
                             gpointer user_data)
{
  g_autoptr (GSource) source = g_timeout_source_new (20);

  if (self->draining)
    return;
  self->draining = TRUE;
  self->drain_until_us = g_get_monotonic_time () + (gint64) seconds * G_USEC_PER_SEC;
  self->drained = done;
  self->drained_data = user_data;
  for (guint i = 0; i < self->listeners->len; i++)
    g_source_destroy (g_ptr_array_index (self->listeners, i));
  /* The sockets close with their sources: whoever comes now is refused instead of left waiting. */
  g_ptr_array_set_size (self->listeners, 0);
  satchel_intake_mailbox_wake_all (self);
  g_source_set_callback (source, drain_cb, self, NULL);
  g_source_attach (source, self->context);
}

/* --- Listening ------------------------------------------------------------------------------ */

static gboolean
accept_cb (GSocket *listener, GIOCondition condition, gpointer user_data)
{
  SatchelIntakeServer *self = user_data;

  /* A few at a time, so that those that are open get their turn too. */
  for (guint i = 0; i < 16; i++) {
    GSocket *socket = g_socket_accept (listener, NULL, NULL);
    if (socket == NULL)
      break;
    /* Those that ended since the last tick make room. */
    if (g_hash_table_size (self->connections) >= self->connections_max)
      satchel_intake_connections_tick (self);
    if (g_hash_table_size (self->connections) >= self->connections_max &&
        g_socket_get_family (socket) != G_SOCKET_FAMILY_UNIX)
      g_object_unref (socket);
    else
      satchel_intake_connection_accept (self, socket);
  }
  return G_SOURCE_CONTINUE;
}

gboolean
satchel_intake_server_listen (SatchelIntakeServer *self, GSocket *socket, GError **error)
{
  GSource *source;

  g_socket_set_blocking (socket, FALSE);
  source = g_socket_create_source (socket, G_IO_IN, NULL);
  g_source_set_callback (source, G_SOURCE_FUNC (accept_cb), self, NULL);
  g_source_attach (source, self->context);
  g_ptr_array_add (self->listeners, source);
  return TRUE;
}

/* libsoup keeps a connection alive between requests only while the server has a listener. It gets
 * one end of a pair on which nobody ever comes. */
static gboolean
make_keep_alive (SatchelIntakeServer *self, GError **error)
{
  int ends[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return satchel_base_set_errno (error, errno, "make a pair of sockets");
  self->keep_alive[0] = g_socket_new_from_fd (ends[0], error);
  self->keep_alive[1] = g_socket_new_from_fd (ends[1], error);
  return self->keep_alive[0] != NULL && self->keep_alive[1] != NULL &&
         soup_server_listen_socket (self->soup, self->keep_alive[0], 0, error);
}

static gboolean
open_store (SatchelIntakeServer *self, GError **error)
{
  g_autofree char *path = satchel_intake_site_dup_path (self->site, "log");

  self->log = satchel_intake_log_open (path, self->site->receipt_pair, error);
  if (self->log == NULL)
    return FALSE;
  self->store =
      satchel_intake_store_open (self->site->folder, self->log, &self->site->limits, error);
  return self->store != NULL;
}

SatchelIntakeServer *
satchel_intake_server_new (const SatchelIntakeSite *site,
                           const SatchelIntakeRunner *runner,
                           GError **error)
{
  g_autoptr (SatchelIntakeServer) self = g_new0 (SatchelIntakeServer, 1);

  self->site = site;
  self->runner = *runner;
  self->pieces = satchel_intake_pieces_new ();
  self->context = g_main_context_ref_thread_default ();
  self->connections = g_hash_table_new (NULL, NULL);
  self->requests = g_hash_table_new (NULL, NULL);
  self->listeners = g_ptr_array_new_with_free_func ((GDestroyNotify) g_source_unref);
  take_limits (self, site);
  if (!load_certificate (self, error) || !open_store (self, error))
    return NULL;
  self->auth = satchel_intake_auth_new (site);
  self->soup = soup_server_new ("raw-paths", TRUE, NULL);
  satchel_intake_requests_attach (self);
  if (!make_keep_alive (self, error))
    return NULL;
  self->tick = g_timeout_source_new_seconds (1);
  g_source_set_callback (self->tick, tick_cb, self, NULL);
  g_source_attach (self->tick, self->context);
  return g_steal_pointer (&self);
}

void
satchel_intake_server_free (SatchelIntakeServer *self)
{
  if (self == NULL)
    return;
  if (self->tick != NULL) {
    g_source_destroy (self->tick);
    g_source_unref (self->tick);
  }
  g_autofree gpointer *all = g_hash_table_get_keys_as_array (self->connections, NULL);
  for (guint i = 0; all[i] != NULL; i++)
    satchel_intake_connection_free (all[i]);
  if (self->soup != NULL)
    soup_server_disconnect (self->soup);
  g_clear_object (&self->soup);
  g_clear_object (&self->keep_alive[0]);
  g_clear_object (&self->keep_alive[1]);
  g_clear_object (&self->certificate);
  g_clear_pointer (&self->pieces, satchel_intake_pieces_free);
  g_clear_pointer (&self->auth, satchel_intake_auth_free);
  g_clear_pointer (&self->store, satchel_intake_store_close);
  g_clear_pointer (&self->log, satchel_intake_log_close);
  g_hash_table_unref (self->connections);
  g_hash_table_unref (self->requests);
  g_ptr_array_unref (self->listeners);
  g_main_context_unref (self->context);
  g_free (self);
}

guint
satchel_intake_server_count_connections (SatchelIntakeServer *self)
{
  return g_hash_table_size (self->connections);
}
