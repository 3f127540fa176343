/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sodium.h>
#include <string.h>

#include "base/satchel-text.h"
#include "seal/satchel-age-private.h"

static gboolean
refuse (GError **error, SatchelSealError code, const char *rule)
{
  g_set_error (error, SATCHEL_SEAL_ERROR, code, "age header: %s", rule);
  return FALSE;
}

static gboolean
decode_argument (const char *text, guint8 *out, gsize size_bytes)
{
  g_autoptr (GBytes) bytes = satchel_base64_decode_raw (text, -1);

  if (bytes == NULL || g_bytes_get_size (bytes) != size_bytes)
    return FALSE;
  memcpy (out, g_bytes_get_data (bytes, NULL), size_bytes);
  return TRUE;
}

/* One or two digits, the first not 0. 0 for anything else, which is no work factor either. */
static guint
parse_work_factor (const char *text)
{
  gsize length = strlen (text);

  if (length < 1 || length > 2 || text[0] < '1' || text[0] > '9')
    return 0;
  if (length == 1)
    return text[0] - '0';
  return g_ascii_isdigit (text[1]) ? (guint) (text[0] - '0') * 10 + (text[1] - '0') : 0;
}

static gboolean
is_of_type (const SatchelAgeStanza *stanza, const char *type)
{
  return g_str_equal (stanza->arguments[0], type);
}

/* The rules for a stanza of a type that we know; others are left alone. */
static gboolean
check_stanza (const SatchelAgeHeader *header, const SatchelAgeStanza *stanza, GError **error)
{
  guint count = g_strv_length (stanza->arguments);
  guint8 bytes[32];

  if (is_of_type (stanza, "X25519")) {
    if (count != 2 || !decode_argument (stanza->arguments[1], bytes, 32) ||
        stanza->body->len != SATCHEL_AGE_BODY_SIZE)
      return refuse (error, SATCHEL_SEAL_ERROR_HEADER, "a malformed X25519 stanza");
  } else if (is_of_type (stanza, "scrypt")) {
    if (count != 3 || !decode_argument (stanza->arguments[1], bytes, SATCHEL_AGE_SALT_SIZE) ||
        stanza->body->len != SATCHEL_AGE_BODY_SIZE || parse_work_factor (stanza->arguments[2]) == 0)
      return refuse (error, SATCHEL_SEAL_ERROR_HEADER, "a malformed scrypt stanza");
    if (header->stanzas->len != 1)
      return refuse (error, SATCHEL_SEAL_ERROR_HEADER, "a scrypt stanza that is not alone");
  }
  return TRUE;
}

static SatchelAgeHeader *
read_header (GBufferedInputStream *stream, GCancellable *cancellable, GError **error)
{
  g_autoptr (SatchelAgeHeader) header = satchel_age_header_read (stream, cancellable, error);

  for (guint i = 0; header != NULL && i < header->stanzas->len; i++)
    if (!check_stanza (header, header->stanzas->pdata[i], error))
      return NULL;
  return g_steal_pointer (&header);
}

static gboolean
try_identity (const SatchelAgeStanza *stanza,
              SatchelSecret *identity,
              guint8 *file_key,
              gboolean *found,
              GError **error)
{
  SatchelAgeRecipient own;
  guint8 share[32];
  guint8 key[32];

  if (!satchel_age_identity_get_recipient (identity, &own, error))
    return FALSE;
  decode_argument (stanza->arguments[1], share, sizeof share);
  if (!satchel_age_x25519_key (satchel_secret_get_data (identity), share, share, own.bytes, key))
    return refuse (error, SATCHEL_SEAL_ERROR_HEADER, "an X25519 share of low order");
  *found = satchel_age_unwrap (key, stanza->body->data, file_key);
  sodium_memzero (key, sizeof key);
  return TRUE;
}

/* Every stanza is tried, also after one has opened, so that a wrong one is refused wherever it
 * stands. */
static gboolean
unwrap_x25519 (const SatchelAgeHeader *header,
               SatchelSecret *const *identities,
               guint count,
               guint8 *file_key,
               GError **error)
{
  guint8 tried[SATCHEL_AGE_FILE_KEY_SIZE];
  gboolean opened = FALSE;

  for (guint i = 0; i < header->stanzas->len; i++) {
    const SatchelAgeStanza *stanza = header->stanzas->pdata[i];
    for (guint j = 0; j < count && is_of_type (stanza, "X25519"); j++) {
      gboolean found = FALSE;
      if (!try_identity (stanza, identities[j], tried, &found, error))
        return FALSE;
      if (found && !opened)
        memcpy (file_key, tried, sizeof tried);
      opened = opened || found;
    }
  }
  sodium_memzero (tried, sizeof tried);
  return opened || refuse (error, SATCHEL_SEAL_ERROR_NO_MATCH, "sealed to other recipients");
}

