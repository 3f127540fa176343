/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-evidence.h"
#include "session/satchel-session.h"

G_BEGIN_DECLS

/** What evidence widgets ask of the vault: jobs for satchel_session_run_async(). */

/** Gives a GPtrArray of SatchelEvidence: the items of a record. */
SatchelSessionJob satchel_evidence_list_job (const char *record_id);

/** One thing to be attached: a file, or bytes under a name. */
typedef struct {
  char *path;    /* NULL for bytes */
  GBytes *bytes; /* NULL for a file */
  char *name;    /* of bytes */
} SatchelEvidenceOffer;

SatchelEvidenceOffer *satchel_evidence_offer_new_file (const char *path);
SatchelEvidenceOffer *satchel_evidence_offer_new_bytes (GBytes *bytes, const char *name);
void satchel_evidence_offer_free (SatchelEvidenceOffer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelEvidenceOffer, satchel_evidence_offer_free)

/** How attaching went. */
typedef struct {
  char *name;         /* of the item */
  gboolean was_there; /* the vault had the same content: it is stored once */
} SatchelEvidenceAttached;
void satchel_evidence_attached_free (SatchelEvidenceAttached *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelEvidenceAttached, satchel_evidence_attached_free)

/** Attaches @offer (taken). @progress: in bytes. Gives a SatchelEvidenceAttached. */
SatchelSessionJob satchel_evidence_attach_job (const char *record_id,
                                               SatchelEvidenceOffer *offer,
                                               SatchelProgressReport progress);

/** An item's bytes, to be read in the main loop. They hold a key: whoever has them lets them go
 * when the vault is locked. */
typedef struct {
  GInputStream *stream;
  guint64 size_bytes;
} SatchelEvidenceContent;
void satchel_evidence_content_free (SatchelEvidenceContent *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelEvidenceContent, satchel_evidence_content_free)

/** Opens an item. @is_noted: the ledger says that it was looked at; a thumbnail is no look. Gives a
 *  SatchelEvidenceContent. */
SatchelSessionJob satchel_evidence_open_job (const char *item_id, gboolean is_noted);

/** Writes an item to a new file at @path, readable for everybody who has the disk; the ledger says
 *  so. Gives a pointer that is not NULL. SATCHEL_BASE_ERROR_EXISTS. */
SatchelSessionJob
satchel_evidence_copy_job (const char *item_id, const char *path, SatchelProgressReport progress);

G_END_DECLS
