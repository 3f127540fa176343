/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "vault/satchel-vault.h"

/** How many pages of a store's file hold @word, each opened with libcrypto alone: what a forensic
 * reader with the key (48 bytes, as satchel_db_open() takes it) would see, free pages and slack
 * included. A word that runs over the end of a page is not seen: ask of one that stands often. */
guint test_pages_count (const char *path, SatchelSecret *key, const char *word);

/** The same of an open vault's store. */
guint test_vault_pages_count (SatchelVault *vault, const char *word);

/** Nothing stands in the write-ahead log of an open vault's store. */
void test_vault_assert_log_is_empty (SatchelVault *vault);
