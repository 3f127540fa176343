/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "custody/satchel-custody-text.h"

G_BEGIN_DECLS

/**
 * Custody, drawn as a chain: a mark for each entry (a ring for those of others, a disc for this
 * vault's, a diamond where it changed hands), links between them, and a gap with a cross where it
 * is broken, which is also said in words. Above it stands whether the chain is whole and, of an
 * evidence item, its SHA-256, which can be copied. It is a list: arrows go from entry to entry, Tab
 * leads out, Return shows an entry's hashes and keys. Where there are several objects, a choice
 * above it says which is shown.
 */
#define SATCHEL_TYPE_CUSTODY_CHAIN (satchel_custody_chain_get_type ())
G_DECLARE_FINAL_TYPE (SatchelCustodyChain, satchel_custody_chain, SATCHEL, CUSTODY_CHAIN, AdwBin)

GtkWidget *satchel_custody_chain_new (void);

/** @views: of SatchelCustodyView; a reference is taken. Which of them is looked at stays. */
void satchel_custody_chain_set_views (SatchelCustodyChain *self, GPtrArray *views);

G_END_DECLS
