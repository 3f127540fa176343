/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "legal/satchel-verify.h"

/* Documents of a bag as they were read: name below data/ to content. */
typedef struct {
  GHashTable *documents; /* char * to GBytes */
  GHashTable *bad_files; /* set of names below data/ whose hash does not hold; NULL for none */
  GByteArray *text;      /* the origin file that is flowing in */
  guint64 origin_bytes;  /* of all of them */
} SatchelBagContents;

void satchel_bag_contents_init (SatchelBagContents *self);
void satchel_bag_contents_clear (SatchelBagContents *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SatchelBagContents, satchel_bag_contents_clear)

SatchelVerification *satchel_verification_new (void);

/* Adds a verdict; @id, @name and @detail nullable. */
void satchel_verification_add (SatchelVerification *self,
                               const char *object,
                               const char *id,
                               const char *name,
                               SatchelVerdictCode code,
                               const char *detail);

/* Judges who signed and when, by @options. */
void satchel_verify_signer (SatchelVerification *self, const SatchelVerifyOptions *options);

/* "r0001.json" */
gboolean satchel_verify_is_record_name (const char *name);

/* Judges who first signed records that were passed on, and whether it is these records. */
void satchel_verify_origins (SatchelVerification *self,
                             const SatchelBagContents *contents,
                             const SatchelVerifyOptions *options);

/* Judges records, evidence and custody against each other and against the manifest. */
void satchel_verify_contents (SatchelVerification *self,
                              const SatchelBagContents *contents,
                              const SatchelVerifyOptions *options);
