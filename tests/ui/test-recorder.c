/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is recorded, between the microphone and the vault. */
#include "recorder/satchel-recorder.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>

#include "../core/records/records-test.h"
#include "base/satchel-error.h"
#include "recorder/satchel-microphone.h"
#include "recorder/satchel-recorder-job.h"
#include "records/satchel-evidence-writer.h"
#include "shared/satchel-salvage-text.h"

#define STARTED_US G_GINT64_CONSTANT (1795905907000000) /* 2026-11-28 22:45:07 UTC */

static void
test_tape (void)
{
  g_autoptr (SatchelTape) tape = satchel_tape_new (10);
  gint64 end_us = -1;

  g_assert_null (satchel_tape_take (tape, &end_us));
  g_assert_cmpint (end_us, ==, -1);
  g_assert_true (satchel_tape_put (tape, (const guint8 *) "12345", 5, 100));
  g_assert_true (satchel_tape_put (tape, (const guint8 *) "67890", 5, 250));
  g_autoptr (GByteArray) whole = satchel_tape_take (tape, &end_us);
  g_assert_cmpint (end_us, ==, 250);
  g_assert_cmpmem (whole->data, whole->len, "1234567890", 10);
  g_assert_true (satchel_tape_put (tape, (const guint8 *) "12345678", 8, 300));
  g_assert_false (satchel_tape_is_full (tape));
  g_assert_false (satchel_tape_put (tape, (const guint8 *) "abc", 3, 400));
  g_assert_true (satchel_tape_is_full (tape));
  g_autoptr (GByteArray) before = satchel_tape_take (tape, &end_us);
  g_assert_cmpint (end_us, ==, 300);
  g_assert_cmpmem (before->data, before->len, "12345678", 8);
  /* There is room again, and a gap before it. */
  g_assert_false (satchel_tape_put (tape, (const guint8 *) "d", 1, 500));
  g_assert_null (satchel_tape_take (tape, &end_us));
}

static void
test_loudness (void)
{
  static const struct {
    guint peak;
    double level;
  } cases[] = {
      {0, 0},
      {1, 0},
      {32, 0},
      {33, 0.002},
      {1036, 0.5},
      {16384, 0.9},
      {32768, 1},
  };
  g_autoptr (SatchelTape) tape = satchel_tape_new (10);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpfloat_with_epsilon (satchel_recorder_level (cases[i].peak), cases[i].level, 0.003);
  satchel_tape_hear (tape, SATCHEL_TAPE_RATE / 2, 300);
  satchel_tape_hear (tape, SATCHEL_TAPE_RATE, 200);
  g_assert_cmpint (satchel_tape_get_heard_us (tape), ==, 1500000);
  g_assert_cmpuint (satchel_tape_take_peak (tape), ==, 300);
  g_assert_cmpuint (satchel_tape_take_peak (tape), ==, 0);
}

static gpointer
end_later (gpointer tape)
{
  g_usleep (50000);
  satchel_tape_put (tape, (const guint8 *) "end", 3, 0);
  satchel_tape_end (tape);
  return NULL;
}

static void
test_end (void)
{
  g_autoptr (SatchelTape) tape = satchel_tape_new (10);
  gint64 end_us = 0;

  g_assert_false (satchel_tape_await_end (tape, 1));
  GThread *thread = g_thread_new ("end", end_later, tape);
  g_assert_true (satchel_tape_await_end (tape, 60000));
  g_autoptr (GByteArray) rest = satchel_tape_take (tape, &end_us);
  g_assert_cmpmem (rest->data, rest->len, "end", 3);
  g_thread_join (thread);
}

static void
test_name (void)
{
  g_autofree char *name = satchel_recording_name (STARTED_US);

  g_assert_cmpstr (name, ==, "Recording 2026-11-28 22.45.07.ogg");
}

#define PART (70 * 1000) /* bytes: somewhat more than a chunk */

/* A note, and a recording for it. */
typedef struct {
  TestScratch *folder;
  SatchelVault *vault;
  char *record;
  SatchelTape *tape;
  SatchelRecording *recording;
  guint8 *sound;
} Fixture;

