/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/satchel-hash.h"
#include "base/satchel-json.h"
#include "base/satchel-text.h"
#include "fuzz.h"
#include "records/satchel-record-json.h"

/* What is taken keeps its promises: lines are the bytes that were hashed. */
static void
try_document (const char *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) raw = g_bytes_new (data, size);
  g_autoptr (SatchelRecordDocument) document = satchel_record_document_parse (raw, &error);

  g_assert_true ((document == NULL) == (error != NULL));
  if (document == NULL)
    return;
  g_assert_true (document->revisions->len > 0 && satchel_is_id (document->id));
  g_assert_true (g_bytes_equal (document->raw, raw));
  for (guint i = 0; i < document->revisions->len; i++) {
    const SatchelRevision *revision = g_ptr_array_index (document->revisions, i);
    guint8 hash[32];
    satchel_sha256 ((const guint8 *) revision->line, strlen (revision->line), hash);
    g_assert_cmpmem (hash, 32, revision->hash, 32);
    g_assert_cmpuint (revision->number, ==, i + 1);
    g_assert_cmpstr (revision->record, ==, document->id);
  }
  for (guint i = 0; i < document->evidence->len; i++) {
    const SatchelEvidence *item = g_ptr_array_index (document->evidence, i);
    g_assert_cmpstr (item->record_id, ==, document->id);
    g_assert_null (item->blob_id);
  }
}

/* One line spelled as lines are, and hashed onto @before (nullable). */
static char *
respell (const char *text, const char *before)
{
  g_autoptr (JsonNode) node = satchel_json_parse (text, strlen (text), 1 << 20, NULL);

  if (node == NULL)
    return g_strdup (text);
  if (before != NULL && JSON_NODE_HOLDS_OBJECT (node) &&
      json_object_has_member (json_node_get_object (node), "previous")) {
    guint8 hash[32];
    satchel_sha256 ((const guint8 *) before, strlen (before), hash);
    g_autofree char *hex = satchel_hex_encode (hash, sizeof hash);
    json_object_set_string_member (json_node_get_object (node), "previous", hex);
  }
  return satchel_json_to_line (node, NULL);
}

static void
respell_lines (JsonObject *object, const char *member, gboolean chains)
{
  JsonArray *lines = NULL;
  JsonArray *out = json_array_new ();
  g_autofree char *before = NULL;

  if (!satchel_json_get_array (object, member, 64, &lines, NULL)) {
    json_array_unref (out);
    return;
  }
  for (guint i = 0; i < json_array_get_length (lines); i++) {
    JsonNode *node = json_array_get_element (lines, i);
    if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING) {
      json_array_add_element (out, json_node_copy (node));
      continue;
    }
    g_autofree char *line = respell (json_node_get_string (node), chains ? before : NULL);
    json_array_add_string_element (out, line);
    g_free (before);
    before = g_steal_pointer (&line);
  }
  json_object_set_array_member (object, member, out);
}

/* The document with its revisions hashed onto each other anew, so that changes get past the chain.
 */
static char *
rechain (const guint8 *data, gsize size, gsize *out_size)
{
  g_autoptr (JsonNode) node = satchel_json_parse ((const char *) data, size, 1 << 20, NULL);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  respell_lines (json_node_get_object (node), "revisions", TRUE);
  respell_lines (json_node_get_object (node), "evidence", FALSE);
  return satchel_json_to_line (node, out_size);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  gsize again_size = 0;
  g_autofree char *again = rechain (data, size, &again_size);

  fuzz_init ();
  try_document ((const char *) data, size);
  if (again != NULL)
    try_document (again, again_size);
  return 0;
}
