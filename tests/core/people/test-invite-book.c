/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-invite-book.h"

#include <string.h>

#include "base/satchel-text.h"
#include "test-papers.h"
#include "test-people.h"
#include "test-support.h"

#define NOW G_GINT64_CONSTANT (1700000000000000)
#define DAY G_TIME_SPAN_DAY

typedef struct {
  char *folder;
  SatchelVault *vault; /* the desk's: leads a newsroom */
  TestPerson *anna;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  test_set_now (NOW);
  fixture->folder = test_scratch_new ();
  fixture->vault = test_vault_new (fixture->folder, "Desk", SATCHEL_ROLE_EDITOR);
  fixture->anna = test_person_new ("Little bird", SATCHEL_ROLE_REPORTER);
  g_autoptr (SatchelNewsroomCard) card =
      satchel_newsroom_create (fixture->vault, "The Daily", NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  satchel_vault_close (fixture->vault);
  test_person_free (fixture->anna);
  test_scratch_free (fixture->folder);
  test_set_now (0);
}

static SatchelInvite *
issue (Fixture *fixture, const char *name, guint days, char **id)
{
  g_autoptr (GError) error = NULL;
  char *text = satchel_invite_book_issue (fixture->vault, name, days, id, &error);
  g_assert_no_error (error);
  SatchelInvite *invite = satchel_invite_parse (text, -1, &error);

  g_assert_no_error (error);
  g_assert_null (strstr (text, name)); /* the paper names nobody */
  satchel_invite_wipe_text (text);
  return invite;
}

static void
assert_not_issued (Fixture *fixture, const char *name, guint days, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *before = test_people_snapshot (fixture->vault);

  g_assert_null (satchel_invite_book_issue (fixture->vault, name, days, NULL, &error));
  g_assert_error (error, domain, code);
  g_autofree char *after = test_people_snapshot (fixture->vault);
  g_assert_cmpstr (before, ==, after);
}

static SatchelIntroductionOutcome
introduce (Fixture *fixture,
           TestPerson *person,
           const SatchelInvite *invite,
           SatchelContact **contact)
{
  g_autoptr (GError) error = NULL;
  SatchelIntroductionOutcome outcome = SATCHEL_INTRODUCTION_UNKNOWN;
  guint8 mac[SATCHEL_INTRODUCTION_MAC_SIZE];

  satchel_introduction_mac (invite->introduction, &person->keys, mac);
  g_assert_true (satchel_invite_book_introduce (fixture->vault, person->card, mac, &outcome,
                                                contact, &error));
  g_assert_no_error (error);
  return outcome;
}

static void
take_back (Fixture *fixture, const char *name)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (satchel_invite_book_revoke (fixture->vault, name, &error));
  g_assert_no_error (error);
}

static void
test_issue (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = NULL;
  g_autoptr (SatchelInvite) invite = issue (fixture, "Anna B.", 30, &id);
  g_autoptr (GPtrArray) entries = satchel_invite_book_list (fixture->vault, NULL);
  const SatchelInviteEntry *entry = g_ptr_array_index (entries, 0);

  g_assert_cmpuint (entries->len, ==, 1);
  g_assert_cmpstr (entry->id, ==, id);
  g_assert_cmpstr (entry->name, ==, "Anna B.");
  g_assert_cmpstr (entry->token_id, ==, invite->token->id);
  g_assert_cmpint (entry->issued_unix_us, ==, NOW);
  g_assert_cmpint (entry->expires_unix_us, ==, NOW + 30 * DAY);
  g_assert_cmpint (entry->revoked_unix_us, ==, 0);
  g_assert_null (entry->contact_id);
  g_assert_cmpint (invite->token->expires_unix_us, ==, NOW + 30 * DAY);
  g_assert_cmpuint (test_ledger_count (fixture->vault, SATCHEL_ACTION_INVITED, id), ==, 1);
}

