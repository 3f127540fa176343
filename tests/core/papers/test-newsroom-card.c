/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "papers/satchel-newsroom-card.h"

#include <string.h>

#include "test-papers.h"

#define ISSUED G_GINT64_CONSTANT (1700000000000000)
#define VALID  (SATCHEL_NEWSROOM_VALID_DAYS * G_TIME_SPAN_DAY)

typedef struct {
  TestPerson *lead;
  TestPerson *lawyer;
  SatchelSecret *receipt;
  SatchelNewsroomCard *draft;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->lead = test_person_new ("Lead", SATCHEL_ROLE_EDITOR);
  fixture->lawyer = test_person_new ("Lawyer", SATCHEL_ROLE_LEGAL);
  fixture->receipt = satchel_minisign_pair_new (NULL);
  fixture->draft = satchel_newsroom_card_new ();
  fixture->draft->name = g_strdup ("The Daily");
  fixture->draft->number = 3;
  fixture->draft->issued_unix_us = ISSUED;
  fixture->draft->valid_until_unix_us = ISSUED + VALID;
  g_ptr_array_add (fixture->draft->members, satchel_card_copy (fixture->lead->card));
  g_ptr_array_add (fixture->draft->members, satchel_card_copy (fixture->lawyer->card));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  test_person_free (fixture->lead);
  test_person_free (fixture->lawyer);
  satchel_secret_unref (fixture->receipt);
  satchel_newsroom_card_free (fixture->draft);
}

static gboolean
reads_newsroom (const char *text, gssize size, gconstpointer data, GError **error)
{
  g_autoptr (SatchelNewsroomCard) card = satchel_newsroom_card_parse (text, size, data, error);

  return card != NULL;
}

static SatchelNewsroomCard *
sign (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  SatchelNewsroomCard *card =
      satchel_newsroom_card_sign (fixture->draft, fixture->lead->minisign, &error);

  g_assert_no_error (error);
  return card;
}

static void
assert_unsignable (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (satchel_newsroom_card_sign (fixture->draft, fixture->lead->minisign, &error));
  g_assert_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID);
}

static void
fill (Fixture *fixture)
{
  g_autoptr (GBytes) anchor = test_vector ("certificates", "authority2.der");

  g_ptr_array_add (fixture->draft->intakes, test_intake_card (fixture->receipt));
  satchel_newsroom_card_add_engine (fixture->draft, "https://tus.example/files/", anchor);
  fixture->draft->recovery_k = 2;
  fixture->draft->recovery_n = 2;
  g_ptr_array_add (fixture->draft->revoked, g_strdup ("ffffffffffffffffffffffffffffffff"));
  g_ptr_array_add (fixture->draft->revoked, g_strdup ("0123456789abcdef0123456789abcdef"));
}

static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  fill (fixture);
  g_autoptr (SatchelNewsroomCard) card = sign (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelNewsroomCard) read =
      satchel_newsroom_card_parse (card->text, -1, &fixture->lead->keys.minisign, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (read->name, ==, "The Daily");
  g_assert_cmpuint (read->number, ==, 3);
  g_assert_cmpint (read->issued_unix_us, ==, ISSUED);
  g_assert_cmpint (read->valid_until_unix_us, ==, ISSUED + VALID);
  g_assert_true (satchel_minisign_key_equal (&read->lead, &fixture->lead->keys.minisign));
  g_assert_cmpuint (read->intakes->len, ==, 1);
  g_assert_cmpuint (read->engines->len, ==, 1);
  const SatchelEngine *engine = g_ptr_array_index (read->engines, 0);
  g_assert_cmpstr (engine->url, ==, "https://tus.example/files/");
  g_assert_cmpuint (read->members->len, ==, 2);
  g_assert_cmpuint (read->recovery_k, ==, 2);
  g_assert_cmpuint (read->revoked->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (read->revoked, 0), ==, "0123456789abcdef0123456789abcdef");
  g_assert_cmpstr (g_ptr_array_index (fixture->draft->revoked, 0), ==,
                   "ffffffffffffffffffffffffffffffff");
  test_assert_minisign_verifies (card->text, &read->lead);
  test_assert_one_spelling (card->text, 7, reads_newsroom, NULL);
}