static void
begin (Fixture *fixture)
{
  fixture->tape = satchel_tape_new (4 * 1024 * 1024);
  fixture->recording = satchel_recording_new (fixture->record, fixture->tape, STARTED_US);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = test_scratch_new ();
  fixture->vault = test_vault_new (fixture->folder);
  fixture->record = TEST_RECORD (fixture->vault, "note", "text=x");
  fixture->sound = g_malloc0 (2 * 1024 * 1024);
  begin (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  satchel_recording_unref (fixture->recording);
  satchel_tape_unref (fixture->tape);
  satchel_vault_close (fixture->vault);
  g_free (fixture->record);
  g_free (fixture->sound);
  test_scratch_free (fixture->folder);
}

static void
hear (Fixture *fixture, const char *sound)
{
  g_assert_true (
      satchel_tape_put (fixture->tape, (const guint8 *) sound, strlen (sound), 0));
}

static void
hear_much (Fixture *fixture, gsize size_bytes, gint64 end_us)
{
  g_assert_true (satchel_tape_put (fixture->tape, fixture->sound, size_bytes, end_us));
}

/* Runs and frees @job as the worker does. */
static gpointer
run (Fixture *fixture, SatchelSessionJob job, GError **error)
{
  gpointer result = job.run (fixture->vault, job.input, (SatchelProgressReport){0}, NULL, error);

  g_assert_true (job.is_kept);
  job.input_free (job.input);
  return result;
}

static void
keep (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (run (fixture, satchel_recording_keep_job (fixture->recording), &error));
  g_assert_no_error (error);
}

static GError *
keep_failing (Fixture *fixture)
{
  GError *error = NULL;

  g_assert_null (run (fixture, satchel_recording_keep_job (fixture->recording), &error));
  g_assert_nonnull (error);
  return error;
}

static SatchelRecorded *
finish (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  SatchelRecorded *recorded =
      run (fixture, satchel_recording_finish_job (fixture->recording), &error);

  g_assert_no_error (error);
  return recorded;
}

static GError *
finish_failing (Fixture *fixture)
{
  GError *error = NULL;

  g_assert_null (run (fixture, satchel_recording_finish_job (fixture->recording), &error));
  g_assert_nonnull (error);
  g_assert_cmpint (test_count (fixture->vault, "SELECT count(*) FROM evidence"), ==, 0);
  return error;
}

static SatchelEvidence *
load_item (Fixture *fixture)
{
  g_autoptr (GPtrArray) items = satchel_evidence_list (fixture->vault, fixture->record, NULL);

  g_assert_cmpuint (items->len, ==, 1);
  return g_ptr_array_steal_index (items, 0);
}

/* No file that is written to from here on can grow. */
static void
set_disk_fails (gboolean fails)
{
  static struct rlimit before;
  struct rlimit small;

  if (fails)
    g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  small = (struct rlimit){1000, before.rlim_max};
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, fails ? &small : &before), ==, 0);
}

static void
test_kept_and_finished (Fixture *fixture, gconstpointer data)
{
  hear (fixture, "one,");
  keep (fixture);
  keep (fixture);
  hear (fixture, "two");
  GThread *thread = g_thread_new ("end", end_later, fixture->tape);
  g_autoptr (SatchelRecorded) recorded = finish (fixture);
  g_thread_join (thread);
  g_assert_cmpstr (recorded->name, ==, "Recording 2026-11-28 22.45.07.ogg");
  g_assert_no_error (recorded->cut);
  g_autoptr (SatchelEvidence) item = load_item (fixture);
  g_assert_cmpuint (item->size_bytes, ==, strlen ("one,twoend"));
  g_assert_cmpint (item->captured.unix_us, ==, STARTED_US);
  g_assert_cmpint (item->clock, ==, SATCHEL_CLOCK_DEVICE);
  g_assert_cmpint (item->origin, ==, SATCHEL_ORIGIN_OWN);
  g_assert_cmpstr (item->device, ==, "Satchel");
}

