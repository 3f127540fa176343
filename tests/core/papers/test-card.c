/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "papers/satchel-card.h"

#include <string.h>

#include "test-papers.h"

static gboolean
reads_card (const char *text, gssize size, gconstpointer data, GError **error)
{
  g_autoptr (SatchelCard) card = satchel_card_parse (text, size, error);

  return card != NULL;
}

static void
assert_same (const SatchelCard *a, const SatchelCard *b)
{
  g_assert_cmpstr (a->name, ==, b->name);
  g_assert_cmpint (a->role, ==, b->role);
  g_assert_true (satchel_public_keys_equal (&a->keys, &b->keys));
  g_assert_cmpstr (a->newsroom, ==, b->newsroom);
  g_assert_cmpstr (a->text, ==, b->text);
}

static void
test_round_trip (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TestPerson) person = test_person_new ("Анна Б.", SATCHEL_ROLE_EDITOR);
  g_autoptr (SatchelCard) card = satchel_card_sign ("Анна Б.", SATCHEL_ROLE_EDITOR, &person->keys,
                                                    "The Daily", person->minisign, &error);
  g_assert_no_error (error);
  g_autoptr (SatchelCard) read = satchel_card_parse (card->text, -1, &error);
  g_assert_no_error (error);
  g_autoptr (SatchelCard) copy = satchel_card_copy (read);

  assert_same (card, read);
  assert_same (card, copy);
  g_assert_true (satchel_public_keys_equal (&card->keys, &person->keys));
  g_assert_cmpstr (card->newsroom, ==, "The Daily");
  g_assert_null (person->card->newsroom);
  g_assert_cmpuint (strlen (card->text), <, SATCHEL_CARD_SIZE_MAX);
  g_assert_true (g_str_has_prefix (card->text, "satchel-card v1\nname: Анна Б.\nrole: editor\n"));
  test_assert_minisign_verifies (card->text, &card->keys.minisign);
}

static void
test_one_spelling (void)
{
  g_autoptr (TestPerson) person = test_person_new ("A", SATCHEL_ROLE_REPORTER);

  test_assert_one_spelling (person->card->text, 1, reads_card, NULL);
}

/* Signed well, and still no card. */
static void
test_rules (void)
{
  g_autoptr (TestPerson) person = test_person_new ("Anna", SATCHEL_ROLE_LEGAL);
  g_autofree char *access = satchel_access_key_format (person->keys.access);
  g_autofree char *again = satchel_access_key_format (person->keys.minisign.ed25519);
  g_autofree char *age = satchel_age_recipient_format (&person->keys.age);
  g_autofree char *upper_age = g_ascii_strup (age, -1);
  g_autofree char *long_name = g_strnfill (SATCHEL_CARD_NAME_MAX + 1, 'n');
  g_autofree char *longest_name = g_strnfill (SATCHEL_CARD_NAME_MAX, 'n');
  const TestPaperChange changes[] = {
      {"Anna", "Anna", -1},
      {"Anna", longest_name, -1},
      {"Anna", long_name, SATCHEL_PAPERS_ERROR_INVALID},
      {"Anna", "", SATCHEL_PAPERS_ERROR_INVALID},
      {"Anna", " Anna", SATCHEL_PAPERS_ERROR_INVALID},
      {"Anna", "Anna ", SATCHEL_PAPERS_ERROR_INVALID},
      {"Anna", "An\tna", SATCHEL_PAPERS_ERROR_INVALID},
      {"Anna", "An\rna", SATCHEL_PAPERS_ERROR_INVALID},
      {"Anna", "An\u202ena", SATCHEL_PAPERS_ERROR_INVALID},
      {"Anna", "An\u2028na", SATCHEL_PAPERS_ERROR_INVALID},
      {"name: Anna\n", "", SATCHEL_PAPERS_ERROR_INVALID},
      {"name: Anna\n", "name: Anna\nname: Anna\n", SATCHEL_PAPERS_ERROR_INVALID},
      {"name: Anna\n", "name: Anna\nphone: 1\n", SATCHEL_PAPERS_ERROR_INVALID},
      {"name: Anna", "name:Anna", SATCHEL_PAPERS_ERROR_INVALID},
      {"name: Anna\nrole: legal\n", "role: legal\nname: Anna\n", SATCHEL_PAPERS_ERROR_INVALID},
      {"role: legal", "role: Legal", SATCHEL_PAPERS_ERROR_INVALID},
      {"role: legal", "role: chief", SATCHEL_PAPERS_ERROR_INVALID},
      {age, upper_age, SATCHEL_PAPERS_ERROR_INVALID},
      {age, "age1", SATCHEL_PAPERS_ERROR_INVALID},
      {access, again, SATCHEL_PAPERS_ERROR_INVALID},
      {access, "QUJD", SATCHEL_PAPERS_ERROR_INVALID},
      {"minisign: ", "minisign: A", SATCHEL_PAPERS_ERROR_INVALID},
      {"satchel-card v1", "satchel-card v2", SATCHEL_PAPERS_ERROR_NEWER},
      {"satchel-card v1", "satchel-card v0", SATCHEL_PAPERS_ERROR_INVALID},
      {"satchel-card v1", "satchel-card v01", SATCHEL_PAPERS_ERROR_INVALID},
      {"satchel-card v1", "satchel-token v1", SATCHEL_PAPERS_ERROR_OTHER_KIND},
      {"satchel-card v1", "card v1", SATCHEL_PAPERS_ERROR_INVALID},
  };

  test_assert_changes (person->card->text, person->minisign, changes, G_N_ELEMENTS (changes),
                       reads_card, NULL);
}

