/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/stat.h>

#include "records-test.h"

#define PAGE_SIZE 4096

static void
run (SatchelVault *vault, const char *sql)
{
  g_autoptr (GError) error = NULL;

  satchel_db_execute (satchel_vault_get_db (vault), sql, &error);
  g_assert_no_error (error);
}

static void
revise (SatchelVault *vault, const char *id, const char *assignment)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelRecord) record = satchel_record_load (vault, id, &error);
  const SatchelKind *kind = satchel_record_get_kind (record);
  g_autoptr (JsonObject) values = satchel_fields_canonical (kind, record->values);

  g_assert_true (satchel_fields_assign (kind, values, assignment, 0, &error));
  satchel_record_revise (vault, id, values, "why not", &error);
  g_assert_no_error (error);
}

static char *
fill (SatchelVault *vault)
{
  char *id = TEST_RECORD (vault, "note", "title=a", "text=first");
  g_autofree char *link = g_strconcat ("links.0.record=", id, NULL);
  g_autofree char *other =
      TEST_RECORD (vault, "summons", "title=b", "appear=2024-03-14T10:00+03:00 room 5", link);
  g_autoptr (GBytes) bytes = test_noise (3000, 1);
  g_autoptr (SatchelEvidence) item = test_attach (vault, id, "a.bin", bytes);

  revise (vault, id, "text=second");
  return id;
}

static void
test_whole (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *id = fill (vault);
  g_autoptr (GString) faults = test_check (vault);

  g_assert_cmpstr (faults->str, ==, "");
}

static void
test_rows (void)
{
  static const struct {
    const char *sql;
    const char *finding;
  } cases[] = {
      {"UPDATE revision SET line = replace(line, 'second', 'sekond') WHERE number = 2",
       "a revision that is not the one its hash says"},
      {"DELETE FROM revision WHERE record = 1 AND number = 2", "has another latest revision"},
      {"DELETE FROM revision WHERE record = 1 AND number = 1", "does not continue the one before"},
      {"UPDATE record SET revision = 1,"
       " hash = (SELECT hash FROM revision WHERE record = 1 AND number = 1) WHERE row = 1",
       "is in another state than the ledger says last"},
      {"UPDATE record SET is_final = 1 WHERE row = 1", "is marked final otherwise"},
      {"UPDATE record SET is_held = 1 WHERE row = 1", "is marked as held otherwise"},
      {"UPDATE record SET when_us = 5 WHERE row = 2", "listed under another time"},
      {"DELETE FROM evidence", "is missing: the ledger knows it"},
      {"UPDATE evidence SET line = replace(line, 'a.bin', 'b.bin')", "is not the evidence item"},
      {"UPDATE blob SET size_bytes = 7", "has other bytes than it says"},
      {"DELETE FROM record_link", "has other links in the index"},
      {"UPDATE record_deadline SET at_us = 7", "has other deadlines in the index"},
      {"UPDATE record_text SET text = 'x' WHERE rowid = 1; DELETE FROM record_text WHERE rowid = 2",
       "is not in the search index"},
      {"INSERT INTO record_text (rowid, text) VALUES (99, 'ghost')", "holds words of a record"},
      {"DELETE FROM ledger WHERE sequence = (SELECT max(sequence) FROM ledger)", "its head says"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (TestScratch) folder = test_scratch_new ();
    g_autoptr (SatchelVault) vault = test_vault_new (folder);
    g_autofree char *id = fill (vault);

    run (vault, cases[i].sql);
    g_autoptr (GString) faults = test_check (vault);
    test_assert_found (faults, cases[i].finding);
  }
}

static SatchelVault *
open_again (const char *folder)
{
  g_autoptr (SatchelSecret) passphrase =
      satchel_secret_new_copy ((const guint8 *) "open sesame", 11, NULL);

  return satchel_vault_open (folder, passphrase, NULL);
}

static char *
load_store (const char *path, gsize *size)
{
  char *bytes = NULL;

  g_assert_true (g_file_get_contents (path, &bytes, size, NULL));
  return bytes;
}

/* What satchel_vault_check() does first: indexes against their tables. */
static gboolean
is_consistent (SatchelVault *vault)
{
  gboolean has_row = FALSE;
  SatchelStatement *row =
      satchel_db_prepare (satchel_vault_get_db (vault), "PRAGMA integrity_check", NULL);
  gboolean good = row != NULL && satchel_statement_step (row, &has_row, NULL) && has_row &&
                  g_strcmp0 (satchel_statement_get_text (row, 0), "ok") == 0;

  if (row != NULL)
    satchel_statement_reset (row);
  return good;
}

/* Pages of tables that the ledger does not cover: settings, the last row numbers, and the insides
 * of the search index, which has its own check and is rebuilt rather than trusted. */
static GHashTable *
list_uncovered (SatchelVault *vault)
{
  GHashTable *pages = g_hash_table_new (NULL, NULL);
  gboolean has_row = FALSE;
  SatchelStatement *rows = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "SELECT rootpage FROM sqlite_master WHERE name IN ('setting', 'sqlite_sequence')"
      " OR name LIKE 'record\\_text\\_%' ESCAPE '\\'",
      NULL);

  while (satchel_statement_step (rows, &has_row, NULL) && has_row)
    g_hash_table_add (pages, GSIZE_TO_POINTER ((gsize) satchel_statement_get_int (rows, 0)));
  g_assert_cmpuint (g_hash_table_size (pages), ==, 7);
  return pages;
}

