/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "join/satchel-join-job.h"

#include <string.h>

#include "base/satchel-error.h"
#include "base/satchel-file.h"
#include "base/satchel-text.h"
#include "base/satchel-time.h"
#include "people/satchel-identity.h"
#include "people/satchel-invite-book.h"
#include "people/satchel-newsroom.h"
#include "sync/satchel-outbox.h"

#define NAME_SHOWN_MAX 120

G_DEFINE_QUARK (satchel_join_error, satchel_join_error)

void
satchel_join_offer_free (SatchelJoinOffer *self)
{
  if (self == NULL)
    return;
  satchel_invite_free (self->invite);
  satchel_newsroom_card_free (self->card);
  g_free (self->newsroom);
  g_free (self->lead);
  g_free (self->safety_words);
  g_free (self->server);
  g_free (self);
}

SatchelSecret *
satchel_join_tidy (const char *text, gsize size_bytes, GError **error)
{
  const char *end = text + size_bytes;
  gsize size = 0;

  while (text < end && g_ascii_isspace (*text))
    text++;
  while (end > text && g_ascii_isspace (end[-1]))
    end--;
  for (const char *p = text; p < end; p++)
    size += *p != '\r' ? 1 : 0;
  SatchelSecret *tidy = satchel_secret_new (size + 1, error);
  if (tidy == NULL)
    return NULL;
  guint8 *out = satchel_secret_get_writable (tidy);
  for (const char *p = text; p < end; p++)
    if (*p != '\r')
      *out++ = (guint8) *p;
  *out = '\n';
  return tidy;
}

/* --- Looking --- */

typedef struct {
  char *path;
  SatchelSecret *text;
} Look;

static void
look_free (gpointer data)
{
  Look *self = data;

  g_free (self->path);
  satchel_secret_unref (self->text);
  g_free (self);
}

static SatchelSecret *
load_text (const Look *look, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  gsize size = 0;

  if (look->text != NULL)
    return satchel_secret_ref (look->text);
  bytes = satchel_file_load (look->path, SATCHEL_INVITE_SIZE_MAX, error);
  if (bytes == NULL)
    return NULL;
  gpointer data = (gpointer) g_bytes_get_data (bytes, &size);
  SatchelSecret *text = satchel_join_tidy (data, size, error);
  if (size > 0)
    explicit_bzero (data, size);
  return text;
}

static const SatchelNewsroomCard *
get_card (const SatchelJoinOffer *offer)
{
  return offer->invite != NULL ? offer->invite->newsroom : offer->card;
}

/* What is no newsroom's card is read as an invite, whose reader says what is wrong with it. */
static gboolean
read_paper (SatchelJoinOffer *offer, SatchelSecret *text, GError **error)
{
  const char *data = (const char *) satchel_secret_get_data (text);
  gsize size = satchel_secret_get_size (text);
  g_autofree char *kind = satchel_paper_guess_kind (data, size);

  if (g_strcmp0 (kind, "newsroom") == 0)
    offer->card = satchel_newsroom_card_parse (data, (gssize) size, NULL, error);
  else
    offer->invite = satchel_invite_parse (data, (gssize) size, error);
  return offer->card != NULL || offer->invite != NULL;
}

static void
describe (SatchelJoinOffer *offer)
{
  const SatchelNewsroomCard *card = get_card (offer);
  const SatchelCard *lead = satchel_newsroom_card_find_by_minisign (card, &card->lead);
  const SatchelIntakeCard *intake = card->intakes->len > 0 ? card->intakes->pdata[0] : NULL;

  offer->newsroom = satchel_text_for_display (card->name, NAME_SHOWN_MAX);
  offer->lead = satchel_text_for_display (lead->name, NAME_SHOWN_MAX);
  offer->safety_words = satchel_public_keys_dup_safety_words (&lead->keys);
  if (intake != NULL)
    offer->server = satchel_text_for_display (intake->addresses[0], NAME_SHOWN_MAX);
  offer->until_unix_us =
      offer->invite != NULL ? offer->invite->token->expires_unix_us : card->valid_until_unix_us;
  offer->is_stale = satchel_newsroom_card_is_stale (card, satchel_now_us ());
}

/* NULL without an error for none. */
static SatchelNewsroom *
load_known (SatchelVault *vault, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  SatchelNewsroom *known = satchel_newsroom_load (vault, &local_error);

  if (known == NULL &&
      !g_error_matches (local_error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NO_NEWSROOM))
    g_propagate_error (error, g_steal_pointer (&local_error));
  return known;
}

