/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "legal/satchel-verify.h"

G_BEGIN_DECLS

/** What a verdict says, in the person's language: a sentence, and after it the exact detail, a
 * hash, a key, a number, or a fault as the core words it. Safe to show. No widget; from any thread.
 * The caller frees. */
char *satchel_verdict_text_dup (const SatchelItemVerdict *verdict);

G_END_DECLS
