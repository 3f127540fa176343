/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/satchel-connection.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/satchel-error.h"
#include "base/satchel-hash.h"
#include "base/satchel-sink.h"
#include "base/satchel-text.h"
#include "papers/satchel-descriptor.h"
#include "papers/satchel-http-signature.h"

#define NAME_OF_US "satchel" /* the same for everybody */

struct _SatchelConnection {
  SoupSession *session;
  int anchor_fd; /* the anchor's file in memory; the database reads it lazily */
  char *base;    /* "https://host:port" */
  const char *authority;
  gboolean has_receipt_key;
  SatchelMinisignKey receipt;
  gboolean is_pinned;
  guint8 certificate_sha256[32]; /* of the certificate that was proved */
  gint64 descriptor_us;
  gint64 descriptor_monotonic_us;
  char *bearer;
  SatchelSecret *access_key;
};

/* What a message's TLS handshake said; on the stack of the one who sends. */
typedef struct {
  SatchelConnection *connection;
  GCancellable *stop;
  gboolean was_refused;
  GTlsCertificateFlags flags;
  gboolean is_other; /* a valid certificate, but not the one that was proved */
} Handshake;

static gboolean
hash_certificate (GTlsCertificate *certificate, guint8 sha256[32])
{
  g_autoptr (GByteArray) der = NULL;

  if (certificate == NULL)
    return FALSE;
  g_object_get (certificate, "certificate", &der, NULL);
  if (der == NULL)
    return FALSE;
  satchel_sha256 (der->data, der->len, sha256);
  return TRUE;
}

/* A database that holds the anchor and nothing else. The file stays open as long as the
 * connection: it is read when the first handshake needs it. */
static GTlsDatabase *
new_database (SatchelConnection *self, GBytes *anchor_der, GError **error)
{
  g_autofree char *pem = satchel_anchor_to_pem (anchor_der);
  g_autofree char *path = NULL;
  gsize length = pem == NULL ? 0 : strlen (pem);
  GError *local = NULL;
  GTlsDatabase *database;

  if (pem == NULL) {
    g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNTRUSTED,
                 "The newsroom's anchor is no certificate.");
    return NULL;
  }
  self->anchor_fd = memfd_create ("satchel-anchor", MFD_CLOEXEC);
  if (self->anchor_fd < 0 || write (self->anchor_fd, pem, length) != (gssize) length) {
    satchel_base_set_errno (error, errno, "keep the newsroom's anchor in memory");
    return NULL;
  }
  path = g_strdup_printf ("/proc/self/fd/%d", self->anchor_fd);
  database = g_tls_file_database_new (path, &local);
  if (database == NULL) {
    g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNTRUSTED,
                 "The newsroom's anchor cannot be used: %s", local->message);
    g_clear_error (&local);
  }
  return database;
}

static GProxyResolver *
new_resolver (const char *proxy)
{
  g_autofree char *uri = proxy == NULL ? NULL : g_strconcat ("socks5://", proxy, NULL);

  return g_simple_proxy_resolver_new (uri, NULL);
}

static gboolean
make_session (SatchelConnection *self,
              GBytes *anchor_der,
              const SatchelConnectionOptions *options,
              GError **error)
{
  g_autoptr (GTlsDatabase) database = new_database (self, anchor_der, error);
  g_autoptr (GProxyResolver) resolver = new_resolver (options == NULL ? NULL : options->proxy);
  guint timeout_s = options == NULL ? 0 : options->timeout_s;

  if (database == NULL)
    return FALSE;
  self->session = soup_session_new_with_options (
      "user-agent", NAME_OF_US, "accept-language-auto", FALSE, "tls-database", database,
      "proxy-resolver", resolver, "timeout",
      timeout_s == 0 ? SATCHEL_CONNECTION_TIMEOUT_S : timeout_s, "idle-timeout", 0, NULL);
  soup_session_remove_feature_by_type (self->session, SOUP_TYPE_CONTENT_DECODER);
  soup_session_remove_feature_by_type (self->session, SOUP_TYPE_AUTH_MANAGER);
  return TRUE;
}

static SatchelConnection *
connection_new (const char *base,
                GBytes *anchor_der,
                const SatchelConnectionOptions *options,
                GError **error)
{
  g_autoptr (SatchelConnection) self = g_new0 (SatchelConnection, 1);

  self->anchor_fd = -1;
  self->base = g_strdup (base);
  self->authority = self->base + strlen ("https://");
  return make_session (self, anchor_der, options, error) ? g_steal_pointer (&self) : NULL;
}