static void
test_not_issued (Fixture *fixture, gconstpointer data)
{
  g_autofree char *long_name = g_strnfill (SATCHEL_CARD_NAME_MAX + 1, 'n');
  const char *const names[] = {"", " ", "\u200b", "two\nlines", "\xff", long_name};
  SatchelContactOutcome outcome;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    assert_not_issued (fixture, names[i], 30, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID);
  assert_not_issued (fixture, "Anna", 0, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID);
  assert_not_issued (fixture, "Anna", SATCHEL_TOKEN_DAYS_MAX + 1, SATCHEL_PAPERS_ERROR,
                     SATCHEL_PAPERS_ERROR_INVALID);
  g_autoptr (SatchelInvite) invite = issue (fixture, "Anna", SATCHEL_TOKEN_DAYS_MAX, NULL);
  assert_not_issued (fixture, "ANNA", 1, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_EXISTS);
  g_assert_true (
      satchel_contact_add (fixture->vault, fixture->anna->card, &outcome, NULL, NULL));
  assert_not_issued (fixture, "little bird", 1, SATCHEL_PEOPLE_ERROR,
                     SATCHEL_PEOPLE_ERROR_EXISTS);
  test_set_now (NOW + SATCHEL_TOKEN_DAYS_MAX * DAY); /* expired: no longer in the way */
  g_autoptr (SatchelInvite) again = issue (fixture, "Anna", 1, NULL);
}

static void
test_not_lead (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelVault) vault =
      test_vault_new (fixture->folder, "Reporter", SATCHEL_ROLE_REPORTER);
  g_autoptr (SatchelNewsroom) newsroom = satchel_newsroom_load (fixture->vault, NULL);
  SatchelNewsroomOutcome outcome;

  g_assert_null (satchel_invite_book_issue (vault, "Anna", 1, NULL, &error));
  g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NO_NEWSROOM);
  g_clear_error (&error);
  g_assert_true (satchel_newsroom_admit (vault, newsroom->card, &outcome, NULL));
  g_assert_null (satchel_invite_book_issue (vault, "Anna", 1, NULL, &error));
  g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NOT_LEAD);
  g_clear_error (&error);
  g_assert_false (satchel_invite_book_revoke (vault, "Anna", &error));
  g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NOT_LEAD);
}

static void
test_revoke_unused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelInvite) invite = issue (fixture, "Anna", 30, NULL);

  g_assert_false (satchel_invite_book_revoke (fixture->vault, "Boris", &error));
  g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  take_back (fixture, "anna");
  g_autoptr (SatchelNewsroom) newsroom = satchel_newsroom_load (fixture->vault, NULL);
  g_assert_cmpuint (newsroom->card->number, ==, 2);
  g_assert_true (satchel_newsroom_card_is_revoked (newsroom->card, invite->token->id));
  g_assert_cmpint (introduce (fixture, fixture->anna, invite, NULL), ==,
                   SATCHEL_INTRODUCTION_REVOKED);
  g_assert_false (satchel_invite_book_revoke (fixture->vault, "Anna", &error));
  g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NOT_FOUND);
  g_autoptr (SatchelInvite) again = issue (fixture, "Anna", 30, NULL);
  g_assert_cmpint (introduce (fixture, fixture->anna, again, NULL), ==,
                   SATCHEL_INTRODUCTION_ACCEPTED);
}

/* By the name on the card or the desk's own: the contact and every invite it used. */
static void
test_revoke_used (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SatchelInvite) invite = issue (fixture, "Anna", 30, NULL);
  g_autoptr (SatchelContact) contact = NULL;

  introduce (fixture, fixture->anna, invite, &contact);
  take_back (fixture, "Little Bird");
  g_autoptr (SatchelContact) retired =
      satchel_contact_find (fixture->vault, contact->id, NULL);
  g_autoptr (SatchelNewsroom) newsroom = satchel_newsroom_load (fixture->vault, NULL);
  g_autoptr (GPtrArray) entries = satchel_invite_book_list (fixture->vault, NULL);
  const SatchelInviteEntry *entry = g_ptr_array_index (entries, 0);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (retired->state, ==, SATCHEL_CONTACT_RETIRED);
  g_assert_false (satchel_contact_may_send (retired));
  g_assert_cmpint (entry->revoked_unix_us, ==, NOW);
  g_assert_true (satchel_newsroom_card_is_revoked (newsroom->card, invite->token->id));
  g_assert_cmpint (introduce (fixture, fixture->anna, invite, NULL), ==,
                   SATCHEL_INTRODUCTION_REVOKED);
  g_autofree char *words = satchel_public_keys_dup_safety_words (&fixture->anna->keys);
  g_assert_false (satchel_contact_verify (fixture->vault, contact->id, words, &error));
  g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NOT_FOUND);
}

