/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-invite-book.h"

#include <string.h>

#include "test-papers.h"
#include "test-people.h"
#include "test-support.h"

#define NOW G_GINT64_CONSTANT (1700000000000000)
#define DAY G_TIME_SPAN_DAY

typedef struct {
  char *folder;
  SatchelVault *desk;
  SatchelVault *reporter;
  TestPerson *thief;
  SatchelInvite *invite;
} Fixture;

static SatchelInvite *
issue (SatchelVault *desk, const char *name)
{
  g_autoptr (GError) error = NULL;
  char *text = satchel_invite_book_issue (desk, name, 30, NULL, &error);
  g_assert_no_error (error);
  SatchelInvite *invite = satchel_invite_parse (text, -1, &error);

  g_assert_no_error (error);
  satchel_invite_wipe_text (text);
  return invite;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  test_set_now (NOW);
  fixture->folder = test_scratch_new ();
  fixture->desk = test_vault_new (fixture->folder, "Desk", SATCHEL_ROLE_EDITOR);
  fixture->reporter = test_vault_new (fixture->folder, "Little bird", SATCHEL_ROLE_REPORTER);
  fixture->thief = test_person_new ("Thief", SATCHEL_ROLE_REPORTER);
  g_autoptr (SatchelNewsroomCard) card =
      satchel_newsroom_create (fixture->desk, "The Daily", NULL, NULL, &error);
  g_assert_no_error (error);
  fixture->invite = issue (fixture->desk, "Anna");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  satchel_vault_close (fixture->desk);
  satchel_vault_close (fixture->reporter);
  test_person_free (fixture->thief);
  satchel_invite_free (fixture->invite);
  test_scratch_free (fixture->folder);
  test_set_now (0);
}

static SatchelIntroductionOutcome
introduce (Fixture *fixture,
           const SatchelCard *card,
           const guint8 mac[32],
           SatchelContact **contact)
{
  g_autoptr (GError) error = NULL;
  SatchelIntroductionOutcome outcome = SATCHEL_INTRODUCTION_UNKNOWN;

  g_assert_true (
      satchel_invite_book_introduce (fixture->desk, card, mac, &outcome, contact, &error));
  g_assert_no_error (error);
  return outcome;
}

static SatchelIntroductionOutcome
introduce_person (Fixture *fixture, TestPerson *person, const SatchelInvite *invite)
{
  guint8 mac[32];

  satchel_introduction_mac (invite->introduction, &person->keys, mac);
  return introduce (fixture, person->card, mac, NULL);
}

static void
join (SatchelVault *vault, const SatchelInvite *invite)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (satchel_invite_book_join (vault, invite, &error));
  g_assert_no_error (error);
}

static void
assert_not_joined (SatchelVault *vault, const SatchelInvite *invite, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (satchel_invite_book_join (vault, invite, &error));
  g_assert_error (error, domain, code);
}

/* From the invite to a verified contact, at both ends. */
static void
test_whole_trip (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelContact) contact = NULL;
  guint8 mac[32];
  SatchelIntroductionProof proof;

  g_assert_false (satchel_invite_book_make_introduction (fixture->reporter, mac, &proof, &error));
  g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NO_TOKEN);
  g_clear_error (&error);
  join (fixture->reporter, fixture->invite);
  g_autoptr (SatchelCard) card = satchel_identity_load_card (fixture->reporter, NULL);
  g_autoptr (SatchelToken) token = satchel_invite_book_load_token (fixture->reporter, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (token->text, ==, fixture->invite->token->text);
  g_assert_cmpstr (card->newsroom, ==, "The Daily");
  g_assert_true (satchel_invite_book_make_introduction (fixture->reporter, mac, &proof, &error));

  g_assert_cmpint (introduce (fixture, card, mac, &contact), ==, SATCHEL_INTRODUCTION_ACCEPTED);
  g_assert_cmpstr (contact->name, ==, "Anna");
  g_assert_cmpstr (contact->card->name, ==, "Little bird");
  g_assert_cmpint (contact->state, ==, SATCHEL_CONTACT_INVITED);
  g_assert_cmpstr (contact->return_mailbox, ==, token->return_mailbox);
  g_assert_true (satchel_contact_may_send (contact));
  g_autoptr (SatchelContact) again = NULL;
  g_assert_cmpint (introduce (fixture, card, mac, &again), ==, SATCHEL_INTRODUCTION_KNOWN);
  g_assert_cmpstr (again->id, ==, contact->id);
  g_autoptr (GPtrArray) entries = satchel_invite_book_list (fixture->desk, NULL);
  const SatchelInviteEntry *entry = g_ptr_array_index (entries, 0);
  g_assert_cmpstr (entry->contact_id, ==, contact->id);
  g_assert_cmpuint (test_ledger_count (fixture->reporter, SATCHEL_ACTION_JOINED, NULL), ==, 1);
  g_assert_cmpuint (test_ledger_count (fixture->desk, SATCHEL_ACTION_TRUSTED, contact->id), ==, 1);
}

