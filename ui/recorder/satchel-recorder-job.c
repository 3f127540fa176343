/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder/satchel-recorder-job.h"

#include "base/satchel-error.h"
#include "recorder/satchel-microphone.h"
#include "records/satchel-evidence-writer.h"

/* What made it, as the evidence says. */
#define DEVICE "Satchel"

struct _SatchelRecording {
  gatomicrefcount references;
  char *record_id;
  SatchelTape *tape;
  gint64 started_us;
  /* The vault's thread only: */
  SatchelEvidenceWriter *writer; /* NULL before the first job, and where it has failed */
  GError *fault;                 /* why nothing more is taken in */
  gboolean has_sound;
};

SatchelRecording *
satchel_recording_new (const char *record_id, SatchelTape *tape, gint64 started_us)
{
  SatchelRecording *self = g_new0 (SatchelRecording, 1);

  g_atomic_ref_count_init (&self->references);
  self->record_id = g_strdup (record_id);
  self->tape = satchel_tape_ref (tape);
  self->started_us = started_us;
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
  satchel_tape_unref (self->tape);
  g_free (self->record_id);
  g_free (self);
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
  self->writer = satchel_evidence_writer_new (vault, self->record_id, &source, error);
  return self->writer != NULL;
}

static gboolean
append (SatchelRecording *self, GError **error)
{
  g_autoptr (GByteArray) taken = satchel_tape_take (self->tape);

  if (taken == NULL)
    return TRUE;
  if (!satchel_evidence_writer_ask_room (self->writer, taken->len, error))
    return FALSE;
  if (!satchel_evidence_writer_append (self->writer, taken->data, taken->len, NULL, error)) {
    g_clear_pointer (&self->writer, satchel_evidence_writer_free);
    return FALSE;
  }
  self->has_sound = TRUE;
  return TRUE;
}

/* What found no room is given up: it was said to nobody that it is kept. */
static gboolean
keep (SatchelRecording *self, SatchelVault *vault, GError **error)
{
  if (self->fault == NULL && (self->writer != NULL || begin (self, vault, &self->fault)))
    append (self, &self->fault);
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

static gpointer
finish_run (SatchelVault *vault,
            gpointer input,
            SatchelProgressReport progress,
            GCancellable *cancellable,
            GError **error)
{
  SatchelRecording *self = input;
  g_autoptr (SatchelEvidence) item = NULL;
  gboolean has_end = satchel_tape_await_end (self->tape, SATCHEL_MICROPHONE_END_MS);

  if (!keep (self, vault, error) && (self->writer == NULL || !self->has_sound))
    return NULL;
  g_clear_error (error);
  if (!self->has_sound) {
    g_set_error_literal (error, SATCHEL_MICROPHONE_ERROR, SATCHEL_MICROPHONE_ERROR_NONE,
                         "nothing was heard");
    return NULL;
  }
  if (!satchel_evidence_writer_finish (self->writer, &item, NULL, NULL, error))
    return NULL;
  SatchelRecorded *recorded = g_new0 (SatchelRecorded, 1);
  recorded->name = g_steal_pointer (&item->name);
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