/* Whether the vault with these bytes as its store opens and is found whole. */
static gboolean
is_found_whole (const char *folder, const char *path, const char *bytes, gsize size)
{
  g_assert_true (g_file_set_contents (path, bytes, size, NULL));
  g_autoptr (SatchelVault) vault = open_again (folder);
  g_autoptr (GString) faults = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  return vault != NULL && is_consistent (vault) &&
         satchel_records_check (vault, test_fault_cb, faults, (SatchelProgressReport){0}, NULL,
                                &error) &&
         faults->len == 0;
}

/* SQLCipher accepts an older state of a page in its place. Each page that a revision, an attached
 * item and a hold change is put back alone: not one of them passes. The first page, with
 * counters and the schema, is left out. */
static void
test_old_pages (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *id = fill (vault);
  g_autofree char *path = g_build_filename (folder, "store.db", NULL);
  gsize old_size = 0;
  gsize size = 0;
  guint changed = 0;
  g_autoptr (GHashTable) uncovered = list_uncovered (vault);

  g_clear_pointer (&vault, satchel_vault_close);
  g_autofree char *old = load_store (path, &old_size);
  vault = open_again (folder);
  revise (vault, id, "text=third");
  g_assert_true (satchel_record_set_hold (vault, id, TRUE, NULL));
  g_autoptr (GBytes) noise = test_noise (500, 9);
  satchel_evidence_free (test_attach (vault, id, "late.bin", noise));
  g_clear_pointer (&vault, satchel_vault_close);
  g_autofree char *now = load_store (path, &size);
  g_assert_true (is_found_whole (folder, path, now, size));
  for (gsize at = PAGE_SIZE; at < MIN (size, old_size); at += PAGE_SIZE) {
    gsize page = at / PAGE_SIZE + 1;
    if (memcmp (now + at, old + at, PAGE_SIZE) == 0 ||
        g_hash_table_contains (uncovered, GSIZE_TO_POINTER (page)))
      continue;
    g_autofree char *mixed = g_memdup2 (now, size);
    memcpy (mixed + at, old + at, PAGE_SIZE);
    changed++;
    if (is_found_whole (folder, path, mixed, size))
      g_error ("page %" G_GSIZE_FORMAT " put back was not noticed", page);
  }
  g_assert_cmpuint (changed, >=, 5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  g_test_add_func ("/records-check/whole", test_whole);
  g_test_add_func ("/records-check/rows", test_rows);
  g_test_add_func ("/records-check/old-pages", test_old_pages);
  return g_test_run ();
}
