/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-contact.h"

#include <string.h>

#include "test-papers.h"
#include "test-people.h"
#include "test-support.h"

typedef struct {
  char *folder;
  SatchelVault *vault;
  TestPerson *anna;
  TestPerson *boris;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = test_scratch_new ();
  fixture->vault = test_vault_new (fixture->folder, "Desk", SATCHEL_ROLE_EDITOR);
  fixture->anna = test_person_new ("Anna", SATCHEL_ROLE_REPORTER);
  fixture->boris = test_person_new ("Boris", SATCHEL_ROLE_REPORTER);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  satchel_vault_close (fixture->vault);
  test_person_free (fixture->anna);
  test_person_free (fixture->boris);
  test_scratch_free (fixture->folder);
}

/* The outcome of showing a card; its contact in *@contact (nullable). */
static SatchelContactOutcome
show (Fixture *fixture, const SatchelCard *card, SatchelContact **contact)
{
  g_autoptr (GError) error = NULL;
  SatchelContactOutcome outcome = SATCHEL_CONTACT_ALARM;

  g_assert_true (satchel_contact_add (fixture->vault, card, &outcome, contact, &error));
  g_assert_no_error (error);
  return outcome;
}

static SatchelContact *
find (Fixture *fixture, const char *name)
{
  g_autoptr (GError) error = NULL;
  SatchelContact *contact = satchel_contact_find (fixture->vault, name, &error);

  g_assert_no_error (error);
  return contact;
}

static void
assert_not_found (Fixture *fixture, const char *name, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (satchel_contact_find (fixture->vault, name, &error));
  g_assert_error (error, SATCHEL_PEOPLE_ERROR, code);
}

static void
verify (Fixture *fixture, const SatchelContact *contact)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *words = satchel_public_keys_dup_safety_words (&contact->card->keys);

  g_assert_true (satchel_contact_verify (fixture->vault, contact->id, words, &error));
  g_assert_no_error (error);
}

static void
test_add (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SatchelContact) contact = NULL;
  g_autoptr (SatchelContact) again = NULL;

  g_assert_cmpint (show (fixture, fixture->anna->card, &contact), ==, SATCHEL_CONTACT_ADDED);
  g_assert_cmpint (contact->state, ==, SATCHEL_CONTACT_UNKNOWN);
  g_assert_cmpstr (contact->name, ==, "Anna");
  g_assert_false (contact->is_member);
  g_assert_null (contact->return_mailbox);
  g_assert_cmpint (contact->verified_unix_us, ==, 0);
  g_assert_false (satchel_contact_may_send (contact));
  g_assert_cmpint (show (fixture, fixture->anna->card, &again), ==, SATCHEL_CONTACT_KNOWN);
  g_assert_cmpstr (contact->id, ==, again->id);
  g_assert_cmpuint (test_ledger_count (fixture->vault, SATCHEL_ACTION_TRUSTED, contact->id), ==, 1);
}

static void
test_own_card (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelCard) own = satchel_identity_load_card (fixture->vault, NULL);
  SatchelContactOutcome outcome;

  g_assert_false (satchel_contact_add (fixture->vault, own, &outcome, NULL, &error));
  g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_EXISTS);
}

/* The same keys with another name or newsroom on the card. */
static void
test_newer_card (Fixture *fixture, gconstpointer data)
{
  TestPerson *anna = fixture->anna;
  g_autoptr (SatchelCard) renamed = satchel_card_sign ("Anna B.", SATCHEL_ROLE_REPORTER,
                                                       &anna->keys, "Daily", anna->minisign, NULL);
  g_autoptr (SatchelCard) taken = satchel_card_sign ("Boris", SATCHEL_ROLE_REPORTER, &anna->keys,
                                                     "Daily", anna->minisign, NULL);
  g_autoptr (SatchelContact) contact = NULL;

  show (fixture, anna->card, NULL);
  show (fixture, fixture->boris->card, NULL);
  g_assert_cmpint (show (fixture, renamed, &contact), ==, SATCHEL_CONTACT_KNOWN);
  g_assert_cmpstr (contact->name, ==, "Anna B.");
  g_assert_cmpstr (contact->card->newsroom, ==, "Daily");
  assert_not_found (fixture, "Anna", SATCHEL_PEOPLE_ERROR_NOT_FOUND);
  g_assert_cmpint (show (fixture, taken, NULL), ==, SATCHEL_CONTACT_ALARM);
  g_autoptr (SatchelContact) still = find (fixture, "Anna B.");
  g_assert_cmpstr (still->card->text, ==, renamed->text);
}