/* It is kept up to a place where it can end, and that is said once it is so. */
static void
test_parts (Fixture *fixture, gconstpointer data)
{
  static const struct {
    gsize size_bytes;
    gint64 end_us;
    guint kept_s;
  } takes[] = {
      {65000, 2000000, 0},
      {536, 2500000, 0},
      {1, 3900000, 2},
      {65000, 4000000, 2},
      {70000, 5999999, 4},
      {70000, G_GINT64_CONSTANT (5400000000), 5},
      {70000, G_GINT64_CONSTANT (5940000000), 5400},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (takes); i++) {
    hear_much (fixture, takes[i].size_bytes, takes[i].end_us);
    keep (fixture);
    g_assert_cmpuint (satchel_recording_get_kept_s (fixture->recording), ==, takes[i].kept_s);
  }
  g_clear_pointer (&fixture->recording, satchel_recording_unref);
  g_autoptr (SatchelSalvage) salvage = satchel_evidence_salvage (fixture->vault, NULL);
  g_assert_cmpuint (salvage->saved, ==, 1);
  g_autoptr (SatchelEvidence) item = load_item (fixture);
  g_assert_cmpuint (item->size_bytes, ==, 65000 + 536 + 1 + 65000 + 70000 + 70000);
  g_assert_cmpstr (item->name, ==, "Recording 2026-11-28 22.45.07 (cut off).ogg");
  g_assert_cmpint (item->captured.unix_us, ==, STARTED_US);
}

/* A microphone that hangs: what was heard is kept, and it is told that it is not all. */
static void
test_no_end (Fixture *fixture, gconstpointer data)
{
  gint64 begun_us = g_get_monotonic_time ();

  hear (fixture, "one");
  g_autoptr (SatchelRecorded) recorded = finish (fixture);
  g_assert_cmpint (g_get_monotonic_time () - begun_us, >=, SATCHEL_MICROPHONE_END_MS * 1000);
  g_assert_error (recorded->cut, SATCHEL_MICROPHONE_ERROR, SATCHEL_MICROPHONE_ERROR_LOST);
  satchel_evidence_free (load_item (fixture));
}

/* What could not be taken in is told at the end, and nothing is put behind the gap. */
static void
test_cut (Fixture *fixture, gconstpointer data)
{
  const char *folder = satchel_vault_get_folder (fixture->vault);
  g_autofree char *away = g_strconcat (folder, ".away", NULL);

  hear (fixture, "one");
  keep (fixture);
  hear (fixture, "lost");
  g_assert_cmpint (g_rename (folder, away), ==, 0);
  g_autoptr (GError) cause = keep_failing (fixture);
  g_assert_cmpint (g_rename (away, folder), ==, 0);
  hear (fixture, "three");
  satchel_tape_end (fixture->tape);
  g_autoptr (SatchelRecorded) recorded = finish (fixture);
  g_assert_error (recorded->cut, cause->domain, cause->code);
  g_autoptr (SatchelEvidence) item = load_item (fixture);
  g_assert_cmpuint (item->size_bytes, ==, strlen ("one"));
}

/* A disk that fails is told as that, also by what ends it. */
static void
test_disk_fails (Fixture *fixture, gconstpointer data)
{
  hear_much (fixture, 1000, 0);
  keep (fixture);
  hear_much (fixture, 2 * 1024 * 1024, 0);
  set_disk_fails (TRUE);
  g_autoptr (GError) cause = keep_failing (fixture);
  set_disk_fails (FALSE);
  g_assert_true (cause->domain == SATCHEL_BASE_ERROR || cause->domain == SATCHEL_VAULT_ERROR);
  satchel_tape_end (fixture->tape);
  g_autoptr (GError) error = finish_failing (fixture);
  g_assert_error (error, cause->domain, cause->code);
}

/* It is seen with the next part, and what was kept before it is in the report at once. */
static void
test_disk_fails_later (Fixture *fixture, gconstpointer data)
{
  hear_much (fixture, PART, 9000000);
  keep (fixture);
  hear_much (fixture, PART, 18000000);
  keep (fixture);
  hear_much (fixture, PART, 27000000);
  set_disk_fails (TRUE);
  g_autoptr (GError) cause = keep_failing (fixture);
  set_disk_fails (FALSE);
  g_assert_cmpuint (satchel_recording_get_kept_s (fixture->recording), ==, 9);
  satchel_tape_end (fixture->tape);
  g_autoptr (SatchelRecorded) recorded = finish (fixture);
  g_assert_error (recorded->cut, cause->domain, cause->code);
  g_assert_cmpstr (recorded->name, ==, "Recording 2026-11-28 22.45.07 (cut off).ogg");
  g_autoptr (SatchelEvidence) item = load_item (fixture);
  g_assert_cmpuint (item->size_bytes, ==, PART);
}