static void
test_find (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestPerson) stranger = test_person_new ("Stranger", SATCHEL_ROLE_EDITOR);
  g_autoptr (SatchelNewsroomCard) card = NULL;

  fill (fixture);
  card = sign (fixture);
  g_assert_cmpstr (
      satchel_newsroom_card_find_by_access (card, fixture->lawyer->keys.access)->name, ==,
      "Lawyer");
  g_assert_cmpstr (
      satchel_newsroom_card_find_by_minisign (card, &fixture->lead->keys.minisign)->name, ==,
      "Lead");
  g_assert_null (satchel_newsroom_card_find_by_access (card, stranger->keys.access));
  g_assert_null (satchel_newsroom_card_find_by_minisign (card, &stranger->keys.minisign));
  g_assert_true (
      satchel_newsroom_card_is_revoked (card, "ffffffffffffffffffffffffffffffff"));
  g_assert_false (
      satchel_newsroom_card_is_revoked (card, "fffffffffffffffffffffffffffffffe"));
}

static void
test_stale (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SatchelNewsroomCard) card = sign (fixture);

  g_assert_false (satchel_newsroom_card_is_stale (card, ISSUED));
  g_assert_false (satchel_newsroom_card_is_stale (card, ISSUED + VALID));
  g_assert_true (satchel_newsroom_card_is_stale (card, ISSUED + VALID + 1));
  g_assert_false (satchel_newsroom_card_is_stale (card, 0));
}

/* Another lead's card is not this newsroom's, however well it is signed. */
static void
test_pinned_lead (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SatchelNewsroomCard) card = sign (fixture);
  g_autofree char *forged =
      test_resign (card->text, "Daily", "Daily", fixture->lawyer->minisign);

  test_assert_refused (card->text, reads_newsroom, &fixture->lawyer->keys.minisign,
                       SATCHEL_PAPERS_ERROR_SIGNATURE);
  test_assert_refused (forged, reads_newsroom, NULL, SATCHEL_PAPERS_ERROR_SIGNATURE);
}

static void
test_rules (Fixture *fixture, gconstpointer data)
{
  fill (fixture);
  g_autoptr (SatchelNewsroomCard) card = sign (fixture);
  g_autofree char *lawyer = g_base64_encode ((const guint8 *) fixture->lawyer->card->text,
                                             strlen (fixture->lawyer->card->text));
  g_autofree char *lead = g_base64_encode ((const guint8 *) fixture->lead->card->text,
                                           strlen (fixture->lead->card->text));
  const TestPaperChange changes[] = {
      {"number: 3", "number: 9223372036854775807", -1},
      {"number: 3", "number: 9223372036854775808", SATCHEL_PAPERS_ERROR_INVALID},
      {"number: 3", "number: 0", SATCHEL_PAPERS_ERROR_INVALID},
      {"number: 3", "number: 03", SATCHEL_PAPERS_ERROR_INVALID},
      {"valid-until: 2024-02-12T22:13:20Z", "valid-until: 2024-02-12T22:13:21Z",
       SATCHEL_PAPERS_ERROR_INVALID},
      {"valid-until: 2024-02-12T22:13:20Z", "valid-until: 2023-11-14T22:13:20Z",
       SATCHEL_PAPERS_ERROR_INVALID},
      {"valid-until: 2024-02-12T22:13:20Z", "valid-until: 2023-11-14T22:13:21Z", -1},
      {lawyer, lead, SATCHEL_PAPERS_ERROR_INVALID},
      {lawyer, "QUJD", SATCHEL_PAPERS_ERROR_INVALID},
      {lead, lawyer, SATCHEL_PAPERS_ERROR_INVALID},
      {"recovery: 2 of 2\n", "", -1},
      {"recovery: 2 of 2", "recovery: 1 of 2", SATCHEL_PAPERS_ERROR_INVALID},
      {"recovery: 2 of 2", "recovery: 2 of 3", SATCHEL_PAPERS_ERROR_INVALID},
      {"recovery: 2 of 2", "recovery: 3 of 2", SATCHEL_PAPERS_ERROR_INVALID},
      {"recovery: 2 of 2", "recovery: 2 of 2x", SATCHEL_PAPERS_ERROR_INVALID},
      {"recovery: 2 of 2", "recovery: 2", SATCHEL_PAPERS_ERROR_INVALID},
      {"revoked: 0123", "revoked: f123", -1},
      {"revoked: 0123456789abcdef0123456789abcdef", "revoked: ffffffffffffffffffffffffffffffff",
       SATCHEL_PAPERS_ERROR_INVALID},
      {"revoked: 0123", "revoked: 012", SATCHEL_PAPERS_ERROR_INVALID},
      {"revoked: 0123456789abcdef", "revoked: 0123456789abcdeF", SATCHEL_PAPERS_ERROR_INVALID},
      {"https://tus.example/files/", "https://tus.example", -1},
      {"https://tus.example/files/", "http://tus.example/files/", SATCHEL_PAPERS_ERROR_INVALID},
      {"https://tus.example/files/", "https://tus.example/?q", SATCHEL_PAPERS_ERROR_INVALID},
      {"https://tus.example/files/", "https://tus.example/%2e", SATCHEL_PAPERS_ERROR_INVALID},
      {"https://tus.example/files/ ", "https://tus.example/files/", SATCHEL_PAPERS_ERROR_INVALID},
      {"newsroom v1", "newsroom v2", SATCHEL_PAPERS_ERROR_NEWER},
      {"satchel-newsroom v1", "satchel-invite v1", SATCHEL_PAPERS_ERROR_OTHER_KIND},
  };

  test_assert_changes (card->text, fixture->lead->minisign, changes, G_N_ELEMENTS (changes),
                       reads_newsroom, NULL);
}

