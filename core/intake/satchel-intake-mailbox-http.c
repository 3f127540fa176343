/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/satchel-hash.h"
#include "base/satchel-text.h"
#include "base/satchel-time.h"
#include "intake/satchel-intake-server-private.h"
#include "intake/satchel-intake-tus.h"
#include "papers/satchel-descriptor.h"

#define PAGE_MAX   500
#define WAIT_MAX_S 60
#define SEND_SIZE  (256 * 1024)
#define TEXT_TYPE  "text/plain; charset=utf-8"

/* --- Lists ---------------------------------------------------------------------------------- */

static char *
page_text (SatchelIntakeRequest *self, GArray *page, gboolean more)
{
  GString *text = g_string_new (NULL);
  guint64 next = self->after;

  g_string_append_printf (text, "{\"mailbox\":\"%s\",\"entries\":[", self->mailbox);
  for (guint i = 0; i < page->len; i++) {
    SatchelIntakeEntry *entry = &g_array_index (page, SatchelIntakeEntry, i);
    g_autofree char *sha256 = satchel_hex_encode (entry->sha256, 32);
    g_autofree char *time = satchel_utc_format (entry->time_unix_us);
    g_string_append_printf (text,
                            "%s{\"position\":%" G_GUINT64_FORMAT ",\"sha256\":\"%s\","
                            "\"size\":%" G_GUINT64_FORMAT ",\"time\":\"%s\",\"seen\":%s}",
                            i > 0 ? "," : "", entry->position, sha256, entry->size_bytes, time,
                            entry->seen ? "true" : "false");
    next = entry->position;
  }
  g_string_append_printf (text, "],\"next\":%" G_GUINT64_FORMAT ",\"more\":%s}", next,
                          more ? "true" : "false");
  return g_string_free (text, FALSE);
}

static void
stop_waiting (SatchelIntakeRequest *self)
{
  if (self->timer == NULL)
    return;
  g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

/* Answers where there is something, or @must. */
static gboolean
answer_page (SatchelIntakeRequest *self, gboolean must)
{
  gboolean more;
  g_autoptr (GArray) page =
      satchel_intake_log_page (self->server->log, self->mailbox, self->after, PAGE_MAX, &more);

  if (page->len == 0 && !must)
    return FALSE;
  g_autofree char *text = page_text (self, page, more);
  stop_waiting (self);
  satchel_intake_request_answer (self, 200, "application/json", text);
  return TRUE;
}

static gboolean
waited_cb (gpointer data)
{
  answer_page (data, TRUE);
  return G_SOURCE_REMOVE;
}

static void
list_finish (SatchelIntakeRequest *self)
{
  g_autofree char *after = satchel_intake_request_dup_parameter (self, "after");
  g_autofree char *wait = satchel_intake_request_dup_parameter (self, "wait");
  guint64 seconds = 0;

  if ((after != NULL && !satchel_intake_tus_number (after, &self->after)) ||
      (wait != NULL && !satchel_intake_tus_number (wait, &seconds))) {
    satchel_intake_request_refuse_with (self, SATCHEL_INTAKE_ERROR_REQUEST,
                                        "after and wait must be numbers.");
    return;
  }
  if (answer_page (self, seconds == 0 || self->server->draining))
    return;
  satchel_intake_request_pause (self);
  self->timer = g_timeout_source_new_seconds (MIN (seconds, WAIT_MAX_S));
  g_source_set_callback (self->timer, waited_cb, self, NULL);
  g_source_attach (self->timer, self->server->context);
}

static void
wake (SatchelIntakeServer *server, const char *mailbox)
{
  g_autofree gpointer *all = g_hash_table_get_keys_as_array (server->requests, NULL);

  for (guint i = 0; all[i] != NULL; i++) {
    SatchelIntakeRequest *request = all[i];
    if (request->timer != NULL && (mailbox == NULL || strcmp (mailbox, request->mailbox) == 0))
      answer_page (request, mailbox == NULL);
  }
}

void
satchel_intake_mailbox_wake (SatchelIntakeServer *server, const char *mailbox)
{
  wake (server, mailbox);
}

void
satchel_intake_mailbox_wake_all (SatchelIntakeServer *server)
{
  wake (server, NULL);
}

/* --- Files ---------------------------------------------------------------------------------- */

static void
close_file (SatchelIntakeRequest *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

void
satchel_intake_mailbox_over (SatchelIntakeRequest *self)
{
  stop_waiting (self);
  close_file (self);
}

/* Adds the next piece of the file; one is on its way at a time, so that memory stays small. */
static void
send_piece (SatchelIntakeRequest *self)
{
  gsize size_bytes = MIN (self->send_left, SEND_SIZE);
  g_autofree guint8 *piece = NULL;
  ssize_t got;

  if (size_bytes == 0 || self->fd < 0)
    return;
  piece = g_malloc (size_bytes);
  do
    got = pread (self->fd, piece, size_bytes, self->send_from);
  while (got < 0 && errno == EINTR);
  if (got <= 0) {
    /* The length was promised: a cut connection is the only honest answer left. */
    g_warning ("a stored file could not be read");
    if (self->connection != NULL)
      satchel_intake_connection_cut (self->connection);
    return;
  }
  self->send_from += got;
  self->send_left -= got;
  soup_message_body_append_take (soup_server_message_get_response_body (self->message),
                                 g_steal_pointer (&piece), got);
}

static void
wrote_chunk_cb (SoupServerMessage *message, gpointer user_data)
{
  SatchelIntakeRequest *self = user_data;

  if (self->message != NULL)
    send_piece (self);
}

static void
begin_file (SatchelIntakeRequest *self, guint64 size_bytes)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);
  g_autofree char *sha256 = satchel_hex_encode (self->sha256, 32);
  g_autofree char *tag = g_strdup_printf ("\"%s\"", sha256);
  const char *range = satchel_intake_request_header (self, "Range");
  const char *if_range = satchel_intake_request_header (self, "If-Range");
  g_autoptr (GError) error = NULL;

  if (self->method == SOUP_METHOD_HEAD || (if_range != NULL && strcmp (if_range, tag) != 0))
    range = NULL;
  if (!satchel_intake_tus_range (range, size_bytes, &self->send_from, &self->send_left, &error)) {
    g_autofree char *all = g_strdup_printf ("bytes */%" G_GUINT64_FORMAT, size_bytes);
    satchel_intake_request_set (self, "Content-Range", all);
    satchel_intake_request_refuse (self, error);
    return;
  }
  gboolean part = self->send_left != size_bytes;
  if (part)
    soup_message_headers_set_content_range (headers, self->send_from,
                                            self->send_from + self->send_left - 1, size_bytes);
  satchel_intake_request_set (self, "ETag", tag);
  satchel_intake_request_set (self, "Accept-Ranges", "bytes");
  soup_message_headers_set_content_length (headers, self->send_left);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (self->message), FALSE);
  if (self->method != SOUP_METHOD_HEAD) {
    g_signal_connect (self->message, "wrote-chunk", G_CALLBACK (wrote_chunk_cb), self);
    send_piece (self);
  }
  satchel_intake_request_answer (self, part ? 206 : 200, "application/octet-stream", NULL);
}