/* Every way in which a card can clash: the first key stays, the alarm is kept and told. */
static void
test_alarms (Fixture *fixture, gconstpointer data)
{
  const char *const names[] = {"Anna", "ANNA", "an\u00adna", "Else", "Else", "Else"};
  TestPerson *anna = fixture->anna;
  g_autoptr (SatchelContact) first = NULL;
  guint alarms = 0;

  show (fixture, anna->card, &first);
  verify (fixture, first);
  for (guint part = 0; part < G_N_ELEMENTS (names); part++) {
    g_autoptr (TestPerson) other = test_person_new ("Somebody else", SATCHEL_ROLE_REPORTER);
    SatchelPublicKeys keys = other->keys;
    g_autoptr (SatchelContact) shown = NULL;
    if (part == 3)
      keys.age = anna->keys.age;
    if (part == 4)
      memcpy (keys.access, anna->keys.access, sizeof keys.access);
    if (part == 5)
      keys.minisign = anna->keys.minisign;
    g_autoptr (SatchelCard) card =
        satchel_card_sign (names[part], SATCHEL_ROLE_REPORTER, &keys, NULL,
                           part == 5 ? anna->minisign : other->minisign, NULL);
    alarms++;
    g_assert_cmpint (show (fixture, card, &shown), ==, SATCHEL_CONTACT_ALARM);
    g_assert_cmpstr (shown->id, ==, first->id);
    g_assert_cmpuint (shown->alarms, ==, alarms);
    g_assert_cmpstr (shown->card->text, ==, anna->card->text);
    g_assert_cmpint (shown->state, ==, SATCHEL_CONTACT_VERIFIED);
    g_assert_cmpint (show (fixture, card, NULL), ==, SATCHEL_CONTACT_ALARM); /* kept once */
  }
  g_autoptr (GPtrArray) kept = satchel_contact_list_alarms (fixture->vault, NULL);
  g_autoptr (GPtrArray) contacts = satchel_contact_list (fixture->vault, NULL);
  const SatchelContactAlarm *last = g_ptr_array_index (kept, 0);
  g_assert_cmpuint (kept->len, ==, alarms);
  g_assert_cmpstr (last->contact_id, ==, first->id);
  g_assert_true (satchel_minisign_key_equal (&last->card->keys.minisign, &anna->keys.minisign));
  g_assert_cmpuint (contacts->len, ==, 1);
  g_assert_cmpuint (test_ledger_count (fixture->vault, SATCHEL_ACTION_ALARM, first->id), ==,
                    alarms);
}

static void
test_shares_key_with_owner (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SatchelCard) own = satchel_identity_load_card (fixture->vault, NULL);
  SatchelPublicKeys keys = fixture->boris->keys;
  SatchelContact *contact = NULL;

  keys.age = own->keys.age;
  g_autoptr (SatchelCard) card = satchel_card_sign ("Boris", SATCHEL_ROLE_REPORTER, &keys, NULL,
                                                    fixture->boris->minisign, NULL);
  g_assert_cmpint (show (fixture, card, &contact), ==, SATCHEL_CONTACT_ALARM);
  g_assert_null (contact);
  g_autoptr (GPtrArray) kept = satchel_contact_list_alarms (fixture->vault, NULL);
  const SatchelContactAlarm *alarm = g_ptr_array_index (kept, 0);
  g_assert_cmpuint (kept->len, ==, 1);
  g_assert_null (alarm->contact_id);
}

/* Names that look alike are the same name. */
static void
test_look_alikes (Fixture *fixture, gconstpointer data)
{
  const char *const names[] = {"ANNA", "Ａｎｎａ", "An\u200bna", "An\u00adna"};

  show (fixture, fixture->anna->card, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (TestPerson) other = test_person_new (names[i], SATCHEL_ROLE_REPORTER);
    g_assert_cmpint (show (fixture, other->card, NULL), ==, SATCHEL_CONTACT_ALARM);
  }
}

