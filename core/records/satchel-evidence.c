/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-evidence.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "records/satchel-evidence-writer.h"

/* Large enough that sealing can use several threads, small enough to forget. */
#define CHUNK_SIZE (1024 * 1024)

/* Appends all of @stream. */
static gboolean
copy (SatchelEvidenceWriter *writer,
      GInputStream *stream,
      SatchelProgressReport progress,
      GCancellable *cancellable,
      GError **error)
{
  g_autofree guint8 *chunk = g_malloc (CHUNK_SIZE);
  guint64 done = 0;
  gsize size = 0;

  do {
    GError *gio_error = NULL;
    if (!g_input_stream_read_all (stream, chunk, CHUNK_SIZE, &size, cancellable, &gio_error))
      return gio_error->domain == G_IO_ERROR
                 ? satchel_base_take_gio_error (error, gio_error, "read the evidence")
                 : (g_propagate_error (error, gio_error), FALSE);
    if (!satchel_evidence_writer_append (writer, chunk, size, cancellable, error))
      return FALSE;
    done += size;
    if (progress.report != NULL)
      progress.report (done, 0, progress.user_data);
  } while (size == CHUNK_SIZE);
  return TRUE;
}

gboolean
satchel_evidence_attach (SatchelVault *vault,
                         const char *record_id,
                         GInputStream *stream,
                         const SatchelEvidenceSource *source,
                         SatchelProgressReport progress,
                         SatchelEvidence **item,
                         gboolean *was_there,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (SatchelEvidenceWriter) writer =
      satchel_evidence_writer_new (vault, record_id, source, error);

  return writer != NULL && copy (writer, stream, progress, cancellable, error) &&
         satchel_evidence_writer_finish (writer, item, was_there, cancellable, error);
}

/* A stream does not know its end; a file does, and may still grow while it is read. */
typedef struct {
  SatchelProgressReport inner;
  guint64 size_bytes;
} FileProgress;

static void
file_progress_cb (guint64 done_bytes, guint64 total_bytes, gpointer user_data)
{
  FileProgress *self = user_data;

  if (self->inner.report != NULL)
    self->inner.report (done_bytes, MAX (self->size_bytes, done_bytes), self->inner.user_data);
}

/* The file's time of last change, as the local clock shows it. */
static SatchelWhen
file_time (const struct stat *facts)
{
  SatchelWhen when = {
      (gint64) facts->st_mtim.tv_sec * G_USEC_PER_SEC + facts->st_mtim.tv_nsec / 1000, 0,
      SATCHEL_PRECISION_EXACT};
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  gint interval = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, facts->st_mtim.tv_sec);

  if (interval >= 0)
    when.offset_minutes = g_time_zone_get_offset (zone, interval) / 60;
  return when;
}

gboolean
satchel_evidence_attach_file (SatchelVault *vault,
                              const char *record_id,
                              const char *path,
                              const SatchelEvidenceSource *source,
                              SatchelProgressReport progress,
                              SatchelEvidence **item,
                              gboolean *was_there,
                              GCancellable *cancellable,
                              GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  SatchelEvidenceSource own = {.origin = SATCHEL_ORIGIN_UNKNOWN};
  FileProgress whole = {progress, 0};
  g_autoptr (GInputStream) stream = satchel_file_read (path, &whole.size_bytes, error);
  struct stat facts;

  if (stream == NULL)
    return FALSE;
  if (source != NULL)
    own = *source;
  if (stat (path, &facts) != 0)
    return satchel_base_set_errno (error, errno, "ask for the time of the evidence");
  if (own.name == NULL)
    own.name = name;
  if (own.captured.precision == SATCHEL_PRECISION_UNKNOWN) {
    own.captured = file_time (&facts);
    own.clock = SATCHEL_CLOCK_FILE;
  }
  return satchel_evidence_attach (vault, record_id, stream, &own,
                                  (SatchelProgressReport){file_progress_cb, &whole}, item,
                                  was_there, cancellable, error);
}
