/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-line.h"

struct _TestLine {
  GSocketListener *listener;
  GSocketClient *client;
  GCancellable *stop;
  guint16 target;
  GThread *thread;
  gint down_bytes;
};

/* A connection to the line, and the one that carries it on. */
typedef struct {
  TestLine *line;
  GSocketConnection *near;
  GSocketConnection *far;
} Pair;

/* What stands at @from, to @to. FALSE at the end. */
static gboolean
carry (TestLine *self, GSocketConnection *from, GSocketConnection *to, gboolean is_down)
{
  guint8 chunk[16384];
  gssize got = g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (from)), chunk,
                                    sizeof chunk, self->stop, NULL);

  if (got <= 0)
    return FALSE;
  if (is_down)
    g_atomic_int_add (&self->down_bytes, (gint) got);
  return g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (to)), chunk,
                                    (gsize) got, NULL, self->stop, NULL);
}

static gpointer
pair_thread (gpointer data)
{
  Pair *pair = data;
  GPollFD ends[3] = {
      {g_socket_get_fd (g_socket_connection_get_socket (pair->near)), G_IO_IN, 0},
      {g_socket_get_fd (g_socket_connection_get_socket (pair->far)), G_IO_IN, 0},
  };
  gboolean is_open = g_cancellable_make_pollfd (pair->line->stop, &ends[2]);

  while (is_open && g_poll (ends, G_N_ELEMENTS (ends), -1) > 0) {
    is_open = ends[2].revents == 0;
    if (is_open && ends[0].revents != 0)
      is_open = carry (pair->line, pair->near, pair->far, FALSE);
    if (is_open && ends[1].revents != 0)
      is_open = carry (pair->line, pair->far, pair->near, TRUE);
  }
  g_cancellable_release_fd (pair->line->stop);
  g_object_unref (pair->near);
  g_object_unref (pair->far);
  g_free (pair);
  return NULL;
}

static gpointer
accept_thread (gpointer data)
{
  TestLine *self = data;
  g_autoptr (GPtrArray) threads = g_ptr_array_new ();
  GSocketConnection *near;

  while ((near = g_socket_listener_accept (self->listener, NULL, self->stop, NULL)) != NULL) {
    GSocketConnection *far = g_socket_client_connect_to_host (self->client, "127.0.0.1",
                                                              self->target, self->stop, NULL);
    Pair *pair = g_new0 (Pair, 1);
    if (far == NULL) {
      g_object_unref (near);
      g_free (pair);
      continue;
    }
    *pair = (Pair){self, near, far};
    g_ptr_array_add (threads, g_thread_new ("line-pair", pair_thread, pair));
  }
  for (guint i = 0; i < threads->len; i++)
    g_thread_join (g_ptr_array_index (threads, i));
  return NULL;
}

TestLine *
test_line_new (guint16 port, guint16 target)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", port);
  TestLine *self = g_new0 (TestLine, 1);

  self->listener = g_socket_listener_new ();
  self->client = g_socket_client_new ();
  self->stop = g_cancellable_new ();
  self->target = target;
  g_socket_client_set_enable_proxy (self->client, FALSE);
  g_socket_listener_add_address (self->listener, address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, NULL, &error);
  g_assert_no_error (error);
  self->thread = g_thread_new ("line", accept_thread, self);
  return self;
}

void
test_line_free (TestLine *self)
{
  if (self == NULL)
    return;
  g_cancellable_cancel (self->stop);
  g_thread_join (self->thread);
  g_object_unref (self->listener);
  g_object_unref (self->client);
  g_object_unref (self->stop);
  g_free (self);
}

guint
test_line_take_count (TestLine *self)
{
  return (guint) g_atomic_int_exchange (&self->down_bytes, 0);
}
