/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-invite-book.h"

#include "base/satchel-time.h"
#include "people/satchel-people-private.h"

#define ALARM_SECOND "a second key for an invite that was used"

/* The invite whose secret made the MAC. */
typedef struct {
  char *id;
  char *name;
  char *token_id;
  char *contact_id;
  gboolean is_revoked;
} Match;

static void
match_clear (Match *match)
{
  g_free (match->id);
  g_free (match->name);
  g_free (match->token_id);
  g_free (match->contact_id);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Match, match_clear)

static void
fill_match (SatchelStatement *statement, Match *match)
{
  match->id = g_strdup (satchel_statement_get_text (statement, 0));
  match->name = g_strdup (satchel_statement_get_text (statement, 1));
  match->token_id = g_strdup (satchel_statement_get_text (statement, 2));
  match->contact_id = g_strdup (satchel_statement_get_text (statement, 3));
  match->is_revoked = satchel_statement_get_int (statement, 4) != 0;
}

/* Every secret is tried, so that the time says nothing about which invite it was. */
static gboolean
find_match (SatchelVault *vault,
            const SatchelPublicKeys *keys,
            const guint8 mac[SATCHEL_INTRODUCTION_MAC_SIZE],
            Match *match,
            GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault),
      "SELECT id, name, token_id, contact_id, revoked_us, secret FROM invite", error);
  gboolean has_row = TRUE;

  if (statement == NULL)
    return FALSE;
  while (has_row) {
    g_autoptr (SatchelSecret) secret = NULL;

    if (!satchel_statement_step (statement, &has_row, error))
      return FALSE;
    if (!has_row)
      break;
    secret = satchel_people_read_secret (statement, 5, SATCHEL_INTRODUCTION_SECRET_SIZE, error);
    if (secret == NULL) {
      satchel_statement_reset (statement);
      return FALSE;
    }
    if (satchel_introduction_verify (secret, keys, mac) && match->id == NULL)
      fill_match (statement, match);
  }
  return TRUE;
}

static gboolean
mark_used (SatchelVault *vault, const char *invite_id, const char *contact_id, GError **error)
{
  SatchelStatement *statement = satchel_db_prepare (
      satchel_vault_get_db (vault), "UPDATE invite SET contact_id = ?2 WHERE id = ?1", error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, invite_id);
  satchel_statement_bind_text (statement, 2, contact_id);
  return satchel_statement_run (statement, error);
}

/* The first key wins; the secret in other hands is worth an alarm, not a contact. */
static gboolean
introduce_again (SatchelVault *vault,
                 const SatchelCard *card,
                 const Match *match,
                 SatchelIntroductionOutcome *outcome,
                 SatchelContact **contact,
                 GError **error)
{
  g_autoptr (SatchelContact) first = NULL;

  if (!satchel_contact_store_load (vault, match->contact_id, &first, error))
    return FALSE;
  if (first == NULL)
    return satchel_people_set_damaged (error, "invite");
  if (!satchel_public_keys_equal (&first->card->keys, &card->keys)) {
    *outcome = SATCHEL_INTRODUCTION_ALARM;
    return satchel_contact_raise_alarm (vault, first, ALARM_SECOND, card, error);
  }
  if (first->state == SATCHEL_CONTACT_RETIRED) {
    *outcome = SATCHEL_INTRODUCTION_REVOKED;
    return TRUE;
  }
  *outcome = SATCHEL_INTRODUCTION_KNOWN;
  *contact = g_steal_pointer (&first);
  return TRUE;
}

static gboolean
introduce_first (SatchelVault *vault,
                 const SatchelCard *card,
                 const Match *match,
                 SatchelIntroductionOutcome *outcome,
                 SatchelContact **contact,
                 GError **error)
{
  g_autofree char *mailbox = satchel_mailbox_of_token (match->token_id);
  const SatchelWelcome welcome = {.desk_name = match->name, .return_mailbox = mailbox};
  g_autoptr (SatchelContact) welcomed = NULL;
  SatchelContactOutcome became = SATCHEL_CONTACT_ALARM;

  if (!satchel_contact_welcome (vault, card, &welcome, &became, &welcomed, error))
    return FALSE;
  if (became == SATCHEL_CONTACT_ALARM) {
    *outcome = SATCHEL_INTRODUCTION_ALARM;
    return TRUE;
  }
  *outcome = SATCHEL_INTRODUCTION_ACCEPTED;
  if (!mark_used (vault, match->id, welcomed->id, error))
    return FALSE;
  *contact = g_steal_pointer (&welcomed);
  return TRUE;
}

gboolean
satchel_invite_book_introduce (SatchelVault *vault,
                               const SatchelCard *card,
                               const guint8 mac[SATCHEL_INTRODUCTION_MAC_SIZE],
                               SatchelIntroductionOutcome *outcome,
                               SatchelContact **contact,
                               GError **error)
{
  g_auto (Match) match = {0};
  g_autoptr (SatchelTransaction) transaction = NULL;
  g_autoptr (SatchelContact) found = NULL;
  SatchelIntroductionOutcome became = SATCHEL_INTRODUCTION_UNKNOWN;
  gboolean good = TRUE;

  transaction = satchel_transaction_begin (satchel_vault_get_db (vault), error);
  if (transaction == NULL || !find_match (vault, &card->keys, mac, &match, error))
    return FALSE;
  if (match.id != NULL && match.is_revoked)
    became = SATCHEL_INTRODUCTION_REVOKED;
  else if (match.id != NULL && match.contact_id != NULL)
    good = introduce_again (vault, card, &match, &became, &found, error);
  else if (match.id != NULL)
    good = introduce_first (vault, card, &match, &became, &found, error);
  if (!good || !satchel_transaction_commit (transaction, error))
    return FALSE;
  *outcome = became;
  if (contact != NULL && found != NULL)
    *contact = g_steal_pointer (&found);
  return TRUE;
}

