/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "seal/satchel-bundle.h"

/**
 * A composer of bundles that break one rule each. It shares nothing with the one in core but age
 * and minisign: archives are made block by block, texts line by line, so that whatever a variant
 * changes, everything after it is made honestly again (hashes, signature, padding).
 */
typedef struct {
  const char *name;
  const char *rule;    /* of the finding; NULL: a good bundle */
  gboolean for_caller; /* a right bundle as the seal room sees it: the rule is a caller's */
} HostileVariant;

/** All of them, ended by one without a name. */
const HostileVariant *hostile_variants (void);

/** Who sends it to whom; everything is borrowed. */
typedef struct {
  const SatchelAgeRecipient *recipient;
  const SatchelAgeRecipient *sender_age;
  SatchelSecret *sender_pair;
  const char *bundle_id;
  guint64 number;        /* from 1; above, the one before it is named by 32 bytes 0x11 */
  GBytes *index;         /* bundle.json; NULL: "{}" */
  const char *documents; /* folder with bundle.json, custody.jsonl, r0001.json and r0002.json as a
                            vault made them, so that nothing but the variant is wrong; nullable */
} HostileParties;

/** The age file. Fails the program where @name is no variant. */
GBytes *hostile_bundle_new (const char *name, const HostileParties *parties);

/** The bare archive of it, for variants that do not touch the age layer; else NULL. */
GBytes *hostile_archive_new (const char *name, const HostileParties *parties);
