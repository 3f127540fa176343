/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "legal/satchel-received.h"

#include <string.h>

#include "records/satchel-ledger.h"
#include "records/satchel-search.h"

#define WORDS_LIMIT 1000

/* A key is a row's number and what it is. */
#define KEY_STEP 4

/* The beginning of a *verified* entry's line, and of one that found a fault. Members of a line
 * stand in a fixed order, and quotes inside of texts are escaped. */
#define VERIFIED "'%\"action\":\"verified\",\"object\":\"%'"
#define BROKEN   "'%\"action\":\"verified\",\"object\":\"%\"detail\":{\"holds\":false,%'"

void
satchel_received_free (SatchelReceived *self)
{
  if (self == NULL)
    return;
  g_free (self->bundle_id);
  satchel_record_free (self->record);
  satchel_evidence_free (self->item);
  satchel_inbox_entry_free (self->entry);
  g_free (self);
}

const char *
satchel_received_get_id (const SatchelReceived *self)
{
  return self->what == SATCHEL_RECEIVED_ASIDE      ? self->entry->id
         : self->what == SATCHEL_RECEIVED_EVIDENCE ? self->item->id
                                                   : self->record->id;
}

/* --- Keys --- */

#define RECORDS                                                                        \
  "SELECT row * 4 AS key, id AS object, row AS record,"                                \
  " (SELECT min (imported_us) FROM received_record WHERE record = record.row) AS came" \
  " FROM record WHERE sender IS NOT NULL"
#define EVIDENCE                                                                               \
  " UNION ALL SELECT evidence.row * 4 + 1, evidence.id, record.row,"                           \
  " (SELECT min (imported_us) FROM received_record WHERE received_record.record = record.row)" \
  " FROM evidence JOIN record ON record.row = evidence.record WHERE record.sender IS NOT NULL"
#define ASIDE                                                                   \
  "SELECT rowid * 4 + 2 AS key, id AS object, 0 AS record, received_us AS came" \
  " FROM inbox WHERE outcome <> 0 AND reason <> 1"
#define LIST(what) \
  "SELECT key, object, record FROM (" what ") ORDER BY came DESC, record DESC, key % 4, key"

/* By SatchelStanding, and all. */
static const char *const LISTS[] = {
    [SATCHEL_STANDING_HOLDS] = LIST (RECORDS EVIDENCE),
    [SATCHEL_STANDING_BROKEN] = LIST (RECORDS EVIDENCE),
    [SATCHEL_STANDING_ASIDE] = LIST (ASIDE),
    [SATCHEL_STANDING_ASIDE + 1] = LIST (RECORDS EVIDENCE " UNION ALL " ASIDE),
};

/* Ids of those whose last check found a fault. */
static GHashTable *
find_broken (SatchelDb *db, GError **error)
{
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  SatchelStatement *rows = satchel_db_prepare (
      db,
      "SELECT object FROM ledger AS one WHERE line LIKE " BROKEN
      " AND NOT EXISTS (SELECT 1 FROM ledger AS later WHERE later.object = one.object"
      " AND later.sequence > one.sequence AND later.line LIKE " VERIFIED ")",
      error);
  gboolean has_row = FALSE;

  if (rows == NULL)
    return NULL;
  while (satchel_statement_step (rows, &has_row, error)) {
    if (!has_row)
      return g_steal_pointer (&ids);
    g_hash_table_add (ids, g_strdup (satchel_statement_get_text (rows, 0)));
  }
  return NULL;
}

/* Rows of the records that the words are in, as a set; *@rows is NULL where there are no words. */
static gboolean
find_records (SatchelVault *vault, const char *words, GHashTable **rows, GError **error)
{
  g_autoptr (GHashTable) found = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (GPtrArray) hits = NULL;

  *rows = NULL;
  if (words == NULL || *words == '\0')
    return TRUE;
  hits = satchel_search (vault, words, SATCHEL_SEARCH_NEWEST, WORDS_LIMIT, error);
  for (guint i = 0; hits != NULL && i < hits->len; i++) {
    const SatchelSearchHit *hit = hits->pdata[i];
    g_autoptr (SatchelRecord) record = satchel_record_load (vault, hit->record_id, error);
    if (record == NULL)
      return FALSE;
    g_hash_table_add (found, g_memdup2 (&record->row, sizeof record->row));
  }
  if (hits != NULL)
    *rows = g_steal_pointer (&found);
  return hits != NULL;
}

/* Columns: key, object, record. */
static gboolean
is_wanted (SatchelStatement *row,
           const SatchelReceivedFilter *filter,
           GHashTable *broken,
           GHashTable *records)
{
  gint64 record = satchel_statement_get_int (row, 2);

  if (records != NULL && !g_hash_table_contains (records, &record))
    return FALSE;
  return broken == NULL ||
         g_hash_table_contains (broken, satchel_statement_get_text (row, 1)) ==
             (filter->standing == SATCHEL_STANDING_BROKEN);
}

GArray *
satchel_received_list_keys (SatchelVault *vault,
                            const SatchelReceivedFilter *filter,
                            GError **error)
{
  static const SatchelReceivedFilter all = {0};
  SatchelDb *db = satchel_vault_get_db (vault);
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GHashTable) broken = NULL, records = NULL;
  gboolean has_row = FALSE;

  filter = filter != NULL ? filter : &all;
  if (filter->has_standing && filter->standing != SATCHEL_STANDING_ASIDE &&
      (broken = find_broken (db, error)) == NULL)
    return NULL;
  if (!find_records (vault, filter->words, &records, error))
    return NULL;
  SatchelStatement *rows = satchel_db_prepare (
      db, LISTS[filter->has_standing ? filter->standing : SATCHEL_STANDING_ASIDE + 1], error);
  while (rows != NULL && satchel_statement_step (rows, &has_row, error)) {
    if (!has_row)
      return g_steal_pointer (&keys);
    gint64 key = satchel_statement_get_int (rows, 0);
    if (is_wanted (rows, filter, broken, records))
      g_array_append_val (keys, key);
  }
  return NULL;
}

