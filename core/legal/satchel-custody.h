/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-ledger-chain.h"
#include "seal/satchel-bag.h"

G_BEGIN_DECLS

/**
 * Custody of one record or evidence item as one line, the oldest first: what the ledgers say of
 * those who had it before, each as they signed it with the bundle that it came in; where it changed
 * hands; and what this vault's ledger says. Every link is judged here and now, from what is kept.
 */
typedef enum {
  SATCHEL_CUSTODY_ENTRY,       /* a ledger's entry */
  SATCHEL_CUSTODY_HANDED_OVER, /* sealed and signed by one, taken in by the next */
} SatchelCustodyStep;

typedef struct {
  SatchelCustodyStep step;
  gboolean is_ours; /* an ENTRY of this vault */

  /* ENTRY */
  SatchelLedgerLink *link;

  /* HANDED_OVER */
  char *bundle_id;    /* NULL where the bag itself does not say */
  gboolean holds;     /* signed, and the custody that stands before it is what was signed */
  char *signer;       /* minisign key line; NULL where its tag files do not hold */
  char *tagmanifest;  /* the hash that was signed, 64 hex digits; NULL likewise */
  gint64 bagged_us;   /* midnight UTC of the day that the bag says; 0 likewise */
  gint64 imported_us; /* when this vault took it in; 0 for an earlier change of hands */
} SatchelCustodyLink;

void satchel_custody_link_free (SatchelCustodyLink *self); /* NULL-safe */

/** All of it about the record or evidence item @object, which belongs to @record_id (the same for a
 *  record). What a sender told in several bundles stands there once. A fault is a link, and no
 *  error. Of SatchelCustodyLink. */
GPtrArray *satchel_custody_load (SatchelVault *vault,
                                 const char *object,
                                 const char *record_id,
                                 GError **error);

/** Whether every link is tied to the one before it. */
gboolean satchel_custody_holds (GPtrArray *links);

G_END_DECLS
