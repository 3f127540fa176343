/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-evidence.h"

G_BEGIN_DECLS

/**
 * Evidence that comes bit by bit, as a recording does: sealed as it is appended, in constant
 * memory, and in the vault once it is finished, not before. Until then nothing of it is kept: what
 * a crash leaves is an unreadable file without a key, swept at the next open. Any number of them,
 * and anything else in the vault, may go on between two calls.
 *
 * A writer is finished before its vault is closed, or never; freed at any time.
 */
typedef struct _SatchelEvidenceWriter SatchelEvidenceWriter;

/** Begins an item of the record @record_id, whole. What is wrong with @source is told here.
 *  SATCHEL_RECORDS_ERROR_NOT_FOUND, _INVALID_VALUE. */
SatchelEvidenceWriter *satchel_evidence_writer_new (SatchelVault *vault,
                                                    const char *record_id,
                                                    const SatchelEvidenceSource *source,
                                                    GError **error);

/** After an error the writer can only be freed. */
gboolean satchel_evidence_writer_append (SatchelEvidenceWriter *self,
                                         const guint8 *data,
                                         gsize size_bytes,
                                         GCancellable *cancellable,
                                         GError **error);

/** Whether @size_bytes can be appended and all of it finished still. Who cannot have the bytes a
 *  second time asks this before each append, and finishes at SATCHEL_BASE_ERROR_NO_SPACE, which
 *  comes some megabytes before the disk is full. */
gboolean
satchel_evidence_writer_ask_room (SatchelEvidenceWriter *self, gsize size_bytes, GError **error);

/** What was appended is the whole. Its bytes are durable before its row, which one transaction
 *  stores with its entry in the ledger (it joins the caller's). @item (nullable) gets the new item;
 *  @was_there (nullable) whether the vault had the same content already. After this, also after an
 *  error, the writer can only be freed. */
gboolean satchel_evidence_writer_finish (SatchelEvidenceWriter *self,
                                         SatchelEvidence **item,
                                         gboolean *was_there,
                                         GCancellable *cancellable,
                                         GError **error);

/** NULL-safe. What was not finished is gone, its file too. */
void satchel_evidence_writer_free (SatchelEvidenceWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelEvidenceWriter, satchel_evidence_writer_free)

G_END_DECLS
