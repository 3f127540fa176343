/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-invite-book.h"

#include "base/satchel-text.h"
#include "base/satchel-time.h"
#include "people/satchel-people-private.h"

static gboolean
set_exists (GError **error, const char *what)
{
  g_set_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_EXISTS,
               "there is %s of that name: revoke that first", what);
  return FALSE;
}

static gboolean
has_live_invite (SatchelVault *vault, const char *name, gboolean *has, GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "SELECT 1 FROM invite WHERE folded_name = ?1 AND revoked_us = 0 AND expires_us > ?2", error);
  g_autofree char *folded = satchel_people_fold_name (name);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, folded);
  satchel_statement_bind_int (statement, 2, satchel_now_us ());
  if (!satchel_statement_step (statement, has, error))
    return FALSE;
  satchel_statement_reset (statement);
  return TRUE;
}

static gboolean
check_free (SatchelVault *vault, const char *name, GError **error)
{
  g_autoptr (GPtrArray) contacts = satchel_contact_store_list_by_name (vault, name, error);
  gboolean has = FALSE;

  if (contacts == NULL || !has_live_invite (vault, name, &has, error))
    return FALSE;
  if (contacts->len > 0)
    return set_exists (error, "a contact");
  if (has)
    return set_exists (error, "a live invite");
  return TRUE;
}

static gboolean
insert_invite (SatchelVault *vault,
               const char *id,
               const char *name,
               const SatchelToken *token,
               SatchelSecret *secret,
               GError **error)
{
  SatchelStatement *statement =
      satchel_db_prepare (satchel_vault_get_db (vault),
                          "INSERT INTO invite (id, name, folded_name, token_id, secret, issued_us, "
                          "expires_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                          error);
  g_autofree char *folded = satchel_people_fold_name (name);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, id);
  satchel_statement_bind_text (statement, 2, name);
  satchel_statement_bind_text (statement, 3, folded);
  satchel_statement_bind_text (statement, 4, token->id);
  satchel_statement_bind_blob (statement, 5, satchel_secret_get_data (secret),
                               satchel_secret_get_size (secret));
  satchel_statement_bind_int (statement, 6, satchel_now_us ());
  satchel_statement_bind_int (statement, 7, token->expires_unix_us);
  return satchel_statement_run (statement, error);
}

static gboolean
check_request (const char *name, guint days, GError **error)
{
  if (days < 1 || days > SATCHEL_TOKEN_DAYS_MAX) {
    g_set_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID,
                 "an invite is valid for 1 to %d days", SATCHEL_TOKEN_DAYS_MAX);
    return FALSE;
  }
  return satchel_people_check_name (name, error);
}

/* Makes token, secret and paper, and the row; the text is given out after COMMIT only. */
static char *
make_invite (SatchelVault *vault,
             const SatchelNewsroom *newsroom,
             const char *id,
             const char *name,
             guint days,
             GError **error)
{
  g_autoptr (SatchelIdentity) identity = satchel_identity_load (vault, error);
  g_autoptr (SatchelSecret) secret = NULL;
  g_autoptr (SatchelToken) token = NULL;
  g_autofree char *token_id = NULL;
  gint64 expires_us = satchel_now_us () + (gint64) days * G_TIME_SPAN_DAY;

  if (identity == NULL)
    return NULL;
  secret = satchel_secret_new_random (SATCHEL_INTRODUCTION_SECRET_SIZE, error);
  if (secret == NULL)
    return NULL;
  token_id = satchel_introduction_dup_token_id (secret);
  token = satchel_token_sign_with_id (token_id, expires_us, identity->minisign, error);
  if (token == NULL || !insert_invite (vault, id, name, token, secret, error) ||
      !satchel_people_tell (vault, SATCHEL_ACTION_INVITED, id, NULL, "token", token->id, error))
    return NULL;
  return satchel_invite_sign (newsroom->card, token, secret, identity->minisign, error);
}

char *
satchel_invite_book_issue (SatchelVault *vault,
                           const char *name,
                           guint days,
                           char **id,
                           GError **error)
{
  g_autoptr (SatchelTransaction) transaction = NULL;
  g_autoptr (SatchelNewsroom) newsroom = NULL;
  g_autofree char *entry_id = satchel_random_id ();
  char *text;

  if (!check_request (name, days, error))
    return NULL;
  transaction = satchel_transaction_begin (satchel_vault_get_db (vault), error);
  if (transaction == NULL || (newsroom = satchel_newsroom_load_led (vault, error)) == NULL ||
      !check_free (vault, name, error))
    return NULL;
  text = make_invite (vault, newsroom, entry_id, name, days, error);
  if (text != NULL && !satchel_transaction_commit (transaction, error))
    g_clear_pointer (&text, satchel_invite_wipe_text);
  if (text != NULL && id != NULL)
    *id = g_steal_pointer (&entry_id);
  return text;
}

