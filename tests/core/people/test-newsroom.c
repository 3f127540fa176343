/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-newsroom.h"

#include <string.h>

#include "people/satchel-contact.h"
#include "test-papers.h"
#include "test-people.h"
#include "test-support.h"

#define NOW   G_GINT64_CONSTANT (1700000000000000)
#define VALID (SATCHEL_NEWSROOM_VALID_DAYS * G_TIME_SPAN_DAY)

typedef struct {
  char *folder;
  SatchelVault *vault;
  TestPerson *lead; /* of the cards that are admitted */
  TestPerson *lawyer;
  TestPerson *editor;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  test_set_now (NOW);
  fixture->folder = test_scratch_new ();
  fixture->vault = test_vault_new (fixture->folder, "Owner", SATCHEL_ROLE_EDITOR);
  fixture->lead = test_person_new ("Lead", SATCHEL_ROLE_EDITOR);
  fixture->lawyer = test_person_new ("Lawyer", SATCHEL_ROLE_LEGAL);
  fixture->editor = test_person_new ("Editor", SATCHEL_ROLE_EDITOR);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  satchel_vault_close (fixture->vault);
  test_person_free (fixture->lead);
  test_person_free (fixture->lawyer);
  test_person_free (fixture->editor);
  test_scratch_free (fixture->folder);
  test_set_now (0);
}

static GPtrArray *
list_cards (TestPerson *first, TestPerson *second)
{
  GPtrArray *cards = g_ptr_array_new ();

  g_ptr_array_add (cards, first->card);
  if (second != NULL)
    g_ptr_array_add (cards, second->card);
  return cards;
}

static SatchelNewsroomCard *
create (Fixture *fixture, GPtrArray *members)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) receipt = satchel_minisign_pair_new (NULL);
  g_autoptr (SatchelIntakeCard) intake = test_intake_card (receipt);
  g_autoptr (GPtrArray) intakes = g_ptr_array_new ();

  g_ptr_array_add (intakes, intake);
  SatchelNewsroomCard *card =
      satchel_newsroom_create (fixture->vault, "The Daily", intakes, members, &error);
  g_assert_no_error (error);
  return card;
}

static SatchelNewsroomCard *
update (Fixture *fixture, const SatchelNewsroomChange *change)
{
  g_autoptr (GError) error = NULL;
  SatchelNewsroomCard *card = satchel_newsroom_update (fixture->vault, change, &error);

  g_assert_no_error (error);
  return card;
}

static SatchelNewsroomOutcome
admit (Fixture *fixture, const SatchelNewsroomCard *card)
{
  g_autoptr (GError) error = NULL;
  SatchelNewsroomOutcome outcome = SATCHEL_NEWSROOM_SAME;

  g_assert_true (satchel_newsroom_admit (fixture->vault, card, &outcome, &error));
  g_assert_no_error (error);
  return outcome;
}

/* State of the contact with that person's keys; -1 for none. */
static int
state_of (Fixture *fixture, TestPerson *person)
{
  g_autoptr (SatchelContact) contact =
      satchel_contact_find_by_minisign (fixture->vault, &person->keys.minisign, NULL);

  return contact != NULL ? (int) contact->state : -1;
}

static guint
count_alarms (Fixture *fixture)
{
  g_autoptr (GPtrArray) alarms = satchel_contact_list_alarms (fixture->vault, NULL);

  return alarms->len;
}

static guint
count_recipients (Fixture *fixture)
{
  g_autoptr (GPtrArray) cards = satchel_newsroom_list_recipients (fixture->vault, NULL);

  return cards != NULL ? cards->len : 0;
}

