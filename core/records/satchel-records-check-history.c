/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "records/satchel-record-private.h"
#include "records/satchel-records-check-private.h"

#define PROGRESS_EVERY 1024

/* The record whose revisions are being read. */
typedef struct {
  const SatchelRecordsCheck *check;
  char *id;
  SatchelRevision *before; /* the last that could be read; nullable */
  gboolean has_latest;     /* the one that the record's row names was there */
} History;

/* Takes each row of @rows (one text) out of @expected; whether they were the same. */
static gboolean
compare_lines (SatchelStatement *rows, GHashTable *expected, gboolean *same, GError **error)
{
  gboolean has_row = FALSE;

  *same = TRUE;
  while (satchel_statement_step (rows, &has_row, error)) {
    if (!has_row) {
      *same = *same && g_hash_table_size (expected) == 0;
      return TRUE;
    }
    if (!g_hash_table_remove (expected, satchel_statement_get_text (rows, 0)))
      *same = FALSE;
  }
  return FALSE;
}

static GHashTable *
new_lines (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static gboolean
check_links (History *history, gint64 row, const SatchelKind *kind, GError **error)
{
  g_autoptr (GPtrArray) links = satchel_fields_list_links (kind, history->before->values);
  g_autoptr (GHashTable) expected = new_lines ();
  gboolean same = FALSE;
  SatchelStatement *rows = satchel_db_prepare (
      satchel_vault_get_db (history->check->vault),
      "SELECT path || '=' || target FROM record_link WHERE record = ?", error);

  for (guint i = 0; i < links->len; i++) {
    const SatchelFieldLink *link = links->pdata[i];
    g_hash_table_add (expected, g_strdup_printf ("%s=%s", link->path, link->id));
  }
  if (rows == NULL)
    return FALSE;
  satchel_statement_bind_int (rows, 1, row);
  if (!compare_lines (rows, expected, &same, error))
    return FALSE;
  if (!same)
    satchel_records_check_report (history->check, history->id,
                                  "has other links in the index: rebuild the index");
  return TRUE;
}

static gboolean
check_deadlines (History *history, gint64 row, const SatchelKind *kind, GError **error)
{
  g_autoptr (GPtrArray) deadlines =
      satchel_fields_list_deadlines (kind, history->before->values, NULL);
  g_autoptr (GHashTable) expected = new_lines ();
  gboolean same = FALSE;
  SatchelStatement *rows = satchel_db_prepare (
      satchel_vault_get_db (history->check->vault),
      "SELECT path || '=' || ifnull(at_us, '?') FROM record_deadline WHERE record = ?", error);

  for (guint i = 0; i < deadlines->len; i++) {
    const SatchelFieldDeadline *deadline = deadlines->pdata[i];
    g_hash_table_add (expected, deadline->when.precision == SATCHEL_PRECISION_UNKNOWN
                                    ? g_strdup_printf ("%s=?", deadline->path)
                                    : g_strdup_printf ("%s=%" G_GINT64_FORMAT, deadline->path,
                                                       deadline->when.unix_us));
  }
  if (rows == NULL)
    return FALSE;
  satchel_statement_bind_int (rows, 1, row);
  if (!compare_lines (rows, expected, &same, error))
    return FALSE;
  if (!same)
    satchel_records_check_report (history->check, history->id,
                                  "has other deadlines in the index: rebuild the index");
  return TRUE;
}

/* What follows from the latest revision, whose hash was checked. Columns as in check_histories. */
static gboolean
check_latest (History *history, SatchelStatement *row, GError **error)
{
  gint64 number = satchel_statement_get_int (row, 3);
  const SatchelRecord record = {.kind = (char *) satchel_statement_get_text (row, 7)};
  const SatchelKind *kind = satchel_record_get_kind (&record);
  gsize size = 0;
  const guint8 *hash = satchel_statement_get_blob (row, 4, &size);

  if ((gint64) history->before->number != number || size != 32 ||
      memcmp (hash, history->before->hash, 32) != 0)
    return TRUE;
  history->has_latest = TRUE;
  if (satchel_statement_get_int (row, 6) !=
      satchel_record_find_when (kind, history->before->values, satchel_statement_get_int (row, 5)))
    satchel_records_check_report (history->check, history->id,
                                  "is listed under another time than it says");
  return check_links (history, satchel_statement_get_int (row, 8), kind, error) &&
         check_deadlines (history, satchel_statement_get_int (row, 8), kind, error);
}

static void
end_record (History *history)
{
  if (history->id != NULL && !history->has_latest)
    satchel_records_check_report (history->check, history->id,
                                  "has another latest revision than its row says");
  g_clear_pointer (&history->before, satchel_revision_free);
  g_clear_pointer (&history->id, g_free);
  history->has_latest = FALSE;
}

static gboolean
check_revision (History *history, SatchelStatement *row, GError **error)
{
  const char *line = satchel_statement_get_text (row, 1);
  gsize size = 0;
  const guint8 *hash = satchel_statement_get_blob (row, 2, &size);
  SatchelRevision *revision =
      line != NULL ? satchel_revision_parse (line, strlen (line), TRUE, NULL) : NULL;
  gboolean good = revision != NULL && size == 32 && memcmp (hash, revision->hash, 32) == 0 &&
                  g_str_equal (revision->record, history->id);

  if (!good)
    satchel_records_check_report (history->check, history->id,
                                  "has a revision that is not the one its hash says");
  else if (!satchel_revision_follows (revision, history->before))
    satchel_records_check_report (history->check, history->id,
                                  "has a revision that does not continue the one before");
  else if (revision->number > (guint) satchel_statement_get_int (row, 3))
    satchel_records_check_report (history->check, history->id,
                                  "has a later revision than its row says");
  g_clear_pointer (&history->before, satchel_revision_free);
  history->before = revision;
  return !good || check_latest (history, row, error);
}

/* The revisions' number, as far as it is told at all. */
static gboolean
count_revisions (const SatchelRecordsCheck *check, guint64 *count, GError **error)
{
  gboolean has_row = FALSE;
  SatchelStatement *row = satchel_db_prepare (satchel_vault_get_db (check->vault),
                                              "SELECT count(*) FROM revision", error);

  if (row == NULL || !satchel_statement_step (row, &has_row, error))
    return FALSE;
  *count = has_row ? (guint64) satchel_statement_get_int (row, 0) : 0;
  satchel_statement_reset (row);
  return TRUE;
}

static gboolean
check_histories (History *history, guint64 total, GError **error)
{
  const SatchelRecordsCheck *check = history->check;
  gboolean has_row = FALSE;
  SatchelStatement *rows = satchel_db_prepare (
      satchel_vault_get_db (check->vault),
      "SELECT r.id, v.line, v.hash, r.revision, r.hash, r.created_us, r.when_us, r.kind, r.row"
      " FROM record r LEFT JOIN revision v ON v.record = r.row ORDER BY r.row, v.number",
      error);

  if (rows == NULL)
    return FALSE;
  for (guint64 done = 1; satchel_statement_step (rows, &has_row, error); done++) {
    const char *id = has_row ? satchel_statement_get_text (rows, 0) : NULL;
    if (g_strcmp0 (id, history->id) != 0) {
      end_record (history);
      history->id = g_strdup (id);
    }
    if (!has_row)
      return TRUE;
    if (check->progress.report != NULL && done % PROGRESS_EVERY == 0)
      check->progress.report (done, total, check->progress.user_data);
    if (!check_revision (history, rows, error) ||
        g_cancellable_set_error_if_cancelled (check->cancellable, error)) {
      satchel_statement_reset (rows);
      return FALSE;
    }
  }
  return FALSE;
}

gboolean
satchel_records_check_histories (const SatchelRecordsCheck *check, GError **error)
{
  History history = {.check = check};
  guint64 total = 0;
  gboolean done =
      count_revisions (check, &total, error) && check_histories (&history, total, error);

  g_clear_pointer (&history.before, satchel_revision_free);
  g_clear_pointer (&history.id, g_free);
  return done;
}
