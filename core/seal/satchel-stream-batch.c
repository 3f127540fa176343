/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-stream-private.h"

#include <sodium.h>
#include <string.h>

#define NONCE_SIZE 12

guint64
satchel_stream_sealed_size (guint64 plain_bytes)
{
  guint64 chunks = plain_bytes / SATCHEL_STREAM_CHUNK_SIZE +
                   (plain_bytes % SATCHEL_STREAM_CHUNK_SIZE != 0 || plain_bytes == 0);

  return plain_bytes + chunks * SATCHEL_STREAM_TAG_SIZE;
}

gboolean
satchel_stream_plain_size (guint64 sealed_bytes, guint64 *plain_bytes)
{
  guint64 full = sealed_bytes / SATCHEL_STREAM_SEALED_CHUNK;
  guint64 rest = sealed_bytes % SATCHEL_STREAM_SEALED_CHUNK;

  /* The last chunk may be full; a short one has a tag, and content unless it is the only one. */
  if (rest != 0 ? rest < SATCHEL_STREAM_TAG_SIZE + (full > 0) : full == 0)
    return FALSE;
  if (plain_bytes != NULL)
    *plain_bytes = full * SATCHEL_STREAM_CHUNK_SIZE +
                   (rest != 0 ? rest - SATCHEL_STREAM_TAG_SIZE : 0);
  return TRUE;
}

void
satchel_stream_batch_reserve (SatchelStreamBatch *self,
                              SatchelSecret *key,
                              guint capacity,
                              gboolean seals)
{
  g_assert (satchel_secret_get_size (key) == SATCHEL_STREAM_KEY_SIZE);
  g_assert (capacity > 0 && capacity <= SATCHEL_STREAM_BATCH_MAX);
  if (self->capacity >= capacity)
    return;
  satchel_stream_batch_clear (self);
  self->capacity = capacity;
  self->plain = g_malloc ((gsize) capacity * SATCHEL_STREAM_CHUNK_SIZE);
  self->sealed = g_malloc ((gsize) capacity * SATCHEL_STREAM_SEALED_CHUNK);
  self->context = EVP_CIPHER_CTX_new ();
  if (self->context == NULL ||
      EVP_CipherInit_ex (self->context, EVP_chacha20_poly1305 (), NULL,
                         satchel_secret_get_data (key), NULL, seals) != 1)
    g_error ("libcrypto has no ChaCha20-Poly1305");
}

void
satchel_stream_batch_clear (SatchelStreamBatch *self)
{
  if (self->context == NULL)
    return;
  EVP_CIPHER_CTX_free (self->context);
  sodium_memzero (self->plain, self->dirty_size);
  g_free (self->plain);
  g_free (self->sealed);
  memset (self, 0, sizeof *self);
}

static void
make_nonce (guint64 counter, gboolean last, guint8 nonce[NONCE_SIZE])
{
  guint64 big_endian = GUINT64_TO_BE (counter);

  memset (nonce, 0, NONCE_SIZE);
  memcpy (nonce + 3, &big_endian, sizeof big_endian);
  nonce[NONCE_SIZE - 1] = last ? 1 : 0;
}

static void
seal_chunk (SatchelStreamBatch *self, guint index)
{
  gsize from = (gsize) index * SATCHEL_STREAM_CHUNK_SIZE;
  gsize size = MIN (self->plain_size - from, SATCHEL_STREAM_CHUNK_SIZE);
  guint8 *out = self->sealed + (gsize) index * SATCHEL_STREAM_SEALED_CHUNK;
  EVP_CIPHER_CTX *context = self->context;
  guint8 nonce[NONCE_SIZE];
  int written = 0;

  make_nonce (self->counter + index, self->ends && from + size == self->plain_size, nonce);
  if (EVP_EncryptInit_ex (context, NULL, NULL, NULL, nonce) != 1 ||
      (size > 0 && EVP_EncryptUpdate (context, out, &written, self->plain + from, size) != 1) ||
      EVP_EncryptFinal_ex (context, out + written, &written) != 1 ||
      EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_AEAD_GET_TAG, SATCHEL_STREAM_TAG_SIZE, out + size) !=
          1)
    g_error ("libcrypto failed to seal");
}

guint
satchel_stream_batch_seal (SatchelStreamBatch *self)
{
  guint count = self->plain_size == 0 ? 1
                                      : (self->plain_size + SATCHEL_STREAM_CHUNK_SIZE - 1) /
                                            SATCHEL_STREAM_CHUNK_SIZE;

  self->dirty_size = MAX (self->dirty_size, self->plain_size);
  for (guint i = 0; i < count; i++)
    seal_chunk (self, i);
  self->sealed_size = self->plain_size + (gsize) count * SATCHEL_STREAM_TAG_SIZE;
  return count;
}

static gboolean
open_as (SatchelStreamBatch *self, guint index, gsize size, gboolean last)
{
  guint8 *in = self->sealed + (gsize) index * SATCHEL_STREAM_SEALED_CHUNK;
  guint8 *out = self->plain + (gsize) index * SATCHEL_STREAM_CHUNK_SIZE;
  EVP_CIPHER_CTX *context = self->context;
  guint8 nonce[NONCE_SIZE];
  guint8 rest[NONCE_SIZE];
  int written;

  make_nonce (self->counter + index, last, nonce);
  return EVP_DecryptInit_ex (context, NULL, NULL, NULL, nonce) == 1 &&
         EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_AEAD_SET_TAG, SATCHEL_STREAM_TAG_SIZE, in + size) ==
             1 &&
         (size == 0 || EVP_DecryptUpdate (context, out, &written, in, size) == 1) &&
         EVP_DecryptFinal_ex (context, rest, &written) == 1;
}

/* A full chunk may be a middle one or the last: middle is tried first, so that the other try is
 * made once a stream. A short one can only be the last. */
static void
open_chunk (SatchelStreamBatch *self, guint index)
{
  gsize from = (gsize) index * SATCHEL_STREAM_SEALED_CHUNK;
  gsize sealed_size = MIN (self->sealed_size - from, SATCHEL_STREAM_SEALED_CHUNK);
  gsize size = sealed_size - SATCHEL_STREAM_TAG_SIZE;

  self->states[index] = SATCHEL_CHUNK_BAD;
  if (sealed_size < SATCHEL_STREAM_TAG_SIZE)
    return;
  if (size == SATCHEL_STREAM_CHUNK_SIZE && open_as (self, index, size, FALSE))
    self->states[index] = SATCHEL_CHUNK_MIDDLE;
  else if ((size > 0 || self->counter + index == 0) && open_as (self, index, size, TRUE))
    self->states[index] = SATCHEL_CHUNK_LAST;
  else
    sodium_memzero (self->plain + (gsize) index * SATCHEL_STREAM_CHUNK_SIZE, size);
}

guint
satchel_stream_batch_open (SatchelStreamBatch *self)
{
  guint count =
      (self->sealed_size + SATCHEL_STREAM_SEALED_CHUNK - 1) / SATCHEL_STREAM_SEALED_CHUNK;

  self->dirty_size = MAX (self->dirty_size, (gsize) count * SATCHEL_STREAM_CHUNK_SIZE);
  for (guint i = 0; i < count; i++)
    open_chunk (self, i);
  return count;
}
