/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/satchel-time.h"
#include "people/satchel-invite-book.h"
#include "sync/satchel-inbox-private.h"
#include "sync/satchel-outbox-private.h"

static gboolean
refuse_introduction (SatchelOpening *self, SatchelIntroductionOutcome outcome, GError **error)
{
  if (outcome == SATCHEL_INTRODUCTION_ALARM)
    return satchel_opening_refuse (
        self, SATCHEL_ASIDE_KEY_CHANGE,
        "Somebody introduced themselves with an invite that another key used before, or under a "
        "name that is known with another key. The first key stays.",
        error);
  if (outcome == SATCHEL_INTRODUCTION_REVOKED)
    return satchel_opening_refuse (self, SATCHEL_ASIDE_STRANGER,
                                   "It is an introduction with an invite that was revoked.",
                                   error);
  return satchel_opening_refuse (self, SATCHEL_ASIDE_STRANGER,
                                 "It is an introduction with an invite that is not of this vault.",
                                 error);
}

gboolean
satchel_opening_introduce (SatchelOpening *self,
                           SatchelIntroductionOutcome *outcome,
                           SatchelContact **contact,
                           GError **error)
{
  GError *local = NULL;

  if (!satchel_invite_book_introduce (self->vault, self->index->card, self->index->mac, outcome,
                                      contact, error))
    return FALSE;
  if (*outcome != SATCHEL_INTRODUCTION_UNKNOWN)
    return TRUE;
  if (satchel_invite_book_introduce_by_proof (self->vault, self->index->card, self->index->token,
                                              &self->index->proof, outcome, contact, &local))
    return TRUE;
  if (!g_error_matches (local, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NO_NEWSROOM)) {
    g_propagate_error (error, local);
    return FALSE;
  }
  g_error_free (local);
  return TRUE;
}

static gboolean
import_introduction (SatchelOpening *self, GError **error)
{
  SatchelIntroductionOutcome outcome;
  SatchelContact *contact = NULL;

  if (!satchel_opening_introduce (self, &outcome, &contact, error))
    return FALSE;
  if (outcome == SATCHEL_INTRODUCTION_ACCEPTED || outcome == SATCHEL_INTRODUCTION_KNOWN) {
    satchel_contact_free (self->contact);
    self->contact = contact;
    return TRUE;
  }
  if (outcome == SATCHEL_INTRODUCTION_UNKNOWN && self->contact != NULL)
    return TRUE;
  return refuse_introduction (self, outcome, error);
}

/* A newer name or newsroom on the card is taken over; other keys are an alarm. */
static gboolean
import_card (SatchelOpening *self, GError **error)
{
  SatchelContactOutcome outcome;

  if (self->index->kind == SATCHEL_OUTBOX_KIND_INTRODUCTION)
    return import_introduction (self, error);
  if (!satchel_contact_add (self->vault, self->index->card, &outcome, NULL, error))
    return FALSE;
  return outcome != SATCHEL_CONTACT_ALARM ||
         satchel_opening_refuse (self, SATCHEL_ASIDE_KEY_CHANGE,
                                 "The card in it has other keys than those known. The first ones "
                                 "stay.",
                                 error);
}

/* Verdicts for what the records room refuses; anything else is handed on. */
static gboolean
refuse_record (SatchelOpening *self, GError *local, GError **error)
{
  SatchelAsideReason reason;
  g_autofree char *finding = NULL;

  if (local->domain != SATCHEL_RECORDS_ERROR) {
    g_propagate_error (error, local);
    return FALSE;
  }
  reason = local->code == SATCHEL_RECORDS_ERROR_FORKED ? SATCHEL_ASIDE_FORK
                                                       : SATCHEL_ASIDE_CONTENTS;
  finding = g_strdup (local->message);
  g_error_free (local);
  return satchel_opening_refuse (self, reason, finding, error);
}

/* Evidence lines and files must be the same set, and in the same order: that of the index. */
static gboolean
import_items (SatchelOpening *self,
              const SatchelRecordDocument *document,
              guint *place,
              GError **error)
{
  for (guint i = 0; i < document->evidence->len; i++) {
    const SatchelEvidence *item = g_ptr_array_index (document->evidence, i);
    SatchelQuarantined *file = *place < self->quarantine->len
                                   ? g_ptr_array_index (self->quarantine, *place)
                                   : NULL;
    g_autofree char *blob_id = NULL;
    gboolean was_there;
    GError *local = NULL;
    if (file == NULL || strcmp (file->item, item->id) != 0)
      return satchel_opening_refuse (self, SATCHEL_ASIDE_CONTENTS,
                                     "An evidence item of a record has no file in it.", error);
    if (!satchel_blob_writer_store (file->writer, &blob_id, &was_there, error))
      return FALSE;
    if (!satchel_evidence_import (self->vault, item, blob_id, &local))
      return refuse_record (self, local, error);
    (*place)++;
  }
  return TRUE;
}

