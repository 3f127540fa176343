/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/satchel-intake-auth.h"

#include <string.h>
#include <sys/stat.h>

#include "base/satchel-error.h"
#include "base/satchel-hash.h"
#include "base/satchel-text.h"
#include "base/satchel-time.h"

#define TOKENS_KEPT   256
#define NONCE_LIFE_US ((gint64) 2 * SATCHEL_HTTP_SIGNATURE_WINDOW_S * G_USEC_PER_SEC)

struct _SatchelIntakeAuth {
  const SatchelIntakeSite *site;
  gint64 started_unix_us;
  SatchelNewsroomCard *newsroom;
  char *mailbox;
  /* The file that was read, to notice another. */
  ino_t inode;
  struct timespec modified;
  /* Tokens that verified under this card, by the hash of their credentials: two signatures take
   * longer than all the rest of a small request. */
  GHashTable *tokens;
  GHashTable *nonces;    /* "keyid nonce", in use */
  GQueue nonces_by_time; /* of Nonce, oldest first; their text is owned by the table */
};

typedef struct {
  gint64 until_us; /* monotonic */
  char *text;
} Nonce;

void
satchel_intake_asker_clear (SatchelIntakeAsker *self)
{
  g_clear_pointer (&self->owner, g_free);
  g_clear_pointer (&self->return_mailbox, g_free);
  self->kind = SATCHEL_INTAKE_NOBODY;
}

SatchelIntakeAuth *
satchel_intake_auth_new (const SatchelIntakeSite *site)
{
  SatchelIntakeAuth *self = g_new0 (SatchelIntakeAuth, 1);

  self->site = site;
  /* Signatures carry whole seconds, so one of this very second must be taken. */
  self->started_unix_us = satchel_now_us () / G_USEC_PER_SEC * G_USEC_PER_SEC;
  self->tokens = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify) satchel_token_free);
  self->nonces = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_queue_init (&self->nonces_by_time);
  return self;
}

void
satchel_intake_auth_free (SatchelIntakeAuth *self)
{
  if (self == NULL)
    return;
  satchel_newsroom_card_free (self->newsroom);
  g_free (self->mailbox);
  g_queue_clear_full (&self->nonces_by_time, g_free);
  g_hash_table_unref (self->tokens);
  g_hash_table_unref (self->nonces);
  g_free (self);
}

const SatchelNewsroomCard *
satchel_intake_auth_get_newsroom (SatchelIntakeAuth *self, GError **error)
{
  g_autofree char *path = satchel_intake_site_dup_path (self->site, "newsroom.card");
  struct stat facts;

  if (stat (path, &facts) == 0 &&
      (facts.st_ino != self->inode || facts.st_mtim.tv_sec != self->modified.tv_sec ||
       facts.st_mtim.tv_nsec != self->modified.tv_nsec)) {
    g_autoptr (GError) local_error = NULL;
    SatchelNewsroomCard *card = satchel_intake_site_load_newsroom (self->site, &local_error);
    if (card != NULL) {
      satchel_newsroom_card_free (self->newsroom);
      self->newsroom = card;
      g_hash_table_remove_all (self->tokens);
      g_free (self->mailbox);
      self->mailbox = satchel_mailbox_of_newsroom (&card->lead);
      self->inode = facts.st_ino;
      self->modified = facts.st_mtim;
    }
  }
  if (self->newsroom == NULL)
    g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_NOT_READY,
                         "No newsroom card was admitted to this intake yet.");
  return self->newsroom;
}

const char *
satchel_intake_auth_get_mailbox (SatchelIntakeAuth *self)
{
  return satchel_intake_auth_get_newsroom (self, NULL) == NULL ? NULL : self->mailbox;
}

static gboolean
set_unknown (GError **error, const char *sentence)
{
  g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_UNKNOWN, sentence);
  return FALSE;
}

/* --- Tokens --------------------------------------------------------------------------------- */

/* Borrowed from the table. */
static SatchelToken *
find_token (SatchelIntakeAuth *self, const char *credentials)
{
  guint8 sha256[32];

  satchel_sha256 ((const guint8 *) credentials, strlen (credentials), sha256);
  g_autofree char *key = satchel_hex_encode (sha256, 32);
  SatchelToken *token = g_hash_table_lookup (self->tokens, key);
  if (token != NULL)
    return token;
  token = satchel_token_from_bearer (credentials, &self->newsroom->lead, NULL);
  if (token == NULL)
    return NULL;
  if (g_hash_table_size (self->tokens) >= TOKENS_KEPT)
    g_hash_table_remove_all (self->tokens);
  g_hash_table_insert (self->tokens, g_steal_pointer (&key), token);
  return token;
}

