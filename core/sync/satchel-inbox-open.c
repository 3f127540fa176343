/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "papers/satchel-receipt.h"
#include "sync/satchel-inbox-private.h"
#include "sync/satchel-outbox-private.h"

#define DOCUMENTS_MAX ((guint64) 256 * 1024 * 1024)

static void
quarantined_free (gpointer data)
{
  SatchelQuarantined *self = data;

  g_free (self->item);
  satchel_blob_writer_free (self->writer);
  g_free (self);
}

SatchelOpening *
satchel_opening_new (SatchelVault *vault, GCancellable *cancellable, GError **error)
{
  SatchelIdentity *identity = satchel_identity_load (vault, error);
  SatchelOpening *self;

  if (identity == NULL)
    return NULL;
  self = g_new0 (SatchelOpening, 1);
  self->vault = vault;
  self->cancellable = cancellable;
  self->identity = identity;
  self->documents =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_record_document_free);
  self->quarantine = g_ptr_array_new_with_free_func (quarantined_free);
  self->receipts = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_opened_receipt_free);
  self->origins = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_origin_file_free);
  self->text = g_byte_array_new ();
  self->finding = g_string_new (NULL);
  return self;
}

void
satchel_opening_free (SatchelOpening *self)
{
  if (self == NULL)
    return;
  satchel_identity_free (self->identity);
  satchel_contact_free (self->contact);
  g_free (self->sender);
  satchel_index_free (self->index);
  g_clear_pointer (&self->index_raw, g_bytes_unref);
  g_clear_pointer (&self->custody, g_bytes_unref);
  g_ptr_array_unref (self->documents);
  g_ptr_array_unref (self->quarantine);
  g_ptr_array_unref (self->receipts);
  g_ptr_array_unref (self->origins);
  g_byte_array_unref (self->text);
  g_string_free (self->finding, TRUE);
  g_free (self);
}

void
satchel_opening_add_finding (SatchelOpening *self, const char *finding)
{
  if (self->finding->len > 0)
    g_string_append_c (self->finding, ' ');
  g_string_append (self->finding, finding);
}

gboolean
satchel_opening_refuse (SatchelOpening *self,
                        SatchelAsideReason reason,
                        const char *finding,
                        GError **error)
{
  self->is_refused = TRUE;
  self->reason = reason;
  satchel_opening_add_finding (self, finding);
  g_set_error_literal (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_REFUSED, finding);
  return FALSE;
}

/* Refuses with the reader's own words. */
static gboolean
refuse_by (SatchelOpening *self, const char *name, GError *local, GError **error)
{
  g_autofree char *finding = g_strdup_printf ("%s: %s", name, local->message);

  g_error_free (local);
  return satchel_opening_refuse (self, SATCHEL_ASIDE_CONTENTS, finding, error);
}

