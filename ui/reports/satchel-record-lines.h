/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "reports/satchel-record-item.h"

G_BEGIN_DECLS

/** Makes @items (a store of SatchelRecordItem) show @lines (of SatchelRecordLine), by id. Rows that
 *  stay where they are are filled anew in place, so that nothing jumps while something changes. */
void satchel_record_lines_show (GPtrArray *lines, GListStore *items);

G_END_DECLS
