/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-evidence.h"

G_BEGIN_DECLS

/**
 * Evidence that comes bit by bit, as a recording does: sealed as it is appended, in constant
 * memory, and in the vault once it is finished, not before. What a crash leaves of it is an
 * unreadable file without a key, swept at the next open; but of a lasting one what was kept is
 * there still, for satchel_evidence_salvage(). Any number of them, and anything else in the vault,
 * may go on between two calls.
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

/** The same for what cannot be had a second time, and is kept in parts. */
SatchelEvidenceWriter *satchel_evidence_writer_new_lasting (SatchelVault *vault,
                                                            const char *record_id,
                                                            const SatchelEvidenceSource *source,
                                                            GError **error);

/** How many of the bytes that were appended to a lasting one could be kept now: all but the last 64
 *  KiB at most. */
guint64 satchel_evidence_writer_get_keepable (SatchelEvidenceWriter *self);

/** Keeps the first @size_bytes of them, durably: no more than that, and no less than before. It
 *  should be a place where what they hold can end. Not in a transaction. After an error the writer
 *  can only be rescued, discarded or freed; what was kept before is kept.
 *  SATCHEL_RECORDS_ERROR_NOT_FOUND where the record was erased. */
gboolean
satchel_evidence_writer_keep (SatchelEvidenceWriter *self, guint64 size_bytes, GError **error);

/** A lasting one is to leave nothing, after a crash neither. Then it can only be freed; after an
 *  error it is kept still. */
gboolean satchel_evidence_writer_discard (SatchelEvidenceWriter *self, GError **error);

/** A lasting one that cannot be finished, after any error: what was kept of it becomes an item, as
 *  by satchel_evidence_salvage(); *@is_damaged (nullable) tells whether less of it can be read.
 *  FALSE without an error where nothing is kept, or can be read; with one it is kept still. Then it
 *  can only be freed. */
gboolean satchel_evidence_writer_rescue (SatchelEvidenceWriter *self,
                                         SatchelEvidence **item,
                                         gboolean *is_damaged,
                                         GError **error);

/** After an error the writer can only be freed, or a lasting one be rescued or discarded. */
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
 *  @was_there (nullable) whether the vault had the same content already. After this the writer can
 *  only be freed; after an error a lasting one can be rescued. */
gboolean satchel_evidence_writer_finish (SatchelEvidenceWriter *self,
                                         SatchelEvidence **item,
                                         gboolean *was_there,
                                         GCancellable *cancellable,
                                         GError **error);

/** NULL-safe. What was not finished is gone, its file too, but for what is kept of a lasting one.
 */
void satchel_evidence_writer_free (SatchelEvidenceWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelEvidenceWriter, satchel_evidence_writer_free)

/** What became of what lasting writers left. */
typedef struct {
  guint saved;   /* items that were made, each of all that was kept */
  guint damaged; /* items of less than was kept: no more of it can be read */
  guint lost;    /* nothing of it can be read, and there is no item */
  GError *fault; /* why the rest waits for the next time; NULL where nothing does */
} SatchelSalvage;
void satchel_salvage_free (SatchelSalvage *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelSalvage, satchel_salvage_free)

/** Makes items of what lasting writers left when the program was killed, the power went or the disk
 *  failed: to be called after opening, before there is a writer. An item holds exactly what was
 *  kept; its name ends in "(cut off)", and the entry of the ledger that attached it says
 *  {"cut_off":true}. It is made, and what it was made of forgotten, in one transaction. Never NULL:
 *  none of this must keep anybody out of the vault. */
SatchelSalvage *satchel_evidence_salvage (SatchelVault *vault, GCancellable *cancellable);

G_END_DECLS
