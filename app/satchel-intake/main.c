/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake.h"

#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-time.h"

#define DEFAULT_PORT 443

static const char help[] =
    "usage: satchel-intake init DIR --name NAME --host HOST[,HOST]... [--port N]\n"
    "       satchel-intake serve DIR [--listen ADDRESS:PORT]\n"
    "       satchel-intake newsroom DIR FILE\n"
    "       satchel-intake stats DIR\n"
    "       satchel-intake check DIR\n"
    "\n"
    "Receives sealed bundles for a newsroom and keeps them until its members fetch them. It holds\n"
    "no key that opens one. satchel-intake(8) tells more.\n";

static void G_GNUC_PRINTF (2, 3)
    set_usage (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_propagate_error (
      error, g_error_new_valist (G_OPTION_ERROR, G_OPTION_ERROR_FAILED, format, arguments));
  va_end (arguments);
}

/* Takes a command's options out of @argv; leaves exactly @count operands. */
static gboolean
parse (const GOptionEntry *entries, int *argc, char ***argv, int count, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) local_error = NULL;

  g_option_context_set_help_enabled (context, FALSE);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, &local_error)) {
    set_usage (error, "%s", local_error->message);
    return FALSE;
  }
  if (*argc != count + 1) {
    set_usage (error, "wrong number of arguments; satchel-intake --help shows them");
    return FALSE;
  }
  return TRUE;
}

static gboolean
run_init (int argc, char **argv, GError **error)
{
  g_autofree char *name = NULL;
  g_autofree char *host_list = NULL;
  int port = DEFAULT_PORT;
  const GOptionEntry entries[] = {
      {"name", 0, 0, G_OPTION_ARG_STRING, &name, NULL, NULL},
      {"host", 0, 0, G_OPTION_ARG_STRING, &host_list, NULL, NULL},
      {"port", 0, 0, G_OPTION_ARG_INT, &port, NULL, NULL},
      {NULL},
  };

  if (!parse (entries, &argc, &argv, 1, error))
    return FALSE;
  if (name == NULL || host_list == NULL || port < 1 || port > 65535) {
    set_usage (error, "init needs --name, --host, and a --port from 1 to 65535");
    return FALSE;
  }
  g_auto (GStrv) hosts = g_strsplit (host_list, ",", -1);
  if (!satchel_intake_site_init (argv[1], name, (const char *const *) hosts, port, error))
    return FALSE;
  g_autofree char *card = g_build_filename (argv[1], "intake.card", NULL);
  printf ("Give this card to the newsroom:\n%s\n", card);
  return TRUE;
}

static gboolean
run_serve (int argc, char **argv, GError **error)
{
  g_autofree char *listen = NULL;
  const GOptionEntry entries[] = {
      {"listen", 0, 0, G_OPTION_ARG_STRING, &listen, NULL, NULL},
      {NULL},
  };

  return parse (entries, &argc, &argv, 1, error) && intake_serve (argv[1], listen, error);
}

static gboolean
run_newsroom (int argc, char **argv, GError **error)
{
  g_autoptr (SatchelIntakeSite) site = NULL;
  g_autoptr (GBytes) text = NULL;
  gsize size_bytes;

  if (!parse (NULL, &argc, &argv, 2, error))
    return FALSE;
  site = satchel_intake_site_load (argv[1], error);
  if (site == NULL)
    return FALSE;
  text = satchel_file_load (argv[2], SATCHEL_NEWSROOM_CARD_SIZE_MAX, error);
  if (text == NULL)
    return FALSE;
  const char *data = g_bytes_get_data (text, &size_bytes);
  if (!satchel_intake_site_admit_newsroom (site, data, size_bytes, TRUE, error))
    return FALSE;
  g_autoptr (SatchelNewsroomCard) card = satchel_intake_site_load_newsroom (site, error);
  if (card == NULL)
    return FALSE;
  g_autofree char *lead = satchel_minisign_key_format (&card->lead);
  printf ("admitted: newsroom card %" G_GUINT64_FORMAT ", lead %s, %u members\n", card->number,
          lead, card->members->len);
  return TRUE;
}

static void
print_counts (SatchelIntakeLog *log)
{
  g_autoptr (GArray) entries = satchel_intake_log_all (log);
  guint64 stored_bytes = 0;
  guint stored = 0, seen = 0, deleted = 0;

  for (guint i = 0; i < entries->len; i++) {
    const SatchelIntakeEntry *entry = &g_array_index (entries, SatchelIntakeEntry, i);
    if (entry->deleted) {
      deleted++;
    } else {
      stored++;
      stored_bytes += entry->size_bytes;
      seen += entry->seen;
    }
  }
  printf ("stored: %u files, %" G_GUINT64_FORMAT " bytes, %u of them seen\n", stored, stored_bytes,
          seen);
  printf ("deleted: %u files\n", deleted);
  printf ("log: %" G_GUINT64_FORMAT " lines\n", satchel_intake_log_count (log));
}

static void
print_newsroom (const SatchelIntakeSite *site)
{
  g_autoptr (SatchelNewsroomCard) card = satchel_intake_site_load_newsroom (site, NULL);

  if (card == NULL) {
    puts ("newsroom: no card admitted yet");
    return;
  }
  g_autofree char *until = satchel_utc_format (card->valid_until_unix_us);
  printf ("newsroom: card %" G_GUINT64_FORMAT ", %u members, valid until %s%s\n", card->number,
          card->members->len, until,
          satchel_newsroom_card_is_stale (card, satchel_now_us ()) ? " (stale)" : "");
}

