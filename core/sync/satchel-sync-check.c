/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/satchel-sync-check.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/satchel-file.h"
#include "base/satchel-hash.h"
#include "base/satchel-text.h"
#include "sync/satchel-inbox-private.h"
#include "sync/satchel-outbox-private.h"

#define PIECE_BYTES (256 * 1024)

/* A folder of sealed files and the table that names them. */
typedef struct {
  const char *folder;
  const char *rows; /* SQL: id, file, size_bytes, sha256 of each that should be there */
  const char *named;
  const char *size;
  gboolean (*is_rowless) (const char *name); /* belongs there without a row */
} Place;

typedef struct {
  SatchelVault *vault;
  SatchelFaultFunc fault;
  gpointer user_data;
  SatchelProgressReport progress;
  guint64 done_bytes;
  guint64 total_bytes;
  GCancellable *cancellable;
} SyncCheck;

static void report (SyncCheck *check,
                    const Place *place,
                    const char *file,
                    const char *format,
                    ...) G_GNUC_PRINTF (4, 5);

static void
report (SyncCheck *check, const Place *place, const char *file, const char *format, ...)
{
  g_autofree char *object = g_strconcat (place->folder, "/", file, NULL);
  va_list args;

  va_start (args, format);
  g_autofree char *fault = g_strdup_vprintf (format, args);
  va_end (args);
  check->fault (object, fault, check->user_data);
}

static gboolean
is_journal (const char *name)
{
  return g_str_equal (name, "journal") || g_str_has_prefix (name, "journal.damaged");
}

/* Also what was being put aside when the power went: its name says no more, and the next fetch
 * meets the bundle again. */
static gboolean
is_download (const char *name)
{
  return satchel_outbox_is_file_name (name);
}

static const Place places[] = {
    {"outbox", "SELECT id, file, size_bytes, sha256 FROM outbox WHERE file IS NOT NULL",
     "SELECT 1 FROM outbox WHERE file = ?1",
     "SELECT sum (size_bytes) FROM outbox WHERE file IS NOT NULL", is_journal},
    {"inbox", "SELECT id, file, size_bytes, sha256 FROM inbox WHERE file IS NOT NULL",
     "SELECT 1 FROM inbox WHERE file = ?1",
     "SELECT sum (size_bytes) FROM inbox WHERE file IS NOT NULL", is_download},
};

/* Hashes the file, which may change its length meanwhile. */
static gboolean
hash (SyncCheck *check, const char *path, guint8 sha256[SATCHEL_SHA256_SIZE], GError **error)
{
  g_autoptr (GInputStream) stream = satchel_file_read (path, NULL, error);
  g_autoptr (SatchelSha256) state = satchel_sha256_new ();
  g_autofree guint8 *piece = g_malloc (PIECE_BYTES);
  gssize got = -1;

  while (stream != NULL &&
         (got = g_input_stream_read (stream, piece, PIECE_BYTES, check->cancellable, error)) > 0) {
    satchel_sha256_update (state, piece, (gsize) got);
    check->done_bytes += (guint64) got;
    if (check->progress.report != NULL)
      check->progress.report (check->done_bytes, check->total_bytes, check->progress.user_data);
  }
  satchel_sha256_finish (state, sha256);
  return got == 0;
}

static gboolean
compare_hash (SyncCheck *check,
              const Place *place,
              const char *path,
              SatchelStatement *row,
              GError **error)
{
  const char *id = satchel_statement_get_text (row, 0);
  const char *file = satchel_statement_get_text (row, 1);
  g_autoptr (GError) local_error = NULL;
  guint8 actual[SATCHEL_SHA256_SIZE];
  gsize size = 0;
  const guint8 *expected = satchel_statement_get_blob (row, 3, &size);

  if (!hash (check, path, actual, &local_error)) {
    if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
    report (check, place, file, "the sealed file of entry %s cannot be read: %s", id,
            local_error->message);
  } else if (size != sizeof actual || memcmp (expected, actual, sizeof actual) != 0)
    report (check, place, file, "the sealed file of entry %s was changed: its SHA-256 is another",
            id);
  return TRUE;
}

