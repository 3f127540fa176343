/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/satchel-health.h"

#include <string.h>
#include <unistd.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-text.h"
#include "seal/satchel-age.h"
#include "seal/satchel-ustar.h"
#include "vault/satchel-vault-private.h"

typedef struct {
  const char *folder;
  guint seen; /* how many members were taken */
  SatchelProgressReport progress;
  guint64 done_bytes;
  guint64 total_bytes; /* of the backup file: a little more than there is to take */
  GCancellable *cancellable;
} Restoring;

/* blobs/xx/<32 hex digits that begin with xx>. */
static gboolean
is_blob_name (char **parts)
{
  return g_strv_length (parts) == 3 && strlen (parts[1]) == 2 && satchel_is_id (parts[2]) &&
         strncmp (parts[1], parts[2], 2) == 0;
}

/* The archive's reader has refused "..", absolute names and odd characters; this is what a vault
 * has, and nothing else is written. The three fixed members come first, so that none is missing. */
static gboolean
is_expected (Restoring *restoring, const char *name)
{
  static const char *const fixed[] = {"keys", "keys.bak", SATCHEL_VAULT_STORE};
  g_auto (GStrv) parts = g_strsplit (name, "/", -1);

  if (restoring->seen < G_N_ELEMENTS (fixed))
    return strcmp (name, fixed[restoring->seen]) == 0;
  for (guint i = 0; parts[i] != NULL; i++)
    if (parts[i][0] == '.' || parts[i][0] == '\0')
      return FALSE;
  if (strcmp (parts[0], SATCHEL_VAULT_BLOBS) == 0)
    return is_blob_name (parts);
  return (strcmp (parts[0], "outbox") == 0 || strcmp (parts[0], "inbox") == 0) &&
         g_strv_length (parts) == 2;
}

static gboolean
restore_write_cb (gpointer target,
                  const guint8 *data,
                  gsize size_bytes,
                  GCancellable *cancellable,
                  GError **error)
{
  gpointer *both = target;
  Restoring *restoring = both[0];

  if (!satchel_sink_write (satchel_new_file_get_sink (both[1]), data, size_bytes, cancellable,
                           error))
    return FALSE;
  restoring->done_bytes += size_bytes;
  if (restoring->progress.report != NULL)
    restoring->progress.report (restoring->done_bytes, restoring->total_bytes,
                                restoring->progress.user_data);
  return TRUE;
}

static gboolean
take_member (Restoring *restoring, SatchelUstarReader *archive, const char *name, GError **error)
{
  g_autofree char *path = satchel_vault_path (restoring->folder, name);
  g_autofree char *parent = g_path_get_dirname (path);

  if (!is_expected (restoring, name))
    return satchel_vault_set_error (error, SATCHEL_VAULT_ERROR_DAMAGED,
                                    "not a backup of a vault: member \"%s\" is not expected here",
                                    name);
  if (!satchel_folder_make (parent, error))
    return FALSE;
  g_autoptr (SatchelNewFile) file = satchel_new_file_open (path, error);
  gpointer both[] = {restoring, file};
  if (file == NULL ||
      !satchel_sink_splice ((SatchelSink){restore_write_cb, both},
                            satchel_ustar_reader_get_content (archive), G_MAXUINT64, NULL,
                            restoring->cancellable, error))
    return FALSE;
  /* A second member of the same name fails here. */
  if (!satchel_new_file_commit (file, FALSE, error))
    return FALSE;
  restoring->seen++;
  return TRUE;
}

/* To the archive's very end: only there is the last chunk, and with it the whole, authentic. */
static gboolean
take_members (Restoring *restoring, GInputStream *plain, GError **error)
{
  g_autoptr (SatchelUstarReader) archive = satchel_ustar_reader_new (plain);
  const char *name = "";
  guint64 size = 0;

  for (;;) {
    if (!satchel_ustar_reader_next (archive, &name, &size, restoring->cancellable, error))
      return FALSE;
    if (name == NULL)
      break;
    if (!take_member (restoring, archive, name, error))
      return FALSE;
  }
  return restoring->seen >= 3 ||
         satchel_vault_set_error (error, SATCHEL_VAULT_ERROR_DAMAGED,
                                  "not a backup of a vault: parts are missing");
}

static gboolean
restore_parts (Restoring *restoring, const char *path, SatchelSecret *passphrase, GError **error)
{
  static const char text[] = "Restored from a backup, and not opened since.\n";
  g_autofree char *mark = satchel_vault_path (restoring->folder, SATCHEL_VAULT_RESTORED);
  gboolean repair = FALSE;
  g_autoptr (GInputStream) sealed = satchel_file_read (path, &restoring->total_bytes, error);
  g_autoptr (GInputStream) plain =
      sealed != NULL ? satchel_age_reader_new_passphrase (sealed, passphrase, NULL,
                                                          restoring->cancellable, error)
                     : NULL;

  if (plain == NULL || !satchel_vault_make_folders (restoring->folder, error) ||
      !take_members (restoring, plain, error))
    return FALSE;
  g_autoptr (SatchelKeyHeader) header =
      satchel_key_header_load (restoring->folder, &repair, error);
  return header != NULL &&
         satchel_file_store (mark, (const guint8 *) text, sizeof text - 1, error) &&
         satchel_vault_finish_folder (restoring->folder, error);
}

gboolean
satchel_vault_restore (const char *folder,
                       const char *path,
                       SatchelSecret *passphrase,
                       SatchelProgressReport progress,
                       GCancellable *cancellable,
                       GError **error)
{
  Restoring restoring = {.folder = folder, .progress = progress, .cancellable = cancellable};
  gboolean was_there = g_file_test (folder, G_FILE_TEST_EXISTS);
  g_autoptr (GError) local_error = NULL;
  int lock_fd = satchel_vault_prepare_folder (folder, was_there, error);

  if (lock_fd < 0)
    return FALSE;
  gboolean done = restore_parts (&restoring, path, passphrase, &local_error);
  if (!done)
    satchel_vault_abandon_folder (folder, was_there);
  close (lock_fd);
  if (done)
    return TRUE;
  if (g_error_matches (local_error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_NO_MATCH))
    return satchel_vault_set_error (error, SATCHEL_VAULT_ERROR_WRONG_PASSPHRASE,
                                    "the passphrase does not open this backup");
  return satchel_vault_take_error (error, g_steal_pointer (&local_error));
}
