/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/satchel-sink.h"
#include "seal/satchel-seal-error.h"
#include "secret/satchel-secret.h"

G_BEGIN_DECLS

/**
 * STREAM as in age v1's payload (C2SP age, "Payload"): 64 KiB chunks of ChaCha20-Poly1305, nonce =
 * 11-byte big-endian counter and one byte that is 1 for the last chunk, 16-byte tags. One
 * implementation for age payloads and for evidence blobs. The AEAD runs in libcrypto.
 *
 * A pool lent by the caller lets the next chunks be read and opened ahead, or the last ones be
 * sealed and written behind, while the caller goes on: then the sealed side (sink or input) is used
 * from the pool's threads, one at a time, until the writer is finished or freed, or the reader has
 * ended or is freed; and a sink's error may come with a later write, at the latest with finish.
 * Bytes are identical with and without. Core itself starts no thread.
 */
/* The format's; fuzz targets are built with a smaller one, so that many fit into one input. */
#ifndef SATCHEL_STREAM_CHUNK_SIZE
#define SATCHEL_STREAM_CHUNK_SIZE 65536
#endif
#define SATCHEL_STREAM_TAG_SIZE 16
#define SATCHEL_STREAM_KEY_SIZE 32

/** Threads lent for sealing and opening; made by programs, shared freely, NULL wherever it is
 * nullable means "in the calling thread". */
typedef struct _SatchelPool SatchelPool;
SatchelPool *satchel_pool_new (guint threads);
void satchel_pool_free (SatchelPool *self); /* NULL-safe; waits for running chunks */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelPool, satchel_pool_free)

/** Sealed length for @plain_bytes: at least one chunk, even for nothing. */
guint64 satchel_stream_sealed_size (guint64 plain_bytes);

/** The inverse; FALSE for lengths that no stream has. */
gboolean satchel_stream_plain_size (guint64 sealed_bytes, guint64 *plain_bytes);

typedef struct _SatchelStreamWriter SatchelStreamWriter;

/** Seals what is written into @sink under the 32-byte @key. @pool (nullable) is borrowed. */
SatchelStreamWriter *
satchel_stream_writer_new (SatchelSecret *key, SatchelSink sink, SatchelPool *pool);

/** A sink for the plain bytes. */
SatchelSink satchel_stream_writer_get_sink (SatchelStreamWriter *self);

/** How many of the bytes that were written make up whole chunks with something after them, which no
 * later byte changes. For a writer without a pool. */
guint64 satchel_stream_writer_get_whole (SatchelStreamWriter *self);

/** Hands those on to the sink now, without waiting for more. For a writer without a pool. */
gboolean
satchel_stream_writer_flush (SatchelStreamWriter *self, GCancellable *cancellable, GError **error);

/** Writes the last chunk. Without it the output is no stream, and readers say so. */
gboolean
satchel_stream_writer_finish (SatchelStreamWriter *self, GCancellable *cancellable, GError **error);

/** Frees and wipes; unfinished output stays unfinished. */
void satchel_stream_writer_free (SatchelStreamWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelStreamWriter, satchel_stream_writer_free)

#define SATCHEL_TYPE_STREAM_READER (satchel_stream_reader_get_type ())
G_DECLARE_FINAL_TYPE (
    SatchelStreamReader, satchel_stream_reader, SATCHEL, STREAM_READER, GInputStream)

/**
 * Reads a stream front to back. Releases whole verified chunks only; end of input without a last
 * chunk, an empty last chunk after a full one, or a byte after the last chunk is
 * SATCHEL_SEAL_ERROR_PAYLOAD. End of file is returned only after the last chunk verified and the
 * input ended.
 */
GInputStream *
satchel_stream_reader_new (SatchelSecret *key, GInputStream *sealed, SatchelPool *pool);

/**
 * Opens for seeking: @sealed must be a GSeekable whose content from @start_bytes to its end is one
 * stream. The last chunk is verified here, so that the length is authentic. The result is a
 * GSeekable.
 * After a jump one chunk is opened; reading on, the reader looks ahead with @pool's help (nullable,
 * borrowed). @plain_bytes (nullable) gets the authentic length.
 */
GInputStream *satchel_stream_reader_new_seekable (SatchelSecret *key,
                                                  GInputStream *sealed,
                                                  guint64 start_bytes,
                                                  SatchelPool *pool,
                                                  guint64 *plain_bytes,
                                                  GCancellable *cancellable,
                                                  GError **error);

G_END_DECLS