void
satchel_connection_free (SatchelConnection *self)
{
  if (self == NULL)
    return;
  if (self->session != NULL) {
    soup_session_abort (self->session);
    g_object_unref (self->session);
  }
  if (self->anchor_fd >= 0)
    close (self->anchor_fd);
  satchel_connection_set_bearer (self, NULL);
  satchel_secret_unref (self->access_key);
  g_free (self->base);
  g_free (self);
}

void
satchel_connection_set_bearer (SatchelConnection *self, const char *credentials)
{
  if (self->bearer != NULL)
    explicit_bzero (self->bearer, strlen (self->bearer));
  g_free (self->bearer);
  self->bearer = g_strdup (credentials);
}

void
satchel_connection_set_access_key (SatchelConnection *self, SatchelSecret *access_key)
{
  satchel_secret_unref (self->access_key);
  self->access_key = access_key == NULL ? NULL : satchel_secret_ref (access_key);
}

const char *
satchel_connection_get_authority (SatchelConnection *self)
{
  return self->authority;
}

const SatchelMinisignKey *
satchel_connection_get_receipt_key (SatchelConnection *self)
{
  return self->has_receipt_key ? &self->receipt : NULL;
}

gint64
satchel_connection_get_time (SatchelConnection *self)
{
  return self->descriptor_us + g_get_monotonic_time () - self->descriptor_monotonic_us;
}

SoupMessage *
satchel_connection_new_message (SatchelConnection *self, const char *method, const char *target)
{
  g_autofree char *url = g_strconcat (self->base, target, NULL);
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  SoupMessage *message = uri == NULL ? NULL : soup_message_new_from_uri (method, uri);

  if (message != NULL)
    soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  return message;
}

/* Called for certificates that the anchor does not vouch for; never for those that it does. */
static gboolean
accept_certificate_cb (SoupMessage *message,
                       GTlsCertificate *certificate,
                       GTlsCertificateFlags flags,
                       gpointer user_data)
{
  Handshake *handshake = user_data;

  handshake->was_refused = TRUE;
  handshake->flags = flags;
  return FALSE;
}

/* Runs after the handshake and before the first byte of the request is written. */
static void
starting_cb (SoupMessage *message, gpointer user_data)
{
  Handshake *handshake = user_data;
  SatchelConnection *self = handshake->connection;
  guint8 sha256[32];

  if (hash_certificate (soup_message_get_tls_peer_certificate (message), sha256)) {
    if (!self->is_pinned) {
      memcpy (self->certificate_sha256, sha256, sizeof sha256);
      self->is_pinned = TRUE;
      return;
    }
    if (memcmp (self->certificate_sha256, sha256, sizeof sha256) == 0)
      return;
  }
  handshake->is_other = TRUE;
  g_cancellable_cancel (handshake->stop);
}

static void
set_untrusted (GError **error, const char *sentence)
{
  g_set_error_literal (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNTRUSTED, sentence);
}

static void
set_handshake_error (const Handshake *handshake, GError **error)
{
  const GTlsCertificateFlags dates = G_TLS_CERTIFICATE_EXPIRED | G_TLS_CERTIFICATE_NOT_ACTIVATED;

  if (handshake->was_refused && (handshake->flags & ~dates) == 0)
    g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_CLOCK,
                 "The intake's certificate is the newsroom's, but not valid at this computer's "
                 "date: check your clock.");
  else if (handshake->is_other)
    set_untrusted (error, "The certificate is another one than the one that was proved: somebody "
                          "stands between you and the newsroom.");
  else
    set_untrusted (error, "Whoever answers at the intake's address does not have the newsroom's "
                          "certificate: the connection is intercepted, or it is another server.");
}

/* Takes @local and says what it means for the person. */
static void
set_send_error (SatchelConnection *self,
                const Handshake *handshake,
                GCancellable *cancellable,
                GError *local,
                GError **error)
{
  if (handshake->was_refused || handshake->is_other)
    set_handshake_error (handshake, error);
  else if (g_cancellable_is_cancelled (cancellable))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled.");
  else
    g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNREACHABLE,
                 "The intake at %s cannot be reached: %s.", self->authority, local->message);
  g_error_free (local);
}

