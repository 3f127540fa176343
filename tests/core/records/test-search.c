/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-search.h"

#include <glib/gstdio.h>
#include "records-test.h"

static char *
find (SatchelVault *vault, const char *words, SatchelSearchOrder order)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) hits = satchel_search (vault, words, order, 0, &error);
  GString *titles = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < hits->len; i++) {
    const SatchelSearchHit *hit = hits->pdata[i];
    g_autoptr (SatchelRecord) record = satchel_record_load (vault, hit->record_id, &error);
    g_assert_no_error (error);
    g_assert_true ((hit->snippet != NULL) == (order != SATCHEL_SEARCH_NEWEST));
    g_string_append (titles, json_object_get_string_member (record->values, "title"));
  }
  return g_string_free (titles, FALSE);
}

/* As one types. */
static char *
find_as_typed (SatchelVault *vault, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) snippets = NULL;
  g_autoptr (GArray) rows = satchel_search_list_rows (vault, words, 50, &snippets, &error);
  GString *titles = g_string_new (NULL);

  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (snippets), ==, rows->len);
  for (guint i = 0; i < rows->len; i++) {
    gint64 row = g_array_index (rows, gint64, i);
    const SatchelRecordFilter filter = {.before_row = row + 1, .limit = 1};
    g_autoptr (GPtrArray) records = satchel_record_list (vault, &filter, &error);
    g_assert_no_error (error);
    const SatchelRecord *record = records->pdata[0];
    g_assert_cmpint (record->row, ==, row);
    g_assert_nonnull (g_hash_table_lookup (snippets, &row));
    g_string_append (titles, json_object_get_string_member (record->values, "title"));
  }
  return g_string_free (titles, FALSE);
}

static void
fill (SatchelVault *vault)
{
  g_autofree char *a = TEST_RECORD (vault, "note", "title=a",
                                    "text=Officers at the door; Überraschung; 28 people");
  g_autofree char *b = TEST_RECORD (vault, "note", "title=b",
                                    "text=Ёлка. Повестка по делу, участковый Петров");
  g_autofree char *c = TEST_RECORD (vault, "note", "title=c",
                                    "text=احضار به دادگاه انقلاب يادكار");
  g_autofree char *d = TEST_RECORD (vault, "note", "title=d", "text=officers left \"quietly\"");
  g_autoptr (GBytes) bytes = test_noise (10, 3);
  g_autoptr (SatchelEvidence) item = test_attach (vault, c, "Протокол обыска.pdf", bytes);
}

static void
test_words (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  static const struct {
    const char *words;
    const char *titles;
  } cases[] = {
      {"officers", "da"},
      {"offi", "da"},
      {"offi ", ""},
      {"OFFICERS door", "a"},
      {"door officers", "a"},
      {"\"officers left\"", "d"},
      {"\"left officers\"", ""},
      {"\"officers left", "d"},
      {"uberraschung", "a"},
      {"28", "a"},
      {"ёлка", "b"},
      {"елка", "b"},
      {"ЁЛКА", "b"},
      {"пётр", "b"},
      {"انقلاب دادگاه", "c"},
      {"دادكاه", ""},
      {"یادکار", "c"},
      {"يادكار", "c"},
      {"ПОВЕСТКА", "b"},
      {"петр", "b"},
      {"دادگاه", "c"},
      {"احض", "c"},
      {"протокол", "c"},
      {"обыска.pdf", "c"},
      {"officers OR door", ""},
      {"NEAR(officers door)", ""},
      {"text:officers", ""},
      {"officers*", "da"},
      {"^officers", "da"},
      {"(officers", "da"},
      {"off\"icers", ""},
      {"-", ""},
      {"\"", ""},
      {"\"\"", ""},
      {"", ""},
      {"   ", ""},
      {"\xff officers", "da"},
      {"nowhere", ""},
  };

  fill (vault);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *newest = find (vault, cases[i].words, SATCHEL_SEARCH_NEWEST);
    g_autofree char *as_typed = find_as_typed (vault, cases[i].words);
    g_autofree char *ranked = find (vault, cases[i].words, SATCHEL_SEARCH_RANKED);
    g_assert_cmpstr (as_typed, ==, newest);
    if (g_strcmp0 (newest, cases[i].titles) != 0)
      g_error ("<%s> finds %s, not %s", cases[i].words, newest, cases[i].titles);
    g_assert_cmpuint (strlen (ranked), ==, strlen (newest));
  }
}

