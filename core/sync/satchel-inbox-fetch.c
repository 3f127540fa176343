/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-hash.h"
#include "base/satchel-json.h"
#include "base/satchel-text.h"
#include "people/satchel-invite-book.h"
#include "sync/satchel-courier-private.h"
#include "sync/satchel-inbox-private.h"
#include "sync/satchel-outbox-private.h"

#define PAGE_MAX    (512 * 1024)
#define ENTRIES_MAX 500
#define CHUNK_BYTES (64 * 1024)

/* One bundle in a mailbox. */
typedef struct {
  char *sha256;
  guint64 size_bytes;
  guint64 position;
} Listed;

/* A round of fetching. */
typedef struct {
  SatchelVault *vault;
  SatchelConnection *connection;
  char *intake; /* receipt key line: whose positions they are */
  char *mailbox;
  gboolean is_shared; /* bundles for others are normal there */
  GPtrArray *entries;
  GError *first;      /* of a bundle that failed: the position stays before it */
  gboolean is_broken; /* the line broke, and nothing came over it since */
  guint downloads;    /* that came to their end */
  SatchelProgressReport progress;
  GCancellable *cancellable;
} Round;

static void
listed_free (gpointer data)
{
  Listed *self = data;

  g_free (self->sha256);
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
  Listed *listed;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return set_protocol_error (error, NULL);
  object = json_node_get_object (node);
  if (!satchel_json_get_string (object, "sha256", 64, &hex, error) ||
      !satchel_json_get_int (object, "size", 0, G_MAXINT64, &size, error) ||
      !satchel_json_get_int (object, "position", 1, G_MAXINT64, &position, error))
    return FALSE;
  if ((guint64) position <= after || !satchel_hex_decode (hex, sha256, sizeof sha256))
    return set_protocol_error (error, NULL);
  listed = g_new0 (Listed, 1);
  listed->sha256 = g_strdup (hex);
  listed->size_bytes = (guint64) size;
  listed->position = (guint64) position;
  g_ptr_array_add (list, listed);
  return TRUE;
}

static GPtrArray *
parse_page (GBytes *body, guint64 after, gboolean *more, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (listed_free);
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
    after = ((const Listed *) g_ptr_array_index (list, i))->position;
  }
  return g_steal_pointer (&list);
}

static GPtrArray *
ask_page (Round *self, guint64 after, gboolean *more, GError **error)
{
  g_autofree char *target =
      g_strdup_printf ("/mailboxes/%s?after=%" G_GUINT64_FORMAT, self->mailbox, after);
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

static gboolean
load_position (Round *self, guint64 *position, GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (self->vault),
      "SELECT position FROM mailbox_position WHERE intake = ?1 AND mailbox = ?2", error);
  gboolean has_row;

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, self->intake);
  satchel_statement_bind_text (statement, 2, self->mailbox);
  if (!satchel_statement_step (statement, &has_row, error))
    return FALSE;
  *position = has_row ? (guint64) satchel_statement_get_int (statement, 0) : 0;
  satchel_statement_reset (statement);
  return TRUE;
}

static gboolean
store_position (Round *self, guint64 position, GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (self->vault),
      "INSERT INTO mailbox_position (intake, mailbox, position) VALUES (?1, ?2, ?3)"
      " ON CONFLICT (intake, mailbox) DO UPDATE SET position = excluded.position",
      error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, self->intake);
  satchel_statement_bind_text (statement, 2, self->mailbox);
  satchel_statement_bind_int (statement, 3, (gint64) position);
  return satchel_statement_run (statement, error);
}

/* Appends the answer's body to the partial file, fsyncing at the end. */
static gboolean
append_body (Round *self, int fd, guint64 limit, GInputStream *body, GError **error)
{
  g_autofree guint8 *chunk = g_malloc (CHUNK_BYTES);
  GError *local = NULL;
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
    g_propagate_error (error, g_error_copy (local));
  else
    g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNREACHABLE,
                 "The line to the intake broke while downloading: %s.", local->message);
  g_error_free (local);
  return FALSE;
}

/* One request, from where the partial file ends. */
static gboolean
download_rest (Round *self,
               const Listed *listed,
               int fd,
               guint64 at,
               gboolean *is_gone,
               GError **error)
{
  g_autofree char *target = g_strdup_printf ("/mailboxes/%s/%s", self->mailbox, listed->sha256);
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
    if (ftruncate (fd, 0) != 0 || lseek (fd, 0, SEEK_SET) != 0)
      return satchel_base_set_errno (error, errno, "begin the download anew");
    at = 0;
  } else if (status != (at > 0 ? 206u : 200u))
    return satchel_connection_set_status_error (message, error);
  return append_body (self, fd, listed->size_bytes - at, body, error);
}

