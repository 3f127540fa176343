/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-hash.h"
#include "base/satchel-text.h"
#include "base/satchel-time.h"
#include "sync/satchel-inbox-private.h"
#include "sync/satchel-outbox-private.h"

gboolean
satchel_inbox_is_lone (const GError *error)
{
  if (error->domain == SATCHEL_SYNC_ERROR)
    return error->code >= SATCHEL_SYNC_ERROR_NOT_FOUND ||
           error->code == SATCHEL_SYNC_ERROR_PROTOCOL;
  if (error->domain == SATCHEL_VAULT_ERROR)
    return error->code == SATCHEL_VAULT_ERROR_CONSTRAINT ||
           error->code == SATCHEL_VAULT_ERROR_NOT_FOUND ||
           error->code == SATCHEL_VAULT_ERROR_EXISTS;
  return !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
         !g_error_matches (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_NO_SPACE);
}

void
satchel_inbox_note (GPtrArray *entries, const char *name, const GError *error)
{
  SatchelInboxEntry *entry = g_new0 (SatchelInboxEntry, 1);

  entry->id = satchel_random_id ();
  entry->is_unreadable = TRUE;
  entry->outcome = SATCHEL_INBOX_ASIDE;
  entry->reason = SATCHEL_ASIDE_DAMAGED;
  entry->name = g_strdup (name);
  entry->finding = g_strdup_printf (
      "It could not be opened now, and is tried again the next time: %s", error->message);
  entry->received_unix_us = satchel_now_us ();
  entry->records = g_new0 (char *, 1);
  g_ptr_array_add (entries, entry);
}

/* Whether no row names @file, and some bundle here has its size: only then is it worth hashing. */
static gboolean
may_be_left (SatchelVault *vault, const char *file, guint64 size_bytes)
{
  SatchelStatement *statement =
      satchel_db_prepare (satchel_vault_get_db (vault),
                          "SELECT NOT EXISTS (SELECT 1 FROM inbox WHERE file = ?1)"
                          " AND EXISTS (SELECT 1 FROM inbox WHERE size_bytes = ?2)",
                          NULL);
  gboolean has_row = FALSE, may_be;

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, file);
  satchel_statement_bind_int (statement, 2, (gint64) size_bytes);
  may_be = satchel_statement_step (statement, &has_row, NULL) && has_row &&
           satchel_statement_get_int (statement, 0) != 0;
  satchel_statement_reset (statement);
  return may_be;
}

static gboolean
is_left (SatchelVault *vault, const char *file, const char *path)
{
  guint64 size = 0;
  g_autoptr (GInputStream) stream = satchel_file_read (path, &size, NULL);
  g_autoptr (SatchelInboxEntry) known = NULL;
  guint8 sha256[32];

  return stream != NULL && may_be_left (vault, file, size) &&
         satchel_sha256_stream (stream, sha256, NULL, NULL, NULL) &&
         satchel_inbox_find_by_hash (vault, sha256, &known, NULL) && known != NULL &&
         (known->path == NULL || g_file_test (known->path, G_FILE_TEST_IS_REGULAR));
}

void
satchel_inbox_sweep (SatchelVault *vault)
{
  g_autofree char *folder = satchel_sync_path (vault, "inbox", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) left = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    if (g_str_has_prefix (name, ".new-") || is_left (vault, name, path))
      g_ptr_array_add (left, g_steal_pointer (&path));
  }
  for (guint i = 0; i < left->len; i++)
    satchel_file_remove (g_ptr_array_index (left, i), NULL);
}
