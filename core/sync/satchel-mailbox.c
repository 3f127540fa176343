/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/satchel-mailbox-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-hash.h"
#include "base/satchel-json.h"
#include "base/satchel-text.h"

#define PAGE_MAX    (512 * 1024)
#define ENTRIES_MAX 500
#define CHUNK_BYTES (64 * 1024)

void
satchel_listed_free (SatchelListed *self)
{
  if (self == NULL)
    return;
  g_free (self->hex);
  g_free (self);
}

static gboolean
set_protocol_error (GError **error, const GError *local)
{
  g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_PROTOCOL,
               "The intake's list of bundles cannot be read: %s.",
               local == NULL ? "malformed" : local->message);
  return FALSE;
}

/* Positions must rise, or a list need never end. */
static gboolean
read_listed (GPtrArray *list, JsonNode *node, guint64 after, GError **error)
{
  guint8 sha256[32];
  const char *hex;
  gint64 size, position;
  JsonObject *object;
  SatchelListed *listed;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return set_protocol_error (error, NULL);
  object = json_node_get_object (node);
  if (!satchel_json_get_string (object, "sha256", 64, &hex, error) ||
      !satchel_json_get_int (object, "size", 0, G_MAXINT64, &size, error) ||
      !satchel_json_get_int (object, "position", 1, G_MAXINT64, &position, error))
    return FALSE;
  if ((guint64) position <= after || !satchel_hex_decode (hex, sha256, sizeof sha256))
    return set_protocol_error (error, NULL);
  listed = g_new0 (SatchelListed, 1);
  listed->hex = g_strdup (hex);
  memcpy (listed->sha256, sha256, sizeof sha256);
  listed->size_bytes = (guint64) size;
  listed->position = (guint64) position;
  g_ptr_array_add (list, listed);
  return TRUE;
}

static GPtrArray *
parse_page (GBytes *body, guint64 after, gboolean *more, GError **error)
{
  g_autoptr (GPtrArray) list =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_listed_free);
  g_autoptr (JsonNode) node = satchel_json_parse (
      g_bytes_get_data (body, NULL), g_bytes_get_size (body), PAGE_MAX, error);
  JsonObject *object;
  JsonArray *entries;

  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (node)) {
    set_protocol_error (error, NULL);
    return NULL;
  }
  object = json_node_get_object (node);
  *more = json_object_get_boolean_member_with_default (object, "more", FALSE);
  if (!satchel_json_get_array (object, "entries", ENTRIES_MAX, &entries, error))
    return NULL;
  for (guint i = 0; i < json_array_get_length (entries); i++) {
    if (!read_listed (list, json_array_get_element (entries, i), after, error))
      return NULL;
    after = ((const SatchelListed *) g_ptr_array_index (list, i))->position;
  }
  return g_steal_pointer (&list);
}

GPtrArray *
satchel_mailbox_list (const SatchelMailbox *self, guint64 after, gboolean *more, GError **error)
{
  g_autofree char *target =
      g_strdup_printf ("/mailboxes/%s?after=%" G_GUINT64_FORMAT, self->id, after);
  g_autoptr (SoupMessage) message =
      satchel_connection_new_message (self->connection, "GET", target);
  g_autoptr (GBytes) body = satchel_connection_send_and_read (
      self->connection, message, NULL, PAGE_MAX, self->cancellable, error);
  g_autoptr (GError) local = NULL;
  GPtrArray *list;

  if (body == NULL)
    return NULL;
  if (soup_message_get_status (message) != 200) {
    satchel_connection_set_status_error (message, error);
    return NULL;
  }
  list = parse_page (body, after, more, &local);
  if (list == NULL)
    set_protocol_error (error, local);
  return list;
}

