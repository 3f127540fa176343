/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "papers/satchel-token.h"

#include <string.h>

#include "base/satchel-text.h"
#include "papers/satchel-paper-private.h"

static const SatchelPaperField FIELDS[] = {
    {"id", 1, 1, SATCHEL_PAPER_ID_MAX},
    {"expires", 1, 1, SATCHEL_PAPER_TIME_MAX},
    {"mailbox", 1, 1, SATCHEL_MAILBOX_ID_LENGTH},
};

static const SatchelPaperKind KIND = {"token", SATCHEL_TOKEN_SIZE_MAX, FIELDS,
                                      G_N_ELEMENTS (FIELDS)};

SatchelToken *
satchel_token_sign (gint64 expires_unix_us, SatchelSecret *lead_pair, GError **error)
{
  g_autofree char *id = satchel_random_id ();

  return satchel_token_sign_with_id (id, expires_unix_us, lead_pair, error);
}

SatchelToken *
satchel_token_sign_with_id (const char *id,
                            gint64 expires_unix_us,
                            SatchelSecret *lead_pair,
                            GError **error)
{
  g_autoptr (SatchelPaperBuilder) builder = satchel_paper_builder_new (&KIND);
  g_autofree char *mailbox = NULL;
  g_autofree char *text = NULL;
  SatchelMinisignKey lead;

  satchel_minisign_pair_get_key (lead_pair, &lead);
  mailbox = satchel_mailbox_of_newsroom (&lead);
  satchel_paper_builder_add (builder, "id", id);
  satchel_paper_builder_add_time (builder, "expires", expires_unix_us);
  satchel_paper_builder_add (builder, "mailbox", mailbox);
  text = satchel_paper_builder_sign (builder, lead_pair, error);
  return text != NULL ? satchel_token_parse (text, -1, &lead, error) : NULL;
}

static gboolean
read_mailbox (SatchelToken *self,
              SatchelPaper *paper,
              const SatchelMinisignKey *lead,
              GError **error)
{
  g_autofree char *expected = satchel_mailbox_of_newsroom (lead);

  self->mailbox = g_strdup (satchel_paper_get (paper, "mailbox", 0));
  if (!satchel_is_mailbox_id (self->mailbox))
    return satchel_paper_fault (error, "mailbox", "is not a mailbox id");
  if (!g_str_equal (self->mailbox, expected)) {
    g_set_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_MISMATCH,
                 "the token is for another newsroom's mailbox");
    return FALSE;
  }
  return TRUE;
}

SatchelToken *
satchel_token_parse (const char *text,
                     gssize size_bytes,
                     const SatchelMinisignKey *lead,
                     GError **error)
{
  g_autoptr (SatchelToken) self = g_new0 (SatchelToken, 1);
  g_autoptr (SatchelPaper) paper = NULL;

  paper = satchel_paper_parse (&KIND, text, satchel_paper_size (text, size_bytes), error);
  if (paper == NULL || !satchel_paper_verify (paper, lead, error) ||
      !satchel_paper_get_time (paper, "expires", &self->expires_unix_us, error))
    return NULL;
  self->id = g_strdup (satchel_paper_get (paper, "id", 0));
  if (!satchel_is_id (self->id)) {
    satchel_paper_fault (error, "id", "is not a token id");
    return NULL;
  }
  if (!read_mailbox (self, paper, lead, error))
    return NULL;
  self->return_mailbox = satchel_mailbox_of_token (self->id);
  self->text = g_strdup (satchel_paper_get_text (paper, NULL));
  return g_steal_pointer (&self);
}

gboolean
satchel_token_check (const SatchelToken *self,
                     const SatchelNewsroomCard *newsroom,
                     gint64 now_unix_us,
                     GError **error)
{
  if (newsroom != NULL && satchel_newsroom_card_is_revoked (newsroom, self->id)) {
    g_set_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_REVOKED,
                 "the newsroom has revoked this upload token");
    return FALSE;
  }
  if (now_unix_us >= self->expires_unix_us) {
    g_set_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_EXPIRED,
                 "this upload token has expired");
    return FALSE;
  }
  return TRUE;
}

char *
satchel_token_to_bearer (const SatchelToken *self)
{
  return satchel_base64_encode ((const guint8 *) self->text, strlen (self->text));
}

SatchelToken *
satchel_token_from_bearer (const char *credentials, const SatchelMinisignKey *lead, GError **error)
{
  g_autoptr (GBytes) raw = NULL;
  gsize size = 0;

  if (strlen (credentials) <= SATCHEL_BEARER_SIZE_MAX)
    raw = satchel_base64_decode (credentials, -1);
  if (raw == NULL || g_bytes_get_size (raw) == 0) {
    g_set_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID,
                 "the credentials are not an upload token");
    return NULL;
  }
  const char *text = g_bytes_get_data (raw, &size);
  return satchel_token_parse (text, (gssize) size, lead, error);
}

void
satchel_token_free (SatchelToken *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->mailbox);
  g_free (self->return_mailbox);
  g_free (self->text);
  g_free (self);
}
