/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-stream.h"

#include <sodium.h>
#include <string.h>

#include "test-support.h"

#define CHUNK ((gsize) SATCHEL_STREAM_CHUNK_SIZE)

static const gsize SIZES[] = {0, 1, 65535, 65536,
                              65537, 131072, 131073, 16 * CHUNK - 1,
                              16 * CHUNK, 16 * CHUNK + 1, 33 * CHUNK, 35 * CHUNK + 7};

static GByteArray *
seal (SatchelSecret *key, const guint8 *data, gsize size, gsize step, SatchelPool *pool)
{
  GByteArray *out = g_byte_array_new ();
  g_autoptr (SatchelStreamWriter) writer =
      satchel_stream_writer_new (key, satchel_sink_to_byte_array (out), pool);

  for (gsize at = 0; at < size; at += step)
    g_assert_true (satchel_sink_write (satchel_stream_writer_get_sink (writer), data + at,
                                       MIN (step, size - at), NULL, NULL));
  g_assert_true (satchel_stream_writer_finish (writer, NULL, NULL));
  g_assert_false (satchel_stream_writer_finish (writer, NULL, NULL));
  return out;
}

/* What is released, and the error that ends it, if one does. */
static GByteArray *
open_sealed (
    SatchelSecret *key, const guint8 *data, gsize size, SatchelPool *pool, GError **error)
{
  GByteArray *out = g_byte_array_new ();
  g_autoptr (GInputStream) sealed = g_memory_input_stream_new_from_data (data, size, NULL);
  g_autoptr (GInputStream) reader = satchel_stream_reader_new (key, sealed, pool);
  guint8 buffer[50000];
  gssize got;

  while ((got = g_input_stream_read (reader, buffer, sizeof buffer, NULL, error)) > 0)
    g_byte_array_append (out, buffer, got);
  g_assert_cmpint (g_input_stream_read (reader, buffer, 1, NULL, NULL), ==, got);
  return out;
}

/* The specification, once more and slowly, with the other library. */
static GByteArray *
seal_with_sodium (SatchelSecret *key, const guint8 *data, gsize size)
{
  GByteArray *out = g_byte_array_new ();
  guint8 nonce[12] = {0};
  gsize at = 0;

  do {
    guint8 sealed[CHUNK + SATCHEL_STREAM_TAG_SIZE];
    gsize part = MIN (CHUNK, size - at);
    nonce[11] = at + part == size;
    crypto_aead_chacha20poly1305_ietf_encrypt (sealed, NULL, data + at, part, NULL, 0, NULL, nonce,
                                               satchel_secret_get_data (key));
    g_byte_array_append (out, sealed, part + SATCHEL_STREAM_TAG_SIZE);
    at += part;
    nonce[10]++;
  } while (at < size);
  return out;
}

static void
test_sizes (void)
{
  g_autoptr (SatchelSecret) key = satchel_secret_new_random (32, NULL);
  g_autoptr (SatchelPool) pool = satchel_pool_new (3);

  for (guint i = 0; i < G_N_ELEMENTS (SIZES); i++) {
    g_autoptr (GBytes) noise = test_noise (SIZES[i], i);
    gsize size;
    const guint8 *data = g_bytes_get_data (noise, &size);
    g_autoptr (GByteArray) alone = seal (key, data, size, 10007, NULL);
    g_autoptr (GByteArray) pooled = seal (key, data, size, MAX (size, 1), pool);
    g_autoptr (GByteArray) expected = seal_with_sodium (key, data, size);
    guint64 plain_size = 77;

    g_assert_cmpmem (alone->data, alone->len, expected->data, expected->len);
    g_assert_cmpmem (pooled->data, pooled->len, expected->data, expected->len);
    g_assert_cmpuint (satchel_stream_sealed_size (size), ==, alone->len);
    g_assert_true (satchel_stream_plain_size (alone->len, &plain_size));
    g_assert_cmpuint (plain_size, ==, size);
    for (guint j = 0; j < 2; j++) {
      g_autoptr (GError) error = NULL;
      g_autoptr (GByteArray) opened =
          open_sealed (key, alone->data, alone->len, j == 0 ? NULL : pool, &error);
      g_assert_no_error (error);
      g_assert_cmpmem (opened->data, opened->len, data, size);
    }
  }
}

static void
test_impossible_sizes (void)
{
  static const guint64 impossible[] = {0, 1, 15, CHUNK + 16 + 1, CHUNK + 16 + 15, CHUNK + 16 + 16};
  guint64 plain_size = 77;

  for (guint i = 0; i < G_N_ELEMENTS (impossible); i++)
    g_assert_false (satchel_stream_plain_size (impossible[i], &plain_size));
  g_assert_cmpuint (plain_size, ==, 77);
}

