/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-pages.h"

#include <openssl/evp.h>
#include <string.h>
#include <sys/stat.h>

#include "base/satchel-file.h"
#include "vault/satchel-vault-private.h"

#define PAGE_SIZE    4096
#define RESERVE_SIZE 80 /* 16 bytes of IV, 64 of HMAC-SHA-512 */
#define SALT_SIZE    16 /* in place of the first page's beginning */

/* A page as SQLCipher 4 keeps it. */
static void
decrypt_page (const guint8 *page, gsize skip, SatchelSecret *key, guint8 out[PAGE_SIZE])
{
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new ();
  int size = 0;

  EVP_DecryptInit_ex (context, EVP_aes_256_cbc (), NULL, satchel_secret_get_data (key),
                      page + PAGE_SIZE - RESERVE_SIZE);
  EVP_CIPHER_CTX_set_padding (context, 0);
  g_assert_cmpint (EVP_DecryptUpdate (context, out, &size, page + skip,
                                      (int) (PAGE_SIZE - RESERVE_SIZE - skip)),
                   ==, 1);
  EVP_CIPHER_CTX_free (context);
}

guint
test_pages_count (const char *path, SatchelSecret *key, const char *word)
{
  g_autoptr (GBytes) file = satchel_file_load (path, 64 * 1024 * 1024, NULL);
  guint found = 0;

  g_assert_nonnull (file);
  for (gsize at = 0; at + PAGE_SIZE <= g_bytes_get_size (file); at += PAGE_SIZE) {
    guint8 plain[PAGE_SIZE] = {0};
    const guint8 *page = (const guint8 *) g_bytes_get_data (file, NULL) + at;
    decrypt_page (page, at == 0 ? SALT_SIZE : 0, key, plain);
    if (memmem (plain, sizeof plain, word, strlen (word)) != NULL)
      found++;
  }
  return found;
}

static char *
store_path (SatchelVault *vault, const char *name)
{
  return g_build_filename (satchel_vault_get_folder (vault), name, NULL);
}

guint
test_vault_pages_count (SatchelVault *vault, const char *word)
{
  g_autofree char *path = store_path (vault, "store.db");
  g_autoptr (SatchelSecret) key = satchel_vault_derive_store_key (vault->master, NULL);

  return test_pages_count (path, key, word);
}

void
test_vault_assert_log_is_empty (SatchelVault *vault)
{
  g_autofree char *path = store_path (vault, "store.db-wal");
  struct stat status;

  if (stat (path, &status) == 0)
    g_assert_cmpint (status.st_size, ==, 0);
}
