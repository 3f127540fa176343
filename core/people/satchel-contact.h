/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "papers/satchel-card.h"
#include "people/satchel-people-error.h"
#include "vault/satchel-vault.h"

G_BEGIN_DECLS

/**
 * People known to this vault. The first keys seen under a name stay: a card with other keys for the
 * same name, or that shares one key with somebody else, is kept as an alarm beside the contact,
 * said in the ledger, and trusted for nothing.
 *
 * UNKNOWN: a card that somebody handed over. INVITED: introduced by an invite of this desk, or a
 * member of the newsroom by its lead's signature; safety words not compared. VERIFIED: compared by
 * voice. RETIRED: revoked, or no member any more; kept so that what they signed can be checked.
 */
typedef enum {
  SATCHEL_CONTACT_UNKNOWN = 0,
  SATCHEL_CONTACT_INVITED = 1,
  SATCHEL_CONTACT_VERIFIED = 2,
  SATCHEL_CONTACT_RETIRED = 3,
} SatchelContactState;

/** "unknown", "invited", "verified", "retired". */
const char *satchel_contact_state_to_text (SatchelContactState state);

typedef struct {
  char *id;   /* 32 hex digits */
  char *name; /* the desk's own name for them, else the card's; filter for display */
  SatchelContactState state;
  gboolean is_member; /* of the newsroom, by its newest card */
  SatchelCard *card;
  char *return_mailbox; /* where mail for them goes: of the invite's token; NULL without one */
  gint64 added_unix_us;
  gint64 verified_unix_us; /* 0 for never */
  guint alarms;            /* other keys seen */
} SatchelContact;

/** What became of a card that was shown. */
typedef enum {
  SATCHEL_CONTACT_ADDED,
  SATCHEL_CONTACT_KNOWN, /* same keys; a newer name or newsroom on the card was taken over */
  SATCHEL_CONTACT_ALARM, /* recorded; nothing else changed */
} SatchelContactOutcome;

/** Shows a card to the vault. TRUE also for an alarm, which is committed with the caller's
 *  transaction or its own: look at @outcome. @contact (nullable) gets the contact, at an alarm the
 *  one that was there first. The own card is SATCHEL_PEOPLE_ERROR_EXISTS. */
gboolean satchel_contact_add (SatchelVault *vault,
                              const SatchelCard *card,
                              SatchelContactOutcome *outcome,
                              SatchelContact **contact,
                              GError **error);

/** Marks a contact verified where @words are the safety words of its keys.
 *  SATCHEL_PEOPLE_ERROR_WORDS otherwise, _NOT_FOUND; a retired contact is _NOT_FOUND too. */
gboolean satchel_contact_verify (SatchelVault *vault,
                                 const char *id,
                                 const char *words,
                                 GError **error);

/** All, by name. Of SatchelContact, owned. */
GPtrArray *satchel_contact_list (SatchelVault *vault, GError **error);

/** One by name (as the desk calls them or as on the card, case folded) or by a prefix of the id of
 *  at least 4 digits; the retired only by id. SATCHEL_PEOPLE_ERROR_NOT_FOUND, _AMBIGUOUS. */
SatchelContact *satchel_contact_find (SatchelVault *vault, const char *name_or_id, GError **error);

/** One by key, whatever its state. SATCHEL_PEOPLE_ERROR_NOT_FOUND. */
SatchelContact *satchel_contact_find_by_minisign (SatchelVault *vault,
                                                  const SatchelMinisignKey *key,
                                                  GError **error);
SatchelContact *satchel_contact_find_by_age (SatchelVault *vault,
                                             const SatchelAgeRecipient *recipient,
                                             GError **error);

/** Whether bundles from them are taken in: invited, verified or a member; not unknown or retired.
 * */
gboolean satchel_contact_may_send (const SatchelContact *self);

/** An alarm: the other card, and why it is one. */
typedef struct {
  char *contact_id; /* NULL where it is about the owner or the newsroom */
  char *reason;     /* in English */
  SatchelCard *card;
  gint64 seen_unix_us;
} SatchelContactAlarm;

/** All alarms, the newest first. Of SatchelContactAlarm, owned. */
GPtrArray *satchel_contact_list_alarms (SatchelVault *vault, GError **error);
void satchel_contact_alarm_free (SatchelContactAlarm *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelContactAlarm, satchel_contact_alarm_free)

void satchel_contact_free (SatchelContact *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelContact, satchel_contact_free)

G_END_DECLS