static void
test_create (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) members = list_cards (fixture->lawyer, fixture->editor);

  g_assert_null (satchel_newsroom_load (fixture->vault, &error));
  g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NO_NEWSROOM);
  g_clear_error (&error);
  g_autoptr (SatchelNewsroomCard) card = create (fixture, members);
  g_autoptr (SatchelNewsroom) loaded = satchel_newsroom_load (fixture->vault, &error);
  g_assert_no_error (error);
  g_autoptr (SatchelCard) own = satchel_identity_load_card (fixture->vault, NULL);

  g_assert_cmpstr (loaded->card->text, ==, card->text);
  g_assert_true (loaded->is_lead);
  g_assert_false (loaded->is_stale);
  g_assert_cmpint (loaded->admitted_unix_us, ==, NOW);
  g_assert_cmpuint (card->number, ==, 1);
  g_assert_cmpint (card->issued_unix_us, ==, NOW);
  g_assert_cmpint (card->valid_until_unix_us, ==, NOW + VALID);
  g_assert_cmpuint (card->members->len, ==, 3);
  g_assert_cmpuint (card->intakes->len, ==, 1);
  g_assert_true (satchel_minisign_key_equal (&card->lead, &own->keys.minisign));
  g_assert_cmpstr (own->newsroom, ==, "The Daily");
  g_assert_cmpint (state_of (fixture, fixture->lawyer), ==, SATCHEL_CONTACT_INVITED);
  g_assert_cmpuint (count_recipients (fixture), ==, 2);
  g_assert_null (satchel_newsroom_create (fixture->vault, "Other", NULL, NULL, &error));
  g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_EXISTS);
  test_set_now (NOW + VALID + 1);
  g_autoptr (SatchelNewsroom) late = satchel_newsroom_load (fixture->vault, NULL);
  g_assert_true (late->is_stale);
}

/* A member whose card clashes: nothing of the newsroom is made. */
static void
test_create_clash (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestPerson) other = test_person_new ("Lawyer", SATCHEL_ROLE_LEGAL);
  g_autoptr (GPtrArray) members = list_cards (fixture->lawyer, other);
  g_autofree char *before = test_people_snapshot (fixture->vault);
  g_autoptr (GError) error = NULL;

  g_assert_null (satchel_newsroom_create (fixture->vault, "Daily", NULL, members, &error));
  g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_ALARM);
  g_clear_error (&error);
  g_assert_null (satchel_newsroom_create (fixture->vault, "", NULL, NULL, &error));
  g_assert_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID);
  g_autofree char *after = test_people_snapshot (fixture->vault);
  g_assert_cmpstr (before, ==, after);
}

static void
test_update (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SatchelNewsroomCard) first = create (fixture, NULL);
  g_autoptr (GPtrArray) members = list_cards (fixture->lawyer, fixture->editor);
  const SatchelNewsroomChange add = {
      .add = members, .name = "The Nightly", .recovery_k = 2, .recovery_n = 3};

  g_assert_cmpuint (count_recipients (fixture), ==, 0);
  test_set_now (NOW + G_TIME_SPAN_DAY);
  g_autoptr (SatchelNewsroomCard) second = update (fixture, &add);
  g_autoptr (SatchelNewsroomCard) third = update (fixture, NULL);
  g_autoptr (SatchelCard) own = satchel_identity_load_card (fixture->vault, NULL);
  g_assert_cmpuint (second->number, ==, 2);
  g_assert_cmpuint (third->number, ==, 3);
  g_assert_cmpint (third->valid_until_unix_us, ==, NOW + G_TIME_SPAN_DAY + VALID);
  g_assert_cmpstr (third->name, ==, "The Nightly");
  g_assert_cmpstr (own->newsroom, ==, "The Nightly");
  g_assert_cmpuint (third->members->len, ==, 3);
  g_assert_cmpuint (third->intakes->len, ==, 1);
  g_assert_cmpuint (third->recovery_k, ==, 2);
  g_assert_cmpuint (count_recipients (fixture), ==, 2);
  g_assert_cmpint (admit (fixture, third), ==, SATCHEL_NEWSROOM_SAME);
  g_assert_cmpint (admit (fixture, first), ==, SATCHEL_NEWSROOM_OLDER);
}

