/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/satchel-json.h"
#include "base/satchel-text.h"
#include "records/satchel-evidence-private.h"
#include "vault/satchel-blob-begun.h"

#define ABOUT_MAX ((gsize) 1 << 20) /* bytes */
#define ID_MAX    32

void
satchel_salvage_free (SatchelSalvage *self)
{
  if (self == NULL)
    return;
  g_clear_error (&self->fault);
  g_free (self);
}

/* "note.ogg" becomes "note (cut off).ogg". */
static char *
dup_cut_off_name (const char *name)
{
  const char *dot = strrchr (name, '.');
  gsize stem = dot != NULL && dot != name ? (gsize) (dot - name) : strlen (name);

  return g_strdup_printf ("%.*s (cut off)%s", (int) stem, name, name + stem);
}

static SatchelEvidenceWriter *
begin_again (SatchelVault *vault, const SatchelEvidence *left, GError **error)
{
  g_autofree char *name = dup_cut_off_name (left->name);
  const SatchelEvidenceSource source = {.name = name,
                                        .captured = left->captured,
                                        .clock = left->clock,
                                        .origin = left->origin,
                                        .from = left->from,
                                        .device = left->device,
                                        .url = left->url,
                                        .original = left->original};
  SatchelEvidenceWriter *self =
      satchel_evidence_writer_new (vault, left->record_id, &source, error);

  if (self != NULL)
    satchel_evidence_writer_set_cut_off (self);
  return self;
}

/* The file is an orphan then, and the next open tries again. */
static void
unlink_forgotten (SatchelVault *vault, const char *path)
{
  if (path != NULL)
    satchel_blob_unlink (vault, path, NULL);
}

/* The item is there and the note gone, or neither. */
static gboolean
store (SatchelVault *vault,
       const SatchelBegunBlob *blob,
       SatchelEvidenceWriter *writer,
       SatchelEvidence **item,
       GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (SatchelEvidence) made = NULL;
  g_autoptr (SatchelTransaction) transaction =
      satchel_transaction_begin (satchel_vault_get_db (vault), error);

  if (transaction == NULL ||
      !satchel_evidence_writer_finish (writer, &made, NULL, NULL, error) ||
      !satchel_blob_forget_begun (vault, blob->id, &path, error) ||
      !satchel_transaction_commit (transaction, error))
    return FALSE;
  unlink_forgotten (vault, path);
  *item = g_steal_pointer (&made);
  return TRUE;
}

static gboolean
forget (SatchelVault *vault, const SatchelBegunBlob *blob, GError **error)
{
  g_autofree char *path = NULL;

  if (!satchel_blob_forget_begun (vault, blob->id, &path, error))
    return FALSE;
  unlink_forgotten (vault, path);
  return TRUE;
}

static gboolean
append_cb (gpointer target,
           const guint8 *data,
           gsize size_bytes,
           GCancellable *cancellable,
           GError **error)
{
  return satchel_evidence_writer_append (target, data, size_bytes, cancellable, error);
}

static gboolean
copy_and_store (SatchelVault *vault,
                const SatchelBegunBlob *blob,
                SatchelEvidenceWriter *writer,
                SatchelEvidence **item,
                gboolean *is_damaged,
                GCancellable *cancellable,
                GError **error)
{
  guint64 size = 0;

  /* The copy is a second one for a moment, and must not fill the disk. */
  if (!satchel_evidence_writer_ask_room (writer, blob->size_bytes, error) ||
      !satchel_blob_copy_begun (vault, blob, (SatchelSink){append_cb, writer}, &size, cancellable,
                                error))
    return FALSE;
  *is_damaged = size < blob->size_bytes;
  return size > 0 ? store (vault, blob, writer, item, error) : forget (vault, blob, error);
}

static gboolean
salvage (SatchelVault *vault,
         const SatchelBegunBlob *blob,
         SatchelEvidence **item,
         gboolean *is_damaged,
         GCancellable *cancellable,
         GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (blob->about == NULL) {
    *is_damaged = TRUE;
    return forget (vault, blob, error);
  }
  g_autoptr (SatchelEvidence) left =
      satchel_evidence_parse (blob->about, strlen (blob->about), error);
  g_autoptr (SatchelEvidenceWriter) writer =
      left != NULL ? begin_again (vault, left, &local_error) : NULL;

  if (writer != NULL)
    return copy_and_store (vault, blob, writer, item, is_damaged, cancellable, error);
  if (g_error_matches (local_error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND))
    return forget (vault, blob, error);
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

gboolean
satchel_evidence_salvage_one (SatchelVault *vault,
                              const char *blob_id,
                              SatchelEvidence **item,
                              gboolean *is_damaged,
                              GCancellable *cancellable,
                              GError **error)
{
  g_autoptr (GPtrArray) blobs = satchel_blob_list_begun (vault, error);
  gboolean damaged = FALSE;

  *item = NULL;
  for (guint i = 0; blobs != NULL && i < blobs->len; i++) {
    const SatchelBegunBlob *blob = blobs->pdata[i];
    if (g_str_equal (blob->id, blob_id) &&
        !salvage (vault, blob, item, &damaged, cancellable, error))
      return FALSE;
  }
  if (is_damaged != NULL)
    *is_damaged = damaged;
  return blobs != NULL;
}

SatchelSalvage *
satchel_evidence_salvage (SatchelVault *vault, GCancellable *cancellable)
{
  SatchelSalvage *self = g_new0 (SatchelSalvage, 1);
  g_autoptr (GPtrArray) blobs = satchel_blob_list_begun (vault, &self->fault);

  for (guint i = 0; blobs != NULL && i < blobs->len; i++) {
    g_autoptr (SatchelEvidence) item = NULL;
    g_autoptr (GError) fault = NULL;
    gboolean is_damaged = FALSE;
    /* Of several faults the first is told. */
    if (!salvage (vault, blobs->pdata[i], &item, &is_damaged, cancellable, &fault) &&
        self->fault == NULL)
      self->fault = g_error_copy (fault);
    self->saved += item != NULL && !is_damaged ? 1 : 0;
    self->damaged += item != NULL && is_damaged ? 1 : 0;
    self->lost += item == NULL && fault == NULL && is_damaged ? 1 : 0;
  }
  return self;
}

/* The record that @about is of, the caller's: also where a newer Satchel says more of an item than
 * this one knows. NULL where that cannot be told. */
static char *
dup_record_id (const char *about)
{
  const char *id = NULL;
  g_autoptr (JsonNode) node =
      about != NULL ? satchel_json_parse (about, strlen (about), ABOUT_MAX, NULL) : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node) ||
      !satchel_json_get_string (json_node_get_object (node), "record", ID_MAX, &id, NULL) ||
      !satchel_is_id (id))
    return NULL;
  return g_strdup (id);
}

gboolean
satchel_evidence_forget_begun (SatchelVault *vault,
                               const char *record_id,
                               GPtrArray *paths,
                               GError **error)
{
  g_autoptr (GPtrArray) blobs = satchel_blob_list_begun (vault, error);

  for (guint i = 0; blobs != NULL && i < blobs->len; i++) {
    const SatchelBegunBlob *blob = blobs->pdata[i];
    g_autofree char *owner = dup_record_id (blob->about);
    char *path = NULL;
    /* What does not tell whose it is may be of this one: it must not outlive it. */
    if (owner != NULL && !g_str_equal (owner, record_id))
      continue;
    if (!satchel_blob_forget_begun (vault, blob->id, &path, error))
      return FALSE;
    if (path != NULL)
      g_ptr_array_add (paths, path);
  }
  return blobs != NULL;
}
