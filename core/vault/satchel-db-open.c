/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/satchel-db-private.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/satchel-file.h"
#include "vault/satchel-vault-private.h"

#define KEY_SIZE  32
#define SALT_SIZE 16
/* x'<64 hex digits><32 hex digits>' */
#define KEY_TEXT_SIZE 99

#define CIPHER_FLOOR "4.5.5"

/* Each is set, then read back: a build that ignores one of them must not hold a report. */
typedef struct {
  const char *set;
  const char *get;
  const char *expected; /* NULL: the pragma may answer with no row at all */
} Pragma;

/* To be set before the first page is read: only then is the index of the write-ahead log kept in
 * memory. As a file it would have to grow at every open, and on a full disk nothing could be read.
 * One process has the vault anyway. */
static const Pragma locking = {"PRAGMA locking_mode=EXCLUSIVE", "PRAGMA locking_mode",
                               "exclusive"};

static const Pragma pragmas[] = {
    {"PRAGMA journal_mode=WAL", "PRAGMA journal_mode", "wal"},
    {"PRAGMA synchronous=FULL", "PRAGMA synchronous", "2"},
    {"PRAGMA secure_delete=ON", "PRAGMA secure_delete", "1"},
    {"PRAGMA temp_store=MEMORY", "PRAGMA temp_store", "2"},
    {"PRAGMA mmap_size=0", "PRAGMA mmap_size", NULL},
    {"PRAGMA foreign_keys=ON", "PRAGMA foreign_keys", "1"},
    {"PRAGMA trusted_schema=OFF", "PRAGMA trusted_schema", "0"},
    {"PRAGMA cell_size_check=ON", "PRAGMA cell_size_check", "1"},
    {"PRAGMA cipher_memory_security=OFF", "PRAGMA cipher_memory_security", "0"},
    /* 64 MiB of pages: the search index of 100,000 records fits. */
    {"PRAGMA cache_size=-65536", "PRAGMA cache_size", "-65536"},
};

static SatchelVaultError
code_of_errno (int errno_value)
{
  return errno_value == ENOSPC || errno_value == EDQUOT || errno_value == EFBIG
             ? SATCHEL_VAULT_ERROR_NO_SPACE
             : SATCHEL_VAULT_ERROR_IO;
}

/* A page whose HMAC does not fit ends as SQLITE_ERROR with no words of its own; every mistake in
 * SQL has some. */
static gboolean
is_page_failure (sqlite3 *handle, int code)
{
  return code == SQLITE_ERROR && handle != NULL &&
         strcmp (sqlite3_errmsg (handle), sqlite3_errstr (SQLITE_ERROR)) == 0;
}

static SatchelVaultError
code_of (sqlite3 *handle, int code)
{
  if (is_page_failure (handle, code))
    return SATCHEL_VAULT_ERROR_DAMAGED;
  switch (code & 0xff) {
    case SQLITE_FULL:
      return SATCHEL_VAULT_ERROR_NO_SPACE;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
      return SATCHEL_VAULT_ERROR_DAMAGED;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return SATCHEL_VAULT_ERROR_BUSY;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
      return SATCHEL_VAULT_ERROR_CONSTRAINT;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return code_of_errno (handle != NULL ? sqlite3_system_errno (handle) : 0);
    default:
      return SATCHEL_VAULT_ERROR_IO;
  }
}

gboolean
satchel_db_set_error (sqlite3 *handle, int code, GError **error)
{
  if ((code & 0xff) == SQLITE_INTERRUPT) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "interrupted");
    return FALSE;
  }
  const char *message = handle != NULL ? sqlite3_errmsg (handle) : sqlite3_errstr (code);
  if (is_page_failure (handle, code))
    message = "a page is not what was written";
  if (code_of (handle, code) == SATCHEL_VAULT_ERROR_NO_SPACE)
    message = "there is no space left on the disk; nothing was changed, free some and try again";
  return satchel_vault_set_error (error, code_of (handle, code), "store: %s (%d)", message, code);
}

char *
satchel_db_query_text (sqlite3 *handle, const char *sql, GError **error)
{
  sqlite3_stmt *statement = NULL;
  char *text = NULL;
  int code = sqlite3_prepare_v2 (handle, sql, -1, &statement, NULL);

  if (code == SQLITE_OK)
    code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    text = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  else if (code != SQLITE_DONE)
    satchel_db_set_error (handle, code, error);
  sqlite3_finalize (statement);
  return text;
}

static gboolean
set_pragma (sqlite3 *handle, const Pragma *pragma, GError **error)
{
  int code = sqlite3_exec (handle, pragma->set, NULL, NULL, NULL);
  g_autoptr (GError) local_error = NULL;

  if (code != SQLITE_OK)
    return satchel_db_set_error (handle, code, error);
  g_autofree char *answer = satchel_db_query_text (handle, pragma->get, &local_error);
  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  gboolean right = pragma->expected != NULL ? g_strcmp0 (answer, pragma->expected) == 0
                                            : answer == NULL || strcmp (answer, "0") == 0;
  return right || satchel_vault_set_error (error,
                                           SATCHEL_VAULT_ERROR_CIPHER,
                                           "the store answers \"%s\" after %s",
                                           answer != NULL ? answer : "",
                                           pragma->set);
}

