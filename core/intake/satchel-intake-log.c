/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/satchel-intake-log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-hash.h"
#include "base/satchel-text.h"
#include "base/satchel-time.h"
#include "intake/satchel-intake-log-line-private.h"

struct _SatchelIntakeLog {
  GMutex mutex; /* guards all that follows */
  SatchelSecret *receipt_pair;
  int fd;
  guint64 end_bytes; /* of the last acknowledged line */
  guint64 count;
  guint8 previous[32];
  gboolean broken;
  GArray *entries;       /* of SatchelIntakeEntry, by position */
  GHashTable *mailboxes; /* mailbox id -> GArray of guint, indices into entries, ascending */
  GHashTable *newest;    /* "mailbox/sha256" -> index into entries + 1 */
};

static char *
entry_key (const char *mailbox, const guint8 sha256[32])
{
  g_autofree char *hex = satchel_hex_encode (sha256, 32);

  return g_strconcat (mailbox, "/", hex, NULL);
}

static SatchelIntakeEntry *
find_entry (SatchelIntakeLog *self, const char *mailbox, const guint8 sha256[32])
{
  g_autofree char *key = entry_key (mailbox, sha256);
  guint index = GPOINTER_TO_UINT (g_hash_table_lookup (self->newest, key));

  return index == 0 ? NULL : &g_array_index (self->entries, SatchelIntakeEntry, index - 1);
}

static void
index_stored (SatchelIntakeLog *self, const SatchelIntakeLine *line)
{
  SatchelIntakeEntry entry = {
      .position = line->position,
      .time_unix_us = line->time_unix_us,
      .size_bytes = line->size_bytes,
  };
  guint index = self->entries->len;
  GArray *indices = g_hash_table_lookup (self->mailboxes, line->mailbox);

  memcpy (entry.sha256, line->sha256, 32);
  memcpy (entry.mailbox, line->mailbox, sizeof entry.mailbox);
  g_array_append_val (self->entries, entry);
  if (indices == NULL) {
    indices = g_array_new (FALSE, FALSE, sizeof (guint));
    g_hash_table_insert (self->mailboxes, g_strdup (line->mailbox), indices);
  }
  g_array_append_val (indices, index);
  g_hash_table_insert (self->newest, entry_key (line->mailbox, line->sha256),
                       GUINT_TO_POINTER (index + 1));
}

static void
index_line (SatchelIntakeLog *self, const SatchelIntakeLine *line)
{
  SatchelIntakeEntry *entry;

  if (line->action == SATCHEL_INTAKE_STORED) {
    index_stored (self, line);
    return;
  }
  entry = find_entry (self, line->mailbox, line->sha256);
  if (entry == NULL)
    return;
  if (line->action == SATCHEL_INTAKE_SEEN)
    entry->seen = TRUE;
  else
    entry->deleted = TRUE;
}

/* Goes over the lines of a log. @each returns FALSE to stop with its error. @end_bytes gets the end
 * of the last whole line. */
typedef gboolean (*EachLine) (const char *text,
                              gsize size_bytes,
                              guint64 number,
                              gpointer user_data,
                              GError **error);

static gboolean
read_lines (GInputStream *stream,
            EachLine each,
            gpointer user_data,
            guint64 *end_bytes,
            GError **error)
{
  g_autoptr (GByteArray) rest = g_byte_array_new ();
  g_autofree guint8 *buffer = g_malloc (65536);
  guint64 number = 0;
  gssize got;

  *end_bytes = 0;
  while ((got = g_input_stream_read (stream, buffer, 65536, NULL, error)) > 0) {
    gsize start = 0;
    guint8 *end;

    g_byte_array_append (rest, buffer, got);
    while ((end = memchr (rest->data + start, '\n', rest->len - start)) != NULL) {
      gsize size_bytes = end - (rest->data + start);
      if (!each ((char *) rest->data + start, size_bytes, ++number, user_data, error))
        return FALSE;
      start += size_bytes + 1;
      *end_bytes += size_bytes + 1;
    }
    g_byte_array_remove_range (rest, 0, start);
    if (rest->len > SATCHEL_INTAKE_LINE_MAX) {
      g_set_error (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_DAMAGED,
                   "line %" G_GUINT64_FORMAT " of the log is too long", number + 1);
      return FALSE;
    }
  }
  return got == 0;
}