static void
test_revoke_member (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) members = g_ptr_array_new ();
  const SatchelNewsroomChange change = {.add = members};

  g_ptr_array_add (members, fixture->anna->card);
  g_autoptr (SatchelNewsroomCard) two = satchel_newsroom_update (fixture->vault, &change, NULL);
  g_assert_cmpuint (two->members->len, ==, 2);
  take_back (fixture, "Little bird");
  g_autoptr (SatchelNewsroom) newsroom = satchel_newsroom_load (fixture->vault, NULL);
  g_assert_cmpuint (newsroom->card->members->len, ==, 1);
  g_assert_cmpuint (newsroom->card->number, ==, 3);
}

/* Revoked tokens stand on every later card until long after they expired. */
static void
test_revoked_until_expired (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SatchelInvite) brief = issue (fixture, "Anna", 10, NULL);
  g_autoptr (SatchelInvite) lasting = issue (fixture, "Boris", 30, NULL);

  take_back (fixture, "Anna");
  take_back (fixture, "Boris");
  test_set_now (NOW + 410 * DAY - 1);
  g_autoptr (SatchelNewsroomCard) both = satchel_newsroom_update (fixture->vault, NULL, NULL);
  g_assert_cmpuint (both->revoked->len, ==, 2);
  test_set_now (NOW + 410 * DAY);
  g_autoptr (SatchelNewsroomCard) one = satchel_newsroom_update (fixture->vault, NULL, NULL);
  g_assert_cmpuint (one->revoked->len, ==, 1);
  g_assert_true (satchel_newsroom_card_is_revoked (one, lasting->token->id));
  /* A desk restored from a backup without the invite keeps what the card says. */
  g_assert_true (
      satchel_db_execute (satchel_vault_get_db (fixture->vault), "DELETE FROM invite", NULL));
  g_autoptr (SatchelNewsroomCard) kept = satchel_newsroom_update (fixture->vault, NULL, NULL);
  g_assert_true (satchel_newsroom_card_is_revoked (kept, lasting->token->id));
}

static gboolean
issue_op (SatchelVault *vault, gpointer data, GError **error)
{
  char *text = satchel_invite_book_issue (vault, "Anna", 30, NULL, error);
  gboolean good = text != NULL;

  satchel_invite_wipe_text (text);
  return good;
}

static gboolean
revoke_op (SatchelVault *vault, gpointer data, GError **error)
{
  return satchel_invite_book_revoke (vault, "Anna", error);
}

static void
test_all_or_nothing (Fixture *fixture, gconstpointer data)
{
  test_assert_all_or_nothing (fixture->vault, issue_op, NULL);
  test_assert_all_or_nothing (fixture->vault, revoke_op, NULL);
}

int
main (int argc, char **argv)
{
  const struct {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
      {"/people/invite-book/issue", test_issue},
      {"/people/invite-book/not-issued", test_not_issued},
      {"/people/invite-book/not-lead", test_not_lead},
      {"/people/invite-book/revoke-unused", test_revoke_unused},
      {"/people/invite-book/revoke-used", test_revoke_used},
      {"/people/invite-book/revoke-member", test_revoke_member},
      {"/people/invite-book/revoked-until-expired", test_revoked_until_expired},
      {"/people/invite-book/all-or-nothing", test_all_or_nothing},
  };

  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
