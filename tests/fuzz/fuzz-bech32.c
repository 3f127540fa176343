/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/satchel-text.h"
#include "fuzz.h"

static void
check (const char *text, const char *prefix, gsize size_bytes)
{
  guint8 bytes[64];

  if (!satchel_bech32_decode (text, prefix, bytes, size_bytes))
    return;
  g_autofree char *again = satchel_bech32_encode (prefix, bytes, size_bytes);
  g_assert_true (g_ascii_strcasecmp (text, again) == 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);

  fuzz_init ();
  check (text, "age", 32);
  check (text, "age-secret-key-", 32);
  for (gsize i = 0; i < 40; i++)
    check (text, "a", i);
  return 0;
}
