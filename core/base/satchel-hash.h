/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/satchel-sink.h"

G_BEGIN_DECLS

#define SATCHEL_SHA256_SIZE 32

/** SHA-256 through libcrypto, several times as fast as GChecksum; streaming, plain and as a sink.
 */
typedef struct _SatchelSha256 SatchelSha256;

SatchelSha256 *satchel_sha256_new (void);
void satchel_sha256_update (SatchelSha256 *self, const guint8 *data, gsize size_bytes);
/** Ends the hash; @self can only be freed or reset afterwards. */
void satchel_sha256_finish (SatchelSha256 *self, guint8 out[SATCHEL_SHA256_SIZE]);
void satchel_sha256_reset (SatchelSha256 *self);
SatchelSink satchel_sha256_get_sink (SatchelSha256 *self);
void satchel_sha256_free (SatchelSha256 *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelSha256, satchel_sha256_free)

/** The hash of one buffer. */
void satchel_sha256 (const guint8 *data, gsize size_bytes, guint8 out[SATCHEL_SHA256_SIZE]);

/** The hash of a whole stream; @size_bytes nullable. */
gboolean satchel_sha256_stream (GInputStream *stream,
                                guint8 out[SATCHEL_SHA256_SIZE],
                                guint64 *size_bytes,
                                GCancellable *cancellable,
                                GError **error);

G_END_DECLS
