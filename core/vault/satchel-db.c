/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/satchel-db-private.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include "base/satchel-error.h"
#include "base/satchel-text.h"
#include "vault/satchel-vault-private.h"

struct _SatchelStatement {
  SatchelDb *db; /* borrowed */
  sqlite3_stmt *inner;
  int bind_code;  /* the first failed binding; told by the next step */
  gboolean holds; /* keeps the snapshot open, below */
};

struct _SatchelDb {
  sqlite3 *handle;
  GHashTable *statements; /* SQL text to SatchelStatement */
  guint depth;
  gboolean doomed; /* an inner transaction was rolled back */

  /* See check_pages(). */
  sqlite3_stmt *holder;
  sqlite3_stmt *probe;
  guint held;
  int misses;
};

struct _SatchelTransaction {
  SatchelDb *db; /* borrowed */
  gboolean ended;
};

static void
statement_free (SatchelStatement *self)
{
  sqlite3_finalize (self->inner);
  g_free (self);
}

/* SQLite would make the file with mode 0644; what it makes beside it takes the mode from it. */
static gboolean
make_file (const char *path, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  int fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

  if (fd >= 0) {
    close (fd);
    return TRUE;
  }
  satchel_base_set_errno (&local_error, errno, "make the store");
  return satchel_vault_take_error (error, g_steal_pointer (&local_error));
}

/* One for keeping a snapshot, one for asking in the midst of it. */
static gboolean
prepare_guards (SatchelDb *self, GError **error)
{
  static const char sql[] = "SELECT 1 FROM sqlite_master";
  int code = sqlite3_prepare_v3 (self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &self->holder,
                                 NULL);

  if (code == SQLITE_OK)
    code = sqlite3_prepare_v3 (self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &self->probe,
                               NULL);
  return code == SQLITE_OK || satchel_db_set_error (self->handle, code, error);
}

SatchelDb *
satchel_db_open (const char *path, SatchelSecret *key_and_salt, gboolean create, GError **error)
{
  g_autoptr (SatchelDb) self = NULL;

  if (create && !make_file (path, error))
    return NULL;
  if (!create && !satchel_db_check_salt (path, key_and_salt, error))
    return NULL;
  sqlite3 *handle = satchel_db_connect (path, key_and_salt, FALSE, error);
  if (handle == NULL)
    return NULL;
  self = g_new0 (SatchelDb, 1);
  self->handle = handle;
  self->statements =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) statement_free);
  if (!satchel_db_configure (handle, error) || !prepare_guards (self, error))
    return NULL;
  if (create && (!satchel_db_execute (self, "PRAGMA user_version=0", error) ||
                 !satchel_db_checkpoint (self, error) ||
                 !satchel_db_check_salt (path, key_and_salt, error)))
    return NULL;
  return g_steal_pointer (&self);
}

