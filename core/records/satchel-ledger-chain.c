/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-ledger-chain.h"

#include <string.h>

#include "base/satchel-hash.h"
#include "records/satchel-ledger-private.h"

typedef struct {
  GPtrArray *links;
  gboolean has_last;
  guint8 last[SATCHEL_SHA256_SIZE]; /* hash of the line before, whatever it says */
} Chain;

void
satchel_ledger_link_free (SatchelLedgerLink *self)
{
  if (self == NULL)
    return;
  satchel_ledger_entry_free (self->entry);
  g_free (self);
}

static SatchelLedgerTie
judge (const Chain *chain, const SatchelLedgerEntry *entry)
{
  if (entry == NULL)
    return SATCHEL_TIE_UNREADABLE;
  if (!chain->has_last)
    return entry->has_previous_of_object ? SATCHEL_TIE_BROKEN : SATCHEL_TIE_FIRST;
  return entry->has_previous_of_object &&
                 memcmp (entry->previous_of_object, chain->last, sizeof chain->last) == 0
             ? SATCHEL_TIE_HOLDS
             : SATCHEL_TIE_BROKEN;
}

/* @entry: taken, nullable. */
static void
add (Chain *chain, guint64 sequence, const char *line, SatchelLedgerEntry *entry)
{
  SatchelLedgerLink *link = g_new0 (SatchelLedgerLink, 1);

  link->sequence = sequence;
  link->entry = entry;
  link->tie = judge (chain, entry);
  g_ptr_array_add (chain->links, link);
  chain->has_last = TRUE;
  satchel_sha256 ((const guint8 *) line, strlen (line), chain->last);
}

/* Columns: sequence, line, hash. NULL where they are not of one entry about @object. */
static SatchelLedgerEntry *
read_entry (SatchelStatement *row, const char *object)
{
  const char *line = satchel_statement_get_text (row, 1);
  gsize size = 0;
  const guint8 *hash = satchel_statement_get_blob (row, 2, &size);
  g_autoptr (SatchelLedgerEntry) entry = satchel_ledger_entry_parse (line, strlen (line), NULL);

  if (entry == NULL || entry->sequence != (guint64) satchel_statement_get_int (row, 0) ||
      !g_str_equal (entry->object, object) || size != sizeof entry->hash ||
      memcmp (hash, entry->hash, size) != 0)
    return NULL;
  return g_steal_pointer (&entry);
}

static GPtrArray *
links_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_ledger_link_free);
}

GPtrArray *
satchel_ledger_list_links (SatchelVault *vault, const char *object, GError **error)
{
  SatchelStatement *rows = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "SELECT sequence, line, hash FROM ledger WHERE object = ?1 ORDER BY sequence", error);
  g_autoptr (GPtrArray) links = links_new ();
  Chain chain = {.links = links};
  gboolean has_row = FALSE;

  if (rows == NULL)
    return NULL;
  satchel_statement_bind_text (rows, 1, object);
  while (satchel_statement_step (rows, &has_row, error)) {
    if (!has_row)
      return g_steal_pointer (&links);
    add (&chain, (guint64) satchel_statement_get_int (rows, 0),
         satchel_statement_get_text (rows, 1), read_entry (rows, object));
  }
  return NULL;
}

GPtrArray *
satchel_ledger_slice_links (GPtrArray *slice, const char *object)
{
  GPtrArray *links = links_new ();
  Chain chain = {.links = links};

  for (guint i = 0; i < slice->len; i++) {
    const SatchelLedgerEntry *entry = slice->pdata[i];
    if (g_str_equal (entry->object, object))
      add (&chain, entry->sequence, entry->line,
           satchel_ledger_entry_parse (entry->line, strlen (entry->line), NULL));
  }
  return links;
}
