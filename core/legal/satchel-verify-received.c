/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "legal/satchel-verify-received.h"

#include <string.h>

#include "base/satchel-error.h"
#include "base/satchel-hash.h"
#include "legal/satchel-verify-private.h"
#include "records/satchel-ledger.h"
#include "records/satchel-record-json.h"
#include "records/satchel-record.h"
#include "sync/satchel-origin.h"

#define DATA_PREFIX "data/"

typedef struct {
  SatchelVault *vault;
  const char *bundle_id;
  SatchelVerification *verification;
  SatchelBagContents contents;
  GPtrArray *records;   /* of char *: ids of those that are here */
  GPtrArray *documents; /* of SatchelRecordDocument: those that were signed as they are here */
  SatchelProgressReport progress;
  guint64 done_bytes;
  guint64 total_bytes;
  GCancellable *cancellable;
} Checking;

/* --- What is kept --- */

static gboolean
read_tags (Checking *self, GPtrArray *kept)
{
  GBytes *tags[SATCHEL_BAG_TAG_COUNT] = {NULL};
  g_autoptr (GError) fault = NULL;

  for (guint i = 0; i < kept->len; i++) {
    const SatchelOriginFile *file = kept->pdata[i];
    for (guint tag = 0; tag < SATCHEL_BAG_TAG_COUNT; tag++)
      if (g_str_equal (file->name, satchel_bag_tag_name ((SatchelBagTag) tag)))
        tags[tag] = file->content;
  }
  for (guint tag = 0; tag < SATCHEL_BAG_TAG_COUNT; tag++)
    if (tags[tag] == NULL) {
      satchel_verification_add (self->verification, satchel_bag_tag_name ((SatchelBagTag) tag),
                                NULL, NULL, SATCHEL_VERDICT_GONE, NULL);
      return FALSE;
    }
  self->verification->info = satchel_bag_info_new (tags, NULL, &fault);
  if (self->verification->info == NULL)
    satchel_verification_add (self->verification, "bag", NULL, NULL, SATCHEL_VERDICT_RULE,
                              fault->message);
  return self->verification->info != NULL;
}

/* The name in the manifest of a file with this hash, and of a class: records, evidence, others. */
static const char *
find_entry (const Checking *self, const guint8 sha256[32], gboolean (*is_class) (const char *name))
{
  GArray *entries = self->verification->info->entries;

  for (guint i = 0; i < entries->len; i++) {
    const SatchelBagEntry *entry = &g_array_index (entries, SatchelBagEntry, i);
    if (is_class (entry->name) && memcmp (entry->sha256, sha256, 32) == 0)
      return entry->name;
  }
  return NULL;
}

static gboolean
is_evidence (const char *name)
{
  return g_ascii_isdigit (name[0]);
}

static void
hash_bytes (GBytes *bytes, guint8 sha256[32])
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  satchel_sha256 (data, size, sha256);
}

/* How many records were erased here: with them went what the bundle carried of earlier ones. */
static guint
count_erased (const Checking *self)
{
  GArray *entries = self->verification->info->entries;
  guint count = 0;

  for (guint i = 0; i < entries->len; i++)
    count += satchel_verify_is_record_name (g_array_index (entries, SatchelBagEntry, i).name);
  return count - MIN (count, self->records->len);
}

/* Custody, index and what was carried of earlier bundles, by their own names. */
static void
take_kept (Checking *self, GPtrArray *kept)
{
  GArray *entries = self->verification->info->entries;
  guint erased = count_erased (self);

  if (erased > 0) {
    g_autofree char *count = g_strdup_printf ("%u", erased);
    satchel_verification_add (self->verification, "bag", NULL, NULL, SATCHEL_VERDICT_ERASED, count);
  }

  for (guint i = 0; i < kept->len; i++) {
    const SatchelOriginFile *file = kept->pdata[i];
    guint8 sha256[32];
    if (!g_str_has_prefix (file->name, DATA_PREFIX))
      continue;
    const char *name = file->name + strlen (DATA_PREFIX);
    if (erased > 0 && satchel_origin_is_name (name))
      continue;
    hash_bytes (file->content, sha256);
    for (guint place = 0; place < entries->len; place++) {
      const SatchelBagEntry *entry = &g_array_index (entries, SatchelBagEntry, place);
      if (g_str_equal (entry->name, name) && memcmp (entry->sha256, sha256, 32) != 0)
        satchel_verification_add (self->verification, name, NULL, NULL,
                                  SATCHEL_VERDICT_NOT_SIGNED, NULL);
    }
    g_hash_table_insert (self->contents.documents, g_strdup (name), g_bytes_ref (file->content));
  }
}

