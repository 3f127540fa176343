/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl.h"

#include <glib/gi18n.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/satchel-locale.h"

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(const CtlCommand *const *) a)->name, (*(const CtlCommand *const *) b)->name);
}

static char *
command_list (void)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  GString *text = g_string_new (_ ("Commands:\n"));

  for (guint i = 0; ctl_families[i] != NULL; i++)
    for (const CtlCommand *command = ctl_families[i]; command->name != NULL; command++)
      g_ptr_array_add (all, (gpointer) command);
  g_ptr_array_sort (all, compare_names);
  for (guint i = 0; i < all->len; i++) {
    const CtlCommand *command = g_ptr_array_index (all, i);
    g_string_append_printf (text, "  %-16s %s\n", command->name, _ (command->summary));
  }
  g_string_append (text, _ ("\nsatchelctl COMMAND --help tells more about one."));
  return g_string_free (text, FALSE);
}

/* Waits for the signals that every thread blocks, so that work ends at its next chunk and cleans
 * up. */
static gpointer
signal_thread (gpointer data)
{
  GCancellable *cancellable = data;
  sigset_t set;
  int received = 0;

  sigemptyset (&set);
  sigaddset (&set, SIGINT);
  sigaddset (&set, SIGTERM);
  sigaddset (&set, SIGHUP);
  sigwait (&set, &received);
  g_cancellable_cancel (cancellable);
  /* A second one ends the program at once. */
  pthread_sigmask (SIG_UNBLOCK, &set, NULL);
  return NULL;
}

static void
start_signals (GCancellable *cancellable)
{
  sigset_t set;

  signal (SIGPIPE, SIG_IGN);
  sigemptyset (&set);
  sigaddset (&set, SIGINT);
  sigaddset (&set, SIGTERM);
  sigaddset (&set, SIGHUP);
  pthread_sigmask (SIG_BLOCK, &set, NULL);
  g_thread_unref (g_thread_new ("signals", signal_thread, cancellable));
}

static char *
default_folder (const char *named)
{
  const char *environment = g_getenv ("SATCHEL_VAULT");

  if (named != NULL && *named != '\0')
    return g_strdup (named);
  if (environment != NULL && *environment != '\0')
    return g_strdup (environment);
  return g_build_filename (g_get_user_data_dir (), "satchel", "vault", NULL);
}

static gboolean
parse_globals (Ctl *ctl, int *argc, char ***argv, GError **error)
{
  g_autofree char *folder = NULL;
  gboolean version = FALSE;
  const GOptionEntry entries[] = {
      {"vault", 0, 0, G_OPTION_ARG_FILENAME, &folder, N_ ("The vault's folder"), N_ ("DIR")},
      {"passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &ctl->passphrase_file,
       N_ ("Read the passphrase there (- is standard input)"), N_ ("FILE")},
      {"json", 0, 0, G_OPTION_ARG_NONE, &ctl->json, N_ ("Print one JSON value"), NULL},
      {"quiet", 0, 0, G_OPTION_ARG_NONE, &ctl->quiet, N_ ("Say nothing but results and errors"),
       NULL},
      {"version", 0, 0, G_OPTION_ARG_NONE, &version, N_ ("Print the version"), NULL},
      {NULL},
  };
  g_autofree char *commands = command_list ();
  g_autoptr (GOptionContext) context = g_option_context_new (_ ("COMMAND ..."));
  g_autoptr (GError) local_error = NULL;

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_set_summary (
      context, _ ("Keeps reports and evidence in an encrypted vault, and sends them sealed."));
  g_option_context_set_description (context, commands);
  if (!g_option_context_parse (context, argc, argv, &local_error)) {
    ctl_set_usage (error, "%s", local_error->message);
    return FALSE;
  }
  if (version) {
    puts ("satchelctl " SATCHEL_VERSION);
    exit (CTL_DONE);
  }
  ctl->folder = default_folder (folder);
  return TRUE;
}

static int
run_command (Ctl *ctl, int argc, char **argv, GError **error)
{
  int exit_code = CTL_DONE;

  if (!parse_globals (ctl, &argc, &argv, error))
    return CTL_USAGE;
  if (argc < 2) {
    ctl_set_usage (error, _ ("name a command; satchelctl --help lists them"));
    return CTL_USAGE;
  }
  const CtlCommand *command = ctl_find_command (argv[1]);
  if (command == NULL) {
    ctl_set_usage (error, _ ("there is no command %s; satchelctl --help lists them"), argv[1]);
    return CTL_USAGE;
  }
  if (!command->run (ctl, argc - 1, argv + 1, &exit_code, error))
    return -1;
  /* A command without a result of its own says at least that it is done: one value in every run. */
  if (ctl->json && !ctl_has_answered ())
    puts ("{\"done\":true}");
  return exit_code;
}

static void
ctl_clear (Ctl *ctl)
{
  ctl_progress_end (ctl);
  g_clear_pointer (&ctl->vault, satchel_vault_close);
  g_clear_pointer (&ctl->pool, satchel_pool_free);
  g_clear_pointer (&ctl->folder, g_free);
  g_clear_pointer (&ctl->passphrase_file, g_free);
}

int
main (int argc, char **argv)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Ctl ctl = {.cancellable = cancellable};

  /* Nothing that the desktop would like to know may be told to it. */
  g_setenv ("GIO_USE_VFS", "local", TRUE);
  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  umask (0077);
  satchel_secret_init ();
  satchel_locale_start (GETTEXT_PACKAGE, SATCHEL_LOCALEDIR);
  g_set_prgname ("satchelctl");
  start_signals (cancellable);
  ctl.pool = satchel_pool_new (g_get_num_processors ());

  int exit_code = run_command (&ctl, argc, argv, &error);
  ctl_clear (&ctl);
  if (error != NULL) {
    exit_code = ctl_exit_code (error);
    g_autofree char *message = ctl_shown (error->message);
    fprintf (stderr, "satchelctl: %s\n", message);
  }
  if (fflush (stdout) != 0 && exit_code == CTL_DONE) {
    fprintf (stderr, "satchelctl: %s\n", _ ("the output could not be written"));
    exit_code = CTL_NO_SPACE;
  }
  return exit_code;
}
