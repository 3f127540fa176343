/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sodium.h>
#include <string.h>

#include "base/satchel-text.h"
#include "seal/satchel-age-private.h"

#define STANZA_SIZE (strlen ("-> X25519 ") + 43 + 1 + 43 + 1)
#define END_SIZE    (strlen ("--- ") + 43 + 1)

struct _SatchelAgeWriter {
  SatchelStreamWriter *stream;
};

static guint
count_stanzas (guint count, gboolean hide_count)
{
  guint stanzas = 4;

  if (!hide_count)
    return count;
  while (stanzas < count)
    stanzas *= 2;
  return stanzas;
}

guint64
satchel_age_header_size (guint count, gboolean hide_count)
{
  return strlen (SATCHEL_AGE_INTRO) + count_stanzas (count, hide_count) * STANZA_SIZE + END_SIZE +
         SATCHEL_AGE_NONCE_SIZE;
}

/* Ends the header, sends it, and lets the payload begin. */
static SatchelAgeWriter *
begin_payload (GByteArray *header,
               SatchelSecret *file_key,
               SatchelSink sink,
               SatchelPool *pool,
               GCancellable *cancellable,
               GError **error)
{
  guint8 mac[SATCHEL_AGE_MAC_SIZE];
  guint8 nonce[SATCHEL_AGE_NONCE_SIZE];

  g_byte_array_append (header, (const guint8 *) "---", 3);
  satchel_age_header_mac (satchel_secret_get_data (file_key), header->data, header->len, mac);
  g_autofree char *mac_text = satchel_base64_encode_raw (mac, sizeof mac);
  g_byte_array_append (header, (const guint8 *) " ", 1);
  g_byte_array_append (header, (const guint8 *) mac_text, strlen (mac_text));
  g_byte_array_append (header, (const guint8 *) "\n", 1);
  randombytes_buf (nonce, sizeof nonce);
  g_byte_array_append (header, nonce, sizeof nonce);

  g_autoptr (SatchelSecret) key = satchel_age_payload_key (file_key, nonce, error);
  if (key == NULL || !satchel_sink_write (sink, header->data, header->len, cancellable, error))
    return NULL;
  SatchelAgeWriter *self = g_new0 (SatchelAgeWriter, 1);
  self->stream = satchel_stream_writer_new (key, sink, pool);
  return self;
}

static gboolean
append_x25519 (GByteArray *header,
               const SatchelAgeRecipient *recipient,
               SatchelSecret *file_key,
               GError **error)
{
  guint8 scalar[32];
  guint8 share[32];
  guint8 key[32];
  guint8 body[SATCHEL_AGE_BODY_SIZE];

  randombytes_buf (scalar, sizeof scalar);
  crypto_scalarmult_base (share, scalar);
  gboolean good = satchel_age_x25519_key (scalar, recipient->bytes, share, recipient->bytes, key);
  sodium_memzero (scalar, sizeof scalar);
  if (!good) {
    g_set_error_literal (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_KEY,
                         "age: a recipient that nobody can hold the identity of");
    return FALSE;
  }
  satchel_age_wrap (key, satchel_secret_get_data (file_key), body);
  sodium_memzero (key, sizeof key);
  g_autofree char *share_text = satchel_base64_encode_raw (share, sizeof share);
  const char *const arguments[] = {"X25519", share_text, NULL};
  satchel_age_stanza_append (header, arguments, body, sizeof body);
  return TRUE;
}

/* The recipients and the throw-away ones, in random order. Nobody holds the identity of those, but
 * their stanzas are made like any other, so that nothing tells them apart. */
static void
gather (const SatchelAgeRecipient *recipients,
        guint count,
        SatchelAgeRecipient *out,
        guint out_count)
{
  memcpy (out, recipients, count * sizeof *out);
  for (guint i = count; i < out_count; i++) {
    guint8 scalar[32];
    randombytes_buf (scalar, sizeof scalar);
    crypto_scalarmult_base (out[i].bytes, scalar);
    sodium_memzero (scalar, sizeof scalar);
  }
  for (guint i = out_count - 1; i > 0; i--) {
    guint j = randombytes_uniform (i + 1);
    SatchelAgeRecipient swapped = out[i];
    out[i] = out[j];
    out[j] = swapped;
  }
}