/* A record's document gets the name that it had in its bundle, by its hash. */
static void
take_document (Checking *self, const char *id, GBytes *raw)
{
  guint8 sha256[32];
  const char *name;
  SatchelRecordDocument *document;

  hash_bytes (raw, sha256);
  name = find_entry (self, sha256, satchel_verify_is_record_name);
  if (name == NULL) {
    satchel_verification_add (self->verification, "record", id, NULL,
                              SATCHEL_VERDICT_NOT_SIGNED, NULL);
    return;
  }
  g_hash_table_insert (self->contents.documents, g_strdup (name), g_bytes_ref (raw));
  document = satchel_record_document_parse (raw, NULL);
  if (document != NULL)
    g_ptr_array_add (self->documents, document);
}

static gboolean
list_records (Checking *self, GPtrArray *raws, GError **error)
{
  SatchelStatement *rows = satchel_db_prepare (
      satchel_vault_get_db (self->vault),
      "SELECT record.id, raw FROM received_record JOIN record ON record.row = record"
      " WHERE bundle_id = ?1 ORDER BY received_record.row",
      error);
  gboolean has_row = FALSE;

  if (rows == NULL)
    return FALSE;
  satchel_statement_bind_text (rows, 1, self->bundle_id);
  while (satchel_statement_step (rows, &has_row, error)) {
    gsize size = 0;
    if (!has_row)
      return TRUE;
    g_ptr_array_add (self->records, g_strdup (satchel_statement_get_text (rows, 0)));
    const guint8 *data = satchel_statement_get_blob (rows, 1, &size);
    g_ptr_array_add (raws, g_bytes_new (data, size));
  }
  return FALSE;
}

/* --- Evidence --- */

static void
tell (Checking *self)
{
  if (self->progress.report != NULL)
    self->progress.report (self->done_bytes, self->total_bytes, self->progress.user_data);
}

static gboolean
hash_stream (Checking *self, GInputStream *stream, guint8 sha256[32], GError **error)
{
  g_autoptr (SatchelSha256) state = satchel_sha256_new ();
  g_autofree guint8 *piece = g_malloc (256 * 1024);
  gssize got;

  while ((got = g_input_stream_read (stream, piece, 256 * 1024, self->cancellable, error)) > 0) {
    satchel_sha256_update (state, piece, (gsize) got);
    self->done_bytes += (guint64) got;
    tell (self);
  }
  satchel_sha256_finish (state, sha256);
  return got == 0;
}

/* FALSE only where the check itself cannot go on: cancelled. */
static gboolean
check_content (Checking *self, const SatchelEvidence *item, const char *file, GError **error)
{
  g_autoptr (GError) fault = NULL;
  guint64 size = 0;
  guint8 sha256[32];
  g_autoptr (SatchelEvidence) here = satchel_evidence_load (self->vault, item->id, &fault);
  g_autoptr (GInputStream) stream =
      here != NULL
          ? satchel_blob_open (self->vault, here->blob_id, &size, self->cancellable, &fault)
          : NULL;

  if (stream != NULL && hash_stream (self, stream, sha256, &fault) &&
      memcmp (sha256, item->sha256, 32) == 0)
    return TRUE;
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  g_hash_table_add (self->contents.bad_files, g_strdup (file));
  if (fault != NULL)
    satchel_verification_add (self->verification, file, item->id, item->name,
                              SATCHEL_VERDICT_UNREADABLE, fault->message);
  return TRUE;
}

static gboolean
check_evidence (Checking *self, GError **error)
{
  for (guint i = 0; i < self->documents->len; i++) {
    const SatchelRecordDocument *document = self->documents->pdata[i];
    for (guint j = 0; j < document->evidence->len; j++)
      self->total_bytes += ((SatchelEvidence *) document->evidence->pdata[j])->size_bytes;
  }
  for (guint i = 0; i < self->documents->len; i++) {
    const SatchelRecordDocument *document = self->documents->pdata[i];
    for (guint j = 0; j < document->evidence->len; j++) {
      const SatchelEvidence *item = document->evidence->pdata[j];
      const char *file = find_entry (self, item->sha256, is_evidence);
      if (file != NULL && !check_content (self, item, file, error))
        return FALSE;
    }
  }
  return TRUE;
}

/* --- What the vault shows --- */

static gboolean
is_same_history (Checking *self, const SatchelRecordDocument *document)
{
  g_autoptr (GPtrArray) shown = satchel_record_list_revisions (self->vault, document->id, NULL);

  if (shown == NULL || shown->len < document->revisions->len)
    return FALSE;
  for (guint i = 0; i < document->revisions->len; i++) {
    const SatchelRevision *signed_one = document->revisions->pdata[i];
    const SatchelRevision *other = shown->pdata[i];
    if (memcmp (signed_one->hash, other->hash, 32) != 0)
      return FALSE;
  }
  return TRUE;
}

