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

#define STARTED_US G_GINT64_CONSTANT (1795905907000000) /* 2026-11-28 22:45:07 UTC */

static void
test_tape (void)
{
  g_autoptr (SatchelTape) tape = satchel_tape_new (10);

  g_assert_null (satchel_tape_take (tape));
  g_assert_true (satchel_tape_put (tape, (const guint8 *) "12345", 5));
  g_assert_true (satchel_tape_put (tape, (const guint8 *) "67890", 5));
  g_autoptr (GByteArray) whole = satchel_tape_take (tape);
  g_assert_cmpmem (whole->data, whole->len, "1234567890", 10);
  g_assert_true (satchel_tape_put (tape, (const guint8 *) "12345678", 8));
  g_assert_false (satchel_tape_is_full (tape));
  g_assert_false (satchel_tape_put (tape, (const guint8 *) "abc", 3));
  g_assert_true (satchel_tape_is_full (tape));
  g_autoptr (GByteArray) before = satchel_tape_take (tape);
  g_assert_cmpmem (before->data, before->len, "12345678", 8);
  /* There is room again, and a gap before it. */
  g_assert_false (satchel_tape_put (tape, (const guint8 *) "d", 1));
  g_assert_null (satchel_tape_take (tape));
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
  satchel_tape_put (tape, (const guint8 *) "end", 3);
  satchel_tape_end (tape);
  return NULL;
}

static void
test_end (void)
{
  g_autoptr (SatchelTape) tape = satchel_tape_new (10);

  g_assert_false (satchel_tape_await_end (tape, 1));
  GThread *thread = g_thread_new ("end", end_later, tape);
  g_assert_true (satchel_tape_await_end (tape, 60000));
  g_autoptr (GByteArray) rest = satchel_tape_take (tape);
  g_assert_cmpmem (rest->data, rest->len, "end", 3);
  g_thread_join (thread);
}

static void
test_name (void)
{
  g_autofree char *name = satchel_recording_name (STARTED_US);

  g_assert_cmpstr (name, ==, "Recording 2026-11-28 22.45.07.ogg");
}

/* Runs and frees @job as the worker does. */
static gpointer
run (SatchelVault *vault, SatchelSessionJob job, GError **error)
{
  gpointer result = job.run (vault, job.input, (SatchelProgressReport){0}, NULL, error);

  g_assert_true (job.is_kept);
  job.input_free (job.input);
  return result;
}

static void
test_kept_and_finished (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=x");
  g_autoptr (SatchelTape) tape = satchel_tape_new (100);
  g_autoptr (SatchelRecording) recording = satchel_recording_new (id, tape, STARTED_US);
  g_autoptr (GError) error = NULL;

  satchel_tape_put (tape, (const guint8 *) "one,", 4);
  g_assert_nonnull (run (vault, satchel_recording_keep_job (recording), &error));
  g_assert_nonnull (run (vault, satchel_recording_keep_job (recording), &error));
  satchel_tape_put (tape, (const guint8 *) "two", 3);
  GThread *thread = g_thread_new ("end", end_later, tape);
  g_autoptr (SatchelRecorded) recorded =
      run (vault, satchel_recording_finish_job (recording), &error);
  g_assert_no_error (error);
  g_thread_join (thread);
  g_assert_cmpstr (recorded->name, ==, "Recording 2026-11-28 22.45.07.ogg");
  g_assert_no_error (recorded->cut);
  g_autoptr (GPtrArray) items = satchel_evidence_list (vault, id, &error);
  g_assert_cmpuint (items->len, ==, 1);
  const SatchelEvidence *item = items->pdata[0];
  g_assert_cmpuint (item->size_bytes, ==, strlen ("one,twoend"));
  g_assert_cmpint (item->captured.unix_us, ==, STARTED_US);
  g_assert_cmpint (item->clock, ==, SATCHEL_CLOCK_DEVICE);
  g_assert_cmpint (item->origin, ==, SATCHEL_ORIGIN_OWN);
  g_assert_cmpstr (item->device, ==, "Satchel");
}

/* A microphone that hangs: what was heard is kept, and it is told that it is not all. */
static void
test_no_end (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=x");
  g_autoptr (SatchelTape) tape = satchel_tape_new (100);
  g_autoptr (SatchelRecording) recording = satchel_recording_new (id, tape, STARTED_US);
  g_autoptr (GError) error = NULL;
  gint64 begun_us = g_get_monotonic_time ();

  satchel_tape_put (tape, (const guint8 *) "one", 3);
  g_autoptr (SatchelRecorded) recorded =
      run (vault, satchel_recording_finish_job (recording), &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_get_monotonic_time () - begun_us, >=, SATCHEL_MICROPHONE_END_MS * 1000);
  g_assert_error (recorded->cut, SATCHEL_MICROPHONE_ERROR, SATCHEL_MICROPHONE_ERROR_LOST);
  g_assert_cmpint (test_count (vault, "SELECT count(*) FROM evidence"), ==, 1);
}

