/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setup/satchel-setup-text.h"

#include <locale.h>
#include <string.h>

#include "join/satchel-join-job.h"
#include "secret/satchel-words.h"
#include "vault/satchel-vault.h"

static void
test_strength (void)
{
  static const struct {
    const char *passphrase;
    SatchelStrength strength;
  } CASES[] = {
      {"", SATCHEL_STRENGTH_REFUSED},
      {"password1", SATCHEL_STRENGTH_REFUSED},
      {"qwertyuiop12", SATCHEL_STRENGTH_REFUSED},
      {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", SATCHEL_STRENGTH_REFUSED},
      {"a dog and a cat and a cow", SATCHEL_STRENGTH_DOUBTFUL},
      {"correct horse battery staple nine", SATCHEL_STRENGTH_DOUBTFUL},
      {"seven herons stood on the frozen pond behind the mill", SATCHEL_STRENGTH_LONG},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++)
    g_assert_cmpint (satchel_setup_strength (CASES[i].passphrase, strlen (CASES[i].passphrase)),
                     ==, CASES[i].strength);
}

static void
test_name (void)
{
  g_autofree char *longest = g_strnfill (SATCHEL_CARD_NAME_MAX, 'n');
  g_autofree char *longer = g_strnfill (SATCHEL_CARD_NAME_MAX + 1, 'n');
  const struct {
    const char *typed, *name;
  } CASES[] = {
      {"", NULL},
      {"  \t ", NULL},
      {"a\tb", NULL},
      {"a\xff", NULL},
      {" Zelda Quill ", "Zelda Quill"},
      {"Зоя", "Зоя"},
      {longest, longest},
      {longer, NULL},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    g_autofree char *name = satchel_setup_dup_name (CASES[i].typed);
    g_assert_cmpstr (name, ==, CASES[i].name);
  }
}

/* It is read back from its two lines. */
static void
test_code (void)
{
  g_autoptr (SatchelSecret) code = satchel_secret_new_random (16, NULL);
  g_autofree char *lines = satchel_setup_dup_code_lines (code);
  g_auto (GStrv) parts = g_strsplit (lines, "\n", -1);
  g_autofree char *typed = g_strjoinv ("  ", parts);

  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  g_assert_cmpuint (strlen (parts[0]), ==, 19);
  g_assert_cmpuint (strlen (parts[1]), ==, 14);
  g_autoptr (SatchelSecret) back = satchel_recovery_code_parse (typed, NULL);
  g_assert_true (satchel_secret_equal (back, code));
}

/* Each names the folder, or says what to do; none has the core's English in it. */
static void
test_failure (void)
{
  static const struct {
    int code;
    const char *says;
  } CASES[] = {
      {SATCHEL_VAULT_ERROR_NO_SPACE, "The disk is full. No vault was made"},
      {SATCHEL_VAULT_ERROR_EXISTS, "/there holds something else"},
      {SATCHEL_VAULT_ERROR_BUSY, "in /there."},
      {SATCHEL_VAULT_ERROR_IO, "in /there."},
      {SATCHEL_VAULT_ERROR_NOT_FOUND, "in /there."},
      {SATCHEL_VAULT_ERROR_CIPHER, "Install Satchel anew."},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    g_autoptr (GError) error = g_error_new (SATCHEL_VAULT_ERROR, CASES[i].code, "core words");
    g_autofree char *text = satchel_setup_dup_failure (error, "/there");
    g_assert_nonnull (strstr (text, CASES[i].says));
    g_assert_null (strstr (text, "core words"));
  }
}

static void
test_tidy (void)
{
  static const struct {
    const char *pasted, *paper;
  } CASES[] = {
      {"", "\n"},
      {" \r\n ", "\n"},
      {"a", "a\n"},
      {"\n  a: b\r\nc: d \r\n\r\n", "a: b\nc: d\n"},
      {"a\n\nb\n", "a\n\nb\n"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    g_autoptr (SatchelSecret) tidy =
        satchel_join_tidy (CASES[i].pasted, strlen (CASES[i].pasted), NULL);
    g_assert_cmpmem (satchel_secret_get_data (tidy), satchel_secret_get_size (tidy),
                     CASES[i].paper, strlen (CASES[i].paper));
  }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/setup-text/strength", test_strength);
  g_test_add_func ("/setup-text/name", test_name);
  g_test_add_func ("/setup-text/code", test_code);
  g_test_add_func ("/setup-text/failure", test_failure);
  g_test_add_func ("/setup-text/tidy", test_tidy);
  return g_test_run ();
}
