/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "courier/satchel-courier-round.h"

#include "base/satchel-file.h"
#include "test-intake.h"
#include "test-people.h"
#include "test-support.h"
#include "test-trip.h"

#define MIB (1024 * 1024)

/* A note with 12 MiB beside it: three pieces. */
static char *
seal_large (TestSite *fixture)
{
  g_autoptr (GBytes) evidence = test_noise (12 * MIB, 7);
  g_autofree char *record = test_trip_note (fixture->trip->reporter, "Large", evidence);

  return test_trip_seal (fixture->trip->reporter, record);
}

static gpointer
run_in_vault (SatchelVault *vault, SatchelSessionJob job)
{
  g_autoptr (GError) error = NULL;
  gpointer result = job.run (vault, job.input, (SatchelProgressReport){0}, NULL, &error);

  g_assert_no_error (error);
  if (job.input_free != NULL)
    job.input_free (job.input);
  return result;
}

static SatchelCourierRound *
prepare (SatchelVault *vault)
{
  SatchelMoment moment = {.online = TRUE};

  return run_in_vault (vault, satchel_courier_round_prepare_job (&moment));
}

static void
settle (SatchelVault *vault, SatchelCourierRound *round)
{
  satchel_courier_round_unref (
      run_in_vault (vault, satchel_courier_round_settle_job (round)));
}

/* As the courier's thread does. NULL: an interruption. */
static SatchelCourierRound *
send (SatchelCourierRound *round, SatchelProgressReport progress, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  SatchelWorkerJob job = satchel_courier_round_send_job (round, progress);
  SatchelCourierRound *sent = job.run (job.input, progress, cancellable, &error);

  job.input_free (job.input);
  g_assert_true ((sent == NULL) == (error != NULL));
  return sent;
}

/* The main loop's side, at the first piece. */
typedef struct {
  SatchelCourierRound *round;
  GCancellable *cancellable;
  SatchelMoment moment;
  SatchelRules *rules;
} Watch;

static void
watch_cb (guint64 done_bytes, guint64 total_bytes, gpointer user_data)
{
  Watch *watch = user_data;

  if (done_bytes >= 4 * MIB)
    satchel_courier_round_watch (watch->round, &watch->moment, watch->rules, watch->cancellable);
}

static void
assert_stopped (SatchelCourierRound *round, SatchelObstacle obstacle)
{
  g_assert_error (round->error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_WAITING);
  g_assert_cmpint (round->verdict->obstacle, ==, obstacle);
  g_assert_cmpuint (round->tally.sent_bytes, >=, 4 * MIB);
  g_assert_cmpuint (round->tally.sent_bytes, <, 9 * MIB);
  g_assert_nonnull (round->courier);
}

/* What was begun goes on once it may. */
static void
assert_goes_on (TestSite *fixture, const char *sent)
{
  g_autoptr (SatchelCourierRound) round = prepare (fixture->trip->reporter);
  g_autoptr (SatchelCourierRound) done = send (round, (SatchelProgressReport){0}, NULL);

  g_assert_no_error (done->error);
  g_assert_cmpuint (done->tally.sent_bytes, <, 9 * MIB);
  settle (fixture->trip->reporter, done);
  g_assert_cmpint (test_trip_state (fixture->trip->reporter, sent), ==, SATCHEL_OUTBOX_STORED);
}

static void
stop_by (TestSite *fixture, SatchelMoment moment, SatchelRules *rules, SatchelObstacle obstacle)
{
  g_autofree char *sent = seal_large (fixture);
  g_autoptr (SatchelCourierRound) round = prepare (fixture->trip->reporter);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Watch watch = {round, cancellable, moment, rules};
  g_autoptr (SatchelCourierRound) done =
      send (round, (SatchelProgressReport){watch_cb, &watch}, cancellable);

  assert_stopped (done, obstacle);
  settle (fixture->trip->reporter, done);
  g_assert_cmpint (test_trip_state (fixture->trip->reporter, sent), ==, SATCHEL_OUTBOX_SENDING);
  assert_goes_on (fixture, sent);
}

static void
test_metered (TestSite *fixture, gconstpointer data)
{
  stop_by (fixture, (SatchelMoment){.online = TRUE, .metered = TRUE}, NULL,
           SATCHEL_OBSTACLE_METERED);
}

static void
test_paused (TestSite *fixture, gconstpointer data)
{
  stop_by (fixture, (SatchelMoment){.online = TRUE, .paused = TRUE}, NULL,
           SATCHEL_OBSTACLE_PAUSED);
}

static void
test_hours (TestSite *fixture, gconstpointer data)
{
  g_autoptr (SatchelRules) rules = satchel_rules_new ();

  rules->from_minute = 60;
  rules->until_minute = 120;
  stop_by (fixture, (SatchelMoment){.online = TRUE, .minute_of_day = 120}, rules,
           SATCHEL_OBSTACLE_HOURS);
}

/* No other route than the one that the rules want now. */
static void
test_route (TestSite *fixture, gconstpointer data)
{
  g_autoptr (SatchelRules) rules = satchel_rules_new ();

  rules->proxy = g_strdup ("127.0.0.1:9");
  stop_by (fixture, (SatchelMoment){.online = TRUE}, rules, SATCHEL_OBSTACLE_NONE);
}

