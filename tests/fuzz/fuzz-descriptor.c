/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz-papers.h"
#include "papers/satchel-descriptor.h"

static void
reads (const char *text, gsize size, const SatchelMinisignKey *key)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelDescriptor) paper = satchel_descriptor_parse (text, size, key, &error);

  g_assert_true ((paper == NULL) == (error != NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  return fuzz_paper (data, size, reads);
}
