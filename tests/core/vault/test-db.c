/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/satchel-db.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test-pages.h"
#include "test-support.h"

static SatchelSecret *
key_of (guint8 fill)
{
  guint8 bytes[48];

  memset (bytes, fill, sizeof bytes);
  return satchel_secret_new_copy (bytes, sizeof bytes, NULL);
}

static SatchelDb *
make_db (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) key = key_of (7);
  g_autofree char *path = g_build_filename (folder, "store.db", NULL);
  SatchelDb *db = satchel_db_open (path, key, TRUE, &error);

  g_assert_no_error (error);
  return db;
}

static void
run (SatchelDb *db, const char *sql)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (satchel_db_execute (db, sql, &error));
  g_assert_no_error (error);
}

static gint64
count (SatchelDb *db, const char *sql)
{
  g_autoptr (GError) error = NULL;
  gboolean has_row = FALSE;
  SatchelStatement *statement = satchel_db_prepare (db, sql, &error);

  g_assert_no_error (error);
  g_assert_true (satchel_statement_step (statement, &has_row, &error));
  g_assert_true (has_row);
  gint64 value = satchel_statement_get_int (statement, 0);
  satchel_statement_reset (statement);
  return value;
}

static void
assert_refused (const char *path, SatchelSecret *key, SatchelVaultError code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelDb) db = satchel_db_open (path, key, FALSE, &error);

  g_assert_null (db);
  g_assert_error (error, SATCHEL_VAULT_ERROR, (int) code);
}

static void
test_open (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelSecret) key = key_of (7);
  g_autoptr (SatchelSecret) other = key_of (8);
  g_autofree char *path = g_build_filename (folder, "store.db", NULL);
  g_autoptr (GError) error = NULL;
  guint8 fill[48];
  struct stat status;

  satchel_db_close (make_db (folder));
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0600);
  g_assert_cmpint (status.st_size, >=, 4096);
  assert_refused (path, other, SATCHEL_VAULT_ERROR_DAMAGED);
  /* The right salt, but another key. */
  memset (fill, 9, 32);
  memset (fill + 32, 7, 16);
  g_autoptr (SatchelSecret) half = satchel_secret_new_copy (fill, sizeof fill, NULL);
  assert_refused (path, half, SATCHEL_VAULT_ERROR_DAMAGED);
  g_assert_null (satchel_db_open (path, key, TRUE, &error));
  g_assert_error (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_EXISTS);
  g_autofree char *absent = g_build_filename (folder, "absent.db", NULL);
  assert_refused (absent, key, SATCHEL_VAULT_ERROR_NOT_FOUND);
}

static void
test_values (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelSecret) key = key_of (7);
  g_autofree char *path = g_build_filename (folder, "store.db", NULL);
  SatchelDb *db = make_db (folder);
  gboolean has_row = FALSE;
  gsize size = 0;

  run (db, "CREATE TABLE t (i INTEGER, r REAL, s TEXT, b BLOB, n INTEGER) STRICT");
  SatchelStatement *insert = satchel_db_prepare (db, "INSERT INTO t VALUES (?, ?, ?, ?, ?)", NULL);
  satchel_statement_bind_int (insert, 1, G_MAXINT64);
  satchel_statement_bind_real (insert, 2, 0.5);
  satchel_statement_bind_text (insert, 3, "Grüße");
  satchel_statement_bind_blob (insert, 4, NULL, 0);
  satchel_statement_bind_null (insert, 5);
  g_assert_true (satchel_statement_run (insert, NULL));
  g_assert_cmpint (satchel_db_get_changes (db), ==, 1);
  g_assert_cmpint (satchel_db_get_last_row_id (db), ==, 1);
  satchel_db_close (db);

  db = satchel_db_open (path, key, FALSE, NULL);
  SatchelStatement *select = satchel_db_prepare (db, "SELECT * FROM t", NULL);
  g_assert_true (satchel_statement_step (select, &has_row, NULL) && has_row);
  g_assert_cmpint (satchel_statement_get_int (select, 0), ==, G_MAXINT64);
  g_assert_cmpfloat (satchel_statement_get_real (select, 1), ==, 0.5);
  g_assert_cmpstr (satchel_statement_get_text (select, 2), ==, "Grüße");
  satchel_statement_get_blob (select, 3, &size);
  g_assert_cmpuint (size, ==, 0);
  g_assert_false (satchel_statement_is_null (select, 3));
  g_assert_true (satchel_statement_is_null (select, 4));
  g_assert_true (satchel_statement_step (select, &has_row, NULL));
  g_assert_false (has_row);
  g_assert_true (select == satchel_db_prepare (db, "SELECT * FROM t", NULL));
  satchel_db_close (db);
  test_assert_no_plaintext (folder, "Grüße");
}

