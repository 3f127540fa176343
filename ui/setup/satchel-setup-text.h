/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "papers/satchel-card.h"

G_BEGIN_DECLS

/** What the assistant says, and how it judges what was typed: pure functions. */

/** How a passphrase that a person made up would stand against somebody who has the laptop. */
typedef enum {
  SATCHEL_STRENGTH_REFUSED, /* nobody should keep anything behind it */
  SATCHEL_STRENGTH_DOUBTFUL,
  SATCHEL_STRENGTH_LONG,
} SatchelStrength;

SatchelStrength satchel_setup_strength (const char *passphrase, gsize size_bytes);

/** A sentence for it, translated. Borrowed. */
const char *satchel_setup_strength_text (SatchelStrength strength);

/** A name as it was typed, without the spaces around it; NULL where no card can have it. The
 *  caller's. */
char *satchel_setup_dup_name (const char *typed);

/** Who sees the name of somebody with this role. Borrowed. */
const char *satchel_setup_name_hint (SatchelRole role);

/** A recovery code on two lines, which fit the narrowest window. The caller's, to be wiped. */
char *satchel_setup_dup_code_lines (SatchelSecret *code);

/** Why no vault could be made, and what to do, as what a new one's owner needs to hear. @folder:
 *  where it was to stand. The caller's. */
char *satchel_setup_dup_failure (const GError *error, const char *folder);

G_END_DECLS
