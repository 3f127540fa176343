/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-people-job.h"

#include <string.h>
#include <sys/stat.h>

#include "test-papers.h"
#include "test-people.h"
#include "test-support.h"

typedef struct {
  char *folder;
  char *path;       /* of a file that can be written */
  char *impossible; /* of one that cannot */
  SatchelVault *vault;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = test_scratch_new ();
  fixture->path = g_build_filename (fixture->folder, "paper", NULL);
  fixture->impossible = g_build_filename (fixture->folder, "nowhere", "paper", NULL);
  fixture->vault = test_vault_new (fixture->folder, "Desk", SATCHEL_ROLE_EDITOR);
  if (data == NULL)
    return;
  g_autoptr (SatchelNewsroomCard) card =
      satchel_newsroom_create (fixture->vault, "The Daily", NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  satchel_vault_close (fixture->vault);
  test_scratch_free (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->impossible);
}

/* Runs a job here and now, and frees its input. */
static gpointer
run (Fixture *fixture, SatchelSessionJob job, GError **error)
{
  gpointer result =
      job.run (fixture->vault, job.input, (SatchelProgressReport){0}, NULL, error);
  gboolean is_input = result != NULL && result == job.input;

  if (job.input_free != NULL)
    job.input_free (job.input);
  return is_input ? fixture : result;
}

static SatchelPeople *
load (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  SatchelPeople *people = run (fixture, satchel_people_load_job (), &error);

  g_assert_no_error (error);
  return people;
}

static void
write_file (Fixture *fixture, const char *text)
{
  g_assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
}

static void
test_load (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SatchelPeople) people = load (fixture);

  g_assert_cmpstr (people->card->name, ==, "Desk");
  g_assert_null (people->newsroom);
  g_assert_false (satchel_people_is_lead (people));
  g_assert_cmpuint (people->invites->len, ==, 0);
  g_assert_null (satchel_people_find (people, NULL));
}

/* There is an invite where there is its file, and none where there is not. */
static void
test_invite (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  struct stat status;

  g_assert_null (
      run (fixture, satchel_people_invite_job ("Anna", 30, fixture->impossible), &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_autoptr (SatchelPeople) before = load (fixture);
  g_assert_true (satchel_people_is_lead (before));
  g_assert_cmpuint (before->invites->len, ==, 0);

  char *text = run (fixture, satchel_people_invite_job ("Anna", 30, fixture->path), &error);
  g_assert_no_error (error);
  g_autofree char *written = NULL;
  g_assert_true (g_file_get_contents (fixture->path, &written, NULL, NULL));
  g_assert_cmpstr (written, ==, text);
  satchel_invite_wipe_text (text);
  g_assert_cmpint (stat (fixture->path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_autoptr (SatchelPeople) after = load (fixture);
  g_assert_cmpuint (after->invites->len, ==, 1);

  /* One that is refused leaves what stands in its way. */
  write_file (fixture, "mine");
  g_assert_null (run (fixture, satchel_people_invite_job ("ANNA", 30, fixture->path), &error));
  g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_EXISTS);
  g_autofree char *kept = NULL;
  g_assert_true (g_file_get_contents (fixture->path, &kept, NULL, NULL));
  g_assert_cmpstr (kept, ==, "mine");
}

static void
test_renew (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (run (fixture, satchel_people_renew_job (fixture->impossible), &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_autoptr (SatchelPeople) before = load (fixture);
  g_assert_cmpuint (before->newsroom->card->number, ==, 1);
  g_assert_nonnull (run (fixture, satchel_people_renew_job (fixture->path), &error));
  g_assert_no_error (error);
  g_autoptr (SatchelPeople) after = load (fixture);
  g_assert_cmpuint (after->newsroom->card->number, ==, 2);
  g_autofree char *written = NULL;
  g_assert_true (g_file_get_contents (fixture->path, &written, NULL, NULL));
  g_assert_cmpstr (written, ==, after->newsroom->card->text);
}

/* A card, its words, and a card that contradicts it. */
static void
test_take (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestPerson) anna = test_person_new ("Anna", SATCHEL_ROLE_REPORTER);
  g_autoptr (TestPerson) other = test_person_new ("Anna", SATCHEL_ROLE_REPORTER);
  g_autofree char *words = satchel_public_keys_dup_safety_words (&anna->card->keys);
  g_autoptr (GError) error = NULL;

  write_file (fixture, anna->card->text);
  g_autoptr (SatchelTaken) taken =
      run (fixture, satchel_people_take_job (fixture->path), &error);
  g_assert_no_error (error);
  g_assert_cmpint (taken->what, ==, SATCHEL_TAKEN_CARD);
  g_assert_cmpint (taken->contact, ==, SATCHEL_CONTACT_ADDED);

  g_assert_null (
      run (fixture, satchel_people_verify_job (taken->contact_id, "a b c d e f"), &error));
  g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_WORDS);
  g_clear_error (&error);
  g_autoptr (SatchelTaken) verified =
      run (fixture, satchel_people_verify_job (taken->contact_id, words), &error);
  g_assert_no_error (error);

  write_file (fixture, other->card->text);
  g_autoptr (SatchelTaken) alarm =
      run (fixture, satchel_people_take_job (fixture->path), &error);
  g_assert_no_error (error);
  g_assert_cmpint (alarm->contact, ==, SATCHEL_CONTACT_ALARM);
  g_assert_cmpstr (alarm->contact_id, ==, taken->contact_id);
  g_autoptr (SatchelPeople) people = load (fixture);
  const SatchelContact *contact = satchel_people_find (people, taken->contact_id);
  g_assert_cmpint (contact->state, ==, SATCHEL_CONTACT_VERIFIED);
  g_assert_cmpuint (people->alarms->len, ==, 1);
}

static void
test_take_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelPeople) people = load (fixture);

  write_file (fixture, "no paper at all");
  g_assert_null (run (fixture, satchel_people_take_job (fixture->path), &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  write_file (fixture, people->card->text);
  g_assert_null (run (fixture, satchel_people_take_job (fixture->path), &error));
  g_assert_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_EXISTS);
}

int
main (int argc, char **argv)
{
  const gpointer lead = GINT_TO_POINTER (1);

  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/people-job/load", Fixture, NULL, set_up, test_load, tear_down);
  g_test_add ("/people-job/invite", Fixture, lead, set_up, test_invite, tear_down);
  g_test_add ("/people-job/renew", Fixture, lead, set_up, test_renew, tear_down);
  g_test_add ("/people-job/take", Fixture, NULL, set_up, test_take, tear_down);
  g_test_add ("/people-job/take-nothing", Fixture, NULL, set_up, test_take_nothing, tear_down);
  return g_test_run ();
}
