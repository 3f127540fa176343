/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Made from wordlist/eff-large.txt by the build. */
extern const char *const satchel_words_table[];