static void
test_remove (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) members = list_cards (fixture->lawyer, fixture->editor);
  const SatchelNewsroomChange remove = {.remove = "lawyer"};
  const SatchelNewsroomChange again = {.add = members};
  g_autoptr (SatchelNewsroomCard) first = create (fixture, members);
  g_autoptr (SatchelNewsroomCard) second = update (fixture, &remove);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (second->members->len, ==, 2);
  g_assert_null (
      satchel_newsroom_card_find_by_minisign (second, &fixture->lawyer->keys.minisign));
  g_assert_cmpint (state_of (fixture, fixture->lawyer), ==, SATCHEL_CONTACT_RETIRED);
  g_assert_cmpuint (test_ledger_count (fixture->vault, SATCHEL_ACTION_REVOKED, NULL), ==, 1);
  g_assert_null (satchel_newsroom_update (fixture->vault, &remove, &error));
  g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NOT_FOUND);
  g_autoptr (SatchelNewsroomCard) third = update (fixture, &again);
  g_assert_cmpuint (third->members->len, ==, 3);
  g_assert_cmpint (state_of (fixture, fixture->lawyer), ==, SATCHEL_CONTACT_INVITED);
}

/* A lost laptop: the name comes back with new keys, in one change. */
static void
test_replace_member (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) members = list_cards (fixture->lawyer, NULL);
  g_autoptr (TestPerson) anew = test_person_new ("Lawyer", SATCHEL_ROLE_LEGAL);
  g_autoptr (GPtrArray) news = list_cards (anew, NULL);
  const SatchelNewsroomChange change = {.remove = "Lawyer", .add = news};
  g_autoptr (SatchelNewsroomCard) first = create (fixture, members);
  g_autoptr (SatchelNewsroomCard) second = update (fixture, &change);

  g_assert_cmpuint (second->members->len, ==, 2);
  g_assert_cmpint (state_of (fixture, fixture->lawyer), ==, SATCHEL_CONTACT_RETIRED);
  g_assert_cmpint (state_of (fixture, anew), ==, SATCHEL_CONTACT_INVITED);
  g_assert_cmpuint (count_alarms (fixture), ==, 0);
}

static void
test_not_lead (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelNewsroomCard) card = test_newsroom_card (fixture->lead, 1, NOW, NULL);

  g_assert_null (satchel_newsroom_update (fixture->vault, NULL, &error));
  g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NO_NEWSROOM);
  g_clear_error (&error);
  g_assert_cmpint (admit (fixture, card), ==, SATCHEL_NEWSROOM_PINNED);
  g_assert_null (satchel_newsroom_update (fixture->vault, NULL, &error));
  g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NOT_LEAD);
}