/* At the reporter's. */

static gboolean
store_joined (SatchelVault *vault, const SatchelInvite *invite, GError **error)
{
  SatchelStatement *statement =
      satchel_db_prepare (satchel_vault_get_db (vault),
                          "INSERT INTO joined (id, token, secret, joined_us) "
                          "VALUES (1, ?1, ?2, ?3) ON CONFLICT (id) DO UPDATE "
                          "SET token = ?1, secret = ?2, joined_us = ?3",
                          error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, invite->token->text);
  satchel_statement_bind_blob (statement, 2, satchel_secret_get_data (invite->introduction),
                               satchel_secret_get_size (invite->introduction));
  satchel_statement_bind_int (statement, 3, satchel_now_us ());
  return satchel_statement_run (statement, error);
}

/* The card in the invite may be older than the one known, which then has the newer revocations. */
static gboolean
accept (SatchelVault *vault, const SatchelInvite *invite, GError **error)
{
  g_autoptr (SatchelNewsroom) newsroom = satchel_newsroom_load (vault, error);
  g_autofree char *object = satchel_newsroom_dup_object (&invite->newsroom->lead);

  return newsroom != NULL &&
         satchel_token_check (invite->token, newsroom->card, satchel_now_us (), error) &&
         satchel_identity_set_newsroom (vault, newsroom->card->name, error) &&
         store_joined (vault, invite, error) &&
         satchel_people_tell (vault, SATCHEL_ACTION_JOINED, object, newsroom->card->text, "token",
                              invite->token->id, error);
}

gboolean
satchel_invite_book_join (SatchelVault *vault, const SatchelInvite *invite, GError **error)
{
  g_autoptr (SatchelTransaction) transaction = NULL;
  g_autoptr (SatchelCard) own = NULL;
  SatchelNewsroomOutcome outcome = SATCHEL_NEWSROOM_ALARM;

  transaction = satchel_transaction_begin (satchel_vault_get_db (vault), error);
  if (transaction == NULL || (own = satchel_identity_load_card (vault, error)) == NULL ||
      !satchel_token_check (invite->token, invite->newsroom, satchel_now_us (), error) ||
      !satchel_newsroom_admit (vault, invite->newsroom, &outcome, error))
    return FALSE;
  if (outcome != SATCHEL_NEWSROOM_ALARM)
    return accept (vault, invite, error) && satchel_transaction_commit (transaction, error);
  /* The alarm stays, nothing else changed. */
  if (satchel_transaction_commit (transaction, error))
    g_set_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_ALARM,
                 "the invite is of another newsroom than the one known");
  return FALSE;
}

static gboolean
set_no_token (GError **error)
{
  g_set_error (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NO_TOKEN,
               "this vault holds no upload token: join with an invite");
  return FALSE;
}

/* The first row of a query on the joined table; FALSE with _NO_TOKEN where there is none. */
static gboolean
step_joined (SatchelStatement *statement, GError **error)
{
  gboolean has_row = FALSE;

  if (statement == NULL || !satchel_statement_step (statement, &has_row, error))
    return FALSE;
  return has_row || set_no_token (error);
}

SatchelToken *
satchel_invite_book_load_token (SatchelVault *vault, GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  g_autoptr (SatchelNewsroom) newsroom = NULL;
  g_autofree char *text = NULL;
  SatchelStatement *statement = satchel_db_prepare (db, "SELECT token FROM joined", error);
  SatchelToken *token;

  if (!step_joined (statement, error))
    return NULL;
  text = g_strdup (satchel_statement_get_text (statement, 0));
  satchel_statement_reset (statement);
  newsroom = satchel_newsroom_load (vault, error);
  if (newsroom == NULL)
    return NULL;
  token = satchel_token_parse (text, -1, &newsroom->card->lead, NULL);
  if (token == NULL)
    satchel_people_set_damaged (error, "upload token");
  return token;
}

gboolean
satchel_invite_book_make_introduction (SatchelVault *vault,
                                       guint8 mac[SATCHEL_INTRODUCTION_MAC_SIZE],
                                       SatchelIntroductionProof *proof,
                                       GError **error)
{
  SatchelDb *db = satchel_vault_get_db (vault);
  g_autoptr (SatchelCard) own = satchel_identity_load_card (vault, error);
  g_autoptr (SatchelSecret) secret = NULL;
  SatchelStatement *statement;

  if (own == NULL)
    return FALSE;
  statement = satchel_db_prepare (db, "SELECT secret FROM joined", error);
  if (!step_joined (statement, error))
    return FALSE;
  secret = satchel_people_read_secret (statement, 0, SATCHEL_INTRODUCTION_SECRET_SIZE, error);
  satchel_statement_reset (statement);
  if (secret == NULL)
    return FALSE;
  satchel_introduction_mac (secret, &own->keys, mac);
  satchel_introduction_prove (secret, &own->keys, proof);
  return TRUE;
}
