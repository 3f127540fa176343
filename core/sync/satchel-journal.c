/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/satchel-journal.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-json.h"
#include "base/satchel-text.h"
#include "sync/satchel-journal-private.h"

#define SETTING "journal.secret"

G_STATIC_ASSERT (SATCHEL_JOURNAL_KEY_SIZE == crypto_box_PUBLICKEYBYTES);

struct _SatchelJournal {
  int fd; /* -1 after a failed fsync */
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

SatchelJournal *
satchel_journal_open (const char *folder,
                      const guint8 key[SATCHEL_JOURNAL_KEY_SIZE],
                      GError **error)
{
  g_autoptr (SatchelJournal) self = g_new0 (SatchelJournal, 1);
  g_autofree char *outbox = g_build_filename (folder, "outbox", NULL);

  self->fd = -1;
  self->path = satchel_journal_path (folder);
  memcpy (self->key, key, sizeof self->key);
  if (!satchel_folder_make (outbox, error))
    return NULL;
  self->fd = open (self->path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (self->fd < 0) {
    satchel_base_set_errno (error, errno, "open the outbox journal");
    return NULL;
  }
  if (!cut_torn_line (self->fd, error) || !satchel_folder_sync (outbox, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
satchel_journal_free (SatchelJournal *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->path);
  g_free (self);
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
  if (write (self->fd, line, strlen (line)) == (gssize) strlen (line) && fdatasync (self->fd) == 0)
    return TRUE;
  satchel_base_set_errno (error, errno, "write the outbox journal");
  close (self->fd);
  self->fd = -1;
  return FALSE;
}

static gboolean
set_damaged (GError **error, guint number)
{
  g_set_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_DAMAGED,
               "Line %u of the outbox journal cannot be opened.", number);
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
      !satchel_json_get_int (object, "fact", 0, SATCHEL_JOURNAL_ALARM, &fact, NULL) ||
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
  g_free (self);
}

static gboolean
open_line (GPtrArray *entries,
           const char *line,
           const guint8 public_key[32],
           SatchelSecret *secret)
{
  g_autoptr (GBytes) sealed = satchel_base64_decode (line, -1);
  g_autofree guint8 *plain = NULL;
  SatchelJournalEntry *entry;
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
  g_ptr_array_add (entries, entry);
  return read_entry ((const char *) plain, size - crypto_box_SEALBYTES, entry);
}

GPtrArray *
satchel_journal_read (SatchelVault *vault, GError **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (entry_free);
  g_autofree char *path = satchel_journal_path (satchel_vault_get_folder (vault));
  g_autoptr (SatchelSecret) secret = NULL;
  g_autoptr (GBytes) content = NULL;
  g_auto (GStrv) lines = NULL;
  guint8 public_key[32];

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&entries);
  content = satchel_file_load (path, SATCHEL_JOURNAL_SIZE_MAX, error);
  if (content == NULL)
    return NULL;
  secret = load_secret (vault, error);
  if (secret == NULL)
    return NULL;
  crypto_scalarmult_base (public_key, satchel_secret_get_data (secret));
  lines = g_strsplit (g_bytes_get_size (content) == 0 ? "" : g_bytes_get_data (content, NULL),
                      "\n", -1);
  /* What stands after the last newline is a torn line, or nothing. */
  for (guint i = 0; lines[0] != NULL && lines[i + 1] != NULL; i++)
    if (!open_line (entries, lines[i], public_key, secret)) {
      set_damaged (error, i + 1);
      return NULL;
    }
  return g_steal_pointer (&entries);
}
