/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/satchel-publisher.h"

#include "base/satchel-file.h"
#include "people/satchel-newsroom.h"
#include "sync/satchel-sync-alarm.h"
#include "test-people.h"
#include "test-support.h"
#include "test-trip.h"

/* A site whose newsroom has a second intake, which does not run yet. */
typedef struct {
  TestSite site;
  TestIntake *second;
} Fixture;

static TestIntake *
make_intake (Fixture *fixture, const char *name)
{
  g_autofree char *folder = g_build_filename (fixture->site.folder, name, NULL);

  g_assert_true (satchel_folder_make (folder, NULL));
  return test_intake_new (folder);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) intakes = g_ptr_array_new ();
  g_autoptr (SatchelNewsroomCard) card = NULL;
  g_autoptr (GError) error = NULL;

  test_site_set_up (&fixture->site, data);
  fixture->second = make_intake (fixture, "second");
  g_ptr_array_add (intakes, fixture->site.intake->card);
  g_ptr_array_add (intakes, fixture->second->card);
  card = satchel_newsroom_update (fixture->site.trip->desk,
                                  &(SatchelNewsroomChange){.intakes = intakes}, &error);
  g_assert_no_error (error);
  test_intake_admit (fixture->second, card);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  test_intake_free (fixture->second);
  test_site_tear_down (&fixture->site, data);
}

static SatchelPublisher *
publisher_new (SatchelVault *vault, guint lacking)
{
  g_autoptr (GError) error = NULL;
  SatchelPublisher *publisher = satchel_publisher_new (vault, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (satchel_publisher_count (publisher), ==, lacking);
  return publisher;
}

static void
assert_keeps (SatchelPublisher *publisher, SatchelVault *vault)
{
  g_autoptr (GError) error = NULL;

  satchel_publisher_keep (publisher, vault, &error);
  g_assert_no_error (error);
}

static void
assert_alarms (SatchelVault *vault, guint count)
{
  g_autoptr (GPtrArray) alarms = satchel_sync_alarm_list (vault, 0, NULL);

  g_assert_cmpuint (alarms->len, ==, count);
  for (guint i = 0; i < count; i++)
    g_assert_cmpint (((SatchelSyncAlarm *) alarms->pdata[i])->kind, ==, SATCHEL_SYNC_ALARM_SERVER);
  g_assert_cmpuint (test_ledger_count (vault, SATCHEL_ACTION_ALARM, NULL), ==, count);
}

static void
assert_run_fails (SatchelPublisher *publisher, SatchelSyncError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (satchel_publisher_run (publisher, FALSE, NULL, &error));
  g_assert_error (error, SATCHEL_SYNC_ERROR, (int) code);
}

static void
test_given (Fixture *fixture, gconstpointer data)
{
  SatchelVault *desk = fixture->site.trip->desk;
  g_autoptr (SatchelPublisher) publisher = publisher_new (desk, 2), after = NULL;
  g_autoptr (GError) error = NULL;

  test_intake_start (fixture->second);
  satchel_publisher_run (publisher, FALSE, NULL, &error);
  g_assert_no_error (error);
  assert_keeps (publisher, desk);
  after = publisher_new (desk, 0);
  assert_alarms (desk, 0);
}

/* One that does not answer keeps nobody else from the card, and is asked again. */
static void
test_away (Fixture *fixture, gconstpointer data)
{
  SatchelVault *desk = fixture->site.trip->desk;
  g_autoptr (SatchelPublisher) publisher = publisher_new (desk, 2), after = NULL;

  assert_run_fails (publisher, SATCHEL_SYNC_ERROR_UNREACHABLE);
  assert_keeps (publisher, desk);
  after = publisher_new (desk, 1);
  assert_alarms (desk, 0);
}

/* Another newsroom's intake, where @right was. */
static TestIntake *
start_stranger (Fixture *fixture, TestIntake *right)
{
  TestIntake *other = make_intake (fixture, "false");

  test_intake_kill (right);
  g_free (other->port);
  other->port = g_strdup (right->port);
  test_intake_start (other);
  return other;
}

/* Somebody else answers: an alarm, once, also where another intake's failure is the error. */
static void
test_stranger (Fixture *fixture, gconstpointer data)
{
  SatchelVault *desk = fixture->site.trip->desk;
  g_autoptr (SatchelPublisher) publisher = publisher_new (desk, 2);
  g_autoptr (TestIntake) other = NULL;

  test_intake_start (fixture->second);
  other = start_stranger (fixture, fixture->second);
  test_intake_kill (fixture->site.intake);
  assert_run_fails (publisher, SATCHEL_SYNC_ERROR_UNREACHABLE);
  assert_alarms (desk, 0);
  for (guint i = 0; i < 2; i++) {
    assert_keeps (publisher, desk);
    assert_alarms (desk, 1);
  }
}

/* The program ended before anybody could take it over. */
static void
test_stranger_and_end (Fixture *fixture, gconstpointer data)
{
  SatchelVault *desk = fixture->site.trip->desk;
  SatchelPublisher *first = publisher_new (desk, 2);
  g_autoptr (SatchelPublisher) second = publisher_new (desk, 2);
  g_autoptr (TestIntake) other = start_stranger (fixture, fixture->site.intake);

  assert_run_fails (first, SATCHEL_SYNC_ERROR_UNTRUSTED);
  satchel_publisher_free (first);
  assert_keeps (second, desk);
  assert_alarms (desk, 1);
}

#define ADD(name, test) g_test_add ("/publisher/" name, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  ADD ("given", test_given);
  ADD ("away", test_away);
  ADD ("stranger", test_stranger);
  ADD ("stranger-and-end", test_stranger_and_end);
  return g_test_run ();
}