static gboolean
authorize (SatchelConnection *self, SoupMessage *message, const guint8 *body_sha256, GError **error)
{
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  GUri *uri = soup_message_get_uri (message);
  SatchelHttpRequest request = {.method = soup_message_get_method (message),
                                .authority = self->authority,
                                .path = g_uri_get_path (uri),
                                .query = g_uri_get_query (uri)};
  g_autofree char *digest = NULL, *input = NULL, *signature = NULL;

  if (self->access_key == NULL) {
    if (self->bearer != NULL) {
      g_autofree char *value = g_strconcat ("Bearer ", self->bearer, NULL);
      soup_message_headers_replace (headers, "Authorization", value);
    }
    return TRUE;
  }
  if (body_sha256 != NULL) {
    digest = satchel_content_digest_format (body_sha256);
    request.content_digest = digest;
    soup_message_headers_replace (headers, "Content-Digest", digest);
  }
  if (!satchel_http_signature_sign (&request, self->access_key,
                                    satchel_connection_get_time (self) / G_USEC_PER_SEC, &input,
                                    &signature, error))
    return FALSE;
  soup_message_headers_replace (headers, "Signature-Input", input);
  soup_message_headers_replace (headers, "Signature", signature);
  return TRUE;
}

static void
forward_cancel_cb (GCancellable *cancellable, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

GInputStream *
satchel_connection_send (SatchelConnection *self,
                         SoupMessage *message,
                         const guint8 *body_sha256,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (GCancellable) stop = g_cancellable_new ();
  Handshake handshake = {.connection = self, .stop = stop};
  g_autoptr (GInputStream) answer = NULL;
  GError *local = NULL;
  gulong accept_id, starting_id, cancel_id = 0;

  if (!authorize (self, message, body_sha256, error))
    return NULL;
  if (cancellable != NULL)
    cancel_id = g_cancellable_connect (cancellable, G_CALLBACK (forward_cancel_cb),
                                       g_object_ref (stop), g_object_unref);
  accept_id = g_signal_connect (message, "accept-certificate",
                                G_CALLBACK (accept_certificate_cb), &handshake);
  starting_id = g_signal_connect (message, "starting", G_CALLBACK (starting_cb), &handshake);
  answer = soup_session_send (self->session, message, stop, &local);
  g_signal_handler_disconnect (message, accept_id);
  g_signal_handler_disconnect (message, starting_id);
  if (cancellable != NULL)
    g_cancellable_disconnect (cancellable, cancel_id);
  if (answer == NULL) {
    set_send_error (self, &handshake, cancellable, local, error);
    return NULL;
  }
  if (SOUP_STATUS_IS_REDIRECTION (soup_message_get_status (message))) {
    set_untrusted (error, "The server at the intake's address sends us elsewhere: it is not the "
                          "newsroom's.");
    return NULL;
  }
  return g_steal_pointer (&answer);
}

GBytes *
satchel_connection_send_and_read (SatchelConnection *self,
                                  SoupMessage *message,
                                  const guint8 *body_sha256,
                                  gsize limit_bytes,
                                  GCancellable *cancellable,
                                  GError **error)
{
  g_autoptr (GInputStream) answer =
      satchel_connection_send (self, message, body_sha256, cancellable, error);
  g_autoptr (GByteArray) body = g_byte_array_new ();
  GError *local = NULL;

  if (answer == NULL)
    return NULL;
  if (satchel_sink_splice (satchel_sink_to_byte_array (body), answer, limit_bytes, NULL,
                           cancellable, &local))
    return g_byte_array_free_to_bytes (g_steal_pointer (&body));
  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_error_copy (local));
  else if (g_error_matches (local, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_TOO_LARGE))
    g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_PROTOCOL,
                 "The intake's answer is longer than any that it should give.");
  else
    g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNREACHABLE,
                 "The line to the intake broke: %s.", local->message);
  g_error_free (local);
  return NULL;
}

gboolean
satchel_connection_set_status_error (SoupMessage *message, GError **error)
{
  guint status = soup_message_get_status (message);
  SatchelSyncError code = SATCHEL_SYNC_ERROR_PROTOCOL;
  const char *sentence = "The intake gave an answer that the protocol does not have here";

  if (status == 401 || status == 403) {
    code = SATCHEL_SYNC_ERROR_TOKEN;
    sentence = "The intake refused us: the token or key is unknown, expired or revoked";
  } else if (status == 413 || status == 507) {
    code = SATCHEL_SYNC_ERROR_QUOTA;
    sentence = "The intake has no room for it";
  } else if (status == 408 || status == 429 || status >= 500) {
    code = SATCHEL_SYNC_ERROR_UNREACHABLE;
    sentence = "The intake cannot take it now";
  }
  g_set_error (error, SATCHEL_SYNC_ERROR, code, "%s (status %u).", sentence, status);
  return FALSE;
}

