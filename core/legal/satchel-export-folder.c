/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-text.h"
#include "legal/satchel-export-private.h"

/* A folder's name without the slashes that a shell's completion leaves at its end. */
static char *
trim_slashes (const char *folder)
{
  char *trimmed = g_strdup (folder);

  for (gsize size = strlen (trimmed); size > 1 && trimmed[size - 1] == '/'; size--)
    trimmed[size - 1] = '\0';
  return trimmed;
}

static gboolean
set_exists (const char *folder, GError **error)
{
  g_set_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_EXISTS,
               "\"%s\" stands there already and was left as it is.", folder);
  return FALSE;
}

static gboolean
is_there (const char *path)
{
  struct stat found;

  return lstat (path, &found) == 0;
}

gboolean
satchel_export_folder_is_free (const char *folder, GError **error)
{
  g_autofree char *target = trim_slashes (folder);

  return !is_there (target) || set_exists (target, error);
}

/* The path by which a later run will find it, whatever folder that is started in; free(). */
static char *
real_folder (const char *folder, GError **error)
{
  char *real = realpath (folder, NULL);

  if (real == NULL)
    satchel_base_set_errno (error, errno, "reach the folder to write to");
  return real;
}

/* What comes after this is readable by anybody: the store knows of it before it is. */
gboolean
satchel_export_folder_begin (SatchelExportFolder *self, const char *folder, GError **error)
{
  self->target = trim_slashes (folder);
  g_autofree char *parent = g_path_get_dirname (self->target);
  g_autofree char *real = real_folder (parent, error);
  g_autofree char *id = satchel_random_id ();
  g_autofree char *name = g_strconcat (SATCHEL_EXPORT_PREFIX, id, NULL);

  if (real == NULL)
    return FALSE;
  self->root = g_build_filename (real, name, NULL);
  return satchel_export_remember (self->vault, self->root, error) &&
         satchel_folder_make (self->root, error);
}

/* renameat2() with RENAME_NOREPLACE is not known to every file system; where it is not, a folder
 * that is not empty still makes rename() fail. */
gboolean
satchel_export_folder_publish (SatchelExportFolder *self, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (self->target);

  if (!satchel_folder_sync (self->root, error))
    return FALSE;
  if (renameat2 (AT_FDCWD, self->root, AT_FDCWD, self->target, RENAME_NOREPLACE) != 0) {
    if (errno != EINVAL && errno != ENOSYS)
      return satchel_base_set_errno (error, errno, "name a folder");
    if (is_there (self->target))
      return set_exists (self->target, error);
    if (rename (self->root, self->target) != 0)
      return satchel_base_set_errno (error, errno, "name a folder");
  }
  g_autofree char *root = g_steal_pointer (&self->root);
  if (!satchel_folder_sync (parent, error))
    return FALSE;
  satchel_export_forget (self->vault, root);
  return TRUE;
}

void
satchel_export_folder_clear (SatchelExportFolder *self)
{
  if (self->root != NULL && satchel_folder_remove (self->root, NULL))
    satchel_export_forget (self->vault, self->root);
  g_clear_pointer (&self->root, g_free);
  g_clear_pointer (&self->target, g_free);
}
