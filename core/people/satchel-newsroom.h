/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "papers/satchel-newsroom-card.h"
#include "people/satchel-people-error.h"
#include "vault/satchel-vault.h"

G_BEGIN_DECLS

/**
 * The newsroom that a vault belongs to; one at most. In the lead's vault it is made and changed; in
 * a member's or reporter's it is admitted: the lead's key is pinned with the first card, and from
 * then on only that key's cards with a higher number count.
 */
typedef struct {
  SatchelNewsroomCard *card;
  gboolean is_lead;  /* this vault signs it */
  gboolean is_stale; /* past its date by this machine's clock: say so, and go on using it */
  gint64 admitted_unix_us;
} SatchelNewsroom;

/** SATCHEL_PEOPLE_ERROR_NO_NEWSROOM, _DAMAGED. */
SatchelNewsroom *satchel_newsroom_load (SatchelVault *vault, GError **error);
void satchel_newsroom_free (SatchelNewsroom *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelNewsroom, satchel_newsroom_free)

/** Makes a newsroom led by this vault's identity, which becomes its first member. @intakes: of
 *  SatchelIntakeCard. @members: of SatchelCard, the other members (nullable); each becomes a
 *  contact. Returns the signed card. SATCHEL_PEOPLE_ERROR_EXISTS where the vault belongs to one,
 *  _ALARM where a member's card clashes with a known contact. */
SatchelNewsroomCard *satchel_newsroom_create (SatchelVault *vault,
                                              const char *name,
                                              GPtrArray *intakes,
                                              GPtrArray *members,
                                              GError **error);

/** What to change; NULL leaves as it is. */
typedef struct {
  const char *name;
  GPtrArray *intakes; /* of SatchelIntakeCard: all from now on */
  GPtrArray *add;     /* of SatchelCard */
  const char *remove; /* a member's name or contact id; not the lead */
  guint recovery_k;   /* 0 leaves as it is */
  guint recovery_n;
} SatchelNewsroomChange;

/** Signs the next number, valid for 90 days from now, with what @change (nullable) says and with
 *  all revoked tokens that have not expired. SATCHEL_PEOPLE_ERROR_NOT_LEAD, _NOT_FOUND, _ALARM. */
SatchelNewsroomCard *satchel_newsroom_update (SatchelVault *vault,
                                              const SatchelNewsroomChange *change,
                                              GError **error);

typedef enum {
  SATCHEL_NEWSROOM_PINNED,  /* the first card: compare the lead's safety words */
  SATCHEL_NEWSROOM_UPDATED, /* a higher number */
  SATCHEL_NEWSROOM_SAME,
  SATCHEL_NEWSROOM_OLDER, /* a lower number: ignored */
  SATCHEL_NEWSROOM_ALARM, /* another lead's, another card of the same number, or a first card whose
                             lead is known under other keys: recorded, nothing else changed */
} SatchelNewsroomOutcome;

/** Shows a newsroom card to the vault. Members become contacts (invited), those who are no longer
 *  on it are retired. A member who clashes with somebody known is an alarm of its own, and no
 *  contact. TRUE also for an alarm: look at @outcome. */
gboolean satchel_newsroom_admit (SatchelVault *vault,
                                 const SatchelNewsroomCard *card,
                                 SatchelNewsroomOutcome *outcome,
                                 GError **error);

/** The cards of all members but this vault's own identity: who a bundle is sealed to when nobody is
 *  named; without those whose keys are an alarm here. Of SatchelCard, owned.
 *  SATCHEL_PEOPLE_ERROR_NO_NEWSROOM, _NOT_FOUND where there is none. */
GPtrArray *satchel_newsroom_list_recipients (SatchelVault *vault, GError **error);

G_END_DECLS
