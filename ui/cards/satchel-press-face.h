/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-evidence.h"
#include "records/satchel-kind.h"

G_BEGIN_DECLS

/**
 * The face of a press card or an assignment: what stands on the paper, and nothing else. A record's
 * own title, notes, links, state and the names of its files are not on it.
 *
 * It is in the language of the record's field "language", where that is answered; else in the
 * reader's. Values are the reporter's own words, cleaned for display; what is unanswered or unknown
 * is left out.
 */
typedef struct {
  char *label;
  char *value; /* may have several lines */
} SatchelPressLine;

typedef struct {
  char *heading;    /* the kind, in the card's language */
  char *outlet;     /* nullable */
  char *name;       /* nullable: whose card it is */
  char *role;       /* nullable */
  char *number;     /* nullable: as on a line, with its label */
  GPtrArray *lines; /* of SatchelPressLine: all the rest, in the kind's order */
} SatchelPressFace;

/** Whether records of this kind are press cards. */
gboolean satchel_press_face_is_card (const SatchelKind *kind);

/** @language: what to use where the record names none. */
SatchelPressFace *
satchel_press_face_new (const SatchelKind *kind, JsonObject *values, const char *language);
/** One without any words; its caller fills it. */
SatchelPressFace *satchel_press_face_new_empty (void);
void satchel_press_face_add_line (SatchelPressFace *self, const char *label, const char *value);
void satchel_press_face_free (SatchelPressFace *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelPressFace, satchel_press_face_free)

/**
 * What the QR code holds: the face as plain text, one line each, UTF-8; values on one line:
 *
 *   Press credential
 *   The Courier
 *   Anna Petrova
 *   Correspondent
 *   Number: 17
 *   Valid until: 2024-12-31
 *
 * No key, no signature, no id of a record or a vault, no address to open: who reads it has what
 * they see. It proves nothing by itself, and says so by being no more than the face.
 */
char *satchel_press_face_dup_text (const SatchelPressFace *self);

/** The item that shows the card: the one that the record names as its scan, else the first that can
 *  be shown. @items: of SatchelEvidence. Borrowed; NULL for none. */
const SatchelEvidence *satchel_press_face_pick_scan (const SatchelKind *kind,
                                                     JsonObject *values,
                                                     GPtrArray *items);

G_END_DECLS
