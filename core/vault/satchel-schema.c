/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/satchel-schema.h"

#include "base/satchel-file.h"
#include "vault/satchel-schema-private.h"
#include "vault/satchel-vault-private.h"

static const char *const all_migrations[] = {satchel_schema_1, satchel_schema_2, satchel_schema_3,
                                             satchel_schema_4};

const char *const *
satchel_schema_get_migrations (guint *count)
{
  *count = G_N_ELEMENTS (all_migrations);
  return all_migrations;
}

static gboolean
load_version (SatchelDb *db, guint *version, GError **error)
{
  gboolean has_row = FALSE;
  SatchelStatement *statement = satchel_db_prepare (db, "PRAGMA user_version", error);

  if (statement == NULL || !satchel_statement_step (statement, &has_row, error))
    return FALSE;
  gint64 value = has_row ? satchel_statement_get_int (statement, 0) : -1;
  satchel_statement_reset (statement);
  if (value < 0)
    return satchel_vault_set_error (error, SATCHEL_VAULT_ERROR_DAMAGED,
                                    "the store has no version");
  *version = (guint) value;
  return TRUE;
}

/* The file alone is the whole store only when the log is empty. */
static gboolean
copy_store (SatchelDb *db, const char *path, const char *copy_path, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (!satchel_db_checkpoint (db, error))
    return FALSE;
  g_autoptr (GInputStream) source = satchel_file_read (path, NULL, &local_error);
  g_autoptr (SatchelNewFile) copy =
      source != NULL ? satchel_new_file_open (copy_path, &local_error) : NULL;
  if (copy == NULL ||
      !satchel_sink_splice (satchel_new_file_get_sink (copy), source, G_MAXUINT64, NULL, NULL,
                            &local_error) ||
      !satchel_new_file_commit (copy, TRUE, &local_error))
    return satchel_vault_take_error (error, g_steal_pointer (&local_error));
  return TRUE;
}

/* Demands that the check's only row, if any, is @expected. */
static gboolean
demand (SatchelDb *db, const char *check, const char *expected, GError **error)
{
  gboolean has_row = FALSE;
  SatchelStatement *statement = satchel_db_prepare (db, check, error);

  if (statement == NULL || !satchel_statement_step (statement, &has_row, error))
    return FALSE;
  const char *answer = has_row ? satchel_statement_get_text (statement, 0) : NULL;
  gboolean right = g_strcmp0 (answer, expected) == 0;
  if (!right)
    satchel_vault_set_error (error,
                             SATCHEL_VAULT_ERROR_DAMAGED,
                             "the store does not hold after its migration: %s",
                             answer != NULL ? answer : check);
  satchel_statement_reset (statement);
  return right;
}

static gboolean
run_migration (SatchelDb *db, const char *sql, guint version, GError **error)
{
  g_autofree char *mark = g_strdup_printf ("PRAGMA user_version=%u", version);
  g_autoptr (SatchelTransaction) transaction = satchel_transaction_begin (db, error);

  return transaction != NULL && satchel_db_execute (db, sql, error) &&
         satchel_db_execute (db, mark, error) &&
         demand (db, "PRAGMA integrity_check", "ok", error) &&
         demand (db, "PRAGMA foreign_key_check", NULL, error) &&
         satchel_transaction_commit (transaction, error);
}

/* Each step is whole or was rolled back. Where it was for want of space, the copy would take what
 * the next try needs, and the store is as it was. */
static gboolean
run_migrations (SatchelDb *db,
                const char *const *migrations,
                guint version,
                guint count,
                const char *copy_path,
                GError **error)
{
  GError *local_error = NULL;

  for (; version < count; version++)
    if (!run_migration (db, migrations[version], version + 1, &local_error)) {
      if (g_error_matches (local_error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_NO_SPACE))
        satchel_file_remove (copy_path, NULL);
      g_propagate_error (error, local_error);
      return FALSE;
    }
  return TRUE;
}

gboolean
satchel_schema_migrate (SatchelDb *db,
                        const char *path,
                        const char *const *migrations,
                        guint count,
                        GError **error)
{
  guint version = 0;
  g_autoptr (GError) local_error = NULL;

  if (!load_version (db, &version, error))
    return FALSE;
  if (version > count)
    return satchel_vault_set_error (error,
                                    SATCHEL_VAULT_ERROR_NEWER,
                                    "the store was written by a newer Satchel: its format is %u, "
                                    "this one reads up to %u",
                                    version,
                                    count);
  gboolean is_new = version == 0;
  g_autofree char *copy_path = g_strdup_printf ("%s.before-%u", path, count);
  if (!is_new && version < count && !copy_store (db, path, copy_path, error))
    return FALSE;
  if (!run_migrations (db, migrations, version, count, copy_path, error))
    return FALSE;
  /* Also where a run was killed between its last COMMIT and this line. */
  if (!is_new && !satchel_file_remove (copy_path, &local_error))
    return satchel_vault_take_error (error, g_steal_pointer (&local_error));
  return TRUE;
}
