/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/satchel-tus.h"

#include <sodium.h>
#include <string.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-hash.h"

#define PIECE_BYTES    (4 * 1024 * 1024)
#define LOCATION_MAX   2048
#define RECEIPT_MAX    4096
#define ANSWER_MAX     (64 * 1024)
#define SHORTFALLS_MAX 16
#define OFFSET_CONTENT "application/offset+octet-stream"

typedef struct {
  SatchelConnection *connection;
  const SatchelTusFile *file;
  SatchelTusState *state;
  SatchelTusLearned learned;
  gpointer user_data;
  GCancellable *cancellable;
} Upload;

void
satchel_tus_state_clear (SatchelTusState *self)
{
  g_clear_pointer (&self->location, g_free);
  g_clear_pointer (&self->receipt, g_free);
  *self = (SatchelTusState){0};
}

static guint64
most_a_piece (Upload *self)
{
  return self->file->piece_bytes > 0 ? self->file->piece_bytes : PIECE_BYTES;
}

static gboolean
learn (Upload *self, GError **error)
{
  return self->learned == NULL || self->learned (self->state, self->user_data, error);
}

static SoupMessage *
new_message (Upload *self, const char *method, const char *target)
{
  SoupMessage *message = satchel_connection_new_message (self->connection, method, target);

  if (message != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (message), "Tus-Resumable",
                                  "1.0.0");
  return message;
}

static gboolean
send_message (Upload *self, SoupMessage *message, const guint8 *body_sha256, GError **error)
{
  g_autoptr (GBytes) body = satchel_connection_send_and_read (
      self->connection, message, body_sha256, ANSWER_MAX, self->cancellable, error);

  return body != NULL;
}

static gboolean
set_protocol_error (GError **error, const char *what)
{
  g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_PROTOCOL,
               "The server does not speak tus as it should: %s.", what);
  return FALSE;
}

static gboolean
read_offset (SoupMessage *message, guint64 *offset, GError **error)
{
  const char *text = soup_message_headers_get_one (
      soup_message_get_response_headers (message), "Upload-Offset");

  return (text != NULL && g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, offset, NULL)) ||
         set_protocol_error (error, "no Upload-Offset in its answer");
}

static void
read_receipt (Upload *self, SoupMessage *message)
{
  const char *text = soup_message_headers_get_one (
      soup_message_get_response_headers (message), "Satchel-Receipt");

  if (text == NULL || strlen (text) > RECEIPT_MAX)
    return;
  g_free (self->state->receipt);
  self->state->receipt = g_strdup (text);
}

/* Path and query of a Location, which may be a whole URL of this very server. */
static char *
read_location (Upload *self, SoupMessage *message, GError **error)
{
  const char *text = soup_message_headers_get_one (
      soup_message_get_response_headers (message), "Location");
  GUri *base = soup_message_get_uri (message);
  g_autoptr (GUri) uri = NULL;

  if (text != NULL && strlen (text) <= LOCATION_MAX)
    uri = g_uri_parse_relative (base, text, SOUP_HTTP_URI_FLAGS, NULL);
  if (uri == NULL) {
    set_protocol_error (error, "no Location for the upload");
    return NULL;
  }
  if (g_strcmp0 (g_uri_get_host (uri), g_uri_get_host (base)) != 0) {
    g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNTRUSTED,
                 "The server wants the upload to go to another host: it is not the newsroom's.");
    return NULL;
  }
  return g_uri_get_query (uri) == NULL
             ? g_strdup (g_uri_get_path (uri))
             : g_strconcat (g_uri_get_path (uri), "?", g_uri_get_query (uri), NULL);
}

/* What the server says it has: never less than it said before, never more than @most, which is what
 * it can have got. Only what is new is told. */
