/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-newsroom.h"

#include <string.h>

#include "base/satchel-time.h"
#include "people/satchel-people-private.h"

#define LEAD_SIZE     (SATCHEL_MINISIGN_KEY_ID_SIZE + 32)
#define OBJECT_LENGTH 32
#define ALARM_LEAD    "a newsroom card of another lead than the one known"
#define ALARM_SAME    "another newsroom card of the number that is known"
#define NUMBER_LENGTH 24

char *
satchel_newsroom_dup_object (const SatchelMinisignKey *lead)
{
  g_autofree char *mailbox = satchel_mailbox_of_newsroom (lead);

  return g_strndup (mailbox, OBJECT_LENGTH);
}

static SatchelNewsroomCard *
read_card (SatchelStatement *statement, GError **error)
{
  gsize size = 0;
  const guint8 *pinned = satchel_statement_get_blob (statement, 0, &size);
  const char *text = satchel_statement_get_text (statement, 1);
  SatchelNewsroomCard *card = NULL;
  SatchelMinisignKey lead;

  if (pinned != NULL && size == LEAD_SIZE && text != NULL) {
    memcpy (lead.key_id, pinned, sizeof lead.key_id);
    memcpy (lead.ed25519, pinned + sizeof lead.key_id, sizeof lead.ed25519);
    card = satchel_newsroom_card_parse (text, -1, &lead, NULL);
  }
  if (card == NULL)
    satchel_people_set_damaged (error, "newsroom card");
  return card;
}

static void
fill_in (SatchelNewsroom *self, const SatchelCard *own)
{
  self->is_lead =
      own != NULL && satchel_minisign_key_equal (&own->keys.minisign, &self->card->lead);
  self->is_stale = satchel_newsroom_card_is_stale (self->card, satchel_now_us ());
}

/* NULL in *@newsroom where the vault belongs to none. */
static gboolean
peek (SatchelVault *vault, SatchelNewsroom **newsroom, GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault), "SELECT lead, card, admitted_us FROM newsroom", error);
  g_autoptr (SatchelNewsroom) self = NULL;
  g_autoptr (SatchelCard) own = NULL;
  gboolean has_row = FALSE;

  if (statement == NULL || !satchel_statement_step (statement, &has_row, error))
    return FALSE;
  if (has_row) {
    self = g_new0 (SatchelNewsroom, 1);
    self->card = read_card (statement, error);
    self->admitted_unix_us = satchel_statement_get_int (statement, 2);
    satchel_statement_reset (statement);
    if (self->card == NULL || !satchel_identity_peek_card (vault, &own, error))
      return FALSE;
    fill_in (self, own);
  }
  *newsroom = g_steal_pointer (&self);
  return TRUE;
}

SatchelNewsroom *
satchel_newsroom_load (SatchelVault *vault, GError **error)
{
  SatchelNewsroom *self = NULL;

  if (!peek (vault, &self, error))
    return NULL;
  if (self == NULL)
    g_set_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NO_NEWSROOM,
                 "this vault belongs to no newsroom yet");
  return self;
}

SatchelNewsroom *
satchel_newsroom_load_led (SatchelVault *vault, GError **error)
{
  g_autoptr (SatchelNewsroom) self = satchel_newsroom_load (vault, error);

  if (self == NULL)
    return NULL;
  if (!self->is_lead) {
    g_set_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NOT_LEAD,
                 "only the vault of the newsroom's lead can do this");
    return NULL;
  }
  return g_steal_pointer (&self);
}

void
satchel_newsroom_free (SatchelNewsroom *self)
{
  if (self == NULL)
    return;
  satchel_newsroom_card_free (self->card);
  g_free (self);
}

