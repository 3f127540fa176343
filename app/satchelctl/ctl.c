/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <sodium.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-locale.h"
#include "base/satchel-text.h"
#include "base/satchel-time.h"
#include "legal/satchel-export.h"
#include "records/satchel-evidence-writer.h"
#include "sync/satchel-journal.h"

/* Longer than anyone types, small beside the guarded memory there is. */
#define PASSPHRASE_MAX 4096
/* Characters of a text from outside that a terminal is shown. */
#define SHOWN_MAX 2000

// clang-format off
G_DEFINE_QUARK (ctl_error, ctl_error)
// clang-format on

void
ctl_set_usage (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_autofree char *message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, CTL_ERROR, CTL_USAGE, message);
}

const CtlCommand *const ctl_families[] = {
    ctl_vault_commands,
    ctl_key_commands,
    ctl_record_commands,
    ctl_list_commands,
    ctl_people_commands,
    ctl_sync_commands,
    ctl_inbox_commands,
    ctl_proof_commands,
    ctl_tool_commands,
    NULL,
};

const CtlCommand *
ctl_find_command (const char *name)
{
  for (guint i = 0; ctl_families[i] != NULL; i++)
    for (const CtlCommand *command = ctl_families[i]; command->name != NULL; command++)
      if (g_str_equal (command->name, name))
        return command;
  return NULL;
}

gboolean
ctl_parse (const CtlCommand *command,
           const GOptionEntry *entries,
           int *argc,
           char ***argv,
           int min,
           int max,
           GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (command->arguments);
  g_autoptr (GError) local_error = NULL;

  g_option_context_set_summary (context, _ (command->summary));
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  /* The program's name in the help reads "satchelctl COMMAND". */
  g_autofree char *program = g_strconcat ("satchelctl ", command->name, NULL);
  g_set_prgname (program);
  gboolean parsed = g_option_context_parse (context, argc, argv, &local_error);
  g_set_prgname ("satchelctl");
  if (!parsed) {
    ctl_set_usage (error, "%s", local_error->message);
    return FALSE;
  }

  /* GOption leaves "--" in place where it was needed to stop. */
  if (*argc > 1 && g_str_equal ((*argv)[1], "--")) {
    memmove (*argv + 1, *argv + 2, sizeof (char *) * (*argc - 1));
    *argc -= 1;
  }
  if (*argc - 1 < min || (max >= 0 && *argc - 1 > max)) {
    ctl_set_usage (error, _ ("usage: satchelctl %s %s"), command->name, command->arguments);
    return FALSE;
  }
  return TRUE;
}

static SatchelSecret *
read_line_from (int fd, const char *origin, GError **error)
{
  g_autoptr (SatchelSecret) buffer = satchel_secret_new (PASSPHRASE_MAX + 2, error);
  gsize used = 0;

  if (buffer == NULL)
    return NULL;
  guint8 *data = satchel_secret_get_writable (buffer);
  for (;;) {
    ssize_t got = read (fd, data + used, PASSPHRASE_MAX + 2 - used);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0) {
      satchel_base_set_errno (error, errno, "read the passphrase");
      return NULL;
    }
    used += got;
    /* A terminal gives one line a read; a file is read to its end. */
    if (got == 0 || used == PASSPHRASE_MAX + 2 || (isatty (fd) && data[used - 1] == '\n'))
      break;
  }
  if (used > 0 && data[used - 1] == '\n')
    used--;
  if (used > 0 && data[used - 1] == '\r')
    used--;
  if (used == 0 || used > PASSPHRASE_MAX) {
    ctl_set_usage (error, _ ("the passphrase from %s is empty or longer than %d bytes"), origin,
                   PASSPHRASE_MAX);
    return NULL;
  }
  return satchel_secret_new_copy (data, used, error);
}

static SatchelSecret *
ask (int terminal, const char *prompt, GError **error)
{
  struct termios before, silent;

  dprintf (terminal, "%s: ", prompt);
  if (tcgetattr (terminal, &before) != 0) {
    satchel_base_set_errno (error, errno, "use the terminal");
    return NULL;
  }
  silent = before;
  silent.c_lflag &= ~(tcflag_t) ECHO;
  tcsetattr (terminal, TCSAFLUSH, &silent);
  SatchelSecret *answer = read_line_from (terminal, _ ("the terminal"), error);
  tcsetattr (terminal, TCSAFLUSH, &before);
  dprintf (terminal, "\n");
  return answer;
}