/* Outcomes in a row, at a vault that is shown cards. */
static void
test_admit (Fixture *fixture, gconstpointer data)
{
  TestPerson *lead = fixture->lead, *lawyer = fixture->lawyer, *editor = fixture->editor;
  g_autoptr (SatchelNewsroomCard) two = test_newsroom_card (lead, 2, NOW, lawyer, NULL);
  g_autoptr (SatchelNewsroomCard) two_b = test_newsroom_card (lead, 2, NOW, lawyer, NULL);
  g_autoptr (SatchelNewsroomCard) one = test_newsroom_card (lead, 1, NOW, lawyer, editor, NULL);
  g_autoptr (SatchelNewsroomCard) five = test_newsroom_card (lead, 5, NOW, editor, NULL);
  g_autoptr (SatchelNewsroomCard) other = test_newsroom_card (editor, 9, NOW, lawyer, NULL);
  const struct {
    const SatchelNewsroomCard *card;
    SatchelNewsroomOutcome outcome;
    guint64 number;
    int lawyer, editor;
    guint alarms;
  } table[] = {
      {two, SATCHEL_NEWSROOM_PINNED, 2, SATCHEL_CONTACT_INVITED, -1, 0},
      {two, SATCHEL_NEWSROOM_SAME, 2, SATCHEL_CONTACT_INVITED, -1, 0},
      {one, SATCHEL_NEWSROOM_OLDER, 2, SATCHEL_CONTACT_INVITED, -1, 0},
      {two_b, SATCHEL_NEWSROOM_ALARM, 2, SATCHEL_CONTACT_INVITED, -1, 1},
      {other, SATCHEL_NEWSROOM_ALARM, 2, SATCHEL_CONTACT_INVITED, -1, 2},
      {five, SATCHEL_NEWSROOM_UPDATED, 5, SATCHEL_CONTACT_RETIRED, SATCHEL_CONTACT_INVITED, 2},
      {other, SATCHEL_NEWSROOM_ALARM, 5, SATCHEL_CONTACT_RETIRED, SATCHEL_CONTACT_INVITED, 2},
      {two, SATCHEL_NEWSROOM_OLDER, 5, SATCHEL_CONTACT_RETIRED, SATCHEL_CONTACT_INVITED, 2},
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_assert_cmpint (admit (fixture, table[i].card), ==, table[i].outcome);
    g_autoptr (SatchelNewsroom) loaded = satchel_newsroom_load (fixture->vault, NULL);
    g_assert_cmpuint (loaded->card->number, ==, table[i].number);
    g_assert_false (loaded->is_lead);
    g_assert_cmpint (state_of (fixture, lead), ==, SATCHEL_CONTACT_INVITED);
    g_assert_cmpint (state_of (fixture, lawyer), ==, table[i].lawyer);
    g_assert_cmpint (state_of (fixture, editor), ==, table[i].editor);
    g_assert_cmpuint (count_alarms (fixture), ==, table[i].alarms);
  }
  g_assert_cmpuint (count_recipients (fixture), ==, 2);
  g_assert_cmpuint (test_ledger_count (fixture->vault, SATCHEL_ACTION_ALARM, NULL), ==, 2);
}

/* The lead is known under other keys: not pinned. */
static void
test_false_lead (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestPerson) false_lead = test_person_new ("lead", SATCHEL_ROLE_EDITOR);
  g_autoptr (SatchelNewsroomCard) card = test_newsroom_card (false_lead, 1, NOW, NULL);
  g_autoptr (SatchelNewsroomCard) good = test_newsroom_card (fixture->lead, 1, NOW, NULL);
  SatchelContactOutcome outcome;

  g_assert_true (
      satchel_contact_add (fixture->vault, fixture->lead->card, &outcome, NULL, NULL));
  g_assert_cmpint (admit (fixture, card), ==, SATCHEL_NEWSROOM_ALARM);
  g_assert_null (satchel_newsroom_load (fixture->vault, NULL));
  g_assert_cmpuint (count_alarms (fixture), ==, 1);
  g_assert_cmpint (admit (fixture, good), ==, SATCHEL_NEWSROOM_PINNED);
}

/* One member clashes: an alarm and no recipient; the others are. */
static void
test_false_member (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestPerson) false_lawyer = test_person_new ("LAWYER", SATCHEL_ROLE_LEGAL);
  g_autoptr (SatchelNewsroomCard) card =
      test_newsroom_card (fixture->lead, 1, NOW, false_lawyer, fixture->editor, NULL);
  SatchelContactOutcome outcome;

  g_assert_true (
      satchel_contact_add (fixture->vault, fixture->lawyer->card, &outcome, NULL, NULL));
  g_assert_cmpint (admit (fixture, card), ==, SATCHEL_NEWSROOM_PINNED);
  g_assert_cmpuint (count_alarms (fixture), ==, 1);
  g_assert_cmpint (state_of (fixture, false_lawyer), ==, -1);
  g_assert_cmpint (state_of (fixture, fixture->lawyer), ==, SATCHEL_CONTACT_UNKNOWN);
  g_assert_cmpuint (count_recipients (fixture), ==, 2);
}

