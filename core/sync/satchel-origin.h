/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-record-json.h"
#include "seal/satchel-bag.h"
#include "sync/satchel-sync-error.h"

G_BEGIN_DECLS

/**
 * Origins: what a received record's first signer signed, carried along where the record is sealed
 * onward or exported. For each bundle that it came in the bag has files origin-NNNN.PART below
 * data/, byte for byte as received:
 *
 *   bag-info.txt bagit.txt custody.jsonl manifest-sha256.txt rNNNN.json (those records that are
 *   in the new bag, under their names in the old one) tagmanifest-sha256.txt
 *   tagmanifest-sha256.txt.minisig
 *
 * Origins that the bundle itself carried follow it, so a chain of hands stays whole. Evidence
 * stands in the new bag once; that it is what the origin signed is seen from the manifests.
 */
#define SATCHEL_ORIGIN_FILE_MAX  SATCHEL_BAG_RECORD_MAX
#define SATCHEL_ORIGIN_TOTAL_MAX (64 * 1024 * 1024)

typedef struct {
  char *name; /* "origin-0001.bagit.txt" */
  GBytes *content;
} SatchelOriginFile;

/** Takes a reference to @content. */
SatchelOriginFile *satchel_origin_file_new (const char *name, GBytes *content);
void satchel_origin_file_free (SatchelOriginFile *self); /* NULL-safe */

/** Whether a name below data/ is of the class "origin". */
gboolean satchel_origin_is_name (const char *name);

/** One origin, read and judged. */
typedef struct {
  char *name;           /* "origin-0001" */
  SatchelBagInfo *info; /* NULL where its signature or tag files do not hold */
  GPtrArray *documents; /* of SatchelRecordDocument; those that hold */
  GPtrArray *files;     /* of SatchelOriginFile */
  char *fault;          /* English; NULL where all of it holds */
} SatchelOriginBag;

void satchel_origin_bag_free (SatchelOriginBag *self); /* NULL-safe */

/** Judges @files (of SatchelOriginFile, in a bag's order) origin by origin: all parts there, the
 *  signature by the key that it names, tag files, custody and records as the manifest says. Whose
 *  key it is, the caller says. Of SatchelOriginBag; never NULL. */
GPtrArray *satchel_origins_read (GPtrArray *files);

/** The origin files for a bag with these records (of char *: whole ids), in a bag's order; empty
 *  where all are the vault's own. Of SatchelOriginFile. SATCHEL_SYNC_ERROR_DAMAGED where what was
 *  kept does not hold any more; SatchelRecordsError, SatchelVaultError. */
GPtrArray *satchel_origins_collect (SatchelVault *vault, GPtrArray *ids, GError **error);

/** What was kept of a bundle that was sent or taken in, byte for byte, by its path in the bag
 *  ("data/custody.jsonl", "manifest-sha256.txt"), in byte order: tag files, index, custody,
 * origins; of a sent one the records too, which of a received one are with
 * satchel_record_list_received(). Empty for a bundle that is not known. Of SatchelOriginFile. */
GPtrArray *satchel_bundle_list_kept (SatchelVault *vault, const char *bundle_id, GError **error);

G_END_DECLS
