/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SATCHEL_SEAL_ERROR_HEADER: not an age file, or a header that the specification refuses; nothing
 * was released. SATCHEL_SEAL_ERROR_NO_MATCH: well formed, but sealed to somebody else (or another
 * passphrase). SATCHEL_SEAL_ERROR_HEADER_MAC: the header was changed after sealing; nothing was
 * released. SATCHEL_SEAL_ERROR_PAYLOAD: damaged or cut short; what was released before is a right
 * prefix. SATCHEL_SEAL_ERROR_ARCHIVE: a tar that is not exactly ours. SATCHEL_SEAL_ERROR_BAG:
 * manifest, tag files or member set break a rule. SATCHEL_SEAL_ERROR_SIGNATURE: malformed, of
 * another key, or it does not verify. SATCHEL_SEAL_ERROR_LIMIT: over a limit of formats (size,
 * count, depth), refused before it was allocated. SATCHEL_SEAL_ERROR_KEY: a key's text is not one.
 *
 * Messages name the rule that was broken, the member and, where known, the byte.
 */
typedef enum {
  SATCHEL_SEAL_ERROR_HEADER,
  SATCHEL_SEAL_ERROR_NO_MATCH,
  SATCHEL_SEAL_ERROR_HEADER_MAC,
  SATCHEL_SEAL_ERROR_PAYLOAD,
  SATCHEL_SEAL_ERROR_ARCHIVE,
  SATCHEL_SEAL_ERROR_BAG,
  SATCHEL_SEAL_ERROR_SIGNATURE,
  SATCHEL_SEAL_ERROR_LIMIT,
  SATCHEL_SEAL_ERROR_KEY,
} SatchelSealError;

#define SATCHEL_SEAL_ERROR (satchel_seal_error_quark ())
GQuark satchel_seal_error_quark (void);

G_END_DECLS
