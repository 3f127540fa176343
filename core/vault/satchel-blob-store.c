/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/satchel-blob-private.h"

#include <string.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-hash.h"
#include "base/satchel-text.h"
#include "vault/satchel-vault-private.h"

/* How files are called before they get their name; base/satchel-file.h. */
#define TEMPORARY_PREFIX ".new-"

gboolean
satchel_blob_delete (SatchelVault *vault, const char *blob_id, char **path, GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  g_autoptr (GError) local_error = NULL;
  SatchelStatement *statement = satchel_db_prepare (db, "DELETE FROM blob WHERE id = ?", error);

  g_return_val_if_fail (satchel_db_in_transaction (db), FALSE);
  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, blob_id);
  if (satchel_statement_run (statement, &local_error)) {
    if (satchel_db_get_changes (db) == 0)
      return satchel_vault_set_error (error, SATCHEL_VAULT_ERROR_NOT_FOUND,
                                      "there is no such blob");
    if (path != NULL)
      *path = satchel_blob_path (vault, blob_id);
    return TRUE;
  }
  /* The one rule that a deleted row can break: something still refers to it. */
  if (!g_error_matches (local_error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_CONSTRAINT)) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  if (path != NULL)
    *path = NULL;
  return TRUE;
}

gboolean
satchel_blob_unlink (SatchelVault *vault, const char *path, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  return satchel_file_remove (path, &local_error) ||
         satchel_vault_take_error (error, g_steal_pointer (&local_error));
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

GPtrArray *
satchel_vault_list_names (const char *folder, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &local_error);
  const char *name;

  if (dir == NULL) {
    satchel_vault_set_error (error, SATCHEL_VAULT_ERROR_IO, "%s", local_error->message);
    return NULL;
  }
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_ids);
  return g_steal_pointer (&names);
}

static gboolean
is_prefix (const char *name)
{
  return strlen (name) == 2 && g_ascii_isxdigit (name[0]) && g_ascii_isxdigit (name[1]);
}

gboolean
satchel_blob_foreach_file (SatchelVault *vault,
                           SatchelBlobFileFunc function,
                           gpointer user_data,
                           GError **error)
{
  g_autofree char *root =
      satchel_vault_path (satchel_vault_get_folder (vault), SATCHEL_VAULT_BLOBS);
  g_autoptr (GPtrArray) prefixes = satchel_vault_list_names (root, error);

  for (guint i = 0; prefixes != NULL && i < prefixes->len; i++) {
    const char *prefix = prefixes->pdata[i];
    g_autofree char *folder = g_build_filename (root, prefix, NULL);
    if (!is_prefix (prefix)) {
      if (!function (folder, NULL, user_data, error))
        return FALSE;
      continue;
    }
    g_autoptr (GPtrArray) names = satchel_vault_list_names (folder, error);
    if (names == NULL)
      return FALSE;
    for (guint j = 0; j < names->len; j++) {
      const char *name = names->pdata[j];
      g_autofree char *path = g_build_filename (folder, name, NULL);
      gboolean is_blob = satchel_is_id (name) && strncmp (name, prefix, 2) == 0;
      if (!function (path, is_blob ? name : NULL, user_data, error))
        return FALSE;
    }
  }
  return prefixes != NULL;
}

static gpointer
read_id (SatchelStatement *row, GError **error)
{
  return g_strdup (satchel_statement_get_text (row, 0));
}

static GPtrArray *
list_ids (SatchelVault *vault, const char *sql, GError **error)
{
  SatchelStatement *rows = satchel_db_prepare (satchel_vault_get_db (vault), sql, error);

  return rows != NULL ? satchel_statement_list (rows, read_id, g_free, error) : NULL;
}

GPtrArray *
satchel_blob_list (SatchelVault *vault, GError **error)
{
  return list_ids (vault, "SELECT id FROM blob ORDER BY id", error);
}

GPtrArray *
satchel_blob_list_files (SatchelVault *vault, GError **error)
{
  return list_ids (vault,
                   "SELECT id FROM blob UNION SELECT substr (key, 13) FROM setting"
                   " WHERE key > 'vault.begun.' AND key < 'vault.begun/' ORDER BY 1",
                   error);
}

static gboolean
is_listed (GPtrArray *ids, const char *blob_id)
{
  /* An empty array has no memory, and bsearch() wants some. */
  return ids->len > 0 &&
         bsearch (&blob_id, ids->pdata, ids->len, sizeof (gpointer), compare_ids) != NULL;
}

/* Files of other names are not ours to remove: the check tells of them. */
static gboolean
sweep_file (const char *path, const char *blob_id, gpointer user_data, GError **error)
{
  GPtrArray *ids = user_data;
  g_autofree char *name = g_path_get_basename (path);
  gboolean is_orphan = blob_id != NULL ? !is_listed (ids, blob_id)
                                       : g_str_has_prefix (name, TEMPORARY_PREFIX);

  return !is_orphan || satchel_file_remove (path, error);
}

gboolean
satchel_vault_sweep_root (const char *folder, GError **error)
{
  g_autoptr (GPtrArray) names = satchel_vault_list_names (folder, error);

  for (guint i = 0; names != NULL && i < names->len; i++) {
    g_autofree char *path = satchel_vault_path (folder, names->pdata[i]);
    if (g_str_has_prefix (names->pdata[i], TEMPORARY_PREFIX) && !satchel_file_remove (path, error))
      return FALSE;
  }
  return names != NULL;
}

gboolean
satchel_blob_sweep (SatchelVault *vault, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GPtrArray) ids = satchel_blob_list_files (vault, error);

  if (ids == NULL)
    return FALSE;
  return (satchel_vault_sweep_root (satchel_vault_get_folder (vault), &local_error) &&
          satchel_blob_foreach_file (vault, sweep_file, ids, &local_error)) ||
         satchel_vault_take_error (error, g_steal_pointer (&local_error));
}

