/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/satchel-blob-private.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-hash.h"
#include "base/satchel-text.h"
#include "vault/satchel-vault-private.h"

#define KEY_SIZE SATCHEL_WRAPPABLE_SIZE

struct _SatchelBlobWriter {
  SatchelVault *vault; /* borrowed */
  char *id;
  SatchelSecret *key; /* as it goes into the row; NULL once finished */
  guint8 sealed_key[SATCHEL_WRAPPED_SIZE];
  SatchelNewFile *file;
  SatchelStreamWriter *stream;
  SatchelSha256 *hash; /* NULL where the caller vouches for @sha256 */
  guint64 size_bytes;
  guint8 sha256[SATCHEL_SHA256_SIZE];
  gboolean is_finished;
  gboolean is_lasting;
  guint64 kept_bytes; /* of a lasting one; 0: there is no note */
};

char *
satchel_blob_path (SatchelVault *vault, const char *blob_id)
{
  char prefix[] = {blob_id[0], blob_id[1], '\0'};

  return g_build_filename (satchel_vault_get_folder (vault), SATCHEL_VAULT_BLOBS, prefix, blob_id,
                           NULL);
}

SatchelSecret *
satchel_blob_derive (SatchelSecret *key, const char *blob_id, GError **error)
{
  g_autofree char *info = g_strconcat ("satchel blob v1 ", blob_id, NULL);

  return satchel_hkdf_secret (key, info, SATCHEL_STREAM_KEY_SIZE, error);
}

static gboolean
blob_write_cb (gpointer target,
               const guint8 *data,
               gsize size_bytes,
               GCancellable *cancellable,
               GError **error)
{
  SatchelBlobWriter *self = target;
  g_autoptr (GError) local_error = NULL;

  g_return_val_if_fail (!self->is_finished, FALSE);
  if (self->hash != NULL)
    satchel_sha256_update (self->hash, data, size_bytes);
  self->size_bytes += size_bytes;
  return satchel_sink_write (satchel_stream_writer_get_sink (self->stream), data, size_bytes,
                             cancellable, &local_error) ||
         satchel_vault_take_error (error, g_steal_pointer (&local_error));
}

static gboolean
open_file (SatchelBlobWriter *self, GError **error)
{
  g_autofree char *path = satchel_blob_path (self->vault, self->id);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (SatchelSecret) stream_key = satchel_blob_derive (self->key, self->id, error);

  if (stream_key == NULL || !satchel_folder_make (folder, error))
    return FALSE;
  self->file = self->is_lasting ? satchel_new_file_open_standing (path, error)
                                : satchel_new_file_open (path, error);
  if (self->file == NULL)
    return FALSE;
  /* With a pool nobody knows what has come to the file. */
  self->stream =
      satchel_stream_writer_new (stream_key, satchel_new_file_get_sink (self->file),
                                 self->is_lasting ? NULL : satchel_vault_get_pool (self->vault));
  return TRUE;
}

static SatchelBlobWriter *
begin (SatchelVault *vault, gboolean is_lasting, GError **error)
{
  g_autoptr (SatchelBlobWriter) self = g_new0 (SatchelBlobWriter, 1);
  g_autoptr (GError) local_error = NULL;

  self->vault = vault;
  self->is_lasting = is_lasting;
  self->id = satchel_random_id ();
  self->hash = satchel_sha256_new ();
  self->key = satchel_secret_new_random (KEY_SIZE, &local_error);
  if (self->key != NULL && open_file (self, &local_error))
    return g_steal_pointer (&self);
  satchel_vault_take_error (error, g_steal_pointer (&local_error));
  return NULL;
}

SatchelBlobWriter *
satchel_blob_writer_new (SatchelVault *vault, GError **error)
{
  return begin (vault, FALSE, error);
}

SatchelBlobWriter *
satchel_blob_writer_new_lasting (SatchelVault *vault, GError **error)
{
  return begin (vault, TRUE, error);
}

const char *
satchel_blob_writer_get_id (SatchelBlobWriter *self)
{
  return self->id;
}

guint64
satchel_blob_writer_get_keepable (SatchelBlobWriter *self)
{
  g_return_val_if_fail (self->is_lasting && !self->is_finished, 0);
  return satchel_stream_writer_get_whole (self->stream);
}