static gboolean
take_offset (Upload *self, guint64 offset, guint64 most, GError **error)
{
  SatchelTusState *state = self->state;

  state->is_disputed = offset > MIN (most, self->file->size_bytes) || offset < state->offset;
  if (offset < state->offset) {
    g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNTRUSTED,
                 "The server says that it has less of the upload than it confirmed before.");
    return FALSE;
  }
  if (state->is_disputed)
    return set_protocol_error (error, "an offset beyond what was sent");
  if (offset == state->offset)
    return TRUE;
  state->offset = offset;
  if (offset > state->reached) {
    state->reached = offset;
    state->losses = 0;
  }
  return learn (self, error);
}

static gboolean
create (Upload *self, GError **error)
{
  g_autoptr (SoupMessage) message = new_message (self, "POST", self->file->create_target);
  g_autofree char *length = g_strdup_printf ("%" G_GUINT64_FORMAT, self->file->size_bytes);

  if (message == NULL)
    return set_protocol_error (error, "its address for uploads is malformed");
  soup_message_headers_replace (soup_message_get_request_headers (message), "Upload-Length",
                                length);
  soup_message_headers_set_content_length (soup_message_get_request_headers (message), 0);
  if (!send_message (self, message, NULL, error))
    return FALSE;
  if (soup_message_get_status (message) != 201)
    return satchel_connection_set_status_error (message, error);
  g_free (self->state->location);
  self->state->location = read_location (self, message, error);
  self->state->offset = 0;
  return self->state->location != NULL && learn (self, error);
}

/* Asks for the offset. *@is_gone: the server has forgotten the upload. */
static gboolean
ask (Upload *self, gboolean *is_gone, GError **error)
{
  g_autoptr (SoupMessage) message = new_message (self, "HEAD", self->state->location);
  guint64 offset;

  if (message == NULL)
    return set_protocol_error (error, "its address for the upload is malformed");
  if (!send_message (self, message, NULL, error))
    return FALSE;
  *is_gone = soup_message_get_status (message) == 404 || soup_message_get_status (message) == 410;
  if (*is_gone)
    return TRUE;
  if (soup_message_get_status (message) != 200 && soup_message_get_status (message) != 204)
    return satchel_connection_set_status_error (message, error);
  read_receipt (self, message);
  /* The answer to the last piece may have been lost. */
  return read_offset (message, &offset, error) &&
         take_offset (self, offset, self->state->offset + most_a_piece (self), error);
}

/* Takes @cause, NULL where the file only ended. It concerns this file alone: other uploads can go
 * on. */
static GBytes *
set_file_error (GError **error, GError *cause)
{
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_propagate_error (error, cause);
    return NULL;
  }
  g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_DAMAGED,
               "The sealed file cannot be read: %s.",
               cause == NULL ? "it is shorter than when it was sealed" : cause->message);
  g_clear_error (&cause);
  return NULL;
}

/* The next piece, between half and all of the usual size, so that sizes on the wire say little. */
static GBytes *
read_piece (Upload *self, GError **error)
{
  guint64 most = most_a_piece (self);
  guint64 left = self->file->size_bytes - self->state->offset;
  guint64 size = most / 2 + randombytes_uniform ((guint32) MIN (most / 2 + 1, G_MAXUINT32));
  g_autoptr (GInputStream) stream = NULL;
  g_autofree guint8 *data = NULL;
  gsize done = 0;
  GError *local = NULL;

  stream = satchel_file_read (self->file->path, NULL, &local);
  if (stream == NULL)
    return set_file_error (error, local);
  size = MIN (MAX (size, 1), left);
  data = g_malloc (size);
  if (g_seekable_seek (G_SEEKABLE (stream), (goffset) self->state->offset, G_SEEK_SET,
                       self->cancellable, &local) &&
      g_input_stream_read_all (stream, data, size, &done, self->cancellable, &local) &&
      done == size)
    return g_bytes_new_take (g_steal_pointer (&data), size);
  return set_file_error (error, local);
}