/* A disk that fails to the end: what is kept waits for the next time. */
static void
test_disk_fails_for_good (Fixture *fixture, gconstpointer data)
{
  hear_much (fixture, PART, 9000000);
  keep (fixture);
  hear_much (fixture, PART, 18000000);
  keep (fixture);
  satchel_tape_end (fixture->tape);
  set_disk_fails (TRUE);
  g_autoptr (GError) cause = finish_failing (fixture);
  set_disk_fails (FALSE);
  g_assert_cmpuint (satchel_recording_get_kept_s (fixture->recording), ==, 9);
  g_autoptr (SatchelSalvage) salvage = satchel_evidence_salvage (fixture->vault, NULL);
  g_assert_no_error (salvage->fault);
  g_assert_cmpuint (salvage->saved, ==, 1);
  g_autoptr (SatchelEvidence) item = load_item (fixture);
  g_assert_cmpuint (item->size_bytes, ==, PART);
}

/* An empty item would say that there is something to hear. */
static void
test_nothing_heard (Fixture *fixture, gconstpointer data)
{
  satchel_tape_end (fixture->tape);
  g_autoptr (GError) error = finish_failing (fixture);
  g_assert_error (error, SATCHEL_MICROPHONE_ERROR, SATCHEL_MICROPHONE_ERROR_NONE);
}

static void
test_discarded (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  hear_much (fixture, PART, 9000000);
  hear_much (fixture, 1, 9000001);
  keep (fixture);
  hear_much (fixture, PART, 18000000);
  keep (fixture);
  g_assert_cmpuint (satchel_recording_get_kept_s (fixture->recording), ==, 9);
  g_assert_nonnull (run (fixture, satchel_recording_discard_job (fixture->recording), &error));
  g_assert_no_error (error);
  g_autoptr (GString) faults = test_check (fixture->vault);
  g_assert_cmpstr (faults->str, ==, "");
  g_autoptr (SatchelSalvage) salvage = satchel_evidence_salvage (fixture->vault, NULL);
  g_assert_cmpuint (salvage->saved + salvage->damaged + salvage->lost, ==, 0);
  g_assert_cmpint (test_count (fixture->vault, "SELECT count(*) FROM evidence"), ==, 0);
}

/* What a person is told of it, once. */
static void
test_salvage_text (void)
{
  g_autoptr (GError) full =
      g_error_new_literal (SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_NO_SPACE, "x");
  g_autoptr (GError) stopped = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "x");
  const struct {
    SatchelSalvage salvage;
    const char *part; /* NULL: nothing */
  } cases[] = {
      {{0, 0, 0, NULL}, NULL},
      {{0, 0, 0, stopped}, NULL},
      {{1, 0, 0, NULL}, "What was saved until then is in its report"},
      {{3, 0, 0, stopped}, "What was saved until then is in its report"},
      {{1, 1, 0, NULL}, "not all that was saved of it can be read"},
      {{0, 0, 1, NULL}, "nothing that was saved of it can be read"},
      {{0, 0, 0, full}, "It could not be put into its report yet. The disk is full."},
      {{1, 1, 0, full}, "not all that was saved of it can be read"},
      {{1, 1, 0, full}, "Another recording could not be put into its report yet. The disk"},
      {{1, 0, 1, NULL}, "Of another recording nothing that was saved can be read any more."},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = satchel_salvage_text_dup (&cases[i].salvage);
    g_assert_true (cases[i].part != NULL ? text != NULL && strstr (text, cases[i].part) != NULL
                                         : text == NULL);
  }
}

#define TEST(name, function) \
  g_test_add ("/recorder/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  signal (SIGXFSZ, SIG_IGN);
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  g_test_add_func ("/recorder/tape", test_tape);
  g_test_add_func ("/recorder/loudness", test_loudness);
  g_test_add_func ("/recorder/end", test_end);
  g_test_add_func ("/recorder/name", test_name);
  g_test_add_func ("/recorder/salvage-text", test_salvage_text);
  TEST ("kept-and-finished", test_kept_and_finished);
  TEST ("parts", test_parts);
  TEST ("no-end", test_no_end);
  TEST ("cut", test_cut);
  TEST ("disk-fails", test_disk_fails);
  TEST ("disk-fails-later", test_disk_fails_later);
  TEST ("disk-fails-for-good", test_disk_fails_for_good);
  TEST ("nothing-heard", test_nothing_heard);
  TEST ("discarded", test_discarded);
  return g_test_run ();
}
