/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/satchel-json.h"
#include "fuzz-papers.h"
#include "papers/satchel-card.h"
#include "sync/satchel-index.h"

/* What is taken is written as an index that is taken and written the same. */
static void
try_index (GBytes *raw)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelIndex) index = satchel_index_parse (raw, &error);

  g_assert_true ((index == NULL) == (error != NULL));
  if (index == NULL)
    return;
  g_autoptr (GBytes) first = satchel_index_to_json (index);
  g_autoptr (SatchelIndex) again = satchel_index_parse (first, &error);
  g_assert_no_error (error);
  g_autoptr (GBytes) second = satchel_index_to_json (again);
  g_assert_true (g_bytes_equal (first, second));
}

/* With the card signed anew, so that changes get past its signature. */
static GBytes *
resign_card (const guint8 *data, gsize size)
{
  SatchelMinisignKey key;
  const char *card = NULL;
  gsize out_size = 0;
  g_autoptr (JsonNode) node = satchel_json_parse ((const char *) data, size, 1 << 20, NULL);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node) ||
      !satchel_json_get_string (json_node_get_object (node), "card", SATCHEL_CARD_SIZE_MAX, &card,
                                NULL))
    return NULL;
  g_autoptr (SatchelSecret) pair = fuzz_pair (&key);
  g_autofree char *again = fuzz_resign ((const guint8 *) card, strlen (card), pair);
  if (again == NULL)
    return NULL;
  json_object_set_string_member (json_node_get_object (node), "card", again);
  char *text = satchel_json_to_line (node, &out_size);
  return g_bytes_new_take (text, out_size);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  fuzz_init ();
  g_autoptr (GBytes) raw = g_bytes_new (data, size);
  g_autoptr (GBytes) again = resign_card (data, size);
  try_index (raw);
  if (again != NULL)
    try_index (again);
  return 0;
}
