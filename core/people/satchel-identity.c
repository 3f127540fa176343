/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-identity.h"

#include <string.h>

#include "base/satchel-time.h"
#include "people/satchel-people-private.h"

#define AGE_SIZE      32
#define MINISIGN_SIZE 72
#define ACCESS_SIZE   64

static gboolean
set_no_identity (GError **error)
{
  g_set_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NO_IDENTITY,
               "this vault has no identity yet");
  return FALSE;
}

static gboolean
get_public_keys (const SatchelIdentity *self, SatchelPublicKeys *keys, GError **error)
{
  memset (keys, 0, sizeof *keys);
  if (!satchel_age_identity_get_recipient (self->age, &keys->age, error))
    return FALSE;
  satchel_minisign_pair_get_key (self->minisign, &keys->minisign);
  satchel_access_key_get_public (self->access, keys->access);
  return TRUE;
}

static SatchelIdentity *
make_identity (const char *name, SatchelRole role, GError **error)
{
  g_autoptr (SatchelIdentity) self = g_new0 (SatchelIdentity, 1);
  SatchelPublicKeys keys;

  if ((self->age = satchel_age_identity_new (error)) == NULL ||
      (self->minisign = satchel_minisign_pair_new (error)) == NULL ||
      (self->access = satchel_access_key_new (error)) == NULL ||
      !get_public_keys (self, &keys, error))
    return NULL;
  self->card = satchel_card_sign (name, role, &keys, NULL, self->minisign, error);
  return self->card != NULL ? g_steal_pointer (&self) : NULL;
}

static void
bind_secret (SatchelStatement *statement, int index, SatchelSecret *secret)
{
  satchel_statement_bind_blob (statement, index, satchel_secret_get_data (secret),
                               satchel_secret_get_size (secret));
}

static gboolean
insert_identity (SatchelVault *vault, const SatchelIdentity *identity, GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "INSERT INTO identity (id, age, minisign, access, card, created_us) "
      "VALUES (1, ?1, ?2, ?3, ?4, ?5)",
      error);

  if (statement == NULL)
    return FALSE;
  bind_secret (statement, 1, identity->age);
  bind_secret (statement, 2, identity->minisign);
  bind_secret (statement, 3, identity->access);
  satchel_statement_bind_text (statement, 4, identity->card->text);
  satchel_statement_bind_int (statement, 5, satchel_now_us ());
  return satchel_statement_run (statement, error);
}

static gboolean
set_settings (SatchelVault *vault, const SatchelCard *card, GError **error)
{
  g_autofree char *actor = satchel_minisign_key_format (&card->keys.minisign);

  return satchel_vault_set_setting (vault, "name", card->name, error) &&
         satchel_vault_set_setting (vault, "role", satchel_role_to_text (card->role), error) &&
         satchel_vault_set_setting (vault, "actor", actor, error);
}

gboolean
satchel_identity_create (SatchelVault *vault, const char *name, SatchelRole role, GError **error)
{
  g_autoptr (SatchelTransaction) transaction = NULL;
  g_autoptr (SatchelIdentity) identity = NULL;
  g_autoptr (SatchelCard) present = NULL;

  transaction = satchel_transaction_begin (satchel_vault_get_db (vault), error);
  if (transaction == NULL || !satchel_identity_peek_card (vault, &present, error))
    return FALSE;
  if (present != NULL) {
    g_set_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_EXISTS,
                 "this vault has an identity already");
    return FALSE;
  }
  identity = make_identity (name, role, error);
  return identity != NULL && insert_identity (vault, identity, error) &&
         set_settings (vault, identity->card, error) &&
         satchel_people_tell (vault, SATCHEL_ACTION_IDENTITY_CREATED, satchel_vault_get_id (vault),
                              identity->card->text, NULL, NULL, error) &&
         satchel_transaction_commit (transaction, error);
}

static SatchelCard *
read_card (SatchelStatement *statement, int column, GError **error)
{
  const char *text = satchel_statement_get_text (statement, column);
  SatchelCard *card = text != NULL ? satchel_card_parse (text, -1, NULL) : NULL;

  if (card == NULL)
    satchel_people_set_damaged (error, "own card");
  return card;
}

gboolean
satchel_identity_peek_card (SatchelVault *vault, SatchelCard **card, GError **error)
{
  SatchelStatement *statement =
      satchel_db_prepare (satchel_vault_get_db (vault), "SELECT card FROM identity", error);
  SatchelCard *found = NULL;
  gboolean has_row = FALSE;

  if (statement == NULL || !satchel_statement_step (statement, &has_row, error))
    return FALSE;
  if (has_row)
    found = read_card (statement, 0, error);
  satchel_statement_reset (statement);
  if (has_row && found == NULL)
    return FALSE;
  *card = found;
  return TRUE;
}

