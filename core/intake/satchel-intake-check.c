/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-hash.h"
#include "base/satchel-text.h"
#include "intake/satchel-intake-site.h"

typedef struct {
  const SatchelIntakeSite *site;
  SatchelIntakeFault tell;
  gpointer user_data;
  SatchelIntakeLog *log;
} Check;

static void G_GNUC_PRINTF (2, 3)
    tell (Check *self, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *fault = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  self->tell (fault, self->user_data);
}

/* A stored file's content against its log line. */
static void
check_file (Check *self, const SatchelIntakeEntry *entry)
{
  g_autofree char *hex = satchel_hex_encode (entry->sha256, 32);
  g_autofree char *path =
      g_strdup_printf ("%s/mailboxes/%s/%s.age", self->site->folder, entry->mailbox, hex);
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = satchel_file_read (path, NULL, &error);
  guint64 size_bytes = 0;
  guint8 found[32];

  if (stream == NULL) {
    tell (self, "mailboxes/%s/%s.age: stored by log line %" G_GUINT64_FORMAT ", but %s",
          entry->mailbox, hex, entry->position,
          g_error_matches (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_NOT_FOUND)
              ? "missing"
              : error->message);
    return;
  }
  if (!satchel_sha256_stream (stream, found, &size_bytes, NULL, &error))
    tell (self, "mailboxes/%s/%s.age: cannot be read: %s", entry->mailbox, hex, error->message);
  else if (size_bytes != entry->size_bytes)
    tell (self, "mailboxes/%s/%s.age: %" G_GUINT64_FORMAT " bytes instead of %" G_GUINT64_FORMAT,
          entry->mailbox, hex, size_bytes, entry->size_bytes);
  else if (memcmp (found, entry->sha256, 32) != 0)
    tell (self, "mailboxes/%s/%s.age: its content has another hash", entry->mailbox, hex);
}

/* The paths below mailboxes/, listed before the log is read: what comes in meanwhile is in the log
 * by then. */
static GPtrArray *
list_files (Check *self)
{
  g_autofree char *folder = g_build_filename (self->site->folder, "mailboxes", NULL);
  g_autoptr (GDir) mailboxes = g_dir_open (folder, 0, NULL);
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);
  const char *mailbox, *name;

  while (mailboxes != NULL && (mailbox = g_dir_read_name (mailboxes)) != NULL) {
    g_autofree char *path = g_build_filename (folder, mailbox, NULL);
    g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
    if (dir == NULL || !satchel_is_mailbox_id (mailbox))
      tell (self, "mailboxes/%s: not a mailbox", mailbox);
    else
      while ((name = g_dir_read_name (dir)) != NULL)
        g_ptr_array_add (files, g_build_filename (mailbox, name, NULL));
  }
  return files;
}

/* A file that no log line stands for. */
static void
check_path (Check *self, const char *path)
{
  g_autofree char *mailbox = g_strndup (path, SATCHEL_MAILBOX_ID_LENGTH);
  const char *name = path + SATCHEL_MAILBOX_ID_LENGTH + 1;
  g_autofree char *hex = g_strndup (name, 64);
  SatchelIntakeEntry entry;
  guint8 sha256[32];

  if (strlen (name) != 68 || !g_str_has_suffix (name, ".age") ||
      !satchel_hex_decode (hex, sha256, 32))
    tell (self, "mailboxes/%s: not a stored file's name", path);
  else if (!satchel_intake_log_find (self->log, mailbox, sha256, &entry) || entry.deleted)
    tell (self, "mailboxes/%s: in no log line, or deleted there", path);
}

static void
check_papers (Check *self)
{
  g_autofree char *path = satchel_intake_site_dup_path (self->site, "intake.card");
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) text = satchel_file_load (path, SATCHEL_INTAKE_CARD_SIZE_MAX, &error);
  g_autoptr (SatchelIntakeCard) card =
      text == NULL ? NULL
                   : satchel_intake_card_parse (g_bytes_get_data (text, NULL),
                                                g_bytes_get_size (text), &error);

  if (card == NULL)
    tell (self, "intake.card: %s", error->message);
  else if (!satchel_minisign_key_equal (&card->receipt, &self->site->receipt))
    tell (self, "intake.card: its receipt key is not the one in receipt.key");
  g_clear_error (&error);
  g_autoptr (SatchelNewsroomCard) newsroom = satchel_intake_site_load_newsroom (self->site, &error);
  if (newsroom == NULL &&
      !g_error_matches (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_NOT_FOUND))
    tell (self, "%s", error->message);
}

gboolean
satchel_intake_site_check (const SatchelIntakeSite *self,
                           SatchelIntakeFault tell_function,
                           gpointer user_data,
                           guint64 *lines,
                           GError **error)
{
  Check check = {.site = self, .tell = tell_function, .user_data = user_data};
  g_autofree char *path = satchel_intake_site_dup_path (self, "log");
  g_autoptr (GError) local_error = NULL;

  g_autoptr (GPtrArray) files = list_files (&check);
  check_papers (&check);
  *lines = 0;
  if (access (path, F_OK) == 0 &&
      !satchel_intake_log_verify (path, &self->receipt, tell_function, user_data, lines, error))
    return FALSE;
  g_autoptr (SatchelIntakeLog) log =
      satchel_intake_log_open_to_read (path, self->receipt_pair, &local_error);
  if (log == NULL) {
    tell (&check, "log: %s", local_error->message);
    return TRUE;
  }
  check.log = log;
  g_autoptr (GArray) entries = satchel_intake_log_all (log);
  for (guint i = 0; i < entries->len; i++) {
    const SatchelIntakeEntry *entry = &g_array_index (entries, SatchelIntakeEntry, i);
    if (!entry->deleted)
      check_file (&check, entry);
  }
  for (guint i = 0; i < files->len; i++)
    check_path (&check, g_ptr_array_index (files, i));
  return TRUE;
}
