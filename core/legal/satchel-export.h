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
 * everything stands below ".new-<random>" beside it, which goes where the export fails, and by
 * satchel_export_sweep() where the process was killed.
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

/**
 * Removes what an export left that was killed half-way: readable files. To be called when a vault
 * was opened. *@path gets where they stood, the caller's; NULL where nothing was left. FALSE where
 * they could not be removed (*@path is set then, too) or the vault not be asked; the next call
 * tries again.
 */
gboolean satchel_export_sweep (SatchelVault *vault, char **path, GError **error);

G_END_DECLS