static gboolean
find_contact (SatchelOpening *self, const SatchelMinisignKey *key, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (SatchelContact) contact =
      satchel_contact_find_by_minisign (self->vault, key, &local);

  if (contact != NULL && satchel_contact_may_send (contact))
    self->contact = g_steal_pointer (&contact);
  if (local == NULL ||
      g_error_matches (local, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
admit_cb (const SatchelBagInfo *info, gpointer user_data, GError **error)
{
  SatchelOpening *self = user_data;
  const SatchelBagRecipient *mine =
      satchel_bag_info_find_recipient (info, &self->identity->card->keys.age);

  self->sender = satchel_minisign_key_format (&info->sender_minisign);
  memcpy (self->bundle_id, info->bundle_id, sizeof self->bundle_id);
  memcpy (self->tagmanifest_sha256, info->tagmanifest_sha256, 32);
  self->epoch = info->epoch;
  if (mine == NULL)
    return satchel_opening_refuse (self, SATCHEL_ASIDE_NOT_FOR_US,
                                   "It was sealed for somebody else and passed on.", error);
  self->mine = *mine;
  return find_contact (self, &info->sender_minisign, error) &&
         satchel_opening_place (self, info, error);
}

static gboolean
take_index (SatchelOpening *self, GBytes *content, GError **error)
{
  GError *local = NULL;
  g_autofree char *signer = NULL;

  self->index = satchel_index_parse (content, &local);
  if (self->index == NULL)
    return refuse_by (self, "bundle.json", local, error);
  self->index_raw = g_bytes_ref (content);
  signer = satchel_minisign_key_format (&self->index->card->keys.minisign);
  if (strcmp (signer, self->sender) != 0)
    return satchel_opening_refuse (self, SATCHEL_ASIDE_CONTENTS,
                                   "The card in it is not that of who signed it.", error);
  if (self->contact == NULL && self->index->kind != SATCHEL_OUTBOX_KIND_INTRODUCTION)
    return satchel_opening_refuse (
        self, SATCHEL_ASIDE_STRANGER,
        "Its sender is neither a contact nor introduced; it is tried again when they are.", error);
  return TRUE;
}

static void
note_fault (const char *object, const char *fault, gpointer user_data)
{
  GString *faults = user_data;

  if (faults->len < 500)
    g_string_append_printf (faults, "%s%s: %s", faults->len > 0 ? "; " : "", object, fault);
}

static gboolean
take_custody (SatchelOpening *self, GBytes *content, GError **error)
{
  GError *local = NULL;
  gsize size;
  const char *data = g_bytes_get_data (content, &size);
  g_autoptr (GString) faults = g_string_new (NULL);
  g_autoptr (GPtrArray) entries = NULL;

  self->custody = g_bytes_ref (content);
  if (size == 0)
    return TRUE;
  entries = satchel_ledger_parse_slice (data, size, &local);
  if (entries == NULL)
    return refuse_by (self, "custody.jsonl", local, error);
  if (satchel_ledger_verify_slice (entries, note_fault, faults))
    return TRUE;
  g_string_prepend (faults, "custody.jsonl: ");
  return satchel_opening_refuse (self, SATCHEL_ASIDE_CONTENTS, faults->str, error);
}

/* Records are held in memory until the whole bundle is verified. */
static gboolean
count_document (SatchelOpening *self, gsize size_bytes, GError **error)
{
  self->document_bytes += size_bytes;
  return self->document_bytes <= DOCUMENTS_MAX ||
         satchel_opening_refuse (self, SATCHEL_ASIDE_CONTENTS,
                                 "documents-size: the records in it are too large together.",
                                 error);
}

static gboolean
take_document_cb (const char *name, GBytes *content, gpointer user_data, GError **error)
{
  SatchelOpening *self = user_data;
  SatchelRecordDocument *document;
  GError *local = NULL;

  if (strcmp (name, "bundle.json") == 0)
    return take_index (self, content, error);
  if (strcmp (name, "custody.jsonl") == 0)
    return take_custody (self, content, error);
  if (self->index->kind != SATCHEL_OUTBOX_KIND_RECORDS)
    return satchel_opening_refuse (self, SATCHEL_ASIDE_CONTENTS,
                                   "A record in a bundle of another kind.", error);
  if (!count_document (self, g_bytes_get_size (content), error))
    return FALSE;
  document = satchel_record_document_parse (content, &local);
  if (document == NULL)
    return refuse_by (self, name, local, error);
  g_ptr_array_add (self->documents, document);
  return TRUE;
}

static gboolean
begin_evidence (SatchelOpening *self,
                const char *name,
                const guint8 sha256[SATCHEL_SHA256_SIZE],
                SatchelSink *sink,
                GError **error)
{
  guint place = self->quarantine->len;
  const SatchelIndexItem *item =
      place < self->index->items->len ? g_ptr_array_index (self->index->items, place) : NULL;
  SatchelQuarantined *file;
  SatchelBlobWriter *writer;

  if (item == NULL || strcmp (item->file, name) != 0)
    return satchel_opening_refuse (self, SATCHEL_ASIDE_CONTENTS,
                                   "A file in it is not the one that its index names.", error);
  writer = satchel_blob_writer_new (self->vault, error);
  if (writer == NULL)
    return FALSE;
  /* The bundle's reader says end_file only once the bytes were these. */
  satchel_blob_writer_vouch (writer, sha256);
  file = g_new0 (SatchelQuarantined, 1);
  file->item = g_strdup (item->item);
  file->writer = writer;
  g_ptr_array_add (self->quarantine, file);
  *sink = satchel_blob_writer_get_sink (writer);
  return TRUE;
}

static gboolean
begin_origin (SatchelOpening *self, guint64 size_bytes, SatchelSink *sink, GError **error)
{
  self->origin_bytes += MIN (size_bytes, SATCHEL_ORIGIN_TOTAL_MAX);
  if (size_bytes > SATCHEL_ORIGIN_FILE_MAX || self->origin_bytes > SATCHEL_ORIGIN_TOTAL_MAX)
    return satchel_opening_refuse (self, SATCHEL_ASIDE_CONTENTS,
                                   "What it carries of earlier bundles is too large.", error);
  g_byte_array_set_size (self->text, 0);
  *sink = satchel_sink_to_byte_array (self->text);
  return TRUE;
}

static void
end_origin (SatchelOpening *self, const char *name)
{
  g_autoptr (GBytes) content = g_bytes_new (self->text->data, self->text->len);

  g_ptr_array_add (self->origins, satchel_origin_file_new (name, content));
}

static gboolean
begin_file_cb (const char *name,
               guint64 size_bytes,
               const guint8 sha256[SATCHEL_SHA256_SIZE],
               SatchelSink *sink,
               gpointer user_data,
               GError **error)
{
  SatchelOpening *self = user_data;

  if (self->index->kind == SATCHEL_OUTBOX_KIND_RECORDS && g_ascii_isdigit (name[0]))
    return begin_evidence (self, name, sha256, sink, error);
  if (self->index->kind == SATCHEL_OUTBOX_KIND_RECORDS && satchel_origin_is_name (name))
    return begin_origin (self, size_bytes, sink, error);
  if (self->index->kind != SATCHEL_OUTBOX_KIND_RECEIPTS ||
      !g_str_has_prefix (name, "receipt-") || size_bytes > SATCHEL_RECEIPT_SIZE_MAX ||
      self->receipts->len >= SATCHEL_RECEIPTS_PER_BUNDLE)
    return satchel_opening_refuse (self, SATCHEL_ASIDE_CONTENTS,
                                   "It holds a file that this version does not know.", error);
  g_byte_array_set_size (self->text, 0);
  *sink = satchel_sink_to_byte_array (self->text);
  return TRUE;
}

static gboolean
end_file_cb (const char *name, gpointer user_data, GError **error)
{
  SatchelOpening *self = user_data;
  SatchelOpenedReceipt *receipt;
  GError *local = NULL;

  if (satchel_origin_is_name (name)) {
    end_origin (self, name);
    return TRUE;
  }
  if (self->index->kind == SATCHEL_OUTBOX_KIND_RECORDS) {
    SatchelQuarantined *file =
        g_ptr_array_index (self->quarantine, self->quarantine->len - 1);
    return satchel_blob_writer_finish (file->writer, file->sha256, &file->size_bytes,
                                       self->cancellable, error);
  }
  receipt = satchel_opened_receipt_parse ((const char *) self->text->data,
                                          (gssize) self->text->len, &local);
  if (receipt == NULL)
    return refuse_by (self, name, local, error);
  g_ptr_array_add (self->receipts, receipt);
  return TRUE;
}

/* Whoever passes on what somebody else signed answers for its being whole. */
static gboolean
check_origins (SatchelOpening *self, GError **error)
{
  g_autoptr (GPtrArray) origins = satchel_origins_read (self->origins);

  for (guint i = 0; i < origins->len; i++) {
    const SatchelOriginBag *origin = g_ptr_array_index (origins, i);
    if (origin->fault == NULL)
      continue;
    g_autofree char *finding = g_strdup_printf ("%s: %s", origin->name, origin->fault);
    return satchel_opening_refuse (self, SATCHEL_ASIDE_CONTENTS, finding, error);
  }
  return TRUE;
}

/* What the reader itself found, as a verdict. */
static void
judge (SatchelOpening *self, const GError *error)
{
  if (self->is_refused || self->is_here || error->domain != SATCHEL_SEAL_ERROR)
    return;
  self->is_refused = TRUE;
  self->reason = error->code == SATCHEL_SEAL_ERROR_NO_MATCH ||
                         g_str_has_prefix (error->message, "not-for-us")
                     ? SATCHEL_ASIDE_NOT_FOR_US
                     : SATCHEL_ASIDE_DAMAGED;
  satchel_opening_add_finding (self, error->message);
}

gboolean
satchel_opening_read (SatchelOpening *self,
                      GInputStream *sealed,
                      guint64 size_bytes,
                      SatchelProgressReport progress,
                      SatchelBagInfo **info,
                      GError **error)
{
  SatchelBundleReader reader = {.identities = &self->identity->age,
                                .identity_count = 1,
                                .self = &self->identity->card->keys.age,
                                .visitor = {.admit = admit_cb,
                                            .take_document = take_document_cb,
                                            .begin_file = begin_file_cb,
                                            .end_file = end_file_cb,
                                            .user_data = self},
                                .pool = satchel_vault_get_pool (self->vault),
                                .progress = progress,
                                .size_bytes = size_bytes};
  GError *local = NULL;

  if (!satchel_bundle_open (sealed, &reader, self->cancellable, info, NULL, &local)) {
    judge (self, local);
    g_propagate_error (error, local);
    return FALSE;
  }
  if (self->quarantine->len != self->index->items->len)
    return satchel_opening_refuse (self, SATCHEL_ASIDE_CONTENTS,
                                   "Its index names a file that is not in it.", error);
  return check_origins (self, error);
}
