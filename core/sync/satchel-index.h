/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "papers/satchel-introduction-proof.h"
#include "sync/satchel-outbox.h"

G_BEGIN_DECLS

/**
 * A bundle's index, data/bundle.json: what kind of bundle it is, who sends it, and which file is
 * which evidence item. One JSON object:
 *
 *   {"format":"satchel-bundle v1","kind":"records","card":"<the sender's card>",
 *    "introduction":{"mac":"<64 hex>","token":"<the upload token>","key":"<64 hex>",
 *                    "signature":"<128 hex>"},
 *    "items":[{"file":"0001.jpg","item":"<32 hex>","name":"IMG_1.jpg"}],"statements":[]}
 *
 * kind: records, introduction, receipts. `introduction` stands in introductions only; `items` is
 * empty but for records. Receipts are the files receipt-NNNN.txt.
 */
typedef struct {
  char *file; /* below data/ */
  char *item; /* evidence id */
  char *name; /* original; filter for display */
} SatchelIndexItem;

typedef struct {
  SatchelOutboxKind kind;
  SatchelCard *card; /* its own signature holds */
  /* Of an introduction: for the desk, and for the other members. */
  guint8 mac[SATCHEL_INTRODUCTION_MAC_SIZE];
  char *token;
  SatchelIntroductionProof proof;
  GPtrArray *items; /* of SatchelIndexItem, in the files' order */
} SatchelIndex;

/** Copies @card. */
SatchelIndex *satchel_index_new (SatchelOutboxKind kind, const SatchelCard *card);
void satchel_index_add_item (SatchelIndex *self,
                             const char *file,
                             const char *item,
                             const char *name);

GBytes *satchel_index_to_json (const SatchelIndex *self);

/** Strict; verifies the card. SATCHEL_BASE_ERROR_INVALID, SATCHEL_PAPERS_ERROR_*. */
SatchelIndex *satchel_index_parse (GBytes *json, GError **error);

/** A name for evidence number @number (from 1) in a bundle: "0001.jpg", the suffix from the
 *  original name where that is short and plain, else "bin". */
char *satchel_index_name_file (guint number, const char *original_name);

void satchel_index_free (SatchelIndex *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelIndex, satchel_index_free)

G_END_DECLS
