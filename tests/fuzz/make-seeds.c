/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz-papers.h"
#include "papers/satchel-address.h"
#include "papers/satchel-descriptor.h"
#include "papers/satchel-http-signature.h"
#include "papers/satchel-invite.h"
#include "papers/satchel-mailbox.h"
#include "papers/satchel-receipt.h"
#include "seal/satchel-ustar.h"
#include "secret/satchel-key-header.h"
#include "test-papers.h"
#include "test-support.h"

/* Makes the seeds that need a signature or a writer of ours: make-seeds FOLDER, with
 * SATCHEL_VECTORS set. The others were cut from tests/vectors or written by hand. */
#define NOW (G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC)

static const char *corpus;

static void
store (const char *target, const char *name, const char *text, gssize size)
{
  g_autofree char *folder = g_build_filename (corpus, target, NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_nonnull (text);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  g_assert_true (g_file_set_contents (path, text, size, NULL));
}

/* A person whose papers the targets can sign anew. */
static TestPerson *
make_lead (void)
{
  TestPerson *lead = test_person_new ("Lead", SATCHEL_ROLE_EDITOR);

  satchel_secret_unref (lead->minisign);
  satchel_card_free (lead->card);
  lead->minisign = fuzz_pair (&lead->keys.minisign);
  lead->card = satchel_card_sign ("Lead", SATCHEL_ROLE_EDITOR, &lead->keys, "The Daily",
                                  lead->minisign, NULL);
  return lead;
}

static void
make_cards (TestPerson *lead)
{
  g_autoptr (SatchelIntakeCard) intake = test_intake_card (lead->minisign);
  g_autoptr (SatchelNewsroomCard) newsroom = test_newsroom_card (lead, 3, NOW, NULL);
  g_autoptr (SatchelToken) token =
      satchel_token_sign (NOW + G_TIME_SPAN_DAY, lead->minisign, NULL);
  g_autoptr (SatchelSecret) introduction = satchel_secret_new_random (32, NULL);
  g_autofree char *invite =
      satchel_invite_sign (newsroom, token, introduction, lead->minisign, NULL);

  store ("card", "lead", lead->card->text, -1);
  store ("intake-card", "one", intake->text, -1);
  store ("newsroom-card", "one", newsroom->text, -1);
  store ("token", "one", token->text, -1);
  store ("invite", "one", invite, -1);
  g_ptr_array_add (newsroom->revoked, g_strdup (token->id));
  satchel_newsroom_card_add_engine (newsroom, "https://engine.example/upload",
                                    intake->anchor);
  g_autoptr (SatchelNewsroomCard) richer =
      satchel_newsroom_card_sign (newsroom, lead->minisign, NULL);
  store ("newsroom-card", "engine-and-revoked", richer->text, -1);
}

static void
make_receipts (TestPerson *lead)
{
  const SatchelStoredReceipt stored = {
      .size_bytes = 262144,
      .time_unix_us = NOW,
      .mailbox = satchel_mailbox_of_newsroom (&lead->keys.minisign),
      .position = 12,
  };
  const SatchelOpenedReceipt opened = {
      .bundle_id = (char *) "00112233445566778899aabbccddeeff",
      .sender = lead->keys.minisign,
      .time_unix_us = NOW,
      .ledger_sequence = 41,
  };
  const SatchelDescriptor descriptor = {
      .nonce = satchel_descriptor_new_nonce (),
      .authority = (char *) "desk.example:8443",
      .time_unix_us = NOW,
      .protocol = 1,
  };
  g_autofree char *stored_text = satchel_stored_receipt_sign (&stored, lead->minisign, NULL);
  g_autofree char *opened_text = satchel_opened_receipt_sign (&opened, lead->minisign, NULL);
  g_autofree char *descriptor_text = satchel_descriptor_sign (&descriptor, lead->minisign, NULL);
  g_autofree char *signature = satchel_minisign_sign (lead->minisign, (const guint8 *) "hello", 5,
                                                      "a comment", NULL, NULL);

  store ("receipt", "stored", stored_text, -1);
  store ("receipt", "opened", opened_text, -1);
  store ("descriptor", "one", descriptor_text, -1);
  store ("minisig", "hello", signature, -1);
  g_free (stored.mailbox);
  g_free (descriptor.nonce);
}

static void
make_request (TestPerson *lead)
{
  guint8 digest[32] = {0};
  g_autofree char *input = NULL;
  g_autofree char *signature = NULL;
  g_autofree char *content_digest = satchel_content_digest_format (digest);
  const SatchelHttpRequest request = {"GET", "desk.example", "/mailboxes/00", NULL, NULL};

  g_assert_true (satchel_http_signature_sign (&request, lead->access, NOW / G_USEC_PER_SEC, &input,
                                              &signature, NULL));
  g_autofree char *text = g_strjoin ("\n", input, signature, content_digest,
                                     "https://desk.example:8443", "Desk.Example:443", NULL);
  store ("http-signature", "get", text, -1);
}

static void
make_key_header (void)
{
  const SatchelKdfCost cost = {8, 1};
  const char *words = "one two three four five";
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelSecret) passphrase =
      satchel_secret_new_copy ((const guint8 *) words, strlen (words), NULL);
  g_autoptr (SatchelSecret) master = NULL;
  g_autoptr (SatchelKeyHeader) header =
      satchel_key_header_new (passphrase, NULL, &cost, &master, NULL);
  g_autofree char *path = g_build_filename (folder, "keys", NULL);
  g_autofree char *bytes = NULL;
  gsize size;

  g_assert_true (satchel_key_header_create (header, folder, master, NULL));
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  store ("key-header", "cheap", bytes, size);
}

static void
make_archive (void)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (SatchelUstarWriter) writer =
      satchel_ustar_writer_new (satchel_sink_to_byte_array (out));

  satchel_ustar_writer_add (writer, "satchel/bagit.txt", (const guint8 *) "BagIt", 5, NULL, NULL);
  satchel_ustar_writer_add (writer, "satchel/empty", NULL, 0, NULL, NULL);
  g_assert_true (satchel_ustar_writer_finish (writer, NULL, NULL));
  store ("ustar", "two-members", (const char *) out->data, out->len);
}

int
main (int argc, char **argv)
{
  g_assert_cmpint (argc, ==, 2);
  corpus = argv[1];
  satchel_secret_init ();
  g_autoptr (TestPerson) lead = make_lead ();
  make_cards (lead);
  make_receipts (lead);
  make_request (lead);
  make_key_header ();
  make_archive ();
  return 0;
}