static void
test_verify (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SatchelContact) contact = NULL;
  g_autofree char *words = satchel_public_keys_dup_safety_words (&fixture->anna->keys);
  g_autofree char *others = satchel_public_keys_dup_safety_words (&fixture->boris->keys);
  g_autofree char *shouted = g_ascii_strup (words, -1);
  const char *const wrong[] = {"", "abacus", others};

  show (fixture, fixture->anna->card, &contact);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (satchel_contact_verify (fixture->vault, contact->id, wrong[i], &error));
    g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_WORDS);
  }
  g_autoptr (GError) error = NULL;
  g_assert_false (satchel_contact_verify (fixture->vault, "00112233445566778899aabbccddeeff",
                                          words, &error));
  g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NOT_FOUND);
  g_autoptr (SatchelContact) before = find (fixture, "Anna");
  g_assert_cmpint (before->state, ==, SATCHEL_CONTACT_UNKNOWN);
  g_assert_true (satchel_contact_verify (fixture->vault, contact->id, shouted, NULL));
  g_assert_true (satchel_contact_verify (fixture->vault, contact->id, words, NULL));
  g_autoptr (SatchelContact) after = find (fixture, "anna");
  g_assert_cmpint (after->state, ==, SATCHEL_CONTACT_VERIFIED);
  g_assert_cmpint (after->verified_unix_us, >, 0);
  g_assert_true (satchel_contact_may_send (after));
  g_assert_cmpuint (test_ledger_count (fixture->vault, SATCHEL_ACTION_TRUSTED, contact->id), ==, 2);
}

static void
test_find (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SatchelContact) contact = NULL;

  show (fixture, fixture->anna->card, &contact);
  show (fixture, fixture->boris->card, NULL);
  g_autofree char *prefix = g_strndup (contact->id, 12);
  g_autofree char *upper = g_ascii_strup (prefix, -1);
  g_autofree char *brief = g_strndup (contact->id, 3);
  const char *const good[] = {"Anna", "anna", " ANNA ", contact->id, prefix, upper};
  const char *const none[] = {"", "Ann", "%", "_nna", "zzzz", "0123456789", brief};

  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    g_autoptr (SatchelContact) found = find (fixture, good[i]);
    g_assert_cmpstr (found->id, ==, contact->id);
  }
  for (guint i = 0; i < G_N_ELEMENTS (none); i++)
    assert_not_found (fixture, none[i], SATCHEL_PEOPLE_ERROR_NOT_FOUND);
}

/* Ids that begin alike, and a name that is also the beginning of an id. */
static void
test_ambiguous (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestPerson) cafe = test_person_new ("cafe", SATCHEL_ROLE_REPORTER);
  SatchelDb *db = satchel_vault_get_db (fixture->vault);

  show (fixture, fixture->anna->card, NULL);
  show (fixture, fixture->boris->card, NULL);
  g_assert_true (satchel_db_execute (
      db, "UPDATE contact SET id = 'cafe' || substr (id, 5)", NULL));
  assert_not_found (fixture, "cafe", SATCHEL_PEOPLE_ERROR_AMBIGUOUS);
  show (fixture, cafe->card, NULL);
  g_autoptr (SatchelContact) found = find (fixture, "cafe");
  g_assert_cmpstr (found->name, ==, "cafe");
}

static void
test_find_by_key (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelContact) contact = NULL;
  SatchelMinisignKey key = fixture->anna->keys.minisign;

  show (fixture, fixture->anna->card, &contact);
  g_autoptr (SatchelContact) one =
      satchel_contact_find_by_minisign (fixture->vault, &key, &error);
  g_autoptr (SatchelContact) two =
      satchel_contact_find_by_age (fixture->vault, &fixture->anna->keys.age, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (one->id, ==, contact->id);
  g_assert_cmpstr (two->id, ==, contact->id);
  g_assert_null (satchel_contact_find_by_minisign (fixture->vault, &fixture->boris->keys.minisign,
                                                   &error));
  g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  key.key_id[0] ^= 1; /* the full key counts, its id too */
  g_assert_null (satchel_contact_find_by_minisign (fixture->vault, &key, &error));
  g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NOT_FOUND);
  g_assert_null (
      satchel_contact_find_by_age (fixture->vault, &fixture->boris->keys.age, NULL));
}