static guint
count_files (const char *folder, const char *ending, guint64 *size_bytes)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint count = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    struct stat facts;
    if (g_str_has_suffix (name, ending) && stat (path, &facts) == 0) {
      count++;
      *size_bytes += facts.st_size;
    }
  }
  return count;
}

/* A log without a signing key's use: reading alone, also while the intake serves. */
static SatchelIntakeLog *
open_log (const SatchelIntakeSite *site, GError **error)
{
  g_autofree char *path = satchel_intake_site_dup_path (site, "log");

  return satchel_intake_log_open_to_read (path, site->receipt_pair, error);
}

static gboolean
run_stats (int argc, char **argv, GError **error)
{
  g_autoptr (SatchelIntakeSite) site = NULL;
  g_autoptr (SatchelIntakeLog) log = NULL;
  guint64 unfinished_bytes = 0;

  if (!parse (NULL, &argc, &argv, 1, error))
    return FALSE;
  site = satchel_intake_site_load (argv[1], error);
  if (site == NULL)
    return FALSE;
  log = open_log (site, error);
  if (log == NULL)
    return FALSE;
  print_counts (log);
  g_autofree char *uploads = satchel_intake_site_dup_path (site, "uploads");
  guint unfinished = count_files (uploads, ".part", &unfinished_bytes);
  printf ("unfinished: %u uploads, %" G_GUINT64_FORMAT " bytes\n", unfinished, unfinished_bytes);
  print_newsroom (site);
  return TRUE;
}

static void
tell_fault (const char *fault, gpointer user_data)
{
  guint *count = user_data;

  printf ("%s\n", fault);
  (*count)++;
}

static gboolean
run_check (int argc, char **argv, GError **error)
{
  g_autoptr (SatchelIntakeSite) site = NULL;
  guint faults = 0;
  guint64 lines = 0;

  if (!parse (NULL, &argc, &argv, 1, error))
    return FALSE;
  site = satchel_intake_site_load (argv[1], error);
  if (site == NULL)
    return FALSE;
  if (!satchel_intake_site_check (site, tell_fault, &faults, &lines, error))
    return FALSE;
  if (faults > 0) {
    g_set_error (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_DAMAGED, "faults found: %u",
                 faults);
    return FALSE;
  }
  printf ("no fault: %" G_GUINT64_FORMAT " log lines, every file and signature as it should be\n",
          lines);
  return TRUE;
}

static int
exit_code_of (const GError *error)
{
  if (error->domain == G_OPTION_ERROR)
    return INTAKE_USAGE;
  if (g_error_matches (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_NOT_FOUND))
    return INTAKE_NOT_THERE;
  if (g_error_matches (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_BUSY))
    return INTAKE_BUSY;
  if (g_error_matches (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_EXISTS))
    return INTAKE_USAGE;
  if (error->domain == SATCHEL_INTAKE_ERROR && error->code == SATCHEL_INTAKE_ERROR_REQUEST)
    return INTAKE_USAGE;
  if (error->domain == SATCHEL_INTAKE_ERROR && error->code != SATCHEL_INTAKE_ERROR_NO_SPACE)
    return INTAKE_UNVERIFIED;
  return INTAKE_NO_SPACE;
}

static int
run (int argc, char **argv, GError **error)
{
  static const struct {
    const char *name;
    gboolean (*run) (int argc, char **argv, GError **error);
  } commands[] = {
      {"init", run_init},
      {"serve", run_serve},
      {"newsroom", run_newsroom},
      {"stats", run_stats},
      {"check", run_check},
  };

  if (argc >= 2 && (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0)) {
    fputs (help, stdout);
    return INTAKE_DONE;
  }
  if (argc >= 2 && strcmp (argv[1], "--version") == 0) {
    puts ("satchel-intake " SATCHEL_VERSION);
    return INTAKE_DONE;
  }
  for (guint i = 0; argc >= 2 && i < G_N_ELEMENTS (commands); i++)
    if (strcmp (argv[1], commands[i].name) == 0)
      return commands[i].run (argc - 1, argv + 1, error) ? INTAKE_DONE : exit_code_of (*error);
  set_usage (error, "name a command: init, serve, newsroom, stats or check");
  return INTAKE_USAGE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  /* Nothing that a desktop's helpers would like to know may be told to them. */
  g_setenv ("GIO_USE_VFS", "local", TRUE);
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  /* Where GIO's TLS is GnuTLS: nothing older than 1.2. What is spoken is looked at again after each
   * handshake. */
  g_setenv ("G_TLS_GNUTLS_PRIORITY", "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2", TRUE);
  /* Pieces of bodies go from thread to thread: without these, each thread's heap would keep its
   * own worst moment for ever. */
  mallopt (M_ARENA_MAX, 2);
  mallopt (M_MMAP_THRESHOLD, 128 * 1024);
  umask (0077);
  signal (SIGPIPE, SIG_IGN);
  setlocale (LC_ALL, "");
  satchel_secret_init ();
  g_set_prgname ("satchel-intake");
  int exit_code = run (argc, argv, &error);
  if (error != NULL)
    fprintf (stderr, "satchel-intake: %s\n", error->message);
  if (fflush (stdout) != 0 && exit_code == INTAKE_DONE)
    exit_code = INTAKE_NO_SPACE;
  return exit_code;
}
