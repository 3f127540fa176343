/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "papers/satchel-mailbox.h"

#include <string.h>

#include "base/satchel-hash.h"
#include "base/satchel-text.h"

#define NEWSROOM_LABEL "satchel newsroom mailbox v1"
#define TOKEN_LABEL    "satchel mailbox v1"

static char *
hash_labelled (const char *label, const guint8 *data, gsize size)
{
  g_autoptr (SatchelSha256) hash = satchel_sha256_new ();
  guint8 out[SATCHEL_SHA256_SIZE];

  satchel_sha256_update (hash, (const guint8 *) label, strlen (label));
  satchel_sha256_update (hash, data, size);
  satchel_sha256_finish (hash, out);
  return satchel_hex_encode (out, sizeof out);
}

char *
satchel_mailbox_of_newsroom (const SatchelMinisignKey *lead)
{
  return hash_labelled (NEWSROOM_LABEL, lead->ed25519, sizeof lead->ed25519);
}

char *
satchel_mailbox_of_token (const char *token_id)
{
  guint8 raw[16];

  g_return_val_if_fail (satchel_hex_decode (token_id, raw, sizeof raw), NULL);
  return hash_labelled (TOKEN_LABEL, raw, sizeof raw);
}

gboolean
satchel_is_mailbox_id (const char *text)
{
  guint8 raw[32];

  return strlen (text) == SATCHEL_MAILBOX_ID_LENGTH && satchel_hex_decode (text, raw, sizeof raw);
}