static void
file_finish (SatchelIntakeRequest *self)
{
  g_autofree char *path =
      satchel_intake_store_dup_path (self->server->store, self->mailbox, self->sha256);
  SatchelIntakeEntry entry;

  if (satchel_intake_log_find (self->server->log, self->mailbox, self->sha256, &entry) &&
      !entry.deleted)
    self->fd = open (path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (self->fd < 0)
    satchel_intake_request_refuse_with (self, SATCHEL_INTAKE_ERROR_NOT_FOUND,
                                        "No such file stands in that mailbox.");
  else
    begin_file (self, entry.size_bytes);
}

/* --- Marks ---------------------------------------------------------------------------------- */

static void
marked (SatchelIntakeRequest *self)
{
  if (self->error != NULL)
    satchel_intake_request_refuse (self, self->error);
  else
    satchel_intake_request_answer (self, 204, NULL, NULL);
}

static void
seen_work (SatchelIntakeRequest *self)
{
  satchel_intake_log_add_mark (self->server->log, SATCHEL_INTAKE_SEEN, self->mailbox, self->sha256,
                               &self->error);
}

static void
delete_work (SatchelIntakeRequest *self)
{
  satchel_intake_store_delete (self->server->store, self->mailbox, self->sha256, &self->error);
}

static void
seen_finish (SatchelIntakeRequest *self)
{
  satchel_intake_request_run (self, seen_work, marked);
}

static void
delete_finish (SatchelIntakeRequest *self)
{
  satchel_intake_request_run (self, delete_work, marked);
}

/* --- Papers --------------------------------------------------------------------------------- */

static void
receipt_finish (SatchelIntakeRequest *self)
{
  g_autofree char *named = satchel_intake_request_dup_parameter (self, "mailbox");
  const char *mailbox = satchel_intake_auth_get_mailbox (self->server->auth);
  g_autoptr (GError) error = NULL;
  SatchelIntakeEntry entry;

  if (named != NULL && satchel_is_mailbox_id (named))
    mailbox = named;
  if (!satchel_intake_auth_may_upload (self->server->auth, &self->asker, mailbox, &error)) {
    satchel_intake_request_refuse (self, error);
    return;
  }
  if (!satchel_intake_log_find (self->server->log, mailbox, self->sha256, &entry)) {
    satchel_intake_request_refuse_with (self, SATCHEL_INTAKE_ERROR_NOT_FOUND,
                                        "That content was never stored there.");
    return;
  }
  g_autofree char *receipt = satchel_intake_log_receipt (self->server->log, &entry, &error);
  if (receipt == NULL)
    satchel_intake_request_refuse (self, error);
  else
    satchel_intake_request_answer (self, 200, TEXT_TYPE, receipt);
}

static void
newsroom_finish (SatchelIntakeRequest *self)
{
  g_autoptr (GError) error = NULL;
  const SatchelNewsroomCard *card =
      satchel_intake_auth_get_newsroom (self->server->auth, &error);

  if (card == NULL)
    satchel_intake_request_refuse (self, error);
  else
    satchel_intake_request_answer (self, 200, TEXT_TYPE, card->text);
}

static void
admit_work (SatchelIntakeRequest *self)
{
  satchel_intake_site_admit_newsroom (self->server->site, (const char *) self->content->data,
                                      self->content->len, FALSE, &self->error);
}

static void
admit_finish (SatchelIntakeRequest *self)
{
  const char *digest = satchel_intake_request_header (self, "Content-Digest");
  guint8 promised[32], found[32];

  satchel_sha256 (self->content->data, self->content->len, found);
  if (digest == NULL || !satchel_content_digest_parse (digest, promised) ||
      memcmp (promised, found, 32) != 0) {
    satchel_intake_request_refuse_with (self, SATCHEL_INTAKE_ERROR_CHECKSUM,
                                        "The body is not the one of its Content-Digest.");
    return;
  }
  satchel_intake_request_run (self, admit_work, marked);
}

static void
well_known_finish (SatchelIntakeRequest *self)
{
  g_autofree char *nonce = satchel_intake_request_dup_parameter (self, "nonce");
  g_autoptr (GError) error = NULL;
  SatchelDescriptor descriptor = {
      .nonce = nonce,
      .authority = self->authority,
      .time_unix_us = satchel_now_us (),
      .protocol = SATCHEL_PROTOCOL_VERSION,
  };

  if (nonce == NULL || !satchel_descriptor_is_nonce (nonce)) {
    satchel_intake_request_refuse_with (self, SATCHEL_INTAKE_ERROR_REQUEST,
                                        "A nonce of 64 lower-case hex digits is needed.");
    return;
  }
  memcpy (descriptor.certificate_sha256, self->server->certificate_sha256, 32);
  g_autofree char *text =
      satchel_descriptor_sign (&descriptor, self->server->site->receipt_pair, &error);
  if (text == NULL)
    satchel_intake_request_refuse (self, error);
  else
    satchel_intake_request_answer (self, 200, TEXT_TYPE, text);
}

/* --- On the machine only --------------------------------------------------------------------- */

static void
health_finish (SatchelIntakeRequest *self)
{
  if (satchel_intake_log_is_broken (self->server->log))
    satchel_intake_request_answer (self, 503, TEXT_TYPE, "the log cannot be written\n");
  else if (self->server->draining)
    satchel_intake_request_answer (self, 503, TEXT_TYPE, "draining\n");
  else
    satchel_intake_request_answer (self, 200, TEXT_TYPE, "ok\n");
}

static void
add_metric (GString *text, const char *name, const char *type, guint64 value)
{
  g_string_append_printf (text,
                          "# TYPE satchel_intake_%s %s\nsatchel_intake_%s %" G_GUINT64_FORMAT "\n",
                          name, type, name, value);
}

static void
metrics_finish (SatchelIntakeRequest *self)
{
  SatchelIntakeServer *server = self->server;
  g_autoptr (GString) text = g_string_new (NULL);

  add_metric (text, "requests_total", "counter", server->n_requests);
  add_metric (text, "refused_total", "counter", server->n_refused);
  add_metric (text, "uploads_created_total", "counter", server->n_uploads);
  add_metric (text, "uploads_finished_total", "counter", server->n_finished);
  add_metric (text, "received_bytes_total", "counter", server->received_bytes);
  add_metric (text, "sent_bytes_total", "counter", server->sent_bytes);
  add_metric (text, "connections", "gauge", g_hash_table_size (server->connections));
  add_metric (text, "uploads", "gauge", satchel_intake_store_count_uploads (server->store));
  add_metric (text, "log_lines", "gauge", satchel_intake_log_count (server->log));
  add_metric (text, "room_bytes", "gauge", satchel_intake_store_get_room (server->store));
  satchel_intake_request_answer (self, 200, "text/plain; version=0.0.4", text->str);
}

/* --- Routes --------------------------------------------------------------------------------- */

static gboolean
route_local (SatchelIntakeRequest *self)
{
  if (self->method != SOUP_METHOD_GET)
    return FALSE;
  if (strcmp (self->path, "/healthz") == 0)
    self->finish = health_finish;
  else if (strcmp (self->path, "/metrics") == 0)
    self->finish = metrics_finish;
  return self->finish != NULL;
}

static SatchelIntakeHandler
find_handler (SatchelIntakeRequest *self, SatchelIntakePathKind kind)
{
  gboolean get = self->method == SOUP_METHOD_GET;

  switch (kind) {
    case SATCHEL_INTAKE_PATH_WELL_KNOWN:
      return get ? well_known_finish : NULL;
    case SATCHEL_INTAKE_PATH_MAILBOX:
      return get ? list_finish : NULL;
    case SATCHEL_INTAKE_PATH_FILE:
      if (self->method == SOUP_METHOD_DELETE)
        return delete_finish;
      return get || self->method == SOUP_METHOD_HEAD ? file_finish : NULL;
    case SATCHEL_INTAKE_PATH_SEEN:
      return self->method == SOUP_METHOD_POST ? seen_finish : NULL;
    case SATCHEL_INTAKE_PATH_RECEIPT:
      return get ? receipt_finish : NULL;
    case SATCHEL_INTAKE_PATH_NEWSROOM:
      if (self->method == SOUP_METHOD_PUT)
        return admit_finish;
      return get ? newsroom_finish : NULL;
    case SATCHEL_INTAKE_PATH_OTHER:
    case SATCHEL_INTAKE_PATH_UPLOADS:
    case SATCHEL_INTAKE_PATH_UPLOAD:
      break;
  }
  return NULL;
}

/* Whether this asker may do it. */
static gboolean
check_right (SatchelIntakeRequest *self, SatchelIntakeHandler handler, GError **error)
{
  if (self->asker.kind == SATCHEL_INTAKE_MEMBER)
    return TRUE;
  if (handler == delete_finish || handler == admit_finish) {
    g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_FORBIDDEN,
                         "This is for the newsroom's members.");
    return FALSE;
  }
  return self->mailbox[0] == '\0' ||
         satchel_intake_auth_may_read (self->server->auth, &self->asker, self->mailbox, error);
}