static void
test_unknown (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = test_people_snapshot (fixture->desk);
  SatchelContact *contact = NULL;
  guint8 mac[32];

  for (guint i = 0; i <= 32; i++) {
    satchel_introduction_mac (fixture->invite->introduction, &fixture->thief->keys, mac);
    if (i < 32)
      mac[i] ^= 0x80;
    else
      memset (mac, 0, sizeof mac);
    g_assert_cmpint (introduce (fixture, fixture->thief->card, mac, &contact), ==,
                     SATCHEL_INTRODUCTION_UNKNOWN);
    g_assert_null (contact);
  }
  g_autofree char *after = test_people_snapshot (fixture->desk);
  g_assert_cmpstr (before, ==, after);
}

/* Somebody else with the same invite: the first key wins. */
static void
test_second_key (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestPerson) anna = test_person_new ("Little bird", SATCHEL_ROLE_REPORTER);

  g_assert_cmpint (introduce_person (fixture, anna, fixture->invite), ==,
                   SATCHEL_INTRODUCTION_ACCEPTED);
  for (guint i = 0; i < 2; i++)
    g_assert_cmpint (introduce_person (fixture, fixture->thief, fixture->invite), ==,
                     SATCHEL_INTRODUCTION_ALARM);
  g_autoptr (SatchelContact) contact = satchel_contact_find (fixture->desk, "Anna", NULL);
  g_assert_true (satchel_public_keys_equal (&contact->card->keys, &anna->keys));
  g_assert_cmpuint (contact->alarms, ==, 1);
  g_assert_cmpint (introduce_person (fixture, anna, fixture->invite), ==,
                   SATCHEL_INTRODUCTION_KNOWN);
  g_assert_cmpuint (test_ledger_count (fixture->desk, SATCHEL_ACTION_ALARM, contact->id), ==, 1);
}

/* The card's name, or the desk's name for the invite, is somebody else's already. */
static void
test_known_name (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestPerson) boris = test_person_new ("Boris", SATCHEL_ROLE_REPORTER);
  g_autoptr (TestPerson) false_boris = test_person_new ("Boris", SATCHEL_ROLE_REPORTER);
  g_autoptr (TestPerson) anna = test_person_new ("anna", SATCHEL_ROLE_REPORTER);
  SatchelContactOutcome outcome;

  g_assert_true (satchel_contact_add (fixture->desk, boris->card, &outcome, NULL, NULL));
  g_assert_cmpint (introduce_person (fixture, false_boris, fixture->invite), ==,
                   SATCHEL_INTRODUCTION_ALARM);
  g_assert_true (satchel_contact_add (fixture->desk, anna->card, &outcome, NULL, NULL));
  g_assert_cmpint (introduce_person (fixture, fixture->thief, fixture->invite), ==,
                   SATCHEL_INTRODUCTION_ALARM);
  g_assert_cmpint (introduce_person (fixture, anna, fixture->invite), ==,
                   SATCHEL_INTRODUCTION_ACCEPTED); /* the same keys */
}

/* Known before: the state rises, and never falls. */
static void
test_known_before (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestPerson) anna = test_person_new ("Little bird", SATCHEL_ROLE_REPORTER);
  g_autofree char *words = satchel_public_keys_dup_safety_words (&anna->keys);
  g_autoptr (SatchelContact) before = NULL;
  SatchelContactOutcome outcome;

  g_assert_true (satchel_contact_add (fixture->desk, anna->card, &outcome, &before, NULL));
  g_assert_true (satchel_contact_verify (fixture->desk, before->id, words, NULL));
  g_assert_cmpint (introduce_person (fixture, anna, fixture->invite), ==,
                   SATCHEL_INTRODUCTION_ACCEPTED);
  g_autoptr (SatchelContact) after = satchel_contact_find (fixture->desk, "Anna", NULL);
  g_assert_cmpstr (after->id, ==, before->id);
  g_assert_cmpint (after->state, ==, SATCHEL_CONTACT_VERIFIED);
  g_assert_nonnull (after->return_mailbox);
}

