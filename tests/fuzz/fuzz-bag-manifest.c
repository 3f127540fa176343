/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"
#include "seal/satchel-bag-private.h"
#include "seal/satchel-ustar-private.h"

/* What is accepted has one spelling, no name twice in any case, and only names that a tar of ours
 * can carry. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) text = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) entries = satchel_bag_manifest_read (text, &error);

  if (entries == NULL) {
    g_autoptr (SatchelBagFinding) finding = satchel_bag_finding_from_error (error);
    g_assert_nonnull (finding);
    return 0;
  }
  g_autoptr (GBytes) again = satchel_bag_manifest_write (entries);
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_assert_true (g_bytes_equal (text, again));
  for (guint i = 0; i < entries->len; i++) {
    const char *name = g_array_index (entries, SatchelBagEntry, i).name;
    g_autofree char *path = g_strconcat (SATCHEL_BAG_DATA_PREFIX, name, NULL);
    g_assert_true (satchel_ustar_name_is_valid (path));
    g_assert_true (g_hash_table_add (names, g_ascii_strdown (name, -1)));
  }
  return 0;
}
