/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-support.h"

#include <string.h>

#include "base/satchel-file.h"

char *
test_scratch_new (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("satchel-test-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

void
test_scratch_free (char *folder)
{
  if (folder == NULL)
    return;
  g_autoptr (GError) error = NULL;
  satchel_folder_remove (folder, &error);
  g_assert_no_error (error);
  g_free (folder);
}

guint
test_count_entries (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint count = 0;

  g_assert_nonnull (dir);
  while (g_dir_read_name (dir) != NULL)
    count++;
  return count;
}

char *
test_source_path (const char *relative)
{
  return g_test_build_filename (G_TEST_DIST, relative, NULL);
}

static gboolean
contains (const char *haystack, gsize size, const char *needle, gsize needle_size)
{
  return memmem (haystack, size, needle, needle_size) != NULL;
}

static void
assert_file_without (const char *path, const char *needle)
{
  g_autoptr (GMappedFile) map = g_mapped_file_new (path, FALSE, NULL);
  if (map == NULL || g_mapped_file_get_length (map) == 0)
    return;

  glong wide_units = 0;
  g_autofree gunichar2 *wide = g_utf8_to_utf16 (needle, -1, NULL, &wide_units, NULL);
  const char *data = g_mapped_file_get_contents (map);
  gsize size = g_mapped_file_get_length (map);

  if (contains (data, size, needle, strlen (needle)) ||
      (wide != NULL && contains (data, size, (const char *) wide, (gsize) wide_units * 2)))
    g_error ("plaintext \"%s\" found in %s", needle, path);
}

void
test_assert_no_plaintext (const char *folder, const char *needle)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  if (dir == NULL)
    return;

  const char *name;
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    if (g_file_test (path, G_FILE_TEST_IS_SYMLINK))
      continue;
    if (g_file_test (path, G_FILE_TEST_IS_DIR))
      test_assert_no_plaintext (path, needle);
    else if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
      assert_file_without (path, needle);
  }
}

int
test_run (const char *const *argv,
          const char *standard_input,
          char **standard_output,
          char **standard_error)
{
  g_autoptr (GError) error = NULL;
  GSubprocessFlags flags = G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE;
  g_autoptr (GSubprocess) child = NULL;
  g_autoptr (GBytes) input = NULL;
  g_autoptr (GBytes) output = NULL;
  g_autoptr (GBytes) messages = NULL;

  if (standard_input != NULL) {
    flags |= G_SUBPROCESS_FLAGS_STDIN_PIPE;
    input = g_bytes_new (standard_input, strlen (standard_input));
  }
  child = g_subprocess_newv (argv, flags, &error);
  g_assert_no_error (error);
  g_subprocess_communicate (child, input, NULL, &output, &messages, &error);
  g_assert_no_error (error);

  if (standard_output != NULL)
    *standard_output = g_strndup (g_bytes_get_data (output, NULL), g_bytes_get_size (output));
  if (standard_error != NULL)
    *standard_error = g_strndup (g_bytes_get_data (messages, NULL), g_bytes_get_size (messages));
  return g_subprocess_get_if_exited (child) ? g_subprocess_get_exit_status (child) : -1;
}

gboolean
test_has_program (const char *name)
{
  g_autofree char *path = g_find_program_in_path (name);

  if (path == NULL)
    g_test_skip_printf ("%s is not installed", name);
  return path != NULL;
}

GBytes *
test_noise (gsize size_bytes, guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  guint8 *data = g_malloc (size_bytes + 4);

  for (gsize i = 0; i < size_bytes; i += 4) {
    guint32 value = g_rand_int (random);
    memcpy (data + i, &value, 4);
  }
  return g_bytes_new_take (data, size_bytes);
}