gboolean
satchel_newsroom_store (SatchelVault *vault,
                        const SatchelNewsroomCard *card,
                        SatchelAction action,
                        GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "INSERT INTO newsroom (id, lead, number, card, admitted_us) VALUES (1, ?1, ?2, ?3, ?4) "
      "ON CONFLICT (id) DO UPDATE SET number = ?2, card = ?3, admitted_us = ?4",
      error);
  g_autofree char *object = satchel_newsroom_dup_object (&card->lead);
  char number[NUMBER_LENGTH];
  guint8 lead[LEAD_SIZE];

  if (statement == NULL)
    return FALSE;
  memcpy (lead, card->lead.key_id, sizeof card->lead.key_id);
  memcpy (lead + sizeof card->lead.key_id, card->lead.ed25519, sizeof card->lead.ed25519);
  satchel_statement_bind_blob (statement, 1, lead, sizeof lead);
  satchel_statement_bind_int (statement, 2, (gint64) card->number);
  satchel_statement_bind_text (statement, 3, card->text);
  satchel_statement_bind_int (statement, 4, satchel_now_us ());
  g_snprintf (number, sizeof number, "%" G_GUINT64_FORMAT, card->number);
  return satchel_statement_run (statement, error) &&
         satchel_people_tell (vault, action, object, card->text, "number", number, error);
}

static gboolean
is_on_card (const SatchelNewsroomCard *card, const SatchelPublicKeys *keys)
{
  const SatchelCard *member = satchel_newsroom_card_find_by_minisign (card, &keys->minisign);

  return member != NULL && satchel_public_keys_equal (&member->keys, keys);
}

/* First those who left: a member with new keys may take over the old one's name. */
static gboolean
retire_the_gone (SatchelVault *vault, const SatchelNewsroomCard *card, GError **error)
{
  g_autoptr (GPtrArray) contacts = satchel_contact_list (vault, error);

  if (contacts == NULL)
    return FALSE;
  for (guint i = 0; i < contacts->len; i++) {
    SatchelContact *contact = g_ptr_array_index (contacts, i);
    if (contact->is_member && !is_on_card (card, &contact->card->keys) &&
        !satchel_contact_retire (vault, contact, error))
      return FALSE;
  }
  return TRUE;
}

/* A member who clashes with somebody known becomes an alarm and no recipient; the others count. */
static gboolean
welcome_members (SatchelVault *vault, const SatchelNewsroomCard *card, GError **error)
{
  const SatchelWelcome welcome = {.is_member = TRUE};
  g_autoptr (SatchelCard) own = NULL;

  if (!satchel_identity_peek_card (vault, &own, error))
    return FALSE;
  for (guint i = 0; i < card->members->len; i++) {
    const SatchelCard *member = g_ptr_array_index (card->members, i);
    SatchelContactOutcome outcome;

    if (own != NULL && satchel_public_keys_equal (&own->keys, &member->keys))
      continue;
    if (!satchel_contact_welcome (vault, member, &welcome, &outcome, NULL, error))
      return FALSE;
  }
  return TRUE;
}

static const SatchelCard *
get_lead_card (const SatchelNewsroomCard *card)
{
  return satchel_newsroom_card_find_by_minisign (card, &card->lead);
}

/* Whether the lead is somebody whose name or keys are known otherwise; nobody is, to himself. */
static gboolean
lead_clashes (SatchelVault *vault,
              const SatchelNewsroomCard *card,
              gboolean *clashes,
              GError **error)
{
  const SatchelCard *lead = get_lead_card (card);
  g_auto (SatchelSight) sight = {0};
  g_autoptr (SatchelCard) own = NULL;

  *clashes = FALSE;
  if (!satchel_identity_peek_card (vault, &own, error))
    return FALSE;
  if (own != NULL && satchel_public_keys_equal (&own->keys, &lead->keys))
    return TRUE;
  if (!satchel_contact_look (vault, lead, NULL, &sight, error))
    return FALSE;
  *clashes = sight.alarm != NULL;
  return sight.alarm == NULL ||
         satchel_contact_raise_alarm (vault, sight.clash, sight.alarm, lead, error);
}

static gboolean
pin (SatchelVault *vault,
     const SatchelNewsroomCard *card,
     SatchelNewsroomOutcome *outcome,
     GError **error)
{
  gboolean clashes = FALSE;

  if (!lead_clashes (vault, card, &clashes, error))
    return FALSE;
  *outcome = clashes ? SATCHEL_NEWSROOM_ALARM : SATCHEL_NEWSROOM_PINNED;
  return clashes || (welcome_members (vault, card, error) &&
                     satchel_newsroom_store (vault, card, SATCHEL_ACTION_TRUSTED, error));
}

