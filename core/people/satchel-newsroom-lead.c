/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-newsroom.h"

#include "base/satchel-time.h"
#include "people/satchel-people-private.h"

#define VALID_US (SATCHEL_NEWSROOM_VALID_DAYS * G_TIME_SPAN_DAY)

static void
add_intakes (SatchelNewsroomCard *draft, GPtrArray *intakes)
{
  for (guint i = 0; intakes != NULL && i < intakes->len; i++)
    g_ptr_array_add (draft->intakes, satchel_intake_card_copy (g_ptr_array_index (intakes, i)));
}

/* A newer card of the same keys takes the place of the older. */
static void
put_member (SatchelNewsroomCard *draft, const SatchelCard *card)
{
  for (guint i = 0; i < draft->members->len; i++) {
    SatchelCard *member = g_ptr_array_index (draft->members, i);
    if (!satchel_public_keys_equal (&member->keys, &card->keys))
      continue;
    satchel_card_free (member);
    draft->members->pdata[i] = satchel_card_copy (card);
    return;
  }
  g_ptr_array_add (draft->members, satchel_card_copy (card));
}

static void
take_member (SatchelNewsroomCard *draft, const SatchelPublicKeys *keys)
{
  for (guint i = draft->members->len; i > 0; i--) {
    const SatchelCard *member = g_ptr_array_index (draft->members, i - 1);
    if (satchel_public_keys_equal (&member->keys, keys))
      g_ptr_array_remove_index (draft->members, i - 1);
  }
}

static gboolean
welcome_all (SatchelVault *vault, SatchelNewsroomCard *draft, GPtrArray *members, GError **error)
{
  const SatchelWelcome welcome = {.is_member = TRUE};

  for (guint i = 0; members != NULL && i < members->len; i++) {
    const SatchelCard *card = g_ptr_array_index (members, i);
    SatchelContactOutcome outcome = SATCHEL_CONTACT_ALARM;

    if (!satchel_contact_welcome (vault, card, &welcome, &outcome, NULL, error))
      return FALSE;
    if (outcome == SATCHEL_CONTACT_ALARM) {
      g_set_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_ALARM,
                   "the card of \"%s\" clashes with somebody who is known", card->name);
      return FALSE;
    }
    put_member (draft, card);
  }
  return TRUE;
}

/* Papers have whole seconds; the span is counted from the second that is written. */
static void
date_draft (SatchelNewsroomCard *draft)
{
  draft->issued_unix_us = satchel_now_us () / G_USEC_PER_SEC * G_USEC_PER_SEC;
  draft->valid_until_unix_us = draft->issued_unix_us + VALID_US;
}

static gboolean
is_there (SatchelVault *vault, gboolean *there, GError **error)
{
  SatchelStatement *statement =
      satchel_db_prepare (satchel_vault_get_db (vault), "SELECT 1 FROM newsroom", error);

  if (statement == NULL || !satchel_statement_step (statement, there, error))
    return FALSE;
  satchel_statement_reset (statement);
  return TRUE;
}

SatchelNewsroomCard *
satchel_newsroom_create (SatchelVault *vault,
                         const char *name,
                         GPtrArray *intakes,
                         GPtrArray *members,
                         GError **error)
{
  g_autoptr (SatchelNewsroomCard) draft = satchel_newsroom_card_new ();
  g_autoptr (SatchelNewsroomCard) card = NULL;
  g_autoptr (SatchelIdentity) identity = NULL;
  g_autoptr (SatchelTransaction) transaction = NULL;
  gboolean there = FALSE;

  transaction = satchel_transaction_begin (satchel_vault_get_db (vault), error);
  if (transaction == NULL || !is_there (vault, &there, error))
    return NULL;
  if (there) {
    g_set_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_EXISTS,
                 "this vault belongs to a newsroom already");
    return NULL;
  }
  if (!satchel_identity_set_newsroom (vault, name, error) ||
      (identity = satchel_identity_load (vault, error)) == NULL)
    return NULL;
  draft->name = g_strdup (name);
  draft->number = 1;
  date_draft (draft);
  add_intakes (draft, intakes);
  put_member (draft, identity->card);
  if (!welcome_all (vault, draft, members, error))
    return NULL;
  card = satchel_newsroom_card_sign (draft, identity->minisign, error);
  if (card == NULL || !satchel_newsroom_store (vault, card, SATCHEL_ACTION_TRUSTED, error) ||
      !satchel_transaction_commit (transaction, error))
    return NULL;
  return g_steal_pointer (&card);
}

/* Whether a revoked token can be left off: it is one of this vault's, and expired so long
 * ago that no member opens an introduction with it any more. */
static gboolean
is_over (SatchelVault *vault, const char *token_id, gboolean *over, GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "SELECT 1 FROM invite WHERE token_id = ?1 AND expires_us <= ?2", error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, token_id);
  satchel_statement_bind_int (statement, 2, satchel_now_us () - SATCHEL_INTRODUCTION_GRACE_US);
  if (!satchel_statement_step (statement, over, error))
    return FALSE;
  satchel_statement_reset (statement);
  return TRUE;
}

