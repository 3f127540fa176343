/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "secret/satchel-secret.h"

/** How many pages of a store's file hold @word, each opened with libcrypto alone: what a forensic
 * reader with the key (48 bytes, as satchel_db_open() takes it) would see, free pages and slack
 * included. A word that runs over the end of a page is not seen: ask of one that stands often. */
guint test_pages_count (const char *path, SatchelSecret *key, const char *word);