/* Bytes, then the folder's name for them, then the note that counts on both. */
gboolean
satchel_blob_writer_keep (SatchelBlobWriter *self,
                          guint64 size_bytes,
                          const char *about,
                          GError **error)
{
  const SatchelBegunBlob now = {self->id, size_bytes, (char *) about};
  g_autoptr (GError) local_error = NULL;

  g_return_val_if_fail (size_bytes > 0 && size_bytes >= self->kept_bytes, FALSE);
  g_return_val_if_fail (size_bytes <= satchel_blob_writer_get_keepable (self), FALSE);
  g_return_val_if_fail (!satchel_db_in_transaction (satchel_vault_get_db (self->vault)), FALSE);
  if (!satchel_stream_writer_flush (self->stream, NULL, &local_error) ||
      !satchel_new_file_sync (self->file, &local_error) ||
      !satchel_blob_note_begun (self->vault, &now, self->key, self->kept_bytes == 0, &local_error))
    return satchel_vault_take_error (error, g_steal_pointer (&local_error));
  self->kept_bytes = size_bytes;
  return TRUE;
}

gboolean
satchel_blob_writer_discard (SatchelBlobWriter *self, GError **error)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (self->is_lasting, FALSE);
  if (self->kept_bytes == 0)
    return TRUE;
  /* In this order: without its key the file says nothing, and the log may hold that still. */
  return satchel_blob_forget_begun (self->vault, self->id, &path, error) &&
         satchel_blob_unlink (self->vault, path, error) &&
         satchel_db_checkpoint (satchel_vault_get_db (self->vault), error);
}

SatchelSink
satchel_blob_writer_get_sink (SatchelBlobWriter *self)
{
  return (SatchelSink){blob_write_cb, self};
}

void
satchel_blob_writer_vouch (SatchelBlobWriter *self, const guint8 sha256[32])
{
  g_return_if_fail (self->size_bytes == 0 && !self->is_finished);
  g_clear_pointer (&self->hash, satchel_sha256_free);
  memcpy (self->sha256, sha256, SATCHEL_SHA256_SIZE);
}

/* Zeros, inside the seal: the file's length says no more than its Padmé class. */
static gboolean
write_padding (SatchelBlobWriter *self, GCancellable *cancellable, GError **error)
{
  static const guint8 zeros[16 * 1024];
  guint64 left = satchel_padme (self->size_bytes) - self->size_bytes;

  while (left > 0) {
    gsize now = MIN (left, sizeof zeros);
    if (!satchel_sink_write (satchel_stream_writer_get_sink (self->stream), zeros, now,
                             cancellable, error))
      return FALSE;
    left -= now;
  }
  return TRUE;
}

/* A received bundle has thousands of these waiting for its one transaction, more than there is
 * memory that may be locked. */
static void
seal_key (SatchelBlobWriter *self)
{
  satchel_secret_wrap (self->key, self->vault->waiting, (const guint8 *) self->id,
                       strlen (self->id), self->sealed_key);
  g_clear_pointer (&self->key, satchel_secret_unref);
}

static SatchelSecret *
open_key (SatchelBlobWriter *self, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  SatchelSecret *key =
      satchel_secret_unwrap (self->sealed_key, self->vault->waiting, (const guint8 *) self->id,
                             strlen (self->id), &local_error);

  if (key == NULL && local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (key == NULL)
    satchel_vault_set_error (error, SATCHEL_VAULT_ERROR_IO,
                             "a key that waited in memory is not what it was");
  return key;
}

gboolean
satchel_blob_writer_finish (SatchelBlobWriter *self,
                            guint8 sha256[32],
                            guint64 *size_bytes,
                            GCancellable *cancellable,
                            GError **error)
{
  g_autoptr (GError) local_error = NULL;

  g_return_val_if_fail (!self->is_finished, FALSE);
  if (!write_padding (self, cancellable, &local_error) ||
      !satchel_stream_writer_finish (self->stream, cancellable, &local_error) ||
      !satchel_new_file_settle (self->file, &local_error))
    return satchel_vault_take_error (error, g_steal_pointer (&local_error));
  g_clear_pointer (&self->stream, satchel_stream_writer_free);
  seal_key (self);
  if (self->hash != NULL)
    satchel_sha256_finish (self->hash, self->sha256);
  self->is_finished = TRUE;
  memcpy (sha256, self->sha256, SATCHEL_SHA256_SIZE);
  *size_bytes = self->size_bytes;
  return TRUE;
}

/* The row with the same content, NULL (with or without an error) where there is none. */
static char *
find_same (SatchelBlobWriter *self, GError **error)
{
  gboolean has_row = FALSE;
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (self->vault), "SELECT id FROM blob WHERE sha256 = ?", error);

  if (statement == NULL)
    return NULL;
  satchel_statement_bind_blob (statement, 1, self->sha256, sizeof self->sha256);
  if (!satchel_statement_step (statement, &has_row, error))
    return NULL;
  char *id = has_row ? g_strdup (satchel_statement_get_text (statement, 0)) : NULL;
  satchel_statement_reset (statement);
  return id;
}

