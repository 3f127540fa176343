/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-people-private.h"

#include <string.h>

enum {
  COLUMN_ID,
  COLUMN_NAME,
  COLUMN_STATE,
  COLUMN_IS_MEMBER,
  COLUMN_CARD,
  COLUMN_RETURN_MAILBOX,
  COLUMN_ADDED,
  COLUMN_VERIFIED,
  COLUMN_ALARMS,
};

static const char *const STATES[] = {"unknown", "invited", "verified", "retired"};

const char *
satchel_contact_state_to_text (SatchelContactState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (STATES), NULL);
  return STATES[state];
}

static SatchelContact *
read_contact (SatchelStatement *statement, GError **error)
{
  g_autoptr (SatchelContact) self = g_new0 (SatchelContact, 1);
  const char *card = satchel_statement_get_text (statement, COLUMN_CARD);

  self->card = card != NULL ? satchel_card_parse (card, -1, NULL) : NULL;
  if (self->card == NULL) {
    satchel_people_set_damaged (error, "contact");
    return NULL;
  }
  self->id = g_strdup (satchel_statement_get_text (statement, COLUMN_ID));
  self->name = g_strdup (satchel_statement_get_text (statement, COLUMN_NAME));
  self->state = (SatchelContactState) satchel_statement_get_int (statement, COLUMN_STATE);
  self->is_member = satchel_statement_get_int (statement, COLUMN_IS_MEMBER) != 0;
  self->return_mailbox = g_strdup (satchel_statement_get_text (statement, COLUMN_RETURN_MAILBOX));
  self->added_unix_us = satchel_statement_get_int (statement, COLUMN_ADDED);
  self->verified_unix_us = satchel_statement_get_int (statement, COLUMN_VERIFIED);
  self->alarms = (guint) satchel_statement_get_int (statement, COLUMN_ALARMS);
  return g_steal_pointer (&self);
}

GPtrArray *
satchel_contact_store_read_all (SatchelStatement *statement, GError **error)
{
  g_autoptr (GPtrArray) all =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_contact_free);
  gboolean has_row = TRUE;

  while (has_row) {
    if (!satchel_statement_step (statement, &has_row, error))
      return NULL;
    if (!has_row)
      break;
    SatchelContact *contact = read_contact (statement, error);
    if (contact == NULL) {
      satchel_statement_reset (statement);
      return NULL;
    }
    g_ptr_array_add (all, contact);
  }
  return g_steal_pointer (&all);
}

/* The first of them, or NULL in *@contact. */
static gboolean
read_one (SatchelStatement *statement, SatchelContact **contact, GError **error)
{
  g_autoptr (GPtrArray) all = satchel_contact_store_read_all (statement, error);

  if (all == NULL)
    return FALSE;
  *contact = all->len > 0 ? g_ptr_array_steal_index (all, 0) : NULL;
  return TRUE;
}

gboolean
satchel_contact_store_load (SatchelVault *vault,
                            const char *id,
                            SatchelContact **contact,
                            GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault), SATCHEL_CONTACT_SELECT "WHERE id = ?1", error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, id);
  return read_one (statement, contact, error);
}

static void
bind_keys (SatchelStatement *statement, int first, const SatchelPublicKeys *keys)
{
  satchel_statement_bind_blob (statement, first, keys->age.bytes, sizeof keys->age.bytes);
  satchel_statement_bind_blob (statement, first + 1, keys->minisign.ed25519,
                               sizeof keys->minisign.ed25519);
  satchel_statement_bind_blob (statement, first + 2, keys->access, sizeof keys->access);
}

gboolean
satchel_contact_store_load_by_key (SatchelVault *vault,
                                   const SatchelPublicKeys *keys,
                                   SatchelContact **contact,
                                   GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      SATCHEL_CONTACT_SELECT "WHERE age = ?1 OR minisign = ?2 OR access = ?3 ORDER BY added_us",
      error);

  if (statement == NULL)
    return FALSE;
  bind_keys (statement, 1, keys);
  return read_one (statement, contact, error);
}

GPtrArray *
satchel_contact_store_list_by_name (SatchelVault *vault, const char *name, GError **error)
{
  g_autofree char *folded = satchel_people_fold_name (name);
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      SATCHEL_CONTACT_SELECT
      "WHERE state <> 3 AND (folded_name = ?1 OR folded_card_name = ?1) ORDER BY added_us",
      error);

  if (statement == NULL)
    return NULL;
  satchel_statement_bind_text (statement, 1, folded);
  return satchel_contact_store_read_all (statement, error);
}

/* What an update may change, from ?2 on; ?1 is the id. */
static void
bind_changeable (SatchelStatement *statement, const SatchelContact *contact)
{
  g_autofree char *name = satchel_people_fold_name (contact->name);
  g_autofree char *card_name = satchel_people_fold_name (contact->card->name);

  satchel_statement_bind_text (statement, 1, contact->id);
  satchel_statement_bind_text (statement, 2, contact->name);
  satchel_statement_bind_text (statement, 3, name);
  satchel_statement_bind_text (statement, 4, card_name);
  satchel_statement_bind_int (statement, 5, contact->state);
  satchel_statement_bind_int (statement, 6, contact->is_member ? 1 : 0);
  satchel_statement_bind_text (statement, 7, contact->card->text);
  satchel_statement_bind_text (statement, 8, contact->return_mailbox);
  satchel_statement_bind_int (statement, 9, contact->verified_unix_us);
}

gboolean
satchel_contact_store_insert (SatchelVault *vault, const SatchelContact *contact, GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "INSERT INTO contact (id, name, folded_name, folded_card_name, state, is_member, card, "
      "return_mailbox, verified_us, added_us, age, minisign, access) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
      error);

  if (statement == NULL)
    return FALSE;
  bind_changeable (statement, contact);
  satchel_statement_bind_int (statement, 10, contact->added_unix_us);
  bind_keys (statement, 11, &contact->card->keys);
  return satchel_statement_run (statement, error);
}

gboolean
satchel_contact_store_update (SatchelVault *vault, const SatchelContact *contact, GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "UPDATE contact SET name = ?2, folded_name = ?3, folded_card_name = ?4, state = ?5, "
      "is_member = ?6, card = ?7, return_mailbox = ?8, verified_us = ?9 WHERE id = ?1",
      error);

  if (statement == NULL)
    return FALSE;
  bind_changeable (statement, contact);
  return satchel_statement_run (statement, error);
}

void
satchel_contact_free (SatchelContact *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->name);
  satchel_card_free (self->card);
  g_free (self->return_mailbox);
  g_free (self);
}