static void
assert_bind_refused (SatchelDb *db, const char *text)
{
  g_autoptr (GError) error = NULL;
  SatchelStatement *insert = satchel_db_prepare (db, "INSERT INTO t VALUES (?)", NULL);

  satchel_statement_bind_text (insert, 1, text);
  g_assert_false (satchel_statement_run (insert, &error));
  g_assert_error (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_CONSTRAINT);
}

static void
test_refused_values (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelDb) db = make_db (folder);
  g_autoptr (GError) error = NULL;

  run (db, "CREATE TABLE t (s TEXT NOT NULL UNIQUE) STRICT; INSERT INTO t VALUES ('once')");
  assert_bind_refused (db, "\xff\xfe");
  assert_bind_refused (db, NULL);
  assert_bind_refused (db, "once");
  g_assert_null (satchel_db_prepare (db, "SELECT \"no such column\" FROM t", &error));
  g_assert_nonnull (error);
  g_assert_cmpint (count (db, "SELECT count(*) FROM t"), ==, 1);
}

static void
test_transactions (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelDb) db = make_db (folder);
  g_autoptr (GError) error = NULL;

  run (db, "CREATE TABLE t (i INTEGER) STRICT");
  g_assert_true (satchel_db_begin (db, NULL));
  g_assert_true (satchel_db_begin (db, NULL));
  run (db, "INSERT INTO t VALUES (1)");
  g_assert_true (satchel_db_commit (db, NULL));
  g_assert_true (satchel_db_in_transaction (db));
  g_assert_true (satchel_db_commit (db, NULL));
  g_assert_false (satchel_db_in_transaction (db));
  g_assert_cmpint (count (db, "SELECT count(*) FROM t"), ==, 1);

  g_assert_true (satchel_db_begin (db, NULL));
  run (db, "INSERT INTO t VALUES (2)");
  {
    g_autoptr (SatchelTransaction) inner = satchel_transaction_begin (db, NULL);
    g_assert_nonnull (inner);
  }
  run (db, "INSERT INTO t VALUES (3)");
  g_assert_false (satchel_db_commit (db, &error));
  g_assert_nonnull (error);
  g_assert_false (satchel_db_in_transaction (db));
  g_assert_cmpint (count (db, "SELECT count(*) FROM t"), ==, 1);
  {
    g_autoptr (SatchelTransaction) outer = satchel_transaction_begin (db, NULL);
    run (db, "INSERT INTO t VALUES (4)");
    g_assert_true (satchel_transaction_commit (outer, NULL));
  }
  g_assert_cmpint (count (db, "SELECT count(*) FROM t"), ==, 2);
}

/* The page limit makes SQLite say FULL, as a full disk does, and end the transaction by itself:
 * nothing that follows inside it may be kept. */
static void
test_full (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelDb) db = make_db (folder);
  g_autoptr (GError) error = NULL;

  run (db, "CREATE TABLE t (b BLOB) STRICT");
  g_autofree char *cap = g_strdup_printf ("PRAGMA max_page_count=%" G_GINT64_FORMAT,
                                          count (db, "PRAGMA page_count") + 4);
  run (db, cap);
  g_assert_true (satchel_db_begin (db, NULL));
  run (db, "INSERT INTO t VALUES (zeroblob(10))");
  g_assert_false (satchel_db_execute (db, "INSERT INTO t VALUES (zeroblob(100000))", &error));
  g_assert_error (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_NO_SPACE);
  satchel_db_rollback (db);
  g_assert_cmpint (count (db, "SELECT count(*) FROM t"), ==, 0);
  run (db, "INSERT INTO t VALUES (zeroblob(10))");
  g_assert_cmpint (count (db, "SELECT count(*) FROM t"), ==, 1);
}

static gpointer
interrupt_thread (gpointer data)
{
  gint *stop = ((gpointer *) data)[1];

  while (g_atomic_int_get (stop) == 0)
    satchel_db_interrupt (((gpointer *) data)[0]);
  return NULL;
}

static void
test_interrupt (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelDb) db = make_db (folder);
  g_autoptr (GError) error = NULL;
  gint stop = 0;
  gpointer data[2] = {db, &stop};
  gboolean has_row = FALSE;
  SatchelStatement *endless = satchel_db_prepare (
      db,
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
      NULL);
  GThread *thread = g_thread_new ("interrupt", interrupt_thread, data);

  g_assert_false (satchel_statement_step (endless, &has_row, &error));
  g_atomic_int_set (&stop, 1);
  g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