SatchelCard *
satchel_identity_load_card (SatchelVault *vault, GError **error)
{
  SatchelCard *card = NULL;

  if (!satchel_identity_peek_card (vault, &card, error))
    return NULL;
  if (card == NULL)
    set_no_identity (error);
  return card;
}

/* Secrets that are not those of the card would seal and sign for nobody. */
static gboolean
check_pairs (const SatchelIdentity *self, GError **error)
{
  SatchelPublicKeys keys;

  if (!get_public_keys (self, &keys, NULL) ||
      !satchel_public_keys_equal (&keys, &self->card->keys))
    return satchel_people_set_damaged (error, "identity");
  return TRUE;
}

static gboolean
read_identity (SatchelStatement *statement, SatchelIdentity *self, GError **error)
{
  return (self->age = satchel_people_read_secret (statement, 0, AGE_SIZE, error)) != NULL &&
         (self->minisign = satchel_people_read_secret (statement, 1, MINISIGN_SIZE, error)) !=
             NULL &&
         (self->access = satchel_people_read_secret (statement, 2, ACCESS_SIZE, error)) != NULL &&
         (self->card = read_card (statement, 3, error)) != NULL;
}

SatchelIdentity *
satchel_identity_load (SatchelVault *vault, GError **error)
{
  g_autoptr (SatchelIdentity) self = g_new0 (SatchelIdentity, 1);
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault), "SELECT age, minisign, access, card FROM identity", error);
  gboolean has_row = FALSE;
  gboolean good;

  if (statement == NULL || !satchel_statement_step (statement, &has_row, error))
    return NULL;
  if (!has_row) {
    set_no_identity (error);
    return NULL;
  }
  good = read_identity (statement, self, error);
  satchel_statement_reset (statement);
  if (!good || !check_pairs (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

gboolean
satchel_identity_set_newsroom (SatchelVault *vault, const char *newsroom, GError **error)
{
  g_autoptr (SatchelTransaction) transaction = NULL;
  g_autoptr (SatchelIdentity) identity = NULL;
  g_autoptr (SatchelCard) card = NULL;
  SatchelDb *db = satchel_vault_get_db (vault);
  SatchelStatement *statement;

  transaction = satchel_transaction_begin (db, error);
  if (transaction == NULL || (identity = satchel_identity_load (vault, error)) == NULL)
    return FALSE;
  card = satchel_card_sign (identity->card->name, identity->card->role, &identity->card->keys,
                            newsroom, identity->minisign, error);
  if (card == NULL)
    return FALSE;
  statement = satchel_db_prepare (db, "UPDATE identity SET card = ?1", error);
  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, card->text);
  return satchel_statement_run (statement, error) &&
         satchel_transaction_commit (transaction, error);
}

static SatchelSecret *
make_identity_file (const SatchelIdentity *identity, GError **error)
{
  g_autoptr (SatchelSecret) age = satchel_age_identity_format (identity->age, error);
  g_autofree char *recipient = satchel_age_recipient_format (&identity->card->keys.age);
  g_autofree char *minisign = satchel_minisign_key_format (&identity->card->keys.minisign);
  g_autofree char *head =
      g_strdup_printf ("# public key: %s\n# minisign: %s\n", recipient, minisign);
  g_autoptr (SatchelSecret) file = NULL;

  if (age == NULL)
    return NULL;
  gsize head_size = strlen (head);
  gsize age_size = satchel_secret_get_size (age);
  file = satchel_secret_new (head_size + age_size + 1, error);
  if (file == NULL)
    return NULL;
  guint8 *out = satchel_secret_get_writable (file);
  memcpy (out, head, head_size);
  memcpy (out + head_size, satchel_secret_get_data (age), age_size);
  out[head_size + age_size] = '\n';
  return g_steal_pointer (&file);
}

SatchelSecret *
satchel_identity_export (SatchelVault *vault, GError **error)
{
  g_autoptr (SatchelTransaction) transaction = NULL;
  g_autoptr (SatchelIdentity) identity = NULL;
  g_autoptr (SatchelSecret) file = NULL;

  g_return_val_if_fail (!satchel_db_in_transaction (satchel_vault_get_db (vault)), NULL);
  transaction = satchel_transaction_begin (satchel_vault_get_db (vault), error);
  if (transaction == NULL || (identity = satchel_identity_load (vault, error)) == NULL)
    return NULL;
  file = make_identity_file (identity, error);
  if (file == NULL ||
      !satchel_people_tell (vault, SATCHEL_ACTION_IDENTITY_EXPORTED, satchel_vault_get_id (vault),
                            NULL, NULL, NULL, error) ||
      !satchel_transaction_commit (transaction, error))
    return NULL;
  return g_steal_pointer (&file);
}

void
satchel_identity_free (SatchelIdentity *self)
{
  if (self == NULL)
    return;
  satchel_secret_unref (self->age);
  satchel_secret_unref (self->minisign);
  satchel_secret_unref (self->access);
  satchel_card_free (self->card);
  g_free (self);
}