static SatchelInviteEntry *
read_entry (SatchelStatement *statement)
{
  SatchelInviteEntry *self = g_new0 (SatchelInviteEntry, 1);

  self->id = g_strdup (satchel_statement_get_text (statement, 0));
  self->name = g_strdup (satchel_statement_get_text (statement, 1));
  self->token_id = g_strdup (satchel_statement_get_text (statement, 2));
  self->issued_unix_us = satchel_statement_get_int (statement, 3);
  self->expires_unix_us = satchel_statement_get_int (statement, 4);
  self->revoked_unix_us = satchel_statement_get_int (statement, 5);
  self->contact_id = g_strdup (satchel_statement_get_text (statement, 6));
  return self;
}

GPtrArray *
satchel_invite_book_list (SatchelVault *vault, GError **error)
{
  g_autoptr (GPtrArray) all =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_invite_entry_free);
  SatchelStatement *statement =
      satchel_db_prepare (satchel_vault_get_db (vault),
                          "SELECT id, name, token_id, issued_us, expires_us, revoked_us, "
                          "contact_id FROM invite ORDER BY issued_us DESC, id",
                          error);
  gboolean has_row = FALSE;

  if (statement == NULL || !satchel_statement_step (statement, &has_row, error))
    return NULL;
  while (has_row) {
    g_ptr_array_add (all, read_entry (statement));
    if (!satchel_statement_step (statement, &has_row, error))
      return NULL;
  }
  return g_steal_pointer (&all);
}

void
satchel_invite_entry_free (SatchelInviteEntry *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->name);
  g_free (self->token_id);
  g_free (self->contact_id);
  g_free (self);
}

/* Revoking. */

static gboolean
revoke_invite (SatchelVault *vault, const char *id, GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault), "UPDATE invite SET revoked_us = ?2 WHERE id = ?1", error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, id);
  satchel_statement_bind_int (statement, 2, satchel_now_us ());
  return satchel_statement_run (statement, error) &&
         satchel_people_tell (vault, SATCHEL_ACTION_REVOKED, id, NULL, NULL, NULL, error);
}

/* Those made for the name and those that the contact used; also the expired ones, because an
 * introduction may still be on its way. */
static gboolean
revoke_invites (SatchelVault *vault,
                const char *name,
                const SatchelContact *contact,
                gboolean *any,
                GError **error)
{
  g_autoptr (GPtrArray) entries = satchel_invite_book_list (vault, error);
  g_autofree char *folded = satchel_people_fold_name (name);

  if (entries == NULL)
    return FALSE;
  for (guint i = 0; i < entries->len; i++) {
    const SatchelInviteEntry *entry = g_ptr_array_index (entries, i);
    g_autofree char *entry_name = satchel_people_fold_name (entry->name);
    gboolean fits = g_str_equal (entry_name, folded) ||
                    (contact != NULL && g_strcmp0 (entry->contact_id, contact->id) == 0);

    if (!fits || entry->revoked_unix_us != 0)
      continue;
    *any = TRUE;
    if (!revoke_invite (vault, entry->id, error))
      return FALSE;
  }
  return TRUE;
}

/* The live contact of that name, or the one of that id; NULL in *@contact where there is none. */
static gboolean
find_contact (SatchelVault *vault, const char *name, SatchelContact **contact, GError **error)
{
  g_autoptr (GError) reason = NULL;

  *contact = satchel_contact_find (vault, name, &reason);
  if (*contact == NULL &&
      !g_error_matches (reason, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
  }
  if (*contact != NULL && (*contact)->state == SATCHEL_CONTACT_RETIRED)
    g_clear_pointer (contact, satchel_contact_free);
  return TRUE;
}

gboolean
satchel_invite_book_revoke (SatchelVault *vault, const char *name, GError **error)
{
  const SatchelNewsroomChange change = {0};
  g_autoptr (SatchelTransaction) transaction = NULL;
  g_autoptr (SatchelNewsroom) newsroom = NULL;
  g_autoptr (SatchelNewsroomCard) card = NULL;
  g_autoptr (SatchelContact) contact = NULL;
  gboolean any = FALSE;

  transaction = satchel_transaction_begin (satchel_vault_get_db (vault), error);
  if (transaction == NULL || (newsroom = satchel_newsroom_load_led (vault, error)) == NULL ||
      !find_contact (vault, name, &contact, error) ||
      !revoke_invites (vault, name, contact, &any, error))
    return FALSE;
  if (contact == NULL && !any) {
    g_set_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NOT_FOUND,
                 "nobody of that name has an invite or is a contact");
    return FALSE;
  }
  if (contact != NULL && !satchel_contact_retire (vault, contact, error))
    return FALSE;
  card = satchel_newsroom_sign_next (vault, &change, contact != NULL ? &contact->card->keys : NULL,
                                     error);
  return card != NULL && satchel_transaction_commit (transaction, error);
}