static void
test_verified_stays (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SatchelNewsroomCard) one =
      test_newsroom_card (fixture->lead, 1, NOW, fixture->lawyer, NULL);
  g_autoptr (SatchelNewsroomCard) two =
      test_newsroom_card (fixture->lead, 2, NOW, fixture->lawyer, NULL);
  g_autofree char *words = satchel_public_keys_dup_safety_words (&fixture->lawyer->keys);

  admit (fixture, one);
  g_autoptr (SatchelContact) contact = satchel_contact_find (fixture->vault, "Lawyer", NULL);
  g_assert_true (contact->is_member);
  g_assert_true (satchel_contact_verify (fixture->vault, contact->id, words, NULL));
  g_assert_cmpint (admit (fixture, two), ==, SATCHEL_NEWSROOM_UPDATED);
  g_assert_cmpint (state_of (fixture, fixture->lawyer), ==, SATCHEL_CONTACT_VERIFIED);
}

static void
test_recipients_of_nobody (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (satchel_newsroom_list_recipients (fixture->vault, &error));
  g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NO_NEWSROOM);
  g_clear_error (&error);
  g_autoptr (SatchelNewsroomCard) card = create (fixture, NULL);
  g_assert_null (satchel_newsroom_list_recipients (fixture->vault, &error));
  g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NO_MEMBER);
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SatchelNewsroomCard) card = create (fixture, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (satchel_db_execute (satchel_vault_get_db (fixture->vault),
                                     "UPDATE newsroom SET lead = zeroblob (40)", NULL));
  g_assert_null (satchel_newsroom_load (fixture->vault, &error));
  g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_DAMAGED);
}

static gboolean
create_op (SatchelVault *vault, gpointer data, GError **error)
{
  g_autoptr (SatchelNewsroomCard) card =
      satchel_newsroom_create (vault, "The Daily", NULL, data, error);

  return card != NULL;
}

static gboolean
update_op (SatchelVault *vault, gpointer data, GError **error)
{
  g_autoptr (SatchelNewsroomCard) card = satchel_newsroom_update (vault, data, error);

  return card != NULL;
}

static gboolean
admit_op (SatchelVault *vault, gpointer data, GError **error)
{
  SatchelNewsroomOutcome outcome;

  return satchel_newsroom_admit (vault, data, &outcome, error);
}

static void
test_all_or_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) members = list_cards (fixture->lawyer, NULL);
  g_autoptr (GPtrArray) more = list_cards (fixture->editor, NULL);
  SatchelNewsroomChange change = {.name = "Nightly", .add = more, .remove = "Lawyer"};

  test_assert_all_or_nothing (fixture->vault, create_op, members);
  test_assert_all_or_nothing (fixture->vault, update_op, &change);
}

static void
test_admit_all_or_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SatchelNewsroomCard) one =
      test_newsroom_card (fixture->lead, 1, NOW, fixture->lawyer, NULL);
  g_autoptr (SatchelNewsroomCard) two =
      test_newsroom_card (fixture->lead, 2, NOW, fixture->editor, NULL);

  test_assert_all_or_nothing (fixture->vault, admit_op, one);
  test_assert_all_or_nothing (fixture->vault, admit_op, two);
}

int
main (int argc, char **argv)
{
  const struct {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
      {"/people/newsroom/create", test_create},
      {"/people/newsroom/create-clash", test_create_clash},
      {"/people/newsroom/update", test_update},
      {"/people/newsroom/remove", test_remove},
      {"/people/newsroom/replace-member", test_replace_member},
      {"/people/newsroom/not-lead", test_not_lead},
      {"/people/newsroom/admit", test_admit},
      {"/people/newsroom/false-lead", test_false_lead},
      {"/people/newsroom/false-member", test_false_member},
      {"/people/newsroom/verified-stays", test_verified_stays},
      {"/people/newsroom/recipients-of-nobody", test_recipients_of_nobody},
      {"/people/newsroom/damaged", test_damaged},
      {"/people/newsroom/all-or-nothing", test_all_or_nothing},
      {"/people/newsroom/admit-all-or-nothing", test_admit_all_or_nothing},
  };

  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
