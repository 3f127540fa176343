/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "papers/satchel-receipt.h"

#include <string.h>

#include "test-papers.h"

#define NOW     G_GINT64_CONSTANT (1709982307000000)
#define MAILBOX "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static gboolean
reads_stored (const char *text, gssize size, gconstpointer data, GError **error)
{
  g_autoptr (SatchelStoredReceipt) receipt =
      satchel_stored_receipt_parse (text, size, data, error);

  return receipt != NULL;
}

static gboolean
reads_opened (const char *text, gssize size, gconstpointer data, GError **error)
{
  g_autoptr (SatchelOpenedReceipt) receipt = satchel_opened_receipt_parse (text, size, error);

  return receipt != NULL;
}

static char *
sign_stored (SatchelSecret *pair, const char *mailbox, guint64 size, guint64 position)
{
  SatchelStoredReceipt receipt = {
      .size_bytes = size,
      .time_unix_us = NOW + 5,
      .mailbox = (char *) mailbox,
      .position = position,
  };

  memset (receipt.sha256, 0x5a, 32);
  return satchel_stored_receipt_sign (&receipt, pair, NULL);
}

static void
test_stored (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) pair = satchel_minisign_pair_new (NULL);
  g_autofree char *text = sign_stored (pair, MAILBOX, 262144, 12);
  SatchelMinisignKey key;
  guint8 hash[32];

  satchel_minisign_pair_get_key (pair, &key);
  memset (hash, 0x5a, sizeof hash);
  g_autoptr (SatchelStoredReceipt) read = satchel_stored_receipt_parse (text, -1, &key, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (read->sha256, 32, hash, 32);
  g_assert_cmpuint (read->size_bytes, ==, 262144);
  g_assert_cmpint (read->time_unix_us, ==, NOW);
  g_assert_cmpstr (read->mailbox, ==, MAILBOX);
  g_assert_cmpuint (read->position, ==, 12);
  g_assert_cmpstr (read->text, ==, text);
  test_assert_minisign_verifies (text, &key);
  test_assert_one_spelling (text, 1, reads_stored, &key);
}

static void
test_stored_rules (void)
{
  g_autoptr (SatchelSecret) pair = satchel_minisign_pair_new (NULL);
  g_autoptr (SatchelSecret) other = satchel_minisign_pair_new (NULL);
  g_autofree char *text = sign_stored (pair, MAILBOX, 262144, 12);
  g_autofree char *forged = test_resign (text, "size", "size", other);
  SatchelMinisignKey key;
  const TestPaperChange changes[] = {
      {"size: 262144", "size: 9223372036854775807", -1},
      {"size: 262144", "size: 9223372036854775808", SATCHEL_PAPERS_ERROR_INVALID},
      {"size: 262144", "size: 0", SATCHEL_PAPERS_ERROR_INVALID},
      {"size: 262144", "size: -1", SATCHEL_PAPERS_ERROR_INVALID},
      {"size: 262144", "size: 1e3", SATCHEL_PAPERS_ERROR_INVALID},
      {"position: 12", "position: 0", SATCHEL_PAPERS_ERROR_INVALID},
      {"mailbox: 00", "mailbox: 0G", SATCHEL_PAPERS_ERROR_INVALID},
      {"mailbox: 00", "mailbox: ", SATCHEL_PAPERS_ERROR_INVALID},
      {"sha256: 5a", "sha256: 5A", SATCHEL_PAPERS_ERROR_INVALID},
      {"2024-03-09T11:05:07Z", "2024-03-09T11:05:07.5Z", SATCHEL_PAPERS_ERROR_INVALID},
      {"receipt-stored v1", "receipt-stored v2", SATCHEL_PAPERS_ERROR_NEWER},
      {"receipt-stored v1", "receipt-opened v1", SATCHEL_PAPERS_ERROR_OTHER_KIND},
  };

  satchel_minisign_pair_get_key (pair, &key);
  test_assert_changes (text, pair, changes, G_N_ELEMENTS (changes), reads_stored, &key);
  test_assert_refused (forged, reads_stored, &key, SATCHEL_PAPERS_ERROR_SIGNATURE);
  g_assert_null (sign_stored (pair, "x", 1, 1));
  g_assert_null (sign_stored (pair, MAILBOX, 0, 1));
  g_assert_null (sign_stored (pair, MAILBOX, 1, 0));
}

