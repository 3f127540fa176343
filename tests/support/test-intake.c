/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-intake.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#include "base/satchel-file.h"
#include "test-support.h"

static char *
program_path (void)
{
  return g_build_filename (g_getenv ("G_TEST_BUILDDIR"), "..", "app", "satchel-intake",
                           "satchel-intake", NULL);
}

guint16
test_free_port (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
                                             G_SOCKET_PROTOCOL_TCP, &error);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) bound = NULL;

  g_assert_no_error (error);
  g_assert_true (g_socket_bind (socket, any, TRUE, &error));
  bound = g_socket_get_local_address (socket, &error);
  g_assert_no_error (error);
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
}

static void
run (const char *const *argv)
{
  g_autofree char *message = NULL;
  int status = test_run (argv, NULL, NULL, &message);

  if (status != 0)
    g_error ("satchel-intake: %s", message);
}

TestIntake *
test_intake_new (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *program = program_path (), *card_path = NULL;
  g_autoptr (GBytes) text = NULL;
  TestIntake *self = g_new0 (TestIntake, 1);

  self->folder = g_build_filename (folder, "intake", NULL);
  self->port = g_strdup_printf ("%u", test_free_port ());
  {
    const char *const argv[] = {program, "init", self->folder, "--name", "Loopback",
                                "--host", "localhost", "--port", self->port, NULL};
    run (argv);
  }
  card_path = g_build_filename (self->folder, "intake.card", NULL);
  text = satchel_file_load (card_path, SATCHEL_INTAKE_CARD_SIZE_MAX, &error);
  g_assert_no_error (error);
  self->card = satchel_intake_card_parse (g_bytes_get_data (text, NULL),
                                          (gssize) g_bytes_get_size (text), &error);
  g_assert_no_error (error);
  return self;
}

void
test_intake_free (TestIntake *self)
{
  if (self == NULL)
    return;
  test_intake_kill (self);
  satchel_intake_card_free (self->card);
  g_free (self->folder);
  g_free (self->port);
  g_free (self);
}

void
test_intake_admit (TestIntake *self, const SatchelNewsroomCard *card)
{
  g_autofree char *program = program_path ();
  g_autofree char *path = g_strconcat (self->folder, ".newsroom", NULL);
  const char *const argv[] = {program, "newsroom", self->folder, path, NULL};

  g_assert_true (
      satchel_file_store (path, (const guint8 *) card->text, strlen (card->text), NULL));
  run (argv);
}

/* A test that fails leaves no server behind, which would hold the runner's pipes open. */
static void
die_with_test (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

void
test_intake_start (TestIntake *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autofree char *program = program_path (), *line = NULL;
  g_autofree char *listen = g_strconcat ("127.0.0.1:", self->port, NULL);
  g_autoptr (GDataInputStream) output = NULL;

  g_subprocess_launcher_set_child_setup (launcher, die_with_test, NULL, NULL);
  self->process = g_subprocess_launcher_spawn (launcher, &error, program, "serve", self->folder,
                                               "--listen", listen, NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (output), FALSE);
  line = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
  g_assert_true (g_str_has_prefix (line, "listening"));
}

void
test_intake_kill (TestIntake *self)
{
  if (self->process == NULL)
    return;
  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->process);
}
