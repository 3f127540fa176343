/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/satchel-recorder-job.h"

#include "base/satchel-error.h"
#include "recorder/satchel-microphone.h"
#include "records/satchel-evidence-writer.h"

/* What made it, as the evidence says. */
#define DEVICE "Satchel"

/* What was taken off the tape at once: it can end there. */
typedef struct {
  guint64 end_bytes;
  gint64 end_us;
} Take;

struct _SatchelRecording {
  gatomicrefcount references;
  char *record_id;
  SatchelTape *tape;
  gint64 started_us;
  guint kept_s; /* atomic */
  /* The vault's thread only: */
  SatchelEvidenceWriter *writer; /* NULL before the first job */
  guint64 size_bytes;
  GArray *takes;       /* of Take: those that are not kept */
  GError *fault;       /* why nothing more is taken in */
  gboolean has_failed; /* so that it cannot be finished either */
};

SatchelRecording *
satchel_recording_new (const char *record_id, SatchelTape *tape, gint64 started_us)
{
  SatchelRecording *self = g_new0 (SatchelRecording, 1);

  g_atomic_ref_count_init (&self->references);
  self->record_id = g_strdup (record_id);
  self->tape = satchel_tape_ref (tape);
  self->started_us = started_us;
  self->takes = g_array_new (FALSE, FALSE, sizeof (Take));
  return self;
}

SatchelRecording *
satchel_recording_ref (SatchelRecording *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
satchel_recording_unref (SatchelRecording *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->references))
    return;
  satchel_evidence_writer_free (self->writer);
  g_clear_error (&self->fault);
  g_array_unref (self->takes);
  satchel_tape_unref (self->tape);
  g_free (self->record_id);
  g_free (self);
}

guint
satchel_recording_get_kept_s (SatchelRecording *self)
{
  return g_atomic_int_get (&self->kept_s);
}

void
satchel_recorded_free (SatchelRecorded *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_clear_error (&self->cut);
  g_free (self);
}

char *
satchel_recording_name (gint64 started_us)
{
  g_autoptr (GDateTime) started = g_date_time_new_from_unix_local (started_us / G_USEC_PER_SEC);
  g_autofree char *stamp =
      started != NULL ? g_date_time_format (started, "%Y-%m-%d %H.%M.%S") : g_strdup ("");

  return g_strdup_printf ("Recording %s.ogg", stamp);
}

static gboolean
begin (SatchelRecording *self, SatchelVault *vault, GError **error)
{
  g_autofree char *name = satchel_recording_name (self->started_us);
  SatchelEvidenceSource source = {.name = name,
                                  .captured = satchel_when_now (),
                                  .clock = SATCHEL_CLOCK_DEVICE,
                                  .origin = SATCHEL_ORIGIN_OWN,
                                  .device = DEVICE};

  source.captured.unix_us = self->started_us;
  self->writer = satchel_evidence_writer_new_lasting (vault, self->record_id, &source, error);
  return self->writer != NULL;
}

static gboolean
append (SatchelRecording *self, GError **error)
{
  Take take = {0};
  g_autoptr (GByteArray) taken = satchel_tape_take (self->tape, &take.end_us);

  if (taken == NULL)
    return TRUE;
  if (!satchel_evidence_writer_ask_room (self->writer, taken->len, error))
    return FALSE;
  self->has_failed =
      !satchel_evidence_writer_append (self->writer, taken->data, taken->len, NULL, error);
  if (self->has_failed)
    return FALSE;
  self->size_bytes += taken->len;
  take.end_bytes = self->size_bytes;
  g_array_append_val (self->takes, take);
  return TRUE;
}

/* Up to the last take that is whole in what can be kept. */
static gboolean
keep_part (SatchelRecording *self, GError **error)
{
  guint64 keepable = satchel_evidence_writer_get_keepable (self->writer);
  guint count = 0;

  while (count < self->takes->len &&
         g_array_index (self->takes, Take, count).end_bytes <= keepable)
    count++;
  if (count == 0)
    return TRUE;
  const Take last = g_array_index (self->takes, Take, count - 1);
  self->has_failed = !satchel_evidence_writer_keep (self->writer, last.end_bytes, error);
  if (self->has_failed)
    return FALSE;
  g_array_remove_range (self->takes, 0, count);
  g_atomic_int_set (&self->kept_s, (guint) (last.end_us / G_USEC_PER_SEC));
  return TRUE;
}

