/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-invite-book.h"

#include "base/satchel-time.h"
#include "people/satchel-people-private.h"

#define ALARM_SECOND "a second key for an invite that was used"

/* The token as the newsroom's lead signed it, or NULL where it is none, expired or revoked. */
static SatchelToken *
read_token (const SatchelNewsroomCard *card, const char *text, gboolean *is_revoked)
{
  g_autoptr (SatchelToken) token = satchel_token_parse (text, -1, &card->lead, NULL);
  g_autoptr (GError) local = NULL;

  if (token != NULL && satchel_token_check (token, card, satchel_now_us (), &local))
    return g_steal_pointer (&token);
  *is_revoked = token != NULL;
  return NULL;
}

/* Who introduced themselves with this token before. */
static gboolean
find_first (SatchelVault *vault, const char *mailbox, SatchelContact **first, GError **error)
{
  g_autoptr (GPtrArray) all = satchel_contact_list (vault, error);

  if (all == NULL)
    return FALSE;
  for (guint i = 0; i < all->len; i++) {
    const SatchelContact *contact = g_ptr_array_index (all, i);
    if (g_strcmp0 (contact->return_mailbox, mailbox) == 0) {
      *first = g_ptr_array_steal_index (all, i);
      return TRUE;
    }
  }
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

/* The first key wins here as it does at the desk. */
static gboolean
decide (SatchelVault *vault,
        const SatchelCard *card,
        const SatchelToken *token,
        SatchelIntroductionOutcome *outcome,
        SatchelContact **contact,
        GError **error)
{
  g_autoptr (SatchelContact) first = NULL;

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
  gboolean is_revoked = FALSE;

  if (transaction == NULL)
    return FALSE;
  newsroom = satchel_newsroom_load (vault, error);
  if (newsroom == NULL)
    return FALSE;
  token = read_token (newsroom->card, token_text, &is_revoked);
  if (is_revoked)
    became = SATCHEL_INTRODUCTION_REVOKED;
  if (token != NULL && satchel_introduction_proof_check (proof, token, &card->keys) &&
      !decide (vault, card, token, &became, &found, error))
    return FALSE;
  if (!satchel_transaction_commit (transaction, error))
    return FALSE;
  *outcome = became;
  if (contact != NULL && found != NULL)
    *contact = g_steal_pointer (&found);
  return TRUE;
}
