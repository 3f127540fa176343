/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <json-glib/json-glib.h>
#include <string.h>

#include "base/satchel-json.h"
#include "intake/satchel-intake-server-private.h"
#include "intake/satchel-intake-tus.h"
#include "papers/satchel-address.h"

#define KEY "satchel-intake-request"

/* What is read and thrown away after a refusal, so that the client sees the answer. */
#define THROW_AWAY_MAX ((guint64) 16 * 1024 * 1024)
/* A body of which so much is still to come is not waited for before the answer is sent. */
#define WORTH_WAITING (64 * 1024)

SatchelIntakeRequest *
satchel_intake_request_ref (SatchelIntakeRequest *self)
{
  return g_rc_box_acquire (self);
}

static void
request_clear (gpointer data)
{
  SatchelIntakeRequest *self = data;

  g_hash_table_remove (self->server->requests, self);
  g_free (self->path);
  g_free (self->query);
  g_free (self->authority);
  satchel_intake_asker_clear (&self->asker);
  g_clear_pointer (&self->content, g_byte_array_unref);
  g_clear_error (&self->error);
  g_free (self->receipt);
  satchel_intake_upload_unref (self->upload);
}

void
satchel_intake_request_unref (SatchelIntakeRequest *self)
{
  g_rc_box_release_full (self, request_clear);
}

/* --- Headers and answers -------------------------------------------------------------------- */

const char *
satchel_intake_request_header (SatchelIntakeRequest *self, const char *name)
{
  return soup_message_headers_get_one (soup_server_message_get_request_headers (self->message),
                                       name);
}

void
satchel_intake_request_set (SatchelIntakeRequest *self, const char *name, const char *value)
{
  if (self->message != NULL)
    soup_message_headers_replace (soup_server_message_get_response_headers (self->message), name,
                                  value);
}

void
satchel_intake_request_set_number (SatchelIntakeRequest *self, const char *name, guint64 value)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, value);

  satchel_intake_request_set (self, name, text);
}

void
satchel_intake_request_pause (SatchelIntakeRequest *self)
{
  if (self->message == NULL || self->paused)
    return;
  self->paused = TRUE;
  soup_server_message_pause (self->message);
}

void
satchel_intake_request_unpause (SatchelIntakeRequest *self)
{
  if (self->message == NULL || !self->paused)
    return;
  self->paused = FALSE;
  soup_server_message_unpause (self->message);
}

static const char *
phrase_of (guint status)
{
  switch (status) {
    case 421:
      return "Misdirected Request";
    case 429:
      return "Too Many Requests";
    case 460:
      return "Checksum Mismatch";
    case 507:
      return "Insufficient Storage";
    default:
      return soup_status_get_phrase (status);
  }
}

static void
add_header_cb (const char *name, const char *value, gpointer user_data)
{
  g_string_append_printf (user_data, "%s: %s\r\n", name, value);
}

/* libsoup answers a request once it has read all of it. Where much is still to come, the answer is
 * put on the line now; what comes after is thrown away for a while, then the connection ends. */
static void
answer_early (SatchelIntakeRequest *self, guint status, const char *body)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);
  GOutputStream *stream = g_io_stream_get_output_stream (self->connection->stream);
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "HTTP/1.1 %u %s\r\n", status, phrase_of (status));
  soup_message_headers_replace (headers, "Connection", "close");
  soup_message_headers_foreach (headers, add_header_cb, text);
  g_string_append_printf (text, "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
                          body == NULL ? 0 : strlen (body), body == NULL ? "" : body);
  g_pollable_output_stream_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (stream), text->str,
                                              text->len, NULL, NULL);
  g_socket_shutdown (self->connection->socket, FALSE, TRUE, NULL);
  satchel_intake_connection_allow (self->connection, SATCHEL_INTAKE_LINGER_S);
}

static gboolean
much_to_come (SatchelIntakeRequest *self)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (self->message);

  if (!self->has_body || self->body_read || self->connection == NULL ||
      (soup_message_headers_get_expectations (headers) & SOUP_EXPECTATION_CONTINUE) != 0)
    return FALSE;
  return self->content_length < 0 || self->content_length > WORTH_WAITING;
}