static void
check_shown (Checking *self)
{
  for (guint i = 0; i < self->documents->len; i++) {
    const SatchelRecordDocument *document = self->documents->pdata[i];
    if (!is_same_history (self, document))
      satchel_verification_add (self->verification, "record", document->id, document->kind,
                                SATCHEL_VERDICT_SHOWN_NOT_SIGNED, NULL);
    for (guint j = 0; j < document->evidence->len; j++) {
      const SatchelEvidence *item = document->evidence->pdata[j];
      g_autoptr (SatchelEvidence) here = satchel_evidence_load (self->vault, item->id, NULL);
      if (here == NULL || memcmp (here->hash, item->hash, 32) != 0)
        satchel_verification_add (self->verification, "evidence", item->id, item->name,
                                  SATCHEL_VERDICT_SHOWN_NOT_SIGNED, NULL);
    }
  }
}

/* --- All of it --- */

static gboolean
check (Checking *self, const SatchelVerifyOptions *options, GError **error)
{
  g_autoptr (GPtrArray) kept = satchel_bundle_list_kept (self->vault, self->bundle_id, error);
  g_autoptr (GPtrArray) raws = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  if (kept == NULL || !list_records (self, raws, error))
    return FALSE;
  if (!read_tags (self, kept))
    return TRUE;
  satchel_verify_signer (self->verification, options);
  take_kept (self, kept);
  for (guint i = 0; i < raws->len; i++)
    take_document (self, self->records->pdata[i], raws->pdata[i]);
  if (!check_evidence (self, error))
    return FALSE;
  satchel_verify_contents (self->verification, &self->contents, options);
  check_shown (self);
  return TRUE;
}

SatchelVerification *
satchel_verify_received (SatchelVault *vault,
                         const char *bundle_id,
                         const SatchelVerifyOptions *options,
                         SatchelProgressReport progress,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (SatchelVerification) verification = satchel_verification_new ();
  Checking self = {.vault = vault,
                   .bundle_id = bundle_id,
                   .verification = verification,
                   .progress = progress,
                   .cancellable = cancellable};

  satchel_bag_contents_init (&self.contents);
  self.records = g_ptr_array_new_with_free_func (g_free);
  self.documents =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_record_document_free);
  gboolean is_checked = check (&self, options, error);
  g_ptr_array_unref (self.records);
  g_ptr_array_unref (self.documents);
  satchel_bag_contents_clear (&self.contents);
  return is_checked ? g_steal_pointer (&verification) : NULL;
}

gboolean
satchel_verification_holds_for (const SatchelVerification *self, const char *id)
{
  gboolean is_judged = FALSE;

  for (guint i = 0; i < self->verdicts->len; i++) {
    const SatchelItemVerdict *verdict = self->verdicts->pdata[i];
    gboolean is_its = verdict->id != NULL && g_str_equal (verdict->id, id);
    if (!verdict->holds && (verdict->id == NULL || is_its))
      return FALSE;
    is_judged |= is_its;
  }
  return is_judged;
}

/* --- Into the ledger --- */

static gboolean
note (SatchelVault *vault,
      const char *id,
      const guint8 hash[32],
      const char *bundle_id,
      gboolean holds,
      GError **error)
{
  g_autoptr (JsonObject) detail = json_object_new ();

  json_object_set_boolean_member (detail, "holds", holds);
  json_object_set_string_member (detail, "bundle", bundle_id);
  return satchel_ledger_append (vault, SATCHEL_ACTION_VERIFIED, id, hash, detail, error);
}

/* What the document holds was judged, and nothing that another bundle brought of this record. */
static gboolean
note_record (SatchelVault *vault,
             const char *id,
             GBytes *raw,
             const char *bundle_id,
             const SatchelVerification *verification,
             GError **error)
{
  g_autoptr (SatchelRecord) record = satchel_record_load (vault, id, error);
  g_autoptr (SatchelRecordDocument) document = satchel_record_document_parse (raw, NULL);

  if (record == NULL)
    return FALSE;
  if (document == NULL || document->revisions->len == 0)
    return note (vault, id, record->hash, bundle_id, FALSE, error);
  const SatchelRevision *last = document->revisions->pdata[document->revisions->len - 1];
  if (!note (vault, id, last->hash, bundle_id, satchel_verification_holds_for (verification, id),
             error))
    return FALSE;
  for (guint i = 0; i < document->evidence->len; i++) {
    const SatchelEvidence *item = document->evidence->pdata[i];
    if (!note (vault, item->id, item->hash, bundle_id,
               satchel_verification_holds_for (verification, item->id), error))
      return FALSE;
  }
  return TRUE;
}

gboolean
satchel_verify_note_received (SatchelVault *vault,
                              const char *bundle_id,
                              const SatchelVerification *verification,
                              GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) raws = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  Checking self = {.vault = vault, .bundle_id = bundle_id, .records = records};
  g_autoptr (SatchelTransaction) transaction =
      satchel_transaction_begin (satchel_vault_get_db (vault), error);

  if (transaction == NULL || !list_records (&self, raws, error))
    return FALSE;
  for (guint i = 0; i < records->len; i++)
    if (!note_record (vault, records->pdata[i], raws->pdata[i], bundle_id, verification, error))
      return FALSE;
  return satchel_transaction_commit (transaction, error);
}
