/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz-papers.h"

/* A signature file that is taken for "hello" is the one that the comments in it give. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  SatchelMinisignKey key, parsed;
  const char *text = size > 0 ? (const char *) data : "";
  g_autofree char *comment = NULL;

  fuzz_init ();
  g_autoptr (SatchelSecret) pair = fuzz_pair (&key);
  if (satchel_minisign_verify (&key, text, size, (const guint8 *) "hello", 5, &comment, NULL)) {
    gsize prefix = strlen ("untrusted comment: ");
    g_autofree char *untrusted = g_strndup (text + prefix, strcspn (text, "\n") - prefix);
    g_autofree char *again =
        satchel_minisign_sign (pair, (const guint8 *) "hello", 5, comment, untrusted, NULL);
    fuzz_assert_kept (again, text, size);
  }
  if (satchel_minisign_key_parse (text, size, &parsed, NULL)) {
    g_autofree char *line = satchel_minisign_key_format (&parsed);
    g_assert_nonnull (memmem (text, size, line, strlen (line)));
  }
  return 0;
}
