/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/satchel-evidence-job.h"

#include "base/satchel-file.h"

/* --- Listing --- */

static gpointer
list_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  return satchel_evidence_list (vault, input, error);
}

SatchelSessionJob
satchel_evidence_list_job (const char *record_id)
{
  return (SatchelSessionJob){.run = list_run,
                             .input = g_strdup (record_id),
                             .input_free = g_free,
                             .result_free = (GDestroyNotify) g_ptr_array_unref};
}

/* --- Attaching --- */

SatchelEvidenceOffer *
satchel_evidence_offer_new_file (const char *path)
{
  SatchelEvidenceOffer *self = g_new0 (SatchelEvidenceOffer, 1);

  self->path = g_strdup (path);
  return self;
}

SatchelEvidenceOffer *
satchel_evidence_offer_new_bytes (GBytes *bytes, const char *name)
{
  SatchelEvidenceOffer *self = g_new0 (SatchelEvidenceOffer, 1);

  self->bytes = g_bytes_ref (bytes);
  self->name = g_strdup (name);
  return self;
}

void
satchel_evidence_offer_free (SatchelEvidenceOffer *self)
{
  if (self == NULL)
    return;
  g_free (self->path);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self->name);
  g_free (self);
}

void
satchel_evidence_attached_free (SatchelEvidenceAttached *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self);
}

typedef struct {
  char *record_id;
  SatchelEvidenceOffer *offer;
} Attach;

static void
attach_free (gpointer data)
{
  Attach *self = data;

  g_free (self->record_id);
  satchel_evidence_offer_free (self->offer);
  g_free (self);
}

static gboolean
attach_bytes (SatchelVault *vault,
              const Attach *attach,
              SatchelProgressReport progress,
              SatchelEvidence **item,
              gboolean *was_there,
              GCancellable *cancellable,
              GError **error)
{
  const SatchelEvidenceSource source = {.name = attach->offer->name};
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (attach->offer->bytes);

  return satchel_evidence_attach (vault, attach->record_id, stream, &source, progress, item,
                                  was_there, cancellable, error);
}

static gpointer
attach_run (SatchelVault *vault,
            gpointer input,
            SatchelProgressReport progress,
            GCancellable *cancellable,
            GError **error)
{
  const Attach *attach = input;
  g_autoptr (SatchelEvidence) item = NULL;
  gboolean was_there = FALSE;
  gboolean is_done =
      attach->offer->path != NULL
          ? satchel_evidence_attach_file (vault, attach->record_id, attach->offer->path, NULL,
                                          progress, &item, &was_there, cancellable, error)
          : attach_bytes (vault, attach, progress, &item, &was_there, cancellable, error);

  if (!is_done)
    return NULL;
  SatchelEvidenceAttached *attached = g_new0 (SatchelEvidenceAttached, 1);
  attached->name = g_strdup (item->name);
  attached->was_there = was_there;
  return attached;
}

SatchelSessionJob
satchel_evidence_attach_job (const char *record_id,
                             SatchelEvidenceOffer *offer,
                             SatchelProgressReport progress)
{
  Attach *attach = g_new0 (Attach, 1);

  attach->record_id = g_strdup (record_id);
  attach->offer = offer;
  return (SatchelSessionJob){.run = attach_run,
                             .input = attach,
                             .input_free = attach_free,
                             .result_free = (GDestroyNotify) satchel_evidence_attached_free,
                             .progress = progress,
                             .changes = SATCHEL_CHANGED_EVIDENCE};
}

/* --- Opening --- */

void
satchel_evidence_content_free (SatchelEvidenceContent *self)
{
  if (self == NULL)
    return;
  g_clear_object (&self->stream);
  g_free (self);
}

typedef struct {
  char *item_id;
  gboolean is_noted;
} Open;

static void
open_free (gpointer data)
{
  Open *self = data;

  g_free (self->item_id);
  g_free (self);
}

static gpointer
open_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  const Open *wanted = input;
  g_autoptr (SatchelEvidence) item = satchel_evidence_load (vault, wanted->item_id, error);
  GInputStream *stream = NULL;

  if (item == NULL)
    return NULL;
  stream = wanted->is_noted
               ? satchel_evidence_open (vault, item, SATCHEL_ACTION_VIEWED, cancellable, error)
               : satchel_blob_open (vault, item->blob_id, NULL, cancellable, error);
  if (stream == NULL)
    return NULL;
  SatchelEvidenceContent *content = g_new0 (SatchelEvidenceContent, 1);
  content->stream = stream;
  content->size_bytes = item->size_bytes;
  return content;
}

SatchelSessionJob
satchel_evidence_open_job (const char *item_id, gboolean is_noted)
{
  Open *wanted = g_new0 (Open, 1);

  wanted->item_id = g_strdup (item_id);
  wanted->is_noted = is_noted;
  return (SatchelSessionJob){.run = open_run,
                             .input = wanted,
                             .input_free = open_free,
                             .result_free = (GDestroyNotify) satchel_evidence_content_free};
}

/* --- A copy outside --- */

typedef struct {
  char *item_id;
  char *path;
} Copy;

/* A sink that tells how much went through it. */
typedef struct {
  SatchelSink inner;
  SatchelProgressReport progress;
  guint64 done_bytes;
  guint64 total_bytes;
} Counting;

static gboolean
counting_write_cb (gpointer target,
                   const guint8 *data,
                   gsize size_bytes,
                   GCancellable *cancellable,
                   GError **error)
{
  Counting *self = target;

  if (!satchel_sink_write (self->inner, data, size_bytes, cancellable, error))
    return FALSE;
  self->done_bytes += size_bytes;
  if (self->progress.report != NULL)
    self->progress.report (self->done_bytes, self->total_bytes, self->progress.user_data);
  return TRUE;
}

static void
copy_free (gpointer data)
{
  Copy *self = data;

  g_free (self->item_id);
  g_free (self->path);
  g_free (self);
}

static gpointer
copy_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  Copy *copy = input;
  g_autoptr (SatchelEvidence) item = satchel_evidence_load (vault, copy->item_id, error);
  g_autoptr (GInputStream) stream =
      item != NULL
          ? satchel_evidence_open (vault, item, SATCHEL_ACTION_EXPORTED, cancellable, error)
          : NULL;
  g_autoptr (SatchelNewFile) file =
      stream != NULL ? satchel_new_file_open_outside (copy->path, error) : NULL;

  if (file == NULL)
    return NULL;
  Counting counting = {satchel_new_file_get_sink (file), progress, 0, item->size_bytes};
  const SatchelSink sink = {counting_write_cb, &counting};
  return satchel_sink_splice (sink, stream, item->size_bytes, NULL, cancellable, error) &&
                 satchel_new_file_commit (file, FALSE, error)
             ? copy
             : NULL;
}

SatchelSessionJob
satchel_evidence_copy_job (const char *item_id, const char *path, SatchelProgressReport progress)
{
  Copy *copy = g_new0 (Copy, 1);

  copy->item_id = g_strdup (item_id);
  copy->path = g_strdup (path);
  return (SatchelSessionJob){
      .run = copy_run, .input = copy, .input_free = copy_free, .progress = progress};
}
