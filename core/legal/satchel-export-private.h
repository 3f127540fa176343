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

G_END_DECLS
