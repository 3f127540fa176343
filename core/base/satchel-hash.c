/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/satchel-hash.h"

#include <openssl/evp.h>

#include "base/satchel-error.h"

/* The largest that is read at once: large enough to keep the hash busy, small enough for any cache.
 */
#define READ_SIZE (256 * 1024)

struct _SatchelSha256 {
  EVP_MD_CTX *context;
};

SatchelSha256 *
satchel_sha256_new (void)
{
  SatchelSha256 *self = g_new0 (SatchelSha256, 1);

  self->context = EVP_MD_CTX_new ();
  g_assert (self->context != NULL);
  satchel_sha256_reset (self);
  return self;
}

void
satchel_sha256_reset (SatchelSha256 *self)
{
  int done = EVP_DigestInit_ex (self->context, EVP_sha256 (), NULL);

  g_assert (done == 1);
}

void
satchel_sha256_update (SatchelSha256 *self, const guint8 *data, gsize size_bytes)
{
  int done = EVP_DigestUpdate (self->context, data, size_bytes);

  g_assert (done == 1);
}

void
satchel_sha256_finish (SatchelSha256 *self, guint8 out[SATCHEL_SHA256_SIZE])
{
  int done = EVP_DigestFinal_ex (self->context, out, NULL);

  g_assert (done == 1);
}

static gboolean
update_cb (gpointer target,
           const guint8 *data,
           gsize size_bytes,
           GCancellable *cancellable,
           GError **error)
{
  satchel_sha256_update (target, data, size_bytes);
  return TRUE;
}

SatchelSink
satchel_sha256_get_sink (SatchelSha256 *self)
{
  return (SatchelSink){update_cb, self};
}

void
satchel_sha256_free (SatchelSha256 *self)
{
  if (self == NULL)
    return;
  EVP_MD_CTX_free (self->context);
  g_free (self);
}

void
satchel_sha256 (const guint8 *data, gsize size_bytes, guint8 out[SATCHEL_SHA256_SIZE])
{
  g_autoptr (SatchelSha256) hash = satchel_sha256_new ();

  satchel_sha256_update (hash, data, size_bytes);
  satchel_sha256_finish (hash, out);
}

gboolean
satchel_sha256_stream (GInputStream *stream,
                       guint8 out[SATCHEL_SHA256_SIZE],
                       guint64 *size_bytes,
                       GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (SatchelSha256) hash = satchel_sha256_new ();
  g_autofree guint8 *buffer = g_malloc (READ_SIZE);
  g_autoptr (GError) local_error = NULL;
  guint64 total = 0;
  gssize got;

  while ((got = g_input_stream_read (stream, buffer, READ_SIZE, cancellable, &local_error)) > 0) {
    satchel_sha256_update (hash, buffer, got);
    total += got;
  }
  if (got < 0)
    return satchel_base_take_gio_error (error, g_steal_pointer (&local_error), "read");
  satchel_sha256_finish (hash, out);
  if (size_bytes != NULL)
    *size_bytes = total;
  return TRUE;
}
