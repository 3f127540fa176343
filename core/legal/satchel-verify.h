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
typedef enum {
  /* These hold. In brackets what stands in the detail. */
  SATCHEL_VERDICT_SIGNED,         /* by whoever it was (key) */
  SATCHEL_VERDICT_SIGNED_BY_CARD, /* (key) */
  SATCHEL_VERDICT_EVIDENCE,       /* unchanged since capture (SHA-256) */
  SATCHEL_VERDICT_REVISIONS,      /* hashed onto each other (how many) */
  SATCHEL_VERDICT_CUSTODY,        /* hashed onto each other (how many entries) */
  SATCHEL_VERDICT_ERASED,         /* here, and so not judged (how many records) */
  SATCHEL_VERDICT_ORIGIN,         /* first signed by somebody else (records, day, key) */
  /* These do not. */
  SATCHEL_VERDICT_SIGNED_BY_OTHER,  /* than the card's owner (key) */
  SATCHEL_VERDICT_TOO_LATE,         /* for the time asked about (day) */
  SATCHEL_VERDICT_GONE,             /* not here any more */
  SATCHEL_VERDICT_EVIDENCE_MISSING, /* (SHA-256) */
  SATCHEL_VERDICT_EVIDENCE_CHANGED, /* (SHA-256 as it should be) */
  SATCHEL_VERDICT_EVIDENCE_UNKNOWN, /* to custody, as it is described */
  SATCHEL_VERDICT_REVISION_UNKNOWN, /* likewise (revision) */
  SATCHEL_VERDICT_REVISION_LATE,    /* for the time asked about (revision) */
  SATCHEL_VERDICT_CUSTODY_BROKEN,   /* (fault, English) */
  SATCHEL_VERDICT_ORIGIN_BROKEN,    /* what came before does not hold (fault, English) */
  SATCHEL_VERDICT_NOT_SIGNED,       /* what is kept is not what was signed */
  SATCHEL_VERDICT_SHOWN_NOT_SIGNED, /* what the vault shows is not */
  SATCHEL_VERDICT_UNREADABLE,       /* here (error, English) */
  SATCHEL_VERDICT_RULE,             /* of the format is broken ("RULE: MEMBER: fault") */
  SATCHEL_VERDICT_CODES,
} SatchelVerdictCode;

typedef struct {
  char *object; /* "signature", "bag", "custody", "r0001.json", "0001.jpg", "origin-0001" */
  char *id;     /* of the record or evidence item; NULL for others */
  char *name;   /* original name, or the record's kind; from outside; NULL for none */
  gboolean holds;
  SatchelVerdictCode code;
  char *detail; /* by code; NULL for none */
  char *text;   /* English, one sentence, with the detail */
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
