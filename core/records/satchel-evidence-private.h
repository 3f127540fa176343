/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-evidence.h"

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

G_END_DECLS
