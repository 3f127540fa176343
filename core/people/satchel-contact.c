/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-contact.h"

#include <string.h>

#include "base/satchel-text.h"
#include "base/satchel-time.h"
#include "people/satchel-people-private.h"
#include "secret/satchel-words.h"

#define PREFIX_MIN 4
#define ID_LENGTH  32

#define ALARM_OWNER_KEY "a card that shares a key with the owner of this vault"
#define ALARM_KEY       "a card that shares a key with somebody else"
#define ALARM_NAME      "other keys under a name that is known"

void
satchel_sight_clear (SatchelSight *sight)
{
  g_clear_pointer (&sight->known, satchel_contact_free);
  g_clear_pointer (&sight->clash, satchel_contact_free);
}

static gboolean
look_at_owner (SatchelVault *vault, const SatchelCard *card, SatchelSight *sight, GError **error)
{
  g_autoptr (SatchelCard) own = NULL;

  if (!satchel_identity_peek_card (vault, &own, error))
    return FALSE;
  if (own == NULL || !satchel_public_keys_overlap (&own->keys, &card->keys))
    return TRUE;
  if (satchel_public_keys_equal (&own->keys, &card->keys)) {
    g_set_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_EXISTS,
                 "this is the own card of this vault");
    return FALSE;
  }
  sight->alarm = ALARM_OWNER_KEY;
  return TRUE;
}

static gboolean
look_by_key (SatchelVault *vault, const SatchelCard *card, SatchelSight *sight, GError **error)
{
  g_autoptr (SatchelContact) found = NULL;

  if (!satchel_contact_store_load_by_key (vault, &card->keys, &found, error))
    return FALSE;
  if (found == NULL)
    return TRUE;
  if (satchel_public_keys_equal (&found->card->keys, &card->keys)) {
    sight->known = g_steal_pointer (&found);
    return TRUE;
  }
  sight->clash = g_steal_pointer (&found);
  sight->alarm = ALARM_KEY;
  return TRUE;
}

static gboolean
look_by_name (SatchelVault *vault, const char *name, SatchelSight *sight, GError **error)
{
  g_autoptr (GPtrArray) named = satchel_contact_store_list_by_name (vault, name, error);

  if (named == NULL)
    return FALSE;
  for (guint i = 0; i < named->len && sight->alarm == NULL; i++) {
    SatchelContact *contact = g_ptr_array_index (named, i);
    if (sight->known != NULL && g_str_equal (contact->id, sight->known->id))
      continue;
    sight->clash = g_ptr_array_steal_index (named, i);
    sight->alarm = ALARM_NAME;
  }
  return TRUE;
}

gboolean
satchel_contact_look (SatchelVault *vault,
                      const SatchelCard *card,
                      const char *desk_name,
                      SatchelSight *sight,
                      GError **error)
{
  if (!look_at_owner (vault, card, sight, error))
    return FALSE;
  if (sight->alarm != NULL)
    return TRUE;
  if (!look_by_key (vault, card, sight, error))
    return FALSE;
  if (sight->alarm == NULL && !look_by_name (vault, card->name, sight, error))
    return FALSE;
  if (sight->alarm == NULL && desk_name != NULL &&
      !look_by_name (vault, desk_name, sight, error))
    return FALSE;
  return TRUE;
}

gboolean
satchel_contact_take_over_card (SatchelVault *vault,
                                SatchelContact *contact,
                                const SatchelCard *card,
                                GError **error)
{
  if (g_str_equal (contact->card->text, card->text))
    return TRUE;
  if (g_str_equal (contact->name, contact->card->name)) {
    g_free (contact->name);
    contact->name = g_strdup (card->name);
  }
  satchel_card_free (contact->card);
  contact->card = satchel_card_copy (card);
  return satchel_contact_store_update (vault, contact, error);
}

static SatchelContact *
make_contact (const SatchelCard *card, const char *desk_name)
{
  SatchelContact *contact = g_new0 (SatchelContact, 1);

  contact->id = satchel_random_id ();
  contact->name = g_strdup (desk_name != NULL ? desk_name : card->name);
  contact->card = satchel_card_copy (card);
  contact->added_unix_us = satchel_now_us ();
  return contact;
}

static gboolean
tell_state (SatchelVault *vault, const SatchelContact *contact, GError **error)
{
  SatchelAction action = contact->state == SATCHEL_CONTACT_RETIRED ? SATCHEL_ACTION_REVOKED
                                                                   : SATCHEL_ACTION_TRUSTED;

  return satchel_people_tell (vault, action, contact->id, contact->card->text, "state",
                              satchel_contact_state_to_text (contact->state), error);
}

