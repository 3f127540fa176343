/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "papers/satchel-introduction-proof.h"
#include "papers/satchel-invite.h"
#include "people/satchel-contact.h"
#include "people/satchel-newsroom.h"

G_BEGIN_DECLS

/**
 * Invites that this desk issued: for whom, which token, which introduction secret, and who used it.
 * The name stays here; the paper does not have it.
 */
typedef struct {
  char *id;
  char *name;
  char *token_id;
  gint64 issued_unix_us;
  gint64 expires_unix_us;
  gint64 revoked_unix_us; /* 0 for not */
  char *contact_id;       /* who introduced themselves with it; NULL for nobody yet */
} SatchelInviteEntry;

/** Issues an invite for @name, its token valid for @days (1 .. 400). Returns its text, to be wiped
 *  with satchel_invite_wipe_text(); @id (nullable) gets the entry's id.
 *  SATCHEL_PEOPLE_ERROR_NOT_LEAD, _EXISTS where @name has a live invite or is a contact's: revoke
 * that first. */
char *satchel_invite_book_issue (SatchelVault *vault,
                                 const char *name,
                                 guint days,
                                 char **id,
                                 GError **error);

/** All, the newest first. Of SatchelInviteEntry, owned. */
GPtrArray *satchel_invite_book_list (SatchelVault *vault, GError **error);
void satchel_invite_entry_free (SatchelInviteEntry *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelInviteEntry, satchel_invite_entry_free)

/** Revokes every live invite of @name, retires the contact of that name, takes a member of that
 *  name off the newsroom, and signs the next newsroom card, which tells the intake.
 *  SATCHEL_PEOPLE_ERROR_NOT_LEAD, _NOT_FOUND. */
gboolean satchel_invite_book_revoke (SatchelVault *vault, const char *name, GError **error);

typedef enum {
  SATCHEL_INTRODUCTION_ACCEPTED, /* now a contact, invited (or verified already) */
  SATCHEL_INTRODUCTION_KNOWN,    /* the same introduction again */
  SATCHEL_INTRODUCTION_UNKNOWN,  /* no invite of this desk has that secret */
  SATCHEL_INTRODUCTION_REVOKED,  /* of an invite that was revoked */
  SATCHEL_INTRODUCTION_ALARM,    /* a second key for a used invite or a known name; recorded */
} SatchelIntroductionOutcome;

/** At the desk: whether @mac was made over the keys of @card with the secret of one of its invites.
 *  TRUE for every outcome; only ACCEPTED and KNOWN give @contact (nullable). */
gboolean satchel_invite_book_introduce (SatchelVault *vault,
                                        const SatchelCard *card,
                                        const guint8 mac[SATCHEL_INTRODUCTION_MAC_SIZE],
                                        SatchelIntroductionOutcome *outcome,
                                        SatchelContact **contact,
                                        GError **error);

/** At a member's that did not issue the invite: the same by the lead's token and a proof that its
 *  holder made the keys on @card. Outcomes as above; UNKNOWN for a token or proof that is none.
 *  SATCHEL_PEOPLE_ERROR_NO_NEWSROOM. */
gboolean satchel_invite_book_introduce_by_proof (SatchelVault *vault,
                                                 const SatchelCard *card,
                                                 const char *token_text,
                                                 const SatchelIntroductionProof *proof,
                                                 SatchelIntroductionOutcome *outcome,
                                                 SatchelContact **contact,
                                                 GError **error);

/** At the reporter's: admits the newsroom, keeps token and secret, and writes the newsroom on the
 *  own card. A new invite of the same newsroom replaces the token. SATCHEL_PAPERS_ERROR_EXPIRED,
 *  _REVOKED; SATCHEL_PEOPLE_ERROR_ALARM for another newsroom than the one joined. */
gboolean satchel_invite_book_join (SatchelVault *vault,
                                   const SatchelInvite *invite,
                                   GError **error);

/** The token to upload with. SATCHEL_PEOPLE_ERROR_NO_TOKEN. Expiry is the caller's to check. */
SatchelToken *satchel_invite_book_load_token (SatchelVault *vault, GError **error);

/** The MAC (for the desk) and the proof (for the other members) to put beside the own card in the
 *  introduction bundle. SATCHEL_PEOPLE_ERROR_NO_TOKEN. */
gboolean satchel_invite_book_make_introduction (SatchelVault *vault,
                                                guint8 mac[SATCHEL_INTRODUCTION_MAC_SIZE],
                                                SatchelIntroductionProof *proof,
                                                GError **error);

G_END_DECLS
