/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/satchel-file.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/satchel-error.h"
#include "test-support.h"

typedef struct {
  TestScratch *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = test_scratch_new ();
  fixture->path = g_build_filename (fixture->folder, "bundle.age", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  test_scratch_free (fixture->folder);
  g_free (fixture->path);
}

/* In the C library's place, for all that is linked in here. */
static gboolean folders_fail;

int
fsync (int fd)
{
  struct stat status;

  if (folders_fail && fstat (fd, &status) == 0 && S_ISDIR (status.st_mode)) {
    errno = EIO;
    return -1;
  }
  return (int) syscall (SYS_fsync, fd);
}

/* Told as a failure, a file does not stand there; of what was replaced, either one does. */
static void
test_folder_fails (Fixture *fixture, gconstpointer data)
{
  g_autofree char *content = NULL;

  for (guint replace = 0; replace < 2; replace++) {
    g_autoptr (SatchelNewFile) file = satchel_new_file_open (fixture->path, NULL);
    g_autoptr (GError) error = NULL;
    folders_fail = TRUE;
    g_assert_false (satchel_new_file_commit (file, replace == 1, &error));
    folders_fail = FALSE;
    g_assert_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_IO);
    g_assert_cmpuint (test_count_entries (fixture->folder), ==, 0);
  }
  g_assert_true (satchel_file_store (fixture->path, (const guint8 *) "old", 3, NULL));
  folders_fail = TRUE;
  g_assert_false (satchel_file_store (fixture->path, (const guint8 *) "new", 3, NULL));
  folders_fail = FALSE;
  g_assert_true (g_file_get_contents (fixture->path, &content, NULL, NULL));
  g_assert_true (g_str_equal (content, "old") || g_str_equal (content, "new"));
  g_assert_cmpuint (test_count_entries (fixture->folder), ==, 1);
}

/* A process that is killed with the file half written. */
static void
die_writing (const char *path)
{
  pid_t child = fork ();

  if (child == 0) {
    SatchelNewFile *file = satchel_new_file_open_outside (path, NULL);
    SatchelSink sink = satchel_new_file_get_sink (file);
    satchel_sink_write (sink, (const guint8 *) "half", 4, NULL, NULL);
    _exit (0);
  }
  g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
}

/* What was left is gone, and nothing of it is in what is written now. */
static void
test_leftover (Fixture *fixture, gconstpointer data)
{
  g_autofree char *content = NULL;

  die_writing (fixture->path);
  die_writing (fixture->path);
  g_assert_cmpuint (test_count_entries (fixture->folder), ==, 1);
  g_autoptr (SatchelNewFile) file = satchel_new_file_open_outside (fixture->path, NULL);
  g_assert_nonnull (file);
  g_assert_true (satchel_sink_write (satchel_new_file_get_sink (file), (const guint8 *) "all", 3,
                                     NULL, NULL));
  g_assert_true (satchel_new_file_commit (file, FALSE, NULL));
  g_assert_cmpuint (test_count_entries (fixture->folder), ==, 1);
  g_assert_true (g_file_get_contents (fixture->path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "all");
}

/* A living writer is left alone; another file in the same folder is nobody's hindrance. */
static void
test_busy (Fixture *fixture, gconstpointer data)
{
  g_autofree char *other = g_build_filename (fixture->folder, "other.age", NULL);
  g_autoptr (GError) error = NULL;

  g_autoptr (SatchelNewFile) file = satchel_new_file_open_outside (fixture->path, NULL);
  g_autoptr (SatchelNewFile) beside = satchel_new_file_open_outside (other, NULL);
  g_assert_nonnull (file);
  g_assert_nonnull (beside);
  g_assert_null (satchel_new_file_open_outside (fixture->path, &error));
  g_assert_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_BUSY);
  g_assert_cmpuint (test_count_entries (fixture->folder), ==, 2);
  g_assert_true (satchel_new_file_commit (file, FALSE, NULL));
}

/* A second name on this file system, none over what stands there, and word where there are none. */
static void
test_second_name (Fixture *fixture, gconstpointer data)
{
  g_autofree char *other = g_build_filename (fixture->folder, "other.age", NULL);
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_linked = FALSE;

  g_assert_true (satchel_file_store (fixture->path, (const guint8 *) "all", 3, NULL));
  g_assert_true (satchel_file_link (fixture->path, other, &is_linked, NULL));
  g_assert_true (is_linked);
  g_assert_true (satchel_file_remove (fixture->path, NULL));
  g_assert_true (g_file_get_contents (other, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "all");
  g_assert_true (satchel_file_store (fixture->path, (const guint8 *) "new", 3, NULL));
  g_assert_false (satchel_file_link (fixture->path, other, &is_linked, &error));
  g_assert_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_EXISTS);
  g_assert_true (satchel_file_link (fixture->path, "/dev/satchel-other.age", &is_linked, NULL));
  g_assert_false (is_linked);
}

