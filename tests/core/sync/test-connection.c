/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/satchel-connection.h"

#include "fake-intake.h"
#include "test-support.h"

typedef struct {
  const char *name;
  FakeMode mode;
  int code; /* SatchelSyncError; -1: proved */
} Case;

static const Case CASES[] = {
    {"honest", FAKE_HONEST, -1},
    {"other-authority", FAKE_OTHER_AUTHORITY, SATCHEL_SYNC_ERROR_UNTRUSTED},
    {"other-name", FAKE_OTHER_NAME, SATCHEL_SYNC_ERROR_UNTRUSTED},
    {"expired", FAKE_EXPIRED, SATCHEL_SYNC_ERROR_CLOCK},
    {"redirect", FAKE_REDIRECT, SATCHEL_SYNC_ERROR_UNTRUSTED},
    {"no-proof", FAKE_NO_PROOF, SATCHEL_SYNC_ERROR_UNTRUSTED},
    {"proof-other-key", FAKE_PROOF_OTHER_KEY, SATCHEL_SYNC_ERROR_UNTRUSTED},
    {"proof-other-certificate", FAKE_PROOF_OTHER_CERT, SATCHEL_SYNC_ERROR_UNTRUSTED},
    {"proof-other-nonce", FAKE_PROOF_OTHER_NONCE, SATCHEL_SYNC_ERROR_UNTRUSTED},
    {"proof-other-name", FAKE_PROOF_OTHER_NAME, SATCHEL_SYNC_ERROR_UNTRUSTED},
    {"proof-long", FAKE_PROOF_LONG, SATCHEL_SYNC_ERROR_PROTOCOL},
};

static void
test_case (gconstpointer data)
{
  const Case *expected = data;
  g_autoptr (FakeIntake) fake = fake_intake_new (expected->mode);
  SatchelConnectionOptions options = {.timeout_s = 10};
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelConnection) connection =
      satchel_connection_open_any (fake_intake_get_card (fake), &options, NULL, &error);

  if (expected->code < 0) {
    g_assert_no_error (error);
    g_assert_nonnull (connection);
  } else {
    g_assert_null (connection);
    g_assert_error (error, SATCHEL_SYNC_ERROR, expected->code);
    g_test_message ("%s", error->message);
  }
  g_assert_cmpuint (fake_intake_count_body_bytes (fake), ==, 0);
  g_assert_cmpuint (fake_intake_count_requests (fake), ==, 0);
}

static void
test_unreachable (void)
{
  g_autoptr (FakeIntake) fake = fake_intake_new (FAKE_HONEST);
  g_autoptr (SatchelIntakeCard) card = satchel_intake_card_copy (fake_intake_get_card (fake));
  g_autoptr (SatchelConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&fake, fake_intake_free);
  connection = satchel_connection_open_any (card, NULL, NULL, &error);
  g_assert_error (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_UNREACHABLE);
}

static void
test_cancelled (void)
{
  g_autoptr (FakeIntake) fake = fake_intake_new (FAKE_HONEST);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (SatchelConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  connection =
      satchel_connection_open_any (fake_intake_get_card (fake), NULL, cancellable, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  /* Proxies of the environment lead nowhere; whoever used them would fail. */
  g_setenv ("https_proxy", "http://127.0.0.1:9", TRUE);
  g_setenv ("HTTPS_PROXY", "http://127.0.0.1:9", TRUE);
  g_setenv ("all_proxy", "socks5://127.0.0.1:9", TRUE);
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  for (gsize i = 0; i < G_N_ELEMENTS (CASES); i++) {
    g_autofree char *path = g_strconcat ("/connection/", CASES[i].name, NULL);
    g_test_add_data_func (path, &CASES[i], test_case);
  }
  g_test_add_func ("/connection/unreachable", test_unreachable);
  g_test_add_func ("/connection/cancelled", test_cancelled);
  return g_test_run ();
}
