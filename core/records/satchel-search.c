/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-search.h"

#include <string.h>

#include "records/satchel-record-private.h"
#include "records/satchel-search-private.h"

#define LIMIT_DEFAULT 50
#define WORDS_MAX     64
/* Pages that one step of merging writes: a few milliseconds. */
#define MERGE_PAGES   64
#define REBUILD_BATCH 256

void
satchel_search_hit_free (SatchelSearchHit *self)
{
  if (self == NULL)
    return;
  g_free (self->record_id);
  g_free (self->snippet);
  g_free (self);
}

static gboolean
has_letters (const char *text, gsize length)
{
  for (const char *at = text; at < text + length; at = g_utf8_next_char (at)) {
    gunichar c = g_utf8_get_char (at);
    if (g_unichar_isalnum (c) || g_unichar_ismark (c))
      return TRUE;
  }
  return FALSE;
}

/* An FTS5 string: between double quotes, which are doubled inside; FTS5 sees no operator in it. */
static void
add_string (GString *query, const char *text, gsize length, gboolean is_prefix)
{
  g_string_append_c (query, '"');
  for (gsize i = 0; i < length; i++) {
    if (text[i] == '"')
      g_string_append_c (query, '"');
    g_string_append_c (query, text[i]);
  }
  g_string_append (query, is_prefix ? "\"*" : "\"");
}

static void
add_term (GString *query, const char *text, gsize length, gboolean is_prefix)
{
  g_autofree char *folded = NULL;

  if (!has_letters (text, length))
    return;
  if (query->len > 0)
    g_string_append (query, " AND ");
  folded = satchel_search_fold (text, length);
  if (folded != NULL)
    g_string_append_c (query, '(');
  add_string (query, text, length, is_prefix);
  if (folded == NULL)
    return;
  g_string_append (query, " OR ");
  add_string (query, folded, strlen (folded), is_prefix);
  g_string_append_c (query, ')');
}

/* The index has beginnings of two letters and more. Of one it would have to read a tenth of all
 * words, and the list would change under the hand of whoever goes on typing. */
static gboolean
is_first_letter (const char *begin, const char *end)
{
  return g_utf8_strlen (begin, end - begin) == 1 && g_unichar_isalpha (g_utf8_get_char (begin)) &&
         !g_unichar_iswide (g_utf8_get_char (begin));
}

/* A query in FTS5's language; empty where there is nothing to search for. */
static char *
make_query (const char *words, gboolean is_being_typed)
{
  g_autofree char *clean = g_utf8_make_valid (words, -1);
  GString *query = g_string_new (NULL);
  const char *at = clean;

  for (guint count = 0; *at != '\0' && count < WORDS_MAX; count++) {
    if (g_unichar_isspace (g_utf8_get_char (at))) {
      at = g_utf8_next_char (at);
      count--;
      continue;
    }
    gboolean is_phrase = *at == '"';
    const char *begin = is_phrase ? at + 1 : at;
    const char *end = begin;
    while (*end != '\0' &&
           !(is_phrase ? *end == '"' : g_unichar_isspace (g_utf8_get_char (end))))
      end = g_utf8_next_char (end);
    gboolean is_beginning = !is_phrase && *end == '\0';
    if (!is_being_typed || !is_beginning || !is_first_letter (begin, end))
      add_term (query, begin, end - begin, is_beginning);
    at = is_phrase && *end == '"' ? end + 1 : end;
  }
  return g_string_free (query, FALSE);
}

#define SELECT  "SELECT (SELECT id FROM record WHERE row = t.rowid), "
#define SNIPPET "snippet(record_text, 0, char(2), char(3), '…', 16)"
#define MATCHES " FROM record_text t WHERE record_text MATCH ?1 ORDER BY "

static SatchelStatement *
prepare (SatchelDb *db, SatchelSearchOrder order, GError **error)
{
  /* In order of rowid FTS5 stops as soon as it has enough; the rank looks at every match. */
  static const char *const QUERIES[] = {
      [SATCHEL_SEARCH_NEWEST] = SELECT "NULL" MATCHES "t.rowid DESC LIMIT ?2",
      [SATCHEL_SEARCH_RANKED] = SELECT SNIPPET MATCHES "rank LIMIT ?2",
  };

  return satchel_db_prepare (db, QUERIES[order], error);
}