static gboolean
take_line (const char *text, gsize size_bytes, guint64 number, gpointer user_data, GError **error)
{
  SatchelIntakeLog *self = user_data;
  SatchelIntakeLine line;

  if (!satchel_intake_line_parse (text, size_bytes, &line, error)) {
    g_prefix_error (error, "line %" G_GUINT64_FORMAT ": ", number);
    return FALSE;
  }
  if (line.position != number || memcmp (line.previous, self->previous, 32) != 0) {
    g_set_error (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_DAMAGED,
                 "line %" G_GUINT64_FORMAT " of the log does not follow the one before it", number);
    return FALSE;
  }
  index_line (self, &line);
  satchel_sha256 ((const guint8 *) text, size_bytes, self->previous);
  self->count = number;
  return TRUE;
}

static gboolean
load (SatchelIntakeLog *self, const char *path, GError **error)
{
  guint64 size_bytes;
  g_autoptr (GInputStream) stream = satchel_file_read (path, &size_bytes, error);

  if (stream == NULL || !read_lines (stream, take_line, self, &self->end_bytes, error))
    return FALSE;
  if (self->fd < 0)
    return TRUE;
  if (self->end_bytes < size_bytes && ftruncate (self->fd, self->end_bytes) != 0)
    return satchel_base_set_errno (error, errno, "cut an unfinished line off the log");
  if (self->end_bytes < size_bytes && fdatasync (self->fd) != 0)
    return satchel_base_set_errno (error, errno, "sync the log");
  return TRUE;
}

