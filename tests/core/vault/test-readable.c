/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/satchel-readable.h"

#include <string.h>
#include <sys/stat.h>

#include "test-support.h"
#include "vault/satchel-vault.h"

#define MINE "00112233445566778899aabbccddeeff"
#define HIS  "ffeeddccbbaa99887766554433221100"

static void
assert_left (const char *folder, const char *id, const char *text)
{
  g_autofree char *found = NULL;
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (satchel_readable_load (folder, &found, &content, &error));
  g_assert_no_error (error);
  g_assert_true (satchel_readable_is_there (folder) == (text != NULL));
  g_assert_true ((content == NULL) == (text == NULL));
  if (text == NULL)
    return;
  g_assert_cmpstr (found, ==, id);
  g_assert_cmpmem (g_bytes_get_data (content, NULL), g_bytes_get_size (content), text,
                   strlen (text));
}

static void
leave (const char *folder, const char *id, const char *text)
{
  g_autoptr (GBytes) content = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;

  g_assert_true (satchel_readable_store (folder, id, content, &error));
  g_assert_no_error (error);
}

static void
test_one (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autofree char *path = g_build_filename (folder, "press-card", NULL);
  struct stat facts;

  assert_left (folder, NULL, NULL);
  leave (folder, MINE, "Anna Petrova");
  assert_left (folder, MINE, "Anna Petrova");
  g_assert_cmpint (stat (path, &facts), ==, 0);
  g_assert_cmpint (facts.st_mode & 0777, ==, 0600);
  leave (folder, HIS, "");
  assert_left (folder, HIS, "");
}

static void
test_removed (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();

  g_assert_true (satchel_readable_remove (folder, MINE, NULL));
  leave (folder, MINE, "a");
  g_assert_true (satchel_readable_remove (folder, HIS, NULL));
  assert_left (folder, MINE, "a");
  g_assert_true (satchel_readable_remove (folder, MINE, NULL));
  assert_left (folder, NULL, NULL);
  leave (folder, MINE, "a");
  g_assert_true (satchel_readable_remove (folder, NULL, NULL));
  assert_left (folder, NULL, NULL);
}

static void
test_damaged (void)
{
  static const char *const CONTENTS[] = {
      "",
      "no id",
      MINE,
      MINE " and no line feed",
      "00112233445566778899AABBCCDDEEFF\nupper case",
  };
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autofree char *path = g_build_filename (folder, "press-card", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (CONTENTS); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) content = NULL;
    g_assert_true (g_file_set_contents (path, CONTENTS[i], -1, NULL));
    g_assert_false (satchel_readable_load (folder, NULL, &content, &error));
    g_assert_error (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_DAMAGED);
    g_assert_null (content);
    /* Of no record that can be told: it may be of this one. */
    g_assert_true (satchel_readable_remove (folder, HIS, NULL));
    g_assert_false (satchel_readable_is_there (folder));
  }
}

static void
test_too_large (void)
{
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autofree char *path = g_build_filename (folder, "press-card", NULL);
  g_autofree char *much = g_malloc0 (SATCHEL_READABLE_MAX + 1);
  g_autoptr (GBytes) content = g_bytes_new_static (much, SATCHEL_READABLE_MAX);
  g_autoptr (GBytes) found = NULL;
  g_autoptr (GError) error = NULL;

  leave (folder, MINE, "a");
  g_assert_false (satchel_readable_store (folder, MINE, content, &error));
  g_assert_error (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_IO);
  g_clear_error (&error);
  assert_left (folder, MINE, "a");
  g_assert_true (g_file_set_contents (path, much, SATCHEL_READABLE_MAX + 1, NULL));
  g_assert_false (satchel_readable_load (folder, NULL, &found, &error));
  g_assert_error (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_DAMAGED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vault/readable/one", test_one);
  g_test_add_func ("/vault/readable/removed", test_removed);
  g_test_add_func ("/vault/readable/damaged", test_damaged);
  g_test_add_func ("/vault/readable/too-large", test_too_large);
  return g_test_run ();
}
