/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/satchel-journal.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-json.h"
#include "base/satchel-text.h"
#include "sync/satchel-journal-private.h"

#define SETTING "journal.secret"

G_STATIC_ASSERT (SATCHEL_JOURNAL_KEY_SIZE == crypto_box_PUBLICKEYBYTES);

struct _SatchelJournal {
  int fd;       /* -1 after a failed fsync */
  char *folder; /* outbox/ */
  char *path;
  guint8 key[SATCHEL_JOURNAL_KEY_SIZE];
};

/* The secret half; made and kept at the first call. */
static SatchelSecret *
load_secret (SatchelVault *vault, GError **error)
{
  GError *local = NULL;
  char *text = satchel_vault_dup_setting (vault, SETTING, &local);
  SatchelSecret *secret = NULL;

  if (local != NULL) {
    g_propagate_error (error, local);
    return NULL;
  }
  secret = text == NULL ? satchel_secret_new_random (crypto_box_SECRETKEYBYTES, error)
                        : satchel_secret_new (crypto_box_SECRETKEYBYTES, error);
  if (secret == NULL) {
    g_free (text);
    return NULL;
  }
  if (text == NULL) {
    text = satchel_hex_encode (satchel_secret_get_data (secret), crypto_box_SECRETKEYBYTES);
    if (!satchel_vault_set_setting (vault, SETTING, text, error))
      g_clear_pointer (&secret, satchel_secret_unref);
  } else if (!satchel_hex_decode (text, satchel_secret_get_writable (secret),
                                  crypto_box_SECRETKEYBYTES)) {
    g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_DAMAGED,
                 "The journal's key in the store is malformed.");
    g_clear_pointer (&secret, satchel_secret_unref);
  }
  sodium_memzero (text, strlen (text));
  g_free (text);
  return secret;
}

gboolean
satchel_journal_get_key (SatchelVault *vault,
                         guint8 key[SATCHEL_JOURNAL_KEY_SIZE],
                         GError **error)
{
  g_autoptr (SatchelSecret) secret = load_secret (vault, error);

  if (secret == NULL)
    return FALSE;
  crypto_scalarmult_base (key, satchel_secret_get_data (secret));
  return TRUE;
}

char *
satchel_journal_path (const char *folder)
{
  return g_build_filename (folder, "outbox", "journal", NULL);
}

/* Cuts what a power cut left of a last line, so that the next line begins on its own. */
static gboolean
cut_torn_line (int fd, GError **error)
{
  off_t size = lseek (fd, 0, SEEK_END), end = size;
  char last = '\0';

  while (end > 0) {
    if (pread (fd, &last, 1, end - 1) != 1)
      return satchel_base_set_errno (error, errno, "read the outbox journal");
    if (last == '\n')
      break;
    end--;
  }
  if (end != size && ftruncate (fd, end) != 0)
    return satchel_base_set_errno (error, errno, "repair the outbox journal");
  return TRUE;
}

/* Whether @fd still is what stands at @path: a merge may have taken it away. */
static gboolean
is_current (int fd, const char *path)
{
  struct stat ours, theirs;

  return fstat (fd, &ours) == 0 && lstat (path, &theirs) == 0 && ours.st_dev == theirs.st_dev &&
         ours.st_ino == theirs.st_ino;
}

/* Waits while somebody else reads or writes a line. */
static gboolean
lock_file (int fd, GError **error)
{
  while (flock (fd, LOCK_EX) != 0)
    if (errno != EINTR)
      return satchel_base_set_errno (error, errno, "lock the outbox journal");
  return TRUE;
}

/* Opens the file at @path under its lock; -1 with @error, or without one where there is none. */
static int
open_locked (const char *path, int flags, GError **error)
{
  while (TRUE) {
    int fd = open (path, flags | O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0 && errno == ENOENT && (flags & O_CREAT) == 0)
      return -1;
    if (fd < 0) {
      satchel_base_set_errno (error, errno, "open the outbox journal");
      return -1;
    }
    if (!lock_file (fd, error)) {
      close (fd);
      return -1;
    }
    if (is_current (fd, path))
      return fd;
    close (fd);
  }
}

