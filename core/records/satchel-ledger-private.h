/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-ledger.h"

G_BEGIN_DECLS

/** Writes @self's line and hash from its other members; frees those that were there. */
void satchel_ledger_entry_compose (SatchelLedgerEntry *self);

/** Reads a line and demands its one spelling. SATCHEL_RECORDS_ERROR_DAMAGED, _TOO_LARGE. */
SatchelLedgerEntry *
satchel_ledger_entry_parse (const char *line, gsize size_bytes, GError **error);

/** Details that say which row an entry covers: {"revision":3}, {"record":"<32 hex>"}. */
JsonObject *satchel_ledger_detail_int (const char *name, gint64 value);
JsonObject *satchel_ledger_detail_text (const char *name, const char *value);

G_END_DECLS
