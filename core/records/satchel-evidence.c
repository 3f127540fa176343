/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-evidence.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-text.h"
#include "records/satchel-evidence-private.h"
#include "records/satchel-ledger-private.h"
#include "records/satchel-record-private.h"

/* Large enough that sealing can use several threads, small enough to forget. */
#define CHUNK_SIZE (1024 * 1024)
#define SNIFF_SIZE 4096

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
  item->imported = satchel_when_now ();
  item->origin = source->origin;
  item->from = g_strdup (source->from);
  item->device = g_strdup (source->device);
  item->url = g_strdup (source->url);
  item->original = g_strdup (source->original);
  return item;
}

/* Copies all of @stream into @sink; the first bytes tell the item's type. */
static gboolean
copy (SatchelEvidence *item,
      GInputStream *stream,
      SatchelSink sink,
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
    if (item->type == NULL)
      item->type = satchel_evidence_guess_type (item->name, chunk, MIN (size, SNIFF_SIZE));
    if (!satchel_sink_write (sink, chunk, size, cancellable, error))
      return FALSE;
    done += size;
    if (progress.report != NULL)
      progress.report (done, 0, progress.user_data);
  } while (size == CHUNK_SIZE);
  return TRUE;
}

/* Blob row, item row, names to search for and ledger, all or nothing. */
static gboolean
store (SatchelVault *vault,
       SatchelEvidence *item,
       SatchelBlobWriter *writer,
       gboolean *was_there,
       GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  g_autoptr (SatchelTransaction) transaction = satchel_transaction_begin (db, error);
  g_autoptr (SatchelRecord) record =
      transaction != NULL ? satchel_record_load (vault, item->record_id, error) : NULL;
  g_autoptr (JsonObject) detail = satchel_ledger_detail_text ("record", item->record_id);

  if (record == NULL || !satchel_blob_writer_store (writer, &item->blob_id, was_there, error))
    return FALSE;
  satchel_evidence_compose (item);
  return satchel_evidence_insert (db, record->row, item, error) &&
         satchel_record_index_put (vault, record->row, satchel_record_get_kind (record),
                                   record->values, NULL, error) &&
         satchel_ledger_append (vault, SATCHEL_ACTION_ATTACHED, item->id, item->hash, detail,
                                error) &&
         satchel_transaction_commit (transaction, error);
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
  g_autoptr (SatchelBlobWriter) writer = NULL;
  g_autoptr (SatchelEvidence) made = NULL;
  gboolean known = FALSE;

  if (!check_source (source, error) || !check_record (vault, record_id, error))
    return FALSE;
  writer = satchel_blob_writer_new (vault, error);
  if (writer == NULL)
    return FALSE;
  made = describe (record_id, source);
  if (!copy (made, stream, satchel_blob_writer_get_sink (writer), progress, cancellable, error) ||
      !satchel_blob_writer_finish (writer, made->sha256, &made->size_bytes, cancellable, error) ||
      !store (vault, made, writer, &known, error))
    return FALSE;
  if (item != NULL)
    *item = g_steal_pointer (&made);
  if (was_there != NULL)
    *was_there = known;
  return TRUE;
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
