/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"
#include "secret/satchel-key-header.h"
#include "test-support.h"

/* The fields up to the hash over all, which is put right so that changes get past it. */
#define HASH_SIZE 32

static char *folder;

static void
remove_folder (void)
{
  test_scratch_free (folder);
}

static void
store (const char *name, const guint8 *data, gsize size)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents_full (path, (const char *) data, size,
                                           G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static void
check (void)
{
  static const guint8 code_bytes[32] = "a code that opens nothing at all";
  g_autoptr (GError) error = NULL;
  gboolean repair = FALSE;
  g_autoptr (SatchelKeyHeader) header = satchel_key_header_load (folder, &repair, &error);

  g_assert_true ((header == NULL) == (error != NULL));
  if (header == NULL)
    return;
  SatchelKdfCost cost = satchel_key_header_get_cost (header);
  g_assert_true (satchel_kdf_cost_check (&cost, NULL));
  g_autoptr (SatchelSecret) recovery = satchel_secret_new_copy (code_bytes, 16, NULL);
  g_autoptr (SatchelSecret) newsroom = satchel_secret_new_copy (code_bytes, 32, NULL);
  g_assert_null (
      satchel_key_header_unlock_code (header, SATCHEL_SLOT_RECOVERY, recovery, NULL));
  g_assert_null (
      satchel_key_header_unlock_code (header, SATCHEL_SLOT_NEWSROOM, newsroom, NULL));
  g_assert_false (satchel_key_header_verify (header, newsroom, NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree guint8 *right = g_memdup2 (data, size);

  fuzz_init ();
  if (folder == NULL) {
    folder = test_scratch_new ();
    atexit (remove_folder);
  }
  store ("keys", data, size);
  store ("keys.bak", data, size / 2);
  check ();
  if (size <= HASH_SIZE)
    return 0;
  crypto_generichash (right + size - HASH_SIZE, HASH_SIZE, right, size - HASH_SIZE, NULL, 0);
  store ("keys.bak", right, size);
  check ();
  return 0;
}
