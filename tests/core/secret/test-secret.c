/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "secret/satchel-secret.h"

#include <string.h>

static const guint8 place[] = "slot 1";

static void
test_wrap (void)
{
  guint8 wrapped[SATCHEL_WRAPPED_SIZE];
  guint8 again[SATCHEL_WRAPPED_SIZE];
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) key = satchel_secret_new_random (32, NULL);
  g_autoptr (SatchelSecret) secret = satchel_secret_new_random (SATCHEL_WRAPPABLE_SIZE, NULL);

  satchel_secret_wrap (secret, key, place, sizeof place, wrapped);
  satchel_secret_wrap (secret, key, place, sizeof place, again);
  g_assert_cmpint (memcmp (wrapped, again, sizeof wrapped), !=, 0);
  g_autoptr (SatchelSecret) opened =
      satchel_secret_unwrap (wrapped, key, place, sizeof place, &error);
  g_assert_no_error (error);
  g_assert_true (satchel_secret_equal (opened, secret));
}

/* Any bit changed, another key, another place: it does not open, and that is no error. */
static void
test_does_not_open (void)
{
  guint8 wrapped[SATCHEL_WRAPPED_SIZE];
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) key = satchel_secret_new_random (32, NULL);
  g_autoptr (SatchelSecret) other = satchel_secret_new_random (32, NULL);
  g_autoptr (SatchelSecret) secret = satchel_secret_new_random (SATCHEL_WRAPPABLE_SIZE, NULL);

  satchel_secret_wrap (secret, key, place, sizeof place, wrapped);
  for (guint i = 0; i < sizeof wrapped; i++) {
    wrapped[i] ^= 1 << i % 8;
    g_assert_null (satchel_secret_unwrap (wrapped, key, place, sizeof place, &error));
    wrapped[i] ^= 1 << i % 8;
  }
  g_assert_null (satchel_secret_unwrap (wrapped, other, place, sizeof place, &error));
  g_assert_null (satchel_secret_unwrap (wrapped, key, place, sizeof place - 1, &error));
  g_assert_null (satchel_secret_unwrap (wrapped, key, NULL, 0, &error));
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/secret/secret/wrap", test_wrap);
  g_test_add_func ("/secret/secret/does-not-open", test_does_not_open);
  return g_test_run ();
}
