/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/satchel-json.h"
#include "records/satchel-record-private.h"

#define COLUMNS                                                                               \
  "r.row, r.id, r.kind, r.kind_version, r.revision, r.hash, r.is_final, r.is_held, r.sender," \
  " r.created_us, r.changed_us, r.when_us, v.line"
#define TABLES \
  " FROM record r JOIN revision v ON v.record = r.row AND v.number = r.revision"
/* Parameters 1 to 3 of a filter; a page is of one kind or of all, so that each can use its index.
 */
#define WITHIN  " WHERE r.row < ?1 AND r.when_us >= ?2 AND r.when_us < ?3"
#define OF_KIND " AND r.kind = ?4"
#define PAGE    " ORDER BY r.row DESC LIMIT ?5"

void
satchel_record_free (SatchelRecord *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->kind);
  g_free (self->sender);
  g_clear_pointer (&self->values, json_object_unref);
  g_free (self);
}

const SatchelKind *
satchel_record_get_kind (const SatchelRecord *self)
{
  const SatchelKinds *kinds = satchel_kinds_get_builtin ();
  const SatchelKind *kind = satchel_kinds_find (kinds, self->kind, NULL);

  return kind != NULL ? kind : satchel_kinds_find (kinds, "note", NULL);
}

static gpointer
read_row (SatchelStatement *row, GError **error)
{
  g_autoptr (SatchelRecord) self = g_new0 (SatchelRecord, 1);
  const char *line = satchel_statement_get_text (row, 12);
  g_autoptr (SatchelRevision) latest = satchel_revision_parse (line, strlen (line), FALSE, error);
  gsize size = 0;
  const guint8 *hash = satchel_statement_get_blob (row, 5, &size);

  if (latest == NULL)
    return NULL;
  if (size != 32) {
    g_set_error_literal (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_DAMAGED,
                         "a stored hash has not 32 bytes");
    return NULL;
  }
  memcpy (self->hash, hash, 32);
  self->row = satchel_statement_get_int (row, 0);
  self->id = g_strdup (satchel_statement_get_text (row, 1));
  self->kind = g_strdup (satchel_statement_get_text (row, 2));
  self->kind_version = (guint) satchel_statement_get_int (row, 3);
  self->revision = (guint) satchel_statement_get_int (row, 4);
  self->is_final = satchel_statement_get_int (row, 6) != 0;
  self->is_held = satchel_statement_get_int (row, 7) != 0;
  self->sender = g_strdup (satchel_statement_get_text (row, 8));
  self->created_us = satchel_statement_get_int (row, 9);
  self->changed_us = satchel_statement_get_int (row, 10);
  self->when_us = satchel_statement_get_int (row, 11);
  self->values = g_steal_pointer (&latest->values);
  return g_steal_pointer (&self);
}

SatchelRecord *
satchel_record_load (SatchelVault *vault, const char *id_or_prefix, GError **error)
{
  g_autofree char *end = NULL;
  SatchelStatement *rows = NULL;

  if (!satchel_id_range (id_or_prefix, "record", &end, error))
    return NULL;
  rows = satchel_db_prepare (satchel_vault_get_db (vault),
                             "SELECT " COLUMNS TABLES " WHERE r.id >= ?1 AND r.id < ?2 LIMIT 2",
                             error);
  if (rows == NULL)
    return NULL;
  satchel_statement_bind_text (rows, 1, id_or_prefix);
  satchel_statement_bind_text (rows, 2, end);
  g_autoptr (GPtrArray) found =
      satchel_statement_list (rows, read_row, (GDestroyNotify) satchel_record_free, error);
  if (found == NULL)
    return NULL;
  if (found->len == 1)
    return g_ptr_array_steal_index (found, 0);
  g_set_error (error, SATCHEL_RECORDS_ERROR,
               found->len == 0 ? SATCHEL_RECORDS_ERROR_NOT_FOUND : SATCHEL_RECORDS_ERROR_AMBIGUOUS,
               found->len == 0 ? "no record %s" : "several records begin with %s", id_or_prefix);
  return NULL;
}

static void
bind_filter (SatchelStatement *rows, const SatchelRecordFilter *filter)
{
  gint64 before = filter->before_row != 0 ? filter->before_row : G_MAXINT64;
  gint64 since = filter->since_us != 0 ? filter->since_us : G_MININT64;
  gint64 until = filter->until_us != 0 ? filter->until_us : G_MAXINT64;

  satchel_statement_bind_int (rows, 1, before);
  satchel_statement_bind_int (rows, 2, since);
  satchel_statement_bind_int (rows, 3, until);
  if (filter->kind != NULL)
    satchel_statement_bind_text (rows, 4, filter->kind);
}

