/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <string.h>

#include "intake/satchel-intake-tus.h"

/* What a stranger can put into a request line and the headers of tus: four lines of text. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size_bytes)
{
  g_autofree char *text = g_strndup ((const char *) data, size_bytes);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 4);
  guint count = g_strv_length (lines);
  SatchelIntakePath path;
  guint64 number = 0, from = 0, length = 0;
  guint8 sha256[32];

  if (count > 0) {
    satchel_intake_path_parse (lines[0], &path);
    g_assert_true (strlen (path.mailbox) == 64 || path.mailbox[0] == '\0');
  }
  if (count > 1 && satchel_intake_tus_number (lines[1], &number))
    g_assert_true (number <= G_MAXINT64);
  if (count > 2)
    satchel_intake_tus_checksum (lines[2], sha256, NULL);
  if (count > 3 && satchel_intake_tus_range (lines[3], number, &from, &length, NULL))
    g_assert_true (from <= number && length <= number - from);
  return 0;
}
