/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "reports/satchel-line-model.h"

G_BEGIN_DECLS

#define SATCHEL_RECORD_SOURCE_HITS 200 /* of a search: the newest */

/** The records of a vault, newest first; of a search (the question) the newest, at the speed of
 *  typing, SATCHEL_RECORD_SOURCE_HITS at the most. */
extern const SatchelLineSource satchel_record_source;

/** Asks @model, of this source, for what was typed; for all where that is nothing to search for. */
void satchel_record_source_ask (SatchelLineModel *model, const char *words);

G_END_DECLS