flip (const char *path, goffset at)
{
  int fd = open (path, O_RDWR | O_CLOEXEC);
  guint8 byte = 0;

  g_assert_cmpint (pread (fd, &byte, 1, at), ==, 1);
  byte ^= 1;
  g_assert_cmpint (pwrite (fd, &byte, 1, at), ==, 1);
  close (fd);
}

/* Reads to the end; what is read is of no interest. */
static void
read_all (const char *path, const char *sql, GError **error)
{
  g_autoptr (SatchelSecret) key = key_of (7);
  g_autoptr (SatchelDb) db = satchel_db_open (path, key, FALSE, error);
  SatchelStatement *all = db != NULL ? satchel_db_prepare (db, sql, error) : NULL;
  gboolean has_row = TRUE;

  while (all != NULL && has_row)
    if (!satchel_statement_step (all, &has_row, error))
      return;
}

/* Whatever page is damaged, reading it is an error that says so, never a wrong row, and never no
 * row. */
static void
test_damaged_pages (void)
{
  static const char *const queries[] = {
      "SELECT hex (b) FROM t",
      "SELECT 1 FROM t WHERE instr (hex (b), 'x')",
      "SELECT count(*) FROM t WHERE instr (hex (b), 'x')",
  };
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autofree char *path = g_build_filename (folder, "store.db", NULL);
  SatchelDb *made = make_db (folder);
  struct stat status;

  run (made, "CREATE TABLE t (b BLOB) STRICT");
  run (made, "INSERT INTO t VALUES (randomblob(20000)), (randomblob(20000))");
  satchel_db_close (made);
  g_assert_cmpint (stat (path, &status), ==, 0);
  for (goffset at = 5; at < status.st_size; at += 4096) {
    flip (path, at);
    for (guint i = 0; i < G_N_ELEMENTS (queries); i++) {
      g_autoptr (GError) error = NULL;
      read_all (path, queries[i], &error);
      g_assert_error (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_DAMAGED);
    }
    flip (path, at);
  }
}

/* Records with a word in each, in a table and a search index as the records room makes them. */
static void
fill_search (SatchelDb *db)
{
  run (db, "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;"
           "CREATE VIRTUAL TABLE words USING fts5 (text);"
           "INSERT INTO words (words, rank) VALUES ('automerge', 0)");
  run (db, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)"
           "INSERT INTO note SELECT i, 'meeting number ' || i || CASE i % 50 WHEN 7"
           " THEN ' with zanzibarian at the harbour' ELSE ' at the ministry' END FROM n");
  run (db, "INSERT INTO words (rowid, text) SELECT id, text FROM note");
}

/* secure_delete, the index merged into one piece, and the emptied log: a word that was erased is in
 * no page. */
static void
test_erase (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelSecret) key = key_of (7);
  g_autofree char *path = g_build_filename (folder, "store.db", NULL);
  g_autofree char *log = g_build_filename (folder, "store.db-wal", NULL);
  g_autoptr (SatchelDb) db = make_db (folder);
  g_autoptr (GError) error = NULL;
  struct stat status;

  fill_search (db);
  g_assert_true (satchel_db_checkpoint (db, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (test_pages_count (path, key, "zanzibarian"), >, 1);
  run (db, "DELETE FROM words WHERE words MATCH 'zanzibarian';"
           "INSERT INTO words (words) VALUES ('optimize');"
           "DELETE FROM note WHERE text LIKE '%zanzibarian%'");
  g_assert_cmpint (stat (log, &status), ==, 0);
  g_assert_cmpint (status.st_size, >, 0);
  g_assert_true (satchel_db_checkpoint (db, &error));
  g_assert_cmpint (stat (log, &status), ==, 0);
  g_assert_cmpint (status.st_size, ==, 0);
  g_assert_cmpuint (test_pages_count (path, key, "zanzibar"), ==, 0);
  g_assert_cmpuint (test_pages_count (path, key, "ministry"), >, 0);
  g_assert_cmpint (count (db, "SELECT count(*) FROM words WHERE words MATCH 'ministry'"), ==, 294);
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vault/db/open", test_open);
  g_test_add_func ("/vault/db/values", test_values);
  g_test_add_func ("/vault/db/refused-values", test_refused_values);
  g_test_add_func ("/vault/db/transactions", test_transactions);
  g_test_add_func ("/vault/db/full", test_full);
  g_test_add_func ("/vault/db/interrupt", test_interrupt);
  g_test_add_func ("/vault/db/damaged-pages", test_damaged_pages);
  g_test_add_func ("/vault/db/erase", test_erase);
  return g_test_run ();
}