static gboolean
insert_row (SatchelBlobWriter *self, GError **error)
{
  g_autoptr (SatchelSecret) key = open_key (self, error);
  SatchelStatement *statement =
      key == NULL ? NULL
                  : satchel_db_prepare (
                        satchel_vault_get_db (self->vault),
                        "INSERT INTO blob (id, key, sha256, size_bytes) VALUES (?, ?, ?, ?)",
                        error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, self->id);
  satchel_statement_bind_blob (statement, 2, satchel_secret_get_data (key), KEY_SIZE);
  satchel_statement_bind_blob (statement, 3, self->sha256, sizeof self->sha256);
  satchel_statement_bind_int (statement, 4, (gint64) self->size_bytes);
  return satchel_statement_run (statement, error);
}

static gboolean
read_through (SatchelBlobWriter *self, const char *blob_id, gboolean *whole, GError **error)
{
  g_autoptr (GInputStream) stream = satchel_blob_open (self->vault, blob_id, NULL, NULL, error);
  g_autoptr (SatchelSha256) hash = satchel_sha256_new ();
  g_autofree guint8 *buffer = g_malloc (SATCHEL_STREAM_CHUNK_SIZE);
  guint8 sha256[SATCHEL_SHA256_SIZE];
  gssize got = -1;

  while (stream != NULL && (got = g_input_stream_read (stream, buffer, SATCHEL_STREAM_CHUNK_SIZE,
                                                       NULL, error)) > 0)
    satchel_sha256_update (hash, buffer, got);
  if (got < 0)
    return FALSE;
  satchel_sha256_finish (hash, sha256);
  *whole = memcmp (sha256, self->sha256, sizeof sha256) == 0;
  return TRUE;
}

/* The new file is about to be dropped: whether the old one still gives the same bytes. */
static gboolean
check_same (SatchelBlobWriter *self, const char *blob_id, gboolean *whole, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (read_through (self, blob_id, whole, &local_error))
    return TRUE;
  *whole = FALSE;
  if (g_error_matches (local_error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_DAMAGED) ||
      g_error_matches (local_error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_IO))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* ?1 is the old id, ?2 the new one; every query has both. */
static gboolean
run_with_ids (SatchelBlobWriter *self, const char *query, const char *old_id, GError **error)
{
  SatchelStatement *statement =
      satchel_db_prepare (satchel_vault_get_db (self->vault), query, error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, old_id);
  satchel_statement_bind_text (statement, 2, self->id);
  return satchel_statement_run (statement, error);
}

/* The new file takes the place of a rotten one, which is an orphan from then on. The row's place is
 * kept by a hash of no content, for the time between. */
static gboolean
replace_row (SatchelBlobWriter *self, const char *old_id, GError **error)
{
  return run_with_ids (self, "UPDATE blob SET sha256 = randomblob (32) WHERE id = ?1 AND id <> ?2",
                       old_id, error) &&
         insert_row (self, error) &&
         run_with_ids (self, "UPDATE evidence SET blob_id = ?2 WHERE blob_id = ?1", old_id,
                       error) &&
         run_with_ids (self, "DELETE FROM blob WHERE id = ?1 AND id <> ?2", old_id, error);
}

static gboolean
keep_file (SatchelBlobWriter *self, const char *rotten, GError **error)
{
  if (!satchel_new_file_commit (self->file, FALSE, error))
    return FALSE;
  return rotten != NULL ? replace_row (self, rotten, error) : insert_row (self, error);
}

gboolean
satchel_blob_writer_store (SatchelBlobWriter *self,
                           char **blob_id,
                           gboolean *was_there,
                           GError **error)
{
  g_autoptr (GError) local_error = NULL;

  g_return_val_if_fail (self->is_finished && self->file != NULL, FALSE);
  g_return_val_if_fail (satchel_db_in_transaction (satchel_vault_get_db (self->vault)), FALSE);
  gboolean whole = FALSE;
  g_autofree char *same = find_same (self, &local_error);
  if (local_error != NULL || (same != NULL && !check_same (self, same, &whole, &local_error)) ||
      (!whole && !keep_file (self, same, &local_error)) ||
      (self->kept_bytes > 0 &&
       !satchel_blob_forget_begun (self->vault, self->id, NULL, &local_error)))
    return satchel_vault_take_error (error, g_steal_pointer (&local_error));
  *was_there = same != NULL;
  if (!whole) {
    g_free (same);
    same = g_strdup (self->id);
  }
  g_clear_pointer (&self->file, satchel_new_file_free);
  *blob_id = g_steal_pointer (&same);
  return TRUE;
}

void
satchel_blob_writer_free (SatchelBlobWriter *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->stream, satchel_stream_writer_free);
  g_clear_pointer (&self->file, satchel_new_file_free);
  satchel_sha256_free (self->hash);
  satchel_secret_unref (self->key);
  g_free (self->id);
  g_free (self);
}