void
satchel_db_close (SatchelDb *self)
{
  if (self == NULL)
    return;
  while (self->depth > 0)
    satchel_db_rollback (self);
  g_hash_table_unref (self->statements);
  sqlite3_finalize (self->holder);
  sqlite3_finalize (self->probe);
  /* Best effort: the last one to close removes the WAL anyway, and nothing is lost if it stays. */
  sqlite3_wal_checkpoint_v2 (self->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  sqlite3_close (self->handle);
  g_free (self);
}

sqlite3 *
satchel_db_get_handle (SatchelDb *self)
{
  return self->handle;
}

/* A full disk or a failed read can make SQLite end a transaction by itself; what followed would
 * then be kept piece by piece. */
static gboolean
check_still_open (SatchelDb *self, GError **error)
{
  if (self->depth == 0 || !sqlite3_get_autocommit (self->handle))
    return TRUE;
  return satchel_vault_set_error (error,
                                  SATCHEL_VAULT_ERROR_IO,
                                  "the transaction was rolled back by an earlier failure");
}

gboolean
satchel_db_begin (SatchelDb *self, GError **error)
{
  if (self->depth == 0) {
    if (!satchel_db_execute (self, "BEGIN IMMEDIATE", error))
      return FALSE;
    self->doomed = FALSE;
  } else if (!check_still_open (self, error)) {
    return FALSE;
  }
  self->depth++;
  return TRUE;
}

/* Open statements would keep a rollback from ending reads; the cache resets them all. */
static void
end_by_rollback (SatchelDb *self)
{
  GHashTableIter iter;
  gpointer statement;

  g_hash_table_iter_init (&iter, self->statements);
  while (g_hash_table_iter_next (&iter, NULL, &statement))
    satchel_statement_reset (statement);
  if (!sqlite3_get_autocommit (self->handle))
    sqlite3_exec (self->handle, "ROLLBACK", NULL, NULL, NULL);
  self->depth = 0;
  self->doomed = FALSE;
}

gboolean
satchel_db_commit (SatchelDb *self, GError **error)
{
  g_return_val_if_fail (self->depth > 0, FALSE);

  if (self->depth > 1) {
    self->depth--;
    return TRUE;
  }
  gboolean done = FALSE;
  if (self->doomed)
    satchel_vault_set_error (error, SATCHEL_VAULT_ERROR_IO,
                             "a part of the transaction was rolled back");
  else
    done = check_still_open (self, error) && satchel_db_execute (self, "COMMIT", error);
  if (done)
    self->depth = 0;
  else
    end_by_rollback (self);
  return done;
}

void
satchel_db_rollback (SatchelDb *self)
{
  g_return_if_fail (self->depth > 0);

  if (self->depth == 1) {
    end_by_rollback (self);
    return;
  }
  self->depth--;
  self->doomed = TRUE;
}

gboolean
satchel_db_in_transaction (SatchelDb *self)
{
  return self->depth > 0;
}

gboolean
satchel_db_execute (SatchelDb *self, const char *sql, GError **error)
{
  if (!check_still_open (self, error))
    return FALSE;
  int code = sqlite3_exec (self->handle, sql, NULL, NULL, NULL);
  return code == SQLITE_OK || satchel_db_set_error (self->handle, code, error);
}

gboolean
satchel_db_checkpoint (SatchelDb *self, GError **error)
{
  int frames_left = -1;
  int code = sqlite3_wal_checkpoint_v2 (self->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE,
                                        &frames_left, NULL);

  if (code == SQLITE_FULL)
    return satchel_vault_set_error (error, SATCHEL_VAULT_ERROR_NO_SPACE,
                                    "what was committed is, but there is no space left on the "
                                    "disk to overwrite what it replaced: free some and open the "
                                    "vault again");
  if (code != SQLITE_OK)
    return satchel_db_set_error (self->handle, code, error);
  return frames_left == 0 || satchel_vault_set_error (error, SATCHEL_VAULT_ERROR_BUSY,
                                                      "the write-ahead log could not be emptied");
}

void
satchel_db_interrupt (SatchelDb *self)
{
  sqlite3_interrupt (self->handle);
}

SatchelStatement *
satchel_db_prepare (SatchelDb *self, const char *sql, GError **error)
{
  SatchelStatement *statement = g_hash_table_lookup (self->statements, sql);

  if (statement != NULL) {
    satchel_statement_reset (statement);
    sqlite3_clear_bindings (statement->inner);
    statement->bind_code = SQLITE_OK;
    return statement;
  }
  sqlite3_stmt *inner = NULL;
  int code = sqlite3_prepare_v3 (self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &inner, NULL);
  if (code != SQLITE_OK) {
    satchel_db_set_error (self->handle, code, error);
    return NULL;
  }
  statement = g_new0 (SatchelStatement, 1);
  statement->db = self;
  statement->inner = inner;
  g_hash_table_insert (self->statements, (gpointer) sqlite3_sql (inner), statement);
  return statement;
}

static void
note_bind (SatchelStatement *self, int code)
{
  if (self->bind_code == SQLITE_OK)
    self->bind_code = code;
}

void
satchel_statement_bind_int (SatchelStatement *self, int index, gint64 value)
{
  note_bind (self, sqlite3_bind_int64 (self->inner, index, value));
}

void
satchel_statement_bind_real (SatchelStatement *self, int index, gdouble value)
{
  note_bind (self, sqlite3_bind_double (self->inner, index, value));
}

void
satchel_statement_bind_text (SatchelStatement *self, int index, const char *value)
{
  /* What reads text back promises UTF-8, so nothing else goes in. */
  if (value != NULL && !satchel_text_is_clean (value, -1))
    note_bind (self, SQLITE_MISMATCH);
  else
    note_bind (self, sqlite3_bind_text (self->inner, index, value, -1, SQLITE_TRANSIENT));
}

void
satchel_statement_bind_blob (SatchelStatement *self,
                             int index,
                             gconstpointer data,
                             gsize size_bytes)
{
  /* A NULL pointer would bind NULL, where an empty blob is meant. */
  note_bind (self, sqlite3_bind_blob64 (self->inner, index, data != NULL ? data : "", size_bytes,
                                        SQLITE_TRANSIENT));
}

void
satchel_statement_bind_null (SatchelStatement *self, int index)
{
  note_bind (self, sqlite3_bind_null (self->inner, index));
}

/* SQLCipher 4.5 gives out a page whose HMAC does not fit as zeros, and only the page after it
 * fails. Most zeros make no sense to SQLite, but the last page of a long value does: its end would
 * be read as zeros, silently (tried). So whenever pages were read from the file, one more is asked
 * for before anything is given out; after a failure that is refused. Outside a transaction the end
 * of a statement would clear the failure first; another one then holds the snapshot open. */
static gboolean
check_pages (SatchelDb *self, GError **error)
{
  int misses = 0;
  int highest = 0;

  sqlite3_db_status (self->handle, SQLITE_DBSTATUS_CACHE_MISS, &misses, &highest, 0);
  if (misses == self->misses)
    return TRUE;
  self->misses = misses;
  int code = sqlite3_step (self->probe);
  gboolean done = code == SQLITE_ROW || code == SQLITE_DONE ||
                  satchel_db_set_error (self->handle, code, error);
  sqlite3_reset (self->probe);
  return done;
}

static void
hold_snapshot (SatchelStatement *self)
{
  SatchelDb *db = self->db;

  if (self->holds || db->depth > 0 || !sqlite3_stmt_readonly (self->inner))
    return;
  if (db->held == 0)
    sqlite3_step (db->holder);
  db->held++;
  self->holds = TRUE;
}

gboolean
satchel_statement_step (SatchelStatement *self, gboolean *has_row, GError **error)
{
  if (self->bind_code != SQLITE_OK)
    return satchel_vault_set_error (
        error,
        self->bind_code == SQLITE_NOMEM ? SATCHEL_VAULT_ERROR_IO : SATCHEL_VAULT_ERROR_CONSTRAINT,
        "a value cannot be stored: %s",
        sqlite3_errstr (self->bind_code));
  if (!check_still_open (self->db, error))
    return FALSE;
  hold_snapshot (self);
  int code = sqlite3_step (self->inner);
  gboolean done = code == SQLITE_ROW || code == SQLITE_DONE
                      ? check_pages (self->db, error)
                      : satchel_db_set_error (self->db->handle, code, error);
  if (done)
    *has_row = code == SQLITE_ROW;
  if (!done || code == SQLITE_DONE)
    satchel_statement_reset (self);
  return done;
}

GPtrArray *
satchel_statement_list (SatchelStatement *self,
                        SatchelRowFunc read,
                        GDestroyNotify free,
                        GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (free);
  gboolean has_row = FALSE;

  while (satchel_statement_step (self, &has_row, error)) {
    if (!has_row)
      return g_steal_pointer (&list);
    gpointer item = read (self, error);
    if (item == NULL) {
      satchel_statement_reset (self);
      return NULL;
    }
    g_ptr_array_add (list, item);
  }
  return NULL;
}

GArray *
satchel_statement_list_ints (SatchelStatement *self, GError **error)
{
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (gint64));
  gboolean has_row = FALSE;

  while (satchel_statement_step (self, &has_row, error)) {
    if (!has_row)
      return g_steal_pointer (&list);
    gint64 value = satchel_statement_get_int (self, 0);
    g_array_append_val (list, value);
  }
  return NULL;
}

