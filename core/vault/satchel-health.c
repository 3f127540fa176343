/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/satchel-health.h"

#include <sqlite3.h>

#include "vault/satchel-db-private.h"
#include "vault/satchel-vault-private.h"

typedef struct {
  SatchelVault *vault;
  SatchelFaultFunc fault;
  gpointer user_data;
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
  if (code != SQLITE_DONE) {
    satchel_db_set_error (handle, code, &error);
    report (check, SATCHEL_VAULT_STORE, error->message);
  }
  sqlite3_finalize (statement);
}

/* On connections of their own: the vault's has pages in its cache that may be damaged on disk by
 * now, and cipher_integrity_check leaves a connection unfit for anything else. */
static gboolean
check_on_fresh_connections (HealthCheck *check,
                            const char *path,
                            SatchelSecret *key,
                            GError **error)
{
  static const struct {
    const char *sql;
    const char *fine;
  } checks[] = {
      {"PRAGMA cipher_integrity_check", NULL},
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

  for (guint i = 0; i < G_N_ELEMENTS (checks); i++) {
    sqlite3 *handle = satchel_db_connect (path, key, error);
    if (handle == NULL)
      return FALSE;
    report_rows (check, handle, checks[i].sql, checks[i].fine);
    sqlite3_close (handle);
  }
  return TRUE;
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
    report (check, SATCHEL_VAULT_STORE, local_error->message);
    g_clear_error (&local_error);
  }
  if (!satchel_db_check_salt (path, key, &local_error))
    report (check, SATCHEL_VAULT_STORE, local_error->message);
  return check_on_fresh_connections (check, path, key, error);
}

gboolean
satchel_vault_check (SatchelVault *vault,
                     SatchelFaultFunc fault,
                     gpointer user_data,
                     SatchelProgressReport progress,
                     GCancellable *cancellable,
                     GError **error)
{
  HealthCheck check = {vault, fault, user_data};

  check_keys (&check);
  return check_store (&check, error) &&
         !g_cancellable_set_error_if_cancelled (cancellable, error) &&
         satchel_blob_check_all (vault, fault, user_data, progress, cancellable, error);
}
