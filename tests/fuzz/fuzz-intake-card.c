/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz-papers.h"
#include "papers/satchel-intake-card.h"

static void
reads (const char *text, gsize size, const SatchelMinisignKey *key)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelIntakeCard) paper = satchel_intake_card_parse (text, size, &error);

  g_assert_true ((paper == NULL) == (error != NULL));
  if (paper != NULL)
    fuzz_assert_kept (paper->text, text, size);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  return fuzz_paper (data, size, reads);
}