static SatchelSecret *
ask_on_terminal (const char *prompt, gboolean twice, GError **error)
{
  int terminal = open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

  if (terminal < 0) {
    ctl_set_usage (error,
                   _ ("there is no terminal to ask for the passphrase: use --passphrase-file"));
    return NULL;
  }
  g_autoptr (SatchelSecret) first = ask (terminal, prompt, error);
  if (first != NULL && twice) {
    g_autoptr (SatchelSecret) second = ask (terminal, _ ("Once more"), error);
    if (second == NULL || !satchel_secret_equal (first, second)) {
      if (second != NULL)
        ctl_set_usage (error, _ ("the two passphrases are not the same: nothing was changed"));
      g_clear_pointer (&first, satchel_secret_unref);
    }
  }
  close (terminal);
  return g_steal_pointer (&first);
}

SatchelSecret *
ctl_read_passphrase (const char *file, const char *prompt, gboolean twice, GError **error)
{
  if (file == NULL)
    return ask_on_terminal (prompt, twice, error);
  if (g_str_equal (file, "-"))
    return read_line_from (STDIN_FILENO, _ ("standard input"), error);

  int fd = open (file, O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    ctl_set_usage (error, _ ("cannot read the passphrase file %s: %s"), file, g_strerror (errno));
    return NULL;
  }
  SatchelSecret *secret = read_line_from (fd, file, error);
  close (fd);
  return secret;
}

static void
export_left_cb (const char *path, const GError *why, gpointer user_data)
{
  Ctl *ctl = user_data;
  g_autofree char *shown = ctl_shown (path);

  if (why == NULL)
    ctl_warn (ctl,
              _ ("an export was interrupted: the readable files that it left in %s were removed"),
              shown);
  else if (g_error_matches (why, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_NOT_FOUND))
    ctl_warn (ctl,
              _ ("an export was interrupted, and the readable files that it left in %s cannot be "
                 "reached now: attach that drive again, or remove them yourself"),
              shown);
  else
    ctl_warn (
        ctl,
        _ ("an export was interrupted, and the readable files that it left in %s could not be "
           "removed (%s): remove them yourself"),
        shown, why->message);
}

static void
salvage (Ctl *ctl)
{
  g_autoptr (SatchelSalvage) salvage = satchel_evidence_salvage (ctl->vault, NULL);

  if (salvage->saved > 0)
    ctl_warn (ctl, _ ("a recording was cut off: what was saved of it until then is in its report, "
                      "marked as cut off"));
  if (salvage->damaged > 0)
    ctl_warn (ctl, _ ("a recording was cut off, and not all that was saved of it can be read any "
                      "more: what can be is in its report, marked as cut off"));
  if (salvage->lost > 0)
    ctl_warn (ctl, _ ("a recording was cut off, and nothing that was saved of it can be read any "
                      "more"));
  if (salvage->fault != NULL)
    ctl_warn (ctl,
              _ ("a recording that was cut off could not be put into its report yet (%s): it is "
                 "tried again when the vault is opened the next time"),
              salvage->fault->message);
}

gboolean
ctl_open_vault (Ctl *ctl, GError **error)
{
  if (!satchel_vault_exists (ctl->folder)) {
    g_set_error (
        error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_NO_VAULT,
        _ ("no vault stands in %s: make one with satchelctl init, or name another with --vault"),
        ctl->folder);
    return FALSE;
  }
  g_autoptr (SatchelSecret) passphrase =
      ctl_read_passphrase (ctl->passphrase_file, _ ("Passphrase"), FALSE, error);
  if (passphrase == NULL)
    return FALSE;
  ctl->vault = satchel_vault_open (ctl->folder, passphrase, error);
  if (ctl->vault == NULL)
    return FALSE;
  satchel_vault_set_pool (ctl->vault, ctl->pool);
  satchel_export_sweep (ctl->vault, export_left_cb, ctl);
  salvage (ctl);
  /* What a courier learned while the vault was locked. */
  return satchel_journal_merge_at_open (ctl->vault, error);
}

