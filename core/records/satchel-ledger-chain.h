/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-ledger.h"

G_BEGIN_DECLS

/** How an entry hangs on the one about the same object before it. */
typedef enum {
  SATCHEL_TIE_FIRST,      /* nothing is before it, and it says so */
  SATCHEL_TIE_HOLDS,      /* it names the hash of the one before it */
  SATCHEL_TIE_BROKEN,     /* it names another one: one is missing here, or was changed */
  SATCHEL_TIE_UNREADABLE, /* it is not as Satchel wrote it, so it ties nothing */
} SatchelLedgerTie;

typedef struct {
  guint64 sequence;
  SatchelLedgerEntry *entry; /* NULL where it is unreadable */
  SatchelLedgerTie tie;
} SatchelLedgerLink;

void satchel_ledger_link_free (SatchelLedgerLink *self); /* NULL-safe */

/** The entries about @object of the vault's ledger, oldest first, each judged by itself: unlike
 *  satchel_ledger_list() a damaged one ends nothing, and is one of them. The vault's own chain from
 *  object to object is satchel_ledger_verify()'s. Of SatchelLedgerLink. */
GPtrArray *satchel_ledger_list_links (SatchelVault *vault, const char *object, GError **error);

/** The same of @slice, as satchel_ledger_parse_slice() gives it. Entries are parsed anew. */
GPtrArray *satchel_ledger_slice_links (GPtrArray *slice, const char *object);

G_END_DECLS
