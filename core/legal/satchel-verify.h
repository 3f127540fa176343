/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "papers/satchel-card.h"
#include "seal/satchel-bundle.h"

G_BEGIN_DECLS

/**
 * A verdict on a bundle or an unpacked bag, item by item, with no vault: that nothing was changed
 * since the key on it signed, and that records, evidence and custody agree with each other. It
 * proves "this key, unchanged since"; whose key it is, only a card compared by voice says, and
 * truth nobody.
 *
 * The verdict does not depend on today's clock: where @as_of_unix_us is given, anything that claims
 * to be later is a fault, and nothing else about time is judged.
 */
typedef struct {
  char *object; /* "signature", "bag", "custody", "r0001.json", "0001.jpg", "origin-0001" */
  char *id;     /* of the record or evidence item; NULL for others */
  char *name;   /* original name, or the record's kind; from outside; NULL for none */
  gboolean holds;
  char *text; /* English, one sentence */
} SatchelItemVerdict;

typedef struct {
  const SatchelCard *card; /* who must have signed; NULL: whoever did */
  gint64 as_of_unix_us;    /* 0 for none */
} SatchelVerifyOptions;

typedef struct {
  gboolean holds;       /* every verdict does */
  SatchelBagInfo *info; /* NULL where signature or tag files do not hold */
  GPtrArray *verdicts;  /* of SatchelItemVerdict */
} SatchelVerification;

/** Verifies an exported bag: the folder that holds bagit.txt, or satchel/ below @folder. NULL only
 * where it could not be read (SatchelBaseError) or was cancelled; faults are verdicts. @options
 * nullable. */
SatchelVerification *satchel_verify_folder (const char *folder,
                                            const SatchelVerifyOptions *options,
                                            GCancellable *cancellable,
                                            GError **error);

/** The same for a bundle, opened with one of @identities (32-byte age secrets). Nothing is written.
 */
SatchelVerification *satchel_verify_bundle (const char *path,
                                            SatchelSecret *const *identities,
                                            guint count,
                                            const SatchelVerifyOptions *options,
                                            SatchelPool *pool,
                                            SatchelProgressReport progress,
                                            GCancellable *cancellable,
                                            GError **error);

void satchel_verification_free (SatchelVerification *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelVerification, satchel_verification_free)

G_END_DECLS
