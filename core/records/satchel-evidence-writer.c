/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-evidence-writer.h"

#include <errno.h>
#include <string.h>
#include <sys/statvfs.h>

#include "base/satchel-error.h"
#include "base/satchel-text.h"
#include "records/satchel-evidence-private.h"
#include "records/satchel-ledger-private.h"
#include "records/satchel-record-private.h"

#define SNIFF_SIZE 4096
/* What sealing holds back, and what the rows and the store's log may take. */
#define ROOM_BYTES (16 * 1024 * 1024)

struct _SatchelEvidenceWriter {
  SatchelVault *vault; /* borrowed */
  SatchelEvidence *item;
  SatchelBlobWriter *blob;
  GByteArray *head; /* the first bytes, which tell the type */
  guint64 size_bytes;
  gboolean is_cut_off;
};

static gboolean
check_text (const char *text, const char *what, GError **error)
{
  if (text == NULL || (strlen (text) <= SATCHEL_EVIDENCE_TEXT_MAX &&
                       satchel_text_is_clean (text, -1) && strpbrk (text, "\r\n") == NULL))
    return TRUE;
  g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_INVALID_VALUE,
               "%s of an evidence item: one line of at most %d bytes", what,
               SATCHEL_EVIDENCE_TEXT_MAX);
  return FALSE;
}

static gboolean
check_source (const SatchelEvidenceSource *source, GError **error)
{
  if (source->original != NULL && !satchel_is_id (source->original)) {
    g_set_error_literal (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND,
                         "the original of an evidence item is named by its whole id");
    return FALSE;
  }
  return check_text (source->from, "giver", error) &&
         check_text (source->device, "device", error) && check_text (source->url, "URL", error);
}

static SatchelEvidence *
describe (const char *record_id, const SatchelEvidenceSource *source)
{
  SatchelEvidence *item = g_new0 (SatchelEvidence, 1);

  item->id = satchel_random_id ();
  item->record_id = g_strdup (record_id);
  item->name = satchel_text_safe_file_name (source->name != NULL ? source->name : "file");
  item->captured = source->captured;
  item->clock = source->captured.precision == SATCHEL_PRECISION_UNKNOWN ? SATCHEL_CLOCK_UNKNOWN
                                                                        : source->clock;
  item->origin = source->origin;
  item->from = g_strdup (source->from);
  item->device = g_strdup (source->device);
  item->url = g_strdup (source->url);
  item->original = g_strdup (source->original);
  return item;
}

static gboolean
check_record (SatchelVault *vault, const char *record_id, GError **error)
{
  gint64 row = 0;

  if (!satchel_record_find_row (satchel_vault_get_db (vault), record_id, &row, error))
    return FALSE;
  if (row == 0)
    g_set_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND, "no record %s",
                 record_id);
  return row != 0;
}

/* @blob is eaten. */
static SatchelEvidenceWriter *
begin (SatchelVault *vault,
       const char *record_id,
       const SatchelEvidenceSource *source,
       SatchelBlobWriter *blob)
{
  SatchelEvidenceWriter *self;

  if (blob == NULL)
    return NULL;
  self = g_new0 (SatchelEvidenceWriter, 1);
  self->vault = vault;
  self->item = describe (record_id, source);
  self->blob = blob;
  self->head = g_byte_array_new ();
  return self;
}

SatchelEvidenceWriter *
satchel_evidence_writer_new (SatchelVault *vault,
                             const char *record_id,
                             const SatchelEvidenceSource *source,
                             GError **error)
{
  if (!check_source (source, error) || !check_record (vault, record_id, error))
    return NULL;
  return begin (vault, record_id, source, satchel_blob_writer_new (vault, error));
}

SatchelEvidenceWriter *
satchel_evidence_writer_new_lasting (SatchelVault *vault,
                                     const char *record_id,
                                     const SatchelEvidenceSource *source,
                                     GError **error)
{
  if (!check_source (source, error) || !check_record (vault, record_id, error))
    return NULL;
  return begin (vault, record_id, source, satchel_blob_writer_new_lasting (vault, error));
}

void
satchel_evidence_writer_set_cut_off (SatchelEvidenceWriter *self)
{
  self->is_cut_off = TRUE;
}

/* What the first bytes tell, and the moment. */
static void
complete (SatchelEvidenceWriter *self)
{
  g_free (self->item->type);
  self->item->type =
      satchel_evidence_guess_type (self->item->name, self->head->data, self->head->len);
  self->item->imported = satchel_when_now ();
}

guint64
satchel_evidence_writer_get_keepable (SatchelEvidenceWriter *self)
{
  return satchel_blob_writer_get_keepable (self->blob);
}

