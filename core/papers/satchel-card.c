/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "papers/satchel-card.h"

#include <string.h>

#include "papers/satchel-paper-private.h"

#define AGE_TEXT_LENGTH 62 /* "age1" and 58 characters */

static const SatchelPaperField FIELDS[] = {
    {"name", 1, 1, SATCHEL_CARD_NAME_MAX},
    {"role", 1, 1, 8},
    {"age", 1, 1, AGE_TEXT_LENGTH},
    {"minisign", 1, 1, SATCHEL_PAPER_MINISIGN_MAX},
    {"access", 1, 1, SATCHEL_PAPER_BASE64 (SATCHEL_ACCESS_KEY_SIZE)},
    {"newsroom", 0, 1, SATCHEL_CARD_NAME_MAX},
};

static const SatchelPaperKind KIND = {"card", SATCHEL_CARD_SIZE_MAX, FIELDS, G_N_ELEMENTS (FIELDS)};

static gboolean
read_age_key (SatchelPaper *paper, SatchelAgeRecipient *out, GError **error)
{
  const char *text = satchel_paper_get (paper, "age", 0);
  g_autofree char *spelling = NULL;

  if (!satchel_age_recipient_parse (text, out, NULL))
    return satchel_paper_fault (error, "age", "is not an age recipient");
  spelling = satchel_age_recipient_format (out);
  if (!g_str_equal (spelling, text))
    return satchel_paper_fault (error, "age", "is not the one spelling of its key");
  return TRUE;
}

static gboolean
read_keys (SatchelPaper *paper, SatchelPublicKeys *keys, GError **error)
{
  if (!read_age_key (paper, &keys->age, error) ||
      !satchel_paper_get_minisign (paper, "minisign", &keys->minisign, error))
    return FALSE;
  if (!satchel_access_key_parse (satchel_paper_get (paper, "access", 0), keys->access))
    return satchel_paper_fault (error, "access", "is not an access key");
  /* One key for two purposes would let a network request be taken for a paper. */
  if (memcmp (keys->access, keys->minisign.ed25519, SATCHEL_ACCESS_KEY_SIZE) == 0)
    return satchel_paper_fault (error, "access", "is the minisign key again");
  return TRUE;
}

SatchelCard *
satchel_card_sign (const char *name,
                   SatchelRole role,
                   const SatchelPublicKeys *keys,
                   const char *newsroom,
                   SatchelSecret *pair,
                   GError **error)
{
  g_autoptr (SatchelPaperBuilder) builder = satchel_paper_builder_new (&KIND);
  g_autofree char *age = satchel_age_recipient_format (&keys->age);
  g_autofree char *access = satchel_access_key_format (keys->access);
  g_autofree char *text = NULL;

  satchel_paper_builder_add (builder, "name", name);
  satchel_paper_builder_add (builder, "role", satchel_role_to_text (role));
  satchel_paper_builder_add (builder, "age", age);
  satchel_paper_builder_add_minisign (builder, "minisign", &keys->minisign);
  satchel_paper_builder_add (builder, "access", access);
  if (newsroom != NULL)
    satchel_paper_builder_add (builder, "newsroom", newsroom);
  text = satchel_paper_builder_sign (builder, pair, error);
  return text != NULL ? satchel_card_parse (text, -1, error) : NULL;
}

SatchelCard *
satchel_card_parse (const char *text, gssize size_bytes, GError **error)
{
  g_autoptr (SatchelCard) self = g_new0 (SatchelCard, 1);
  g_autoptr (SatchelPaper) paper = NULL;

  paper = satchel_paper_parse (&KIND, text, satchel_paper_size (text, size_bytes), error);
  if (paper == NULL || !read_keys (paper, &self->keys, error))
    return NULL;
  if (!satchel_role_parse (satchel_paper_get (paper, "role", 0), &self->role)) {
    satchel_paper_fault (error, "role", "is no role");
    return NULL;
  }
  if (!satchel_paper_verify (paper, &self->keys.minisign, error))
    return NULL;

  self->name = g_strdup (satchel_paper_get (paper, "name", 0));
  if (satchel_paper_count (paper, "newsroom") > 0)
    self->newsroom = g_strdup (satchel_paper_get (paper, "newsroom", 0));
  self->text = g_strdup (satchel_paper_get_text (paper, NULL));
  return g_steal_pointer (&self);
}

SatchelCard *
satchel_card_copy (const SatchelCard *self)
{
  SatchelCard *copy = g_new0 (SatchelCard, 1);

  copy->name = g_strdup (self->name);
  copy->role = self->role;
  copy->keys = self->keys;
  copy->newsroom = g_strdup (self->newsroom);
  copy->text = g_strdup (self->text);
  return copy;
}

void
satchel_card_free (SatchelCard *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->newsroom);
  g_free (self->text);
  g_free (self);
}