/* What is released before the error is a right prefix in whole chunks. */
static void
assert_refused (SatchelSecret *key,
                const guint8 *sealed,
                gsize sealed_size,
                const guint8 *plain,
                gsize plain_size,
                SatchelPool *pool)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) opened = open_sealed (key, sealed, sealed_size, pool, &error);

  g_assert_error (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_PAYLOAD);
  g_assert_cmpuint (opened->len, <=, plain_size);
  g_assert_true (opened->len % CHUNK == 0 || opened->len == plain_size);
  g_assert_true (opened->len == 0 || memcmp (opened->data, plain, opened->len) == 0);
}

/* Every bit of a chunk's beginning, tag and the places around chunk borders; the rest is sampled.
 * With SATCHEL_TEST_WHOLE=1 every bit and every length (minutes). */
static gboolean
is_tried (gsize at, gsize size)
{
  gsize within = at % (CHUNK + SATCHEL_STREAM_TAG_SIZE);

  return g_getenv ("SATCHEL_TEST_WHOLE") != NULL || within < 2 || within >= CHUNK - 1 ||
         at + 20 > size || at % 4999 == 0;
}

static void
test_damage (void)
{
  g_autoptr (SatchelSecret) key = satchel_secret_new_random (32, NULL);
  g_autoptr (SatchelPool) pool = satchel_pool_new (2);
  g_autoptr (GBytes) noise = test_noise (2 * CHUNK + 100, 5);
  gsize size;
  const guint8 *plain = g_bytes_get_data (noise, &size);
  g_autoptr (GByteArray) sealed = seal (key, plain, size, size, NULL);

  for (gsize i = 0; i < sealed->len; i++) {
    if (!is_tried (i, sealed->len))
      continue;
    for (guint bit = 0; bit < 8; bit++) {
      sealed->data[i] ^= 1 << bit;
      assert_refused (key, sealed->data, sealed->len, plain, size, bit == 0 ? NULL : pool);
      sealed->data[i] ^= 1 << bit;
    }
    assert_refused (key, sealed->data, i, plain, size, pool);
  }
  g_byte_array_append (sealed, plain, 1);
  assert_refused (key, sealed->data, sealed->len, plain, size, NULL);
}

/* Whole chunks left out, doubled, in another order; ends that fall on batch borders. */
static void
test_chunks_moved (void)
{
  g_autoptr (SatchelSecret) key = satchel_secret_new_random (32, NULL);
  g_autoptr (SatchelPool) pool = satchel_pool_new (2);
  g_autoptr (GBytes) noise = test_noise (17 * CHUNK, 6);
  gsize size;
  const guint8 *plain = g_bytes_get_data (noise, &size);
  gsize sealed_chunk = CHUNK + SATCHEL_STREAM_TAG_SIZE;

  for (gsize chunks = 1; chunks <= 17; chunks++) {
    g_autoptr (GByteArray) sealed = seal (key, plain, chunks * CHUNK, size, NULL);
    assert_refused (key, sealed->data, sealed->len - sealed_chunk, plain, size, pool);
    if (chunks > 1)
      assert_refused (key, sealed->data + sealed_chunk, sealed->len - sealed_chunk, plain, size,
                      pool);
    gsize length = sealed->len;
    g_byte_array_set_size (sealed, length + sealed_chunk);
    memcpy (sealed->data + length, sealed->data + length - sealed_chunk, sealed_chunk);
    assert_refused (key, sealed->data, sealed->len, plain, size, pool);
    g_byte_array_set_size (sealed, chunks * sealed_chunk + 1);
    assert_refused (key, sealed->data, sealed->len, plain, size, pool);
    assert_refused (key, sealed->data, sealed->len, plain, size, NULL);
  }
}

static GInputStream *
new_seekable (SatchelSecret *key, const GByteArray *sealed, guint64 start, GError **error)
{
  g_autoptr (GInputStream) memory =
      g_memory_input_stream_new_from_data (sealed->data, sealed->len, NULL);

  return satchel_stream_reader_new_seekable (key, memory, start, NULL, NULL, error);
}

