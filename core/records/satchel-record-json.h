/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-evidence.h"
#include "records/satchel-record.h"

G_BEGIN_DECLS

/**
 * A record as it travels: a bundle's r0001.json.
 *
 *   {"format":"satchel-record v1","id":"<32 hex>","revisions":["...", ...],"evidence":["...", ...]}
 *
 * Revisions and evidence items are their stored lines as JSON strings, so that
 * `jq -j '.revisions[0]' r0001.json | sha256sum` gives the hash that the ledger says.
 */
#define SATCHEL_RECORD_JSON_MAX (16 * 1024 * 1024)

/** _TOO_LARGE where it would not fit into a bundle. */
char *satchel_record_to_json (SatchelVault *vault,
                              const char *id,
                              gsize *size_bytes,
                              GError **error);

/** Such a document, read under limits and checked: lines in their one spelling, numbers without a
 *  gap, each revision hashed onto the one before, kind known, values those of a draft. Nothing of
 *  it touches a vault. */
typedef struct {
  char *id;
  char *kind;
  GPtrArray *revisions; /* of SatchelRevision, at least one */
  GPtrArray *evidence;  /* of SatchelEvidence; blob_id is NULL */
  GBytes *raw;
} SatchelRecordDocument;

/** SATCHEL_RECORDS_ERROR_DAMAGED naming the rule, _TOO_LARGE, _NO_SUCH_KIND. */
SatchelRecordDocument *satchel_record_document_parse (GBytes *raw, GError **error);
void satchel_record_document_free (SatchelRecordDocument *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelRecordDocument, satchel_record_document_free)

typedef enum {
  SATCHEL_IMPORT_NEW,
  SATCHEL_IMPORT_EXTENDED, /* known up to a revision; the later ones were added */
  SATCHEL_IMPORT_KNOWN,    /* nothing in it is new */
} SatchelImportOutcome;

/**
 * Takes a document from a verified bundle into the vault, in the caller's transaction: the record
 * becomes final, @sender (minisign key line) and @bundle_id are kept with the raw bytes, and the
 * ledger says imported. Evidence comes after, item by item, by satchel_evidence_import().
 * SATCHEL_RECORDS_ERROR_FORKED where the vault's revisions of that id are others, or where it adds
 * a revision or an item to a record that is here from another sender or is an own one: nothing is
 * changed.
 */
gboolean satchel_record_import (SatchelVault *vault,
                                const SatchelRecordDocument *document,
                                const char *sender,
                                const char *bundle_id,
                                SatchelImportOutcome *outcome,
                                GError **error);

/** What was received for a record, byte for byte. */
typedef struct {
  char *bundle_id;
  char *sender;
  gint64 imported_us;
  GBytes *raw;
} SatchelReceivedRecord;
void satchel_received_record_free (SatchelReceivedRecord *self);

/** All, oldest first; empty for a record of one's own. */
GPtrArray *satchel_record_list_received (SatchelVault *vault, const char *id, GError **error);

G_END_DECLS
