/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/satchel-blob-begun.h"

#include <sodium.h>
#include <string.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-text.h"
#include "vault/satchel-blob-private.h"
#include "vault/satchel-vault-private.h"

#define KEY_SIZE SATCHEL_WRAPPABLE_SIZE
/* In hex, at the beginning of a note. */
#define KEY_DIGITS ((gsize) 2 * KEY_SIZE)

/* A note is a setting: the blob's key in hex, how much of it is kept, and what it is. */
#define NOTES "key > 'vault.begun.' AND key < 'vault.begun/'"
#define VALUE "lower (hex (?2)) || ' ' || ?3 || ' ' || ?4"

void
satchel_begun_blob_free (SatchelBegunBlob *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->about);
  g_free (self);
}

gboolean
satchel_blob_note_begun (SatchelVault *vault,
                         const SatchelBegunBlob *blob,
                         SatchelSecret *key,
                         gboolean is_first,
                         GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  SatchelStatement *statement = satchel_db_prepare (
      db,
      is_first ? "INSERT INTO setting (key, value) VALUES ('vault.begun.' || ?1, " VALUE ")"
               : "UPDATE setting SET value = " VALUE " WHERE key = 'vault.begun.' || ?1",
      error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, blob->id);
  satchel_statement_bind_blob (statement, 2, satchel_secret_get_data (key), KEY_SIZE);
  satchel_statement_bind_int (statement, 3, (gint64) blob->size_bytes);
  satchel_statement_bind_text (statement, 4, blob->about);
  if (!satchel_statement_run (statement, error))
    return FALSE;
  return satchel_db_get_changes (db) == 1 ||
         satchel_vault_set_error (error, SATCHEL_VAULT_ERROR_NOT_FOUND,
                                  "what was kept of a blob was forgotten meanwhile");
}

/* Columns: id, what follows the key, how many digits the key has (it does not leave the store). */
static gpointer
read_row (SatchelStatement *row, GError **error)
{
  const char *id = satchel_statement_get_text (row, 0);
  const char *rest = satchel_statement_get_text (row, 1);
  char *end = NULL;
  guint64 size = rest[0] == ' ' ? g_ascii_strtoull (rest + 1, &end, 10) : 0;

  gboolean is_sound =
      satchel_is_id (id) && satchel_statement_get_int (row, 2) == KEY_DIGITS && size > 0 &&
      size <= G_MAXINT64 && end != NULL && end[0] == ' ';
  SatchelBegunBlob *blob = g_new0 (SatchelBegunBlob, 1);

  /* One that is damaged must not stand in the way of the others. */
  blob->id = g_strdup (id);
  blob->size_bytes = is_sound ? size : 0;
  blob->about = is_sound ? g_strdup (end + 1) : NULL;
  return blob;
}

GPtrArray *
satchel_blob_list_begun (SatchelVault *vault, GError **error)
{
  SatchelStatement *rows = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "SELECT substr (key, 13), substr (value, 65),"
      " CASE WHEN substr (value, 1, 64) GLOB '*[^0-9a-f]*' THEN 0"
      " ELSE length (substr (value, 1, 64)) END FROM setting WHERE " NOTES " ORDER BY key",
      error);

  return rows == NULL ? NULL
                      : satchel_statement_list (rows, read_row,
                                                (GDestroyNotify) satchel_begun_blob_free, error);
}

static SatchelSecret *
load_key (SatchelVault *vault, const char *blob_id, GError **error)
{
  guint8 key[KEY_SIZE];
  SatchelSecret *secret = NULL;
  g_autofree char *setting = g_strconcat ("vault.begun.", blob_id, NULL);
  g_autofree char *value = satchel_vault_dup_setting (vault, setting, error);

  if (value == NULL) {
    if (error != NULL && *error == NULL)
      satchel_vault_set_error (error, SATCHEL_VAULT_ERROR_NOT_FOUND, "there is no such blob");
    return NULL;
  }
  gsize length = strlen (value);
  value[MIN (length, KEY_DIGITS)] = '\0';
  if (satchel_hex_decode (value, key, KEY_SIZE))
    secret = satchel_secret_new_copy (key, KEY_SIZE, error);
  else
    satchel_vault_set_error (error, SATCHEL_VAULT_ERROR_DAMAGED, "the note of a blob is damaged");
  sodium_memzero (value, length);
  sodium_memzero (key, sizeof key);
  return secret;
}

/* NULL without an error where there is no file. */
static GInputStream *
open_begun (SatchelVault *vault, const char *blob_id, GError **error)
{
  g_autofree char *path = satchel_blob_path (vault, blob_id);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (SatchelSecret) key = load_key (vault, blob_id, error);
  g_autoptr (SatchelSecret) stream_key =
      key != NULL ? satchel_blob_derive (key, blob_id, error) : NULL;
  g_autoptr (GInputStream) sealed =
      stream_key != NULL ? satchel_file_read (path, NULL, &local_error) : NULL;

  if (sealed != NULL)
    return satchel_stream_reader_new (stream_key, sealed, NULL);
  if (local_error != NULL &&
      !g_error_matches (local_error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_NOT_FOUND))
    satchel_vault_take_error (error, g_steal_pointer (&local_error));
  return NULL;
}

gboolean
satchel_blob_copy_begun (SatchelVault *vault,
                         const SatchelBegunBlob *blob,
                         SatchelSink sink,
                         guint64 *size_bytes,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autofree guint8 *buffer = g_malloc (SATCHEL_STREAM_CHUNK_SIZE);
  g_autoptr (GInputStream) stream = open_begun (vault, blob->id, &local_error);
  guint64 left = blob->size_bytes;
  gssize got = 0;

  while (stream != NULL && left > 0 &&
         (got = g_input_stream_read (stream, buffer, MIN (left, SATCHEL_STREAM_CHUNK_SIZE),
                                     cancellable, &local_error)) > 0) {
    if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
        !satchel_sink_write (sink, buffer, (gsize) got, cancellable, error))
      return FALSE;
    left -= (guint64) got;
  }
  /* Whole chunks that do not open, or too few of them. */
  if (g_error_matches (local_error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_PAYLOAD))
    g_clear_error (&local_error);
  if (local_error != NULL)
    return satchel_vault_take_error (error, g_steal_pointer (&local_error));
  *size_bytes = blob->size_bytes - left;
  return TRUE;
}

gboolean
satchel_blob_forget_begun (SatchelVault *vault, const char *blob_id, char **path, GError **error)
{
  g_autofree char *setting = g_strconcat ("vault.begun.", blob_id, NULL);

  if (!satchel_vault_set_setting (vault, setting, NULL, error))
    return FALSE;
  if (path != NULL)
    *path = satchel_is_id (blob_id) ? satchel_blob_path (vault, blob_id) : NULL;
  return TRUE;
}
