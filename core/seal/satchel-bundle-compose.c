/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-bag-private.h"
#include "seal/satchel-bundle.h"

#include <string.h>

#include "base/satchel-text.h"
#include "seal/satchel-ustar.h"

/* Everything known before the first byte is written. */
typedef struct {
  SatchelBagInfo *info; /* its tags too */
  guint64 archive_bytes;
  guint64 padding_bytes;
} Plan;

/* The work under way. */
typedef struct {
  const SatchelBundleDraft *draft;
  const Plan *plan;
  SatchelUstarWriter *archive;
  SatchelProgressReport progress;
  guint64 done_bytes;
} Composer;

static void
plan_clear (Plan *self)
{
  g_clear_pointer (&self->info, satchel_bag_info_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Plan, plan_clear)

void
satchel_bundle_result_clear (SatchelBundleResult *self)
{
  for (guint i = 0; i < SATCHEL_BAG_TAG_COUNT; i++)
    g_clear_pointer (&self->tags[i], g_bytes_unref);
}

static char *
dup_document_name (guint place)
{
  if (place == 0)
    return g_strdup ("bundle.json");
  if (place == 1)
    return g_strdup ("custody.jsonl");
  return g_strdup_printf ("r%04u.json", place - 1);
}

/* The documents in their order: index, custody (nullable), records. */
static GBytes *
get_document (const SatchelBundleDraft *draft, guint place)
{
  if (place == 0)
    return draft->index;
  if (place == 1)
    return draft->custody;
  return draft->records[place - 2];
}

static const guint8 *
document_data (GBytes *document, gsize *size_bytes)
{
  *size_bytes = 0;
  return document != NULL ? g_bytes_get_data (document, size_bytes) : NULL;
}

static gboolean
plan_member (Plan *plan,
             SatchelBagOrder *order,
             const SatchelBagEntry *entry,
             guint64 size_bytes,
             GError **error)
{
  if (!satchel_bag_order_take (order, entry->name, error))
    return FALSE;
  guint64 limit = satchel_bag_size_limit (satchel_bag_kind_of (entry->name));
  if (size_bytes > limit || plan->info->payload_bytes + size_bytes > G_MAXINT64 / 4)
    return satchel_bag_break (error, "member-size", entry->name, "too large");
  g_array_append_val (plan->info->entries, *entry);
  plan->info->payload_bytes += size_bytes;
  plan->info->payload_files++;
  plan->archive_bytes += satchel_ustar_member_size (size_bytes);
  return TRUE;
}

static gboolean
plan_documents (Plan *plan, SatchelBagOrder *order, const SatchelBundleDraft *draft, GError **error)
{
  for (guint i = 0; i < draft->record_count + 2; i++) {
    SatchelBagEntry entry = {0};
    gsize size = 0;
    const guint8 *data = document_data (get_document (draft, i), &size);
    g_autofree char *name = dup_document_name (i);
    g_strlcpy (entry.name, name, sizeof entry.name);
    satchel_sha256 (data, size, entry.sha256);
    if (!plan_member (plan, order, &entry, size, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
plan_files (Plan *plan, SatchelBagOrder *order, const SatchelBundleDraft *draft, GError **error)
{
  for (guint i = 0; i < draft->file_count; i++) {
    const SatchelBundleFile *file = &draft->files[i];
    SatchelBagEntry entry = {0};
    memcpy (entry.name, file->name, sizeof entry.name);
    memcpy (entry.sha256, file->sha256, sizeof entry.sha256);
    if (!plan_member (plan, order, &entry, file->size_bytes, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
plan_recipients (Plan *plan, const SatchelBundleDraft *draft, GError **error)
{
  if (draft->recipient_count == 0 || draft->recipient_count > SATCHEL_AGE_STANZAS_MAX)
    return satchel_bag_break (error, "member-count", NULL, "%u recipients: 1 to %d are possible",
                              draft->recipient_count, SATCHEL_AGE_STANZAS_MAX);
  for (guint i = 0; i < draft->recipient_count; i++) {
    const SatchelBagRecipient *recipient = &draft->recipients[i];
    if (satchel_bag_info_find_recipient (plan->info, &recipient->age) != NULL)
      return satchel_bag_break (error, "bag-info", NULL, "a recipient stands there twice");
    if (recipient->number == 0 || recipient->has_previous != (recipient->number > 1))
      return satchel_bag_break (error, "bag-info", NULL,
                                "number 1 has no bundle before it, every other one has");
    g_array_append_val (plan->info->recipients, *recipient);
  }
  return TRUE;
}

static void
plan_fields (Plan *plan, const SatchelBundleDraft *draft, SatchelSecret *minisign_pair)
{
  SatchelBagInfo *info = plan->info;

  g_strlcpy (info->bundle_id, draft->bundle_id, sizeof info->bundle_id);
  info->sender_age = draft->sender_age;
  satchel_minisign_pair_get_key (minisign_pair, &info->sender_minisign);
  info->epoch = draft->epoch;
  info->ledger_sequence = draft->ledger_sequence;
  memcpy (info->ledger_head, draft->ledger_head, sizeof info->ledger_head);
  info->bagged_unix_us = draft->bagged_unix_us;
}

static void
hash_zeros (guint64 size_bytes, guint8 *out)
{
  static const guint8 zeros[SATCHEL_STREAM_CHUNK_SIZE];
  g_autoptr (SatchelSha256) hash = satchel_sha256_new ();

  for (guint64 left = size_bytes; left > 0;) {
    gsize part = (gsize) MIN (left, sizeof zeros);
    satchel_sha256_update (hash, zeros, part);
    left -= part;
  }
  satchel_sha256_finish (hash, out);
}

static gboolean
sign_tags (SatchelBagInfo *info, SatchelSecret *minisign_pair, GError **error)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (info->tags[SATCHEL_BAG_TAG_TAGMANIFEST], &size);
  g_autofree char *comment = satchel_bag_dup_comment (info);
  char *signature = satchel_minisign_sign (minisign_pair, data, size, comment, NULL, error);

  if (signature == NULL)
    return FALSE;
  info->tags[SATCHEL_BAG_TAG_SIGNATURE] = g_bytes_new_take (signature, strlen (signature));
  return TRUE;
}

/* Padding's size follows from the sizes of the tags, which do not depend on its hash: so the
 * tagmanifest and signature are made twice. */
static gboolean
plan_tags (Plan *plan, SatchelSecret *minisign_pair, GError **error)
{
  SatchelBagInfo *info = plan->info;

  info->tags[SATCHEL_BAG_TAG_BAGIT] = g_bytes_new_static (SATCHEL_BAG_BAGIT,
                                                          strlen (SATCHEL_BAG_BAGIT));
  info->tags[SATCHEL_BAG_TAG_INFO] = satchel_bag_text_write (info);
  info->tags[SATCHEL_BAG_TAG_MANIFEST] = satchel_bag_manifest_write (info->entries);
  for (guint round = 0; round < 2; round++) {
    g_clear_pointer (&info->tags[SATCHEL_BAG_TAG_TAGMANIFEST], g_bytes_unref);
    g_clear_pointer (&info->tags[SATCHEL_BAG_TAG_SIGNATURE], g_bytes_unref);
    info->tags[SATCHEL_BAG_TAG_TAGMANIFEST] =
        satchel_bag_tagmanifest_write (info->tags, info->padding_sha256);
    if (!sign_tags (info, minisign_pair, error))
      return FALSE;
    if (round == 1)
      break;
    guint64 members = plan->archive_bytes + satchel_bag_tags_tar_size (info->tags);
    plan->padding_bytes = satchel_bag_padding_size (members);
    plan->archive_bytes = members + satchel_ustar_member_size (plan->padding_bytes) +
                          SATCHEL_USTAR_END_SIZE;
    hash_zeros (plan->padding_bytes, info->padding_sha256);
  }
  return TRUE;
}

static gboolean
make_plan (Plan *plan,
           const SatchelBundleDraft *draft,
           SatchelSecret *minisign_pair,
           GError **error)
{
  SatchelBagOrder order = {0};

  g_return_val_if_fail (satchel_is_id (draft->bundle_id), FALSE);
  plan->info = satchel_bag_info_alloc ();
  plan_fields (plan, draft, minisign_pair);
  return plan_recipients (plan, draft, error) && plan_documents (plan, &order, draft, error) &&
         plan_files (plan, &order, draft, error) && plan_tags (plan, minisign_pair, error);
}

static guint64
sealed_size (const SatchelBundleDraft *draft, const Plan *plan)
{
  return satchel_age_header_size (draft->recipient_count, TRUE) +
         satchel_stream_sealed_size (plan->archive_bytes);
}

gboolean
satchel_bundle_size (const SatchelBundleDraft *draft, guint64 *size_bytes, GError **error)
{
  g_auto (Plan) plan = {0};
  /* Any pair will do: keys and signatures all have one length. */
  g_autoptr (SatchelSecret) pair = satchel_minisign_pair_new (error);

  if (pair == NULL || !make_plan (&plan, draft, pair, error))
    return FALSE;
  *size_bytes = sealed_size (draft, &plan);
  return TRUE;
}

static gboolean
begin_member (Composer *self,
              const char *folder,
              const char *name,
              guint64 size_bytes,
              GCancellable *cancellable,
              GError **error)
{
  g_autofree char *path = g_strconcat (folder, name, NULL);

  return satchel_ustar_writer_begin (self->archive, path, size_bytes, cancellable, error);
}

static gboolean
write_bytes (Composer *self,
             const char *folder,
             const char *name,
             GBytes *bytes,
             GCancellable *cancellable,
             GError **error)
{
  gsize size = 0;
  const guint8 *data = document_data (bytes, &size);

  if (!begin_member (self, folder, name, size, cancellable, error) ||
      !satchel_sink_write (satchel_ustar_writer_get_sink (self->archive), data, size, cancellable,
                           error))
    return FALSE;
  self->done_bytes += size;
  return TRUE;
}

static gboolean
write_file (Composer *self,
            const SatchelBundleFile *file,
            GCancellable *cancellable,
            GError **error)
{
  g_auto (SatchelBagTee) tee = {
      .next = satchel_ustar_writer_get_sink (self->archive),
      .limit = file->size_bytes,
      .member = file->name,
      .total_so_far = &self->done_bytes,
      .total = self->plan->archive_bytes,
      .progress = self->progress,
  };
  g_autoptr (GInputStream) content = file->open (file->user_data, error);

  if (content == NULL || !begin_member (self, SATCHEL_BAG_DATA_PREFIX, file->name,
                                        file->size_bytes, cancellable, error))
    return FALSE;
  return satchel_bag_tee_run (&tee, content, file->sha256, "file-hash", cancellable, error);
}

static gboolean
write_padding (Composer *self, GCancellable *cancellable, GError **error)
{
  static const guint8 zeros[SATCHEL_STREAM_CHUNK_SIZE];
  SatchelSink sink = satchel_ustar_writer_get_sink (self->archive);

  if (!begin_member (self, SATCHEL_BAG_TAG_PREFIX, SATCHEL_BAG_PADDING, self->plan->padding_bytes,
                     cancellable, error))
    return FALSE;
  for (guint64 left = self->plan->padding_bytes; left > 0;) {
    gsize part = (gsize) MIN (left, sizeof zeros);
    if (!satchel_sink_write (sink, zeros, part, cancellable, error))
      return FALSE;
    left -= part;
  }
  return satchel_ustar_writer_finish (self->archive, cancellable, error);
}

static gboolean
write_archive (Composer *self, GCancellable *cancellable, GError **error)
{
  const SatchelBundleDraft *draft = self->draft;

  for (guint i = 0; i < SATCHEL_BAG_TAG_COUNT; i++)
    if (!write_bytes (self, SATCHEL_BAG_TAG_PREFIX, satchel_bag_tag_name (i),
                      self->plan->info->tags[i], cancellable, error))
      return FALSE;
  for (guint i = 0; i < draft->record_count + 2; i++) {
    g_autofree char *name = dup_document_name (i);
    if (!write_bytes (self, SATCHEL_BAG_DATA_PREFIX, name, get_document (draft, i), cancellable,
                      error))
      return FALSE;
  }
  for (guint i = 0; i < draft->file_count; i++)
    if (!write_file (self, &draft->files[i], cancellable, error))
      return FALSE;
  if (!write_padding (self, cancellable, error))
    return FALSE;
  if (self->progress.report != NULL)
    self->progress.report (self->plan->archive_bytes, self->plan->archive_bytes,
                           self->progress.user_data);
  return TRUE;
}

static gboolean
seal_archive (Composer *self,
              SatchelSink sink,
              SatchelPool *pool,
              GCancellable *cancellable,
              GError **error)
{
  SatchelAgeRecipient recipients[SATCHEL_AGE_STANZAS_MAX];
  const SatchelBundleDraft *draft = self->draft;

  for (guint i = 0; i < draft->recipient_count; i++)
    recipients[i] = draft->recipients[i].age;
  g_autoptr (SatchelAgeWriter) age = satchel_age_writer_new (
      recipients, draft->recipient_count, TRUE, sink, pool, cancellable, error);
  if (age == NULL)
    return FALSE;
  g_autoptr (SatchelUstarWriter) archive =
      satchel_ustar_writer_new (satchel_age_writer_get_sink (age));
  self->archive = archive;
  gboolean good = write_archive (self, cancellable, error) &&
                  satchel_age_writer_finish (age, cancellable, error);
  self->archive = NULL;
  return good;
}

static void
fill_result (const Plan *plan, SatchelBagTee *tee, SatchelBundleResult *result)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (plan->info->tags[SATCHEL_BAG_TAG_TAGMANIFEST], &size);

  satchel_sha256 (data, size, result->tagmanifest_sha256);
  satchel_sha256_finish (tee->hash, result->age_sha256);
  result->size_bytes = tee->count;
  for (guint i = 0; i < SATCHEL_BAG_TAG_COUNT; i++)
    result->tags[i] = g_bytes_ref (plan->info->tags[i]);
}

gboolean
satchel_bundle_compose (const SatchelBundleDraft *draft,
                        SatchelSecret *minisign_pair,
                        SatchelSink sink,
                        SatchelPool *pool,
                        SatchelProgressReport progress,
                        GCancellable *cancellable,
                        SatchelBundleResult *result,
                        GError **error)
{
  g_auto (Plan) plan = {0};

  if (!make_plan (&plan, draft, minisign_pair, error))
    return FALSE;
  g_auto (SatchelBagTee) tee = {.next = sink, .limit = sealed_size (draft, &plan)};
  Composer composer = {.draft = draft, .plan = &plan, .progress = progress};
  if (!seal_archive (&composer, satchel_bag_tee_get_sink (&tee), pool, cancellable, error))
    return FALSE;
  fill_result (&plan, &tee, result);
  return TRUE;
}