static gboolean
unwrap_scrypt (const SatchelAgeHeader *header,
               SatchelSecret *passphrase,
               guint8 *file_key,
               GError **error)
{
  const SatchelAgeStanza *stanza = header->stanzas->pdata[0];
  guint8 salt[SATCHEL_AGE_SALT_SIZE];
  guint8 key[32];

  if (!is_of_type (stanza, "scrypt"))
    return refuse (error, SATCHEL_SEAL_ERROR_NO_MATCH, "not sealed with a passphrase");
  guint log_n = parse_work_factor (stanza->arguments[2]);
  if (log_n > SATCHEL_AGE_SCRYPT_LOG_N_MAX)
    return refuse (error, SATCHEL_SEAL_ERROR_LIMIT, "a scrypt work factor above 22");
  decode_argument (stanza->arguments[1], salt, sizeof salt);
  if (!satchel_age_scrypt_key (passphrase, salt, log_n, key))
    return refuse (error, SATCHEL_SEAL_ERROR_LIMIT, "not the memory for this scrypt work factor");
  gboolean found = satchel_age_unwrap (key, stanza->body->data, file_key);
  sodium_memzero (key, sizeof key);
  return found || refuse (error, SATCHEL_SEAL_ERROR_NO_MATCH, "another passphrase");
}

static gboolean
check_mac (const SatchelAgeHeader *header, SatchelSecret *file_key, GError **error)
{
  guint8 mac[SATCHEL_AGE_MAC_SIZE];

  satchel_age_header_mac (satchel_secret_get_data (file_key), header->raw->data, header->raw->len,
                          mac);
  return sodium_memcmp (mac, header->mac, sizeof mac) == 0 ||
         refuse (error, SATCHEL_SEAL_ERROR_HEADER_MAC, "changed after sealing");
}

static GInputStream *
begin_payload (GBufferedInputStream *stream,
               SatchelSecret *file_key,
               SatchelPool *pool,
               GCancellable *cancellable,
               GError **error)
{
  guint8 nonce[SATCHEL_AGE_NONCE_SIZE];
  gsize got;

  if (!g_input_stream_read_all (G_INPUT_STREAM (stream), nonce, sizeof nonce, &got, cancellable,
                                error))
    return NULL;
  if (got != sizeof nonce) {
    refuse (error, SATCHEL_SEAL_ERROR_HEADER, "cut short before the payload");
    return NULL;
  }
  g_autoptr (SatchelSecret) key = satchel_age_payload_key (file_key, nonce, error);
  return key != NULL ? satchel_stream_reader_new (key, G_INPUT_STREAM (stream), pool) : NULL;
}

/* With @passphrase, or NULL and @identities. */
static GInputStream *
open_sealed (GInputStream *sealed,
             SatchelSecret *passphrase,
             SatchelSecret *const *identities,
             guint count,
             SatchelPool *pool,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (GInputStream) buffered = g_buffered_input_stream_new (sealed);
  GBufferedInputStream *stream = G_BUFFERED_INPUT_STREAM (buffered);

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (buffered), FALSE);
  g_autoptr (SatchelAgeHeader) header = read_header (stream, cancellable, error);
  if (header == NULL)
    return NULL;
  g_autoptr (SatchelSecret) file_key = satchel_secret_new (SATCHEL_AGE_FILE_KEY_SIZE, error);
  if (file_key == NULL)
    return NULL;
  guint8 *file_key_data = satchel_secret_get_writable (file_key);
  if (passphrase != NULL ? !unwrap_scrypt (header, passphrase, file_key_data, error)
                         : !unwrap_x25519 (header, identities, count, file_key_data, error))
    return NULL;
  if (!check_mac (header, file_key, error))
    return NULL;
  return begin_payload (stream, file_key, pool, cancellable, error);
}

GInputStream *
satchel_age_reader_new (GInputStream *sealed,
                        SatchelSecret *const *identities,
                        guint count,
                        SatchelPool *pool,
                        GCancellable *cancellable,
                        GError **error)
{
  return open_sealed (sealed, NULL, identities, count, pool, cancellable, error);
}

GInputStream *
satchel_age_reader_new_passphrase (GInputStream *sealed,
                                   SatchelSecret *passphrase,
                                   SatchelPool *pool,
                                   GCancellable *cancellable,
                                   GError **error)
{
  return open_sealed (sealed, passphrase, NULL, 0, pool, cancellable, error);
}