static void
test_seek (void)
{
  g_autoptr (SatchelSecret) key = satchel_secret_new_random (32, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (SIZES); i++) {
    g_autoptr (GBytes) noise = test_noise (SIZES[i], i);
    gsize size;
    const guint8 *plain = g_bytes_get_data (noise, &size);
    g_autoptr (GByteArray) stream = seal (key, plain, size, 1 << 20, NULL);
    g_autoptr (GByteArray) sealed = g_byte_array_new ();
    g_autoptr (GError) error = NULL;

    g_byte_array_append (sealed, (const guint8 *) "before", 6);
    g_byte_array_append (sealed, stream->data, stream->len);
    g_autoptr (GInputStream) reader = new_seekable (key, sealed, 6, &error);
    g_assert_no_error (error);
    for (guint j = 0; j < 20; j++) {
      guint8 got[1000];
      gsize read_bytes;
      gsize from = size == 0 ? 0 : g_test_rand_int_range (0, size + 1);
      g_assert_true (g_seekable_seek (G_SEEKABLE (reader), from, G_SEEK_SET, NULL, NULL));
      g_assert_true (
          g_input_stream_read_all (reader, got, sizeof got, &read_bytes, NULL, &error));
      g_assert_cmpmem (got, read_bytes, plain + from, MIN (sizeof got, size - from));
      g_assert_cmpint (g_seekable_tell (G_SEEKABLE (reader)), ==, from + read_bytes);
    }
    g_assert_false (g_seekable_seek (G_SEEKABLE (reader), 1, G_SEEK_END, NULL, NULL));
    g_assert_false (g_seekable_seek (G_SEEKABLE (reader), -1, G_SEEK_SET, NULL, NULL));
  }
}

static void
test_seek_damage (void)
{
  g_autoptr (SatchelSecret) key = satchel_secret_new_random (32, NULL);
  g_autoptr (GBytes) noise = test_noise (2 * CHUNK + 5, 8);
  gsize size;
  const guint8 *plain = g_bytes_get_data (noise, &size);
  g_autoptr (GByteArray) sealed = seal (key, plain, size, size, NULL);
  g_autoptr (GError) error = NULL;
  guint8 got;

  /* Damage in the middle is found when it is read, and other chunks stay readable. */
  sealed->data[CHUNK + 100] ^= 1;
  g_autoptr (GInputStream) reader = new_seekable (key, sealed, 0, NULL);
  g_assert_nonnull (reader);
  g_assert_cmpint (g_input_stream_read (reader, &got, 1, NULL, NULL), ==, 1);
  g_seekable_seek (G_SEEKABLE (reader), CHUNK, G_SEEK_SET, NULL, NULL);
  g_assert_cmpint (g_input_stream_read (reader, &got, 1, NULL, &error), ==, -1);
  g_assert_error (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_PAYLOAD);
  /* A cut is found at once: the chunk that stands last is not the last one. */
  for (gsize cut = 1; cut <= sealed->len; cut += cut < 30 ? 1 : 1009) {
    g_clear_error (&error);
    g_autoptr (GByteArray) shorter = g_byte_array_new ();
    g_byte_array_append (shorter, sealed->data, sealed->len - cut);
    g_assert_null (new_seekable (key, shorter, 0, &error));
    g_assert_error (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_PAYLOAD);
  }
}

/* A sink that fails once leaves a writer that refuses to go on. */
static gboolean
fail_write (gpointer target,
            const guint8 *data,
            gsize size_bytes,
            GCancellable *cancellable,
            GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "full");
  return FALSE;
}

static void
test_failing_sink (void)
{
  g_autoptr (SatchelSecret) key = satchel_secret_new_random (32, NULL);
  g_autoptr (SatchelStreamWriter) writer =
      satchel_stream_writer_new (key, (SatchelSink){fail_write, NULL}, NULL);
  g_autoptr (GBytes) noise = test_noise (4 * CHUNK, 1);
  SatchelSink sink = satchel_stream_writer_get_sink (writer);
  g_autoptr (GError) error = NULL;

  g_assert_false (
      satchel_sink_write (sink, g_bytes_get_data (noise, NULL), 4 * CHUNK, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_false (satchel_sink_write (sink, (const guint8 *) "x", 1, NULL, NULL));
  g_assert_false (satchel_stream_writer_finish (writer, NULL, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  g_test_add_func ("/seal/stream/sizes", test_sizes);
  g_test_add_func ("/seal/stream/impossible-sizes", test_impossible_sizes);
  g_test_add_func ("/seal/stream/damage", test_damage);
  g_test_add_func ("/seal/stream/chunks-moved", test_chunks_moved);
  g_test_add_func ("/seal/stream/seek", test_seek);
  g_test_add_func ("/seal/stream/seek-damage", test_seek_damage);
  g_test_add_func ("/seal/stream/failing-sink", test_failing_sink);
  return g_test_run ();
}
