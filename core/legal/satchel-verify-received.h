/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "legal/satchel-verify.h"
#include "vault/satchel-vault.h"

G_BEGIN_DECLS

/**
 * Verifies again a bundle that was taken in, from what the vault keeps of it: signature, tag files,
 * custody, each record's document, the content of each evidence item, and that what the vault shows
 * of them is what was signed. The sealed file itself and its padding are not kept, and nothing is
 * said of records that were erased here. Verdicts, errors and @options as satchel-verify.h says.
 * @progress: bytes of evidence.
 */
SatchelVerification *satchel_verify_received (SatchelVault *vault,
                                              const char *bundle_id,
                                              const SatchelVerifyOptions *options,
                                              SatchelProgressReport progress,
                                              GCancellable *cancellable,
                                              GError **error);

/** Whether @self says that everything about the record or item @id holds: its own verdicts, of
 *  which there is one at least, and those that are about the whole. */
gboolean satchel_verification_holds_for (const SatchelVerification *self, const char *id);

/** Writes *verified* into the ledger for every record of @bundle_id that is here, and for each of
 *  its evidence items: all of them or none. */
gboolean satchel_verify_note_received (SatchelVault *vault,
                                       const char *bundle_id,
                                       const SatchelVerification *verification,
                                       GError **error);

G_END_DECLS
