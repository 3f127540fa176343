/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "legal/satchel-export-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-text.h"
#include "people/satchel-identity.h"
#include "records/satchel-evidence.h"
#include "records/satchel-record.h"
#include "seal/satchel-bundle.h"
#include "sync/satchel-outbox.h"

#define ZEROS_BYTES (64 * 1024)

/* The folder while it is being written. */
typedef struct {
  SatchelVault *vault;
  char *root; /* .new-<random> beside the folder that it becomes; NULL once it is called so */
  char *bag;  /* satchel/ below it */
  char *data; /* data/ below that */
  SatchelNewFile *file;
  GCancellable *cancellable;
} Writing;

static void
writing_clear (Writing *self)
{
  satchel_new_file_free (self->file);
  if (self->root != NULL && satchel_folder_remove (self->root, NULL))
    satchel_export_forget (self->vault, self->root);
  g_free (self->root);
  g_free (self->bag);
  g_free (self->data);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Writing, writing_clear)

/* The path by which a later run will find it, whatever folder that is started in; free(). */
static char *
real_folder (const char *folder, GError **error)
{
  char *real = realpath (folder, NULL);

  if (real == NULL)
    satchel_base_set_errno (error, errno, "reach the folder to write to");
  return real;
}

/* What comes after this is readable by anybody: the store knows of it before it is. */
static gboolean
writing_begin (Writing *self, const char *folder, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (folder);
  g_autofree char *real = real_folder (parent, error);
  g_autofree char *id = satchel_random_id ();
  g_autofree char *name = g_strconcat (SATCHEL_EXPORT_PREFIX, id, NULL);

  if (real == NULL)
    return FALSE;
  self->root = g_build_filename (real, name, NULL);
  self->bag = g_build_filename (self->root, "satchel", NULL);
  self->data = g_build_filename (self->bag, "data", NULL);
  return satchel_export_remember (self->vault, self->root, error) &&
         satchel_folder_make (self->root, error) && satchel_folder_make (self->bag, error) &&
         satchel_folder_make (self->data, error);
}

static gboolean
store_bytes (const char *folder, const char *name, GBytes *content, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  gsize size;
  const guint8 *data = g_bytes_get_data (content, &size);

  return satchel_file_store (path, size == 0 ? (const guint8 *) "" : data, size, error);
}

static gboolean
admit_cb (const SatchelBagInfo *info, gpointer user_data, GError **error)
{
  return TRUE;
}

static gboolean
take_document_cb (const char *name, GBytes *content, gpointer user_data, GError **error)
{
  Writing *self = user_data;

  return store_bytes (self->data, name, content, error);
}

static gboolean
begin_file_cb (const char *name,
               guint64 size_bytes,
               const guint8 sha256[SATCHEL_SHA256_SIZE],
               SatchelSink *sink,
               gpointer user_data,
               GError **error)
{
  Writing *self = user_data;
  g_autofree char *path = g_build_filename (self->data, name, NULL);

  self->file = satchel_new_file_open (path, error);
  if (self->file == NULL)
    return FALSE;
  *sink = satchel_new_file_get_sink (self->file);
  return TRUE;
}

static gboolean
end_file_cb (const char *name, gpointer user_data, GError **error)
{
  Writing *self = user_data;
  gboolean committed = satchel_new_file_commit (self->file, FALSE, error);

  g_clear_pointer (&self->file, satchel_new_file_free);
  return committed;
}

static gboolean
write_padding (Writing *self, guint64 size_bytes, GError **error)
{
  g_autofree char *path = g_build_filename (self->bag, "padding.bin", NULL);
  g_autofree guint8 *zeros = g_malloc0 (ZEROS_BYTES);
  g_autoptr (SatchelNewFile) file = satchel_new_file_open (path, error);

  if (file == NULL)
    return FALSE;
  for (guint64 left = size_bytes; left > 0;) {
    gsize part = (gsize) MIN (left, ZEROS_BYTES);
    if (!satchel_sink_write (satchel_new_file_get_sink (file), zeros, part, self->cancellable,
                             error))
      return FALSE;
    left -= part;
  }
  return satchel_new_file_commit (file, FALSE, error);
}

/* The tag files are handed out last, but written only after all else holds. */
static gboolean
write_tags (Writing *self, const SatchelBagInfo *info, GError **error)
{
  for (guint i = 0; i < SATCHEL_BAG_TAG_COUNT; i++)
    if (!store_bytes (self->bag, satchel_bag_tag_name ((SatchelBagTag) i), info->tags[i], error))
      return FALSE;
  return write_padding (self, info->padding_bytes, error);
}

static gboolean
unpack (Writing *self,
        SatchelVault *vault,
        const char *sealed,
        SatchelProgressReport progress,
        GError **error)
{
  guint64 size = 0;
  g_autoptr (SatchelIdentity) identity = satchel_identity_load (vault, error);
  g_autoptr (GInputStream) stream =
      identity == NULL ? NULL : satchel_file_read (sealed, &size, error);
  g_autoptr (SatchelBagInfo) info = NULL;

  if (stream == NULL)
    return FALSE;
  const SatchelBundleReader reader = {
      .identities = &identity->age,
      .identity_count = 1,
      .self = &identity->card->keys.age,
      .visitor = {admit_cb, take_document_cb, begin_file_cb, end_file_cb, self},
      .pool = satchel_vault_get_pool (vault),
      .progress = progress,
      .size_bytes = size,
  };
  return satchel_bundle_open (stream, &reader, self->cancellable, &info, NULL, error) &&
         write_tags (self, info, error);
}

