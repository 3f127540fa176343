/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-intake.h"

#include <libsoup/soup.h>
#include <string.h>

#include "base/satchel-file.h"
#include "base/satchel-hash.h"
#include "base/satchel-time.h"
#include "intake/satchel-intake-certificate.h"
#include "papers/satchel-descriptor.h"
#include "test-support.h"

/* libsoup 3.2 loses the address of a server's listener and every socket that it accepts (both
 * mended upstream in 3.4). Satchel's intake accepts by itself; this one does not, and the leak
 * checker is told, as valgrind is by valgrind.supp. */
#if defined(__SANITIZE_ADDRESS__)
#define IS_LEAK_CHECKED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_LEAK_CHECKED 1
#endif
#endif
#ifdef IS_LEAK_CHECKED
#include <sanitizer/lsan_interface.h>
#else
#define __lsan_disable()
#define __lsan_enable()
#endif

struct _FakeIntake {
  FakeMode mode;
  char *folder;
  SatchelIntakeCard *card;
  SatchelSecret *pair;
  SatchelSecret *other_pair;
  char *authority;
  guint8 certificate_sha256[32];
  GTlsCertificate *certificate;
  SoupServer *server;
  GMainContext *context;
  GMainLoop *loop;
  GThread *thread;
  guint64 offset;
  gint body_bytes;
  gint requests;
};

static void
answer_proof (FakeIntake *self, SoupServerMessage *message, GHashTable *query)
{
  SatchelDescriptor descriptor = {.protocol = SATCHEL_PROTOCOL_VERSION};
  g_autofree char *text = NULL, *other_nonce = satchel_descriptor_new_nonce ();
  g_autoptr (GError) error = NULL;

  descriptor.time_unix_us = satchel_now_us ();
  descriptor.nonce = g_hash_table_lookup (query, "nonce");
  descriptor.authority = self->authority;
  memcpy (descriptor.certificate_sha256, self->certificate_sha256, 32);
  if (self->mode == FAKE_PROOF_OTHER_CERT)
    descriptor.certificate_sha256[0] ^= 1;
  if (self->mode == FAKE_PROOF_OTHER_NONCE)
    descriptor.nonce = other_nonce;
  if (self->mode == FAKE_PROOF_OTHER_NAME)
    descriptor.authority = (char *) "desk.example";
  text = satchel_descriptor_sign (
      &descriptor, self->mode == FAKE_PROOF_OTHER_KEY ? self->other_pair : self->pair, &error);
  g_assert_no_error (error);
  if (self->mode == FAKE_PROOF_LONG) {
    g_autofree char *filler = g_strnfill (1 << 20, 'x');
    soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_COPY, filler, 1 << 20);
  } else
    soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_COPY, text,
                                      strlen (text));
  soup_server_message_set_status (message, self->mode == FAKE_NO_PROOF ? 404 : 200, NULL);
}

static void
answer_upload (FakeIntake *self, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  const char *method = soup_server_message_get_method (message);
  gsize body = soup_server_message_get_request_body (message)->length;
  g_autofree char *offset = NULL;

  g_atomic_int_add (&self->body_bytes, (gint) body);
  g_atomic_int_inc (&self->requests);
  if (self->mode == FAKE_QUOTA || self->mode == FAKE_FORBIDDEN) {
    soup_server_message_set_status (message, self->mode == FAKE_QUOTA ? 507 : 401, NULL);
    return;
  }
  if (strcmp (method, "POST") == 0) {
    soup_message_headers_replace (headers, "Location",
                                  self->mode == FAKE_OTHER_HOST ? "https://elsewhere.example/u/1"
                                                                : "/uploads/1");
    soup_server_message_set_status (message, 201, NULL);
    return;
  }
  if (self->mode == FAKE_FORGETFUL ||
      (self->mode == FAKE_CONFLICT && strcmp (method, "PATCH") == 0)) {
    soup_server_message_set_status (message, self->mode == FAKE_CONFLICT ? 409 : 404, NULL);
    return;
  }
  if (self->mode == FAKE_SHORT_OFFSET)
    body = MIN (body, 1);
  if (self->mode == FAKE_AHEAD)
    body++;
  if (self->mode != FAKE_STUCK_OFFSET)
    self->offset += body;
  if (self->mode == FAKE_LOWER_OFFSET && self->offset > 30000)
    self->offset = 1;
  offset = g_strdup_printf ("%" G_GUINT64_FORMAT,
                            self->mode == FAKE_HIGH_OFFSET ? 1 << 30 : self->offset);
  soup_message_headers_replace (headers, "Upload-Offset", offset);
  soup_server_message_set_status (message, strcmp (method, "PATCH") == 0 ? 204 : 200, NULL);
}

static void
handle_cb (SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           GHashTable *query,
           gpointer user_data)
{
  FakeIntake *self = user_data;

  if (self->mode == FAKE_REDIRECT)
    soup_server_message_set_redirect (message, 302, "https://elsewhere.example/");
  else if (strcmp (path, "/.well-known/satchel") == 0)
    answer_proof (self, message, query);
  else
    answer_upload (self, message);
}

static gpointer
serve_thread (gpointer data)
{
  FakeIntake *self = data;

  __lsan_disable ();
  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);
  g_main_context_pop_thread_default (self->context);
  __lsan_enable ();
  return NULL;
}

