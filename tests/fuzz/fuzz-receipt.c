/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz-papers.h"
#include "papers/satchel-receipt.h"

static void
reads (const char *text, gsize size, const SatchelMinisignKey *key)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) other_error = NULL;
  g_autoptr (SatchelStoredReceipt) stored = satchel_stored_receipt_parse (text, size, key, &error);
  g_autoptr (SatchelOpenedReceipt) opened = satchel_opened_receipt_parse (text, size, &other_error);

  g_assert_true ((stored == NULL) == (error != NULL));
  g_assert_true ((opened == NULL) == (other_error != NULL));
  g_assert_true (stored == NULL || opened == NULL);
  if (stored != NULL)
    fuzz_assert_kept (stored->text, text, size);
  if (opened != NULL)
    fuzz_assert_kept (opened->text, text, size);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  return fuzz_paper (data, size, reads);
}
