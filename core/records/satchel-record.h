/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-fields-view.h"
#include "records/satchel-ledger.h"

G_BEGIN_DECLS

/**
 * Records and their revisions. Every save is a revision, one JSON line hashed onto the one before:
 *
 *   {"record":"<32 hex>","number":2,"kind":"police-visit","kind_version":1,
 *    "time":"2024-03-09T11:05:07.123456Z","actor":"RWQ...","reason":"...","previous":"<64 hex>",
 *    "values":{...}}
 *
 * Actor, reason and previous are missing where there is none. The line is stored, hashed, sealed
 * and received as the same bytes. A record is own or received; both are SatchelRecord.
 *
 * Where the caller has a transaction open, everything here joins it; otherwise each function has
 * its own and has committed when it returns TRUE. Errors: SatchelRecordsError, SatchelVaultError.
 */
typedef struct {
  char *id;
  char *kind;
  guint kind_version;
  guint revision;    /* number of the latest, from 1 */
  guint8 hash[32];   /* of the latest revision's line */
  gboolean is_final; /* sealed or received: changes are amendments with a reason */
  gboolean is_held;  /* legal hold */
  char *sender;      /* minisign key line of who sent it; NULL for an own record */
  gint64 row;        /* rises with arrival in this vault; for paging */
  gint64 created_us; /* first revision */
  gint64 changed_us; /* latest revision */
  gint64 when_us;    /* when it happened by the kind's When field, else created_us */
  JsonObject *values;
} SatchelRecord;

void satchel_record_free (SatchelRecord *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelRecord, satchel_record_free)

/** Makes a record from @values (canonical order is made here), which may be a draft. Returns its
 *  id. _INVALID_VALUE, _NO_SUCH_FIELD, _TOO_LARGE, _NOT_FOUND for a link to no record. */
char *satchel_record_create (SatchelVault *vault,
                             const SatchelKind *kind,
                             JsonObject *values,
                             GError **error);

/** Adds a revision; nothing happens where the values are the same. A final record needs @reason
 *  (an amendment): SATCHEL_RECORDS_ERROR_FINAL without. Append-only entries stay. */
gboolean satchel_record_revise (SatchelVault *vault,
                                const char *id,
                                JsonObject *values,
                                const char *reason,
                                GError **error);

/** One by its whole id or a beginning of at least 4 digits. _NOT_FOUND, _AMBIGUOUS. */
SatchelRecord *satchel_record_load (SatchelVault *vault, const char *id_or_prefix, GError **error);

/** The kind of a record, borrowed; never NULL: a kind unknown here counts as "note". */
const SatchelKind *satchel_record_get_kind (const SatchelRecord *self);

typedef struct {
  const char *kind;  /* NULL for all */
  gint64 since_us;   /* of when_us; G_MININT64 or 0 for open */
  gint64 until_us;   /* exclusive; 0 for open */
  gint64 before_row; /* the last row of the page before; 0 for the first page */
  guint limit;       /* 0 for all */
} SatchelRecordFilter;

/** A page, newest arrival first. Of SatchelRecord, owned. @filter nullable. */
GPtrArray *
satchel_record_list (SatchelVault *vault, const SatchelRecordFilter *filter, GError **error);

/** The rows alone, newest arrival first: what a window needs to know of 100,000 before it loads
 *  those that are looked at. @limit 0: of all records. Of gint64, the caller's. */
GArray *satchel_record_list_rows (SatchelVault *vault, guint limit, GError **error);

gboolean satchel_record_count (SatchelVault *vault,
                               const SatchelRecordFilter *filter,
                               guint64 *count,
                               GError **error);

/** One revision, as stored. */
typedef struct {
  char *record;
  guint number;
  char *kind;
  guint kind_version;
  gint64 time_us;
  char *actor;  /* nullable */
  char *reason; /* nullable */
  gboolean has_previous;
  guint8 previous[32];
  JsonObject *values;
  char *line;
  guint8 hash[32];
} SatchelRevision;
void satchel_revision_free (SatchelRevision *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelRevision, satchel_revision_free)

/** All revisions, oldest first, checked along their chain: _DAMAGED. */
GPtrArray *satchel_record_list_revisions (SatchelVault *vault, const char *id, GError **error);

/** Sealing makes final: the caller's transaction writes the *sealed* entry beside it. */
gboolean satchel_record_mark_final (SatchelVault *vault, const char *id, GError **error);

/** Legal hold on or off, said in the ledger. */
gboolean
satchel_record_set_hold (SatchelVault *vault, const char *id, gboolean on, GError **error);

/**
 * Erases records (@ids of const char *) with revisions, evidence rows, blobs that nothing else
 * refers to, search text, links and deadlines: all of them in one transaction of its own (none may
 * be open), or none; ledger entries stay. Then checkpoints the WAL and unlinks the blob files. When
 * it returns TRUE no word of them is in the store. Merges the search index into one piece, once a
 * call: some two seconds for 100,000 records. _HELD, _NOT_FOUND.
 */
gboolean satchel_records_erase (SatchelVault *vault, GPtrArray *ids, GError **error);
gboolean satchel_record_erase (SatchelVault *vault, const char *id, GError **error);

G_END_DECLS
