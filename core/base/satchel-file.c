/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/satchel-file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/satchel-error.h"
#include "base/satchel-text.h"

struct _SatchelNewFile {
  char *path;
  char *temporary_path; /* NULL once committed, and where it stands under its name */
  gboolean stands;      /* under its name, from the beginning */
  gboolean is_durable;  /* the same, and so much of it that it is to stay */
  int fd;
};

static gboolean
write_all (int fd, const guint8 *data, gsize size_bytes, GError **error)
{
  while (size_bytes > 0) {
    ssize_t written = write (fd, data, size_bytes);
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return satchel_base_set_errno (error, errno, "write a file");
    /* write() may put down nothing without an error only where no room is left for a byte. */
    if (written == 0)
      return satchel_base_set_errno (error, ENOSPC, "write a file");
    data += written;
    size_bytes -= written;
  }
  return TRUE;
}

static gboolean
new_file_write_cb (gpointer target,
                   const guint8 *data,
                   gsize size_bytes,
                   GCancellable *cancellable,
                   GError **error)
{
  SatchelNewFile *self = target;

  return write_all (self->fd, data, size_bytes, error);
}

/* ".new-" and 32 hex digits beside @path. */
static char *
dup_temporary_path (const char *path, const char *hex)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_strdup_printf (".new-%.32s", hex);

  return g_build_filename (folder, name, NULL);
}

static int
create_exclusively (const char *path)
{
  return open (path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
}

/* Eats @temporary_path and @fd; nothing where @fd is none. */
static SatchelNewFile *
new_file (const char *path, char *temporary_path, int fd, GError **error)
{
  if (fd < 0) {
    satchel_base_set_errno (error, errno, "make a file");
    g_free (temporary_path);
    return NULL;
  }
  SatchelNewFile *self = g_new0 (SatchelNewFile, 1);
  self->path = g_strdup (path);
  self->temporary_path = temporary_path;
  self->fd = fd;
  return self;
}

SatchelNewFile *
satchel_new_file_open (const char *path, GError **error)
{
  g_autofree char *id = satchel_random_id ();
  char *temporary_path = dup_temporary_path (path, id);

  return new_file (path, temporary_path, create_exclusively (temporary_path), error);
}

SatchelNewFile *
satchel_new_file_open_standing (const char *path, GError **error)
{
  SatchelNewFile *self = new_file (path, NULL, create_exclusively (path), error);

  if (self != NULL)
    self->stands = TRUE;
  return self;
}

gboolean
satchel_new_file_sync (SatchelNewFile *self, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);

  g_return_val_if_fail (self->stands && self->fd >= 0, FALSE);
  if (fsync (self->fd) != 0)
    return satchel_base_set_errno (error, errno, "make a file durable");
  self->is_durable = self->is_durable || satchel_folder_sync (folder, error);
  return self->is_durable;
}

