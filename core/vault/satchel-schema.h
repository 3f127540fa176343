/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "vault/satchel-db.h"

G_BEGIN_DECLS

/**
 * The store's format: user_version counts the migrations that were run. Migration 1 makes every
 * table, from core/vault/schema/. A migration that was released is never edited; a new one is added
 * below it.
 */

/** The migrations of this Satchel, in order; @count gets their number, which is the format's. */
const char *const *satchel_schema_get_migrations (guint *count);

/**
 * Brings the store up to @count migrations, each in its own transaction, checked (integrity,
 * foreign keys) before its COMMIT. A store that holds something is first copied, still encrypted,
 * to
 * @path.before-<version>; the copy goes once all migrations stand, because it would keep what is
 * erased later. @path is the store that @db has open.
 *
 * SATCHEL_VAULT_ERROR_NEWER where the store has more migrations than @count: nothing was changed.
 * After any other failure the store is at the last migration that stood, and the copy is there.
 */
gboolean satchel_schema_migrate (SatchelDb *db,
                                 const char *path,
                                 const char *const *migrations,
                                 guint count,
                                 GError **error);

G_END_DECLS
