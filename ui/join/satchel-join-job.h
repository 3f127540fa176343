/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "papers/satchel-invite.h"
#include "session/satchel-session.h"

G_BEGIN_DECLS

/** Joining a newsroom: jobs for satchel_session_run_async(). A paper is looked at first and changes
 *  nothing; it is taken in where a person has said so. Their inputs are freed with the job. */

#define SATCHEL_JOIN_ERROR (satchel_join_error_quark ())
GQuark satchel_join_error_quark (void);
typedef enum {
  SATCHEL_JOIN_ERROR_OTHER_NEWSROOM, /* the vault belongs to one already: nothing was changed */
  SATCHEL_JOIN_ERROR_USED,           /* this vault has joined with this very invite */
  SATCHEL_JOIN_ERROR_LEAD,           /* the vault's owner leads that newsroom */
} SatchelJoinError;

/** A paper that would make this vault belong to a newsroom, verified, and what it says. */
typedef struct {
  SatchelInvite *invite;     /* NULL where it is a newsroom's card */
  SatchelNewsroomCard *card; /* owned where there is no invite; NULL otherwise */
  char *newsroom;            /* fit to be shown, as all words here */
  char *lead;
  char *safety_words;   /* the lead's */
  char *server;         /* of the first of its servers; NULL for none */
  gint64 until_unix_us; /* the invite may be used, the card is fresh */
  gboolean is_stale;    /* a card past its date */
  gboolean is_known;    /* the vault belongs to this newsroom already: this renews */
  gboolean is_on_card;  /* the vault's owner is a member by it */
} SatchelJoinOffer;

void satchel_join_offer_free (SatchelJoinOffer *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelJoinOffer, satchel_join_offer_free)

/** A paper as it was pasted: without the spaces around it, with the line ends that papers have.
 *  SatchelSecretError. */
SatchelSecret *satchel_join_tidy (const char *text, gsize size_bytes, GError **error);

/** Gives a SatchelJoinOffer. @path or @text (referenced), the other NULL. SATCHEL_JOIN_ERROR,
 *  SATCHEL_PAPERS_ERROR (_EXPIRED and _REVOKED too), SATCHEL_BASE_ERROR. */
SatchelSessionJob satchel_join_look_job (const char *path, SatchelSecret *text);

/** Takes @offer (taken) in and, for an invite, queues the introduction: both or neither. Gives the
 *  newsroom's name, a char *. SATCHEL_PEOPLE_ERROR_ALARM and those of above. */
SatchelSessionJob satchel_join_accept_job (SatchelJoinOffer *offer);

/** Writes the owner's card to @path, for the newsroom's lead. Gives a pointer that is not NULL. */
SatchelSessionJob satchel_join_save_card_job (const char *path);

G_END_DECLS