/* Unlinks what stands at @path unless a living writer holds it: then FALSE with errno. */
static gboolean
remove_if_dead (const char *path)
{
  int fd = open (path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  gboolean is_dead = fd >= 0 ? flock (fd, LOCK_EX | LOCK_NB) == 0 : errno == ENOENT;

  is_dead = is_dead && (unlink (path) == 0 || errno == ENOENT);
  int saved_errno = errno;
  if (fd >= 0)
    close (fd);
  errno = saved_errno;
  return is_dead;
}

/* Between its creation and its lock a file looks dead to the next writer, which takes it away: only
 * the one that still stands under its name is ours. */
static int
create_locked (const char *path)
{
  struct stat ours, named;
  int fd = create_exclusively (path);

  if (fd < 0)
    return -1;
  if (flock (fd, LOCK_EX | LOCK_NB) == 0 && fstat (fd, &ours) == 0 && lstat (path, &named) == 0 &&
      ours.st_ino == named.st_ino && ours.st_dev == named.st_dev)
    return fd;
  close (fd);
  errno = EWOULDBLOCK;
  return -1;
}

SatchelNewFile *
satchel_new_file_open_outside (const char *path, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *hex = g_compute_checksum_for_string (G_CHECKSUM_SHA256, name, -1);
  char *temporary_path = dup_temporary_path (path, hex);
  int fd = create_locked (temporary_path);

  if (fd < 0 && errno == EEXIST && remove_if_dead (temporary_path))
    fd = create_locked (temporary_path);
  return new_file (path, temporary_path, fd, error);
}

SatchelSink
satchel_new_file_get_sink (SatchelNewFile *self)
{
  return (SatchelSink){new_file_write_cb, self};
}

int
satchel_new_file_get_fd (SatchelNewFile *self)
{
  return self->fd;
}

/* Gives the file its name. renameat2() with RENAME_NOREPLACE is not known to every file system; a
 * hard link is, and fails as well where the name is taken. */
static gboolean
place (SatchelNewFile *self, gboolean replace, GError **error)
{
  if (replace) {
    if (rename (self->temporary_path, self->path) != 0)
      return satchel_base_set_errno (error, errno, "rename a file");
    g_clear_pointer (&self->temporary_path, g_free);
    return TRUE;
  }
  if (renameat2 (AT_FDCWD, self->temporary_path, AT_FDCWD, self->path, RENAME_NOREPLACE) == 0) {
    g_clear_pointer (&self->temporary_path, g_free);
    return TRUE;
  }
  if (errno != EINVAL && errno != ENOSYS)
    return satchel_base_set_errno (error, errno, "name a file");
  if (link (self->temporary_path, self->path) != 0)
    return satchel_base_set_errno (error, errno, "name a file");
  unlink (self->temporary_path);
  g_clear_pointer (&self->temporary_path, g_free);
  return TRUE;
}

void
satchel_new_file_settled (SatchelNewFile *self)
{
  g_return_if_fail (self->fd >= 0);
  close (self->fd);
  self->fd = -1;
}

gboolean
satchel_new_file_settle (SatchelNewFile *self, GError **error)
{
  g_return_val_if_fail (self->fd >= 0, FALSE);
  if (fsync (self->fd) != 0)
    return satchel_base_set_errno (error, errno, "make a file durable");
  satchel_new_file_settled (self);
  return TRUE;
}

gboolean
satchel_new_file_place (SatchelNewFile *self, GError **error)
{
  g_return_val_if_fail (self->temporary_path != NULL, FALSE);

  if (self->fd >= 0 && fsync (self->fd) != 0)
    return satchel_base_set_errno (error, errno, "make a file durable");
  return place (self, TRUE, error);
}

gboolean
satchel_new_file_commit (SatchelNewFile *self, gboolean replace, GError **error)
{
  g_return_val_if_fail (self->temporary_path != NULL || self->stands, FALSE);
  g_autofree char *folder = g_path_get_dirname (self->path);
  struct stat status;

  if (self->fd >= 0 && fsync (self->fd) != 0)
    return satchel_base_set_errno (error, errno, "make a file durable");
  if (self->stands) {
    self->is_durable = self->is_durable || satchel_folder_sync (folder, error);
    return self->is_durable;
  }
  gboolean replaces = replace && lstat (self->path, &status) == 0;
  if (!place (self, replace, error))
    return FALSE;
  if (satchel_folder_sync (folder, error))
    return TRUE;
  /* Told as an error, it must not stand there; but what it replaced cannot be had back. */
  if (!replaces)
    unlink (self->path);
  return FALSE;
}

void
satchel_new_file_free (SatchelNewFile *self)
{
  if (self == NULL)
    return;
  if (self->temporary_path != NULL)
    unlink (self->temporary_path);
  if (self->stands && !self->is_durable)
    unlink (self->path);
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->temporary_path);
  g_free (self->path);
  g_free (self);
}

