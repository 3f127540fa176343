/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/satchel-file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/satchel-error.h"

static gboolean
sync_at (int parent_fd, const char *path, GError **error)
{
  int fd = openat (parent_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return satchel_base_set_errno (error, errno, "open a folder");
  /* Some file systems cannot sync a folder and say EINVAL: their renames are as durable as they
   * get. */
  int failed = fsync (fd) != 0 && errno != EINVAL ? errno : 0;
  close (fd);
  return failed == 0 || satchel_base_set_errno (error, failed, "make a folder durable");
}

gboolean
satchel_folder_sync (const char *path, GError **error)
{
  return sync_at (AT_FDCWD, path, error);
}

gboolean
satchel_file_sync (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

  if (fd < 0)
    return satchel_base_set_errno (error, errno, "open a file");
  int failed = fsync (fd) != 0 ? errno : 0;
  close (fd);
  if (failed != 0)
    return satchel_base_set_errno (error, failed, "make a file durable");
  return satchel_folder_sync (folder, error);
}

gboolean
satchel_folder_make (const char *path, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (path);

  if (mkdir (path, 0700) == 0)
    return satchel_folder_sync (parent, error);
  if (errno == EEXIST && g_file_test (path, G_FILE_TEST_IS_DIR))
    return TRUE;
  return satchel_base_set_errno (error, errno, "make a folder");
}

gboolean
satchel_file_remove (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  if (unlink (path) != 0) {
    if (errno == ENOENT)
      return TRUE;
    return satchel_base_set_errno (error, errno, "remove a file");
  }
  return satchel_folder_sync (folder, error);
}

static gboolean remove_at (int parent_fd, const char *name, GError **error);

static gboolean
empty_folder (int fd, GError **error)
{
  DIR *listing = fdopendir (fd);
  struct dirent *entry;
  gboolean done = TRUE;

  if (listing == NULL) {
    close (fd);
    return satchel_base_set_errno (error, errno, "list a folder");
  }
  while (done && (entry = readdir (listing)) != NULL)
    if (strcmp (entry->d_name, ".") != 0 && strcmp (entry->d_name, "..") != 0)
      done = remove_at (dirfd (listing), entry->d_name, error);
  closedir (listing);
  return done;
}

static gboolean
remove_at (int parent_fd, const char *name, GError **error)
{
  if (unlinkat (parent_fd, name, 0) == 0 || errno == ENOENT)
    return TRUE;
  if (errno != EISDIR && errno != EPERM)
    return satchel_base_set_errno (error, errno, "remove a file");

  int fd = openat (parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0)
    return satchel_base_set_errno (error, errno, "open a folder");
  if (!empty_folder (fd, error))
    return FALSE;
  if (unlinkat (parent_fd, name, AT_REMOVEDIR) != 0)
    return satchel_base_set_errno (error, errno, "remove a folder");
  return TRUE;
}

gboolean
satchel_folder_remove (const char *path, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (path);

  if (!remove_at (AT_FDCWD, path, error))
    return FALSE;
  return !g_file_test (parent, G_FILE_TEST_IS_DIR) || satchel_folder_sync (parent, error);
}

/* Opens @path going down from the root, through real folders alone; -1 with an error. */
static int
open_without_links (const char *path, GError **error)
{
  g_auto (GStrv) names = g_strsplit (path, "/", -1);
  int fd = open ("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

  for (guint i = 0; fd >= 0 && names[i] != NULL; i++) {
    if (*names[i] == '\0')
      continue;
    int next = openat (fd, names[i], O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    int saved_errno = errno;
    close (fd);
    errno = saved_errno;
    fd = next;
  }
  /* A link in the way says ENOTDIR, which is not the same as missing. */
  if (fd < 0)
    satchel_base_set_errno (error, errno == ENOTDIR ? ELOOP : errno, "reach a folder");
  return fd;
}

static gboolean
remove_own_at (int parent_fd, const char *name, gboolean *was_there, GError **error)
{
  struct stat found;

  if (fstatat (parent_fd, name, &found, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno != ENOENT)
      return satchel_base_set_errno (error, errno, "look at a folder");
    *was_there = FALSE;
    return TRUE;
  }
  if (!S_ISDIR (found.st_mode) || found.st_uid != geteuid ()) {
    g_set_error_literal (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_IO,
                         "what stands there is another thing than the folder that was made");
    return FALSE;
  }
  if (!remove_at (parent_fd, name, error) || !sync_at (parent_fd, ".", error))
    return FALSE;
  *was_there = TRUE;
  return TRUE;
}

gboolean
satchel_folder_remove_own (const char *path, gboolean *was_there, GError **error)
{
  g_return_val_if_fail (g_path_is_absolute (path), FALSE);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  int fd = open_without_links (parent, error);

  if (fd < 0)
    return FALSE;
  gboolean removed = remove_own_at (fd, name, was_there, error);
  close (fd);
  return removed;
}
