/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-search.h"

G_BEGIN_DECLS

/** Letters that people write in two ways, in their one form: Russian yo as ye, Arabic yeh and kaf
 *  as the Persian ones, teh marbuta as heh. NULL where nothing changes. @length in bytes. */
char *satchel_search_fold (const char *text, gssize length);

/** The words of @text that fold, folded, separated by spaces; "" for none. */
char *satchel_search_dup_folded_words (const char *text);

G_END_DECLS
