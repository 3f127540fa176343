/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "secret/satchel-secret.h"

G_BEGIN_DECLS

/** The 7,776-word list (EFF's long list, CC BY 3.0): generated passphrases and safety words. */
#define SATCHEL_WORDS_COUNT 7776

const char *satchel_words_get (guint index);

/** @count words drawn uniformly, joined by spaces, without a NUL. Five words are 64.6 bits. */
SatchelSecret *satchel_words_new_passphrase (guint count, GError **error);

/** The first 6 words (77.5 bits) for @hash, most significant first: floor(hash as 256-bit number
 * mod 7776^6), written base 7776. For people to read aloud. */
char *satchel_words_from_hash (const guint8 hash[32]);

/** Whether what a person typed is the same words: case, hyphens, commas and runs of spaces folded.
 */
gboolean satchel_words_equal (const char *typed, const char *words);

/** A lower bound in bits for a passphrase that a person made up, never an upper one. */
gdouble satchel_passphrase_bits (const char *passphrase, gsize size_bytes);

/** Recovery code: 128 random bits and 8 check bits (the first byte of keyed BLAKE2b-256, key
 * "satchel recovery") in Crockford base32: 28 digits in groups of four, e.g. "7K3M-...". The parser
 * folds case and look-alikes; SATCHEL_SECRET_ERROR_WRONG where the check fails. */
char *satchel_recovery_code_format (SatchelSecret *code);
SatchelSecret *satchel_recovery_code_parse (const char *text, GError **error);

G_END_DECLS
