/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "secret/satchel-secret.h"

#include <openssl/crypto.h>
#include <sodium.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

// clang-format off
G_DEFINE_QUARK (satchel_secret_error, satchel_secret_error)
// clang-format on

#define NONCE_SIZE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_SIZE   crypto_aead_xchacha20poly1305_ietf_ABYTES

G_STATIC_ASSERT (NONCE_SIZE + SATCHEL_WRAPPABLE_SIZE + TAG_SIZE == SATCHEL_WRAPPED_SIZE);

struct _SatchelSecret {
  gatomicrefcount references;
  gsize size;
  guint8 *data; /* from sodium_malloc(), locked */
};

void
satchel_secret_init (void)
{
  const struct rlimit none = {0, 0};

  if (sodium_init () < 0)
    g_error ("the random generator could not be started");
  /* Neither a crash nor another process of the same user may read keys. Both calls can only fail
   * for want of kernel support, and then there is nothing better to do. */
  prctl (PR_SET_DUMPABLE, 0, 0, 0, 0);
  setrlimit (RLIMIT_CORE, &none);
  /* Where a program ends while its threads do, OpenSSL would clear itself away under them. */
  OPENSSL_init_crypto (OPENSSL_INIT_NO_ATEXIT, NULL);
}

SatchelSecret *
satchel_secret_new (gsize size_bytes, GError **error)
{
  guint8 *data = sodium_malloc (size_bytes > 0 ? size_bytes : 1);

  /* sodium_malloc() goes on where the lock was refused: asking once more tells. */
  if (data == NULL || sodium_mlock (data, size_bytes > 0 ? size_bytes : 1) != 0) {
    if (data != NULL)
      sodium_free (data);
    g_set_error_literal (
        error, SATCHEL_SECRET_ERROR, SATCHEL_SECRET_ERROR_MEMORY,
        "memory for keys could not be locked: raise the limit of locked memory (ulimit -l)");
    return NULL;
  }
  SatchelSecret *self = g_new0 (SatchelSecret, 1);
  g_atomic_ref_count_init (&self->references);
  self->size = size_bytes;
  self->data = data;
  memset (data, 0, size_bytes);
  return self;
}

SatchelSecret *
satchel_secret_new_copy (const guint8 *data, gsize size_bytes, GError **error)
{
  SatchelSecret *self = satchel_secret_new (size_bytes, error);

  if (self != NULL && size_bytes > 0)
    memcpy (self->data, data, size_bytes);
  return self;
}

SatchelSecret *
satchel_secret_new_random (gsize size_bytes, GError **error)
{
  SatchelSecret *self = satchel_secret_new (size_bytes, error);

  if (self != NULL)
    randombytes_buf (self->data, size_bytes);
  return self;
}

SatchelSecret *
satchel_secret_ref (SatchelSecret *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
satchel_secret_unref (SatchelSecret *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->references))
    return;
  sodium_free (self->data); /* zeroes */
  g_free (self);
}

const guint8 *
satchel_secret_get_data (SatchelSecret *self)
{
  return self->data;
}

guint8 *
satchel_secret_get_writable (SatchelSecret *self)
{
  return self->data;
}

gsize
satchel_secret_get_size (SatchelSecret *self)
{
  return self->size;
}

gboolean
satchel_secret_equal (SatchelSecret *a, SatchelSecret *b)
{
  return a->size == b->size && sodium_memcmp (a->data, b->data, a->size) == 0;
}

void
satchel_secret_wrap (SatchelSecret *self,
                     SatchelSecret *key,
                     const guint8 *associated,
                     gsize associated_bytes,
                     guint8 wrapped[SATCHEL_WRAPPED_SIZE])
{
  g_assert (self->size == SATCHEL_WRAPPABLE_SIZE);
  g_assert (key->size == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

  randombytes_buf (wrapped, NONCE_SIZE);
  crypto_aead_xchacha20poly1305_ietf_encrypt (wrapped + NONCE_SIZE,
                                              NULL,
                                              self->data,
                                              self->size,
                                              associated,
                                              associated_bytes,
                                              NULL,
                                              wrapped,
                                              key->data);
}

SatchelSecret *
satchel_secret_unwrap (const guint8 wrapped[SATCHEL_WRAPPED_SIZE],
                       SatchelSecret *key,
                       const guint8 *associated,
                       gsize associated_bytes,
                       GError **error)
{
  g_autoptr (SatchelSecret) self = satchel_secret_new (SATCHEL_WRAPPABLE_SIZE, error);

  g_assert (key->size == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
  if (self == NULL ||
      crypto_aead_xchacha20poly1305_ietf_decrypt (self->data,
                                                  NULL,
                                                  NULL,
                                                  wrapped + NONCE_SIZE,
                                                  SATCHEL_WRAPPABLE_SIZE + TAG_SIZE,
                                                  associated,
                                                  associated_bytes,
                                                  wrapped,
                                                  key->data) != 0)
    return NULL;
  return g_steal_pointer (&self);
}