/* Nobody looks: what goes up itself uses up the day's bytes. */
static void
test_budget (TestSite *fixture, gconstpointer data)
{
  g_autofree char *sent = seal_large (fixture);
  g_autoptr (SatchelRules) rules = satchel_rules_new ();
  g_autoptr (SatchelCourierRound) round = NULL, done = NULL;

  rules->budget_bytes = 5 * MIB;
  g_assert_true (satchel_rules_store (fixture->trip->reporter, rules, NULL));
  round = prepare (fixture->trip->reporter);
  done = send (round, (SatchelProgressReport){0}, NULL);
  assert_stopped (done, SATCHEL_OBSTACLE_BUDGET);
}

/* While it is locked nobody takes over what was learned: the day's bytes count all the same, from
 * try to try, and in the vault once it is open again. */
static void
test_budget_while_locked (TestSite *fixture, gconstpointer data)
{
  g_autofree char *sent = seal_large (fixture), *day = satchel_rules_dup_day ();
  g_autoptr (SatchelRules) rules = satchel_rules_new ();
  g_autoptr (SatchelCourierRound) round = NULL, done = NULL;
  SatchelMoment moment = {.online = TRUE};
  guint64 spent = 0;

  rules->budget_bytes = 5 * MIB;
  g_assert_true (satchel_rules_store (fixture->trip->reporter, rules, NULL));
  round = prepare (fixture->trip->reporter);
  done = send (round, (SatchelProgressReport){0}, NULL);
  satchel_courier_round_judge (done, &moment);
  g_assert_cmpint (done->verdict->obstacle, ==, SATCHEL_OBSTACLE_BUDGET);
  g_assert_true (satchel_journal_merge (fixture->trip->reporter, NULL));
  g_assert_true (satchel_rules_load_spent (fixture->trip->reporter, day, &spent, NULL));
  g_assert_cmpuint (spent, ==, done->tally.sent_bytes);
}

/* Changed on the disk after it came down. */
static void
damage_downloads (SatchelVault *vault)
{
  g_autofree char *folder = g_build_filename (satchel_vault_get_folder (vault), "inbox", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_assert_true (g_file_set_contents (path, "cut", 3, NULL));
  }
}

static void
test_unreadable (TestSite *fixture, gconstpointer data)
{
  g_autofree char *record = test_trip_note (fixture->trip->reporter, "For the desk", NULL);
  g_autofree char *sent = test_trip_seal (fixture->trip->reporter, record);
  g_autoptr (SatchelCourierRound) round = NULL, done = NULL, again = NULL, other = NULL;

  g_assert_true (satchel_courier_send_all (fixture->trip->reporter, NULL,
                                           (SatchelProgressReport){0}, NULL, NULL));
  round = prepare (fixture->trip->desk);
  done = send (round, (SatchelProgressReport){0}, NULL);
  g_assert_no_error (done->error);
  damage_downloads (fixture->trip->desk);
  settle (fixture->trip->desk, done);
  g_assert_cmpuint (done->unreadable, ==, 2);
  g_assert_cmpuint (done->refused, ==, 0);
  other = prepare (fixture->trip->desk);
  again = send (other, (SatchelProgressReport){0}, NULL);
  settle (fixture->trip->desk, again);
  g_assert_cmpuint (again->unreadable, ==, 0);
}

/* The lead's newest card goes to another intake too, in the courier's thread: settling, which holds
 * the vault, needs nobody to answer. */
static void
test_published (TestSite *fixture, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "second", NULL);
  g_autoptr (TestIntake) second = NULL;
  g_autoptr (GPtrArray) intakes = g_ptr_array_new ();
  g_autoptr (SatchelNewsroomCard) card = NULL;
  g_autoptr (SatchelCourierRound) round = NULL, done = NULL, after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (satchel_folder_make (folder, NULL));
  second = test_intake_new (folder);
  g_ptr_array_add (intakes, fixture->intake->card);
  g_ptr_array_add (intakes, second->card);
  card = satchel_newsroom_update (fixture->trip->desk,
                                  &(SatchelNewsroomChange){.intakes = intakes}, &error);
  g_assert_no_error (error);
  test_intake_admit (second, card);
  test_intake_start (second);
  round = prepare (fixture->trip->desk);
  g_assert_cmpuint (satchel_publisher_count (round->publisher), ==, 2);
  done = send (round, (SatchelProgressReport){0}, NULL);
  g_assert_no_error (done->error);
  test_intake_kill (second);
  test_intake_kill (fixture->intake);
  settle (fixture->trip->desk, done);
  g_assert_no_error (done->error);
  after = prepare (fixture->trip->desk);
  g_assert_null (after->publisher);
}

/* A lock, or the program's end, is no rule. */
static void
test_interrupted (TestSite *fixture, gconstpointer data)
{
  g_autofree char *sent = seal_large (fixture);
  g_autoptr (SatchelCourierRound) round = prepare (fixture->trip->reporter);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_cancellable_cancel (cancellable);
  g_assert_null (send (round, (SatchelProgressReport){0}, cancellable));
}

#define ADD(name, function)                                                       \
  g_test_add ("/courier-round/" name, TestSite, NULL, test_site_set_up, function, \
              test_site_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  ADD ("metered", test_metered);
  ADD ("paused", test_paused);
  ADD ("hours", test_hours);
  ADD ("route", test_route);
  ADD ("budget", test_budget);
  ADD ("budget-while-locked", test_budget_while_locked);
  ADD ("unreadable", test_unreadable);
  ADD ("published", test_published);
  ADD ("interrupted", test_interrupted);
  return g_test_run ();
}
