/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "custody/satchel-custody-text.h"
#include "legal/satchel-received.h"
#include "legal/satchel-verify.h"
#include "session/satchel-session.h"

G_BEGIN_DECLS

/** What the pages of received items ask of the vault: jobs for satchel_session_run_async(). */

/** All that the page of an item shows. */
typedef struct {
  SatchelReceived *received;
  char *signer;       /* in words; NULL where nobody known signed */
  char *key;          /* the signer's minisign key line; NULL likewise */
  gint64 bagged_us;   /* midnight UTC of the day of sealing, by the sender's clock; 0: unknown */
  GPtrArray *custody; /* of one SatchelCustodyView; NULL for a bundle that was put aside */
} SatchelItem;

void satchel_item_free (SatchelItem *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelItem, satchel_item_free)

/** Gives a SatchelItem. @key: of satchel_received_list_keys(). Errors of satchel_received_load().
 */
SatchelSessionJob satchel_item_load_job (gint64 key);

/** A verdict, and whom the signing key belongs to. */
typedef struct {
  SatchelVerification *verification;
  char *signer; /* in words; NULL where the signature does not hold */
} SatchelChecked;

void satchel_checked_free (SatchelChecked *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelChecked, satchel_checked_free)

/** Verifies again the bundle that an item came in, from what is kept, and says so in the ledger of
 *  all that came with it; of a bundle that was put aside the sealed file, if it is here, and no
 *  ledger. Gives a SatchelChecked. */
SatchelSessionJob satchel_item_check_job (gint64 key, SatchelProgressReport progress);

/** Verifies an exported bag (a folder) or a sealed bundle (a file) at @path; nothing is taken in.
 *  Gives a SatchelChecked. */
SatchelSessionJob satchel_item_verify_job (const char *path, SatchelProgressReport progress);

G_END_DECLS