/* Leaves self->fd open and locked, or -1. */
static gboolean
begin_writing (SatchelJournal *self, GError **error)
{
  if (self->fd >= 0 && !lock_file (self->fd, error))
    return FALSE;
  if (self->fd >= 0 && is_current (self->fd, self->path))
    return TRUE;
  if (self->fd >= 0)
    close (self->fd);
  self->fd = open_locked (self->path, O_CREAT, error);
  return self->fd >= 0 && cut_torn_line (self->fd, error) &&
         satchel_folder_sync (self->folder, error);
}

SatchelJournal *
satchel_journal_open (const char *folder,
                      const guint8 key[SATCHEL_JOURNAL_KEY_SIZE],
                      GError **error)
{
  g_autoptr (SatchelJournal) self = g_new0 (SatchelJournal, 1);

  self->fd = -1;
  self->folder = g_build_filename (folder, "outbox", NULL);
  self->path = satchel_journal_path (folder);
  memcpy (self->key, key, sizeof self->key);
  if (!satchel_folder_make (self->folder, error) || !begin_writing (self, error))
    return NULL;
  flock (self->fd, LOCK_UN);
  return g_steal_pointer (&self);
}

void
satchel_journal_free (SatchelJournal *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->folder);
  g_free (self->path);
  g_free (self);
}

gboolean
satchel_journal_lock (const char *folder, int *fd, GError **error)
{
  g_autofree char *path = satchel_journal_path (folder);
  GError *local = NULL;

  *fd = open_locked (path, 0, &local);
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, local);
  return FALSE;
}

static char *
seal_line (SatchelJournal *self, const char *plain, gsize size)
{
  gsize sealed_size = size + crypto_box_SEALBYTES;
  g_autofree guint8 *sealed = g_malloc (sealed_size);
  g_autofree char *text = NULL;

  crypto_box_seal (sealed, (const guint8 *) plain, size, self->key);
  text = satchel_base64_encode (sealed, sealed_size);
  return g_strconcat (text, "\n", NULL);
}

/* Writes and fsyncs, or cuts what was written of the line, so that the lines before it stand. */
static gboolean
write_line (int fd, const char *line, gsize size, GError **error)
{
  off_t start = lseek (fd, 0, SEEK_END);
  gsize done = 0;
  gssize got = 0;
  int cause;

  while (done < size) {
    got = write (fd, line + done, size - done);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      break;
    done += (gsize) got;
  }
  if (done == size && fdatasync (fd) == 0)
    return TRUE;
  /* A write that takes nothing says so by no errno. */
  cause = done < size && got == 0 ? ENOSPC : errno;
  /* Where the cut fails too, the next opening drops the torn line. */
  if (start >= 0 && ftruncate (fd, start) == 0)
    fdatasync (fd);
  return satchel_base_set_errno (error, cause, "write the outbox journal");
}

gboolean
satchel_journal_append (SatchelJournal *self,
                        const char *entry_id,
                        SatchelJournalFact fact,
                        guint64 offset,
                        const char *text,
                        GError **error)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *plain = NULL, *line = NULL;
  gsize size = 0;

  json_object_set_string_member (object, "entry", entry_id);
  json_object_set_int_member (object, "fact", fact);
  json_object_set_int_member (object, "offset", (gint64) offset);
  json_object_set_string_member (object, "text", text == NULL ? "" : text);
  json_node_take_object (node, object);
  plain = satchel_json_to_line (node, &size);
  line = seal_line (self, plain, size);
  if (self->fd < 0)
    return satchel_base_set_errno (error, EIO, "write the outbox journal");
  if (begin_writing (self, error) && write_line (self->fd, line, strlen (line), error)) {
    flock (self->fd, LOCK_UN);
    return TRUE;
  }
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
  return FALSE;
}

static gboolean
read_entry (const char *plain, gsize size, SatchelJournalEntry *entry)
{
  g_autoptr (JsonNode) node = satchel_json_parse (plain, size, SATCHEL_JOURNAL_LINE_MAX, NULL);
  const char *id, *text;
  gint64 fact, offset;
  JsonObject *object;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return FALSE;
  object = json_node_get_object (node);
  if (!satchel_json_get_string (object, "entry", 32, &id, NULL) ||
      !satchel_json_get_string (object, "text", SATCHEL_JOURNAL_LINE_MAX, &text, NULL) ||
      !satchel_json_get_int (object, "fact", 0, SATCHEL_JOURNAL_SPENT, &fact, NULL) ||
      !satchel_json_get_int (object, "offset", 0, G_MAXINT64, &offset, NULL))
    return FALSE;
  entry->id = g_strdup (id);
  entry->text = g_strdup (text);
  entry->fact = (SatchelJournalFact) fact;
  entry->offset = (guint64) offset;
  return TRUE;
}

