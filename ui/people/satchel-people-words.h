/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "people/satchel-contact.h"
#include "people/satchel-invite-book.h"

G_BEGIN_DECLS

/** People in words: what is known of somebody, and how. Results of dup functions are the caller's,
 *  the others borrowed. Names come out fit to be shown. */

/** "Reporter", "Editor", "Lawyer". */
const char *satchel_people_role_words (SatchelRole role);

/** A contact's name, a card's name. */
char *satchel_people_dup_name (const char *name);

/** The state in two or three words, and the symbol beside them. */
const char *satchel_people_state_words (const SatchelContact *contact);
const char *satchel_people_state_icon (const SatchelContact *contact);

/** "Editor · Verified". */
char *satchel_people_dup_summary (const SatchelContact *contact);

/** How the key became as trusted as it is, in a sentence or two. @newsroom: its name; nullable.
 *  @was_invited: an invite of this vault was used by them. */
char *satchel_people_dup_trust (const SatchelContact *contact,
                                const char *newsroom,
                                gboolean was_invited);

/** What an alarm is about, in a sentence. @contact: who was there first; NULL where it is about the
 *  owner or the newsroom. */
char *satchel_people_dup_alarm (const SatchelContactAlarm *alarm, const SatchelContact *contact);

/** What has become of an invite. */
typedef enum {
  SATCHEL_INVITE_WAITING, /* nobody has used it yet */
  SATCHEL_INVITE_USED,    /* and its token is good to send with */
  SATCHEL_INVITE_SPENT,   /* used, and past its date: its holder cannot send any more */
  SATCHEL_INVITE_EXPIRED, /* past its date before anybody used it */
  SATCHEL_INVITE_REVOKED,
} SatchelInviteState;

SatchelInviteState satchel_people_invite_state (const SatchelInviteEntry *entry, gint64 now_us);

/** The state in a sentence. @user: the name of who used it; nullable. */
char *
satchel_people_dup_invite (const SatchelInviteEntry *entry, const char *user, gint64 now_us);
const char *satchel_people_invite_icon (SatchelInviteState state);

G_END_DECLS