/* The note is the line that the item would have if it ended there; its hash is not known. */
gboolean
satchel_evidence_writer_keep (SatchelEvidenceWriter *self, guint64 size_bytes, GError **error)
{
  if (!check_record (self->vault, self->item->record_id, error))
    return FALSE;
  complete (self);
  self->item->size_bytes = size_bytes;
  satchel_evidence_compose (self->item);
  return satchel_blob_writer_keep (self->blob, size_bytes, self->item->line, error);
}

gboolean
satchel_evidence_writer_discard (SatchelEvidenceWriter *self, GError **error)
{
  return satchel_blob_writer_discard (self->blob, error);
}

gboolean
satchel_evidence_writer_rescue (SatchelEvidenceWriter *self,
                                SatchelEvidence **item,
                                gboolean *is_damaged,
                                GError **error)
{
  g_autoptr (SatchelEvidence) made = NULL;

  if (!satchel_evidence_salvage_one (self->vault, satchel_blob_writer_get_id (self->blob), &made,
                                     is_damaged, NULL, error))
    return FALSE;
  gboolean is_made = made != NULL;
  if (item != NULL)
    *item = g_steal_pointer (&made);
  return is_made;
}

gboolean
satchel_evidence_writer_append (SatchelEvidenceWriter *self,
                                const guint8 *data,
                                gsize size_bytes,
                                GCancellable *cancellable,
                                GError **error)
{
  if (self->head->len < SNIFF_SIZE)
    g_byte_array_append (self->head, data, MIN (size_bytes, SNIFF_SIZE - self->head->len));
  self->size_bytes += size_bytes;
  return satchel_sink_write (satchel_blob_writer_get_sink (self->blob), data, size_bytes,
                             cancellable, error);
}

gboolean
satchel_evidence_writer_ask_room (SatchelEvidenceWriter *self, gsize size_bytes, GError **error)
{
  guint64 whole = self->size_bytes + size_bytes;
  guint64 needed = satchel_padme (whole) - self->size_bytes + ROOM_BYTES;
  struct statvfs facts;

  if (statvfs (satchel_vault_get_folder (self->vault), &facts) != 0)
    return satchel_base_set_errno (error, errno, "ask for the room on the disk");
  return facts.f_bavail >= needed / facts.f_frsize ||
         satchel_base_set_errno (error, ENOSPC, "go on with evidence");
}

/* Blob row, item row, names to search for and ledger, all or nothing. */
static gboolean
store (SatchelEvidenceWriter *self, gboolean *was_there, GError **error)
{
  SatchelVault *vault = self->vault;
  SatchelEvidence *item = self->item;
  SatchelDb *db = satchel_vault_get_db (vault);
  g_autoptr (SatchelTransaction) transaction = satchel_transaction_begin (db, error);
  g_autoptr (SatchelRecord) record =
      transaction != NULL ? satchel_record_load (vault, item->record_id, error) : NULL;
  g_autoptr (JsonObject) detail = satchel_ledger_detail_text ("record", item->record_id);

  if (self->is_cut_off)
    json_object_set_boolean_member (detail, "cut_off", TRUE);
  if (record == NULL || !satchel_blob_writer_store (self->blob, &item->blob_id, was_there, error))
    return FALSE;
  satchel_evidence_compose (item);
  return satchel_evidence_insert (db, record->row, item, error) &&
         satchel_record_index_put (vault, record->row, satchel_record_get_kind (record),
                                   record->values, NULL, error) &&
         satchel_ledger_append (vault, SATCHEL_ACTION_ATTACHED, item->id, item->hash, detail,
                                error) &&
         satchel_transaction_commit (transaction, error);
}

gboolean
satchel_evidence_writer_finish (SatchelEvidenceWriter *self,
                                SatchelEvidence **item,
                                gboolean *was_there,
                                GCancellable *cancellable,
                                GError **error)
{
  gboolean known = FALSE;

  complete (self);
  if (!satchel_blob_writer_finish (self->blob, self->item->sha256, &self->item->size_bytes,
                                   cancellable, error) ||
      !store (self, &known, error))
    return FALSE;
  if (item != NULL)
    *item = g_steal_pointer (&self->item);
  if (was_there != NULL)
    *was_there = known;
  return TRUE;
}

void
satchel_evidence_writer_free (SatchelEvidenceWriter *self)
{
  if (self == NULL)
    return;
  satchel_blob_writer_free (self->blob);
  satchel_evidence_free (self->item);
  g_byte_array_unref (self->head);
  g_free (self);
}