static void
test_list (Fixture *fixture, gconstpointer data)
{
  show (fixture, fixture->boris->card, NULL);
  show (fixture, fixture->anna->card, NULL);
  g_autoptr (GPtrArray) all = satchel_contact_list (fixture->vault, NULL);
  const SatchelContact *first = g_ptr_array_index (all, 0);
  const SatchelContact *second = g_ptr_array_index (all, 1);

  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpstr (first->name, ==, "Anna");
  g_assert_cmpstr (second->name, ==, "Boris");
}

static void
test_may_send (Fixture *fixture, gconstpointer data)
{
  const struct {
    SatchelContactState state;
    gboolean is_member;
    gboolean may;
  } table[] = {
      {SATCHEL_CONTACT_UNKNOWN, FALSE, FALSE},
      {SATCHEL_CONTACT_UNKNOWN, TRUE, TRUE},
      {SATCHEL_CONTACT_INVITED, FALSE, TRUE},
      {SATCHEL_CONTACT_VERIFIED, FALSE, TRUE},
      {SATCHEL_CONTACT_RETIRED, FALSE, FALSE},
      {SATCHEL_CONTACT_RETIRED, TRUE, FALSE},
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    SatchelContact contact = {.state = table[i].state, .is_member = table[i].is_member};
    g_assert_true (satchel_contact_may_send (&contact) == table[i].may);
    g_assert_nonnull (satchel_contact_state_to_text (table[i].state));
  }
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  show (fixture, fixture->anna->card, NULL);
  g_assert_true (satchel_db_execute (satchel_vault_get_db (fixture->vault),
                                     "UPDATE contact SET card = replace (card, 'Anna', 'Amna')",
                                     NULL));
  g_assert_null (satchel_contact_list (fixture->vault, &error));
  g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_DAMAGED);
}

static gboolean
add_op (SatchelVault *vault, gpointer data, GError **error)
{
  SatchelContactOutcome outcome;

  return satchel_contact_add (vault, data, &outcome, NULL, error);
}

static void
test_all_or_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestPerson) false_anna = test_person_new ("Anna", SATCHEL_ROLE_REPORTER);

  test_assert_all_or_nothing (fixture->vault, add_op, fixture->anna->card);
  test_assert_all_or_nothing (fixture->vault, add_op, false_anna->card);
}

/* An alarm stands or falls with the caller's transaction. */
static void
test_in_callers_transaction (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestPerson) false_anna = test_person_new ("Anna", SATCHEL_ROLE_REPORTER);
  SatchelDb *db = satchel_vault_get_db (fixture->vault);

  show (fixture, fixture->anna->card, NULL);
  g_autofree char *before = test_people_snapshot (fixture->vault);
  g_assert_true (satchel_db_begin (db, NULL));
  g_assert_cmpint (show (fixture, false_anna->card, NULL), ==, SATCHEL_CONTACT_ALARM);
  g_assert_cmpint (show (fixture, fixture->boris->card, NULL), ==, SATCHEL_CONTACT_ADDED);
  satchel_db_rollback (db);
  g_autofree char *after = test_people_snapshot (fixture->vault);
  g_assert_cmpstr (before, ==, after);
}

int
main (int argc, char **argv)
{
  const struct {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
      {"/people/contact/add", test_add},
      {"/people/contact/own-card", test_own_card},
      {"/people/contact/newer-card", test_newer_card},
      {"/people/contact/alarms", test_alarms},
      {"/people/contact/shares-key-with-owner", test_shares_key_with_owner},
      {"/people/contact/look-alikes", test_look_alikes},
      {"/people/contact/verify", test_verify},
      {"/people/contact/find", test_find},
      {"/people/contact/ambiguous", test_ambiguous},
      {"/people/contact/find-by-key", test_find_by_key},
      {"/people/contact/list", test_list},
      {"/people/contact/may-send", test_may_send},
      {"/people/contact/damaged", test_damaged},
      {"/people/contact/all-or-nothing", test_all_or_nothing},
      {"/people/contact/in-callers-transaction", test_in_callers_transaction},
  };

  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