/* FALSE only where the check itself cannot go on. */
static gboolean
check_row (SyncCheck *check, const Place *place, SatchelStatement *row, GError **error)
{
  const char *id = satchel_statement_get_text (row, 0);
  const char *file = satchel_statement_get_text (row, 1);
  guint64 expected = (guint64) satchel_statement_get_int (row, 2);
  g_autofree char *path = satchel_sync_path (check->vault, place->folder, file);
  GStatBuf found;

  if (g_lstat (path, &found) != 0)
    report (check, place, file, "the sealed file of entry %s is missing: %s", id,
            g_strerror (errno));
  else if (!S_ISREG (found.st_mode))
    report (check, place, file, "in place of the sealed file of entry %s stands no file", id);
  else if ((guint64) found.st_size != expected)
    report (check, place, file,
            "the sealed file of entry %s has %" G_GUINT64_FORMAT
            " bytes instead of %" G_GUINT64_FORMAT,
            id, (guint64) found.st_size, expected);
  else
    return compare_hash (check, place, path, row, error);
  return TRUE;
}

static gboolean
check_rows (SyncCheck *check, const Place *place, GError **error)
{
  SatchelStatement *rows =
      satchel_db_prepare (satchel_vault_get_db (check->vault), place->rows, error);
  gboolean has_row = FALSE;

  if (rows == NULL)
    return FALSE;
  while (TRUE) {
    if (!satchel_statement_step (rows, &has_row, error))
      return FALSE;
    if (!has_row)
      return TRUE;
    if (g_cancellable_set_error_if_cancelled (check->cancellable, error) ||
        !check_row (check, place, rows, error)) {
      satchel_statement_reset (rows);
      return FALSE;
    }
  }
}

static gboolean
check_names (SyncCheck *check, const Place *place, GError **error)
{
  g_autofree char *path = satchel_sync_path (check->vault, place->folder, NULL);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GDir) dir = g_dir_open (path, 0, &local_error);
  const char *name;

  if (dir == NULL) {
    check->fault (place->folder, local_error->message, check->user_data);
    return TRUE;
  }
  while ((name = g_dir_read_name (dir)) != NULL) {
    gboolean named = FALSE;
    if (place->is_rowless (name))
      continue;
    if (!satchel_sync_has_row (check->vault, place->named, name, &named, error))
      return FALSE;
    if (!named)
      report (check, place, name, "a file or folder that no entry names: it does not belong here");
  }
  return TRUE;
}

static gboolean
add_size (SyncCheck *check, const Place *place, GError **error)
{
  SatchelStatement *statement =
      satchel_db_prepare (satchel_vault_get_db (check->vault), place->size, error);
  gboolean has_row = FALSE;

  if (statement == NULL || !satchel_statement_step (statement, &has_row, error))
    return FALSE;
  check->total_bytes += has_row ? (guint64) satchel_statement_get_int (statement, 0) : 0;
  satchel_statement_reset (statement);
  return TRUE;
}

gboolean
satchel_sync_check (SatchelVault *vault,
                    SatchelFaultFunc fault,
                    gpointer user_data,
                    SatchelProgressReport progress,
                    GCancellable *cancellable,
                    GError **error)
{
  SyncCheck check = {.vault = vault,
                     .fault = fault,
                     .user_data = user_data,
                     .progress = progress,
                     .cancellable = cancellable};

  /* What cannot be swept is found by its name below. */
  satchel_outbox_sweep (vault, NULL);
  satchel_inbox_sweep (vault);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (!add_size (&check, &places[i], error))
      return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (!check_rows (&check, &places[i], error) || !check_names (&check, &places[i], error))
      return FALSE;
  return TRUE;
}
