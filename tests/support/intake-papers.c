/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Papers and signatures for the scenario tests of satchel-intake:
 *
 *   intake-papers make DIR
 *     a lead with a member; in DIR: newsroom.card (number 1), newsroom2.card (number 2, takes one
 *     token back), foreign.card (another lead's), *.bearer, member.access, stranger.access
 *   intake-papers sign KEY METHOD AUTHORITY PATH QUERY DIGEST SHIFT
 *     prints the values of Signature-Input and Signature, a line each; DIGEST "" for none; SHIFT
 *     seconds are added to the time
 *   intake-papers receipt INTAKE.card FILE
 *     verifies a stored receipt; prints sha256, size, mailbox and position
 *   intake-papers descriptor INTAKE.card FILE NONCE AUTHORITY CERTIFICATE-SHA256
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/satchel-file.h"
#include "base/satchel-text.h"
#include "base/satchel-time.h"
#include "papers/satchel-descriptor.h"
#include "papers/satchel-http-signature.h"
#include "papers/satchel-receipt.h"
#include "papers/satchel-token.h"
#include "test-papers.h"

static void
check (gboolean done, GError *error)
{
  if (done)
    return;
  fprintf (stderr, "intake-papers: %s\n", error != NULL ? error->message : "failed");
  exit (1);
}

static void
store (const char *folder, const char *name, gconstpointer data, gsize size_bytes)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  check (satchel_file_store (path, data, size_bytes, &error), error);
}

static char *
load (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = satchel_file_load (path, 1 << 20, &error);

  check (bytes != NULL, error);
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static char *
store_token (const char *folder, const char *name, gint64 expires_unix_us, SatchelSecret *pair)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelToken) token = satchel_token_sign (expires_unix_us, pair, &error);
  g_autofree char *file = g_strconcat (name, ".bearer", NULL);
  g_autofree char *box = g_strconcat (name, ".mailbox", NULL);

  check (token != NULL, error);
  g_autofree char *bearer = satchel_token_to_bearer (token);
  store (folder, file, bearer, strlen (bearer));
  store (folder, box, token->return_mailbox, strlen (token->return_mailbox));
  return g_strdup (token->id);
}

static gint64 earlier_us;

static gint64
earlier_clock (void)
{
  return earlier_us;
}

static void
make_tokens (const char *folder, TestPerson *lead, TestPerson *foreign, char **revoked)
{
  gint64 now = satchel_now_us ();

  g_free (store_token (folder, "token", now + G_TIME_SPAN_DAY, lead->minisign));
  g_free (store_token (folder, "other", now + G_TIME_SPAN_DAY, lead->minisign));
  g_free (store_token (folder, "foreign", now + G_TIME_SPAN_DAY, foreign->minisign));
  *revoked = store_token (folder, "revoked", now + G_TIME_SPAN_DAY, lead->minisign);
  /* Signed while it was still good. */
  earlier_us = now - 2 * G_TIME_SPAN_DAY;
  satchel_set_clock (earlier_clock);
  g_free (store_token (folder, "expired", now - G_TIME_SPAN_HOUR, lead->minisign));
  satchel_set_clock (NULL);
}

static void
make (const char *folder)
{
  g_autoptr (TestPerson) lead = test_person_new ("Lead", SATCHEL_ROLE_EDITOR);
  g_autoptr (TestPerson) member = test_person_new ("Member", SATCHEL_ROLE_LEGAL);
  g_autoptr (TestPerson) foreign = test_person_new ("Foreign", SATCHEL_ROLE_EDITOR);
  g_autofree char *revoked = NULL;
  g_autofree char *mailbox = satchel_mailbox_of_newsroom (&lead->keys.minisign);
  g_autoptr (GError) error = NULL;
  gint64 now = satchel_now_us ();

  make_tokens (folder, lead, foreign, &revoked);
  g_autoptr (SatchelNewsroomCard) card = test_newsroom_card (lead, 1, now, member, NULL);
  g_autoptr (SatchelNewsroomCard) other = test_newsroom_card (foreign, 7, now, NULL);
  store (folder, "newsroom.card", card->text, strlen (card->text));
  store (folder, "foreign.card", other->text, strlen (other->text));
  card->number = 2;
  g_ptr_array_add (card->revoked, g_strdup (revoked));
  g_autoptr (SatchelNewsroomCard) second =
      satchel_newsroom_card_sign (card, lead->minisign, &error);
  check (second != NULL, error);
  store (folder, "newsroom2.card", second->text, strlen (second->text));
  store (folder, "newsroom.mailbox", mailbox, strlen (mailbox));
  store (folder, "member.access", satchel_secret_get_data (member->access),
         satchel_secret_get_size (member->access));
  store (folder, "stranger.access", satchel_secret_get_data (foreign->access),
         satchel_secret_get_size (foreign->access));
}

static void
sign (char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = satchel_file_load (argv[0], 64, &error);
  check (bytes != NULL, error);
  g_autoptr (SatchelSecret) key =
      satchel_secret_new_copy (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);
  check (key != NULL, error);
  const SatchelHttpRequest request = {argv[1], argv[2], argv[3], argv[4],
                                      argv[5][0] == '\0' ? NULL : argv[5]};
  g_autofree char *input = NULL;
  g_autofree char *signature = NULL;

  check (satchel_http_signature_sign (&request, key,
                                      satchel_now_us () / G_USEC_PER_SEC + atoll (argv[6]), &input,
                                      &signature, &error),
         error);
  printf ("%s\n%s\n", input, signature);
}

static SatchelIntakeCard *
load_card (const char *path)
{
  g_autofree char *text = load (path);
  g_autoptr (GError) error = NULL;
  SatchelIntakeCard *card = satchel_intake_card_parse (text, -1, &error);

  check (card != NULL, error);
  return card;
}

static void
receipt (char **argv)
{
  g_autoptr (SatchelIntakeCard) card = load_card (argv[0]);
  g_autofree char *text = load (argv[1]);
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelStoredReceipt) read =
      satchel_stored_receipt_parse (text, -1, &card->receipt, &error);

  check (read != NULL, error);
  g_autofree char *sha256 = satchel_hex_encode (read->sha256, 32);
  printf ("%s %" G_GUINT64_FORMAT " %s %" G_GUINT64_FORMAT "\n", sha256, read->size_bytes,
          read->mailbox, read->position);
}

static void
descriptor (char **argv)
{
  g_autoptr (SatchelIntakeCard) card = load_card (argv[0]);
  g_autofree char *text = load (argv[1]);
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelDescriptor) read = satchel_descriptor_parse (text, -1, &card->receipt, &error);
  guint8 sha256[32];

  check (read != NULL, error);
  check (satchel_hex_decode (argv[4], sha256, 32), NULL);
  check (satchel_descriptor_check (read, argv[2], argv[3], sha256, &error), error);
  puts ("fits");
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  if (argc == 3 && strcmp (argv[1], "make") == 0)
    make (argv[2]);
  else if (argc == 9 && strcmp (argv[1], "sign") == 0)
    sign (argv + 2);
  else if (argc == 4 && strcmp (argv[1], "receipt") == 0)
    receipt (argv + 2);
  else if (argc == 7 && strcmp (argv[1], "descriptor") == 0)
    descriptor (argv + 2);
  else
    return 2;
  return 0;
}
