/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-age.h"

#include <string.h>

#include "base/satchel-file.h"
#include "seal/satchel-seal-error.h"
#include "test-support.h"

static void
test_recipient_text (void)
{
  g_autoptr (SatchelSecret) identity = satchel_age_identity_new (NULL);
  SatchelAgeRecipient recipient = {0};
  SatchelAgeRecipient back = {0};

  g_assert_true (satchel_age_identity_get_recipient (identity, &recipient, NULL));
  g_autofree char *text = satchel_age_recipient_format (&recipient);
  g_assert_cmpuint (strlen (text), ==, 62);
  g_assert_true (satchel_age_recipient_parse (text, &back, NULL));
  g_assert_cmpmem (&back, sizeof back, &recipient, sizeof recipient);

  for (gsize i = 0; i < strlen (text); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *changed = g_strdup (text);
    changed[i] = changed[i] == 'q' ? 'p' : 'q';
    g_assert_false (satchel_age_recipient_parse (changed, &back, &error));
    g_assert_error (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_KEY);
  }
  g_autofree char *upper = g_ascii_strup (text, -1);
  g_assert_false (satchel_age_recipient_parse (upper, &back, NULL));
  g_assert_false (satchel_age_recipient_parse ("", &back, NULL));
  g_assert_cmpmem (&back, sizeof back, &recipient, sizeof recipient);
}

static void
test_identity_text (void)
{
  g_autoptr (SatchelSecret) identity = satchel_age_identity_new (NULL);
  g_autoptr (SatchelSecret) text = satchel_age_identity_format (identity, NULL);
  const char *data = (const char *) satchel_secret_get_data (text);
  gsize size = satchel_secret_get_size (text);
  g_autoptr (SatchelSecret) back = satchel_age_identity_parse (data, size, NULL);

  g_assert_true (satchel_secret_equal (identity, back));
  for (gsize i = 0; i < size; i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *changed = g_strndup (data, size);
    changed[i] = changed[i] == 'Q' ? 'P' : 'Q';
    g_assert_null (satchel_age_identity_parse (changed, size, &error));
    g_assert_error (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_KEY);
    g_assert_null (satchel_age_identity_parse (data, i, NULL));
  }
}

/* age-keygen finds the same recipient for our identity. */
static void
test_with_age_keygen (void)
{
  if (!test_has_program ("age-keygen"))
    return;
  g_autoptr (SatchelSecret) identity = satchel_age_identity_new (NULL);
  g_autoptr (SatchelSecret) text = satchel_age_identity_format (identity, NULL);
  g_autofree char *input = g_strndup ((const char *) satchel_secret_get_data (text),
                                      satchel_secret_get_size (text));
  g_autofree char *output = NULL;
  const char *const argv[] = {"age-keygen", "-y", NULL};
  SatchelAgeRecipient recipient = {0};

  g_assert_true (satchel_age_identity_get_recipient (identity, &recipient, NULL));
  g_autofree char *expected = satchel_age_recipient_format (&recipient);
  g_assert_cmpint (test_run (argv, input, &output, NULL), ==, 0);
  g_assert_cmpstr (g_strstrip (output), ==, expected);
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/seal/age-keys/recipient", test_recipient_text);
  g_test_add_func ("/seal/age-keys/identity", test_identity_text);
  g_test_add_func ("/seal/age-keys/with-age-keygen", test_with_age_keygen);
  return g_test_run ();
}
