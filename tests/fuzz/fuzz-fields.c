/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fuzz.h"
#include "records/satchel-fields-view.h"

/* The first byte says which door is tried, the second which kind. */

static void
look (const SatchelKind *kind, JsonObject *values)
{
  SatchelWhen when;
  g_autofree char *summary = satchel_fields_dup_summary (kind, values, "ru");
  g_autofree char *text = satchel_fields_dup_search_text (kind, values);
  g_autoptr (GPtrArray) rows = satchel_fields_list_rows (kind, values, NULL);
  g_autoptr (GPtrArray) deadlines = satchel_fields_list_deadlines (kind, values, NULL);
  g_autoptr (GPtrArray) links = satchel_fields_list_links (kind, values);

  g_assert_true (summary != NULL && *summary != '\0');
  g_assert_true (g_utf8_validate (text, -1, NULL));
  /* Each deadline and each link is a row, too. */
  g_assert_cmpuint (deadlines->len + links->len, <=, rows->len);
  satchel_fields_get_place (kind, values);
  satchel_fields_get_when (kind, values, &when);
}

/* What was accepted is stored as a line that is read back as the same line. */
static void
try_line (const SatchelKind *kind, const char *line, gsize size)
{
  gsize first_size = 0;
  gsize second_size = 0;
  g_autoptr (JsonObject) values = satchel_fields_parse (kind, line, size, NULL);

  if (values == NULL)
    return;
  g_autofree char *first = satchel_fields_to_line (kind, values, &first_size);
  g_autoptr (JsonObject) again = satchel_fields_parse (kind, first, first_size, NULL);
  g_assert_nonnull (again);
  g_autofree char *second = satchel_fields_to_line (kind, again, &second_size);
  g_assert_cmpmem (first, first_size, second, second_size);
}

/* Lists and searches look at values of newer versions, too. */
static void
try_values (const SatchelKind *kind, const char *line, gsize size)
{
  g_autoptr (JsonNode) node = satchel_json_parse (line, size, SATCHEL_FIELDS_SIZE_MAX, NULL);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return;
  JsonObject *values = json_node_get_object (node);
  g_autoptr (GPtrArray) problems =
      satchel_fields_list_problems (kind, values, SATCHEL_FIELDS_COMPLETE);
  g_assert_cmpuint (problems->len, <=, 100);
  look (kind, values);
  satchel_fields_check_appended (kind, values, values, NULL);
}

/* One assignment a line; a refused one changes nothing. */
static void
try_assignments (const SatchelKind *kind, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", 64);
  g_autoptr (JsonObject) values = json_object_new ();
  gsize size = 0;

  for (guint i = 0; lines[i] != NULL; i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *before = satchel_fields_to_line (kind, values, NULL);
    if (satchel_fields_assign (kind, values, lines[i], 180, &error))
      continue;
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
    g_autofree char *after = satchel_fields_to_line (kind, values, NULL);
    g_assert_cmpstr (before, ==, after);
  }
  look (kind, values);
  g_autofree char *line = satchel_fields_to_line (kind, values, &size);
  try_line (kind, line, size);
}

static void
try_kind (const char *text, gsize size)
{
  static const char common[] = "[Field:title]\nType=text\nLabel=T\n"
                               "[Field:people.name]\nType=text\nLabel=N\n"
                               "[Field:items.what]\nType=text\nLabel=W\n"
                               "[Choice:tri.yes]\nLabel=Yes\n";
  g_autoptr (GBytes) bytes = g_bytes_new_static (common, strlen (common));
  g_autoptr (GBytes) kind = g_bytes_new (text, size);
  g_autoptr (SatchelKinds) kinds = satchel_kinds_new ("common.fields", bytes, NULL);
  g_autoptr (SatchelKinds) others = satchel_kinds_new ("fuzzed", kind, NULL);

  g_assert_nonnull (kinds);
  g_assert_true (others == NULL || satchel_kinds_list (others)->len == 0);
  if (!satchel_kinds_add (kinds, "fuzzed", kind, NULL))
    return;
  const SatchelKind *added = g_ptr_array_index (satchel_kinds_list (kinds), 0);
  g_autoptr (JsonObject) values = satchel_fields_new (added);
  g_autoptr (GError) error = NULL;
  /* Defaults that were let in are answers. */
  satchel_fields_validate (added, values, SATCHEL_FIELDS_DRAFT, &error);
  look (added, values);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  GPtrArray *kinds = satchel_kinds_list (satchel_kinds_get_builtin ());

  if (size < 2)
    return 0;
  const SatchelKind *kind = g_ptr_array_index (kinds, data[1] % kinds->len);
  g_autofree char *text = g_strndup ((const char *) data + 2, size - 2);
  switch (data[0] % 4) {
    case 0:
      try_line (kind, (const char *) data + 2, size - 2);
      break;
    case 1:
      try_values (kind, (const char *) data + 2, size - 2);
      break;
    case 2:
      try_assignments (kind, text);
      break;
    default:
      try_kind ((const char *) data + 2, size - 2);
  }
  return 0;
}