static SatchelNewsroomOutcome
compare (const SatchelNewsroomCard *known, const SatchelNewsroomCard *card, const char **alarm)
{
  if (!satchel_minisign_key_equal (&known->lead, &card->lead)) {
    *alarm = ALARM_LEAD;
    return SATCHEL_NEWSROOM_ALARM;
  }
  if (card->number > known->number)
    return SATCHEL_NEWSROOM_UPDATED;
  if (card->number < known->number)
    return SATCHEL_NEWSROOM_OLDER;
  if (g_str_equal (known->text, card->text))
    return SATCHEL_NEWSROOM_SAME;
  *alarm = ALARM_SAME;
  return SATCHEL_NEWSROOM_ALARM;
}

static gboolean
admit_another (SatchelVault *vault,
               const SatchelNewsroomCard *known,
               const SatchelNewsroomCard *card,
               SatchelNewsroomOutcome *outcome,
               GError **error)
{
  const char *alarm = NULL;

  *outcome = compare (known, card, &alarm);
  if (*outcome == SATCHEL_NEWSROOM_ALARM)
    return satchel_contact_raise_alarm (vault, NULL, alarm, get_lead_card (card), error);
  if (*outcome != SATCHEL_NEWSROOM_UPDATED)
    return TRUE;
  return retire_the_gone (vault, card, error) && welcome_members (vault, card, error) &&
         satchel_newsroom_store (vault, card, SATCHEL_ACTION_TRUSTED, error);
}

gboolean
satchel_newsroom_admit (SatchelVault *vault,
                        const SatchelNewsroomCard *card,
                        SatchelNewsroomOutcome *outcome,
                        GError **error)
{
  g_autoptr (SatchelTransaction) transaction = NULL;
  g_autoptr (SatchelNewsroom) known = NULL;
  SatchelNewsroomOutcome became = SATCHEL_NEWSROOM_SAME;
  gboolean good;

  g_return_val_if_fail (card->text != NULL, FALSE);
  transaction = satchel_transaction_begin (satchel_vault_get_db (vault), error);
  if (transaction == NULL || !peek (vault, &known, error))
    return FALSE;
  good = known == NULL ? pin (vault, card, &became, error)
                       : admit_another (vault, known->card, card, &became, error);
  if (!good || !satchel_transaction_commit (transaction, error))
    return FALSE;
  *outcome = became;
  return TRUE;
}

/* Nobody whose keys are an alarm here, and not oneself. */
static gboolean
is_recipient (SatchelVault *vault, const SatchelCard *member, gboolean *is, GError **error)
{
  g_autoptr (SatchelContact) contact = NULL;

  if (!satchel_contact_store_load_by_key (vault, &member->keys, &contact, error))
    return FALSE;
  *is = contact != NULL && contact->state != SATCHEL_CONTACT_RETIRED &&
        satchel_public_keys_equal (&contact->card->keys, &member->keys);
  return TRUE;
}

GPtrArray *
satchel_newsroom_list_recipients (SatchelVault *vault, GError **error)
{
  g_autoptr (SatchelNewsroom) newsroom = satchel_newsroom_load (vault, error);
  g_autoptr (GPtrArray) cards =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_card_free);

  if (newsroom == NULL)
    return NULL;
  for (guint i = 0; i < newsroom->card->members->len; i++) {
    const SatchelCard *member = g_ptr_array_index (newsroom->card->members, i);
    gboolean is = FALSE;

    if (!is_recipient (vault, member, &is, error))
      return NULL;
    if (is)
      g_ptr_array_add (cards, satchel_card_copy (member));
  }
  if (cards->len == 0) {
    g_set_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NO_MEMBER,
                 "the newsroom has no other member to seal to");
    return NULL;
  }
  return g_steal_pointer (&cards);
}
