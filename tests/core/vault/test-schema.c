/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/satchel-schema.h"

#include "base/satchel-file.h"
#include "test-support.h"

static SatchelDb *
open_store (const char *path, gboolean create)
{
  g_autoptr (SatchelSecret) key = satchel_secret_new (48, NULL);
  g_autoptr (GError) error = NULL;
  SatchelDb *db = satchel_db_open (path, key, create, &error);

  g_assert_no_error (error);
  return db;
}

static gint64
count (SatchelDb *db, const char *sql)
{
  gboolean has_row = FALSE;
  SatchelStatement *statement = satchel_db_prepare (db, sql, NULL);

  g_assert_true (satchel_statement_step (statement, &has_row, NULL) && has_row);
  gint64 value = satchel_statement_get_int (statement, 0);
  satchel_statement_reset (statement);
  return value;
}

/* What the program has: it runs, every table is STRICT, and a second run changes nothing. */
static void
test_current (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autofree char *path = g_build_filename (folder, "store.db", NULL);
  g_autoptr (SatchelDb) db = open_store (path, TRUE);
  g_autoptr (GError) error = NULL;
  guint migrations_count = 0;
  const char *const *migrations = satchel_schema_get_migrations (&migrations_count);

  for (int round = 0; round < 2; round++) {
    g_assert_true (satchel_schema_migrate (db, path, migrations, migrations_count, &error));
    g_assert_no_error (error);
    g_assert_cmpint (count (db, "PRAGMA user_version"), ==, migrations_count);
  }
  g_assert_cmpint (count (db, "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND"
                              " type = 'table' AND NOT strict AND name NOT LIKE 'sqlite_%'"),
                   ==, 0);
  g_assert_cmpint (count (db, "SELECT count(*) FROM blob"), ==, 0);
}

static const char *const steps[] = {
    "CREATE TABLE a (i INTEGER) STRICT; INSERT INTO a VALUES (1)",
    "ALTER TABLE a ADD COLUMN j INTEGER; UPDATE a SET j = 2",
};

static void
test_steps (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autofree char *path = g_build_filename (folder, "store.db", NULL);
  g_autofree char *copy = g_build_filename (folder, "store.db.before-2", NULL);
  g_autoptr (SatchelDb) db = open_store (path, TRUE);
  g_autoptr (GError) error = NULL;

  g_assert_true (satchel_schema_migrate (db, path, steps, 1, NULL));
  g_assert_true (satchel_schema_migrate (db, path, steps, 2, NULL));
  g_assert_cmpint (count (db, "SELECT j FROM a"), ==, 2);
  g_assert_false (g_file_test (copy, G_FILE_TEST_EXISTS));
  g_assert_false (satchel_schema_migrate (db, path, steps, 1, &error));
  g_assert_error (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_NEWER);
  g_assert_cmpint (count (db, "PRAGMA user_version"), ==, 2);
}

static void
assert_step_fails (SatchelDb *db, const char *path, const char *bad)
{
  const char *const broken[] = {steps[0], bad};
  g_autoptr (GError) error = NULL;

  g_assert_false (satchel_schema_migrate (db, path, broken, 2, &error));
  g_assert_nonnull (error);
  g_assert_cmpint (count (db, "PRAGMA user_version"), ==, 1);
  g_assert_cmpint (count (db, "SELECT count(*) FROM a"), ==, 1);
  g_assert_cmpint (count (db, "SELECT count(*) FROM pragma_table_info ('a')"), ==, 1);
}

/* A migration that fails in the middle leaves the version before it, and the copy opens. */
static void
test_failure (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autofree char *path = g_build_filename (folder, "store.db", NULL);
  g_autofree char *copy_path = g_build_filename (folder, "store.db.before-2", NULL);
  g_autoptr (SatchelDb) db = open_store (path, TRUE);

  g_assert_true (satchel_schema_migrate (db, path, steps, 1, NULL));
  assert_step_fails (db, path,
                     "ALTER TABLE a ADD COLUMN j INTEGER; INSERT INTO missing VALUES (1)");
  assert_step_fails (db, path, "CREATE TABLE p (i INTEGER PRIMARY KEY) STRICT;"
                               "CREATE TABLE c (i INTEGER REFERENCES p DEFERRABLE INITIALLY"
                               " DEFERRED) STRICT; INSERT INTO c VALUES (5)");
  g_autoptr (SatchelDb) copy = open_store (copy_path, FALSE);
  g_assert_cmpint (count (copy, "SELECT i FROM a"), ==, 1);
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vault/schema/current", test_current);
  g_test_add_func ("/vault/schema/steps", test_steps);
  g_test_add_func ("/vault/schema/failure", test_failure);
  return g_test_run ();
}
