/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <openssl/evp.h>

#include "seal/satchel-pool-private.h"

#define SATCHEL_STREAM_SEALED_CHUNK (SATCHEL_STREAM_CHUNK_SIZE + SATCHEL_STREAM_TAG_SIZE)
#define SATCHEL_STREAM_BATCH_MAX    8

typedef enum {
  SATCHEL_CHUNK_BAD = 0,
  SATCHEL_CHUNK_MIDDLE,
  SATCHEL_CHUNK_LAST,
} SatchelChunkState;

/** Neighbouring chunks that are sealed or opened at once, their two buffers, and a cipher context
 * for each, keyed once. Sized by what is needed: at most 1 MiB. */
typedef struct {
  SatchelSecret *key;
  SatchelPool *pool; /* borrowed, nullable */
  guint capacity;    /* chunks */
  gsize dirty_size;  /* how much of @plain was ever filled: what is to be wiped */
  guint64 counter;   /* number of the batch's first chunk */
  guint8 *plain;
  gsize plain_size;
  guint8 *sealed;
  gsize sealed_size;
  gboolean ends; /* sealing: the batch's last chunk is the stream's */
  SatchelChunkState states[SATCHEL_STREAM_BATCH_MAX];
  EVP_CIPHER_CTX *contexts[SATCHEL_STREAM_BATCH_MAX];
} SatchelStreamBatch;

void satchel_stream_batch_init (SatchelStreamBatch *self,
                                SatchelSecret *key,
                                SatchelPool *pool,
                                guint capacity,
                                gboolean seals);
void satchel_stream_batch_clear (SatchelStreamBatch *self);

/** Seals @plain_size bytes of @plain into @sealed; returns how many chunks there were. */
guint satchel_stream_batch_seal (SatchelStreamBatch *self);

/** Opens @sealed_size bytes of @sealed into @plain and sets a state for each chunk; returns how
 * many chunks there were. What stands in @plain for a bad chunk is zeroed. */
guint satchel_stream_batch_open (SatchelStreamBatch *self);
