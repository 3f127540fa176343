/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "legal/satchel-export.h"

G_BEGIN_DECLS

/* Of the folder that an export is written to, in front of an id. */
#define SATCHEL_EXPORT_PREFIX ".new-"

/* Keeps in the store, durably, that readable files are about to stand in the folder @path
 * (absolute,
 * ".new-<id>"); in no transaction of the caller's. */
gboolean satchel_export_remember (SatchelVault *vault, const char *path, GError **error);

/* Forgets it, once they do not. Best effort: what is not there the sweep forgets too. */
void satchel_export_forget (SatchelVault *vault, const char *path);

/* A folder that is being written: ".new-<id>" beside what it will be called. */
typedef struct {
  SatchelVault *vault; /* set by whoever makes it */
  char *root;          /* NULL once it is called as it should be */
  char *target;
} SatchelExportFolder;

/* Whether nothing stands at @folder. SATCHEL_BASE_ERROR_EXISTS. */
gboolean satchel_export_folder_is_free (const char *folder, GError **error);

/* Makes it, empty, beside @folder. */
gboolean
satchel_export_folder_begin (SatchelExportFolder *self, const char *folder, GError **error);

/* Syncs it and gives it its name; what is in it is durable already. SATCHEL_BASE_ERROR_EXISTS. */
gboolean satchel_export_folder_publish (SatchelExportFolder *self, GError **error);

/* Takes it away, unless it was published. */
void satchel_export_folder_clear (SatchelExportFolder *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SatchelExportFolder, satchel_export_folder_clear)

G_END_DECLS
