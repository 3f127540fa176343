/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * Text encodings. Decoders are strict: one spelling each, no white space, no padding bits set; they
 * return FALSE or NULL for anything else and leave out-parameters untouched. Errors, where there is
 * a GError, are SATCHEL_BASE_ERROR_INVALID.
 */

/** Lower-case hexadecimal. */
char *satchel_hex_encode (const guint8 *data, gsize size_bytes);
gboolean satchel_hex_decode (const char *text, guint8 *out, gsize size_bytes);

/** Base64, RFC 4648 section 4: with padding, canonical. */
char *satchel_base64_encode (const guint8 *data, gsize size_bytes);
GBytes *satchel_base64_decode (const char *text, gssize length);

/** Base64 without padding, as age writes it. */
char *satchel_base64_encode_raw (const guint8 *data, gsize size_bytes);
GBytes *satchel_base64_decode_raw (const char *text, gssize length);

/** Bech32 (BIP 173 checksum, without its 90-character limit, as age uses it). @prefix is the human
 *  part in lower case. The encoder's result is lower case. The decoder accepts all-lower or
 *  all-upper case, demands @prefix and exactly @size_bytes bytes with zero padding bits. */
char *satchel_bech32_encode (const char *prefix, const guint8 *data, gsize size_bytes);
gboolean
satchel_bech32_decode (const char *text, const char *prefix, guint8 *out, gsize size_bytes);

/** Crockford's base32, upper case, most significant bits first; decoding folds case, O to 0, I and
 * L to 1 and skips hyphens and spaces. */
char *satchel_crockford_encode (const guint8 *data, gsize size_bytes);
gboolean satchel_crockford_decode (const char *text, guint8 *out, gsize size_bytes);

/** Whether @data is valid UTF-8 without NUL. */
gboolean satchel_text_is_clean (const char *data, gssize length);

/** A copy fit to show a person: control characters, bidirectional overrides, isolates and invalid
 *  bytes become U+FFFD; at most @max_characters, cut with an ellipsis. For names that came from
 * outside. */
char *satchel_text_for_display (const char *text, gsize max_characters);

/** @text, valid UTF-8, with marks around each telephone number and each word with a digit in it, as
 *  "0017-24": between words written from the right their parts would change places. */
char *satchel_text_isolate_numbers (const char *text);

/** The last path component of a name from outside, safe as a file name in a folder: no separators,
 *  no control characters, not "." or "..", at most 255 bytes; never empty ("file" then). */
char *satchel_text_safe_file_name (const char *name);

/** 16 random bytes as 32 hex digits: the form of every id in Satchel. */
char *satchel_random_id (void);

/** Whether @text is such an id. */
gboolean satchel_is_id (const char *text);

/** Padmé (Nikitin et al., PETS 2019): the least permitted length >= @size_bytes; overhead < 12 %.
 */
guint64 satchel_padme (guint64 size_bytes);

G_END_DECLS