/* A link planted under the temporary name leads nowhere. */
static void
test_planted_link (Fixture *fixture, gconstpointer data)
{
  g_autofree char *victim = g_build_filename (fixture->folder, "victim", NULL);
  g_autofree char *name = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "bundle.age", -1);
  g_autofree char *temporary = g_strdup_printf ("%s/.new-%.32s", fixture->folder, name);
  g_autofree char *content = NULL;

  g_assert_true (g_file_set_contents (victim, "precious", -1, NULL));
  g_assert_cmpint (symlink (victim, temporary), ==, 0);
  g_assert_null (satchel_new_file_open_outside (fixture->path, NULL));
  g_assert_true (g_file_get_contents (victim, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "precious");
}

static char *
make_own (Fixture *fixture, const char *name)
{
  char *folder = g_build_filename (fixture->folder, name, NULL);
  g_autofree char *inner = g_build_filename (folder, "inner", NULL);
  g_autofree char *file = g_build_filename (inner, "file", NULL);

  g_assert_cmpint (g_mkdir_with_parents (inner, 0700), ==, 0);
  g_assert_true (g_file_set_contents (file, "words", -1, NULL));
  return folder;
}

static void
test_remove_own (Fixture *fixture, gconstpointer data)
{
  g_autofree char *own = make_own (fixture, "own");
  g_autofree char *nowhere = g_build_filename (fixture->folder, "no", "own", NULL);
  g_autoptr (GError) error = NULL;
  gboolean was_there = FALSE;

  g_assert_true (satchel_folder_remove_own (own, &was_there, &error));
  g_assert_no_error (error);
  g_assert_true (was_there);
  g_assert_false (g_file_test (own, G_FILE_TEST_EXISTS));
  g_assert_true (satchel_folder_remove_own (own, &was_there, NULL));
  g_assert_false (was_there);
  g_assert_false (satchel_folder_remove_own (nowhere, &was_there, &error));
  g_assert_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_NOT_FOUND);
}

/* A link in the folder's place, above it or in it, and a file in its place: what they lead to
 * stays. */
static void
test_remove_own_links (Fixture *fixture, gconstpointer data)
{
  g_autofree char *precious = make_own (fixture, "precious");
  g_autofree char *kept = g_build_filename (precious, "inner", "file", NULL);
  g_autofree char *link = g_build_filename (fixture->folder, "link", NULL);
  g_autofree char *through = g_build_filename (link, "inner", NULL);
  g_autofree char *own = make_own (fixture, "own");
  g_autofree char *inside = g_build_filename (own, "inside", NULL);
  gboolean was_there = FALSE;

  g_assert_cmpint (symlink (precious, link), ==, 0);
  g_assert_cmpint (symlink (precious, inside), ==, 0);
  for (guint i = 0; i < 3; i++) {
    const char *const paths[] = {link, through, kept};
    g_autoptr (GError) error = NULL;
    g_assert_false (satchel_folder_remove_own (paths[i], &was_there, &error));
    g_assert_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_IO);
  }
  g_assert_true (satchel_folder_remove_own (own, &was_there, NULL));
  g_assert_true (g_file_test (kept, G_FILE_TEST_IS_REGULAR));
  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
}

/* It stays once it is durable, whatever becomes of its writer; not before. */
static void
test_standing (Fixture *fixture, gconstpointer data)
{
  for (guint synced = 0; synced < 2; synced++) {
    g_autoptr (GError) error = NULL;
    SatchelNewFile *file = satchel_new_file_open_standing (fixture->path, &error);
    g_autofree char *content = NULL;
    g_assert_no_error (error);
    g_assert_null (satchel_new_file_open_standing (fixture->path, &error));
    g_assert_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_EXISTS);
    g_clear_error (&error);
    g_assert_true (satchel_sink_write (satchel_new_file_get_sink (file), (const guint8 *) "part", 4,
                                       NULL, &error));
    folders_fail = TRUE;
    g_assert_false (satchel_new_file_sync (file, &error));
    folders_fail = FALSE;
    g_assert_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_IO);
    if (synced == 1)
      g_assert_true (satchel_new_file_sync (file, NULL));
    satchel_new_file_free (file);
    g_assert_cmpint (g_file_get_contents (fixture->path, &content, NULL, NULL), ==, synced == 1);
    g_assert_cmpstr (content, ==, synced == 1 ? "part" : NULL);
  }
  g_assert_cmpuint (test_count_entries (fixture->folder), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/base/file/leftover", Fixture, NULL, set_up, test_leftover, tear_down);
  g_test_add ("/base/file/busy", Fixture, NULL, set_up, test_busy, tear_down);
  g_test_add ("/base/file/second-name", Fixture, NULL, set_up, test_second_name, tear_down);
  g_test_add ("/base/file/planted-link", Fixture, NULL, set_up, test_planted_link, tear_down);
  g_test_add ("/base/file/folder-fails", Fixture, NULL, set_up, test_folder_fails, tear_down);
  g_test_add ("/base/file/standing", Fixture, NULL, set_up, test_standing, tear_down);
  g_test_add ("/base/file/remove-own", Fixture, NULL, set_up, test_remove_own, tear_down);
  g_test_add ("/base/file/remove-own-links", Fixture, NULL, set_up, test_remove_own_links,
              tear_down);
  return g_test_run ();
}
