/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/satchel-health.h"

#include <sqlite3.h>

#include "vault/satchel-db-private.h"
#include "vault/satchel-vault-private.h"

/* Steps of SQLite's machine between two looks at the cancellable: some milliseconds. */
#define STEPS_A_LOOK 100000

typedef struct {
  SatchelVault *vault;
  SatchelFaultFunc fault;
  gpointer user_data;
  GCancellable *cancellable;
} HealthCheck;

static void
report (HealthCheck *check, const char *object, const char *fault)
{
  check->fault (object, fault, check->user_data);
}

/* What both copies say now, and what they said when the vault was opened. */
static void
check_keys (HealthCheck *check)
{
  SatchelVault *vault = check->vault;
  gboolean repair = FALSE;
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelKeyHeader) header = satchel_key_header_load (vault->folder, &repair, &error);

  if (vault->was_repaired)
    report (check, "keys",
            "one of the two copies was damaged or older when the vault was opened; it has been"
            " written anew");
  if (header == NULL) {
    report (check, "keys", error->message);
    return;
  }
  if (repair)
    report (check, "keys", "one of the two copies is damaged or older than the other");
  if (!satchel_key_header_verify (header, vault->master, &error)) {
    report (check, "keys", error->message);
    g_clear_error (&error);
  }
  if (!satchel_vault_check_sequence (vault, satchel_key_header_get_sequence (header), &error))
    report (check, "keys", error->message);
}

/* Each row of @sql is a fault, but for one that is @fine (nullable). */
static void
report_rows (HealthCheck *check, sqlite3 *handle, const char *sql, const char *fine)
{
  sqlite3_stmt *statement = NULL;
  g_autoptr (GError) error = NULL;
  int code = sqlite3_prepare_v2 (handle, sql, -1, &statement, NULL);

  while (code == SQLITE_OK || code == SQLITE_ROW) {
    code = sqlite3_step (statement);
    if (code != SQLITE_ROW)
      break;
    const char *text = (const char *) sqlite3_column_text (statement, 0);
    if (fine == NULL || g_strcmp0 (text, fine) != 0)
      report (check, SATCHEL_VAULT_STORE, text != NULL ? text : "a row that cannot be read");
  }
  if (code != SQLITE_DONE && !g_cancellable_is_cancelled (check->cancellable)) {
    satchel_db_set_error (handle, code, &error);
    report (check, SATCHEL_VAULT_STORE, error->message);
  }
  sqlite3_finalize (statement);
}

static int
look_cb (gpointer cancellable)
{
  return g_cancellable_is_cancelled (cancellable);
}

/* Every page of the file; on a connection of its own, which this leaves unfit for anything else. */
static gboolean
check_pages (HealthCheck *check, const char *path, SatchelSecret *key, GError **error)
{
  sqlite3 *handle = satchel_db_connect (path, key, TRUE, error);

  if (handle == NULL)
    return FALSE;
  report_rows (check, handle, "PRAGMA cipher_integrity_check", NULL);
  sqlite3_close (handle);
  return !g_cancellable_set_error_if_cancelled (check->cancellable, error);
}

/* On the vault's own connection, the only one that sees the write-ahead log where it could not be
 * emptied; but not in its cache, whose pages may be damaged on disk by now. */
static gboolean
check_rows (HealthCheck *check, GError **error)
{
  static const struct {
    const char *sql;
    const char *fine;
  } queries[] = {
      {"PRAGMA integrity_check", "ok"},
      {"SELECT 'a row of ' || \"table\" || ' refers to nothing in ' || parent"
       " FROM pragma_foreign_key_check",
       NULL},
      /* An old page of sqlite_sequence put back would let a row number be given twice. */
      {"SELECT 'the row counter of ' || name || ' was set back' FROM ("
       " SELECT 'record' AS name, max(row) AS last FROM record UNION ALL"
       " SELECT 'evidence', max(row) FROM evidence UNION ALL"
       " SELECT 'contact_alarm', max(id) FROM contact_alarm) AS counted WHERE last >"
       " coalesce ((SELECT seq FROM sqlite_sequence WHERE sqlite_sequence.name = counted.name), 0)",
       NULL},
  };
  sqlite3 *handle = satchel_db_get_handle (check->vault->db);

  sqlite3_db_release_memory (handle);
  sqlite3_progress_handler (handle, STEPS_A_LOOK, look_cb, check->cancellable);
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    if (!g_cancellable_is_cancelled (check->cancellable))
      report_rows (check, handle, queries[i].sql, queries[i].fine);
  sqlite3_progress_handler (handle, 0, NULL, NULL);
  return !g_cancellable_set_error_if_cancelled (check->cancellable, error);
}

static gboolean
check_store (HealthCheck *check, GError **error)
{
  g_autofree char *path = satchel_vault_path (check->vault->folder, SATCHEL_VAULT_STORE);
  g_autoptr (SatchelSecret) key = satchel_vault_derive_store_key (check->vault->master, error);
  g_autoptr (GError) local_error = NULL;

  if (key == NULL)
    return FALSE;
  if (!satchel_db_checkpoint (check->vault->db, &local_error)) {
    /* A full disk is no fault of the store. */
    if (g_error_matches (local_error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_NO_SPACE)) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
    report (check, SATCHEL_VAULT_STORE, local_error->message);
    g_clear_error (&local_error);
  }
  if (!satchel_db_check_salt (path, key, &local_error))
    report (check, SATCHEL_VAULT_STORE, local_error->message);
  return check_pages (check, path, key, error) && check_rows (check, error);
}

/* A table of blobs that cannot be read is one more fault. */
static gboolean
check_blobs (HealthCheck *check, SatchelProgressReport progress, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (satchel_blob_check_all (check->vault, check->fault, check->user_data, progress,
                              check->cancellable, &local_error))
    return TRUE;
  if (!g_error_matches (local_error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_DAMAGED)) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  report (check, SATCHEL_VAULT_STORE, local_error->message);
  return TRUE;
}

gboolean
satchel_vault_check (SatchelVault *vault,
                     SatchelFaultFunc fault,
                     gpointer user_data,
                     SatchelProgressReport progress,
                     GCancellable *cancellable,
                     GError **error)
{
  HealthCheck check = {vault, fault, user_data, cancellable};

  check_keys (&check);
  return check_store (&check, error) && check_blobs (&check, progress, error);
}
