/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/satchel-hash.h"
#include "seal/satchel-age.h"
#include "seal/satchel-minisign.h"

G_BEGIN_DECLS

/**
 * The bag in a bundle: BagIt 1.0 (RFC 8493) with exactly the members of docs/FORMAT.md, "Bundle",
 * and a minisign signature over its tagmanifest. Every tag file has one valid spelling: readers
 * parse it, write it again and compare.
 *
 * Names below data/, in this order and no others: "bundle.json", "custody.jsonl" (may be empty);
 * records "r0001.json", "r0002.json" ...; then files "[CLASS-]NUMBER[.SUFFIX]". CLASS is 1 to 16
 * letters a-z; the empty class (evidence) comes first, the others ("origin", "receipt",
 * "statement" ...) in byte order. NUMBER has four digits, more only where it needs them, and counts
 * from 1 without a gap in each class. In a named class several files may share a number, in byte
 * order of their suffixes ("origin-0001.bag-info.txt"). SUFFIX is [a-z0-9] followed by [a-z0-9._-].
 * A name has at most 64 bytes. Lower case only, so no two names collide anywhere.
 *
 * An exported bag is the folder satchel/ of a bundle byte for byte, padding.bin included: without
 * it the signed tagmanifest would name a file that is not there.
 *
 * Rules have stable names, and the message of each error begins with one and a colon. Error
 * SATCHEL_SEAL_ERROR_SIGNATURE for "signature" and "signature-comment", _LIMIT for "member-size"
 * and "member-count", _BAG for every other one:
 *   member-extra member-missing member-order member-repeated member-size member-count
 *   bagit tagmanifest tag-hash signature signature-comment bag-info format not-for-us
 *   manifest manifest-name manifest-order file-hash oxum padding padding-size
 *   folder-type (a link, device, folder or other thing where a regular file belongs)
 * The age layer adds age-header, age-no-match, age-header-mac, age-payload (and the codes of those
 * names), the archive tar-name, tar-size, tar-header, tar-fill, tar-cut, tar-end, tar-trailing
 * (SATCHEL_SEAL_ERROR_ARCHIVE).
 */
#define SATCHEL_BAG_NAME_MAX        64
#define SATCHEL_BAG_MEMBERS_MAX     100000
#define SATCHEL_BAG_INDEX_MAX       (1024 * 1024)
#define SATCHEL_BAG_RECORD_MAX      (16 * 1024 * 1024)
#define SATCHEL_BAG_CUSTODY_MAX     (16 * 1024 * 1024)
#define SATCHEL_BAG_PADDED_SIZE_MIN (256 * 1024)

/** The tag files in front of the payload, in this order. */
typedef enum {
  SATCHEL_BAG_TAG_BAGIT,
  SATCHEL_BAG_TAG_INFO,
  SATCHEL_BAG_TAG_MANIFEST,
  SATCHEL_BAG_TAG_TAGMANIFEST,
  SATCHEL_BAG_TAG_SIGNATURE,
  SATCHEL_BAG_TAG_COUNT,
} SatchelBagTag;

/** "bagit.txt", "bag-info.txt" ... */
const char *satchel_bag_tag_name (SatchelBagTag tag);

typedef struct {
  SatchelAgeRecipient age;
  guint64 number;        /* this bundle's among those to this recipient, from 1 */
  gboolean has_previous; /* FALSE exactly for number 1 */
  guint8 previous_tagmanifest_sha256[SATCHEL_SHA256_SIZE];
} SatchelBagRecipient;

typedef struct {
  char name[SATCHEL_BAG_NAME_MAX + 1]; /* without "data/" */
  guint8 sha256[SATCHEL_SHA256_SIZE];
} SatchelBagEntry;

/** What a bag says about itself, once its signature, tagmanifest, bag-info and manifest hold. Whose
 * key @sender_minisign is, only the caller can say. */
typedef struct {
  char bundle_id[33];
  SatchelAgeRecipient sender_age;
  SatchelMinisignKey sender_minisign;
  guint64 epoch;
  guint64 ledger_sequence;
  guint8 ledger_head[SATCHEL_SHA256_SIZE];
  gint64 bagged_unix_us; /* midnight UTC of Bagging-Date */
  GArray *recipients;    /* SatchelBagRecipient, at least one */
  guint64 payload_bytes; /* Payload-Oxum */
  guint64 payload_files;
  GArray *entries; /* SatchelBagEntry: the manifest, in the archive's order */
  guint8 tagmanifest_sha256[SATCHEL_SHA256_SIZE];
  guint8 padding_sha256[SATCHEL_SHA256_SIZE];
  GBytes *tags[SATCHEL_BAG_TAG_COUNT];    /* raw, to be kept byte for byte */
  guint8 age_sha256[SATCHEL_SHA256_SIZE]; /* of the sealed file; by satchel_bundle_open() only */
  guint64 age_size_bytes;
  guint64 padding_bytes; /* of padding.bin's zeros; likewise */
} SatchelBagInfo;

void satchel_bag_info_free (SatchelBagInfo *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelBagInfo, satchel_bag_info_free)

/** The line for @recipient, or NULL where the bag is not for them; borrowed. */
const SatchelBagRecipient *satchel_bag_info_find_recipient (const SatchelBagInfo *self,
                                                            const SatchelAgeRecipient *recipient);

/** One broken rule. */
typedef struct {
  char *rule;
  char *member;  /* NULL where it is about no member */
  char *message; /* English, begins with the rule */
} SatchelBagFinding;

void satchel_bag_finding_free (SatchelBagFinding *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelBagFinding, satchel_bag_finding_free)

/**
 * Reads the five tag files, in the order of formats: signature over the tagmanifest by the key in
 * bag-info, tagmanifest, bag-info, manifest. Also for tag files kept in a vault or in
 * data/origin-*. @finding nullable, set on failure; the caller frees.
 */
SatchelBagInfo *satchel_bag_info_new (GBytes *const tags[SATCHEL_BAG_TAG_COUNT],
                                      SatchelBagFinding **finding,
                                      GError **error);

/** Called for each fault; borrowed for the call. */
typedef void (*SatchelBagFound) (const SatchelBagFinding *finding, gpointer user_data);

/**
 * Checks an unpacked bag: @folder holds bagit.txt itself. Exactly the permitted files, no links or
 * special files, each one's hash streamed, Oxum, padding's zeros and length. Goes on after a fault
 * in a file, so that a verdict can be given item by item; faults of tag files end it. FALSE and the
 * first fault as @error where there is any. @info (nullable) is set wherever the tag files hold,
 * also on FALSE.
 */
gboolean satchel_bag_check_folder (const char *folder,
                                   SatchelBagFound found,
                                   gpointer user_data,
                                   GCancellable *cancellable,
                                   SatchelBagInfo **info,
                                   GError **error);

G_END_DECLS
