/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "legal/satchel-export-private.h"

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
  SatchelExportFolder folder;
  char *bag;  /* satchel/ below it */
  char *data; /* data/ below that */
  SatchelNewFile *file;
  GCancellable *cancellable;
} Writing;

static void
writing_clear (Writing *self)
{
  satchel_new_file_free (self->file);
  satchel_export_folder_clear (&self->folder);
  g_free (self->bag);
  g_free (self->data);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Writing, writing_clear)

static gboolean
writing_begin (Writing *self, const char *folder, GError **error)
{
  if (!satchel_export_folder_begin (&self->folder, folder, error))
    return FALSE;
  self->bag = g_build_filename (self->folder.root, "satchel", NULL);
  self->data = g_build_filename (self->bag, "data", NULL);
  return satchel_folder_make (self->bag, error) && satchel_folder_make (self->data, error);
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
publish (Writing *self, GError **error)
{
  return satchel_folder_sync (self->data, error) && satchel_folder_sync (self->bag, error) &&
         satchel_export_folder_publish (&self->folder, error);
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
  g_auto (Writing) writing = {.folder.vault = vault, .cancellable = cancellable};

  return satchel_outbox_compose_own (vault, ids, sealed, progress, cancellable, error) &&
         note_exported (vault, ids, error) && writing_begin (&writing, folder, error) &&
         unpack (&writing, vault, sealed, progress, error) && publish (&writing, error);
}

gboolean
satchel_export_bag (SatchelVault *vault,
                    const char *const *records,
                    const char *folder,
                    SatchelProgressReport progress,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autofree char *id = satchel_random_id ();
  g_autofree char *name = g_strconcat (id, ".age", NULL);
  g_autofree char *sealed =
      g_build_filename (satchel_vault_get_folder (vault), "outbox", name, NULL);
  g_autoptr (GPtrArray) ids = NULL;

  if (!satchel_export_folder_is_free (folder, error))
    return FALSE;
  ids = resolve (vault, records, error);
  if (ids == NULL)
    return FALSE;
  gboolean exported =
      export_sealed (vault, ids, sealed, folder, progress, cancellable, error);
  /* A failure to remove it must not hide how the export ended; the next sealing sweeps it. */
  satchel_file_remove (sealed, NULL);
  return exported;
}