/* Brings a bundle to @path, resuming what stands there. *@is_gone: somebody deleted it. */
static gboolean
download (
    Round *self, const Listed *listed, const char *path, gboolean *is_gone, GError **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  gboolean is_done = FALSE;
  off_t at;

  if (fd < 0)
    return satchel_base_set_errno (error, errno, "make a file in inbox/");
  at = lseek (fd, 0, SEEK_END);
  if (at > (off_t) listed->size_bytes) {
    at = 0;
    is_done = ftruncate (fd, 0) == 0 && lseek (fd, 0, SEEK_SET) == 0;
    if (!is_done)
      satchel_base_set_errno (error, errno, "begin the download anew");
  }
  if (at >= 0 && (guint64) at < listed->size_bytes)
    is_done = download_rest (self, listed, fd, (guint64) at, is_gone, error);
  else
    is_done = TRUE;
  close (fd);
  return is_done;
}

/* Whether @path holds what the list said; a file that does not is thrown away. */
static gboolean
check_hash (const Listed *listed, const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (GInputStream) stream = satchel_file_read (path, NULL, error);
  guint8 sha256[32];
  g_autofree char *hex = NULL;

  if (stream == NULL || !satchel_sha256_stream (stream, sha256, NULL, cancellable, error))
    return FALSE;
  hex = satchel_hex_encode (sha256, sizeof sha256);
  if (strcmp (hex, listed->sha256) == 0)
    return TRUE;
  if (satchel_file_remove (path, error))
    g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_PROTOCOL,
                 "A bundle arrived damaged or cut short; it is fetched again the next time.");
  return FALSE;
}

/* Tells the intake that it may forget. Not being told so is no failure. */
static void
tell_seen (Round *self, const Listed *listed)
{
  g_autofree char *target =
      g_strdup_printf ("/mailboxes/%s/%s/seen", self->mailbox, listed->sha256);
  g_autoptr (SoupMessage) message =
      satchel_connection_new_message (self->connection, "POST", target);
  g_autoptr (GBytes) body = NULL;

  soup_message_headers_set_content_length (soup_message_get_request_headers (message), 0);
  body = satchel_connection_send_and_read (self->connection, message, NULL, PAGE_MAX,
                                           self->cancellable, NULL);
}

/* What becomes of the downloaded file: kept where the entry says so, else gone. */
static gboolean
take (Round *self, const Listed *listed, const char *path, GError **error)
{
  g_autofree char *name = g_strdup_printf ("%.16s.age", listed->sha256);
  g_autoptr (SatchelInboxEntry) entry = satchel_inbox_take (
      self->vault, path, name, (SatchelProgressReport){0}, self->cancellable, error);
  gboolean is_for_others, is_done;

  if (entry == NULL)
    return FALSE;
  is_done = g_strcmp0 (entry->path, path) == 0 || satchel_file_remove (path, error);
  is_for_others = self->is_shared && entry->outcome == SATCHEL_INBOX_ASIDE &&
                  entry->reason == SATCHEL_ASIDE_NOT_FOR_US;
  if (entry->outcome == SATCHEL_INBOX_OPENED)
    tell_seen (self, listed);
  if (entry->outcome != SATCHEL_INBOX_ALREADY && !is_for_others)
    g_ptr_array_add (self->entries, g_steal_pointer (&entry));
  return is_done;
}

static gboolean
fetch_one (Round *self, const Listed *listed, GError **error)
{
  g_autofree char *folder = satchel_sync_path (self->vault, "inbox", NULL);
  /* A name that the next run finds again, and that says nothing. */
  g_autofree char *file = g_strdup_printf ("%.32s.age", listed->sha256);
  g_autofree char *path = g_build_filename (folder, file, NULL);
  g_autoptr (SatchelInboxEntry) known = NULL;
  gboolean is_gone = FALSE;
  guint8 sha256[32];

  satchel_hex_decode (listed->sha256, sha256, sizeof sha256);
  if (!satchel_inbox_find_by_hash (self->vault, sha256, &known, error))
    return FALSE;
  /* A crash after COMMIT left the file that was opened. */
  if (known != NULL)
    return g_strcmp0 (known->path, path) == 0 || satchel_file_remove (path, error);
  if (!satchel_folder_make (folder, error) || !download (self, listed, path, &is_gone, error))
    return FALSE;
  self->downloads++;
  if (is_gone)
    return satchel_file_remove (path, error);
  return satchel_folder_sync (folder, error) &&
         check_hash (listed, path, self->cancellable, error) &&
         take (self, listed, path, error);
}

/* One bundle that cannot be had or read holds up none of those after it, only the position: it is
 * asked for again the next time. A line that broke is given a second chance. */
static gboolean
fetch_or_hold (Round *self, const Listed *listed, GError **error)
{
  guint downloads = self->downloads;
  g_autoptr (GError) local = NULL;
  gboolean is_line, is_fetched = fetch_one (self, listed, &local);

  if (self->downloads > downloads)
    self->is_broken = FALSE;
  if (is_fetched)
    return TRUE;
  is_line = g_error_matches (local, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNREACHABLE);
  if (is_line ? self->is_broken : !satchel_inbox_is_lone (local)) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  self->is_broken |= is_line;
  if (self->first == NULL)
    self->first = g_steal_pointer (&local);
  return TRUE;
}

