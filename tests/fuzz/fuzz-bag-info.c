/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"
#include "seal/satchel-bag-private.h"

/* What is accepted has one spelling, and names the sender that a first look finds. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (SatchelBagInfo) info = satchel_bag_info_alloc ();
  g_autoptr (GBytes) text = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  SatchelMinisignKey key;
  gboolean has_sender = satchel_bag_text_peek_sender (text, &key, NULL);

  if (!satchel_bag_text_read (text, info, &error)) {
    g_autoptr (SatchelBagFinding) finding = satchel_bag_finding_from_error (error);
    g_assert_true (g_str_equal (finding->rule, "bag-info") ||
                   g_str_equal (finding->rule, "format"));
    return 0;
  }
  g_autoptr (GBytes) again = satchel_bag_text_write (info);
  g_assert_true (g_bytes_equal (text, again));
  g_assert_true (has_sender && satchel_minisign_key_equal (&key, &info->sender_minisign));
  g_assert_cmpuint (info->recipients->len, >=, 1);
  g_assert_cmpuint (info->recipients->len, <=, SATCHEL_AGE_STANZAS_MAX);
  return 0;
}