GPtrArray *
satchel_record_list (SatchelVault *vault, const SatchelRecordFilter *filter, GError **error)
{
  static const SatchelRecordFilter all = {0};
  SatchelDb *db = satchel_vault_get_db (vault);
  SatchelStatement *rows = NULL;

  filter = filter != NULL ? filter : &all;
  rows = filter->kind == NULL
             ? satchel_db_prepare (db, "SELECT " COLUMNS TABLES WITHIN PAGE, error)
             : satchel_db_prepare (db, "SELECT " COLUMNS TABLES WITHIN OF_KIND PAGE, error);
  if (rows == NULL)
    return NULL;
  bind_filter (rows, filter);
  satchel_statement_bind_int (rows, 5, filter->limit != 0 ? (gint64) filter->limit : -1);
  return satchel_statement_list (rows, read_row, (GDestroyNotify) satchel_record_free, error);
}

static int
compare_newest_first (gconstpointer a, gconstpointer b)
{
  gint64 left = *(const gint64 *) a;
  gint64 right = *(const gint64 *) b;

  return (left < right) - (left > right);
}

static GArray *
list_newest_rows (SatchelDb *db, guint limit, GError **error)
{
  SatchelStatement *rows =
      satchel_db_prepare (db, "SELECT row FROM record ORDER BY row DESC LIMIT ?", error);

  if (rows == NULL)
    return NULL;
  satchel_statement_bind_int (rows, 1, limit);
  return satchel_statement_list_ints (rows, error);
}

/* No fewer than there are: what was erased has had its row, too. */
static gboolean
count_rows_ever (SatchelDb *db, guint *count, GError **error)
{
  gboolean has_row = FALSE;
  SatchelStatement *last = satchel_db_prepare (db, "SELECT max(row) FROM record", error);

  if (last == NULL || !satchel_statement_step (last, &has_row, error))
    return FALSE;
  *count = (guint) CLAMP (satchel_statement_get_int (last, 0), 0, G_MAXINT / 8);
  satchel_statement_reset (last);
  return TRUE;
}

static gboolean
is_newest_first (GArray *rows)
{
  for (guint i = 1; i < rows->len; i++)
    if (g_array_index (rows, gint64, i - 1) < g_array_index (rows, gint64, i))
      return FALSE;
  return TRUE;
}

GArray *
satchel_record_list_rows (SatchelVault *vault, guint limit, GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  gboolean has_row = FALSE;
  guint count = 0;

  if (limit > 0)
    return list_newest_rows (db, limit, error);
  /* An index has the rows in a tenth of the pages that their table takes; it has them by kind. */
  SatchelStatement *rows = satchel_db_prepare (
      db, "SELECT row FROM record INDEXED BY record_by_kind ORDER BY kind DESC, row DESC", error);
  if (rows == NULL || !count_rows_ever (db, &count, error))
    return NULL;
  g_autoptr (GArray) list = g_array_sized_new (FALSE, FALSE, sizeof (gint64), count);
  while (satchel_statement_step (rows, &has_row, error)) {
    if (!has_row) {
      if (!is_newest_first (list))
        g_array_sort (list, compare_newest_first);
      return g_steal_pointer (&list);
    }
    gint64 row = satchel_statement_get_int (rows, 0);
    g_array_append_val (list, row);
  }
  return NULL;
}

gboolean
satchel_record_count (SatchelVault *vault,
                      const SatchelRecordFilter *filter,
                      guint64 *count,
                      GError **error)
{
  static const SatchelRecordFilter all = {0};
  SatchelDb *db = satchel_vault_get_db (vault);
  SatchelStatement *rows = NULL;
  gboolean has_row = FALSE;

  filter = filter != NULL ? filter : &all;
  rows = filter->kind == NULL
             ? satchel_db_prepare (db, "SELECT count(*) FROM record r" WITHIN, error)
             : satchel_db_prepare (db, "SELECT count(*) FROM record r" WITHIN OF_KIND, error);
  if (rows == NULL)
    return FALSE;
  bind_filter (rows, filter);
  if (!satchel_statement_step (rows, &has_row, error))
    return FALSE;
  *count = (guint64) satchel_statement_get_int (rows, 0);
  satchel_statement_reset (rows);
  return TRUE;
}