static char *
sign_opened (SatchelSecret *pair, const SatchelMinisignKey *sender, const char *bundle)
{
  SatchelOpenedReceipt receipt = {
      .bundle_id = (char *) bundle,
      .sender = *sender,
      .time_unix_us = NOW,
      .ledger_sequence = 41,
  };

  memset (receipt.sha256, 0x11, 32);
  memset (receipt.tagmanifest_sha256, 0x22, 32);
  memset (receipt.ledger_head, 0x33, 32);
  return satchel_opened_receipt_sign (&receipt, pair, NULL);
}

static void
test_opened (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) pair = satchel_minisign_pair_new (NULL);
  g_autoptr (SatchelSecret) sender_pair = satchel_minisign_pair_new (NULL);
  SatchelMinisignKey sender, reader;
  guint8 hash[32];

  satchel_minisign_pair_get_key (pair, &reader);
  satchel_minisign_pair_get_key (sender_pair, &sender);
  g_autofree char *text = sign_opened (pair, &sender, "00112233445566778899aabbccddeeff");
  g_autoptr (SatchelOpenedReceipt) read = satchel_opened_receipt_parse (text, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (read->sha256, 32, memset (hash, 0x11, 32), 32);
  g_assert_cmpmem (read->tagmanifest_sha256, 32, memset (hash, 0x22, 32), 32);
  g_assert_cmpmem (read->ledger_head, 32, memset (hash, 0x33, 32), 32);
  g_assert_cmpstr (read->bundle_id, ==, "00112233445566778899aabbccddeeff");
  g_assert_true (satchel_minisign_key_equal (&read->sender, &sender));
  g_assert_true (satchel_minisign_key_equal (&read->reader, &reader));
  g_assert_cmpint (read->time_unix_us, ==, NOW);
  g_assert_cmpuint (read->ledger_sequence, ==, 41);
  test_assert_minisign_verifies (text, &reader);
  test_assert_one_spelling (text, 1, reads_opened, NULL);
}

static void
test_opened_rules (void)
{
  g_autoptr (SatchelSecret) pair = satchel_minisign_pair_new (NULL);
  g_autoptr (SatchelSecret) other = satchel_minisign_pair_new (NULL);
  SatchelMinisignKey sender;

  satchel_minisign_pair_get_key (other, &sender);
  g_autofree char *text = sign_opened (pair, &sender, "00112233445566778899aabbccddeeff");
  g_autofree char *forged = test_resign (text, "time", "time", other);
  const TestPaperChange changes[] = {
      {"ledger-sequence: 41", "ledger-sequence: 0", -1},
      {"ledger-sequence: 41", "ledger-sequence: 041", SATCHEL_PAPERS_ERROR_INVALID},
      {"bundle: 00", "bundle: ", SATCHEL_PAPERS_ERROR_INVALID},
      {"ledger-head: 33", "ledger-head: 3", SATCHEL_PAPERS_ERROR_INVALID},
      {"receipt-opened v1", "receipt-opened v3", SATCHEL_PAPERS_ERROR_NEWER},
      {"receipt-opened v1", "receipt-stored v1", SATCHEL_PAPERS_ERROR_OTHER_KIND},
  };

  test_assert_changes (text, pair, changes, G_N_ELEMENTS (changes), reads_opened, NULL);
  test_assert_refused (forged, reads_opened, NULL, SATCHEL_PAPERS_ERROR_SIGNATURE);
  g_assert_null (sign_opened (pair, &sender, "no id"));
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/papers/receipt/stored", test_stored);
  g_test_add_func ("/papers/receipt/stored-rules", test_stored_rules);
  g_test_add_func ("/papers/receipt/opened", test_opened);
  g_test_add_func ("/papers/receipt/opened-rules", test_opened_rules);
  return g_test_run ();
}
