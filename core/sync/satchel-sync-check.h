/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "vault/satchel-blob.h"

G_BEGIN_DECLS

/**
 * The sync room's part of `check`, after those of the vault and of the records: the sealed files in
 * outbox/ and inbox/. Each that a row names is there, as long as the row says, and has its SHA-256;
 * each that is there has a row. Files are read in constant memory.
 *
 * What a killed run leaves is taken away first, as the next seal and the next fetch would: half
 * written files, sealed files without a row, copies of bundles that are here. A download that was
 * interrupted ("<32 hex>.age" in inbox/) waits for the next fetch and is no fault; nor are the
 * journal and the damaged ones that were put aside.
 *
 * Faults are told as "outbox/<file>" and "inbox/<file>". FALSE only where the check could not be
 * carried out: cancelled, or an error of the store.
 */
gboolean satchel_sync_check (SatchelVault *vault,
                             SatchelFaultFunc fault,
                             gpointer user_data,
                             SatchelProgressReport progress, /* bytes of sealed files */
                             GCancellable *cancellable,
                             GError **error);

G_END_DECLS
