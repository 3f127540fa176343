/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-ledger.h"
#include "records/satchel-records-check-private.h"

G_BEGIN_DECLS

/** Writes @self's line and hash from its other members; frees those that were there. */
void satchel_ledger_entry_compose (SatchelLedgerEntry *self);

/** Reads a line and demands its one spelling. SATCHEL_RECORDS_ERROR_DAMAGED, _TOO_LARGE. */
SatchelLedgerEntry *
satchel_ledger_entry_parse (const char *line, gsize size_bytes, GError **error);

/** satchel_ledger_verify() that also shows each entry that can be read to @func (nullable), oldest
 *  first, and says whether all could be. */
gboolean satchel_ledger_walk (const SatchelRecordsCheck *check,
                              SatchelLedgerFunc func,
                              gpointer user_data,
                              gboolean *is_readable,
                              GError **error);

/** Details that say which row an entry covers: {"revision":3}, {"record":"<32 hex>"}. */
JsonObject *satchel_ledger_detail_int (const char *name, gint64 value);
JsonObject *satchel_ledger_detail_text (const char *name, const char *value);

G_END_DECLS