static void
test_snippet (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);

  fill (vault);
  g_autoptr (GPtrArray) hits = satchel_search (vault, "петров", SATCHEL_SEARCH_RANKED, 1, NULL);
  const SatchelSearchHit *hit = hits->pdata[0];
  g_assert_nonnull (
      strstr (hit->snippet, SATCHEL_SEARCH_MARK_BEGIN "Петров" SATCHEL_SEARCH_MARK_END));
}

static void
test_rows (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autoptr (GHashTable) snippets = NULL;

  fill (vault);
  g_autoptr (GArray) all = satchel_record_list_rows (vault, 0, NULL);
  g_autoptr (GArray) newest = satchel_record_list_rows (vault, 2, NULL);
  g_assert_cmpuint (all->len, ==, 4);
  g_assert_cmpuint (newest->len, ==, 2);
  g_assert_cmpmem (newest->data, 2 * sizeof (gint64), all->data, 2 * sizeof (gint64));

  g_autoptr (GArray) found = satchel_search_list_rows (vault, "offi", 1, &snippets, NULL);
  g_assert_cmpmem (found->data, found->len * sizeof (gint64), all->data, sizeof (gint64));
  g_assert_cmpuint (g_hash_table_size (snippets), ==, 1);
  g_assert_nonnull (strstr (g_hash_table_lookup (snippets, all->data),
                            SATCHEL_SEARCH_MARK_BEGIN "officers" SATCHEL_SEARCH_MARK_END));
}

/* What is typed is looked for from a word's second letter on; what is whole, always. */
static void
test_begun (void)
{
  static const struct {
    const char *words;
    gboolean is_begun;
    const char *titles;
  } cases[] = {
      {"", FALSE, ""},
      {" - ", FALSE, ""},
      {"o", FALSE, ""},
      {"ё", FALSE, ""},
      {"qu", TRUE, "d"},
      {"o ", TRUE, ""},
      {"\"a\"", TRUE, "a"},
      {"officers d", TRUE, "da"},
      {"officers do", TRUE, "a"},
      {"2", TRUE, "a"},
      {"officers l ", TRUE, ""},
  };
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);

  fill (vault);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *titles = find_as_typed (vault, cases[i].words);
    g_assert_cmpint (satchel_search_is_begun (cases[i].words), ==, cases[i].is_begun);
    g_assert_cmpstr (titles, ==, cases[i].titles);
  }
}

static void
test_limit (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);

  for (guint i = 0; i < 60; i++)
    g_free (TEST_RECORD (vault, "note", "title=x", "text=same"));
  g_autoptr (GPtrArray) some = satchel_search (vault, "same", SATCHEL_SEARCH_NEWEST, 0, NULL);
  g_autoptr (GPtrArray) all = satchel_search (vault, "same", SATCHEL_SEARCH_NEWEST, 100, NULL);
  g_assert_cmpuint (some->len, ==, 50);
  g_assert_cmpuint (all->len, ==, 60);
}

/* How often these letters stand in what the index is made of. */
static gint64
count_letters (SatchelVault *vault, const char *letters)
{
  g_autofree char *sql =
      g_strdup_printf ("SELECT sum (length (hex (block)) - length (replace (hex (block), hex "
                       "('%s'), ''))) / length (hex ('%s')) FROM record_text_data",
                       letters, letters);

  return test_count (vault, g_intern_string (sql));
}

/* Words of an erased record, also of its earlier revisions and of its evidence, are in no table,
 * and nothing of it is in a file (which is encrypted; the free pages are overwritten inside). */
