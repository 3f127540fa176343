/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "legal/satchel-received.h"

#include <glib/gstdio.h>

#include "legal/satchel-verify-received.h"
#include "test-support.h"
#include "test-trip.h"

/* "E r": the desk's list, a letter an item: Record, Evidence, Aside; small where it is broken. */
static char *
spell (SatchelVault *vault, const SatchelReceivedFilter *filter)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) keys = satchel_received_list_keys (vault, filter, &error);
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < keys->len; i++) {
    g_autoptr (SatchelReceived) item =
        satchel_received_load (vault, g_array_index (keys, gint64, i), &error);
    g_assert_no_error (error);
    char letter = "REA"[item->what];
    g_assert_cmpint (item->received_us, >, 0);
    g_string_append_c (text, item->standing == SATCHEL_STANDING_BROKEN ? g_ascii_tolower (letter)
                                                                       : letter);
  }
  return g_string_free (text, FALSE);
}

static void
assert_spelt (SatchelVault *vault,
              gboolean has_standing,
              SatchelStanding standing,
              const char *words,
              const char *expected)
{
  const SatchelReceivedFilter filter = {has_standing, standing, words};
  g_autofree char *text = spell (vault, &filter);

  g_assert_cmpstr (text, ==, expected);
}

static void
damage (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  g_autofree char *newest = NULL;
  gint64 newest_time = 0;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    GStatBuf found;
    g_stat (path, &found);
    gint64 time = (gint64) found.st_mtim.tv_sec * 1000000000 + found.st_mtim.tv_nsec;
    if (time <= newest_time)
      continue;
    newest_time = time;
    g_free (newest);
    newest = g_steal_pointer (&path);
  }
  g_autofree char *content = NULL;
  gsize size;
  g_assert_true (g_file_get_contents (newest, &content, &size, NULL));
  content[size / 2] ^= 1;
  g_assert_true (g_file_set_contents (newest, content, (gssize) size, NULL));
}

/* Two reports, the first with evidence; then one that came damaged. */
static void
fill (TestTrip *trip)
{
  g_autoptr (GBytes) photo = test_noise (3000, 7);
  g_autofree char *first = test_trip_note (trip->reporter, "Visit at noon", photo);
  g_autofree char *second = test_trip_note (trip->reporter, "Call", NULL);
  g_autofree char *third = test_trip_note (trip->reporter, "Lost", NULL);
  const char *const ids[] = {first, second, third};

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    g_autofree char *sent = test_trip_seal (trip->reporter, ids[i]);
    test_trip_hand_over (trip->reporter, trip->there);
    if (i == 2)
      damage (trip->there);
    g_autoptr (GPtrArray) arrived = test_trip_fetch (trip->desk, trip->there);
    g_assert_cmpuint (arrived->len, >, 0);
  }
}

static void
test_list (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);

  assert_spelt (trip->desk, FALSE, 0, NULL, "");
  fill (trip);
  g_autofree char *own = test_trip_note (trip->desk, "Our own", NULL);
  assert_spelt (trip->desk, FALSE, 0, NULL, "ARRE");
  assert_spelt (trip->desk, TRUE, SATCHEL_STANDING_HOLDS, NULL, "RRE");
  assert_spelt (trip->desk, TRUE, SATCHEL_STANDING_BROKEN, NULL, "");
  assert_spelt (trip->desk, TRUE, SATCHEL_STANDING_ASIDE, NULL, "A");
  assert_spelt (trip->desk, FALSE, 0, "noon", "RE");
  assert_spelt (trip->desk, TRUE, SATCHEL_STANDING_HOLDS, "call", "R");
  assert_spelt (trip->desk, FALSE, 0, "nowhere", "");
  assert_spelt (trip->desk, FALSE, 0, "own", "");
}

/* What a check finds is seen in the list until the next one. */
static void
test_standing (void)
{
  g_autoptr (TestTrip) trip = test_trip_new (NULL);

  fill (trip);
  g_autoptr (GArray) keys = satchel_received_list_keys (trip->desk, NULL, NULL);
  g_autoptr (SatchelReceived) item =
      satchel_received_load (trip->desk, g_array_index (keys, gint64, 3), NULL);
  g_assert_cmpint (item->checked_us, ==, 0);
  g_autoptr (SatchelVerification) verification = satchel_verify_received (
      trip->desk, item->bundle_id, NULL, (SatchelProgressReport){0}, NULL, NULL);
  SatchelItemVerdict fault = {.object = (char *) "0001", .id = item->item->id, .holds = FALSE};
  /* Of this frame: taken out again before all are freed. */
  g_ptr_array_add (verification->verdicts, &fault);
  g_assert_true (
      satchel_verify_note_received (trip->desk, item->bundle_id, verification, NULL));
  assert_spelt (trip->desk, FALSE, 0, NULL, "ARRe");
  assert_spelt (trip->desk, TRUE, SATCHEL_STANDING_HOLDS, NULL, "RR");
  assert_spelt (trip->desk, TRUE, SATCHEL_STANDING_BROKEN, NULL, "e");
  g_ptr_array_steal_index (verification->verdicts, verification->verdicts->len - 1);
  g_assert_true (
      satchel_verify_note_received (trip->desk, item->bundle_id, verification, NULL));
  assert_spelt (trip->desk, TRUE, SATCHEL_STANDING_BROKEN, NULL, "");
  assert_spelt (trip->desk, TRUE, SATCHEL_STANDING_HOLDS, NULL, "RRE");
  g_autoptr (SatchelReceived) again = satchel_received_load (trip->desk, item->key, NULL);
  g_assert_cmpint (again->checked_us, >, 0);
}

static void
test_missing (void)
{
  static const gint64 KEYS[] = {0, 3, 4, 5, 6, 7, -1, 4000};
  g_autoptr (TestTrip) trip = test_trip_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (KEYS); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (satchel_received_load (trip->desk, KEYS[i], &error));
    g_assert_error (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  g_test_add_func ("/received/list", test_list);
  g_test_add_func ("/received/standing", test_standing);
  g_test_add_func ("/received/missing", test_missing);
  return g_test_run ();
}