void
satchel_intake_request_answer (SatchelIntakeRequest *self,
                               guint status,
                               const char *type,
                               const char *body)
{
  if (self->message == NULL || self->answered)
    return;
  self->answered = TRUE;
  if (self->connection != NULL)
    satchel_intake_connection_allow (self->connection, SATCHEL_INTAKE_STALL_S);
  satchel_intake_request_set (self, "Cache-Control", "no-store");
  if (self->server->draining)
    satchel_intake_request_set (self, "Connection", "close");
  if (type != NULL)
    satchel_intake_request_set (self, "Content-Type", type);
  if (much_to_come (self)) {
    answer_early (self, status, body);
  } else if (body != NULL && self->method != SOUP_METHOD_HEAD) {
    soup_message_body_append (soup_server_message_get_response_body (self->message),
                              SOUP_MEMORY_COPY, body, strlen (body));
    soup_message_headers_set_content_length (
        soup_server_message_get_response_headers (self->message), strlen (body));
  }
  soup_server_message_set_status (self->message, status, phrase_of (status));
  satchel_intake_request_unpause (self);
}

void
satchel_intake_request_refuse (SatchelIntakeRequest *self, const GError *error)
{
  guint status = satchel_intake_status_of (error);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  /* Only the room's own sentences are meant for outside. */
  const char *sentence = error->domain == SATCHEL_INTAKE_ERROR ? error->message
                         : status == 507
                             ? "The intake's disk is full; what was acknowledged is kept."
                             : "The intake could not do this.";

  if (self->message == NULL || self->answered)
    return;
  self->server->n_refused++;
  if (status == 500)
    g_warning ("a request failed: %s", error->message);
  if (status == 503 || status == 507 || status == 429)
    satchel_intake_request_set (self, "Retry-After", "60");
  if (status == 401)
    satchel_intake_request_set (self, "WWW-Authenticate", "Bearer");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "error");
  json_builder_add_string_value (builder, sentence);
  json_builder_end_object (builder);
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *line = satchel_json_to_line (root, NULL);
  satchel_intake_request_answer (self, status, "application/json", line);
}

void
satchel_intake_request_refuse_with (SatchelIntakeRequest *self,
                                    SatchelIntakeError code,
                                    const char *sentence)
{
  g_autoptr (GError) error = g_error_new_literal (SATCHEL_INTAKE_ERROR, code, sentence);

  satchel_intake_request_refuse (self, error);
}

char *
satchel_intake_request_dup_parameter (SatchelIntakeRequest *self, const char *name)
{
  g_autoptr (GHashTable) all = soup_form_decode (self->query);

  return g_strdup (g_hash_table_lookup (all, name));
}

gboolean
satchel_intake_request_identify (SatchelIntakeRequest *self)
{
  g_autoptr (GError) error = NULL;
  const SatchelIntakeCredentials credentials = {
      .authorization = satchel_intake_request_header (self, "Authorization"),
      .signature_input = satchel_intake_request_header (self, "Signature-Input"),
      .signature = satchel_intake_request_header (self, "Signature"),
      .request = {soup_server_message_get_method (self->message), self->authority, self->path,
                  self->query,
                  self->has_body ? satchel_intake_request_header (self, "Content-Digest") : NULL},
      .has_body = self->has_body,
  };

  if (!satchel_intake_auth_check (self->server->auth, &credentials, &self->asker, &error)) {
    satchel_intake_request_refuse (self, error);
    return FALSE;
  }
  if (!satchel_intake_connection_claim (self->connection, self->asker.owner)) {
    satchel_intake_request_refuse_with (self, SATCHEL_INTAKE_ERROR_MANY,
                                        "There are too many connections of this asker.");
    return FALSE;
  }
  return TRUE;
}

/* --- Work elsewhere ------------------------------------------------------------------------- */

static gboolean
worked_cb (gpointer data)
{
  SatchelIntakeRequest *self = data;

  self->working = FALSE;
  self->worked (self);
  satchel_intake_request_unref (self);
  return G_SOURCE_REMOVE;
}

static void
work_job (gpointer data, gpointer unused)
{
  SatchelIntakeRequest *self = data;
  GSource *source = g_idle_source_new ();

  self->work (self);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, worked_cb, self, NULL);
  g_source_attach (source, self->server->context);
  g_source_unref (source);
}

