/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "secret/satchel-secret.h"

G_BEGIN_DECLS

/** HKDF-SHA-256 (RFC 5869), extract and expand; @salt may be NULL. @out_size <= 8160. */
void satchel_hkdf (const guint8 *ikm,
                   gsize ikm_size,
                   const guint8 *salt,
                   gsize salt_size,
                   const char *info,
                   gsize info_size,
                   guint8 *out,
                   gsize out_size);

/** The same into guarded memory. @info is NUL-terminated. */
SatchelSecret *
satchel_hkdf_secret (SatchelSecret *key, const char *info, gsize size_bytes, GError **error);

#define SATCHEL_KDF_SALT_SIZE 16

/** Argon2id (RFC 9106) as libsodium runs it, one lane. */
typedef struct {
  guint32 memory_mib; /* 8 .. 4096 */
  guint32 passes;     /* 1 .. 64 */
} SatchelKdfCost;

/** What new vaults get at least. */
#define SATCHEL_KDF_FLOOR ((SatchelKdfCost){256, 3})

/** Whether a reader may run it at all. SATCHEL_SECRET_ERROR_PARAMETERS otherwise. */
gboolean satchel_kdf_cost_check (const SatchelKdfCost *cost, GError **error);

/** Measures this machine: the cost that takes about one second here, never below the floor and
 *  never more memory than a quarter of what is free. */
SatchelKdfCost satchel_kdf_calibrate (void);

/** Stretches @passphrase to 32 bytes. SATCHEL_SECRET_ERROR_PARAMETERS, _MEMORY. */
SatchelSecret *satchel_kdf_run (SatchelSecret *passphrase,
                                const guint8 salt[SATCHEL_KDF_SALT_SIZE],
                                const SatchelKdfCost *cost,
                                GError **error);

G_END_DECLS