/* Appends the answer's body to the partial file, fsyncing at the end. */
static gboolean
append_body (const SatchelMailbox *self, int fd, guint64 limit, GInputStream *body, GError **error)
{
  g_autofree guint8 *chunk = g_malloc (CHUNK_BYTES);
  g_autoptr (GError) local = NULL;
  guint64 done = 0;
  gssize got;

  while ((got = g_input_stream_read (body, chunk, CHUNK_BYTES, self->cancellable, &local)) > 0) {
    done += (guint64) got;
    if (done > limit) {
      g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_PROTOCOL,
                   "The intake sends more bytes than it announced.");
      return FALSE;
    }
    for (gssize at = 0, wrote; at < got; at += wrote)
      if ((wrote = write (fd, chunk + at, (gsize) (got - at))) < 0)
        return satchel_base_set_errno (error, errno, "keep what was downloaded");
    if (self->progress.report != NULL)
      self->progress.report (done, limit, self->progress.user_data);
  }
  if (fdatasync (fd) != 0)
    return satchel_base_set_errno (error, errno, "keep what was downloaded");
  if (got == 0)
    return TRUE;
  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_steal_pointer (&local));
  else
    g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNREACHABLE,
                 "The line to the intake broke while downloading: %s.", local->message);
  return FALSE;
}

static gboolean
empty (int fd, GError **error)
{
  return (ftruncate (fd, 0) == 0 && lseek (fd, 0, SEEK_SET) == 0) ||
         satchel_base_set_errno (error, errno, "begin the download anew");
}

/* One request, from where the partial file ends. */
static gboolean
download_rest (const SatchelMailbox *self,
               const SatchelListed *listed,
               int fd,
               guint64 at,
               gboolean *is_gone,
               GError **error)
{
  g_autofree char *target = g_strdup_printf ("/mailboxes/%s/%s", self->id, listed->hex);
  g_autofree char *range = g_strdup_printf ("bytes=%" G_GUINT64_FORMAT "-", at);
  g_autoptr (SoupMessage) message =
      satchel_connection_new_message (self->connection, "GET", target);
  g_autoptr (GInputStream) body = NULL;
  guint status;

  if (at > 0)
    soup_message_headers_replace (soup_message_get_request_headers (message), "Range", range);
  body = satchel_connection_send (self->connection, message, NULL, self->cancellable, error);
  if (body == NULL)
    return FALSE;
  status = soup_message_get_status (message);
  *is_gone = status == 404 || status == 410;
  if (*is_gone)
    return TRUE;
  if (status == 200 && at > 0) {
    if (!empty (fd, error))
      return FALSE;
    at = 0;
  } else if (status != (at > 0 ? 206u : 200u))
    return satchel_connection_set_status_error (message, error);
  return append_body (self, fd, listed->size_bytes - at, body, error);
}

gboolean
satchel_mailbox_download (const SatchelMailbox *self,
                          const SatchelListed *listed,
                          const char *path,
                          gboolean *is_gone,
                          GError **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  gboolean is_done = TRUE;
  off_t at;

  if (fd < 0)
    return satchel_base_set_errno (error, errno, "make a file in inbox/");
  at = lseek (fd, 0, SEEK_END);
  if (at < 0)
    is_done = satchel_base_set_errno (error, errno, "measure what was downloaded");
  else if ((guint64) at > listed->size_bytes) {
    is_done = empty (fd, error);
    at = 0;
  }
  if (is_done && (guint64) at < listed->size_bytes)
    is_done = download_rest (self, listed, fd, (guint64) at, is_gone, error);
  close (fd);
  return is_done;
}

gboolean
satchel_listed_check (const SatchelListed *self,
                      const char *path,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (GInputStream) stream = satchel_file_read (path, NULL, error);
  guint8 sha256[32];

  if (stream == NULL || !satchel_sha256_stream (stream, sha256, NULL, cancellable, error))
    return FALSE;
  if (memcmp (sha256, self->sha256, sizeof sha256) == 0)
    return TRUE;
  if (satchel_file_remove (path, error))
    g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_PROTOCOL,
                 "A bundle arrived damaged or cut short; it is fetched again the next time.");
  return FALSE;
}

void
satchel_mailbox_tell_seen (const SatchelMailbox *self, const char *hex)
{
  g_autofree char *target = g_strdup_printf ("/mailboxes/%s/%s/seen", self->id, hex);
  g_autoptr (SoupMessage) message =
      satchel_connection_new_message (self->connection, "POST", target);
  g_autoptr (GBytes) body = NULL;

  soup_message_headers_set_content_length (soup_message_get_request_headers (message), 0);
  body = satchel_connection_send_and_read (self->connection, message, NULL, PAGE_MAX,
                                           self->cancellable, NULL);
}