static void
test_members_must_be (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) all = g_steal_pointer (&fixture->draft->members);

  fixture->draft->members = g_ptr_array_new ();
  assert_unsignable (fixture); /* nobody */
  g_ptr_array_add (fixture->draft->members, g_ptr_array_index (all, 1));
  assert_unsignable (fixture); /* without the lead */
  g_ptr_array_add (fixture->draft->members, g_ptr_array_index (all, 0));
  g_autoptr (SatchelNewsroomCard) card = sign (fixture);
  g_assert_cmpuint (card->members->len, ==, 2);
  g_ptr_array_add (fixture->draft->members, g_ptr_array_index (all, 0));
  assert_unsignable (fixture); /* one twice */
}

static void
test_intakes_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) anchor = test_vector ("certificates", "authority2.der");
  g_autoptr (GBytes) server = test_vector ("certificates", "server.der");

  g_ptr_array_add (fixture->draft->intakes, test_intake_card (fixture->receipt));
  g_ptr_array_add (fixture->draft->intakes, test_intake_card (fixture->receipt));
  assert_unsignable (fixture);
  g_ptr_array_set_size (fixture->draft->intakes, 1);
  satchel_newsroom_card_add_engine (fixture->draft, "https://tus.example", anchor);
  satchel_newsroom_card_add_engine (fixture->draft, "https://tus.example", anchor);
  assert_unsignable (fixture);
  g_ptr_array_set_size (fixture->draft->engines, 1);
  satchel_newsroom_card_add_engine (fixture->draft, "https://tus2.example", server);
  assert_unsignable (fixture);
}

static void
test_limits (Fixture *fixture, gconstpointer data)
{
  g_autofree char *huge = g_strnfill (SATCHEL_NEWSROOM_CARD_SIZE_MAX + 1, 'x');

  test_assert_refused (huge, reads_newsroom, NULL, SATCHEL_PAPERS_ERROR_INVALID);
  for (guint i = 2; i < SATCHEL_NEWSROOM_MEMBERS_MAX; i++) {
    g_autoptr (TestPerson) person = test_person_new ("One of many", SATCHEL_ROLE_EDITOR);
    g_ptr_array_add (fixture->draft->members, g_steal_pointer (&person->card));
  }
  for (guint i = 0; i < SATCHEL_NEWSROOM_REVOKED_MAX; i++)
    g_ptr_array_add (fixture->draft->revoked, g_strdup_printf ("%032x", i));
  g_autoptr (SatchelNewsroomCard) card = sign (fixture);
  g_assert_cmpuint (card->members->len, ==, SATCHEL_NEWSROOM_MEMBERS_MAX);
  g_assert_cmpuint (card->revoked->len, ==, SATCHEL_NEWSROOM_REVOKED_MAX);

  g_ptr_array_add (fixture->draft->revoked, g_strdup ("ffffffffffffffffffffffffffffffff"));
  assert_unsignable (fixture);
  g_ptr_array_set_size (fixture->draft->revoked, 0);
  g_autoptr (TestPerson) person = test_person_new ("One too many", SATCHEL_ROLE_EDITOR);
  g_ptr_array_add (fixture->draft->members, g_steal_pointer (&person->card));
  assert_unsignable (fixture);
}

int
main (int argc, char **argv)
{
  const struct {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
      {"/papers/newsroom-card/round-trip", test_round_trip},
      {"/papers/newsroom-card/find", test_find},
      {"/papers/newsroom-card/stale", test_stale},
      {"/papers/newsroom-card/pinned-lead", test_pinned_lead},
      {"/papers/newsroom-card/rules", test_rules},
      {"/papers/newsroom-card/members-must-be", test_members_must_be},
      {"/papers/newsroom-card/intakes-once", test_intakes_once},
      {"/papers/newsroom-card/limits", test_limits},
  };

  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