static void
entry_free (gpointer data)
{
  SatchelJournalEntry *self = data;

  g_free (self->id);
  g_free (self->text);
  g_free (self->mark);
  g_free (self);
}

static gboolean
open_line (GPtrArray *entries,
           const char *line,
           gsize length,
           const guint8 public_key[32],
           SatchelSecret *secret)
{
  g_autoptr (GBytes) sealed = satchel_base64_decode (line, (gssize) length);
  g_autofree guint8 *plain = NULL;
  g_autofree SatchelJournalEntry *entry = NULL;
  gsize size;
  const guint8 *data;

  if (sealed == NULL)
    return FALSE;
  data = g_bytes_get_data (sealed, &size);
  if (size < crypto_box_SEALBYTES)
    return FALSE;
  plain = g_malloc (size - crypto_box_SEALBYTES + 1);
  if (crypto_box_seal_open (plain, data, size, public_key, satchel_secret_get_data (secret)) != 0)
    return FALSE;
  entry = g_new0 (SatchelJournalEntry, 1);
  if (!read_entry ((const char *) plain, size - crypto_box_SEALBYTES, entry))
    return FALSE;
  entry->mark =
      g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) line, length);
  g_ptr_array_add (entries, g_steal_pointer (&entry));
  return TRUE;
}

/* The file, or the beginning of one over the limit. */
static GBytes *
load_content (const char *path, gboolean *damaged, GError **error)
{
  g_autoptr (GInputStream) stream = NULL;
  GError *local = NULL;
  GBytes *content = satchel_file_load (path, SATCHEL_JOURNAL_SIZE_MAX, &local);

  if (!g_error_matches (local, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_TOO_LARGE)) {
    if (local != NULL)
      g_propagate_error (error, local);
    return content;
  }
  g_clear_error (&local);
  *damaged = TRUE;
  stream = satchel_file_read (path, NULL, error);
  if (stream == NULL)
    return NULL;
  content = g_input_stream_read_bytes (stream, SATCHEL_JOURNAL_SIZE_MAX, NULL, &local);
  if (content == NULL)
    satchel_base_take_gio_error (error, local, "read the outbox journal");
  return content;
}

GPtrArray *
satchel_journal_read (SatchelVault *vault, gboolean *damaged, GError **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (entry_free);
  g_autofree char *path = satchel_journal_path (satchel_vault_get_folder (vault));
  g_autoptr (SatchelSecret) secret = NULL;
  g_autoptr (GBytes) content = NULL;
  const char *line, *newline;
  guint8 public_key[32];
  gsize left;

  *damaged = FALSE;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&entries);
  content = load_content (path, damaged, error);
  if (content == NULL)
    return NULL;
  secret = load_secret (vault, error);
  if (secret == NULL)
    return NULL;
  crypto_scalarmult_base (public_key, satchel_secret_get_data (secret));
  line = g_bytes_get_data (content, &left);
  /* What stands after the last newline is a torn line, or nothing. */
  while (left > 0 && (newline = memchr (line, '\n', left)) != NULL) {
    if (!open_line (entries, line, (gsize) (newline - line), public_key, secret))
      *damaged = TRUE;
    left -= (gsize) (newline - line) + 1;
    line = newline + 1;
  }
  return g_steal_pointer (&entries);
}

gboolean
satchel_journal_note_alarm (const char *folder,
                            const guint8 key[SATCHEL_JOURNAL_KEY_SIZE],
                            const char *sentence,
                            GError **error)
{
  g_autoptr (SatchelJournal) journal = satchel_journal_open (folder, key, error);

  return journal != NULL &&
         satchel_journal_append (journal, "", SATCHEL_JOURNAL_ALARM, 0, sentence, error);
}
