/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "papers/satchel-invite.h"

#include <string.h>

#include "test-papers.h"

#define ISSUED  G_GINT64_CONSTANT (1700000000000000)
#define EXPIRES (ISSUED + 30 * G_TIME_SPAN_DAY)

typedef struct {
  TestPerson *lead;
  SatchelNewsroomCard *newsroom;
  SatchelToken *token;
  SatchelSecret *introduction;
  char *text;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->lead = test_person_new ("Lead", SATCHEL_ROLE_EDITOR);
  fixture->newsroom = test_newsroom_card (fixture->lead, 1, ISSUED, NULL);
  fixture->token = satchel_token_sign (EXPIRES, fixture->lead->minisign, &error);
  fixture->introduction = satchel_secret_new_random (SATCHEL_INTRODUCTION_SECRET_SIZE, &error);
  fixture->text = satchel_invite_sign (fixture->newsroom, fixture->token, fixture->introduction,
                                       fixture->lead->minisign, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  test_person_free (fixture->lead);
  satchel_newsroom_card_free (fixture->newsroom);
  satchel_token_free (fixture->token);
  satchel_secret_unref (fixture->introduction);
  satchel_invite_wipe_text (fixture->text);
}

static gboolean
reads_invite (const char *text, gssize size, gconstpointer data, GError **error)
{
  g_autoptr (SatchelInvite) invite = satchel_invite_parse (text, size, error);

  return invite != NULL;
}

static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelInvite) read = satchel_invite_parse (fixture->text, -1, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (read->newsroom->text, ==, fixture->newsroom->text);
  g_assert_cmpstr (read->token->text, ==, fixture->token->text);
  g_assert_true (satchel_secret_equal (read->introduction, fixture->introduction));
  test_assert_minisign_verifies (fixture->text, &fixture->lead->keys.minisign);
}

static void
test_one_spelling (Fixture *fixture, gconstpointer data)
{
  test_assert_one_spelling (fixture->text, 7, reads_invite, NULL);
}

static void
test_rules (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestPerson) stranger = test_person_new ("Stranger", SATCHEL_ROLE_EDITOR);
  g_autoptr (SatchelToken) token = satchel_token_sign (EXPIRES, stranger->minisign, NULL);
  g_autofree char *ours =
      g_base64_encode ((const guint8 *) fixture->token->text, strlen (fixture->token->text));
  g_autofree char *theirs = g_base64_encode ((const guint8 *) token->text, strlen (token->text));
  g_autofree char *newsroom =
      g_base64_encode ((const guint8 *) fixture->newsroom->text, strlen (fixture->newsroom->text));
  g_autofree char *forged =
      test_resign (fixture->text, "satchel", "satchel", stranger->minisign);
  const TestPaperChange changes[] = {
      {"introduction: ", "introduction: ", -1},
      {ours, theirs, SATCHEL_PAPERS_ERROR_SIGNATURE},
      {ours, newsroom, SATCHEL_PAPERS_ERROR_INVALID},
      {newsroom, ours, SATCHEL_PAPERS_ERROR_OTHER_KIND},
      {"introduction: ", "introduction: 00", SATCHEL_PAPERS_ERROR_INVALID},
      {"invite v1", "invite v9", SATCHEL_PAPERS_ERROR_NEWER},
      {"invite v1", "newsroom v1", SATCHEL_PAPERS_ERROR_OTHER_KIND},
  };

  test_assert_changes (fixture->text, fixture->lead->minisign, changes, G_N_ELEMENTS (changes),
                       reads_invite, NULL);
  test_assert_refused (forged, reads_invite, NULL, SATCHEL_PAPERS_ERROR_SIGNATURE);
}

static void
test_writer_refuses (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestPerson) stranger = test_person_new ("Stranger", SATCHEL_ROLE_EDITOR);
  g_autoptr (SatchelToken) token = satchel_token_sign (EXPIRES, stranger->minisign, NULL);
  g_autoptr (SatchelSecret) brief = satchel_secret_new_random (16, NULL);
  const struct {
    const SatchelToken *token;
    SatchelSecret *introduction;
    SatchelSecret *pair;
  } table[] = {
      {token, fixture->introduction, fixture->lead->minisign},
      {fixture->token, brief, fixture->lead->minisign},
      {fixture->token, fixture->introduction, stranger->minisign},
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (satchel_invite_sign (fixture->newsroom, table[i].token, table[i].introduction,
                                        table[i].pair, &error));
    g_assert_nonnull (error);
    g_assert_true (error->domain == SATCHEL_PAPERS_ERROR);
  }
}

static void
test_oversize (Fixture *fixture, gconstpointer data)
{
  g_autofree char *huge = g_strnfill (SATCHEL_INVITE_SIZE_MAX + 1, 'x');

  test_assert_refused (huge, reads_invite, NULL, SATCHEL_PAPERS_ERROR_INVALID);
  satchel_invite_wipe_text (NULL);
}

int
main (int argc, char **argv)
{
  const struct {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
      {"/papers/invite/round-trip", test_round_trip},
      {"/papers/invite/one-spelling", test_one_spelling},
      {"/papers/invite/rules", test_rules},
      {"/papers/invite/writer-refuses", test_writer_refuses},
      {"/papers/invite/oversize", test_oversize},
  };

  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
