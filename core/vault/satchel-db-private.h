/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "vault/satchel-db.h"

typedef struct sqlite3 sqlite3;

/** Opens and keys a bare connection to @path (which must exist) and demands a SQLCipher new enough.
 * Sets no other pragma and reads nothing. @frozen: for reading alone, with no lock and without the
 * write-ahead log, beside the vault's own connection, which locks out every other; nothing may be
 * written meanwhile. NULL with @error. */
sqlite3 *satchel_db_connect (const char *path,
                             SatchelSecret *key_and_salt,
                             gboolean frozen,
                             GError **error);

/** The vault's own connection, borrowed, for what is no statement. */
sqlite3 *satchel_db_get_handle (SatchelDb *self);

/** Whether the first 16 bytes of the file, which no page HMAC covers, are the salt of
 * @key_and_salt. SATCHEL_VAULT_ERROR_DAMAGED, _IO. */
gboolean satchel_db_check_salt (const char *path, SatchelSecret *key_and_salt, GError **error);

/** Every pragma of docs/FORMAT.md, each read back, on a connection that has read nothing so far.
 * SATCHEL_VAULT_ERROR_DAMAGED where the key does not fit. */
gboolean satchel_db_configure (sqlite3 *handle, GError **error);

/** Sets @error from what just failed on @handle and returns FALSE. */
gboolean satchel_db_set_error (sqlite3 *handle, int code, GError **error);

/** The first column of the first row of @sql, NULL where there is none (with or without an error).
 */
char *satchel_db_query_text (sqlite3 *handle, const char *sql, GError **error);
