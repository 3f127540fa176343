/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/satchel-json.h"
#include "fuzz.h"

/* What is taken can be written on one line, and that line is taken and written the same. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;

  fuzz_init ();
  g_autoptr (JsonNode) node = satchel_json_parse ((const char *) data, size, 1 << 20, &error);
  g_assert_true ((node == NULL) == (error != NULL));
  if (node == NULL)
    return 0;
  g_autofree char *line = satchel_json_to_line (node, NULL);
  g_autoptr (JsonNode) node_again = satchel_json_parse (line, strlen (line), 1 << 21, &error);
  g_assert_no_error (error);
  g_autofree char *line_again = satchel_json_to_line (node_again, NULL);
  g_assert_cmpstr (line, ==, line_again);
  return 0;
}