static gboolean
note_record (SatchelVault *vault, const char *id, GError **error)
{
  g_autoptr (SatchelRecord) record = satchel_record_load (vault, id, error);
  g_autoptr (GPtrArray) items = record == NULL ? NULL : satchel_evidence_list (vault, id, error);

  if (items == NULL || !satchel_ledger_append (vault, SATCHEL_ACTION_EXPORTED, id, record->hash,
                                               NULL, error))
    return FALSE;
  for (guint i = 0; i < items->len; i++) {
    const SatchelEvidence *item = g_ptr_array_index (items, i);
    if (!satchel_ledger_append (vault, SATCHEL_ACTION_EXPORTED, item->id, item->hash, NULL, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
note_exported (SatchelVault *vault, GPtrArray *ids, GError **error)
{
  g_autoptr (SatchelTransaction) transaction =
      satchel_transaction_begin (satchel_vault_get_db (vault), error);

  if (transaction == NULL)
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    if (!note_record (vault, g_ptr_array_index (ids, i), error))
      return FALSE;
  return satchel_transaction_commit (transaction, error);
}

static GPtrArray *
resolve (SatchelVault *vault, const char *const *records, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; records[i] != NULL; i++) {
    g_autoptr (SatchelRecord) record = satchel_record_load (vault, records[i], error);
    if (record == NULL)
      return NULL;
    if (!g_ptr_array_find_with_equal_func (ids, record->id, g_str_equal, NULL))
      g_ptr_array_add (ids, g_steal_pointer (&record->id));
  }
  return g_steal_pointer (&ids);
}

static gboolean
set_exists (const char *folder, GError **error)
{
  g_set_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_EXISTS,
               "\"%s\" stands there already and was left as it is.", folder);
  return FALSE;
}

static gboolean
is_there (const char *path)
{
  struct stat found;

  return lstat (path, &found) == 0;
}

/* renameat2() with RENAME_NOREPLACE is not known to every file system; where it is not, a folder
 * that is not empty still makes rename() fail. */
static gboolean
publish (Writing *self, const char *folder, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (folder);

  if (!satchel_folder_sync (self->data, error) || !satchel_folder_sync (self->bag, error) ||
      !satchel_folder_sync (self->root, error))
    return FALSE;
  if (renameat2 (AT_FDCWD, self->root, AT_FDCWD, folder, RENAME_NOREPLACE) != 0) {
    if (errno != EINVAL && errno != ENOSYS)
      return satchel_base_set_errno (error, errno, "name a folder");
    if (is_there (folder))
      return set_exists (folder, error);
    if (rename (self->root, folder) != 0)
      return satchel_base_set_errno (error, errno, "name a folder");
  }
  g_autofree char *root = g_steal_pointer (&self->root);
  if (!satchel_folder_sync (parent, error))
    return FALSE;
  satchel_export_forget (self->vault, root);
  return TRUE;
}

static gboolean
export_sealed (SatchelVault *vault,
               GPtrArray *ids,
               const char *sealed,
               const char *folder,
               SatchelProgressReport progress,
               GCancellable *cancellable,
               GError **error)
{
  g_auto (Writing) writing = {.vault = vault, .cancellable = cancellable};

  return satchel_outbox_compose_own (vault, ids, sealed, progress, cancellable, error) &&
         note_exported (vault, ids, error) && writing_begin (&writing, folder, error) &&
         unpack (&writing, vault, sealed, progress, error) && publish (&writing, folder, error);
}

/* A folder's name without the slashes that a shell's completion leaves at its end. */
static char *
trim_slashes (const char *folder)
{
  char *trimmed = g_strdup (folder);

  for (gsize size = strlen (trimmed); size > 1 && trimmed[size - 1] == '/'; size--)
    trimmed[size - 1] = '\0';
  return trimmed;
}

gboolean
satchel_export_bag (SatchelVault *vault,
                    const char *const *records,
                    const char *folder,
                    SatchelProgressReport progress,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autofree char *target = trim_slashes (folder);
  g_autofree char *id = satchel_random_id ();
  g_autofree char *name = g_strconcat (id, ".age", NULL);
  g_autofree char *sealed =
      g_build_filename (satchel_vault_get_folder (vault), "outbox", name, NULL);
  g_autoptr (GPtrArray) ids = NULL;

  if (is_there (target))
    return set_exists (target, error);
  ids = resolve (vault, records, error);
  if (ids == NULL)
    return FALSE;
  gboolean exported =
      export_sealed (vault, ids, sealed, target, progress, cancellable, error);
  /* A failure to remove it must not hide how the export ended; the next sealing sweeps it. */
  satchel_file_remove (sealed, NULL);
  return exported;
}
