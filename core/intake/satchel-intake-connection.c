/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "intake/satchel-intake-server-private.h"

#define TAG "satchel-intake-connection"

SatchelIntakeConnection *
satchel_intake_connection_of (SoupServerMessage *message)
{
  GSocketAddress *tag = soup_server_message_get_remote_address (message);

  return tag == NULL ? NULL : g_object_get_data (G_OBJECT (tag), TAG);
}

void
satchel_intake_connection_allow (SatchelIntakeConnection *self, guint seconds)
{
  self->deadline_us =
      seconds == 0 ? 0 : g_get_monotonic_time () + (gint64) seconds * G_USEC_PER_SEC;
}

void
satchel_intake_connection_cut (SatchelIntakeConnection *self)
{
  if (self->cut_us != 0)
    return;
  self->cut_us = g_get_monotonic_time ();
  if (self->handshake != NULL)
    g_cancellable_cancel (self->handshake);
  g_socket_shutdown (self->socket, TRUE, TRUE, NULL);
}

void
satchel_intake_connection_free (SatchelIntakeConnection *self)
{
  g_hash_table_remove (self->server->connections, self);
  if (self->tag != NULL)
    g_object_set_data (G_OBJECT (self->tag), TAG, NULL);
  /* Whatever libsoup still holds, the descriptor goes now. */
  g_socket_close (self->socket, NULL);
  g_clear_object (&self->stream);
  g_clear_object (&self->tag);
  g_clear_object (&self->handshake);
  g_object_unref (self->socket);
  g_free (self->owner);
  g_free (self);
}

/* Whether the peer closed, or broke, a connection that nobody reads from. */
static gboolean
peer_is_gone (SatchelIntakeConnection *self)
{
  char byte;
  ssize_t got = recv (g_socket_get_fd (self->socket), &byte, 1, MSG_PEEK | MSG_DONTWAIT);

  return got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

void
satchel_intake_connections_tick (SatchelIntakeServer *server)
{
  g_autofree gpointer *all = g_hash_table_get_keys_as_array (server->connections, NULL);
  gint64 now_us = g_get_monotonic_time ();

  for (guint i = 0; all[i] != NULL; i++) {
    SatchelIntakeConnection *self = all[i];
    if (self->handshake != NULL) {
      if (self->deadline_us < now_us)
        satchel_intake_connection_cut (self);
      continue;
    }
    if (self->n_requests == 0 && g_socket_is_closed (self->socket)) {
      satchel_intake_connection_free (self);
      continue;
    }
    if (self->cut_us == 0 && self->deadline_us != 0 && self->deadline_us < now_us)
      satchel_intake_connection_cut (self);
    else if (self->cut_us == 0 && self->n_requests == 0 && peer_is_gone (self))
      satchel_intake_connection_cut (self);
    /* libsoup sees the end and lets go; what it does not let go of is closed under it. */
    if (self->cut_us != 0 && self->n_requests == 0 &&
        self->cut_us + (gint64) SATCHEL_INTAKE_LINGER_S * G_USEC_PER_SEC < now_us)
      satchel_intake_connection_free (self);
  }
}

static void
give_to_soup (SatchelIntakeConnection *self)
{
  g_autoptr (GSocketAddress) nowhere = g_inet_socket_address_new_from_string ("0.0.0.0", 0);
  /* libsoup 3.2 never lets go of the stream of a connection that is over. It gets another one over
   * the same two ends, which do not keep the TLS session, ten KiB, alive. */
  g_autoptr (GIOStream) ends =
      g_simple_io_stream_new (g_io_stream_get_input_stream (self->stream),
                              g_io_stream_get_output_stream (self->stream));
  g_autoptr (GError) error = NULL;

  /* No peer's address is kept, not even in memory that a log could be made from. */
  self->tag = g_inet_socket_address_new_from_string ("0.0.0.0", 0);
  g_object_set_data (G_OBJECT (self->tag), TAG, self);
  satchel_intake_connection_allow (self, SATCHEL_INTAKE_HEADER_S);
  if (!soup_server_accept_iostream (self->server->soup, ends, nowhere, self->tag, &error))
    satchel_intake_connection_free (self);
}

static void
handshake_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  SatchelIntakeConnection *self = user_data;
  GTlsConnection *tls = G_TLS_CONNECTION (source);
  gboolean done = g_tls_connection_handshake_finish (tls, result, NULL) &&
                  g_tls_connection_get_protocol_version (tls) >= G_TLS_PROTOCOL_VERSION_TLS_1_2;

  g_clear_object (&self->handshake);
  if (!done || self->cut_us != 0 || self->server->draining)
    satchel_intake_connection_free (self);
  else
    give_to_soup (self);
}

static void
begin_handshake (SatchelIntakeConnection *self, GIOStream *base)
{
  /* g_tls_server_connection_new(), with one property more. Clients have no certificates, but GIO's
   * initialisation reads every authority of the system for each connection, unless it is told
   * before that there is no database: three milliseconds and tens of KiB each. */
  self->stream = g_initable_new (
      g_tls_backend_get_server_connection_type (g_tls_backend_get_default ()), NULL, NULL,
      "base-io-stream", base, "certificate", self->server->certificate, "database", NULL,
      "require-close-notify", FALSE, NULL);
  if (self->stream == NULL) {
    satchel_intake_connection_free (self);
    return;
  }
  self->handshake = g_cancellable_new ();
  satchel_intake_connection_allow (self, SATCHEL_INTAKE_HANDSHAKE_S);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (self->stream), G_PRIORITY_DEFAULT,
                                    self->handshake, handshake_cb, self);
}

void
satchel_intake_connection_accept (SatchelIntakeServer *server, GSocket *socket)
{
  SatchelIntakeConnection *self = g_new0 (SatchelIntakeConnection, 1);
  g_autoptr (GSocketConnection) base = g_socket_connection_factory_create_connection (socket);

  self->server = server;
  self->socket = socket;
  self->local = g_socket_get_family (socket) == G_SOCKET_FAMILY_UNIX;
  g_socket_set_blocking (socket, FALSE);
  g_hash_table_add (server->connections, self);
  if (self->local) {
    self->stream = g_object_ref (G_IO_STREAM (base));
    give_to_soup (self);
    return;
  }
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
  g_socket_set_keepalive (socket, TRUE);
  begin_handshake (self, G_IO_STREAM (base));
}

/* What its peer left counts no more, although it is freed only by a later tick. */
static gboolean
is_in_use (SatchelIntakeConnection *self)
{
  if (self->n_requests > 0)
    return TRUE;
  return self->cut_us == 0 && !g_socket_is_closed (self->socket) && !peer_is_gone (self);
}

gboolean
satchel_intake_connection_claim (SatchelIntakeConnection *self, const char *owner)
{
  GHashTableIter iter;
  SatchelIntakeConnection *other;
  guint count = 0;

  if (g_strcmp0 (self->owner, owner) == 0)
    return TRUE;
  g_hash_table_iter_init (&iter, self->server->connections);
  while (g_hash_table_iter_next (&iter, (gpointer *) &other, NULL))
    count += g_strcmp0 (other->owner, owner) == 0;
  if (count >= self->server->token_connections_max) {
    /* Only now is it worth asking the kernel about each of them. */
    count = 0;
    g_hash_table_iter_init (&iter, self->server->connections);
    while (g_hash_table_iter_next (&iter, (gpointer *) &other, NULL))
      count += g_strcmp0 (other->owner, owner) == 0 && is_in_use (other);
  }
  if (count >= self->server->token_connections_max)
    return FALSE;
  g_free (self->owner);
  self->owner = g_strdup (owner);
  return TRUE;
}
