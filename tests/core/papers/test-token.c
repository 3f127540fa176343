/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "papers/satchel-token.h"

#include <string.h>

#include "base/satchel-text.h"
#include "test-papers.h"

#define ISSUED  G_GINT64_CONSTANT (1700000000000000)
#define EXPIRES (ISSUED + 30 * G_TIME_SPAN_DAY)

static gboolean
reads_token (const char *text, gssize size, gconstpointer data, GError **error)
{
  g_autoptr (SatchelToken) token = satchel_token_parse (text, size, data, error);

  return token != NULL;
}

static void
test_round_trip (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TestPerson) lead = test_person_new ("Lead", SATCHEL_ROLE_EDITOR);
  g_autoptr (SatchelToken) token = satchel_token_sign (EXPIRES + 5, lead->minisign, &error);
  g_assert_no_error (error);
  g_autoptr (SatchelToken) read =
      satchel_token_parse (token->text, -1, &lead->keys.minisign, &error);
  g_assert_no_error (error);
  g_autofree char *mailbox = satchel_mailbox_of_newsroom (&lead->keys.minisign);
  g_autofree char *return_mailbox = satchel_mailbox_of_token (token->id);

  g_assert_true (satchel_is_id (read->id));
  g_assert_cmpstr (read->id, ==, token->id);
  g_assert_cmpint (read->expires_unix_us, ==, EXPIRES);
  g_assert_cmpstr (read->mailbox, ==, mailbox);
  g_assert_cmpstr (read->return_mailbox, ==, return_mailbox);
  test_assert_minisign_verifies (token->text, &lead->keys.minisign);
  test_assert_one_spelling (token->text, 1, reads_token, &lead->keys.minisign);
}

static void
test_rules (void)
{
  g_autoptr (TestPerson) lead = test_person_new ("Lead", SATCHEL_ROLE_EDITOR);
  g_autoptr (TestPerson) other = test_person_new ("Other", SATCHEL_ROLE_EDITOR);
  g_autoptr (SatchelToken) token = satchel_token_sign (EXPIRES, lead->minisign, NULL);
  g_autofree char *theirs = satchel_mailbox_of_newsroom (&other->keys.minisign);
  g_autofree char *forged = test_resign (token->text, "id", "id", other->minisign);
  const TestPaperChange changes[] = {
      {token->mailbox, theirs, SATCHEL_PAPERS_ERROR_MISMATCH},
      {token->mailbox, "00", SATCHEL_PAPERS_ERROR_INVALID},
      {token->id, "00", SATCHEL_PAPERS_ERROR_INVALID},
      {token->id, "00112233445566778899aabbccddeefF", SATCHEL_PAPERS_ERROR_INVALID},
      {"expires: ", "expires: +", SATCHEL_PAPERS_ERROR_INVALID},
      {"token v1", "token v2", SATCHEL_PAPERS_ERROR_NEWER},
      {"token v1", "card v1", SATCHEL_PAPERS_ERROR_OTHER_KIND},
  };

  test_assert_changes (token->text, lead->minisign, changes, G_N_ELEMENTS (changes), reads_token,
                       &lead->keys.minisign);
  test_assert_refused (forged, reads_token, &lead->keys.minisign, SATCHEL_PAPERS_ERROR_SIGNATURE);
  test_assert_refused (token->text, reads_token, &other->keys.minisign,
                       SATCHEL_PAPERS_ERROR_SIGNATURE);
}

static void
test_check (void)
{
  g_autoptr (TestPerson) lead = test_person_new ("Lead", SATCHEL_ROLE_EDITOR);
  g_autoptr (SatchelToken) token = satchel_token_sign (EXPIRES, lead->minisign, NULL);
  g_autoptr (SatchelNewsroomCard) without = test_newsroom_card (lead, 1, ISSUED, NULL);
  g_autoptr (SatchelNewsroomCard) with = NULL;

  g_ptr_array_add (without->revoked, g_strdup (token->id));
  with = satchel_newsroom_card_sign (without, lead->minisign, NULL);
  g_ptr_array_set_size (without->revoked, 0);
  const struct {
    const SatchelNewsroomCard *newsroom;
    gint64 now;
    int code;
  } table[] = {
      {NULL, ISSUED, -1},
      {without, ISSUED, -1},
      {without, EXPIRES - 1, -1},
      {without, EXPIRES, SATCHEL_PAPERS_ERROR_EXPIRED},
      {NULL, EXPIRES + 1, SATCHEL_PAPERS_ERROR_EXPIRED},
      {with, ISSUED, SATCHEL_PAPERS_ERROR_REVOKED},
      {with, EXPIRES, SATCHEL_PAPERS_ERROR_REVOKED},
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autoptr (GError) error = NULL;
    gboolean good = satchel_token_check (token, table[i].newsroom, table[i].now, &error);
    g_assert_true (good == (table[i].code < 0));
    if (!good)
      g_assert_error (error, SATCHEL_PAPERS_ERROR, table[i].code);
  }
}

static void
test_bearer (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TestPerson) lead = test_person_new ("Lead", SATCHEL_ROLE_EDITOR);
  g_autoptr (SatchelToken) token = satchel_token_sign (EXPIRES, lead->minisign, NULL);
  g_autofree char *bearer = satchel_token_to_bearer (token);
  g_autoptr (SatchelToken) read =
      satchel_token_from_bearer (bearer, &lead->keys.minisign, &error);
  g_autofree char *padded = g_strconcat (bearer, "=", NULL);
  g_autofree char *spaced = g_strconcat (" ", bearer, NULL);
  g_autofree char *huge = g_strnfill (SATCHEL_BEARER_SIZE_MAX + 4, 'A');
  const char *const bad[] = {"", "=", "QUJD", bearer + 4, padded, spaced, huge, token->text};

  g_assert_no_error (error);
  g_assert_cmpstr (read->id, ==, token->id);
  g_assert_cmpuint (strlen (bearer), <=, SATCHEL_BEARER_SIZE_MAX);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) reason = NULL;
    g_assert_null (satchel_token_from_bearer (bad[i], &lead->keys.minisign, &reason));
    g_assert_error (reason, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID);
  }
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/papers/token/round-trip", test_round_trip);
  g_test_add_func ("/papers/token/rules", test_rules);
  g_test_add_func ("/papers/token/check", test_check);
  g_test_add_func ("/papers/token/bearer", test_bearer);
  return g_test_run ();
}