/* An invite that was used before has its token here. */
static gboolean
check_unused (SatchelVault *vault, const SatchelJoinOffer *offer, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (SatchelToken) token = satchel_invite_book_load_token (vault, &local_error);

  if (token != NULL && g_str_equal (token->id, offer->invite->token->id)) {
    g_set_error_literal (error, SATCHEL_JOIN_ERROR, SATCHEL_JOIN_ERROR_USED,
                         "this vault has joined with this invite");
    return FALSE;
  }
  if (token != NULL ||
      g_error_matches (local_error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NO_TOKEN))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
compare (SatchelVault *vault, SatchelJoinOffer *offer, const SatchelCard *own, GError **error)
{
  const SatchelNewsroomCard *card = get_card (offer);
  const SatchelCard *member = satchel_newsroom_card_find_by_minisign (card, &own->keys.minisign);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (SatchelNewsroom) known = load_known (vault, &local_error);

  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  offer->is_on_card = member != NULL && satchel_public_keys_equal (&member->keys, &own->keys);
  offer->is_known = known != NULL;
  if (satchel_minisign_key_equal (&card->lead, &own->keys.minisign)) {
    g_set_error_literal (error, SATCHEL_JOIN_ERROR, SATCHEL_JOIN_ERROR_LEAD,
                         "the vault's owner leads this newsroom");
    return FALSE;
  }
  if (known != NULL && !satchel_minisign_key_equal (&card->lead, &known->card->lead)) {
    g_set_error_literal (error, SATCHEL_JOIN_ERROR, SATCHEL_JOIN_ERROR_OTHER_NEWSROOM,
                         "the vault belongs to another newsroom");
    return FALSE;
  }
  return offer->invite == NULL ||
         (check_unused (vault, offer, error) &&
          satchel_token_check (offer->invite->token, known != NULL ? known->card : card,
                               satchel_now_us (), error));
}

static gpointer
look_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr (SatchelJoinOffer) offer = g_new0 (SatchelJoinOffer, 1);
  g_autoptr (SatchelCard) own = satchel_identity_load_card (vault, error);
  g_autoptr (SatchelSecret) text = own != NULL ? load_text (input, error) : NULL;

  if (text == NULL || !read_paper (offer, text, error) || !compare (vault, offer, own, error))
    return NULL;
  describe (offer);
  return g_steal_pointer (&offer);
}

SatchelSessionJob
satchel_join_look_job (const char *path, SatchelSecret *text)
{
  Look *look = g_new0 (Look, 1);

  look->path = g_strdup (path);
  look->text = text != NULL ? satchel_secret_ref (text) : NULL;
  return (SatchelSessionJob){.run = look_run,
                             .input = look,
                             .input_free = look_free,
                             .result_free = (GDestroyNotify) satchel_join_offer_free};
}

/* --- Taking in --- */

static gboolean
take_invite (SatchelVault *vault,
             const SatchelInvite *invite,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (SatchelTransaction) transaction =
      satchel_transaction_begin (satchel_vault_get_db (vault), error);
  GError *local_error = NULL;

  if (transaction == NULL)
    return FALSE;
  if (!satchel_invite_book_join (vault, invite, &local_error)) {
    /* The alarm stays. */
    if (g_error_matches (local_error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_ALARM))
      satchel_transaction_commit (transaction, NULL);
    g_propagate_error (error, local_error);
    return FALSE;
  }
  g_autofree char *introduction = satchel_outbox_introduce (vault, cancellable, error);
  return introduction != NULL && satchel_transaction_commit (transaction, error);
}

static gboolean
take_card (SatchelVault *vault, const SatchelNewsroomCard *card, GError **error)
{
  SatchelNewsroomOutcome outcome = SATCHEL_NEWSROOM_ALARM;

  if (!satchel_newsroom_admit (vault, card, &outcome, error))
    return FALSE;
  switch (outcome) {
    case SATCHEL_NEWSROOM_ALARM:
      g_set_error_literal (error, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_ALARM,
                           "the card has other keys than those that are known");
      return FALSE;
    case SATCHEL_NEWSROOM_OLDER:
      g_set_error_literal (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_STALE,
                           "a newer card of this newsroom is known");
      return FALSE;
    default:
      return TRUE;
  }
}

static gpointer
accept_run (SatchelVault *vault,
            gpointer input,
            SatchelProgressReport progress,
            GCancellable *cancellable,
            GError **error)
{
  const SatchelJoinOffer *offer = input;
  gboolean done = offer->invite != NULL ? take_invite (vault, offer->invite, cancellable, error)
                                        : take_card (vault, offer->card, error);

  return done ? g_strdup (offer->newsroom) : NULL;
}

SatchelSessionJob
satchel_join_accept_job (SatchelJoinOffer *offer)
{
  return (SatchelSessionJob){.run = accept_run,
                             .input = offer,
                             .input_free = (GDestroyNotify) satchel_join_offer_free,
                             .result_free = g_free,
                             .changes = SATCHEL_CHANGED_PEOPLE | SATCHEL_CHANGED_OUTBOX};
}

/* --- The own card --- */

static gpointer
save_card_run (SatchelVault *vault,
               gpointer input,
               SatchelProgressReport progress,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (SatchelCard) card = satchel_identity_load_card (vault, error);

  if (card == NULL ||
      !satchel_file_store (input, (const guint8 *) card->text, strlen (card->text), error))
    return NULL;
  return input;
}

SatchelSessionJob
satchel_join_save_card_job (const char *path)
{
  return (SatchelSessionJob){.run = save_card_run, .input = g_strdup (path), .input_free = g_free};
}
