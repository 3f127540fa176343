/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "people/satchel-identity.h"
#include "records/satchel-ledger.h"

/** Helpers for tests with vaults of people. */

/** A new vault in @folder/@name with cheap key derivation; with an identity where @role >= 0. */
SatchelVault *test_vault_new (const char *folder, const char *name, int role);

/** How many entries of that action the ledger has, about @object (nullable: any). The whole ledger
 *  is verified, too. */
guint test_ledger_count (SatchelVault *vault, SatchelAction action, const char *object);

/** The tables of the people room and the ledger's head, in one text to compare. */
char *test_people_snapshot (SatchelVault *vault);

/** An operation on a vault. */
typedef gboolean (*TestOperation) (SatchelVault *vault, gpointer data, GError **error);

/** Lets @operation fail at every write to a table of the people room and to the ledger in turn:
 *  each time nothing may have changed. At the end it must succeed. */
void test_assert_all_or_nothing (SatchelVault *vault, TestOperation operation, gpointer data);

/** A clock that the test moves; the real one again with 0. */
void test_set_now (gint64 unix_us);