/* Retired and invited anew, with the same vault: the words are to be compared again. */
static void
test_invited_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestPerson) anna = test_person_new ("Little bird", SATCHEL_ROLE_REPORTER);
  g_autofree char *words = satchel_public_keys_dup_safety_words (&anna->keys);

  introduce_person (fixture, anna, fixture->invite);
  g_autoptr (SatchelContact) first = satchel_contact_find (fixture->desk, "Anna", NULL);
  g_assert_true (satchel_contact_verify (fixture->desk, first->id, words, NULL));
  g_assert_true (satchel_invite_book_revoke (fixture->desk, "Anna", NULL));
  g_autoptr (SatchelInvite) invite = issue (fixture->desk, "Anna");
  g_assert_cmpint (introduce_person (fixture, anna, invite), ==, SATCHEL_INTRODUCTION_ACCEPTED);
  g_autoptr (SatchelContact) again = satchel_contact_find (fixture->desk, "Anna", NULL);
  g_assert_cmpstr (again->id, ==, first->id);
  g_assert_cmpint (again->state, ==, SATCHEL_CONTACT_INVITED);
  g_assert_cmpint (again->verified_unix_us, ==, 0);
}

static void
test_join_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SatchelVault) nobody = test_vault_new (fixture->folder, "Nobody", -1);
  g_autofree char *before = test_people_snapshot (fixture->reporter);

  assert_not_joined (nobody, fixture->invite, SATCHEL_PEOPLE_ERROR,
                     SATCHEL_PEOPLE_ERROR_NO_IDENTITY);
  test_set_now (NOW + 30 * DAY);
  assert_not_joined (fixture->reporter, fixture->invite, SATCHEL_PAPERS_ERROR,
                     SATCHEL_PAPERS_ERROR_EXPIRED);
  g_autofree char *after = test_people_snapshot (fixture->reporter);
  g_assert_cmpstr (before, ==, after);
}

/* An old invite after a newer newsroom card that takes its token back. */
static void
test_join_revoked (Fixture *fixture, gconstpointer data)
{
  SatchelNewsroomOutcome outcome;

  g_assert_true (satchel_invite_book_revoke (fixture->desk, "Anna", NULL));
  g_autoptr (SatchelNewsroom) newsroom = satchel_newsroom_load (fixture->desk, NULL);
  g_assert_true (satchel_newsroom_admit (fixture->reporter, newsroom->card, &outcome, NULL));
  g_autofree char *before = test_people_snapshot (fixture->reporter);
  assert_not_joined (fixture->reporter, fixture->invite, SATCHEL_PAPERS_ERROR,
                     SATCHEL_PAPERS_ERROR_REVOKED);
  g_autofree char *after = test_people_snapshot (fixture->reporter);
  g_assert_cmpstr (before, ==, after);
}

static void
test_join_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SatchelInvite) second = issue (fixture->desk, "Anna again");

  join (fixture->reporter, fixture->invite);
  join (fixture->reporter, fixture->invite);
  join (fixture->reporter, second);
  g_autoptr (SatchelToken) token = satchel_invite_book_load_token (fixture->reporter, NULL);
  g_assert_cmpstr (token->id, ==, second->token->id);
}

/* Another newsroom's invite changes nothing, and the alarm stays. */
static void
test_join_other_newsroom (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SatchelVault) other = test_vault_new (fixture->folder, "Other", SATCHEL_ROLE_EDITOR);
  g_autoptr (SatchelNewsroomCard) card =
      satchel_newsroom_create (other, "The Daily", NULL, NULL, NULL);
  g_autoptr (SatchelInvite) invite = issue (other, "Anna");

  join (fixture->reporter, fixture->invite);
  assert_not_joined (fixture->reporter, invite, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_ALARM);
  g_autoptr (SatchelToken) token = satchel_invite_book_load_token (fixture->reporter, NULL);
  g_autoptr (GPtrArray) alarms = satchel_contact_list_alarms (fixture->reporter, NULL);
  g_assert_cmpstr (token->id, ==, fixture->invite->token->id);
  g_assert_cmpuint (alarms->len, ==, 1);
  g_assert_cmpuint (test_ledger_count (fixture->reporter, SATCHEL_ACTION_ALARM, NULL), ==, 1);
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  SatchelDb *db = satchel_vault_get_db (fixture->reporter);

  g_assert_null (satchel_invite_book_load_token (fixture->reporter, &error));
  g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NO_TOKEN);
  g_clear_error (&error);
  join (fixture->reporter, fixture->invite);
  g_assert_true (satchel_db_execute (db, "UPDATE joined SET token = 'x'", NULL));
  g_assert_null (satchel_invite_book_load_token (fixture->reporter, &error));
  g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_DAMAGED);
}

