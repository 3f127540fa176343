/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "papers/satchel-invite.h"

#include <string.h>

#include "base/satchel-text.h"
#include "papers/satchel-paper-private.h"

static const SatchelPaperField FIELDS[] = {
    {"newsroom", 1, 1, SATCHEL_PAPER_BASE64 (SATCHEL_NEWSROOM_CARD_SIZE_MAX)},
    {"token", 1, 1, SATCHEL_PAPER_BASE64 (SATCHEL_TOKEN_SIZE_MAX)},
    {"introduction", 1, 1, 2 * SATCHEL_INTRODUCTION_SECRET_SIZE},
};

static const SatchelPaperKind KIND = {"invite", SATCHEL_INVITE_SIZE_MAX, FIELDS,
                                      G_N_ELEMENTS (FIELDS)};

void
satchel_invite_wipe_text (char *text)
{
  if (text != NULL)
    explicit_bzero (text, strlen (text));
  g_free (text);
}

char *
satchel_invite_sign (const SatchelNewsroomCard *newsroom,
                     const SatchelToken *token,
                     SatchelSecret *introduction,
                     SatchelSecret *lead_pair,
                     GError **error)
{
  g_autoptr (SatchelPaperBuilder) builder = satchel_paper_builder_new (&KIND);
  g_autoptr (SatchelInvite) check = NULL;
  char *secret = satchel_hex_encode (satchel_secret_get_data (introduction),
                                     satchel_secret_get_size (introduction));
  char *text;

  satchel_paper_builder_add_bytes (builder, "newsroom", newsroom->text, strlen (newsroom->text));
  satchel_paper_builder_add_bytes (builder, "token", token->text, strlen (token->text));
  satchel_paper_builder_add (builder, "introduction", secret);
  satchel_invite_wipe_text (secret);
  text = satchel_paper_builder_sign (builder, lead_pair, error);
  check = text != NULL ? satchel_invite_parse (text, -1, error) : NULL;
  if (check == NULL)
    g_clear_pointer (&text, satchel_invite_wipe_text);
  return text;
}

static gboolean
read_newsroom (SatchelInvite *self, SatchelPaper *paper, GError **error)
{
  g_autoptr (GBytes) text = satchel_paper_get_bytes (paper, "newsroom", 0, error);
  gsize size = 0;

  if (text == NULL)
    return FALSE;
  const char *data = g_bytes_get_data (text, &size);
  self->newsroom = satchel_newsroom_card_parse (data, (gssize) size, NULL, error);
  return self->newsroom != NULL;
}

static gboolean
read_token (SatchelInvite *self, SatchelPaper *paper, GError **error)
{
  g_autoptr (GBytes) text = satchel_paper_get_bytes (paper, "token", 0, error);
  gsize size = 0;

  if (text == NULL)
    return FALSE;
  const char *data = g_bytes_get_data (text, &size);
  self->token = satchel_token_parse (data, (gssize) size, &self->newsroom->lead, error);
  return self->token != NULL;
}

static gboolean
read_introduction (SatchelInvite *self, SatchelPaper *paper, GError **error)
{
  const char *text = satchel_paper_get (paper, "introduction", 0);

  self->introduction = satchel_secret_new (SATCHEL_INTRODUCTION_SECRET_SIZE, error);
  if (self->introduction == NULL)
    return FALSE;
  if (!satchel_hex_decode (text, satchel_secret_get_writable (self->introduction),
                           SATCHEL_INTRODUCTION_SECRET_SIZE))
    return satchel_paper_fault (error, "introduction", "is not 32 bytes in hexadecimal");
  return TRUE;
}

SatchelInvite *
satchel_invite_parse (const char *text, gssize size_bytes, GError **error)
{
  g_autoptr (SatchelInvite) self = g_new0 (SatchelInvite, 1);
  g_autoptr (SatchelPaper) paper = NULL;

  paper = satchel_paper_parse (&KIND, text, satchel_paper_size (text, size_bytes), error);
  if (paper == NULL || !read_newsroom (self, paper, error) ||
      !satchel_paper_verify (paper, &self->newsroom->lead, error) ||
      !read_token (self, paper, error) || !read_introduction (self, paper, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
satchel_invite_free (SatchelInvite *self)
{
  if (self == NULL)
    return;
  satchel_newsroom_card_free (self->newsroom);
  satchel_token_free (self->token);
  satchel_secret_unref (self->introduction);
  g_free (self);
}
