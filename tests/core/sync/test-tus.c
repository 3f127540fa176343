/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/satchel-tus.h"

#include "base/satchel-file.h"
#include "fake-intake.h"
#include "test-support.h"

#define SIZE 100000

typedef struct {
  const char *name;
  FakeMode mode;
  int code; /* SatchelSyncError; -1: uploaded */
} Case;

static const Case CASES[] = {
    {"honest", FAKE_HONEST, -1},
    {"lower-offset", FAKE_LOWER_OFFSET, SATCHEL_SYNC_ERROR_UNTRUSTED},
    {"high-offset", FAKE_HIGH_OFFSET, SATCHEL_SYNC_ERROR_PROTOCOL},
    {"stuck-offset", FAKE_STUCK_OFFSET, SATCHEL_SYNC_ERROR_PROTOCOL},
    {"ahead", FAKE_AHEAD, SATCHEL_SYNC_ERROR_PROTOCOL},
    {"short-offset", FAKE_SHORT_OFFSET, SATCHEL_SYNC_ERROR_PROTOCOL},
    {"conflict", FAKE_CONFLICT, SATCHEL_SYNC_ERROR_PROTOCOL},
    {"forgetful", FAKE_FORGETFUL, SATCHEL_SYNC_ERROR_PROTOCOL},
    {"other-host", FAKE_OTHER_HOST, SATCHEL_SYNC_ERROR_UNTRUSTED},
    {"quota", FAKE_QUOTA, SATCHEL_SYNC_ERROR_QUOTA},
    {"forbidden", FAKE_FORBIDDEN, SATCHEL_SYNC_ERROR_TOKEN},
};

static gboolean
learned_cb (const SatchelTusState *state, gpointer user_data, GError **error)
{
  guint64 *last = user_data;

  g_assert_cmpuint (state->offset, >=, *last);
  *last = state->offset;
  return TRUE;
}

static gboolean
upload (FakeIntake *fake, const char *path, SatchelTusState *state, GError **error)
{
  SatchelTusFile file = {
      .create_target = "/uploads", .path = path, .size_bytes = SIZE, .piece_bytes = 30000};
  g_autoptr (GError) local = NULL;
  g_autoptr (SatchelConnection) connection =
      satchel_connection_open_any (fake_intake_get_card (fake), NULL, NULL, &local);
  guint64 last = 0;

  g_assert_no_error (local);
  return satchel_tus_upload (connection, &file, state, learned_cb, &last, NULL, error);
}

static void
test_case (gconstpointer data)
{
  const Case *expected = data;
  g_autoptr (FakeIntake) fake = fake_intake_new (expected->mode);
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autofree char *path = g_build_filename (folder, "sealed", NULL);
  g_autoptr (GBytes) noise = test_noise (SIZE, 11);
  g_autoptr (GError) error = NULL;
  SatchelTusState state = {0};

  g_assert_true (satchel_file_store (path, g_bytes_get_data (noise, NULL), SIZE, NULL));
  if (expected->code < 0) {
    g_assert_true (upload (fake, path, &state, &error));
    g_assert_no_error (error);
    g_assert_cmpuint (state.offset, ==, SIZE);
    g_assert_cmpuint (fake_intake_count_body_bytes (fake), ==, SIZE);
  } else {
    g_assert_false (upload (fake, path, &state, &error));
    g_assert_error (error, SATCHEL_SYNC_ERROR, expected->code);
  }
  satchel_tus_state_clear (&state);
}

/* What was acknowledged in an earlier run is believed, and never sent again. */
static void
test_lower_after_restart (void)
{
  g_autoptr (FakeIntake) fake = fake_intake_new (FAKE_HONEST);
  g_autoptr (GError) error = NULL;
  SatchelTusState state = {.location = g_strdup ("/uploads/1"), .offset = 5000};

  g_assert_false (upload (fake, "/nonexistent", &state, &error));
  g_assert_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNTRUSTED);
  g_assert_cmpuint (state.offset, ==, 5000);
  g_assert_true (state.is_disputed);
  g_assert_cmpuint (fake_intake_count_body_bytes (fake), ==, 0);
  satchel_tus_state_clear (&state);
}

/* A sealed file that is gone is damage of this upload alone. */
static void
test_no_file (void)
{
  g_autoptr (FakeIntake) fake = fake_intake_new (FAKE_HONEST);
  g_autoptr (GError) error = NULL;
  SatchelTusState state = {0};

  g_assert_false (upload (fake, "/nonexistent", &state, &error));
  g_assert_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_DAMAGED);
  satchel_tus_state_clear (&state);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  for (gsize i = 0; i < G_N_ELEMENTS (CASES); i++) {
    g_autofree char *path = g_strconcat ("/tus/", CASES[i].name, NULL);
    g_test_add_data_func (path, &CASES[i], test_case);
  }
  g_test_add_func ("/tus/lower-after-restart", test_lower_after_restart);
  g_test_add_func ("/tus/no-file", test_no_file);
  return g_test_run ();
}