static gboolean
join_op (SatchelVault *vault, gpointer data, GError **error)
{
  return satchel_invite_book_join (vault, data, error);
}

/* A member's desk opens what an expired token was used for; it believes only the token's holder,
 * and nobody once it is revoked. */
static void
test_by_proof (Fixture *fixture, gconstpointer data)
{
  SatchelIntroductionOutcome outcome;
  SatchelIntroductionProof proof, other;
  guint8 mac[32];
  const char *token = fixture->invite->token->text;

  join (fixture->reporter, fixture->invite);
  g_autoptr (SatchelCard) card = satchel_identity_load_card (fixture->reporter, NULL);
  g_assert_true (satchel_invite_book_make_introduction (fixture->reporter, mac, &proof, NULL));
  other = proof;
  ((guint8 *) &other)[sizeof other - 1] ^= 1;
  test_set_now (NOW + 30 * DAY);
  for (guint i = 0; i < 2; i++) {
    const SatchelIntroductionOutcome with_proof[] = {SATCHEL_INTRODUCTION_ACCEPTED,
                                                     SATCHEL_INTRODUCTION_REVOKED};
    g_assert_true (satchel_invite_book_introduce_by_proof (fixture->desk, card, token, &other,
                                                           &outcome, NULL, NULL));
    g_assert_cmpint (outcome, ==, SATCHEL_INTRODUCTION_UNKNOWN);
    g_assert_true (satchel_invite_book_introduce_by_proof (fixture->desk, card, token, &proof,
                                                           &outcome, NULL, NULL));
    g_assert_cmpint (outcome, ==, with_proof[i]);
    if (i == 0)
      g_assert_true (satchel_invite_book_revoke (fixture->desk, "Anna", NULL));
  }
  /* Later the card may not tell of the revocation any more. */
  test_set_now (NOW + 430 * DAY);
  g_assert_true (satchel_invite_book_introduce_by_proof (fixture->desk, card, token, &proof,
                                                         &outcome, NULL, NULL));
  g_assert_cmpint (outcome, ==, SATCHEL_INTRODUCTION_UNKNOWN);
}

typedef struct {
  const SatchelCard *card;
  guint8 mac[32];
} Introduction;

static gboolean
introduce_op (SatchelVault *vault, gpointer data, GError **error)
{
  const Introduction *introduction = data;
  SatchelIntroductionOutcome outcome;

  return satchel_invite_book_introduce (vault, introduction->card, introduction->mac, &outcome,
                                        NULL, error);
}

static void
test_all_or_nothing (Fixture *fixture, gconstpointer data)
{
  Introduction introduction;
  SatchelIntroductionProof proof;

  test_assert_all_or_nothing (fixture->reporter, join_op, fixture->invite);
  g_autoptr (SatchelCard) card = satchel_identity_load_card (fixture->reporter, NULL);
  introduction.card = card;
  g_assert_true (
      satchel_invite_book_make_introduction (fixture->reporter, introduction.mac, &proof, NULL));
  test_assert_all_or_nothing (fixture->desk, introduce_op, &introduction);
}

int
main (int argc, char **argv)
{
  const struct {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
      {"/people/introduction/whole-trip", test_whole_trip},
      {"/people/introduction/unknown", test_unknown},
      {"/people/introduction/second-key", test_second_key},
      {"/people/introduction/known-name", test_known_name},
      {"/people/introduction/known-before", test_known_before},
      {"/people/introduction/invited-again", test_invited_again},
      {"/people/introduction/join-refused", test_join_refused},
      {"/people/introduction/join-revoked", test_join_revoked},
      {"/people/introduction/join-again", test_join_again},
      {"/people/introduction/join-other-newsroom", test_join_other_newsroom},
      {"/people/introduction/by-proof", test_by_proof},
      {"/people/introduction/damaged", test_damaged},
      {"/people/introduction/all-or-nothing", test_all_or_nothing},
  };

  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
