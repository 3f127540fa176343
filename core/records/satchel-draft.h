/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-record.h"

G_BEGIN_DECLS

/**
 * Forms that were begun and not saved, so that a lock, a crash or a kill takes no word: of a new
 * record, or of a change to one. There may be any number of new records' drafts, and one of each
 * record that exists, which is erased with it. A draft is no record: it is not searched, sealed or
 * in the ledger.
 *
 * Its content is what the form makes of itself, answers that do not hold yet among it; only a form
 * reads it. Whatever is put or loaded passed the strict scanner of satchel-json.h.
 *
 * To save is to write the record and to delete its draft in one transaction: both or neither. Files
 * belong to records, not to drafts: whoever attaches the first one to a new form saves it so, and
 * attaches then.
 *
 * Where the caller has a transaction open, everything here joins it; otherwise what returns TRUE
 * has committed, and after a failure all is as it was. Errors: SatchelRecordsError,
 * SatchelVaultError.
 */
#define SATCHEL_DRAFT_SIZE_MAX (8 * 1024 * 1024) /* the content, in bytes */

typedef struct {
  char *id;          /* 32 hex digits, chosen by the form (satchel_random_id()) */
  char *record_id;   /* NULL: of a new record */
  guint revision;    /* the record's when the draft was begun, 0 of a new one; set by a put. Where
                      * the record has a later one now, saving would undo what that one says. */
  char *kind;        /* of the form */
  char *title;       /* for lists; one line of 200 characters is kept */
  gint64 changed_us; /* when it was put; set by that */
  char *content;     /* a JSON object; NULL in a list */
} SatchelDraft;

void satchel_draft_free (SatchelDraft *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelDraft, satchel_draft_free)

/** Keeps @draft in place of the one with its id and, for a record that exists, in place of any
 *  other of that record. _INVALID_VALUE where an id is none or content is no JSON object,
 *  _TOO_LARGE, _NO_SUCH_KIND, _NOT_FOUND where the record is not there. */
gboolean satchel_draft_put (SatchelVault *vault, const SatchelDraft *draft, GError **error);

/** By its id; _NOT_FOUND, _DAMAGED where the row is none that was put. */
SatchelDraft *satchel_draft_load (SatchelVault *vault, const char *id, GError **error);

/** The draft of a record; NULL without an error where there is none. _DAMAGED: the record can be
 *  read nevertheless. */
SatchelDraft *
satchel_draft_load_of_record (SatchelVault *vault, const char *record_id, GError **error);

/** All, without their content, latest first. Of SatchelDraft, owned. */
GPtrArray *satchel_draft_list (SatchelVault *vault, GError **error);

/** Takes one away; there need be none. Without a transaction of the caller's, no word of it is in
 *  the store when it returns TRUE; with one, that is so after the caller's satchel_db_checkpoint().
 */
gboolean satchel_draft_delete (SatchelVault *vault, const char *id, GError **error);

G_END_DECLS