/* What found no room is given up: it was said to nobody that it is kept. */
static gboolean
keep (SatchelRecording *self, SatchelVault *vault, GError **error)
{
  if (self->fault == NULL && (self->writer != NULL || begin (self, vault, &self->fault)) &&
      append (self, &self->fault))
    keep_part (self, &self->fault);
  if (self->fault == NULL)
    return TRUE;
  g_propagate_error (error, g_error_copy (self->fault));
  return FALSE;
}

static gpointer
keep_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  return keep (input, vault, error) ? input : NULL;
}

/* Where nothing else is known of it, the microphone did not give its end. */
static GError *
get_cut (SatchelRecording *self, gboolean has_end)
{
  if (self->fault != NULL)
    return g_error_copy (self->fault);
  return has_end ? NULL
                 : g_error_new_literal (SATCHEL_MICROPHONE_ERROR, SATCHEL_MICROPHONE_ERROR_LOST,
                                        "the microphone did not end in time");
}

/* All of it or, where that cannot be, what is kept of it; NULL with the error that is to be told.
 */
static SatchelEvidence *
make_item (SatchelRecording *self, gboolean *is_damaged, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  SatchelEvidence *item = NULL;

  *is_damaged = FALSE;
  if (!self->has_failed &&
      satchel_evidence_writer_finish (self->writer, &item, NULL, NULL, &local_error))
    return item;
  /* What came first is what a person can mend. */
  if (self->fault == NULL)
    self->fault = g_steal_pointer (&local_error);
  if (!satchel_evidence_writer_rescue (self->writer, &item, is_damaged, NULL))
    g_propagate_error (error, g_error_copy (self->fault));
  /* It is not there any more, and will not come. */
  if (item == NULL && *is_damaged)
    g_atomic_int_set (&self->kept_s, 0);
  return item;
}

static gpointer
finish_run (SatchelVault *vault,
            gpointer input,
            SatchelProgressReport progress,
            GCancellable *cancellable,
            GError **error)
{
  SatchelRecording *self = input;
  gboolean has_end = satchel_tape_await_end (self->tape, SATCHEL_MICROPHONE_END_MS);

  if (!keep (self, vault, error) && self->size_bytes == 0)
    return NULL;
  g_clear_error (error);
  if (self->size_bytes == 0) {
    g_set_error_literal (error, SATCHEL_MICROPHONE_ERROR, SATCHEL_MICROPHONE_ERROR_NONE,
                         "nothing was heard");
    return NULL;
  }
  gboolean is_damaged = FALSE;
  g_autoptr (SatchelEvidence) item = make_item (self, &is_damaged, error);
  if (item == NULL)
    return NULL;
  SatchelRecorded *recorded = g_new0 (SatchelRecorded, 1);
  recorded->name = g_steal_pointer (&item->name);
  recorded->is_damaged = is_damaged;
  recorded->cut = get_cut (self, has_end);
  return recorded;
}

static gpointer
discard_run (SatchelVault *vault,
             gpointer input,
             SatchelProgressReport progress,
             GCancellable *cancellable,
             GError **error)
{
  SatchelRecording *self = input;

  if (self->writer != NULL && !satchel_evidence_writer_discard (self->writer, error))
    return NULL;
  g_clear_pointer (&self->writer, satchel_evidence_writer_free);
  return self;
}

static SatchelSessionJob
make_job (SatchelRecording *self, SatchelSessionRun run)
{
  return (SatchelSessionJob){.run = run,
                             .input = satchel_recording_ref (self),
                             .input_free = (GDestroyNotify) satchel_recording_unref,
                             .is_kept = TRUE};
}

SatchelSessionJob
satchel_recording_keep_job (SatchelRecording *self)
{
  return make_job (self, keep_run);
}

SatchelSessionJob
satchel_recording_finish_job (SatchelRecording *self)
{
  SatchelSessionJob job = make_job (self, finish_run);

  job.result_free = (GDestroyNotify) satchel_recorded_free;
  job.changes = SATCHEL_CHANGED_EVIDENCE;
  return job;
}

SatchelSessionJob
satchel_recording_discard_job (SatchelRecording *self)
{
  return make_job (self, discard_run);
}