/* One PATCH. *@is_lost: the server's offset is another one (409), or the upload is gone. */
static gboolean
send_piece (Upload *self, gboolean *is_lost, GError **error)
{
  g_autoptr (SoupMessage) message = new_message (self, "PATCH", self->state->location);
  g_autofree char *at = g_strdup_printf ("%" G_GUINT64_FORMAT, self->state->offset);
  g_autoptr (GBytes) piece = read_piece (self, error);
  guint8 sha256[32];
  guint64 offset;
  gsize size;
  const guint8 *data;

  if (piece == NULL)
    return FALSE;
  data = g_bytes_get_data (piece, &size);
  satchel_sha256 (data, size, sha256);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Upload-Offset", at);
  soup_message_set_request_body_from_bytes (message, OFFSET_CONTENT, piece);
  self->state->sent_bytes += size;
  if (!send_message (self, message, sha256, error))
    return FALSE;
  *is_lost = soup_message_get_status (message) == 409 ||
             soup_message_get_status (message) == 404 || soup_message_get_status (message) == 410;
  if (*is_lost)
    return TRUE;
  if (soup_message_get_status (message) != 204 && soup_message_get_status (message) != 200)
    return satchel_connection_set_status_error (message, error);
  read_receipt (self, message);
  if (!read_offset (message, &offset, error))
    return FALSE;
  if (offset == self->state->offset)
    return set_protocol_error (error, "it confirmed none of the bytes that it took");
  self->state->shortfalls =
      offset < self->state->offset + size ? self->state->shortfalls + 1 : 0;
  return take_offset (self, offset, self->state->offset + size, error) &&
         (self->state->shortfalls < SHORTFALLS_MAX ||
          set_protocol_error (error, "it confirms every piece only in part"));
}

/* Where the server and we disagree it is asked, and what it has forgotten is begun anew. */
static gboolean
settle (Upload *self, GError **error)
{
  gboolean is_gone = FALSE;

  if (!ask (self, &is_gone, error))
    return FALSE;
  if (!is_gone)
    return TRUE;
  g_clear_pointer (&self->state->location, g_free);
  g_clear_pointer (&self->state->receipt, g_free);
  self->state->offset = 0;
  return create (self, error);
}

/* The server lost the thread; a second time before it got further is its fault. */
static gboolean
settle_loss (Upload *self, GError **error)
{
  if (self->state->losses++ > 0)
    return set_protocol_error (error, "it loses the upload again and again");
  return settle (self, error);
}

gboolean
satchel_tus_begin (SatchelConnection *connection,
                   const SatchelTusFile *file,
                   SatchelTusState *state,
                   SatchelTusLearned learned,
                   gpointer user_data,
                   GCancellable *cancellable,
                   GError **error)
{
  Upload self = {connection, file, state, learned, user_data, cancellable};

  state->reached = state->offset;
  state->losses = state->shortfalls = 0;
  state->is_disputed = FALSE;
  return state->location == NULL ? create (&self, error) : settle (&self, error);
}

gboolean
satchel_tus_step (SatchelConnection *connection,
                  const SatchelTusFile *file,
                  SatchelTusState *state,
                  gboolean *more,
                  SatchelTusLearned learned,
                  gpointer user_data,
                  GCancellable *cancellable,
                  GError **error)
{
  Upload self = {connection, file, state, learned, user_data, cancellable};
  gboolean is_lost = FALSE;

  if (state->offset < file->size_bytes) {
    if (!send_piece (&self, &is_lost, error))
      return FALSE;
    if (is_lost && !settle_loss (&self, error))
      return FALSE;
  }
  *more = state->offset < file->size_bytes;
  return TRUE;
}

gboolean
satchel_tus_upload (SatchelConnection *connection,
                    const SatchelTusFile *file,
                    SatchelTusState *state,
                    SatchelTusLearned learned,
                    gpointer user_data,
                    GCancellable *cancellable,
                    GError **error)
{
  gboolean more = TRUE;

  if (!satchel_tus_begin (connection, file, state, learned, user_data, cancellable, error))
    return FALSE;
  while (more)
    if (!satchel_tus_step (connection, file, state, &more, learned, user_data, cancellable, error))
      return FALSE;
  return TRUE;
}