static SatchelIntakeLog *
new_log (SatchelSecret *receipt_pair)
{
  SatchelIntakeLog *self = g_new0 (SatchelIntakeLog, 1);

  g_mutex_init (&self->mutex);
  self->fd = -1;
  self->receipt_pair = satchel_secret_ref (receipt_pair);
  self->entries = g_array_new (FALSE, FALSE, sizeof (SatchelIntakeEntry));
  self->mailboxes =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
  self->newest = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

SatchelIntakeLog *
satchel_intake_log_open_to_read (const char *path, SatchelSecret *receipt_pair, GError **error)
{
  g_autoptr (SatchelIntakeLog) self = new_log (receipt_pair);

  /* Nothing can be added to it. */
  self->broken = TRUE;
  if (access (path, F_OK) == 0 && !load (self, path, error))
    return NULL;
  return g_steal_pointer (&self);
}

SatchelIntakeLog *
satchel_intake_log_open (const char *path, SatchelSecret *receipt_pair, GError **error)
{
  g_autoptr (SatchelIntakeLog) self = new_log (receipt_pair);
  g_autofree char *folder = g_path_get_dirname (path);

  self->fd = open (path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (self->fd < 0) {
    satchel_base_set_errno (error, errno, "open the log");
    return NULL;
  }
  if (!satchel_folder_sync (folder, error) || !load (self, path, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
satchel_intake_log_close (SatchelIntakeLog *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  satchel_secret_unref (self->receipt_pair);
  g_array_unref (self->entries);
  g_hash_table_unref (self->mailboxes);
  g_hash_table_unref (self->newest);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

gboolean
satchel_intake_log_is_broken (SatchelIntakeLog *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->broken;
}

static gboolean
write_lines (SatchelIntakeLog *self, const char *text, gsize size_bytes, GError **error)
{
  gsize done = 0;

  while (done < size_bytes) {
    ssize_t written = pwrite (self->fd, text + done, size_bytes - done, self->end_bytes + done);
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0) {
      int code = written < 0 ? errno : ENOSPC;
      if (ftruncate (self->fd, self->end_bytes) != 0)
        self->broken = TRUE;
      return satchel_base_set_errno (error, code, "write the log");
    }
    done += written;
  }
  if (fdatasync (self->fd) != 0) {
    /* What is on disk now is not known: the lines may or may not be there. */
    self->broken = TRUE;
    return satchel_base_set_errno (error, errno, "sync the log");
  }
  return TRUE;
}

/* Adds lines that have their action, mailbox, hash and size; the mutex is held. */
static gboolean
append (SatchelIntakeLog *self, SatchelIntakeLine *lines, gsize n_lines, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gint64 now_us = satchel_now_us () / G_USEC_PER_SEC * G_USEC_PER_SEC;
  guint8 previous[32];

  if (self->broken) {
    g_set_error_literal (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_IO,
                         "the log could not be written; the intake must be started again");
    return FALSE;
  }
  memcpy (previous, self->previous, 32);
  for (gsize i = 0; i < n_lines; i++) {
    lines[i].position = self->count + 1 + i;
    lines[i].time_unix_us = now_us;
    memcpy (lines[i].previous, previous, 32);
    g_autofree char *line = satchel_intake_line_sign (&lines[i], self->receipt_pair);
    satchel_sha256 ((const guint8 *) line, strlen (line), previous);
    g_string_append_printf (text, "%s\n", line);
  }
  if (!write_lines (self, text->str, text->len, error))
    return FALSE;
  self->end_bytes += text->len;
  self->count += n_lines;
  memcpy (self->previous, previous, 32);
  for (gsize i = 0; i < n_lines; i++)
    index_line (self, &lines[i]);
  return TRUE;
}

gboolean
satchel_intake_log_add_all_stored (SatchelIntakeLog *self,
                                   SatchelIntakeEntry *entries,
                                   gsize n_entries,
                                   GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree SatchelIntakeLine *lines = g_new0 (SatchelIntakeLine, n_entries);
  gsize n_lines = 0;

  for (gsize i = 0; i < n_entries; i++) {
    SatchelIntakeEntry *there = find_entry (self, entries[i].mailbox, entries[i].sha256);
    if (there != NULL && !there->deleted)
      continue;
    if (!g_hash_table_add (keys, entry_key (entries[i].mailbox, entries[i].sha256)))
      continue;
    SatchelIntakeLine *line = &lines[n_lines++];
    line->action = SATCHEL_INTAKE_STORED;
    line->size_bytes = entries[i].size_bytes;
    memcpy (line->sha256, entries[i].sha256, 32);
    memcpy (line->mailbox, entries[i].mailbox, sizeof line->mailbox);
  }
  if (n_lines > 0 && !append (self, lines, n_lines, error))
    return FALSE;
  for (gsize i = 0; i < n_entries; i++)
    entries[i] = *find_entry (self, entries[i].mailbox, entries[i].sha256);
  return TRUE;
}

gboolean
satchel_intake_log_add_stored (SatchelIntakeLog *self,
                               const char *mailbox,
                               const guint8 sha256[32],
                               guint64 size_bytes,
                               SatchelIntakeEntry *entry,
                               GError **error)
{
  SatchelIntakeEntry stored = {.size_bytes = size_bytes};

  memcpy (stored.sha256, sha256, 32);
  g_strlcpy (stored.mailbox, mailbox, sizeof stored.mailbox);
  if (!satchel_intake_log_add_all_stored (self, &stored, 1, error))
    return FALSE;
  *entry = stored;
  return TRUE;
}

gboolean
satchel_intake_log_add_mark (SatchelIntakeLog *self,
                             SatchelIntakeAction action,
                             const char *mailbox,
                             const guint8 sha256[32],
                             GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  SatchelIntakeEntry *there = find_entry (self, mailbox, sha256);
  SatchelIntakeLine line = {.action = action};

  if (there == NULL || there->deleted) {
    g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_NOT_FOUND,
                         "No such file stands in that mailbox.");
    return FALSE;
  }
  if (action == SATCHEL_INTAKE_SEEN && there->seen)
    return TRUE;
  line.size_bytes = there->size_bytes;
  memcpy (line.sha256, sha256, 32);
  g_strlcpy (line.mailbox, mailbox, sizeof line.mailbox);
  return append (self, &line, 1, error);
}

gboolean
satchel_intake_log_find (SatchelIntakeLog *self,
                         const char *mailbox,
                         const guint8 sha256[32],
                         SatchelIntakeEntry *entry)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  SatchelIntakeEntry *there = find_entry (self, mailbox, sha256);

  if (there == NULL)
    return FALSE;
  *entry = *there;
  return TRUE;
}

/* The first of a mailbox's indices whose entry stands after a position. */
static guint
first_after (SatchelIntakeLog *self, GArray *indices, guint64 after)
{
  guint low = 0, high = indices->len;

  while (low < high) {
    guint middle = (low + high) / 2;
    guint index = g_array_index (indices, guint, middle);
    if (g_array_index (self->entries, SatchelIntakeEntry, index).position <= after)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

GArray *
satchel_intake_log_page (
    SatchelIntakeLog *self, const char *mailbox, guint64 after, guint max, gboolean *more)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  GArray *page = g_array_new (FALSE, FALSE, sizeof (SatchelIntakeEntry));
  GArray *indices = g_hash_table_lookup (self->mailboxes, mailbox);
  gboolean others = FALSE;

  for (guint i = indices == NULL ? 0 : first_after (self, indices, after);
       indices != NULL && i < indices->len && !others; i++) {
    guint index = g_array_index (indices, guint, i);
    SatchelIntakeEntry *entry = &g_array_index (self->entries, SatchelIntakeEntry, index);
    if (entry->deleted)
      continue;
    if (page->len < max)
      g_array_append_val (page, *entry);
    else
      others = TRUE;
  }
  if (more != NULL)
    *more = others;
  return page;
}

GArray *
satchel_intake_log_all (SatchelIntakeLog *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return g_array_copy (self->entries);
}

guint64
satchel_intake_log_count (SatchelIntakeLog *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->count;
}

char *
satchel_intake_log_receipt (SatchelIntakeLog *self,
                            const SatchelIntakeEntry *entry,
                            GError **error)
{
  SatchelStoredReceipt receipt = {
      .size_bytes = entry->size_bytes,
      .time_unix_us = entry->time_unix_us,
      .mailbox = (char *) entry->mailbox,
      .position = entry->position,
  };

  memcpy (receipt.sha256, entry->sha256, 32);
  return satchel_stored_receipt_sign (&receipt, self->receipt_pair, error);
}

typedef struct {
  const SatchelMinisignKey *receipt;
  SatchelIntakeFault tell;
  gpointer user_data;
  guint8 previous[32];
  guint64 count;
} Verification;

static void
tell_line (Verification *verification, guint64 number, const char *what)
{
  g_autofree char *fault = g_strdup_printf ("log line %" G_GUINT64_FORMAT ": %s", number, what);

  verification->tell (fault, verification->user_data);
}

static gboolean
verify_line (const char *text, gsize size_bytes, guint64 number, gpointer user_data, GError **error)
{
  Verification *verification = user_data;
  g_autoptr (GError) local_error = NULL;
  SatchelIntakeLine line;

  if (!satchel_intake_line_parse (text, size_bytes, &line, &local_error)) {
    tell_line (verification, number, local_error->message);
  } else {
    if (line.position != number)
      tell_line (verification, number, "its position is another");
    if (memcmp (line.previous, verification->previous, 32) != 0)
      tell_line (verification, number, "it does not follow the line before it");
    if (!satchel_intake_line_verify (text, &line, verification->receipt))
      tell_line (verification, number, "its signature does not verify");
  }
  satchel_sha256 ((const guint8 *) text, size_bytes, verification->previous);
  verification->count = number;
  return TRUE;
}

gboolean
satchel_intake_log_verify (const char *path,
                           const SatchelMinisignKey *receipt,
                           SatchelIntakeFault tell,
                           gpointer user_data,
                           guint64 *lines,
                           GError **error)
{
  Verification verification = {.receipt = receipt, .tell = tell, .user_data = user_data};
  guint64 end_bytes;
  g_autoptr (GInputStream) stream = satchel_file_read (path, NULL, error);

  if (stream == NULL || !read_lines (stream, verify_line, &verification, &end_bytes, error))
    return FALSE;
  if (lines != NULL)
    *lines = verification.count;
  return TRUE;
}