SatchelAgeWriter *
satchel_age_writer_new (const SatchelAgeRecipient *recipients,
                        guint count,
                        gboolean hide_count,
                        SatchelSink sink,
                        SatchelPool *pool,
                        GCancellable *cancellable,
                        GError **error)
{
  SatchelAgeRecipient all[SATCHEL_AGE_STANZAS_MAX];
  g_autoptr (GByteArray) header = g_byte_array_new ();

  if (count == 0 || count > SATCHEL_AGE_STANZAS_MAX) {
    g_set_error (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_LIMIT,
                 "age: %u recipients, where 1 to %d are possible", count, SATCHEL_AGE_STANZAS_MAX);
    return NULL;
  }
  guint stanzas = count_stanzas (count, hide_count);
  g_autoptr (SatchelSecret) file_key = satchel_secret_new_random (SATCHEL_AGE_FILE_KEY_SIZE, error);
  if (file_key == NULL)
    return NULL;
  gather (recipients, count, all, stanzas);
  g_byte_array_append (header, (const guint8 *) SATCHEL_AGE_INTRO, strlen (SATCHEL_AGE_INTRO));
  for (guint i = 0; i < stanzas; i++)
    if (!append_x25519 (header, &all[i], file_key, error))
      return NULL;
  return begin_payload (header, file_key, sink, pool, cancellable, error);
}

static gboolean
append_scrypt (GByteArray *header,
               SatchelSecret *passphrase,
               guint log_n,
               SatchelSecret *file_key,
               GError **error)
{
  guint8 salt[SATCHEL_AGE_SALT_SIZE];
  guint8 key[32];
  guint8 body[SATCHEL_AGE_BODY_SIZE];

  randombytes_buf (salt, sizeof salt);
  if (!satchel_age_scrypt_key (passphrase, salt, log_n, key)) {
    g_set_error_literal (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_LIMIT,
                         "age: not the memory for this scrypt work factor");
    return FALSE;
  }
  satchel_age_wrap (key, satchel_secret_get_data (file_key), body);
  sodium_memzero (key, sizeof key);
  g_autofree char *salt_text = satchel_base64_encode_raw (salt, sizeof salt);
  g_autofree char *factor_text = g_strdup_printf ("%u", log_n);
  const char *const arguments[] = {"scrypt", salt_text, factor_text, NULL};
  satchel_age_stanza_append (header, arguments, body, sizeof body);
  return TRUE;
}

SatchelAgeWriter *
satchel_age_writer_new_passphrase (SatchelSecret *passphrase,
                                   guint log_n,
                                   SatchelSink sink,
                                   SatchelPool *pool,
                                   GCancellable *cancellable,
                                   GError **error)
{
  g_autoptr (GByteArray) header = g_byte_array_new ();

  g_return_val_if_fail (log_n > 0 && log_n <= SATCHEL_AGE_SCRYPT_LOG_N_MAX, NULL);
  g_autoptr (SatchelSecret) file_key = satchel_secret_new_random (SATCHEL_AGE_FILE_KEY_SIZE, error);
  g_byte_array_append (header, (const guint8 *) SATCHEL_AGE_INTRO, strlen (SATCHEL_AGE_INTRO));
  if (file_key == NULL || !append_scrypt (header, passphrase, log_n, file_key, error))
    return NULL;
  return begin_payload (header, file_key, sink, pool, cancellable, error);
}

SatchelSink
satchel_age_writer_get_sink (SatchelAgeWriter *self)
{
  return satchel_stream_writer_get_sink (self->stream);
}

gboolean
satchel_age_writer_finish (SatchelAgeWriter *self, GCancellable *cancellable, GError **error)
{
  return satchel_stream_writer_finish (self->stream, cancellable, error);
}

void
satchel_age_writer_free (SatchelAgeWriter *self)
{
  if (self == NULL)
    return;
  satchel_stream_writer_free (self->stream);
  g_free (self);
}
