/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/satchel-sink.h"
#include "vault/satchel-vault.h"

G_BEGIN_DECLS

/**
 * Exports: what a person takes out of the vault in the clear, for a court or another tool.
 */

/**
 * Writes records with their evidence, revisions and custody as a signed bag: satchel/ below
 * @folder, laid out as satchel-bag.h says, files of mode 0600. The bag is that of a bundle composed
 * for the vault's own age key alone and opened again, so nothing is in it that a bundle could not
 * carry; the sealed file in between is gone on every path. An export is no sealing: records do not
 * become final, and no bundle number is used up.
 *
 * @records: ids or beginnings of at least 4 digits, NULL-terminated, at least one; one named twice
 * counts once. The ledger says *exported* of each record and evidence item before the first byte
 * leaves the vault. @folder must not exist, and appears when all of it is durable; until then
 * everything stands below ".new-<random>" beside it, which goes where the export fails, and at the
 * next satchel_export_sweep() where this program was killed.
 *
 * SATCHEL_BASE_ERROR_EXISTS; SatchelRecordsError (_NOT_FOUND, _AMBIGUOUS); SatchelSealError
 * (_LIMIT, or _BAG "file-hash" for evidence that is no longer what was captured); SatchelBaseError.
 */
gboolean satchel_export_bag (SatchelVault *vault,
                             const char *const *records,
                             const char *folder,
                             SatchelProgressReport progress,
                             GCancellable *cancellable,
                             GError **error);

/** Called for each folder that an export which never ended left: @why is NULL where it was removed,
 *  and else says why it stands there still (SatchelBaseError; _NOT_FOUND: what it stood in, a stick
 *  perhaps, is not there). Both borrowed. */
typedef void (*SatchelExportLeft) (const char *path, const GError *why, gpointer user_data);

/**
 * Removes the readable files that exports left when they were killed. To be called after the vault
 * was opened, before anything else is exported. Removed are folders that the store names, called as
 * an export calls them, the user's own and reached through no symbolic link; nothing else. What
 * could not be removed is tried again, and told of, at the next call. It never fails: it must keep
 * nobody out of a vault. @left is nullable.
 */
void satchel_export_sweep (SatchelVault *vault, SatchelExportLeft left, gpointer user_data);

G_END_DECLS
