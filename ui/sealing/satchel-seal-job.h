/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session/satchel-session.h"

G_BEGIN_DECLS

/** What sealing asks of the vault: jobs for satchel_session_run_async(). */

/** A report that may go into the bundle, in words. */
typedef struct {
  char *id;
  char *title;
  char *subtitle;         /* kind, and how much evidence */
  char *unanswered;       /* nullable: the required questions that are open */
  guint64 evidence_bytes; /* of all items */
  GPtrArray *media;       /* of SatchelPlaceFile: pictures and videos, which may name a place */
  GPtrArray *unshared;    /* of SatchelUnshared: whose names are not to be shared */
} SatchelSealItem;

/** What is looked at before anything is sealed. */
typedef struct {
  char *newsroom;
  GPtrArray *items;      /* of SatchelSealItem: the report asked for, then those linked with it */
  GPtrArray *recipients; /* of SatchelCard: who is answered, else the newsroom's members */
  gboolean is_answer;    /* to what somebody outside the newsroom sent */
} SatchelSealReview;

void satchel_seal_review_free (SatchelSealReview *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelSealReview, satchel_seal_review_free)

/** Gives a SatchelSealReview. SATCHEL_PEOPLE_ERROR_NO_NEWSROOM. */
SatchelSessionJob satchel_seal_review_job (const char *record_id);

/** Seals records (@ids: of char *) for @cards (of SatchelCard); both are referenced. Gives the
 *  outbox entry's id, a char *. */
SatchelSessionJob
satchel_seal_job (GPtrArray *ids, GPtrArray *cards, SatchelProgressReport progress);

G_END_DECLS
