/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/satchel-readable.h"

#include <string.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-text.h"
#include "vault/satchel-vault-private.h"

#define NAME      "press-card"
#define ID_LENGTH 32
#define HEAD_SIZE (ID_LENGTH + 1)

gboolean
satchel_readable_store (const char *folder,
                        const char *record_id,
                        GBytes *content,
                        GError **error)
{
  g_autofree char *path = satchel_vault_path (folder, NAME);
  g_autoptr (GByteArray) whole = g_byte_array_new ();
  g_autoptr (GError) local_error = NULL;
  gsize size;
  const guint8 *bytes = g_bytes_get_data (content, &size);

  g_return_val_if_fail (satchel_is_id (record_id), FALSE);
  if (size > SATCHEL_READABLE_MAX - HEAD_SIZE)
    return satchel_vault_set_error (error, SATCHEL_VAULT_ERROR_IO,
                                    "the press card is too large to be left readable");
  g_byte_array_append (whole, (const guint8 *) record_id, ID_LENGTH);
  g_byte_array_append (whole, (const guint8 *) "\n", 1);
  g_byte_array_append (whole, bytes, size);
  return satchel_file_store (path, whole->data, whole->len, &local_error) ||
         satchel_vault_take_error (error, g_steal_pointer (&local_error));
}

gboolean
satchel_readable_load (const char *folder, char **record_id, GBytes **content, GError **error)
{
  g_autofree char *path = satchel_vault_path (folder, NAME);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GBytes) whole = satchel_file_load (path, SATCHEL_READABLE_MAX, &local_error);

  *content = NULL;
  if (g_error_matches (local_error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_NOT_FOUND))
    return TRUE;
  if (whole == NULL)
    return satchel_vault_take_error (error, g_steal_pointer (&local_error));
  gsize size = g_bytes_get_size (whole);
  const char *bytes = g_bytes_get_data (whole, NULL);
  g_autofree char *id = size >= HEAD_SIZE ? g_strndup (bytes, ID_LENGTH) : NULL;
  if (id == NULL || !satchel_is_id (id) || bytes[ID_LENGTH] != '\n')
    return satchel_vault_set_error (error, SATCHEL_VAULT_ERROR_DAMAGED,
                                    "the readable press card is damaged");
  *content = g_bytes_new_from_bytes (whole, HEAD_SIZE, size - HEAD_SIZE);
  if (record_id != NULL)
    *record_id = g_steal_pointer (&id);
  return TRUE;
}

gboolean
satchel_readable_is_there (const char *folder)
{
  g_autofree char *path = satchel_vault_path (folder, NAME);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

gboolean
satchel_readable_remove (const char *folder, const char *record_id, GError **error)
{
  g_autofree char *path = satchel_vault_path (folder, NAME);
  g_autofree char *id = NULL;
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GError) local_error = NULL;

  if (!satchel_readable_is_there (folder))
    return TRUE;
  /* One that cannot be read may be of this one; a card can be left again. */
  if (record_id != NULL && satchel_readable_load (folder, &id, &content, NULL) &&
      g_strcmp0 (id, record_id) != 0)
    return TRUE;
  return satchel_file_remove (path, &local_error) ||
         satchel_vault_take_error (error, g_steal_pointer (&local_error));
}

gboolean
satchel_readable_sweep (SatchelVault *vault, GError **error)
{
  const char *folder = satchel_vault_get_folder (vault);
  g_autofree char *id = NULL;
  g_autoptr (GBytes) content = NULL;
  gboolean is_known = FALSE;

  if (!satchel_readable_load (folder, &id, &content, error))
    return FALSE;
  if (content == NULL)
    return TRUE;
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault), "SELECT 1 FROM record WHERE id = ?", error);
  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, id);
  gboolean is_asked = satchel_statement_step (statement, &is_known, error);
  satchel_statement_reset (statement);
  return is_asked && (is_known || satchel_readable_remove (folder, id, error));
}
