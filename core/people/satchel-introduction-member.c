/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-invite-book.h"

#include "base/satchel-time.h"
#include "people/satchel-people-private.h"

#define ALARM_SECOND "a second key for an invite that was used"

/* Who introduced themselves with this token before. */
static gboolean
find_first (SatchelVault *vault, const char *mailbox, SatchelContact **first, GError **error)
{
  SatchelStatement *statement =
      satchel_db_prepare (satchel_vault_get_db (vault),
                          SATCHEL_CONTACT_SELECT "WHERE return_mailbox = ?1 ORDER BY added_us",
                          error);

  if (statement == NULL)
    return FALSE;
  satchel_statement_bind_text (statement, 1, mailbox);
  g_autoptr (GPtrArray) all = satchel_contact_store_read_all (statement, error);
  if (all == NULL)
    return FALSE;
  *first = all->len > 0 ? g_ptr_array_steal_index (all, 0) : NULL;
  return TRUE;
}

static gboolean
welcome (SatchelVault *vault,
         const SatchelCard *card,
         const SatchelToken *token,
         SatchelIntroductionOutcome *outcome,
         SatchelContact **contact,
         GError **error)
{
  const SatchelWelcome welcome = {.return_mailbox = token->return_mailbox};
  SatchelContactOutcome became = SATCHEL_CONTACT_ALARM;

  if (!satchel_contact_welcome (vault, card, &welcome, &became, contact, error))
    return FALSE;
  *outcome = became == SATCHEL_CONTACT_ALARM ? SATCHEL_INTRODUCTION_ALARM
                                             : SATCHEL_INTRODUCTION_ACCEPTED;
  return TRUE;
}

/* The first key wins here as it does at the desk. Expiry is only for uploads: what was sent in time
 * may be opened long after, as long as the newsroom card still tells of a revocation. */
static gboolean
decide (SatchelVault *vault,
        const SatchelNewsroomCard *newsroom,
        const SatchelCard *card,
        const SatchelToken *token,
        SatchelIntroductionOutcome *outcome,
        SatchelContact **contact,
        GError **error)
{
  g_autoptr (SatchelContact) first = NULL;

  if (satchel_newsroom_card_is_revoked (newsroom, token->id)) {
    *outcome = SATCHEL_INTRODUCTION_REVOKED;
    return TRUE;
  }
  if (!find_first (vault, token->return_mailbox, &first, error))
    return FALSE;
  if (first == NULL)
    return welcome (vault, card, token, outcome, contact, error);
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

gboolean
satchel_invite_book_introduce_by_proof (SatchelVault *vault,
                                        const SatchelCard *card,
                                        const char *token_text,
                                        const SatchelIntroductionProof *proof,
                                        SatchelIntroductionOutcome *outcome,
                                        SatchelContact **contact,
                                        GError **error)
{
  g_autoptr (SatchelTransaction) transaction =
      satchel_transaction_begin (satchel_vault_get_db (vault), error);
  g_autoptr (SatchelNewsroom) newsroom = NULL;
  g_autoptr (SatchelToken) token = NULL;
  g_autoptr (SatchelContact) found = NULL;
  SatchelIntroductionOutcome became = SATCHEL_INTRODUCTION_UNKNOWN;

  if (transaction == NULL)
    return FALSE;
  newsroom = satchel_newsroom_load (vault, error);
  if (newsroom == NULL)
    return FALSE;
  token = satchel_token_parse (token_text, -1, &newsroom->card->lead, NULL);
  if (token != NULL && satchel_now_us () - SATCHEL_INTRODUCTION_GRACE_US < token->expires_unix_us &&
      satchel_introduction_proof_check (proof, token, &card->keys) &&
      !decide (vault, newsroom->card, card, token, &became, &found, error))
    return FALSE;
  if (!satchel_transaction_commit (transaction, error))
    return FALSE;
  *outcome = became;
  if (contact != NULL && found != NULL)
    *contact = g_steal_pointer (&found);
  return TRUE;
}