typedef struct {
  SatchelVault *vault;
  GPtrArray *files; /* ids of blobs, and of those that were begun */
  SatchelFaultFunc fault;
  gpointer user_data;
  SatchelProgressReport progress;
  guint64 done_bytes;
  guint64 total_bytes;
  GCancellable *cancellable;
} BlobCheck;

static void
report_fault (BlobCheck *check, const char *blob_id, const char *fault)
{
  g_autofree char *object = g_strdup_printf ("blob %s", blob_id);

  check->fault (object, fault, check->user_data);
}

/* Hashes the first @size_bytes and demands zeros after them, to the end. */
static gboolean
read_whole (BlobCheck *check,
            GInputStream *padded,
            guint64 size_bytes,
            guint8 sha256[SATCHEL_SHA256_SIZE],
            gboolean *clean_padding,
            GError **error)
{
  g_autoptr (SatchelSha256) hash = satchel_sha256_new ();
  g_autofree guint8 *buffer = g_malloc (SATCHEL_STREAM_CHUNK_SIZE);
  guint64 left = size_bytes;
  gssize got;

  *clean_padding = TRUE;
  while ((got = g_input_stream_read (padded, buffer, SATCHEL_STREAM_CHUNK_SIZE,
                                     check->cancellable, error)) > 0) {
    gsize content = MIN ((guint64) got, left);
    satchel_sha256_update (hash, buffer, content);
    for (gsize i = content; i < (gsize) got; i++)
      *clean_padding = *clean_padding && buffer[i] == 0;
    left -= content;
    check->done_bytes += content;
    if (check->progress.report != NULL)
      check->progress.report (check->done_bytes, check->total_bytes, check->progress.user_data);
  }
  satchel_sha256_finish (hash, sha256);
  return got == 0;
}

/* FALSE only where the check itself cannot go on. */
static gboolean
check_blob (BlobCheck *check, const char *blob_id, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  guint64 size = 0;
  guint8 expected[SATCHEL_SHA256_SIZE];
  guint8 actual[SATCHEL_SHA256_SIZE];
  gboolean clean_padding = TRUE;
  g_autoptr (GInputStream) padded = satchel_blob_open_padded (
      check->vault, blob_id, &size, expected, check->cancellable, &local_error);

  if (padded == NULL || !read_whole (check, padded, size, actual, &clean_padding, &local_error)) {
    if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
    report_fault (check, blob_id, local_error->message);
    return TRUE;
  }
  if (memcmp (expected, actual, sizeof expected) != 0)
    report_fault (check, blob_id, "the content's SHA-256 is not its row's");
  if (!clean_padding)
    report_fault (check, blob_id, "the padding is not zeros");
  return TRUE;
}

/* One of a living writer too: what is kept of it is to be read. */
static gboolean
check_begun (BlobCheck *check, GError **error)
{
  g_autoptr (GPtrArray) blobs = satchel_blob_list_begun (check->vault, error);

  for (guint i = 0; blobs != NULL && i < blobs->len; i++) {
    const SatchelBegunBlob *blob = blobs->pdata[i];
    g_autoptr (GError) local_error = NULL;
    guint64 size = 0;
    if (blob->about == NULL) {
      report_fault (check, blob->id, "the note of what was kept of it is damaged");
      continue;
    }
    if (!satchel_blob_copy_begun (check->vault, blob, satchel_sink_to_nowhere (), &size,
                                  check->cancellable, &local_error)) {
      if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        g_propagate_error (error, g_steal_pointer (&local_error));
        return FALSE;
      }
      report_fault (check, blob->id, local_error->message);
    } else if (size < blob->size_bytes) {
      report_fault (check, blob->id, "what was kept of it before it was cut off is damaged");
    }
  }
  return blobs != NULL;
}

static gboolean
check_file (const char *path, const char *blob_id, gpointer user_data, GError **error)
{
  BlobCheck *check = user_data;

  if (blob_id == NULL)
    check->fault (path, "a file or folder that does not belong here", check->user_data);
  else if (!is_listed (check->files, blob_id))
    report_fault (check, blob_id, "a file that no row names");
  return TRUE;
}

static gboolean
sum_sizes (SatchelVault *vault, guint64 *total_bytes, GError **error)
{
  gboolean has_row = FALSE;
  SatchelStatement *statement =
      satchel_db_prepare (satchel_vault_get_db (vault), "SELECT sum (size_bytes) FROM blob", error);

  if (statement == NULL || !satchel_statement_step (statement, &has_row, error))
    return FALSE;
  *total_bytes = has_row ? (guint64) satchel_statement_get_int (statement, 0) : 0;
  satchel_statement_reset (statement);
  return TRUE;
}

gboolean
satchel_blob_check_all (SatchelVault *vault,
                        SatchelFaultFunc fault,
                        gpointer user_data,
                        SatchelProgressReport progress,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (GPtrArray) ids = satchel_blob_list (vault, error);
  g_autoptr (GPtrArray) files = ids != NULL ? satchel_blob_list_files (vault, error) : NULL;
  BlobCheck check = {.vault = vault,
                     .files = files,
                     .fault = fault,
                     .user_data = user_data,
                     .progress = progress,
                     .cancellable = cancellable};

  if (files == NULL || !sum_sizes (vault, &check.total_bytes, error))
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
        !check_blob (&check, ids->pdata[i], error))
      return FALSE;
  return check_begun (&check, error) &&
         satchel_blob_foreach_file (vault, check_file, &check, error);
}
