/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "people/satchel-contact.h"
#include "people/satchel-identity.h"
#include "people/satchel-newsroom.h"
#include "records/satchel-ledger.h"

G_BEGIN_DECLS

/** A name as it is compared: NFKC, case folded, one space for any white space, without invisible
 *  characters; so that a look-alike is the same name. */
char *satchel_people_fold_name (const char *name);

/** Whether it may be the desk's own name for somebody. SATCHEL_PAPERS_ERROR_INVALID. */
gboolean satchel_people_check_name (const char *name, GError **error);

/** Appends to the ledger inside the open transaction: @hashed (nullable) is the text whose SHA-256
 *  is the object's hash; @key and @value (nullable) make up the detail. */
gboolean satchel_people_tell (SatchelVault *vault,
                              SatchelAction action,
                              const char *object,
                              const char *hashed,
                              const char *key,
                              const char *value,
                              GError **error);

/** A stored row that is not what was written. Returns FALSE. */
gboolean satchel_people_set_damaged (GError **error, const char *what);

/** A secret from a column, in guarded memory; NULL with _DAMAGED where its size is another. */
SatchelSecret *satchel_people_read_secret (SatchelStatement *statement,
                                           int column,
                                           gsize size_bytes,
                                           GError **error);

/** The own card, or NULL in *@card where the vault has no identity. */
gboolean satchel_identity_peek_card (SatchelVault *vault, SatchelCard **card, GError **error);

/** How long after its token's expiry an introduction by proof is opened, and how long a revoked
 *  token therefore stays on the newsroom card. */
#define SATCHEL_INTRODUCTION_GRACE_US ((gint64) 400 * 24 * 3600 * G_USEC_PER_SEC)

/** Rows of contacts. The open transaction is the caller's. */
gboolean
satchel_contact_store_insert (SatchelVault *vault, const SatchelContact *contact, GError **error);
gboolean
satchel_contact_store_update (SatchelVault *vault, const SatchelContact *contact, GError **error);
/** *@contact is NULL where there is none. */
gboolean satchel_contact_store_load (SatchelVault *vault,
                                     const char *id,
                                     SatchelContact **contact,
                                     GError **error);
gboolean satchel_contact_store_load_by_key (SatchelVault *vault,
                                            const SatchelPublicKeys *keys,
                                            SatchelContact **contact,
                                            GError **error);
/** Of SatchelContact: the live ones of that name, own or on the card. */
GPtrArray *
satchel_contact_store_list_by_name (SatchelVault *vault, const char *name, GError **error);
/** Reads all rows of a prepared SATCHEL_CONTACT_SELECT. */
GPtrArray *satchel_contact_store_read_all (SatchelStatement *statement, GError **error);
#define SATCHEL_CONTACT_SELECT                                                       \
  "SELECT id, name, state, is_member, card, return_mailbox, added_us, verified_us, " \
  "(SELECT count(*) FROM contact_alarm WHERE contact_alarm.contact_id = contact.id) FROM contact "

/** What a card is to this vault, before anything is changed. */
typedef struct {
  SatchelContact *known; /* has the same keys; NULL for nobody */
  SatchelContact *clash; /* whom it clashes with; NULL also where that is the owner */
  const char *alarm;     /* why it is an alarm; NULL for none */
} SatchelSight;

/** @desk_name: the name to be given to them, beside the card's; nullable.
 *  SATCHEL_PEOPLE_ERROR_EXISTS for the own card. */
gboolean satchel_contact_look (SatchelVault *vault,
                               const SatchelCard *card,
                               const char *desk_name,
                               SatchelSight *sight,
                               GError **error);
void satchel_sight_clear (SatchelSight *sight);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SatchelSight, satchel_sight_clear)

/** Records an alarm once, in table and ledger. @contact nullable. */
gboolean satchel_contact_raise_alarm (SatchelVault *vault,
                                      const SatchelContact *contact,
                                      const char *reason,
                                      const SatchelCard *card,
                                      GError **error);

/** Makes the person on a card a contact of at least state INVITED (a retired one again), as a
 *  member or as who used an invite. All of it inside the caller's transaction. */
typedef struct {
  gboolean is_member;         /* TRUE sets it; FALSE leaves as it is */
  const char *desk_name;      /* nullable */
  const char *return_mailbox; /* nullable: leaves as it is */
} SatchelWelcome;
gboolean satchel_contact_welcome (SatchelVault *vault,
                                  const SatchelCard *card,
                                  const SatchelWelcome *welcome,
                                  SatchelContactOutcome *outcome,
                                  SatchelContact **contact,
                                  GError **error);

/** Takes over a card of the same keys; the name follows unless the desk gave one. */
gboolean satchel_contact_take_over_card (SatchelVault *vault,
                                         SatchelContact *contact,
                                         const SatchelCard *card,
                                         GError **error);

/** Retires a contact, with an entry in the ledger. */
gboolean satchel_contact_retire (SatchelVault *vault, SatchelContact *contact, GError **error);

/** The newsroom in the ledger: the first 32 digits of its mailbox id. */
char *satchel_newsroom_dup_object (const SatchelMinisignKey *lead);

/** Writes the row and an entry in the ledger. */
gboolean satchel_newsroom_store (SatchelVault *vault,
                                 const SatchelNewsroomCard *card,
                                 SatchelAction action,
                                 GError **error);

/** The newsroom of a vault that leads it. SATCHEL_PEOPLE_ERROR_NO_NEWSROOM, _NOT_LEAD. */
SatchelNewsroom *satchel_newsroom_load_led (SatchelVault *vault, GError **error);

/** An update with one member, by contact id, taken off whom the caller has retired already. */
SatchelNewsroomCard *satchel_newsroom_sign_next (SatchelVault *vault,
                                                 const SatchelNewsroomChange *change,
                                                 const SatchelPublicKeys *without,
                                                 GError **error);

G_END_DECLS