static void
test_erased_words (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *kept = TEST_RECORD (vault, "note", "title=k", "text=zebra kept");
  g_autofree char *id = TEST_RECORD (vault, "note", "title=t", "text=xylophone first");
  /* The word, and its beginnings of two, three and four letters. */
  g_assert_cmpint (count_letters (vault, "xy"), ==, 4);
  g_assert_cmpint (count_letters (vault, "xylo"), ==, 2);
  const SatchelKind *kind = test_kind ("note");
  g_autoptr (JsonObject) values =
      test_values (kind, (const char *const[]){"title=t", "text=quagmire second", NULL});
  g_autoptr (GBytes) bytes = test_noise (100, 4);
  g_autoptr (SatchelEvidence) item = test_attach (vault, id, "jackdaw.bin", bytes);
  g_autofree char *wal = g_build_filename (folder, "store.db-wal", NULL);
  GStatBuf facts = {0};
  static const char *const beginnings[] = {"xy", "xyl", "xylo", "qu", "qua", "quag", "jackd"};

  g_assert_true (satchel_record_revise (vault, id, values, NULL, NULL));
  g_assert_true (satchel_record_erase (vault, id, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (beginnings); i++)
    g_assert_cmpint (count_letters (vault, beginnings[i]), ==, 0);
  g_autofree char *titles = find (vault, "quagmire", SATCHEL_SEARCH_NEWEST);
  g_autofree char *still = find (vault, "zebra", SATCHEL_SEARCH_NEWEST);
  g_assert_cmpstr (titles, ==, "");
  g_assert_cmpstr (still, ==, "k");
  g_assert_true (g_stat (wal, &facts) != 0 || facts.st_size == 0);
  test_assert_no_plaintext (folder, "zebra");
}

static void
test_rebuild (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  SatchelDb *db = satchel_vault_get_db (vault);

  fill (vault);
  g_assert_true (satchel_db_execute (db, "DELETE FROM record_text WHERE rowid > 1", NULL));
  g_autoptr (GString) before = test_check (vault);
  test_assert_found (before, "is not in the search index");
  g_assert_true (satchel_search_rebuild (vault, NULL));
  g_autoptr (GString) after = test_check (vault);
  g_assert_cmpstr (after->str, ==, "");
  g_autofree char *found = find (vault, "протокол", SATCHEL_SEARCH_NEWEST);
  g_assert_cmpstr (found, ==, "c");
}

/* Many replaced rows leave the index whole: with FTS5's secure-delete of 3.42 they did not. */
static void
test_many_revisions (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  const SatchelKind *kind = test_kind ("note");
  g_autofree char *first = TEST_RECORD (vault, "note", "text=alpha bee");
  g_autofree char *second = TEST_RECORD (vault, "note", "text=alphabet be room");
  gboolean more = TRUE;

  for (guint i = 0; i < 40; i++) {
    g_autofree char *text = g_strdup_printf ("text=alpine %u be%u room%u a", i % 3, i % 5, i % 7);
    g_autoptr (JsonObject) values = test_values (kind, (const char *const[]){text, NULL});
    g_assert_true (
        satchel_record_revise (vault, i % 2 == 0 ? first : second, values, NULL, NULL));
  }
  g_autoptr (GString) faults = test_check (vault);
  g_assert_cmpstr (faults->str, ==, "");
  for (guint i = 0; more && i < 100; i++)
    g_assert_true (satchel_search_merge_idle (vault, &more, NULL));
  g_assert_false (more);
  g_autoptr (GString) merged = test_check (vault);
  g_assert_cmpstr (merged->str, ==, "");
}

/* A page of SQLCipher holds 4,096 bytes less 80; what is longer than a row's share of it goes to a
 * second page, and every leaf of the index would be encrypted and read twice. */
static void
test_leaf_size (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  SatchelDb *db = satchel_vault_get_db (vault);
  gboolean has_row = FALSE;

  g_assert_true (satchel_db_begin (db, NULL));
  for (guint i = 0; i < 60; i++) {
    g_autofree char *text = g_strdup_printf ("text=%u alpha%u beta%u gamma%u delta%u", i, i * 7919,
                                             i * 104729, i * 1299709, i * 15485863);
    g_free (TEST_RECORD (vault, "note", text));
  }
  g_assert_true (satchel_db_commit (db, NULL));
  SatchelStatement *row =
      satchel_db_prepare (db, "SELECT max(length(block)) FROM record_text_data", NULL);
  g_assert_true (satchel_statement_step (row, &has_row, NULL) && has_row);
  g_assert_cmpint (satchel_statement_get_int (row, 0), >, 3900);
  g_assert_cmpint (satchel_statement_get_int (row, 0), <=, 4096 - 80 - 35 - 4);
  satchel_statement_reset (row);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  g_test_add_func ("/search/words", test_words);
  g_test_add_func ("/search/snippet", test_snippet);
  g_test_add_func ("/search/rows", test_rows);
  g_test_add_func ("/search/begun", test_begun);
  g_test_add_func ("/search/limit", test_limit);
  g_test_add_func ("/search/erased-words", test_erased_words);
  g_test_add_func ("/search/rebuild", test_rebuild);
  g_test_add_func ("/search/many-revisions", test_many_revisions);
  g_test_add_func ("/search/leaf-size", test_leaf_size);
  return g_test_run ();
}