static gboolean
import_records (SatchelOpening *self, GStrvBuilder *ids, GError **error)
{
  guint place = 0;

  for (guint i = 0; i < self->documents->len; i++) {
    const SatchelRecordDocument *document = g_ptr_array_index (self->documents, i);
    SatchelImportOutcome outcome;
    GError *local = NULL;
    if (!satchel_record_import (self->vault, document, self->sender, self->bundle_id, &outcome,
                                &local))
      return refuse_record (self, local, error);
    g_strv_builder_add (ids, document->id);
    if (!import_items (self, document, &place, error))
      return FALSE;
  }
  return place == self->quarantine->len ||
         satchel_opening_refuse (self, SATCHEL_ASIDE_CONTENTS,
                                 "It holds a file that no record of it has as evidence.", error);
}

/* A receipt that does not fit is a finding; the others are taken in all the same. */
static gboolean
import_receipts (SatchelOpening *self, guint *count, GError **error)
{
  for (guint i = 0; i < self->receipts->len; i++) {
    GError *local = NULL;
    if (satchel_outbox_admit_receipt (self->vault, g_ptr_array_index (self->receipts, i), &local)) {
      (*count)++;
      continue;
    }
    if (local->domain != SATCHEL_SYNC_ERROR || (local->code != SATCHEL_SYNC_ERROR_REFUSED &&
                                                local->code != SATCHEL_SYNC_ERROR_NOT_FOUND)) {
      g_propagate_error (error, local);
      return FALSE;
    }
    satchel_opening_add_finding (self, local->message);
    g_error_free (local);
  }
  return TRUE;
}

/* The *opened* receipt, with the head of our ledger after the import. */
static char *
sign_receipt (SatchelOpening *self, const SatchelBagInfo *info, GError **error)
{
  SatchelOpenedReceipt receipt = {.bundle_id = self->bundle_id,
                                  .sender = info->sender_minisign,
                                  .time_unix_us = satchel_now_us ()};

  memcpy (receipt.sha256, info->age_sha256, 32);
  memcpy (receipt.tagmanifest_sha256, info->tagmanifest_sha256, 32);
  if (!satchel_ledger_get_head (self->vault, &receipt.ledger_sequence, receipt.ledger_head, error))
    return NULL;
  return satchel_opened_receipt_sign (&receipt, self->identity->minisign, error);
}

/* Kept as they came, to go on with the records. */
static gboolean
keep_origins (SatchelOpening *self, GError **error)
{
  for (guint i = 0; i < self->origins->len; i++) {
    const SatchelOriginFile *file = g_ptr_array_index (self->origins, i);
    g_autofree char *name = g_strconcat ("data/", file->name, NULL);
    if (!satchel_outbox_keep_file (self->vault, self->bundle_id, name, file->content, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
keep_files (SatchelOpening *self, const SatchelBagInfo *info, GError **error)
{
  for (guint i = 0; i < SATCHEL_BAG_TAG_COUNT; i++)
    if (!satchel_outbox_keep_file (self->vault, self->bundle_id,
                                   satchel_bag_tag_name ((SatchelBagTag) i), info->tags[i],
                                   error))
      return FALSE;
  return satchel_outbox_keep_file (self->vault, self->bundle_id, "data/bundle.json",
                                   self->index_raw, error) &&
         satchel_outbox_keep_file (self->vault, self->bundle_id, "data/custody.jsonl",
                                   self->custody, error) &&
         keep_origins (self, error);
}

static void
fill_entry (SatchelOpening *self, const SatchelBagInfo *info, SatchelInboxEntry *entry)
{
  entry->outcome = SATCHEL_INBOX_OPENED;
  entry->is_introduction = self->index->kind == SATCHEL_OUTBOX_KIND_INTRODUCTION;
  entry->items = self->quarantine->len;
  memcpy (entry->sha256, info->age_sha256, 32);
  entry->size_bytes = info->age_size_bytes;
  entry->bundle_id = g_strdup (self->bundle_id);
  entry->number = self->mine.number;
  entry->finding = self->finding->len > 0 ? g_strdup (self->finding->str) : NULL;
  if (self->contact != NULL) {
    entry->sender = g_strdup (self->contact->name);
    entry->contact_id = g_strdup (self->contact->id);
  }
}

gboolean
satchel_opening_import (SatchelOpening *self,
                        const SatchelBagInfo *info,
                        SatchelInboxEntry *entry,
                        GError **error)
{
  SatchelDb *db = satchel_vault_get_db (self->vault);
  g_autoptr (SatchelTransaction) transaction = satchel_transaction_begin (db, error);
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  g_autofree char *receipt = NULL;
  gboolean is_receipted = self->index->kind != SATCHEL_OUTBOX_KIND_RECEIPTS;
  guint receipts = 0;

  if (transaction == NULL || !import_card (self, error) || !import_records (self, ids, error) ||
      !import_receipts (self, &receipts, error))
    return FALSE;
  if (is_receipted) {
    receipt = sign_receipt (self, info, error);
    if (receipt == NULL)
      return FALSE;
  }
  fill_entry (self, info, entry);
  entry->receipts = receipts;
  g_strfreev (entry->records);
  entry->records = g_strv_builder_end (ids);
  return satchel_inbox_insert (self->vault, self, entry, receipt, is_receipted, error) &&
         keep_files (self, info, error) && satchel_transaction_commit (transaction, error);
}