void
ctl_print (Ctl *ctl, const char *format, ...)
{
  va_list args;

  if (ctl->json)
    return;
  va_start (args, format);
  vfprintf (stdout, format, args);
  va_end (args);
}

void
ctl_note (Ctl *ctl, const char *format, ...)
{
  va_list args;

  if (ctl->quiet)
    return;
  va_start (args, format);
  vfprintf (stderr, format, args);
  va_end (args);
  fputc ('\n', stderr);
}

void
ctl_warn (Ctl *ctl, const char *format, ...)
{
  va_list args;

  fprintf (stderr, "%s: ", _ ("warning"));
  va_start (args, format);
  vfprintf (stderr, format, args);
  va_end (args);
  fputc ('\n', stderr);
}

/* Whether standard output was written to in this run. */
static gboolean has_answered;

gboolean
ctl_has_answered (void)
{
  return has_answered;
}

void
ctl_print_json (JsonNode *node)
{
  gsize size = 0;
  g_autoptr (JsonGenerator) generator = json_generator_new ();

  json_generator_set_root (generator, node);
  json_generator_set_pretty (generator, isatty (STDOUT_FILENO));
  g_autofree char *text = json_generator_to_data (generator, &size);
  fwrite (text, 1, size, stdout);
  fputc ('\n', stdout);
  has_answered = TRUE;
  json_node_unref (node);
}

void
ctl_print_builder (JsonBuilder *builder)
{
  ctl_print_json (json_builder_get_root (builder));
  g_object_unref (builder);
}

void
ctl_json_string (JsonBuilder *builder, const char *member, const char *value)
{
  json_builder_set_member_name (builder, member);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
ctl_json_int (JsonBuilder *builder, const char *member, gint64 value)
{
  json_builder_set_member_name (builder, member);
  json_builder_add_int_value (builder, value);
}

void
ctl_json_bool (JsonBuilder *builder, const char *member, gboolean value)
{
  json_builder_set_member_name (builder, member);
  json_builder_add_boolean_value (builder, value);
}

void
ctl_json_hex (JsonBuilder *builder, const char *member, const guint8 *data, gsize size_bytes)
{
  g_autofree char *text = satchel_hex_encode (data, size_bytes);

  ctl_json_string (builder, member, text);
}

void
ctl_json_time (JsonBuilder *builder, const char *member, gint64 unix_us)
{
  g_autofree char *text = unix_us == 0 ? NULL : satchel_utc_format (unix_us);

  ctl_json_string (builder, member, text);
}

char *
ctl_format_size (guint64 size_bytes)
{
  return g_format_size (size_bytes);
}

char *
ctl_format_time (gint64 unix_us)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (unix_us / G_USEC_PER_SEC);
  if (utc == NULL)
    return g_strdup ("?");
  g_autoptr (GDateTime) local = g_date_time_to_local (utc);
  return g_date_time_format (local, "%e %b %Y %H:%M");
}

char *
ctl_shown (const char *text)
{
  return satchel_text_for_display (text != NULL ? text : "", SHOWN_MAX);
}

const char *
ctl_language (void)
{
  return satchel_locale_language ();
}

static gboolean
write_to_descriptor (gpointer target,
                     const guint8 *data,
                     gsize size_bytes,
                     GCancellable *cancellable,
                     GError **error)
{
  while (size_bytes > 0) {
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    ssize_t written = write (GPOINTER_TO_INT (target), data, size_bytes);
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return satchel_base_set_errno (error, errno, "write to standard output");
    data += written;
    size_bytes -= written;
  }
  return TRUE;
}

SatchelSink
ctl_standard_output (void)
{
  fflush (stdout);
  has_answered = TRUE;
  return (SatchelSink){write_to_descriptor, GINT_TO_POINTER (STDOUT_FILENO)};
}

gboolean
ctl_write_output (const char *path, GBytes *bytes, GError **error)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  if (!g_str_equal (path, "-"))
    return satchel_file_store (path, data, size, error);
  return satchel_sink_write (ctl_standard_output (), data, size, NULL, error);
}
