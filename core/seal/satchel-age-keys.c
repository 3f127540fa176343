/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-age.h"

#include <sodium.h>
#include <string.h>

#include "base/satchel-text.h"

#define RECIPIENT_PREFIX "age"
#define IDENTITY_PREFIX  "age-secret-key-"
#define IDENTITY_TEXT    74 /* "AGE-SECRET-KEY-1" and 58 characters */

char *
satchel_age_recipient_format (const SatchelAgeRecipient *recipient)
{
  return satchel_bech32_encode (RECIPIENT_PREFIX, recipient->bytes, SATCHEL_AGE_KEY_SIZE);
}

gboolean
satchel_age_recipient_parse (const char *text, SatchelAgeRecipient *out, GError **error)
{
  /* age writes recipients in lower case and reads no others. */
  if (!g_ascii_islower (text[0]) ||
      !satchel_bech32_decode (text, RECIPIENT_PREFIX, out->bytes, SATCHEL_AGE_KEY_SIZE)) {
    g_set_error (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_KEY, "not an age recipient");
    return FALSE;
  }
  return TRUE;
}

SatchelSecret *
satchel_age_identity_new (GError **error)
{
  return satchel_secret_new_random (SATCHEL_AGE_KEY_SIZE, error);
}

gboolean
satchel_age_identity_get_recipient (SatchelSecret *identity,
                                    SatchelAgeRecipient *out,
                                    GError **error)
{
  if (satchel_secret_get_size (identity) != SATCHEL_AGE_KEY_SIZE ||
      crypto_scalarmult_base (out->bytes, satchel_secret_get_data (identity)) != 0) {
    g_set_error (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_KEY, "not an age identity");
    return FALSE;
  }
  return TRUE;
}

SatchelSecret *
satchel_age_identity_format (SatchelSecret *identity, GError **error)
{
  char *text;
  SatchelSecret *secret;

  if (satchel_secret_get_size (identity) != SATCHEL_AGE_KEY_SIZE) {
    g_set_error (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_KEY, "not an age identity");
    return NULL;
  }
  text = satchel_bech32_encode (IDENTITY_PREFIX, satchel_secret_get_data (identity),
                                SATCHEL_AGE_KEY_SIZE);
  for (char *p = text; *p != '\0'; p++)
    *p = g_ascii_toupper (*p);
  secret = satchel_secret_new_copy ((const guint8 *) text, strlen (text), error);
  sodium_memzero (text, strlen (text));
  g_free (text);
  return secret;
}

SatchelSecret *
satchel_age_identity_parse (const char *text, gsize length, GError **error)
{
  char copy[IDENTITY_TEXT + 1] = "";
  g_autoptr (SatchelSecret) identity = satchel_secret_new (SATCHEL_AGE_KEY_SIZE, error);
  gboolean good;

  if (identity == NULL)
    return NULL;
  good = length == IDENTITY_TEXT && g_ascii_isupper (text[0]);
  if (good)
    memcpy (copy, text, length);
  good = good && satchel_bech32_decode (copy, IDENTITY_PREFIX,
                                        satchel_secret_get_writable (identity),
                                        SATCHEL_AGE_KEY_SIZE);
  sodium_memzero (copy, sizeof copy);
  if (!good) {
    g_set_error (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_KEY, "not an age identity");
    return NULL;
  }
  return g_steal_pointer (&identity);
}