static void
store (FakeIntake *self, const char *name, GBytes *content)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  gsize size;
  const guint8 *data = g_bytes_get_data (content, &size);

  g_assert_true (satchel_file_store (path, data, size, NULL));
}

/* The server's key in a certificate that ended yesterday. */
static char *
make_expired (FakeIntake *self)
{
  static const char script[] =
      "cd \"$0\" && openssl req -new -key server.key -subj / -addext "
      "'subjectAltName=DNS:localhost' -out server.csr && "
      "openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days -1 "
      "-copy_extensions copy -out expired.crt";
  const char *const argv[] = {"sh", "-c", script, self->folder, NULL};
  g_autofree char *message = NULL, *path = g_build_filename (self->folder, "expired.crt", NULL);
  g_autoptr (GBytes) text = NULL;

  if (test_run (argv, NULL, NULL, &message) != 0)
    g_error ("openssl: %s", message);
  text = satchel_file_load (path, 1 << 16, NULL);
  return g_strndup (g_bytes_get_data (text, NULL), g_bytes_get_size (text));
}

static void
make_certificate (FakeIntake *self, const SatchelIntakeCertificates *real)
{
  static const char *const here[] = {"localhost", NULL};
  g_autoptr (SatchelIntakeCertificates) other = satchel_intake_certificates_new (here, NULL);
  g_autoptr (GByteArray) der = NULL;
  g_autoptr (GError) error = NULL;
  const SatchelIntakeCertificates *used = self->mode == FAKE_OTHER_AUTHORITY ? other : real;
  g_autofree char *server = NULL, *pem = NULL;

  store (self, "ca.crt", real->authority_pem);
  store (self, "ca.key", real->authority_key_pem);
  store (self, "server.key", real->server_key_pem);
  server = self->mode == FAKE_EXPIRED
               ? make_expired (self)
               : g_strndup (g_bytes_get_data (used->server_pem, NULL),
                            g_bytes_get_size (used->server_pem));
  pem = g_strdup_printf ("%s\n%.*s", server, (int) g_bytes_get_size (used->server_key_pem),
                         (const char *) g_bytes_get_data (used->server_key_pem, NULL));
  self->certificate = g_tls_certificate_new_from_pem (pem, -1, &error);
  g_assert_no_error (error);
  g_object_get (self->certificate, "certificate", &der, NULL);
  satchel_sha256 (der->data, der->len, self->certificate_sha256);
}

static void
make_card (FakeIntake *self, GBytes *authority_der, guint port)
{
  g_autofree char *address = g_strdup_printf ("https://localhost:%u", port);
  const char *const addresses[] = {address, NULL};
  g_autoptr (GError) error = NULL;

  self->card =
      satchel_intake_card_sign ("Fake", addresses, authority_der, self->pair, &error);
  g_assert_no_error (error);
  self->authority = g_strdup_printf ("localhost:%u", port);
}

FakeIntake *
fake_intake_new (FakeMode mode)
{
  static const char *const names[2][2] = {{"localhost", NULL}, {"desk.example", NULL}};
  g_autoptr (SatchelIntakeCertificates) real =
      satchel_intake_certificates_new (names[mode == FAKE_OTHER_NAME], NULL);
  FakeIntake *self = g_new0 (FakeIntake, 1);
  g_autoptr (GError) error = NULL;
  GSList *uris;

  self->mode = mode;
  self->folder = test_scratch_new ();
  self->pair = satchel_minisign_pair_new (NULL);
  self->other_pair = satchel_minisign_pair_new (NULL);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  make_certificate (self, real);
  g_main_context_push_thread_default (self->context);
  self->server = soup_server_new ("tls-certificate", self->certificate, NULL);
  soup_server_add_handler (self->server, NULL, handle_cb, self, NULL);
  __lsan_disable ();
  soup_server_listen_local (self->server, 0,
                            SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  g_main_context_pop_thread_default (self->context);
  uris = soup_server_get_uris (self->server);
  __lsan_enable ();
  make_card (self, real->authority_der, (guint) g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  self->thread = g_thread_new ("fake-intake", serve_thread, self);
  return self;
}

static gboolean
quit_cb (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

/* Through the context, so that it counts also where the thread has not come to run its loop yet. */
static void
quit_loop (FakeIntake *self)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_callback (source, quit_cb, self->loop, NULL);
  g_source_attach (source, self->context);
}

void
fake_intake_free (FakeIntake *self)
{
  if (self == NULL)
    return;
  quit_loop (self);
  g_thread_join (self->thread);
  g_object_unref (self->server);
  g_object_unref (self->certificate);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  satchel_intake_card_free (self->card);
  satchel_secret_unref (self->pair);
  satchel_secret_unref (self->other_pair);
  test_scratch_free (self->folder);
  g_free (self->authority);
  g_free (self);
}

const SatchelIntakeCard *
fake_intake_get_card (FakeIntake *self)
{
  return self->card;
}

guint
fake_intake_count_body_bytes (FakeIntake *self)
{
  return (guint) g_atomic_int_get (&self->body_bytes);
}

guint
fake_intake_count_requests (FakeIntake *self)
{
  return (guint) g_atomic_int_get (&self->requests);
}
