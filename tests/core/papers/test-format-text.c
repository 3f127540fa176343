/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/satchel-file.h"
#include "papers/satchel-descriptor.h"
#include "papers/satchel-receipt.h"
#include "papers/satchel-token.h"
#include "test-papers.h"
#include "test-support.h"

/* The examples of docs/FORMAT.md are papers: a format that changes takes its text along. */
static char *
load_text (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (g_getenv ("SATCHEL_SOURCE"), "docs", "FORMAT.md", NULL);
  g_autoptr (GBytes) bytes = satchel_file_load (path, 1 << 20, &error);

  g_assert_no_error (error);
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/* The fenced example that begins with @kind's title. */
static char *
dup_example (const char *text, const char *kind)
{
  g_autofree char *start_text = g_strdup_printf ("```\nsatchel-%s v1\n", kind);
  const char *start = strstr (text, start_text);
  const char *end = start != NULL ? strstr (start + 4, "```\n") : NULL;

  if (end == NULL)
    g_error ("FORMAT.md has no example of a %s", kind);
  return g_strndup (start + 4, (gsize) (end - start - 4));
}

static void
test_signed_by_people (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = load_text ();
  g_autofree char *card_text = dup_example (text, "card");
  g_autofree char *token_text = dup_example (text, "token");
  g_autofree char *opened_text = dup_example (text, "receipt-opened");
  g_autoptr (SatchelCard) card = satchel_card_parse (card_text, -1, &error);
  g_assert_no_error (error);
  g_autofree char *words = satchel_public_keys_dup_safety_words (&card->keys);
  g_assert_nonnull (strstr (text, words));
  test_assert_minisign_verifies (card_text, &card->keys.minisign);
  g_autoptr (SatchelToken) token =
      satchel_token_parse (token_text, -1, &card->keys.minisign, &error);
  g_assert_no_error (error);
  g_autoptr (SatchelOpenedReceipt) opened = satchel_opened_receipt_parse (opened_text, -1, &error);
  g_assert_no_error (error);
}

static void
test_signed_by_intake (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = load_text ();
  g_autofree char *intake_text = dup_example (text, "intake-card");
  g_autofree char *stored_text = dup_example (text, "receipt-stored");
  g_autofree char *descriptor_text = dup_example (text, "descriptor");
  g_autoptr (SatchelIntakeCard) intake = satchel_intake_card_parse (intake_text, -1, &error);
  g_assert_no_error (error);
  g_autoptr (SatchelStoredReceipt) stored =
      satchel_stored_receipt_parse (stored_text, -1, &intake->receipt, &error);
  g_assert_no_error (error);
  g_autoptr (SatchelDescriptor) descriptor =
      satchel_descriptor_parse (descriptor_text, -1, &intake->receipt, &error);
  g_assert_no_error (error);
}

static void
test_known_answers (void)
{
  g_autofree char *text = load_text ();
  g_autofree char *mailbox = satchel_mailbox_of_token ("000102030405060708090a0b0c0d0e0f");

  g_assert_nonnull (strstr (text, mailbox));
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/papers/format-text/signed-by-people", test_signed_by_people);
  g_test_add_func ("/papers/format-text/signed-by-intake", test_signed_by_intake);
  g_test_add_func ("/papers/format-text/known-answers", test_known_answers);
  return g_test_run ();
}