/* A retired contact is kept as it was: its card is evidence of who signed. */
static gboolean
add_seen (SatchelVault *vault,
          const SatchelCard *card,
          SatchelSight *sight,
          SatchelContactOutcome *outcome,
          GError **error)
{
  if (sight->known != NULL && sight->known->state == SATCHEL_CONTACT_RETIRED) {
    *outcome = SATCHEL_CONTACT_KNOWN;
    return TRUE;
  }
  if (sight->alarm != NULL) {
    *outcome = SATCHEL_CONTACT_ALARM;
    return satchel_contact_raise_alarm (vault, sight->clash, sight->alarm, card, error);
  }
  if (sight->known != NULL) {
    *outcome = SATCHEL_CONTACT_KNOWN;
    return satchel_contact_take_over_card (vault, sight->known, card, error);
  }
  *outcome = SATCHEL_CONTACT_ADDED;
  sight->known = make_contact (card, NULL);
  return satchel_contact_store_insert (vault, sight->known, error) &&
         tell_state (vault, sight->known, error);
}

/* After an alarm the one that was there first; fresh from the store, with its alarms counted. */
static gboolean
reload (SatchelVault *vault, const SatchelContact *seen, SatchelContact **contact, GError **error)
{
  *contact = NULL;
  return seen == NULL || satchel_contact_store_load (vault, seen->id, contact, error);
}

gboolean
satchel_contact_add (SatchelVault *vault,
                     const SatchelCard *card,
                     SatchelContactOutcome *outcome,
                     SatchelContact **contact,
                     GError **error)
{
  g_auto (SatchelSight) sight = {0};
  g_autoptr (SatchelContact) found = NULL;
  g_autoptr (SatchelTransaction) transaction = NULL;
  SatchelContactOutcome became = SATCHEL_CONTACT_ADDED;

  transaction = satchel_transaction_begin (satchel_vault_get_db (vault), error);
  if (transaction == NULL || !satchel_contact_look (vault, card, NULL, &sight, error) ||
      !add_seen (vault, card, &sight, &became, error) ||
      !reload (vault, became == SATCHEL_CONTACT_ALARM ? sight.clash : sight.known, &found,
               error) ||
      !satchel_transaction_commit (transaction, error))
    return FALSE;
  *outcome = became;
  if (contact != NULL)
    *contact = g_steal_pointer (&found);
  return TRUE;
}

static void
change_for_welcome (SatchelContact *contact, const SatchelWelcome *welcome)
{
  if (contact->state == SATCHEL_CONTACT_UNKNOWN || contact->state == SATCHEL_CONTACT_RETIRED)
    contact->state = SATCHEL_CONTACT_INVITED;
  if (welcome->is_member)
    contact->is_member = TRUE;
  if (welcome->desk_name != NULL) {
    g_free (contact->name);
    contact->name = g_strdup (welcome->desk_name);
  }
  if (welcome->return_mailbox != NULL) {
    g_free (contact->return_mailbox);
    contact->return_mailbox = g_strdup (welcome->return_mailbox);
  }
}

static gboolean
welcome_known (SatchelVault *vault,
               SatchelContact *contact,
               const SatchelCard *card,
               const SatchelWelcome *welcome,
               GError **error)
{
  SatchelContactState before = contact->state;
  gboolean was_member = contact->is_member;

  if (!satchel_contact_take_over_card (vault, contact, card, error))
    return FALSE;
  change_for_welcome (contact, welcome);
  if (before == SATCHEL_CONTACT_RETIRED)
    contact->verified_unix_us = 0; /* the words are compared anew */
  return satchel_contact_store_update (vault, contact, error) &&
         ((before == contact->state && was_member == contact->is_member) ||
          tell_state (vault, contact, error));
}

gboolean
satchel_contact_welcome (SatchelVault *vault,
                         const SatchelCard *card,
                         const SatchelWelcome *welcome,
                         SatchelContactOutcome *outcome,
                         SatchelContact **contact,
                         GError **error)
{
  g_auto (SatchelSight) sight = {0};
  SatchelContactOutcome became = SATCHEL_CONTACT_KNOWN;

  if (!satchel_contact_look (vault, card, welcome->desk_name, &sight, error))
    return FALSE;
  if (sight.alarm != NULL) {
    became = SATCHEL_CONTACT_ALARM;
    if (!satchel_contact_raise_alarm (vault, sight.clash, sight.alarm, card, error))
      return FALSE;
  } else if (sight.known != NULL) {
    if (!welcome_known (vault, sight.known, card, welcome, error))
      return FALSE;
  } else {
    became = SATCHEL_CONTACT_ADDED;
    sight.known = make_contact (card, welcome->desk_name);
    change_for_welcome (sight.known, welcome);
    if (!satchel_contact_store_insert (vault, sight.known, error) ||
        !tell_state (vault, sight.known, error))
      return FALSE;
  }
  *outcome = became;
  if (contact != NULL)
    *contact = became == SATCHEL_CONTACT_ALARM ? g_steal_pointer (&sight.clash)
                                               : g_steal_pointer (&sight.known);
  return TRUE;
}

gboolean
satchel_contact_retire (SatchelVault *vault, SatchelContact *contact, GError **error)
{
  contact->state = SATCHEL_CONTACT_RETIRED;
  contact->is_member = FALSE;
  return satchel_contact_store_update (vault, contact, error) && tell_state (vault, contact, error);
}