SatchelConnection *
satchel_connection_new_engine (const char *url,
                               GBytes *anchor_der,
                               const SatchelConnectionOptions *options,
                               GError **error)
{
  const char *slash = strchr (url + strlen ("https://"), '/');
  g_autofree char *base = slash == NULL ? g_strdup (url) : g_strndup (url, (gsize) (slash - url));

  return connection_new (base, anchor_der, options, error);
}

/* Asks for the descriptor with a fresh nonce. */
static GBytes *
ask_descriptor (SatchelConnection *self,
                const char *nonce,
                GCancellable *cancellable,
                GError **error)
{
  g_autofree char *target = g_strconcat ("/.well-known/satchel?nonce=", nonce, NULL);
  g_autoptr (SoupMessage) message = satchel_connection_new_message (self, "GET", target);
  g_autoptr (GBytes) body = satchel_connection_send_and_read (
      self, message, NULL, SATCHEL_DESCRIPTOR_SIZE_MAX, cancellable, error);

  if (body == NULL)
    return NULL;
  if (soup_message_get_status (message) == 200)
    return g_steal_pointer (&body);
  if (soup_message_get_status (message) >= 500 || soup_message_get_status (message) == 429)
    satchel_connection_set_status_error (message, error);
  else
    set_untrusted (error, "The server at the intake's address cannot prove that it is the "
                          "newsroom's.");
  return NULL;
}

static gboolean
prove (SatchelConnection *self, GCancellable *cancellable, GError **error)
{
  g_autofree char *nonce = satchel_descriptor_new_nonce ();
  g_autoptr (GBytes) text = ask_descriptor (self, nonce, cancellable, error);
  g_autoptr (SatchelDescriptor) descriptor = NULL;
  g_autoptr (GError) local = NULL;
  gsize size;
  const char *data;

  if (text == NULL)
    return FALSE;
  data = g_bytes_get_data (text, &size);
  descriptor = satchel_descriptor_parse (data, (gssize) size, &self->receipt, &local);
  if (descriptor == NULL ||
      !satchel_descriptor_check (descriptor, nonce, self->authority, self->certificate_sha256,
                                 &local)) {
    g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNTRUSTED,
                 "The server's proof that it is the newsroom's intake is wrong: %s.",
                 local->message);
    return FALSE;
  }
  self->descriptor_us = descriptor->time_unix_us;
  self->descriptor_monotonic_us = g_get_monotonic_time ();
  return TRUE;
}

SatchelConnection *
satchel_connection_open (const SatchelIntakeCard *card,
                         const char *address,
                         const SatchelConnectionOptions *options,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (SatchelConnection) self = connection_new (address, card->anchor, options, error);

  if (self == NULL)
    return NULL;
  self->receipt = card->receipt;
  self->has_receipt_key = TRUE;
  return prove (self, cancellable, error) ? g_steal_pointer (&self) : NULL;
}

/* Whether another address is worth a try after this error. */
static gboolean
may_go_on (const GError *error)
{
  return g_error_matches (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNREACHABLE) ||
         g_error_matches (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_PROTOCOL);
}

SatchelConnection *
satchel_connection_open_any (const SatchelIntakeCard *card,
                             const SatchelConnectionOptions *options,
                             GCancellable *cancellable,
                             GError **error)
{
  gboolean has_proxy = options != NULL && options->proxy != NULL;
  g_autoptr (GError) last = NULL;

  for (guint round = has_proxy ? 0 : 1; round < 2; round++) {
    for (guint i = 0; card->addresses[i] != NULL; i++) {
      SatchelConnection *connection;
      if (satchel_address_is_onion (card->addresses[i]) != (round == 0))
        continue;
      g_clear_error (&last);
      connection =
          satchel_connection_open (card, card->addresses[i], options, cancellable, &last);
      if (connection != NULL)
        return connection;
      if (!may_go_on (last)) {
        g_propagate_error (error, g_steal_pointer (&last));
        return NULL;
      }
    }
  }
  if (last != NULL)
    g_propagate_error (error, g_steal_pointer (&last));
  else
    g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNREACHABLE,
                 "The intake is reached through Tor only, and no Tor proxy is set.");
  return NULL;
}