/* What the library itself must refuse, whatever statement is run. */
static gboolean
set_limits (sqlite3 *handle, GError **error)
{
  static const struct {
    int option;
    int value;
  } options[] = {
      {SQLITE_DBCONFIG_DEFENSIVE, 1},
      {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
      {SQLITE_DBCONFIG_DQS_DML, 0},
      {SQLITE_DBCONFIG_DQS_DDL, 0},
  };

  for (guint i = 0; i < G_N_ELEMENTS (options); i++) {
    int answer = -1;
    int code = sqlite3_db_config (handle, options[i].option, options[i].value, &answer);
    if (code != SQLITE_OK || answer != options[i].value)
      return satchel_vault_set_error (error, SATCHEL_VAULT_ERROR_CIPHER,
                                      "the store refuses option %d", options[i].option);
  }
  sqlite3_busy_timeout (handle, 5000);
  return TRUE;
}

/* A key that does not fit shows at the first page that is read. */
static gboolean
read_schema (sqlite3 *handle, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autofree char *count =
      satchel_db_query_text (handle, "SELECT count(*) FROM sqlite_master", &local_error);

  if (local_error == NULL)
    return TRUE;
  if (!g_error_matches (local_error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_DAMAGED)) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  return satchel_vault_set_error (error,
                                  SATCHEL_VAULT_ERROR_DAMAGED,
                                  "the store does not open with this vault's key: it is damaged, "
                                  "or another vault's");
}

gboolean
satchel_db_configure (sqlite3 *handle, GError **error)
{
  if (!set_limits (handle, error) || !set_pragma (handle, &locking, error) ||
      !read_schema (handle, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (pragmas); i++)
    if (!set_pragma (handle, &pragmas[i], error))
      return FALSE;
  return TRUE;
}

/* Numbers of "4.5.5 community", compared part by part. */
static gboolean
version_is_enough (const char *version, const char *floor)
{
  guint have[3] = {0};
  guint need[3] = {0};

  if (version == NULL || sscanf (version, "%u.%u.%u", &have[0], &have[1], &have[2]) != 3)
    return FALSE;
  sscanf (floor, "%u.%u.%u", &need[0], &need[1], &need[2]);
  for (guint i = 0; i < 3; i++)
    if (have[i] != need[i])
      return have[i] > need[i];
  return TRUE;
}

static gboolean
check_version (sqlite3 *handle, GError **error)
{
  g_autofree char *version = satchel_db_query_text (handle, "PRAGMA cipher_version", NULL);

  return version_is_enough (version, CIPHER_FLOOR) ||
         satchel_vault_set_error (error,
                                  SATCHEL_VAULT_ERROR_CIPHER,
                                  "SQLCipher %s or newer is needed, this is %s",
                                  CIPHER_FLOOR,
                                  version != NULL ? version : "none at all");
}

/* The key goes in as "PRAGMA key" would take it, but by the C interface: no SQL text with the key
 * is left in the heap. A raw key of any other length would be stretched as a passphrase. */
static gboolean
set_key (sqlite3 *handle, SatchelSecret *key_and_salt, GError **error)
{
  g_autoptr (SatchelSecret) text = satchel_secret_new (KEY_TEXT_SIZE + 1, error);

  if (text == NULL)
    return FALSE;
  char *at = (char *) satchel_secret_get_writable (text);
  memcpy (at, "x'", 2);
  sodium_bin2hex (at + 2, KEY_TEXT_SIZE - 2, satchel_secret_get_data (key_and_salt),
                  KEY_SIZE + SALT_SIZE);
  at[KEY_TEXT_SIZE - 1] = '\'';
  g_assert (strlen (at) == KEY_TEXT_SIZE);
  int code = sqlite3_key (handle, at, KEY_TEXT_SIZE);
  return code == SQLITE_OK || satchel_db_set_error (handle, code, error);
}

/* With NOFOLLOW, SQLite refuses a link anywhere in the path; only the last part must be none. */
static char *
resolve_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *real_folder = realpath (folder, NULL);

  return g_build_filename (real_folder != NULL ? real_folder : folder, name, NULL);
}

sqlite3 *
satchel_db_connect (const char *path, SatchelSecret *key_and_salt, gboolean frozen, GError **error)
{
  sqlite3 *handle = NULL;
  int flags = SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE |
              SQLITE_OPEN_PRIVATECACHE;

  g_return_val_if_fail (satchel_secret_get_size (key_and_salt) == KEY_SIZE + SALT_SIZE, NULL);
  g_autofree char *real_path = resolve_folder (path);
  g_autofree char *escaped = g_uri_escape_string (real_path, "/", FALSE);
  g_autofree char *uri = g_strdup_printf ("file:%s?immutable=1", escaped);
  int code = frozen ? sqlite3_open_v2 (uri, &handle,
                                       flags | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL)
                    : sqlite3_open_v2 (real_path, &handle, flags | SQLITE_OPEN_READWRITE, NULL);
  if (code == SQLITE_OK && set_key (handle, key_and_salt, error)) {
    if (check_version (handle, error))
      return handle;
  } else if (code != SQLITE_OK) {
    satchel_db_set_error (handle, code, error);
  }
  sqlite3_close (handle);
  return NULL;
}

gboolean
satchel_db_check_salt (const char *path, SatchelSecret *key_and_salt, GError **error)
{
  guint8 head[SALT_SIZE];
  gsize got = 0;
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GInputStream) stream = satchel_file_read (path, NULL, &local_error);

  if (stream == NULL ||
      !g_input_stream_read_all (stream, head, sizeof head, &got, NULL, &local_error))
    return satchel_vault_take_error (error, g_steal_pointer (&local_error));
  if (got == sizeof head &&
      memcmp (head, satchel_secret_get_data (key_and_salt) + KEY_SIZE, SALT_SIZE) == 0)
    return TRUE;
  return satchel_vault_set_error (error,
                                  SATCHEL_VAULT_ERROR_DAMAGED,
                                  "the store does not begin with this vault's salt: its first "
                                  "bytes were changed, or it is another vault's");
}