void
satchel_intake_request_run (SatchelIntakeRequest *self,
                            SatchelIntakeWork work,
                            SatchelIntakeHandler worked)
{
  g_assert (!self->working);
  self->working = TRUE;
  self->work = work;
  self->worked = worked;
  satchel_intake_request_pause (self);
  self->server->runner.push (self->server->runner.pool, work_job,
                             satchel_intake_request_ref (self));
}

/* --- A request comes ------------------------------------------------------------------------ */

static void
finished_cb (SoupServerMessage *message, gpointer user_data)
{
  SatchelIntakeRequest *self = user_data;

  self->message = NULL;
  if (self->connection != NULL) {
    self->connection->n_requests--;
    satchel_intake_connection_allow (self->connection, SATCHEL_INTAKE_IDLE_S);
    if (self->server->draining)
      satchel_intake_connection_allow (self->connection, 0);
    self->connection = NULL;
  }
  g_object_set_data (G_OBJECT (message), KEY, NULL);
  satchel_intake_upload_over (self);
  satchel_intake_mailbox_over (self);
  satchel_intake_request_unref (self);
}

static void
got_chunk_cb (SoupServerMessage *message, GBytes *chunk, gpointer user_data)
{
  SatchelIntakeRequest *self = user_data;
  gsize size_bytes;
  const guint8 *data = g_bytes_get_data (chunk, &size_bytes);

  self->server->received_bytes += size_bytes;
  if (self->answered || (self->body == NULL && self->content == NULL)) {
    self->thrown_away_bytes += size_bytes;
    if (self->thrown_away_bytes > THROW_AWAY_MAX && self->connection != NULL)
      satchel_intake_connection_cut (self->connection);
    return;
  }
  if (self->connection != NULL)
    satchel_intake_connection_allow (self->connection, SATCHEL_INTAKE_STALL_S);
  if (self->body != NULL) {
    satchel_intake_upload_got_chunk (self, data, size_bytes);
  } else if (size_bytes > self->content_max - self->content->len) {
    satchel_intake_request_refuse_with (self, SATCHEL_INTAKE_ERROR_TOO_LARGE,
                                        "The body is too large.");
  } else {
    g_byte_array_append (self->content, data, size_bytes);
  }
}

static void
wrote_data_cb (SoupServerMessage *message, guint size_bytes, gpointer user_data)
{
  SatchelIntakeRequest *self = user_data;

  self->server->sent_bytes += size_bytes;
  if (self->connection != NULL)
    satchel_intake_connection_allow (self->connection, SATCHEL_INTAKE_STALL_S);
}

/* libsoup forgets how long an answer without content is, takes it for one that ends with the
 * connection, and closes that. The headers are on the line by now. */
static void
wrote_headers_cb (SoupServerMessage *message, gpointer user_data)
{
  if (soup_server_message_get_status (message) == SOUP_STATUS_NO_CONTENT)
    soup_message_headers_set_encoding (soup_server_message_get_response_headers (message),
                                       SOUP_ENCODING_CONTENT_LENGTH);
}

static const char *
meant_method (SoupServerMessage *message)
{
  const char *method = soup_server_message_get_method (message);
  const char *override = soup_message_headers_get_one (
      soup_server_message_get_request_headers (message), "X-HTTP-Method-Override");

  return g_intern_string (override != NULL && method == SOUP_METHOD_POST ? override : method);
}

static SatchelIntakeRequest *
new_request (SatchelIntakeServer *server, SoupServerMessage *message)
{
  SatchelIntakeRequest *self = g_rc_box_new0 (SatchelIntakeRequest);
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  GUri *uri = soup_server_message_get_uri (message);

  self->server = server;
  self->message = message;
  self->fd = -1;
  self->method = meant_method (message);
  self->path = g_strdup (g_uri_get_path (uri));
  self->query = g_strdup (g_uri_get_query (uri) != NULL ? g_uri_get_query (uri) : "");
  self->content_length = soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CHUNKED
                             ? -1
                             : soup_message_headers_get_content_length (headers);
  self->has_body = self->content_length != 0;
  self->connection = satchel_intake_connection_of (message);
  if (self->connection != NULL) {
    self->connection->n_requests++;
    satchel_intake_connection_allow (self->connection, SATCHEL_INTAKE_STALL_S);
  }
  g_hash_table_add (server->requests, self);
  server->n_requests++;
  return self;
}

