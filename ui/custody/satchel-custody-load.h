/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "custody/satchel-custody-text.h"
#include "records/satchel-record.h"

G_BEGIN_DECLS

/** Reads custody for pages, inside their jobs: the vault's thread only. */

/** Of @record and then of each of its evidence items. Of SatchelCustodyView. */
GPtrArray *
satchel_custody_load_views (SatchelVault *vault, const SatchelRecord *record, GError **error);

/** Of one evidence item. */
SatchelCustodyView *
satchel_custody_load_item (SatchelVault *vault, const SatchelEvidence *item, GError **error);

/** Who has this minisign key line (nullable), in words: "You", "Anna, words compared". The
 *  caller's; never NULL: where the vault does not know them it says so. */
char *satchel_custody_dup_person (SatchelVault *vault, const char *key);

G_END_DECLS
