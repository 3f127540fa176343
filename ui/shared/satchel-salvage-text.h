/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-evidence-writer.h"

G_BEGIN_DECLS

/** What a person is told of what was found of recordings that were cut off; NULL where nothing was.
 *  The caller's. */
char *satchel_salvage_text_dup (const SatchelSalvage *salvage);

/** What stands over it. Borrowed. */
const char *satchel_salvage_text_get_heading (void);

G_END_DECLS