static gboolean
check_host (SatchelIntakeRequest *self)
{
  const char *host = satchel_intake_request_header (self, "Host");
  g_autofree char *address = NULL;
  g_autofree char *name = NULL;

  self->authority = host == NULL ? NULL : satchel_authority_normalize (host);
  if (self->authority == NULL) {
    satchel_intake_request_refuse_with (self, SATCHEL_INTAKE_ERROR_REQUEST,
                                        "The Host header is missing or malformed.");
    return FALSE;
  }
  address = g_strconcat ("https://", self->authority, NULL);
  if (satchel_address_parse (address, &name, NULL, NULL))
    for (guint i = 0; self->server->site->hosts[i] != NULL; i++)
      if (g_ascii_strcasecmp (name, self->server->site->hosts[i]) == 0)
        return TRUE;
  satchel_intake_request_refuse_with (self, SATCHEL_INTAKE_ERROR_HOST,
                                      "This intake has another name.");
  return FALSE;
}

static void
answer_options (SatchelIntakeRequest *self)
{
  satchel_intake_request_set (self, "Tus-Resumable", SATCHEL_INTAKE_TUS_VERSION);
  satchel_intake_request_set (self, "Tus-Version", SATCHEL_INTAKE_TUS_VERSION);
  satchel_intake_request_set (self, "Tus-Extension", SATCHEL_INTAKE_TUS_EXTENSIONS);
  satchel_intake_request_set (self, "Tus-Checksum-Algorithm", "sha256");
  satchel_intake_request_set_number (self, "Tus-Max-Size", self->server->limits.upload_max_bytes);
  satchel_intake_request_answer (self, 204, NULL, NULL);
}

static void
route (SatchelIntakeRequest *self)
{
  if (self->connection == NULL) {
    satchel_intake_request_refuse_with (self, SATCHEL_INTAKE_ERROR_HOST, "Not here.");
    return;
  }
  if (!self->connection->local && !check_host (self))
    return;
  if (self->server->draining) {
    satchel_intake_request_refuse_with (self, SATCHEL_INTAKE_ERROR_NOT_READY,
                                        "The intake is stopping; try again.");
    return;
  }
  if (!self->connection->local && self->method == SOUP_METHOD_OPTIONS) {
    answer_options (self);
    return;
  }
  if ((self->connection->local || !satchel_intake_route_upload (self)) &&
      !satchel_intake_route_mailbox (self))
    satchel_intake_request_refuse_with (self, SATCHEL_INTAKE_ERROR_NOT_FOUND,
                                        "There is nothing under this path.");
}

static void
early_cb (SoupServer *soup,
          SoupServerMessage *message,
          const char *path,
          GHashTable *query,
          gpointer user_data)
{
  SatchelIntakeRequest *self = new_request (user_data, message);

  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  g_object_set_data (G_OBJECT (message), KEY, self);
  g_signal_connect (message, "got-chunk", G_CALLBACK (got_chunk_cb), self);
  g_signal_connect (message, "wrote-headers", G_CALLBACK (wrote_headers_cb), self);
  g_signal_connect (message, "wrote-body-data", G_CALLBACK (wrote_data_cb), self);
  g_signal_connect (message, "finished", G_CALLBACK (finished_cb), self);
  satchel_intake_request_ref (self);
  route (self);
  satchel_intake_request_unref (self);
}

static void
late_cb (SoupServer *soup,
         SoupServerMessage *message,
         const char *path,
         GHashTable *query,
         gpointer user_data)
{
  SatchelIntakeRequest *self = g_object_get_data (G_OBJECT (message), KEY);

  if (self == NULL || self->answered)
    return;
  self->body_read = TRUE;
  if (self->connection != NULL)
    satchel_intake_connection_allow (self->connection, 0);
  if (self->finish != NULL)
    self->finish (self);
  else
    satchel_intake_request_refuse_with (self, SATCHEL_INTAKE_ERROR_METHOD,
                                        "This method is not known here.");
}

void
satchel_intake_requests_attach (SatchelIntakeServer *server)
{
  soup_server_add_early_handler (server->soup, NULL, early_cb, server, NULL);
  soup_server_add_handler (server->soup, NULL, late_cb, server, NULL);
}
