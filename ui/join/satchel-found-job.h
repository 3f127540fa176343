/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "papers/satchel-newsroom-card.h"
#include "session/satchel-session.h"

G_BEGIN_DECLS

/** Founding a newsroom: jobs for satchel_session_run_async(). Their inputs are freed with the job.
 */

/** A card for the newsroom to be: a server's, or a member's. */
typedef struct {
  SatchelIntakeCard *intake; /* one of the two is NULL */
  SatchelCard *member;
  char *title; /* fit to be shown, as the next */
  char *subtitle;
} SatchelFoundCard;

void satchel_found_card_free (SatchelFoundCard *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelFoundCard, satchel_found_card_free)

/** Reads the card in @path. Gives a SatchelFoundCard. SATCHEL_PAPERS_ERROR, SATCHEL_BASE_ERROR;
 *  SATCHEL_PEOPLE_ERROR_EXISTS for the owner's own. */
SatchelSessionJob satchel_found_read_job (const char *path);

/** Makes the newsroom that the vault's owner leads. @cards: of SatchelFoundCard, copied. Gives its
 *  name, a char *. Errors of satchel_newsroom_create(). */
SatchelSessionJob satchel_found_create_job (const char *name, GPtrArray *cards);

/** Writes the newsroom's card to @path. Gives a pointer that is not NULL. */
SatchelSessionJob satchel_found_save_job (const char *path);

G_END_DECLS