/* A card proves that its keys belong together: somebody else's signature does not. */
static void
test_other_signer (void)
{
  g_autoptr (TestPerson) person = test_person_new ("Anna", SATCHEL_ROLE_REPORTER);
  g_autoptr (TestPerson) other = test_person_new ("Boris", SATCHEL_ROLE_REPORTER);
  g_autoptr (GError) error = NULL;
  g_autofree char *forged = test_resign (person->card->text, "Anna", "Anna", other->minisign);

  test_assert_refused (forged, reads_card, NULL, SATCHEL_PAPERS_ERROR_SIGNATURE);
  g_assert_null (satchel_card_sign ("Anna", SATCHEL_ROLE_REPORTER, &person->keys, NULL,
                                    other->minisign, &error));
  g_assert_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_SIGNATURE);
}

static void
test_refused_names (void)
{
  g_autoptr (TestPerson) person = test_person_new ("Anna", SATCHEL_ROLE_REPORTER);
  g_autofree char *long_name = g_strnfill (SATCHEL_CARD_NAME_MAX + 1, 'n');
  const char *const names[] = {"", " ", "two\nlines", "\x01", "\xff", long_name};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    for (guint j = 0; j < 2; j++) {
      g_autoptr (GError) error = NULL;
      g_assert_null (satchel_card_sign (j == 0 ? names[i] : "Anna", SATCHEL_ROLE_REPORTER,
                                        &person->keys, j == 0 ? NULL : names[i], person->minisign,
                                        &error));
      g_assert_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID);
    }
  }
}

static void
test_oversize (void)
{
  g_autofree char *huge = g_strnfill (SATCHEL_CARD_SIZE_MAX + 1, 'x');

  test_assert_refused (huge, reads_card, NULL, SATCHEL_PAPERS_ERROR_INVALID);
  test_assert_refused ("", reads_card, NULL, SATCHEL_PAPERS_ERROR_INVALID);
  test_assert_refused ("\n\n", reads_card, NULL, SATCHEL_PAPERS_ERROR_INVALID);
  test_assert_refused ("satchel-card v1\n\n", reads_card, NULL, SATCHEL_PAPERS_ERROR_INVALID);
  satchel_card_free (NULL);
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/papers/card/round-trip", test_round_trip);
  g_test_add_func ("/papers/card/one-spelling", test_one_spelling);
  g_test_add_func ("/papers/card/rules", test_rules);
  g_test_add_func ("/papers/card/other-signer", test_other_signer);
  g_test_add_func ("/papers/card/refused-names", test_refused_names);
  g_test_add_func ("/papers/card/oversize", test_oversize);
  return g_test_run ();
}
