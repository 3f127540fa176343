/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/satchel-tus.h"

#include <string.h>

#include "base/satchel-file.h"
#include "base/satchel-hash.h"
#include "fake-intake.h"
#include "intake/satchel-intake-certificate.h"
#include "test-support.h"

/* The tus client against the tus project's own server, as an engine is reached: TLS to its own
 * anchor, and nothing of Satchel's at the other end. */
#define SIZE 5000000

typedef struct {
  char *folder;
  char *store;
  SatchelIntakeCertificates *certificates;
  GSubprocess *process;
  char *url;
} Peer;

static void
peer_free (Peer *self)
{
  if (self == NULL)
    return;
  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
  g_object_unref (self->process);
  satchel_intake_certificates_free (self->certificates);
  test_scratch_free (self->folder);
  g_free (self->store);
  g_free (self->url);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Peer, peer_free)

static char *
keep (Peer *self, const char *name, GBytes *content)
{
  char *path = g_build_filename (self->folder, name, NULL);
  gsize size;
  const guint8 *data = g_bytes_get_data (content, &size);

  g_assert_true (satchel_file_store (path, data, size, NULL));
  return path;
}

static Peer *
peer_new (const char *modules)
{
  static const char *const hosts[] = {"localhost", NULL};
  Peer *self = g_new0 (Peer, 1);
  g_autoptr (GError) error = NULL;
  g_autofree char *script = test_source_path ("support/tus-server.cjs");
  g_autofree char *key = NULL, *certificate = NULL, *line = NULL;
  g_autoptr (GDataInputStream) output = NULL;

  self->folder = test_scratch_new ();
  self->store = g_build_filename (self->folder, "store", NULL);
  g_assert_true (satchel_folder_make (self->store, NULL));
  self->certificates = satchel_intake_certificates_new (hosts, &error);
  g_assert_no_error (error);
  key = keep (self, "server.key", self->certificates->server_key_pem);
  certificate = keep (self, "server.crt", self->certificates->server_pem);
  self->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "node", script,
                                    modules, self->store, key, certificate, NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  line = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
  self->url = g_strdup_printf ("https://localhost:%s/files", line);
  return self;
}

/* Ends the run after the first piece, as a lost line would. */
static gboolean
cut_cb (const SatchelTusState *state, gpointer user_data, GError **error)
{
  GCancellable *cancellable = user_data;

  if (state->offset > 0 && cancellable != NULL)
    g_cancellable_cancel (cancellable);
  return TRUE;
}

static gboolean
upload (Peer *peer, const char *path, SatchelTusState *state, gboolean cut, GError **error)
{
  SatchelTusFile file = {
      .create_target = "/files", .path = path, .size_bytes = SIZE, .piece_bytes = 1000000};
  g_autoptr (GCancellable) cancellable = cut ? g_cancellable_new () : NULL;
  g_autoptr (SatchelConnection) connection = satchel_connection_new_engine (
      peer->url, peer->certificates->authority_der, NULL, error);

  return connection != NULL && satchel_tus_upload (connection, &file, state, cut_cb, cancellable,
                                                   cancellable, error);
}

static void
test_upload (void)
{
  const char *home = g_getenv ("SATCHEL_NPM");
  g_autofree char *cached =
      g_build_filename (g_get_user_cache_dir (), "satchel", "npm", "node_modules", NULL);
  const char *modules = home != NULL ? home : cached;
  g_autofree char *server = g_build_filename (modules, "@tus", "server", NULL);
  g_autofree char *path = NULL, *stored = NULL, *name = NULL;
  g_autoptr (GBytes) noise = test_noise (SIZE, 23), there = NULL;
  g_autoptr (Peer) peer = NULL;
  g_autoptr (GError) error = NULL;
  SatchelTusState state = {0};

  if (!g_file_test (server, G_FILE_TEST_IS_DIR)) {
    g_test_skip ("@tus/server is not installed");
    return;
  }
  if (!test_has_program ("node"))
    return;
  peer = peer_new (modules);
  path = keep (peer, "sealed", noise);
  g_assert_false (upload (peer, path, &state, TRUE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_cmpuint (state.offset, >, 0);
  g_assert_cmpuint (state.offset, <, SIZE);
  g_assert_true (upload (peer, path, &state, FALSE, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (state.sent_bytes, ==, SIZE);
  name = g_path_get_basename (state.location);
  stored = g_build_filename (peer->store, name, NULL);
  there = satchel_file_load (stored, SIZE + 1, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (there, noise));
  satchel_tus_state_clear (&state);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  g_test_add_func ("/tus-server/upload", test_upload);
  return g_test_run ();
}
