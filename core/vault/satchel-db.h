/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "secret/satchel-secret.h"

G_BEGIN_DECLS

/**
 * SATCHEL_VAULT_ERROR_NO_VAULT: no vault stands in that folder.
 * SATCHEL_VAULT_ERROR_WRONG_PASSPHRASE: passphrase, code or shares do not open it.
 * SATCHEL_VAULT_ERROR_BUSY: another process has it open.
 * SATCHEL_VAULT_ERROR_NEWER: written by a newer Satchel; nothing was changed.
 * SATCHEL_VAULT_ERROR_DAMAGED: the store, the key header or a blob is not what was written.
 * SATCHEL_VAULT_ERROR_NO_SPACE: disk full; nothing of the change was kept.
 * SATCHEL_VAULT_ERROR_IO: reading or writing failed.
 * SATCHEL_VAULT_ERROR_CONSTRAINT: a row would break a rule of the schema.
 * SATCHEL_VAULT_ERROR_CIPHER: the SQLCipher at hand is too old or refuses a setting.
 * SATCHEL_VAULT_ERROR_NOT_FOUND: no such row or blob.
 * SATCHEL_VAULT_ERROR_EXISTS: something stands there already.
 */
typedef enum {
  SATCHEL_VAULT_ERROR_NO_VAULT,
  SATCHEL_VAULT_ERROR_WRONG_PASSPHRASE,
  SATCHEL_VAULT_ERROR_BUSY,
  SATCHEL_VAULT_ERROR_NEWER,
  SATCHEL_VAULT_ERROR_DAMAGED,
  SATCHEL_VAULT_ERROR_NO_SPACE,
  SATCHEL_VAULT_ERROR_IO,
  SATCHEL_VAULT_ERROR_CONSTRAINT,
  SATCHEL_VAULT_ERROR_CIPHER,
  SATCHEL_VAULT_ERROR_NOT_FOUND,
  SATCHEL_VAULT_ERROR_EXISTS,
} SatchelVaultError;

#define SATCHEL_VAULT_ERROR (satchel_vault_error_quark ())
GQuark satchel_vault_error_quark (void);

/**
 * The one SQLCipher connection, and typed statements on it. Used from one thread at a time.
 * A statement is prepared once and cached by its SQL text (a string literal).
 */
typedef struct _SatchelDb SatchelDb;
typedef struct _SatchelStatement SatchelStatement;

/** Opens (or makes) @path with the 32-byte key and the 16-byte salt that make up @key_and_salt (48
 * bytes), sets every pragma of docs/FORMAT.md and reads each back. */
SatchelDb *
satchel_db_open (const char *path, SatchelSecret *key_and_salt, gboolean create, GError **error);

/** Closes with a WAL checkpoint (truncate). NULL-safe. */
void satchel_db_close (SatchelDb *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelDb, satchel_db_close)

/** Transactions nest by counting; the outermost commit is the one that counts, and any rollback
 * inside rolls all back (a later commit then fails). IMMEDIATE. */
gboolean satchel_db_begin (SatchelDb *self, GError **error);
gboolean satchel_db_commit (SatchelDb *self, GError **error);
void satchel_db_rollback (SatchelDb *self);
gboolean satchel_db_in_transaction (SatchelDb *self);

/** Runs several statements that give no rows (schema, pragmas of ours; never text from outside). */
gboolean satchel_db_execute (SatchelDb *self, const char *sql, GError **error);

/** wal_checkpoint(TRUNCATE), checked: what was erased leaves the WAL too. */
gboolean satchel_db_checkpoint (SatchelDb *self, GError **error);

/** Interrupts a running statement from another thread; it ends with G_IO_ERROR_CANCELLED. */
void satchel_db_interrupt (SatchelDb *self);

/** A prepared statement, reset and unbound; owned by @self, to be used to its end (or reset) before
 * the same SQL is asked for again. @sql must be a literal. Binding starts at 1. */
SatchelStatement *satchel_db_prepare (SatchelDb *self, const char *sql, GError **error);

void satchel_statement_bind_int (SatchelStatement *self, int index, gint64 value);
void satchel_statement_bind_real (SatchelStatement *self, int index, gdouble value);
void satchel_statement_bind_text (SatchelStatement *self,
                                  int index,
                                  const char *value); /* NULL binds NULL; copied */
void satchel_statement_bind_blob (SatchelStatement *self,
                                  int index,
                                  gconstpointer data,
                                  gsize size_bytes); /* copied */
void satchel_statement_bind_null (SatchelStatement *self, int index);

/** The next row: TRUE with *@has_row. At the end, or on an error, the statement is reset. */
gboolean satchel_statement_step (SatchelStatement *self, gboolean *has_row, GError **error);

/** What @read (which must not step) makes of each row to the end, in an array that frees with
 *  @free. NULL where a step or @read fails; the statement is reset then too. */
typedef gpointer (*SatchelRowFunc) (SatchelStatement *row, GError **error);
GPtrArray *satchel_statement_list (SatchelStatement *self,
                                   SatchelRowFunc read,
                                   GDestroyNotify free,
                                   GError **error);

/** The first column of each row to the end, as gint64. NULL where a step fails. */
GArray *satchel_statement_list_ints (SatchelStatement *self, GError **error);

/** For statements without rows: step to the end, then reset. */
gboolean satchel_statement_run (SatchelStatement *self, GError **error);
void satchel_statement_reset (SatchelStatement *self);

/** Columns start at 0; text and blob are borrowed until the next step. Text is valid UTF-8, NULL
 * for NULL. */
gint64 satchel_statement_get_int (SatchelStatement *self, int column);
gdouble satchel_statement_get_real (SatchelStatement *self, int column);
const char *satchel_statement_get_text (SatchelStatement *self, int column);
const guint8 *satchel_statement_get_blob (SatchelStatement *self, int column, gsize *size_bytes);
gboolean satchel_statement_is_null (SatchelStatement *self, int column);

/** How many rows the last statement changed; the last row id. */
gint64 satchel_db_get_changes (SatchelDb *self);
gint64 satchel_db_get_last_row_id (SatchelDb *self);

/** Closes automatically what was begun: `g_autoptr (SatchelTransaction) t =
 * satchel_transaction_begin (db, error)`; without a commit the end of scope rolls back. */
typedef struct _SatchelTransaction SatchelTransaction;
SatchelTransaction *satchel_transaction_begin (SatchelDb *db, GError **error);
gboolean satchel_transaction_commit (SatchelTransaction *self, GError **error);
void satchel_transaction_free (SatchelTransaction *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelTransaction, satchel_transaction_free)

G_END_DECLS