static gboolean
check_token (SatchelIntakeAuth *self,
             const char *authorization,
             SatchelIntakeAsker *asker,
             GError **error)
{
  g_autoptr (GError) local_error = NULL;
  const SatchelToken *token;

  if (g_ascii_strncasecmp (authorization, "Bearer ", 7) != 0)
    return set_unknown (error, "An upload token is expected after the word Bearer.");
  token = find_token (self, authorization + 7);
  if (token == NULL)
    return set_unknown (error, "The upload token is not one of this newsroom.");
  if (!satchel_token_check (token, self->newsroom, satchel_now_us (), &local_error)) {
    if (!g_error_matches (local_error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_REVOKED))
      return set_unknown (error, "The upload token expired; ask the newsroom for a new invite.");
    g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_FORBIDDEN,
                         "The newsroom took this upload token back.");
    return FALSE;
  }
  asker->kind = SATCHEL_INTAKE_REPORTER;
  asker->owner = g_strdup (token->id);
  asker->return_mailbox = g_strdup (token->return_mailbox);
  return TRUE;
}

/* --- Signatures ----------------------------------------------------------------------------- */

static void
forget_nonces (SatchelIntakeAuth *self, gint64 now_us)
{
  Nonce *nonce;

  while ((nonce = g_queue_peek_head (&self->nonces_by_time)) != NULL && nonce->until_us < now_us) {
    g_hash_table_remove (self->nonces, nonce->text);
    g_free (g_queue_pop_head (&self->nonces_by_time));
  }
}

/* FALSE where it was used before. */
static gboolean
use_nonce (SatchelIntakeAuth *self, const char *key, const char *text)
{
  gint64 now_us = g_get_monotonic_time ();
  char *whole = g_strconcat (key, " ", text, NULL);

  forget_nonces (self, now_us);
  if (g_hash_table_contains (self->nonces, whole)) {
    g_free (whole);
    return FALSE;
  }
  Nonce *nonce = g_new (Nonce, 1);
  nonce->until_us = now_us + NONCE_LIFE_US;
  nonce->text = whole;
  g_hash_table_add (self->nonces, whole);
  g_queue_push_tail (&self->nonces_by_time, nonce);
  return TRUE;
}

static gboolean
check_signature (SatchelIntakeAuth *self,
                 const SatchelIntakeCredentials *credentials,
                 SatchelIntakeAsker *asker,
                 GError **error)
{
  g_autoptr (SatchelHttpSignature) signature = satchel_http_signature_parse (
      credentials->signature_input, credentials->signature, NULL);

  if (signature == NULL)
    return set_unknown (error, "The request's signature headers are malformed.");
  if (satchel_newsroom_card_find_by_access (self->newsroom, signature->key_id) == NULL)
    return set_unknown (error, "The request is signed by a key that is no member's.");
  if (credentials->has_body &&
      (credentials->request.content_digest == NULL || !signature->covers_content_digest))
    return set_unknown (error, "A signed request with a body must cover its Content-Digest.");
  if (!satchel_http_signature_verify (signature, &credentials->request, NULL))
    return set_unknown (error, "The request's signature does not verify.");
  if (!satchel_http_signature_check_time (signature, satchel_now_us (), self->started_unix_us,
                                          NULL))
    return set_unknown (error, "The request was not signed within the last minute.");
  g_autofree char *key = satchel_access_key_format (signature->key_id);
  if (!use_nonce (self, key, signature->nonce))
    return set_unknown (error, "The request's nonce was used before.");
  asker->kind = SATCHEL_INTAKE_MEMBER;
  asker->owner = g_steal_pointer (&key);
  return TRUE;
}

gboolean
satchel_intake_auth_check (SatchelIntakeAuth *self,
                           const SatchelIntakeCredentials *credentials,
                           SatchelIntakeAsker *asker,
                           GError **error)
{
  if (satchel_intake_auth_get_newsroom (self, error) == NULL)
    return FALSE;
  if (credentials->signature_input != NULL || credentials->signature != NULL)
    return check_signature (self, credentials, asker, error);
  if (credentials->authorization != NULL)
    return check_token (self, credentials->authorization, asker, error);
  return set_unknown (error, "An upload token or a member's signature is needed.");
}

/* --- Rights --------------------------------------------------------------------------------- */

gboolean
satchel_intake_auth_may_upload (SatchelIntakeAuth *self,
                                const SatchelIntakeAsker *asker,
                                const char *mailbox,
                                GError **error)
{
  if (asker->kind == SATCHEL_INTAKE_MEMBER || g_strcmp0 (mailbox, self->mailbox) == 0)
    return TRUE;
  g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_FORBIDDEN,
                       "A token may upload to the newsroom's mailbox alone.");
  return FALSE;
}

gboolean
satchel_intake_auth_may_read (SatchelIntakeAuth *self,
                              const SatchelIntakeAsker *asker,
                              const char *mailbox,
                              GError **error)
{
  if (asker->kind == SATCHEL_INTAKE_MEMBER || g_strcmp0 (mailbox, asker->return_mailbox) == 0)
    return TRUE;
  g_set_error_literal (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_FORBIDDEN,
                       "A token may read its own return mailbox alone.");
  return FALSE;
}