/* --- One --- */

/* A text of one row, or NULL without an error where there is none; the caller's. */
static gboolean
read_text (SatchelDb *db, const char *sql, gint64 row, char **text, GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (db, sql, error);
  gboolean has_row = FALSE;

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_int (statement, 1, row);
  if (!satchel_statement_step (statement, &has_row, error))
    return FALSE;
  *text = has_row ? g_strdup (satchel_statement_get_text (statement, 0)) : NULL;
  satchel_statement_reset (statement);
  return TRUE;
}

/* The last check, where there was one. */
static gboolean
read_check (SatchelVault *vault, SatchelReceived *self, GError **error)
{
  SatchelStatement *last = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "SELECT line FROM ledger WHERE object = ?1 AND line LIKE " VERIFIED
      " ORDER BY sequence DESC LIMIT 1",
      error);
  gboolean has_row = FALSE;

  if (last == NULL)
    return FALSE;
  satchel_statement_bind_text (last, 1, satchel_received_get_id (self));
  if (!satchel_statement_step (last, &has_row, error))
    return FALSE;
  if (has_row) {
    g_autofree char *line =
        g_strconcat (satchel_statement_get_text (last, 0), "\n", NULL);
    g_autoptr (GPtrArray) slice = satchel_ledger_parse_slice (line, strlen (line), NULL);
    const SatchelLedgerEntry *entry = slice != NULL ? slice->pdata[0] : NULL;
    self->checked_us = entry != NULL ? entry->time_us : 0;
    if (entry == NULL || entry->detail == NULL ||
        !json_object_get_boolean_member_with_default (entry->detail, "holds", FALSE))
      self->standing = SATCHEL_STANDING_BROKEN;
  }
  satchel_statement_reset (last);
  return TRUE;
}

static gboolean
read_arrival (SatchelVault *vault, SatchelReceived *self, GError **error)
{
  SatchelStatement *rows = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "SELECT bundle_id, (SELECT min (imported_us) FROM received_record WHERE record = ?1)"
      " FROM received_record WHERE record = ?1"
      /* Whoever knows a record may send it on; it is its own sender's word that is checked. */
      " ORDER BY sender IS (SELECT sender FROM record WHERE row = ?1) DESC, row DESC LIMIT 1",
      error);
  gboolean has_row = FALSE;

  if (rows == NULL)
    return FALSE;
  satchel_statement_bind_int (rows, 1, self->record->row);
  if (!satchel_statement_step (rows, &has_row, error))
    return FALSE;
  if (has_row) {
    self->bundle_id = g_strdup (satchel_statement_get_text (rows, 0));
    self->received_us = satchel_statement_get_int (rows, 1);
  }
  satchel_statement_reset (rows);
  return TRUE;
}

static gboolean
read_taken (SatchelVault *vault, SatchelReceived *self, const char *id, GError **error)
{
  const char *record = id;

  if (self->what == SATCHEL_RECEIVED_EVIDENCE) {
    self->item = satchel_evidence_load (vault, id, error);
    if (self->item == NULL)
      return FALSE;
    record = self->item->record_id;
  }
  self->record = satchel_record_load (vault, record, error);
  return self->record != NULL && read_arrival (vault, self, error) &&
         read_check (vault, self, error);
}

static gboolean
read_aside (SatchelVault *vault, SatchelReceived *self, gint64 row, GError **error)
{
  self->entry = satchel_inbox_load_row (vault, row, error);
  if (self->entry == NULL)
    return FALSE;
  self->standing = SATCHEL_STANDING_ASIDE;
  self->received_us = self->entry->received_unix_us;
  self->bundle_id = g_strdup (self->entry->bundle_id);
  return TRUE;
}

SatchelReceived *
satchel_received_load (SatchelVault *vault, gint64 key, GError **error)
{
  static const char *const FINDS[] = {
      [SATCHEL_RECEIVED_RECORD] = "SELECT id FROM record WHERE row = ?1 AND sender IS NOT NULL",
      [SATCHEL_RECEIVED_EVIDENCE] = "SELECT id FROM evidence WHERE row = ?1",
      [SATCHEL_RECEIVED_ASIDE] = "SELECT id FROM inbox WHERE rowid = ?1 AND outcome <> 0",
  };
  gint64 row = key / KEY_STEP, what = key % KEY_STEP;
  g_autoptr (SatchelReceived) self = g_new0 (SatchelReceived, 1);
  g_autofree char *id = NULL;

  self->key = key;
  self->what = (SatchelReceivedWhat) what;
  if (what >= 0 && what <= SATCHEL_RECEIVED_ASIDE &&
      !read_text (satchel_vault_get_db (vault), FINDS[what], row, &id, error))
    return NULL;
  if (id == NULL) {
    g_set_error_literal (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND,
                         "no such received item");
    return NULL;
  }
  gboolean is_read = what == SATCHEL_RECEIVED_ASIDE ? read_aside (vault, self, row, error)
                                                    : read_taken (vault, self, id, error);
  return is_read ? g_steal_pointer (&self) : NULL;
}