gboolean
satchel_statement_run (SatchelStatement *self, GError **error)
{
  gboolean has_row = TRUE;

  while (has_row)
    if (!satchel_statement_step (self, &has_row, error))
      return FALSE;
  return TRUE;
}

void
satchel_statement_reset (SatchelStatement *self)
{
  sqlite3_reset (self->inner);
  if (!self->holds)
    return;
  self->holds = FALSE;
  if (--self->db->held == 0)
    sqlite3_reset (self->db->holder);
}

gint64
satchel_statement_get_int (SatchelStatement *self, int column)
{
  return sqlite3_column_int64 (self->inner, column);
}

gdouble
satchel_statement_get_real (SatchelStatement *self, int column)
{
  return sqlite3_column_double (self->inner, column);
}

const char *
satchel_statement_get_text (SatchelStatement *self, int column)
{
  return (const char *) sqlite3_column_text (self->inner, column);
}

const guint8 *
satchel_statement_get_blob (SatchelStatement *self, int column, gsize *size_bytes)
{
  const guint8 *data = sqlite3_column_blob (self->inner, column);

  if (size_bytes != NULL)
    *size_bytes = (gsize) sqlite3_column_bytes (self->inner, column);
  return data;
}

gboolean
satchel_statement_is_null (SatchelStatement *self, int column)
{
  return sqlite3_column_type (self->inner, column) == SQLITE_NULL;
}

gint64
satchel_db_get_changes (SatchelDb *self)
{
  return sqlite3_changes64 (self->handle);
}

gint64
satchel_db_get_last_row_id (SatchelDb *self)
{
  return sqlite3_last_insert_rowid (self->handle);
}

SatchelTransaction *
satchel_transaction_begin (SatchelDb *db, GError **error)
{
  if (!satchel_db_begin (db, error))
    return NULL;
  SatchelTransaction *self = g_new0 (SatchelTransaction, 1);
  self->db = db;
  return self;
}

gboolean
satchel_transaction_commit (SatchelTransaction *self, GError **error)
{
  g_return_val_if_fail (!self->ended, FALSE);
  self->ended = TRUE;
  return satchel_db_commit (self->db, error);
}

void
satchel_transaction_free (SatchelTransaction *self)
{
  if (self == NULL)
    return;
  if (!self->ended)
    satchel_db_rollback (self->db);
  g_free (self);
}