static void
expect_content (SatchelIntakeRequest *self, SatchelIntakeHandler handler)
{
  if (handler == admit_finish) {
    self->content = g_byte_array_new ();
    self->content_max = SATCHEL_NEWSROOM_CARD_SIZE_MAX;
  }
  if (self->has_body && (self->content == NULL ||
                         self->content_length > (gint64) self->content_max))
    satchel_intake_request_refuse_with (self, SATCHEL_INTAKE_ERROR_TOO_LARGE,
                                        "No body of that size is expected here.");
}

gboolean
satchel_intake_route_mailbox (SatchelIntakeRequest *self)
{
  SatchelIntakePath path;
  g_autoptr (GError) error = NULL;

  if (self->connection->local)
    return route_local (self);
  satchel_intake_path_parse (self->path, &path);
  if (path.kind == SATCHEL_INTAKE_PATH_OTHER)
    return FALSE;
  SatchelIntakeHandler handler = find_handler (self, path.kind);
  if (handler == NULL) {
    satchel_intake_request_refuse_with (self, SATCHEL_INTAKE_ERROR_METHOD,
                                        "This method is not known here.");
    return TRUE;
  }
  memcpy (self->mailbox, path.mailbox, sizeof self->mailbox);
  memcpy (self->sha256, path.sha256, sizeof self->sha256);
  if (path.kind != SATCHEL_INTAKE_PATH_WELL_KNOWN) {
    if (!satchel_intake_request_identify (self))
      return TRUE;
    if (!check_right (self, handler, &error)) {
      satchel_intake_request_refuse (self, error);
      return TRUE;
    }
  }
  expect_content (self, handler);
  self->finish = handler;
  return TRUE;
}