/* Those on the last card stay until they are over: a restored vault may not know its invites. */
static gboolean
keep_revoked (SatchelVault *vault,
              const SatchelNewsroomCard *last,
              SatchelNewsroomCard *draft,
              GError **error)
{
  for (guint i = 0; i < last->revoked->len; i++) {
    const char *id = g_ptr_array_index (last->revoked, i);
    gboolean over = FALSE;

    if (!is_over (vault, id, &over, error))
      return FALSE;
    if (!over)
      g_ptr_array_add (draft->revoked, g_strdup (id));
  }
  return TRUE;
}

static gboolean
add_revoked (SatchelVault *vault, SatchelNewsroomCard *draft, GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "SELECT token_id FROM invite WHERE revoked_us <> 0 AND expires_us > ?1", error);
  gboolean has_row = TRUE;

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_int (statement, 1, satchel_now_us () - SATCHEL_INTRODUCTION_GRACE_US);
  while (has_row) {
    if (!satchel_statement_step (statement, &has_row, error))
      return FALSE;
    const char *id = has_row ? satchel_statement_get_text (statement, 0) : NULL;
    if (id != NULL && !satchel_newsroom_card_is_revoked (draft, id))
      g_ptr_array_add (draft->revoked, g_strdup (id));
  }
  return TRUE;
}

static SatchelNewsroomCard *
make_draft (const SatchelNewsroomCard *last, const SatchelNewsroomChange *change)
{
  SatchelNewsroomCard *draft = satchel_newsroom_card_new ();

  draft->name = g_strdup (change->name != NULL ? change->name : last->name);
  draft->number = last->number + 1;
  date_draft (draft);
  add_intakes (draft, change->intakes != NULL ? change->intakes : last->intakes);
  for (guint i = 0; i < last->engines->len; i++) {
    const SatchelEngine *engine = g_ptr_array_index (last->engines, i);
    satchel_newsroom_card_add_engine (draft, engine->url, engine->anchor);
  }
  for (guint i = 0; i < last->members->len; i++)
    put_member (draft, g_ptr_array_index (last->members, i));
  draft->recovery_k = change->recovery_k != 0 ? change->recovery_k : last->recovery_k;
  draft->recovery_n = change->recovery_k != 0 ? change->recovery_n : last->recovery_n;
  return draft;
}

SatchelNewsroomCard *
satchel_newsroom_sign_next (SatchelVault *vault,
                            const SatchelNewsroomChange *change,
                            const SatchelPublicKeys *without,
                            GError **error)
{
  g_autoptr (SatchelNewsroom) last = satchel_newsroom_load_led (vault, error);
  g_autoptr (SatchelNewsroomCard) draft = NULL;
  g_autoptr (SatchelNewsroomCard) card = NULL;
  g_autoptr (SatchelIdentity) identity = NULL;

  if (last == NULL ||
      (change->name != NULL && !satchel_identity_set_newsroom (vault, change->name, error)) ||
      (identity = satchel_identity_load (vault, error)) == NULL)
    return NULL;
  draft = make_draft (last->card, change);
  if (without != NULL)
    take_member (draft, without);
  put_member (draft, identity->card);
  if (!welcome_all (vault, draft, change->add, error) ||
      !keep_revoked (vault, last->card, draft, error) || !add_revoked (vault, draft, error))
    return NULL;
  card = satchel_newsroom_card_sign (draft, identity->minisign, error);
  if (card == NULL || !satchel_newsroom_store (vault, card, SATCHEL_ACTION_TRUSTED, error))
    return NULL;
  return g_steal_pointer (&card);
}

static SatchelContact *
find_member (SatchelVault *vault, const char *name_or_id, GError **error)
{
  g_autoptr (SatchelContact) contact = satchel_contact_find (vault, name_or_id, error);

  if (contact != NULL && !contact->is_member) {
    g_set_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NOT_FOUND,
                 "that contact is no member of the newsroom");
    return NULL;
  }
  return g_steal_pointer (&contact);
}

SatchelNewsroomCard *
satchel_newsroom_update (SatchelVault *vault, const SatchelNewsroomChange *change, GError **error)
{
  const SatchelNewsroomChange nothing = {0};
  g_autoptr (SatchelTransaction) transaction = NULL;
  g_autoptr (SatchelNewsroom) led = NULL;
  g_autoptr (SatchelContact) gone = NULL;
  g_autoptr (SatchelNewsroomCard) card = NULL;

  if (change == NULL)
    change = &nothing;
  transaction = satchel_transaction_begin (satchel_vault_get_db (vault), error);
  if (transaction == NULL || (led = satchel_newsroom_load_led (vault, error)) == NULL)
    return NULL;
  if (change->remove != NULL) {
    gone = find_member (vault, change->remove, error);
    if (gone == NULL || !satchel_contact_retire (vault, gone, error))
      return NULL;
  }
  card = satchel_newsroom_sign_next (vault, change, gone != NULL ? &gone->card->keys : NULL, error);
  if (card == NULL || !satchel_transaction_commit (transaction, error))
    return NULL;
  return g_steal_pointer (&card);
}
