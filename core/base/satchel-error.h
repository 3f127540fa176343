/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * The base room's errors, by what the caller can do about them.
 *
 * Every room has one such enum. A cancelled operation is always G_IO_ERROR_CANCELLED, in every
 * room. Messages are English, technical, and free of secrets and of report text; programs translate
 * codes.
 *
 * SATCHEL_BASE_ERROR_NO_SPACE: disk or quota full; free some and try again (ENOSPC, EDQUOT, EFBIG).
 * SATCHEL_BASE_ERROR_IO: reading or writing failed; after a failed fsync the file must not be
 * trusted. SATCHEL_BASE_ERROR_NOT_FOUND: no such file or folder. SATCHEL_BASE_ERROR_EXISTS:
 * something stands there already and is left as it was. SATCHEL_BASE_ERROR_BUSY: another process
 * holds it. SATCHEL_BASE_ERROR_TOO_LARGE: over the limit that the caller named.
 * SATCHEL_BASE_ERROR_INVALID: text or JSON is not of the expected grammar.
 */
typedef enum {
  SATCHEL_BASE_ERROR_NO_SPACE,
  SATCHEL_BASE_ERROR_IO,
  SATCHEL_BASE_ERROR_NOT_FOUND,
  SATCHEL_BASE_ERROR_EXISTS,
  SATCHEL_BASE_ERROR_BUSY,
  SATCHEL_BASE_ERROR_TOO_LARGE,
  SATCHEL_BASE_ERROR_INVALID,
} SatchelBaseError;

#define SATCHEL_BASE_ERROR (satchel_base_error_quark ())
GQuark satchel_base_error_quark (void);

/**
 * Sets @error from an errno value and returns FALSE.
 * @errno_value: as left by the failed call. @doing: what was tried, e.g. "write the key header".
 */
gboolean satchel_base_set_errno (GError **error, int errno_value, const char *doing);

/** Maps an errno value to a code of SatchelBaseError. */
SatchelBaseError satchel_base_error_from_errno (int errno_value);

/** Turns a GIO error (G_IO_ERROR_NO_SPACE ...) into the room's own; cancellation stays as it is.
 *  Takes @gio_error (may be NULL) and sets @error. Always returns FALSE. */
gboolean satchel_base_take_gio_error (GError **error, GError *gio_error, const char *doing);

G_END_DECLS
