/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <openssl/evp.h>

#include "seal/satchel-pool-private.h"

#define SATCHEL_STREAM_SEALED_CHUNK (SATCHEL_STREAM_CHUNK_SIZE + SATCHEL_STREAM_TAG_SIZE)
#define SATCHEL_STREAM_BATCH_MAX    8

/** Batches that one stream has in hand where it has a pool: enough that neither side waits for the
 * other's every batch, and 4 MiB at most. Without one there is nothing to wait for. */
#define SATCHEL_STREAM_BATCHES 4
#define SATCHEL_STREAM_ALONE   2 /* chunks a batch then */

typedef enum {
  SATCHEL_CHUNK_BAD = 0,
  SATCHEL_CHUNK_MIDDLE,
  SATCHEL_CHUNK_LAST,
} SatchelChunkState;

/** Neighbouring chunks that are sealed or opened together, their two buffers, and a cipher context
 * keyed once. Sized by what is needed: at most 1 MiB. */
typedef struct {
  EVP_CIPHER_CTX *context; /* NULL: not made yet */
  guint capacity;          /* chunks */
  gsize dirty_size;        /* how much of @plain was ever filled: what is to be wiped */
  guint64 counter;         /* number of the batch's first chunk */
  guint8 *plain;
  gsize plain_size;
  guint8 *sealed;
  gsize sealed_size;
  gboolean ends; /* sealing: the batch's last chunk is the stream's */
  SatchelChunkState states[SATCHEL_STREAM_BATCH_MAX];
} SatchelStreamBatch;

/** Makes room for @capacity chunks; nothing where there is room. What was in it is gone. */
void satchel_stream_batch_reserve (SatchelStreamBatch *self,
                                   SatchelSecret *key,
                                   guint capacity,
                                   gboolean seals);
void satchel_stream_batch_clear (SatchelStreamBatch *self);

/** Seals @plain_size bytes of @plain into @sealed; returns how many chunks there were. */
guint satchel_stream_batch_seal (SatchelStreamBatch *self);

/** Opens @sealed_size bytes of @sealed into @plain and sets a state for each chunk; returns how
 * many chunks there were. What stands in @plain for a bad chunk is zeroed. */
guint satchel_stream_batch_open (SatchelStreamBatch *self);
