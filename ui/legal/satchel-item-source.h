/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "legal/satchel-received.h"
#include "reports/satchel-line-model.h"

G_BEGIN_DECLS

/** Received items with their verdict, what came last before what came earlier. A line's id is its
 *  key in decimal digits. Questions are made by satchel_item_source_dup_question(). */
extern const SatchelLineSource satchel_item_source;

/** The caller's; NULL for all. */
char *satchel_item_source_dup_question (const SatchelReceivedFilter *filter);

G_END_DECLS