/* What could not be taken in is told at the end, and nothing is put behind the gap. */
static void
test_cut (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=x");
  g_autoptr (SatchelTape) tape = satchel_tape_new (100);
  g_autoptr (SatchelRecording) recording = satchel_recording_new (id, tape, STARTED_US);
  g_autofree char *away = g_strconcat (satchel_vault_get_folder (vault), ".away", NULL);
  g_autoptr (GError) error = NULL, cause = NULL;

  satchel_tape_put (tape, (const guint8 *) "one", 3);
  g_assert_nonnull (run (vault, satchel_recording_keep_job (recording), &error));
  satchel_tape_put (tape, (const guint8 *) "lost", 4);
  g_assert_cmpint (g_rename (satchel_vault_get_folder (vault), away), ==, 0);
  g_assert_null (run (vault, satchel_recording_keep_job (recording), &cause));
  g_assert_cmpint (g_rename (away, satchel_vault_get_folder (vault)), ==, 0);
  g_assert_nonnull (cause);
  satchel_tape_put (tape, (const guint8 *) "three", 5);
  satchel_tape_end (tape);
  g_autoptr (SatchelRecorded) recorded =
      run (vault, satchel_recording_finish_job (recording), &error);
  g_assert_no_error (error);
  g_assert_error (recorded->cut, cause->domain, cause->code);
  g_autoptr (GPtrArray) items = satchel_evidence_list (vault, id, &error);
  g_assert_cmpuint (items->len, ==, 1);
  g_assert_cmpuint (((const SatchelEvidence *) items->pdata[0])->size_bytes, ==, strlen ("one"));
}

/* A disk that fails is told as that, also by what ends it. */
static void
test_disk_fails (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=x");
  g_autoptr (SatchelTape) tape = satchel_tape_new (4 * 1024 * 1024);
  g_autoptr (SatchelRecording) recording = satchel_recording_new (id, tape, STARTED_US);
  g_autofree guint8 *sound = g_malloc0 (2 * 1024 * 1024);
  g_autoptr (GError) error = NULL, cause = NULL;
  struct rlimit before, small;

  satchel_tape_put (tape, sound, 1000);
  g_assert_nonnull (run (vault, satchel_recording_keep_job (recording), &error));
  satchel_tape_put (tape, sound, 2 * 1024 * 1024);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  small = (struct rlimit){1000, before.rlim_max};
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  g_assert_null (run (vault, satchel_recording_keep_job (recording), &cause));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_true (cause->domain == SATCHEL_BASE_ERROR || cause->domain == SATCHEL_VAULT_ERROR);
  satchel_tape_end (tape);
  g_assert_null (run (vault, satchel_recording_finish_job (recording), &error));
  g_assert_error (error, cause->domain, cause->code);
  g_assert_cmpint (test_count (vault, "SELECT count(*) FROM evidence"), ==, 0);
}

/* An empty item would say that there is something to hear. */
static void
test_nothing_heard (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=x");
  g_autoptr (SatchelTape) tape = satchel_tape_new (100);
  g_autoptr (SatchelRecording) recording = satchel_recording_new (id, tape, STARTED_US);
  g_autoptr (GError) error = NULL;

  satchel_tape_end (tape);
  g_assert_null (run (vault, satchel_recording_finish_job (recording), &error));
  g_assert_error (error, SATCHEL_MICROPHONE_ERROR, SATCHEL_MICROPHONE_ERROR_NONE);
  g_assert_cmpint (test_count (vault, "SELECT count(*) FROM evidence"), ==, 0);
}

static void
test_discarded (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (SatchelVault) vault = test_vault_new (folder);
  g_autofree char *id = TEST_RECORD (vault, "note", "text=x");
  g_autoptr (SatchelTape) tape = satchel_tape_new (100);
  g_autoptr (SatchelRecording) recording = satchel_recording_new (id, tape, STARTED_US);
  g_autoptr (GError) error = NULL;

  satchel_tape_put (tape, (const guint8 *) "one", 3);
  g_assert_nonnull (run (vault, satchel_recording_keep_job (recording), &error));
  g_assert_nonnull (run (vault, satchel_recording_discard_job (recording), &error));
  g_assert_no_error (error);
  g_assert_cmpint (test_count (vault, "SELECT count(*) FROM evidence"), ==, 0);
  g_autoptr (GString) faults = test_check (vault);
  g_assert_cmpstr (faults->str, ==, "");
}

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
  g_test_add_func ("/recorder/kept-and-finished", test_kept_and_finished);
  g_test_add_func ("/recorder/no-end", test_no_end);
  g_test_add_func ("/recorder/cut", test_cut);
  g_test_add_func ("/recorder/disk-fails", test_disk_fails);
  g_test_add_func ("/recorder/nothing-heard", test_nothing_heard);
  g_test_add_func ("/recorder/discarded", test_discarded);
  return g_test_run ();
}