gboolean
satchel_file_store (const char *path, const guint8 *data, gsize size_bytes, GError **error)
{
  g_autoptr (SatchelNewFile) file = satchel_new_file_open (path, error);

  return file != NULL && write_all (file->fd, data, size_bytes, error) &&
         satchel_new_file_commit (file, TRUE, error);
}

gboolean
satchel_file_overwrite (const char *path, const guint8 *data, gsize size_bytes, GError **error)
{
  int fd = open (path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);

  if (fd < 0)
    return satchel_base_set_errno (error, errno, "open a file to overwrite it");
  gboolean done = write_all (fd, data, size_bytes, error);
  if (done && fsync (fd) != 0)
    done = satchel_base_set_errno (error, errno, "make a file durable");
  close (fd);
  return done;
}

gboolean
satchel_file_link (const char *path, const char *name, gboolean *is_linked, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (name);

  *is_linked = link (path, name) == 0;
  if (*is_linked) {
    if (satchel_folder_sync (folder, error))
      return TRUE;
    /* Told as an error, it must not stand there. */
    unlink (name);
    *is_linked = FALSE;
    return FALSE;
  }
  /* EPERM: a file system without links, or whose owner is not this user. */
  if (errno == EXDEV || errno == EPERM || errno == EMLINK || errno == EOPNOTSUPP || errno == ENOSYS)
    return TRUE;
  return satchel_base_set_errno (error, errno, "name a file");
}

/* O_NONBLOCK keeps a FIFO in the file's place from hanging us; it means nothing for regular files.
 */
static int
open_regular (const char *path, guint64 *size_bytes, GError **error)
{
  struct stat status;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

  if (fd < 0) {
    satchel_base_set_errno (error, errno, "open a file");
    return -1;
  }
  if (fstat (fd, &status) != 0 || !S_ISREG (status.st_mode)) {
    close (fd);
    g_set_error_literal (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_IO, "not a regular file");
    return -1;
  }
  *size_bytes = status.st_size;
  return fd;
}

GInputStream *
satchel_file_read (const char *path, guint64 *size_bytes, GError **error)
{
  guint64 size = 0;
  g_autoptr (GFile) file = NULL;
  g_autoptr (GError) local_error = NULL;

  int fd = open_regular (path, &size, error);
  if (fd < 0)
    return NULL;
  /* A GUnixInputStream cannot seek; GIO's own stream on the same, still open, inode can. */
  g_autofree char *by_descriptor = g_strdup_printf ("/proc/self/fd/%d", fd);
  file = g_file_new_for_path (by_descriptor);
  GInputStream *stream = G_INPUT_STREAM (g_file_read (file, NULL, &local_error));
  close (fd);
  if (stream == NULL) {
    satchel_base_take_gio_error (error, g_steal_pointer (&local_error), "open a file");
    return NULL;
  }
  if (size_bytes != NULL)
    *size_bytes = size;
  return stream;
}

GBytes *
satchel_file_load (const char *path, gsize limit_bytes, GError **error)
{
  guint64 size = 0;
  int fd = open_regular (path, &size, error);

  if (fd < 0)
    return NULL;
  if (size > limit_bytes) {
    close (fd);
    g_set_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_TOO_LARGE,
                 "a file of more than %zu bytes", limit_bytes);
    return NULL;
  }
  g_autofree guint8 *data = g_malloc (size + 1);
  gsize used = 0;
  while (used < size) {
    ssize_t got = read (fd, data + used, size - used);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0) {
      satchel_base_set_errno (error, errno, "read a file");
      close (fd);
      return NULL;
    }
    if (got == 0)
      break;
    used += got;
  }
  close (fd);
  data[used] = '\0';
  return g_bytes_new_take (g_steal_pointer (&data), used);
}

int
satchel_file_lock (const char *path, GError **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

  if (fd < 0) {
    satchel_base_set_errno (error, errno, "open a lock");
    return -1;
  }
  if (flock (fd, LOCK_EX | LOCK_NB) != 0) {
    satchel_base_set_errno (error, errno, "take a lock");
    close (fd);
    return -1;
  }
  return fd;
}
