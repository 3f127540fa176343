/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "people/satchel-contact.h"
#include "people/satchel-invite-book.h"
#include "people/satchel-newsroom.h"
#include "session/satchel-session.h"

G_BEGIN_DECLS

/** What the pages of people ask of the vault: jobs for satchel_session_run_async(), each the same
 *  calls that satchelctl makes. Their inputs are freed with the job. */

/** Everybody, and what belongs to them. */
typedef struct {
  SatchelCard *card;         /* one's own */
  SatchelNewsroom *newsroom; /* NULL: none joined */
  GPtrArray *contacts;       /* of SatchelContact, by name */
  GPtrArray *alarms;         /* of SatchelContactAlarm, the newest first */
  GPtrArray *invites;        /* of SatchelInviteEntry, the newest first; empty unless lead */
} SatchelPeople;

void satchel_people_free (SatchelPeople *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelPeople, satchel_people_free)

gboolean satchel_people_is_lead (const SatchelPeople *self);

/** Borrowed; NULL where there is none, also for a NULL @id. */
const SatchelContact *satchel_people_find (const SatchelPeople *self, const char *id);

/** The invite that a contact used; NULL for none. */
const SatchelInviteEntry *
satchel_people_find_invite (const SatchelPeople *self, const char *contact_id);

/** Gives a SatchelPeople. */
SatchelSessionJob satchel_people_load_job (void);

/** What became of something that was taken in. After each, what strangers had sent is tried again:
 *  @opened of it were, and @retry_error (nullable) says why that did not go to its end. */
typedef enum {
  SATCHEL_TAKEN_VERIFIED,
  SATCHEL_TAKEN_CARD,
  SATCHEL_TAKEN_JOINING, /* an invite or a newsroom's card: nothing was taken yet, see ui/join */
} SatchelTakenWhat;

typedef struct {
  SatchelTakenWhat what;
  SatchelContactOutcome contact; /* meant with CARD */
  char *contact_id;              /* whose words are to be compared next; nullable */
  char *name;                    /* of the person, as it came; with JOINING the file's path */
  guint opened;
  GError *retry_error;
} SatchelTaken;

void satchel_taken_free (SatchelTaken *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelTaken, satchel_taken_free)

/** Marks a contact verified, where @words, as a person saw and compared them, are those of its
 *  keys. Gives a SatchelTaken. SATCHEL_PEOPLE_ERROR_WORDS. */
SatchelSessionJob satchel_people_verify_job (const char *contact_id, const char *words);

/** Takes in a paper from a file: a card, a newsroom card, or an invite. Gives a SatchelTaken, also
 *  for an alarm. SatchelBaseError, SatchelPapersError, SatchelPeopleError. */
SatchelSessionJob satchel_people_take_job (const char *path);

/** Issues an invite. @path: where it is written, mode 0600; NULL: nowhere. Gives its text as a
 *  char *, wiped by satchel_invite_wipe_text(). Where the file cannot be written there is no
 *  invite. */
SatchelSessionJob satchel_people_invite_job (const char *name, guint days, const char *path);

/** Revokes a contact by id, or the invites for a name. Gives a pointer that is not NULL. */
SatchelSessionJob satchel_people_revoke_job (const char *name_or_id);

/** Writes the own card to @path. Gives a pointer that is not NULL. */
SatchelSessionJob satchel_people_save_card_job (const char *path);

/** Signs the next newsroom card, for 90 days, and writes it to @path. Gives a pointer that is not
 *  NULL. SATCHEL_PEOPLE_ERROR_NOT_LEAD. */
SatchelSessionJob satchel_people_renew_job (const char *path);

G_END_DECLS