static gboolean
set_not_found (GError **error, const char *what)
{
  g_set_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NOT_FOUND,
               "there is no contact of that %s", what);
  return FALSE;
}

gboolean
satchel_contact_verify (SatchelVault *vault, const char *id, const char *words, GError **error)
{
  g_autoptr (SatchelTransaction) transaction = NULL;
  g_autoptr (SatchelContact) contact = NULL;
  g_autofree char *expected = NULL;

  transaction = satchel_transaction_begin (satchel_vault_get_db (vault), error);
  if (transaction == NULL || !satchel_contact_store_load (vault, id, &contact, error))
    return FALSE;
  if (contact == NULL || contact->state == SATCHEL_CONTACT_RETIRED)
    return set_not_found (error, "id");
  expected = satchel_public_keys_dup_safety_words (&contact->card->keys);
  if (!satchel_words_equal (words, expected)) {
    g_set_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_WORDS,
                 "these are not the safety words of that card");
    return FALSE;
  }
  if (contact->state == SATCHEL_CONTACT_VERIFIED)
    return TRUE;
  contact->state = SATCHEL_CONTACT_VERIFIED;
  contact->verified_unix_us = satchel_now_us ();
  return satchel_contact_store_update (vault, contact, error) &&
         tell_state (vault, contact, error) && satchel_transaction_commit (transaction, error);
}

GPtrArray *
satchel_contact_list (SatchelVault *vault, GError **error)
{
  SatchelStatement *statement =
      satchel_db_prepare (satchel_vault_get_db (vault),
                          SATCHEL_CONTACT_SELECT "ORDER BY folded_name, added_us, id", error);

  return statement != NULL ? satchel_contact_store_read_all (statement, error) : NULL;
}

static gboolean
is_id_prefix (const char *text)
{
  gsize length = strlen (text);

  return length >= PREFIX_MIN && length <= ID_LENGTH &&
         text[strspn (text, "0123456789abcdef")] == '\0';
}

static GPtrArray *
list_by_prefix (SatchelVault *vault, const char *prefix, GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      SATCHEL_CONTACT_SELECT "WHERE substr (id, 1, length (?1)) = ?1 ORDER BY id", error);

  if (statement == NULL)
    return NULL;
  satchel_statement_bind_text (statement, 1, prefix);
  return satchel_contact_store_read_all (statement, error);
}

SatchelContact *
satchel_contact_find (SatchelVault *vault, const char *name_or_id, GError **error)
{
  g_autofree char *prefix = g_ascii_strdown (name_or_id, -1);
  g_autoptr (GPtrArray) found = satchel_contact_store_list_by_name (vault, name_or_id, error);

  if (found != NULL && found->len == 0 && is_id_prefix (prefix)) {
    g_ptr_array_unref (found);
    found = list_by_prefix (vault, prefix, error);
  }
  if (found == NULL)
    return NULL;
  if (found->len == 0) {
    set_not_found (error, "name or id");
    return NULL;
  }
  if (found->len > 1) {
    g_set_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_AMBIGUOUS,
                 "%u contacts fit: write more of the id", found->len);
    return NULL;
  }
  return g_ptr_array_steal_index (found, 0);
}

/* @sql: a literal with one key as its parameter; keys are unique. */
static SatchelContact *
find_by_key (SatchelVault *vault, const char *sql, const guint8 key[32], GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (satchel_vault_get_db (vault), sql, error);
  g_autoptr (GPtrArray) found = NULL;

  if (statement == NULL)
    return NULL;
  satchel_statement_bind_blob (statement, 1, key, 32);
  found = satchel_contact_store_read_all (statement, error);
  if (found != NULL && found->len == 0)
    set_not_found (error, "key");
  return found != NULL && found->len > 0 ? g_ptr_array_steal_index (found, 0) : NULL;
}

SatchelContact *
satchel_contact_find_by_minisign (SatchelVault *vault,
                                  const SatchelMinisignKey *key,
                                  GError **error)
{
  g_autoptr (SatchelContact) contact =
      find_by_key (vault, SATCHEL_CONTACT_SELECT "WHERE minisign = ?1", key->ed25519, error);

  if (contact == NULL)
    return NULL;
  if (!satchel_minisign_key_equal (&contact->card->keys.minisign, key)) {
    set_not_found (error, "key");
    return NULL;
  }
  return g_steal_pointer (&contact);
}

SatchelContact *
satchel_contact_find_by_age (SatchelVault *vault,
                             const SatchelAgeRecipient *recipient,
                             GError **error)
{
  return find_by_key (vault, SATCHEL_CONTACT_SELECT "WHERE age = ?1", recipient->bytes, error);
}

gboolean
satchel_contact_may_send (const SatchelContact *self)
{
  return self->state == SATCHEL_CONTACT_INVITED || self->state == SATCHEL_CONTACT_VERIFIED ||
         (self->is_member && self->state != SATCHEL_CONTACT_RETIRED);
}