static gboolean
fetch_page (Round *self, GPtrArray *page, guint64 *after, GError **error)
{
  for (guint i = 0; i < page->len; i++) {
    const Listed *listed = g_ptr_array_index (page, i);
    if (!fetch_or_hold (self, listed, error) ||
        (self->first == NULL && !store_position (self, listed->position, error)))
      return FALSE;
    *after = listed->position;
  }
  return TRUE;
}

/* Whether the intake still has at @position what was read there. One that was set up anew, or from
 * a copy, gives the same positions to others. */
static gboolean
ask_position (Round *self, guint64 position, gboolean *is_there, GError **error)
{
  gboolean more;
  g_autoptr (GPtrArray) page = ask_page (self, position - 1, &more, error);
  g_autoptr (SatchelInboxEntry) known = NULL;
  const Listed *listed;
  guint8 sha256[32];

  if (page == NULL)
    return FALSE;
  listed = page->len > 0 ? g_ptr_array_index (page, 0) : NULL;
  if (listed != NULL && satchel_hex_decode (listed->sha256, sha256, sizeof sha256) &&
      !satchel_inbox_find_by_hash (self->vault, sha256, &known, error))
    return FALSE;
  *is_there = known != NULL && listed->position == position;
  return TRUE;
}

static gboolean
fetch_mailbox (Round *self, GError **error)
{
  guint64 start, after;
  gboolean more = TRUE, is_there = TRUE;

  if (!load_position (self, &start, error))
    return FALSE;
  after = start;
  while (more) {
    g_autoptr (GPtrArray) page = ask_page (self, after, &more, error);
    if (page == NULL ||
        (page->len == 0 && start > 0 && after == start &&
         !ask_position (self, start, &is_there, error)) ||
        !fetch_page (self, page, &after, error))
      return FALSE;
    more = more && page->len > 0;
    if (!is_there) {
      start = after = 0;
      more = is_there = TRUE;
    }
  }
  if (self->first == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&self->first));
  return FALSE;
}

/* Members read the newsroom's mailbox; whoever has a token reads the token's. */
static gboolean
fetch_all (Round *self, SatchelRoutes *routes, GError **error)
{
  g_autoptr (SatchelNewsroom) newsroom = satchel_newsroom_load (self->vault, error);
  g_autoptr (SatchelToken) token = NULL;

  if (newsroom == NULL)
    return FALSE;
  if (routes->access_key != NULL) {
    self->mailbox = satchel_mailbox_of_newsroom (&newsroom->card->lead);
    self->is_shared = TRUE;
    return fetch_mailbox (self, error);
  }
  token = satchel_invite_book_load_token (self->vault, error);
  if (token == NULL)
    return FALSE;
  self->mailbox = g_strdup (token->return_mailbox);
  return fetch_mailbox (self, error);
}

static gboolean
fetch_from (Round *self, SatchelRoutes *routes, GError **error)
{
  const SatchelMinisignKey *key = satchel_connection_get_receipt_key (self->connection);
  GError *local = NULL;
  gboolean is_done;

  if (key == NULL) {
    g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_NOT_FOUND,
                 "The newsroom's engine cannot be read from here: fetch from its folder.");
    return FALSE;
  }
  self->intake = satchel_minisign_key_format (key);
  is_done = fetch_all (self, routes, &local);
  /* However the round ended, an introduction in it counts. */
  if (!satchel_inbox_settle (self->vault, self->entries, self->cancellable,
                             is_done ? error : NULL))
    is_done = FALSE;
  if (local != NULL)
    g_propagate_error (error, local);
  return is_done;
}

static gboolean
open_connection (SatchelVault *vault,
                 SatchelRoutes **routes,
                 SatchelConnection **connection,
                 GCancellable *cancellable,
                 GError **error)
{
  GError *local = NULL;
  gboolean use_tor = FALSE;

  if (!satchel_courier_ask_rules (vault, &use_tor, error))
    return FALSE;
  *routes = satchel_routes_load (vault, error);
  if (*routes == NULL)
    return FALSE;
  *connection = satchel_routes_connect (*routes, use_tor, cancellable, &local);
  if (*connection != NULL)
    return TRUE;
  if (g_error_matches (local, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNTRUSTED) &&
      !satchel_sync_keep_alarm (vault, local->message, error))
    g_error_free (local);
  else
    g_propagate_error (error, local);
  return FALSE;
}

GPtrArray *
satchel_inbox_fetch (SatchelVault *vault,
                     SatchelProgressReport progress,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (GPtrArray) entries =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_inbox_entry_free);
  g_autoptr (SatchelRoutes) routes = NULL;
  g_autoptr (SatchelConnection) connection = NULL;
  Round round = {
      .vault = vault, .entries = entries, .progress = progress, .cancellable = cancellable};
  gboolean is_done;

  if (!open_connection (vault, &routes, &connection, cancellable, error))
    return NULL;
  round.connection = connection;
  satchel_inbox_sweep (vault);
  is_done = satchel_courier_exchange_newsroom (vault, connection, cancellable, error) &&
            fetch_from (&round, routes, error);
  g_clear_error (&round.first);
  g_free (round.intake);
  g_free (round.mailbox);
  return is_done ? g_steal_pointer (&entries) : NULL;
}
