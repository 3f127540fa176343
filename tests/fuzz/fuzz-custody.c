/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/satchel-json.h"
#include "fuzz.h"
#include "records/satchel-ledger.h"

static void
count_fault (const char *object, const char *fault, gpointer user_data)
{
  guint *faults = user_data;

  g_assert_true (object != NULL && g_utf8_validate (fault, -1, NULL));
  (*faults)++;
}

/* What is taken is kept byte for byte, and its chains can be judged. */
static void
try_slice (const char *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = satchel_ledger_parse_slice (data, size, &error);
  g_autoptr (GString) kept = g_string_new (NULL);
  guint faults = 0;

  g_assert_true ((entries == NULL) == (error != NULL));
  if (entries == NULL)
    return;
  for (guint i = 0; i < entries->len; i++) {
    const SatchelLedgerEntry *entry = g_ptr_array_index (entries, i);
    g_string_append_printf (kept, "%s\n", entry->line);
  }
  g_assert_cmpmem (kept->str, kept->len, data, size);
  g_assert_true (satchel_ledger_verify_slice (entries, count_fault, &faults) == (faults == 0));
}

/* Each line that is JSON in the one spelling of lines, so that changes get past that rule. */
static char *
respell (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", 64);
  GString *out = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++) {
    g_autoptr (JsonNode) node = satchel_json_parse (lines[i], strlen (lines[i]), 1 << 20, NULL);
    g_autofree char *line = node != NULL ? satchel_json_to_line (node, NULL) : NULL;
    if (line != NULL)
      g_string_append_printf (out, "%s\n", line);
  }
  return g_string_free (out, FALSE);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *respelled = respell (text);

  fuzz_init ();
  try_slice ((const char *) data, size);
  try_slice (respelled, strlen (respelled));
  return 0;
}
