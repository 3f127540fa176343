/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "records/satchel-records-error.h"
#include "vault/satchel-blob.h"

G_BEGIN_DECLS

/**
 * The custody ledger: one append-only list per vault. An entry is one JSON line without spaces:
 *
 *   {"sequence":7,"time":"2024-03-09T11:05:07.123456Z","actor":"RWQ...","action":"attached",
 *    "object":"<32 hex>","hash":"<64 hex>","detail":{...},"previous":"<64 hex>",
 *    "previous_of_object":"<64 hex>"}
 *
 * Members stand in this order; actor, hash, detail and both previous ones are missing where there
 * is none. The line, as bytes without a newline, is what is stored and what is hashed (SHA-256):
 * that hash is "previous" of the next entry, and "previous_of_object" of the next entry about the
 * same object. `actor` is the vault's setting "actor", the minisign public key line.
 *
 * A detail travels with the slices of its object and outlives an erasure: it must hold no text of a
 * report, and nothing that a recipient of the object may not know.
 */
typedef enum {
  SATCHEL_ACTION_CREATED,
  SATCHEL_ACTION_REVISED,
  SATCHEL_ACTION_ATTACHED,
  SATCHEL_ACTION_VIEWED,
  SATCHEL_ACTION_SEALED,
  SATCHEL_ACTION_SENT,
  SATCHEL_ACTION_RECEIVED, /* a stored receipt came for it */
  SATCHEL_ACTION_OPENED,   /* an opened receipt came for it */
  SATCHEL_ACTION_IMPORTED,
  SATCHEL_ACTION_EXPORTED,
  SATCHEL_ACTION_REDACTED,
  SATCHEL_ACTION_DISCLOSED,
  SATCHEL_ACTION_ERASED,
  SATCHEL_ACTION_HOLD, /* put on or lifted: detail {"on":true} */
  SATCHEL_ACTION_IDENTITY_CREATED,
  SATCHEL_ACTION_IDENTITY_EXPORTED,
  SATCHEL_ACTION_TRUSTED, /* a contact or newsroom */
  SATCHEL_ACTION_REVOKED,
  SATCHEL_ACTION_INVITED,
  SATCHEL_ACTION_JOINED,
  SATCHEL_ACTION_ALARM,
  SATCHEL_ACTION_DISCARDED, /* a bundle that was not sent */
  SATCHEL_ACTION_STAMPED,
  SATCHEL_ACTION_RESTORED,
  SATCHEL_ACTION_VERIFIED, /* checked again: detail {"holds":true,"bundle":"<32 hex>"} */
} SatchelAction;

/** "identity-exported". */
const char *satchel_action_to_text (SatchelAction action);
gboolean satchel_action_from_text (const char *text, SatchelAction *action);

#define SATCHEL_LEDGER_LINE_MAX  (16 * 1024)
#define SATCHEL_LEDGER_SLICE_MAX (64 * 1024 * 1024)

typedef struct {
  guint64 sequence; /* from 1 */
  gint64 time_us;
  char *actor; /* nullable */
  SatchelAction action;
  char *object; /* 32 hex digits */
  gboolean has_object_hash;
  guint8 object_hash[32];
  JsonObject *detail; /* nullable */
  gboolean has_previous;
  guint8 previous[32];
  gboolean has_previous_of_object;
  guint8 previous_of_object[32];
  char *line;      /* the exact bytes */
  guint8 hash[32]; /* of the line */
} SatchelLedgerEntry;

void satchel_ledger_entry_free (SatchelLedgerEntry *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelLedgerEntry, satchel_ledger_entry_free)

/**
 * Appends an entry. A transaction must be open: the entry stands or falls with what it tells.
 * @object: any id. @object_hash: hash of the object as it is now (a record's revision, an
 * evidence item's line, a tagmanifest), nullable. @detail: nullable, borrowed.
 */
gboolean satchel_ledger_append (SatchelVault *vault,
                                SatchelAction action,
                                const char *object,
                                const guint8 *object_hash,
                                JsonObject *detail,
                                GError **error);

/** The last entry's sequence and hash; 0 and zeros in an empty ledger. */
gboolean satchel_ledger_get_head (SatchelVault *vault,
                                  guint64 *sequence,
                                  guint8 hash[32],
                                  GError **error);

/** Called for each entry, oldest first; FALSE ends the listing early, with success. The entry is
 *  borrowed. The ledger must not be written meanwhile. */
typedef gboolean (*SatchelLedgerFunc) (const SatchelLedgerEntry *entry, gpointer user_data);

/** Entries about @object (NULL for all). */
gboolean satchel_ledger_list (SatchelVault *vault,
                              const char *object,
                              SatchelLedgerFunc func,
                              gpointer user_data,
                              GError **error);

/** Writes the entries about @objects (of const char *), in order, each with a newline: a bundle's
 *  custody.jsonl. @size_bytes (nullable) gets how much was written. */
gboolean satchel_ledger_write_slice (SatchelVault *vault,
                                     GPtrArray *objects,
                                     SatchelSink sink,
                                     guint64 *size_bytes,
                                     GError **error);

/** Reads a slice from outside: strict, each line in its one spelling, sequences rising. Of
 *  SatchelLedgerEntry. SATCHEL_RECORDS_ERROR_DAMAGED naming the line, _TOO_LARGE. */
GPtrArray *satchel_ledger_parse_slice (const char *data, gsize size_bytes, GError **error);

/** Checks a parsed slice along each object's chain, and along the vault's where neighbours are
 *  there. Findings (English, entry by entry) go to @fault; returns whether there were none. */
gboolean
satchel_ledger_verify_slice (GPtrArray *entries, SatchelFaultFunc fault, gpointer user_data);

/** The whole chain: every line parsed and hashed, sequences without gap, both previous hashes,
 *  columns as in the line, head as kept in its second place. Findings go to @fault. FALSE only
 *  where it could not be carried out. */
gboolean satchel_ledger_verify (SatchelVault *vault,
                                SatchelFaultFunc fault,
                                gpointer user_data,
                                SatchelProgressReport progress, /* counts entries */
                                GCancellable *cancellable,
                                GError **error);

/**
 * `satchelctl check` after satchel_vault_check(): the ledger; every row that it covers (latest
 * revision of each record with all before it, evidence rows, received originals, final and hold
 * marks, erased objects gone) against it, so that an old page put back is found; links, deadlines
 * and the search index against the records; drafts, whether they can be read.
 */
gboolean satchel_records_check (SatchelVault *vault,
                                SatchelFaultFunc fault,
                                gpointer user_data,
                                SatchelProgressReport progress, /* entries, then revisions */
                                GCancellable *cancellable,
                                GError **error);

G_END_DECLS
