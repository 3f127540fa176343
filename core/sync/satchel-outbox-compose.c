/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-text.h"
#include "base/satchel-time.h"
#include "records/satchel-record-json.h"
#include "sync/satchel-origin.h"
#include "sync/satchel-outbox-private.h"

/* One file of the bundle below data/, and where its bytes are. */
typedef struct {
  SatchelVault *vault;
  char *blob_id; /* of evidence, else NULL */
  GBytes *text;  /* of a receipt or origin, else NULL */
} Source;

/* Everything a draft borrows. */
typedef struct {
  SatchelVault *vault;
  const SatchelSealing *sealing;
  SatchelIdentity *identity;
  SatchelIndex *index;
  GPtrArray *documents; /* of GBytes */
  GPtrArray *objects;   /* of char *: what the custody slice is about */
  GArray *files;        /* of SatchelBundleFile */
  GPtrArray *sources;   /* of Source, beside @files */
  GArray *recipients;   /* of SatchelBagRecipient */
  GByteArray *custody;
} Work;

static void
source_free (gpointer data)
{
  Source *self = data;

  g_free (self->blob_id);
  g_clear_pointer (&self->text, g_bytes_unref);
  g_free (self);
}

static Work *
work_new (SatchelVault *vault, const SatchelSealing *sealing)
{
  Work *self = g_new0 (Work, 1);

  self->vault = vault;
  self->sealing = sealing;
  self->documents = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->objects = g_ptr_array_new_with_free_func (g_free);
  self->files = g_array_new (FALSE, TRUE, sizeof (SatchelBundleFile));
  self->sources = g_ptr_array_new_with_free_func (source_free);
  self->recipients = g_array_new (FALSE, TRUE, sizeof (SatchelBagRecipient));
  self->custody = g_byte_array_new ();
  return self;
}

static void
work_free (Work *self)
{
  satchel_identity_free (self->identity);
  satchel_index_free (self->index);
  g_ptr_array_unref (self->documents);
  g_ptr_array_unref (self->objects);
  g_array_unref (self->files);
  g_ptr_array_unref (self->sources);
  g_array_unref (self->recipients);
  g_byte_array_unref (self->custody);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Work, work_free)

static GInputStream *
open_source_cb (gpointer user_data, GError **error)
{
  Source *source = user_data;
  guint64 size;

  if (source->text != NULL)
    return g_memory_input_stream_new_from_bytes (source->text);
  return satchel_blob_open (source->vault, source->blob_id, &size, NULL, error);
}

static void
add_file (Work *self, const char *name, guint64 size, const guint8 sha256[32], Source *source)
{
  SatchelBundleFile file = {.size_bytes = size, .open = open_source_cb, .user_data = source};

  g_strlcpy (file.name, name, sizeof file.name);
  memcpy (file.sha256, sha256, sizeof file.sha256);
  source->vault = self->vault;
  g_ptr_array_add (self->sources, source);
  g_array_append_val (self->files, file);
}

static void
add_item (Work *self, const SatchelEvidence *item)
{
  g_autofree char *name = satchel_index_name_file (self->index->items->len + 1, item->name);
  Source *source = g_new0 (Source, 1);

  source->blob_id = g_strdup (item->blob_id);
  satchel_index_add_item (self->index, name, item->id, item->name);
  g_ptr_array_add (self->objects, g_strdup (item->id));
  add_file (self, name, item->size_bytes, item->sha256, source);
}

static gboolean
add_record (Work *self, const char *id, GError **error)
{
  g_autoptr (GPtrArray) items = satchel_evidence_list (self->vault, id, error);
  gsize size = 0;
  char *json;

  if (items == NULL)
    return FALSE;
  json = satchel_record_to_json (self->vault, id, &size, error);
  if (json == NULL)
    return FALSE;
  g_ptr_array_add (self->documents, g_bytes_new_take (json, size));
  g_ptr_array_add (self->objects, g_strdup (id));
  for (guint i = 0; i < items->len; i++)
    add_item (self, g_ptr_array_index (items, i));
  return TRUE;
}

static void
add_text (Work *self, const char *name, GBytes *text)
{
  Source *source = g_new0 (Source, 1);
  guint8 sha256[32];
  gsize size;
  const guint8 *data = g_bytes_get_data (text, &size);

  source->text = g_bytes_ref (text);
  satchel_sha256 (data, size, sha256);
  add_file (self, name, size, sha256, source);
}

static void
add_receipt (Work *self, guint number, const char *text)
{
  g_autofree char *name = g_strdup_printf ("receipt-%04u.txt", number);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  add_text (self, name, bytes);
}

/* Received records go on with what their first signer signed. */
static gboolean
add_origins (Work *self, GPtrArray *records, GError **error)
{
  g_autoptr (GPtrArray) files = satchel_origins_collect (self->vault, records, error);

  for (guint i = 0; files != NULL && i < files->len; i++) {
    const SatchelOriginFile *file = g_ptr_array_index (files, i);
    add_text (self, file->name, file->content);
  }
  return files != NULL;
}

static gboolean
gather_contents (Work *self, GError **error)
{
  const SatchelSealing *sealing = self->sealing;

  self->index = satchel_index_new (sealing->kind, self->identity->card);
  if (sealing->mac != NULL) {
    memcpy (self->index->mac, sealing->mac, sizeof self->index->mac);
    self->index->token = g_strdup (sealing->token);
    self->index->proof = *sealing->proof;
  }
  for (guint i = 0; sealing->records != NULL && i < sealing->records->len; i++)
    if (!add_record (self, g_ptr_array_index (sealing->records, i), error))
      return FALSE;
  if (sealing->records != NULL && !add_origins (self, sealing->records, error))
    return FALSE;
  for (guint i = 0; sealing->receipts != NULL && i < sealing->receipts->len; i++)
    add_receipt (self, i + 1, g_ptr_array_index (sealing->receipts, i));
  return self->objects->len == 0 ||
         satchel_ledger_write_slice (self->vault, self->objects,
                                     satchel_sink_to_byte_array (self->custody), NULL, error);
}

