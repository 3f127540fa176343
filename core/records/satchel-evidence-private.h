/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-evidence-writer.h"

G_BEGIN_DECLS

#define SATCHEL_EVIDENCE_TEXT_MAX 1024
#define SATCHEL_EVIDENCE_LINE_MAX (32 * 1024)

/** Writes @self's line and hash from its other members. */
void satchel_evidence_compose (SatchelEvidence *self);

/** Reads a line and demands its one spelling. SATCHEL_RECORDS_ERROR_DAMAGED. */
SatchelEvidence *
satchel_evidence_parse (const char *line, gsize size_bytes, GError **error);

/** Inserts an item's row; its blob_id must be set. */
gboolean satchel_evidence_insert (
    SatchelDb *db, gint64 record_row, const SatchelEvidence *item, GError **error);

/** The media type that the first bytes of a file, and where they say little its name, tell. */
char *satchel_evidence_guess_type (const char *name, const guint8 *head, gsize size_bytes);

/** What it gets was cut off: the entry of the ledger that attaches it will say so. */
void satchel_evidence_writer_set_cut_off (SatchelEvidenceWriter *self);

/** Makes an item of what is kept of the begun blob @blob_id, or of as much of it as can be read
 *  (*@is_damaged, nullable): *@item stays NULL where that is nothing, where the record was erased,
 *  and where there is no such blob. Afterwards it is forgotten; after an error it is there still.
 */
gboolean satchel_evidence_salvage_one (SatchelVault *vault,
                                       const char *blob_id,
                                       SatchelEvidence **item,
                                       gboolean *is_damaged,
                                       GCancellable *cancellable,
                                       GError **error);

/** Forgets, in the caller's transaction, what was kept for an item of the record @record_id, and
 *  what does not tell any more whose it is; @paths gets the files to unlink after COMMIT. */
gboolean satchel_evidence_forget_begun (SatchelVault *vault,
                                        const char *record_id,
                                        GPtrArray *paths,
                                        GError **error);

G_END_DECLS