/* What the row says; the key in guarded memory. */
static SatchelSecret *
load_row (SatchelVault *vault,
          const char *blob_id,
          guint64 *size_bytes,
          guint8 sha256[32],
          GError **error)
{
  gboolean has_row = FALSE;
  gsize key_size = 0;
  gsize hash_size = 0;
  SatchelSecret *key = NULL;
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault), "SELECT key, size_bytes, sha256 FROM blob WHERE id = ?", error);

  if (statement == NULL)
    return NULL;
  satchel_statement_bind_text (statement, 1, blob_id);
  if (!satchel_statement_step (statement, &has_row, error))
    return NULL;
  if (!has_row) {
    satchel_vault_set_error (error, SATCHEL_VAULT_ERROR_NOT_FOUND, "there is no such blob");
    return NULL;
  }
  const guint8 *key_bytes = satchel_statement_get_blob (statement, 0, &key_size);
  const guint8 *hash_bytes = satchel_statement_get_blob (statement, 2, &hash_size);
  if (key_size != KEY_SIZE || hash_size != SATCHEL_SHA256_SIZE) {
    satchel_vault_set_error (error, SATCHEL_VAULT_ERROR_DAMAGED, "a blob's row is damaged");
  } else if ((key = satchel_secret_new_copy (key_bytes, key_size, error)) != NULL) {
    *size_bytes = (guint64) satchel_statement_get_int (statement, 1);
    if (sha256 != NULL)
      memcpy (sha256, hash_bytes, SATCHEL_SHA256_SIZE);
  }
  satchel_statement_reset (statement);
  return key;
}

static GInputStream *
open_sealed (SatchelVault *vault,
             const char *blob_id,
             SatchelSecret *key,
             guint64 size_bytes,
             GCancellable *cancellable,
             GError **error)
{
  guint64 padded_bytes = 0;
  g_autofree char *path = satchel_blob_path (vault, blob_id);
  g_autoptr (SatchelSecret) stream_key = satchel_blob_derive (key, blob_id, error);
  g_autoptr (GInputStream) sealed =
      stream_key != NULL ? satchel_file_read (path, NULL, error) : NULL;

  if (sealed == NULL)
    return NULL;
  g_autoptr (GInputStream) plain = satchel_stream_reader_new_seekable (
      stream_key, sealed, 0, satchel_vault_get_pool (vault), &padded_bytes, cancellable, error);
  if (plain != NULL && padded_bytes != satchel_padme (size_bytes)) {
    satchel_vault_set_error (error, SATCHEL_VAULT_ERROR_DAMAGED,
                             "the blob's length is not its row's");
    return NULL;
  }
  return g_steal_pointer (&plain);
}

GInputStream *
satchel_blob_open_padded (SatchelVault *vault,
                          const char *blob_id,
                          guint64 *size_bytes,
                          guint8 sha256[32],
                          GCancellable *cancellable,
                          GError **error)
{
  guint64 size = 0;
  g_autoptr (GError) local_error = NULL;
  g_autoptr (SatchelSecret) key = load_row (vault, blob_id, &size, sha256, error);

  if (key == NULL)
    return NULL;
  GInputStream *stream =
      open_sealed (vault, blob_id, key, size, cancellable, &local_error);
  if (stream != NULL) {
    *size_bytes = size;
    return stream;
  }
  /* "Not found" is for blobs that have no row. */
  if (g_error_matches (local_error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_NOT_FOUND))
    satchel_vault_set_error (error, SATCHEL_VAULT_ERROR_DAMAGED, "the blob's file is missing");
  else
    satchel_vault_take_error (error, g_steal_pointer (&local_error));
  return NULL;
}

GInputStream *
satchel_blob_open (SatchelVault *vault,
                   const char *blob_id,
                   guint64 *size_bytes,
                   GCancellable *cancellable,
                   GError **error)
{
  guint64 size = 0;
  g_autoptr (GInputStream) padded =
      satchel_blob_open_padded (vault, blob_id, &size, NULL, cancellable, error);

  if (padded == NULL)
    return NULL;
  if (size_bytes != NULL)
    *size_bytes = size;
  return satchel_blob_stream_new (padded, size);
}