static gboolean
number_recipients (Work *self, guint64 epoch, GError **error)
{
  for (guint i = 0; i < self->sealing->recipients->len; i++) {
    const SatchelCard *card = g_ptr_array_index (self->sealing->recipients, i);
    SatchelBagRecipient recipient = {0};
    if (!satchel_outbox_number (self->vault, &card->keys.age, epoch, &recipient, error))
      return FALSE;
    g_array_append_val (self->recipients, recipient);
  }
  return TRUE;
}

static gboolean
compose_file (Work *self,
              SatchelBundleDraft *draft,
              const char *path,
              SatchelProgressReport progress,
              GCancellable *cancellable,
              SatchelBundleResult *result,
              GError **error)
{
  g_autoptr (SatchelNewFile) file = satchel_new_file_open (path, error);

  return file != NULL &&
         satchel_bundle_compose (draft, self->identity->minisign,
                                 satchel_new_file_get_sink (file),
                                 satchel_vault_get_pool (self->vault), progress, cancellable,
                                 result, error) &&
         satchel_new_file_commit (file, FALSE, error);
}

static gboolean
commit_rows (Work *self, const SatchelComposed *composed, GError **error)
{
  SatchelDb *db = satchel_vault_get_db (self->vault);
  g_autoptr (SatchelTransaction) transaction = satchel_transaction_begin (db, error);
  const SatchelSealing *sealing = self->sealing;

  return transaction != NULL &&
         satchel_outbox_insert (self->vault, sealing, composed, error) &&
         (sealing->also == NULL ||
          sealing->also (self->vault, composed->id, sealing->also_data, error)) &&
         satchel_transaction_commit (transaction, error);
}

static void
fill_draft (Work *self, SatchelBundleDraft *draft, GBytes *index, GBytes *custody)
{
  draft->sender_age = self->identity->card->keys.age;
  draft->bagged_unix_us = satchel_now_us ();
  draft->recipients = (const SatchelBagRecipient *) (void *) self->recipients->data;
  draft->recipient_count = self->recipients->len;
  draft->index = index;
  draft->custody = custody;
  draft->records = (GBytes *const *) self->documents->pdata;
  draft->record_count = self->documents->len;
  draft->files = (const SatchelBundleFile *) (void *) self->files->data;
  draft->file_count = self->files->len;
}

/* Gathers everything that does not depend on who the recipients are. */
static gboolean
begin (Work *self, SatchelBundleDraft *draft, GError **error)
{
  self->identity = satchel_identity_load (self->vault, error);
  return self->identity != NULL && satchel_outbox_sweep (self->vault, error) &&
         satchel_outbox_get_epoch (self->vault, &draft->epoch, error) &&
         gather_contents (self, error) &&
         satchel_ledger_get_head (self->vault, &draft->ledger_sequence, draft->ledger_head, error);
}

char *
satchel_outbox_compose (SatchelVault *vault,
                        const SatchelSealing *sealing,
                        SatchelProgressReport progress,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (Work) work = work_new (vault, sealing);
  g_autofree char *id = satchel_random_id (), *bundle_id = satchel_random_id ();
  g_autofree char *random = satchel_random_id (), *file = g_strconcat (random, ".age", NULL);
  g_autofree char *path = satchel_sync_path (vault, "outbox", file);
  g_autoptr (GBytes) index = NULL, custody = NULL;
  g_auto (SatchelBundleResult) result = {0};
  SatchelBundleDraft draft = {.bundle_id = bundle_id};
  SatchelComposed composed = {.id = id, .bundle_id = bundle_id, .file = file, .result = &result};

  if (!begin (work, &draft, error) || !number_recipients (work, draft.epoch, error))
    return NULL;
  index = satchel_index_to_json (work->index);
  custody = g_bytes_new (work->custody->data, work->custody->len);
  fill_draft (work, &draft, index, custody);
  if (!compose_file (work, &draft, path, progress, cancellable, &result, error))
    return NULL;
  composed.epoch = draft.epoch;
  composed.recipients = draft.recipients;
  composed.index = index;
  composed.custody = custody;
  composed.documents = work->documents;
  if (!commit_rows (work, &composed, error)) {
    satchel_file_remove (path, NULL);
    return NULL;
  }
  return g_steal_pointer (&id);
}

gboolean
satchel_outbox_compose_own (SatchelVault *vault,
                            GPtrArray *ids,
                            const char *path,
                            SatchelProgressReport progress,
                            GCancellable *cancellable,
                            GError **error)
{
  const SatchelSealing sealing = {.kind = SATCHEL_OUTBOX_KIND_RECORDS, .records = ids};
  g_autoptr (Work) work = work_new (vault, &sealing);
  g_autofree char *bundle_id = satchel_random_id ();
  g_autoptr (GBytes) index = NULL, custody = NULL;
  g_auto (SatchelBundleResult) result = {0};
  SatchelBundleDraft draft = {.bundle_id = bundle_id};
  /* It is sent to nobody: a number of its own would leave a gap that a reader asks about. */
  SatchelBagRecipient own = {.number = 1};

  if (!begin (work, &draft, error))
    return FALSE;
  own.age = work->identity->card->keys.age;
  g_array_append_val (work->recipients, own);
  index = satchel_index_to_json (work->index);
  custody = g_bytes_new (work->custody->data, work->custody->len);
  fill_draft (work, &draft, index, custody);
  return compose_file (work, &draft, path, progress, cancellable, &result, error);
}