GPtrArray *
satchel_search (SatchelVault *vault,
                const char *words,
                SatchelSearchOrder order,
                guint limit,
                GError **error)
{
  g_autoptr (GPtrArray) hits =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_search_hit_free);
  g_autofree char *query = make_query (words, FALSE);
  gboolean has_row = FALSE;
  SatchelStatement *rows = NULL;

  if (*query == '\0')
    return g_steal_pointer (&hits);
  rows = prepare (satchel_vault_get_db (vault), order, error);
  if (rows == NULL)
    return NULL;
  satchel_statement_bind_text (rows, 1, query);
  satchel_statement_bind_int (rows, 2, limit != 0 ? limit : LIMIT_DEFAULT);
  while (satchel_statement_step (rows, &has_row, error)) {
    if (!has_row)
      return g_steal_pointer (&hits);
    if (satchel_statement_is_null (rows, 0))
      continue;
    SatchelSearchHit *hit = g_new0 (SatchelSearchHit, 1);
    hit->record_id = g_strdup (satchel_statement_get_text (rows, 0));
    hit->snippet = g_strdup (satchel_statement_get_text (rows, 1));
    g_ptr_array_add (hits, hit);
  }
  return NULL;
}

gboolean
satchel_search_is_begun (const char *words)
{
  g_autofree char *query = make_query (words, TRUE);

  return *query != '\0';
}

GArray *
satchel_search_list_rows (SatchelVault *vault,
                          const char *words,
                          guint limit,
                          GHashTable **snippets,
                          GError **error)
{
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GHashTable) found =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  g_autofree char *query = make_query (words, TRUE);
  SatchelStatement *rows = NULL;
  gboolean has_row = *query != '\0';

  if (has_row && (rows = satchel_db_prepare (satchel_vault_get_db (vault),
                                             "SELECT t.rowid, " SNIPPET MATCHES
                                             "t.rowid DESC LIMIT ?2",
                                             error)) == NULL)
    return NULL;
  if (has_row) {
    satchel_statement_bind_text (rows, 1, query);
    satchel_statement_bind_int (rows, 2, limit);
  }
  while (has_row) {
    if (!satchel_statement_step (rows, &has_row, error))
      return NULL;
    if (!has_row)
      break;
    gint64 row = satchel_statement_get_int (rows, 0);
    g_array_append_val (list, row);
    g_hash_table_insert (found, g_memdup2 (&row, sizeof row),
                         g_strdup (satchel_statement_get_text (rows, 1)));
  }
  if (snippets != NULL)
    *snippets = g_steal_pointer (&found);
  return g_steal_pointer (&list);
}

gboolean
satchel_search_merge_idle (SatchelVault *vault, gboolean *more, GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  gint64 before = 0;
  gint64 after = 0;
  SatchelStatement *merge = satchel_db_prepare (
      db, "INSERT INTO record_text (record_text, rank) VALUES ('merge', ?)", error);
  SatchelStatement *changes = satchel_db_prepare (db, "SELECT total_changes()", error);
  gboolean has_row = FALSE;

  if (merge == NULL || changes == NULL || !satchel_statement_step (changes, &has_row, error))
    return FALSE;
  before = satchel_statement_get_int (changes, 0);
  satchel_statement_reset (changes);
  satchel_statement_bind_int (merge, 1, MERGE_PAGES);
  if (!satchel_statement_run (merge, error) || !satchel_statement_step (changes, &has_row, error))
    return FALSE;
  after = satchel_statement_get_int (changes, 0);
  satchel_statement_reset (changes);
  /* FTS5's documentation: fewer than two changes mean that there was nothing to merge. */
  *more = after - before >= 2;
  return TRUE;
}

/* Indexes the next batch of records after *@row; *@row gets the last, 0 at the end. */
static gboolean
rebuild_batch (SatchelVault *vault, gint64 *before_row, GError **error)
{
  SatchelRecordFilter filter = {.before_row = *before_row, .limit = REBUILD_BATCH};
  g_autoptr (GPtrArray) records = satchel_record_list (vault, &filter, error);

  if (records == NULL)
    return FALSE;
  *before_row = 0;
  for (guint i = 0; i < records->len; i++) {
    const SatchelRecord *record = records->pdata[i];
    if (!satchel_record_index_put (vault, record->row, satchel_record_get_kind (record),
                                   record->values, NULL, error))
      return FALSE;
    *before_row = record->row;
  }
  return TRUE;
}

gboolean
satchel_search_rebuild (SatchelVault *vault, GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  g_autoptr (SatchelTransaction) transaction = satchel_transaction_begin (db, error);
  gint64 before_row = 0;

  if (transaction == NULL ||
      !satchel_db_execute (
          db,
          /* A damaged index may not know what to delete: first it is made from what it holds. */
          "INSERT INTO record_text (record_text) VALUES ('rebuild');"
          "DELETE FROM record_text; DELETE FROM record_link; DELETE FROM record_deadline;",
          error))
    return FALSE;
  do {
    if (!rebuild_batch (vault, &before_row, error))
      return FALSE;
  } while (before_row > 0);
  return satchel_transaction_commit (transaction, error);
}
