/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/satchel-file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/satchel-error.h"

gboolean
satchel_folder_sync (const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return satchel_base_set_errno (error, errno, "open a folder");
  /* Some file systems cannot sync a folder and say EINVAL: their renames are as durable as they
   * get. */
  int failed = fsync (fd) != 0 && errno != EINVAL ? errno : 0;
  close (fd);
  return failed == 0 || satchel_base_set_errno (error, failed, "make a folder durable");
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
