/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-stream.h"

#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "test-support.h"

#define CHUNK ((gsize) SATCHEL_STREAM_CHUNK_SIZE)
#define LONG  (40 * CHUNK + 5)

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

/* What is whole comes out at once, and the bytes are the same as without. */
static void
test_flush (void)
{
  static const gsize steps[] = {1000, 65536, 65537, 100000, 200000};
  g_autoptr (SatchelSecret) key = satchel_secret_new_random (32, NULL);
  g_autoptr (GBytes) noise = test_noise (LONG, 3);
  const guint8 *data = g_bytes_get_data (noise, NULL);
  g_autoptr (GByteArray) expected = seal (key, data, LONG, LONG, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_autoptr (GByteArray) out = g_byte_array_new ();
    g_autoptr (SatchelStreamWriter) writer =
        satchel_stream_writer_new (key, satchel_sink_to_byte_array (out), NULL);
    for (gsize at = 0; at < LONG; at += steps[i]) {
      gsize written = MIN (at + steps[i], LONG);
      g_assert_true (satchel_sink_write (satchel_stream_writer_get_sink (writer), data + at,
                                         written - at, NULL, NULL));
      g_assert_cmpuint (satchel_stream_writer_get_whole (writer), ==,
                        (written - 1) / CHUNK * CHUNK);
      if (at % 3 == 0)
        continue;
      g_assert_true (satchel_stream_writer_flush (writer, NULL, NULL));
      g_assert_cmpuint (out->len, ==, (written - 1) / CHUNK * (CHUNK + SATCHEL_STREAM_TAG_SIZE));
      g_assert_cmpuint (satchel_stream_writer_get_whole (writer), ==,
                        (written - 1) / CHUNK * CHUNK);
    }
    g_assert_true (satchel_stream_writer_finish (writer, NULL, NULL));
    g_assert_cmpmem (out->data, out->len, expected->data, expected->len);
    g_assert_false (satchel_stream_writer_flush (writer, NULL, NULL));
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
new_seekable (SatchelSecret *key,
              const GByteArray *sealed,
              guint64 start,
              SatchelPool *pool,
              GError **error)
{
  g_autoptr (GInputStream) memory =
      g_memory_input_stream_new_from_data (sealed->data, sealed->len, NULL);

  return satchel_stream_reader_new_seekable (key, memory, start, pool, NULL, NULL, error);
}

static void
test_seek (void)
{
  g_autoptr (SatchelSecret) key = satchel_secret_new_random (32, NULL);
  g_autoptr (SatchelPool) pool = satchel_pool_new (2);

  for (guint i = 0; i < G_N_ELEMENTS (SIZES); i++) {
    g_autoptr (GBytes) noise = test_noise (SIZES[i], i);
    gsize size;
    const guint8 *plain = g_bytes_get_data (noise, &size);
    g_autoptr (GByteArray) stream = seal (key, plain, size, 1 << 20, NULL);
    g_autoptr (GByteArray) sealed = g_byte_array_new ();
    g_autoptr (GError) error = NULL;

    g_byte_array_append (sealed, (const guint8 *) "before", 6);
    g_byte_array_append (sealed, stream->data, stream->len);
    g_autoptr (GInputStream) reader =
        new_seekable (key, sealed, 6, i % 2 == 0 ? pool : NULL, &error);
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
  g_autoptr (GInputStream) reader = new_seekable (key, sealed, 0, NULL, NULL);
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
    g_assert_null (new_seekable (key, shorter, 0, NULL, &error));
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

/* Reading ahead changes nothing: read on, jump away in the middle, read on from there. */
static void
test_seek_and_read_on (void)
{
  g_autoptr (SatchelSecret) key = satchel_secret_new_random (32, NULL);
  g_autoptr (SatchelPool) pool = satchel_pool_new (2);
  gsize size = LONG;
  g_autoptr (GBytes) noise = test_noise (size, 3);
  const guint8 *plain = g_bytes_get_data (noise, NULL);
  g_autoptr (GByteArray) sealed = seal (key, plain, size, 1 << 20, pool);
  g_autofree guint8 *got = g_malloc (size);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 12; i++) {
    g_autoptr (GInputStream) reader =
        new_seekable (key, sealed, 0, i % 3 == 0 ? NULL : pool, &error);
    for (guint j = 0; j < 4; j++) {
      gsize from = g_test_rand_int_range (0, size);
      gsize wanted = g_test_rand_int_range (0, j % 2 == 0 ? size : 3 * CHUNK);
      gsize read_bytes;
      g_assert_true (g_seekable_seek (G_SEEKABLE (reader), from, G_SEEK_SET, NULL, NULL));
      g_assert_true (g_input_stream_read_all (reader, got, wanted, &read_bytes, NULL, &error));
      g_assert_cmpmem (got, read_bytes, plain + from, MIN (wanted, size - from));
    }
  }
}

static void
test_read_on_to_damage (void)
{
  g_autoptr (SatchelSecret) key = satchel_secret_new_random (32, NULL);
  g_autoptr (SatchelPool) pool = satchel_pool_new (2);
  g_autoptr (GBytes) noise = test_noise (LONG, 4);
  const guint8 *plain = g_bytes_get_data (noise, NULL);
  g_autoptr (GByteArray) sealed = seal (key, plain, LONG, 1 << 20, pool);
  g_autofree guint8 *got = g_malloc (LONG);

  for (guint chunk = 0; chunk < 30; chunk += 7) {
    g_autoptr (GError) error = NULL;
    gsize at = (gsize) chunk * (CHUNK + SATCHEL_STREAM_TAG_SIZE) + 9;
    gsize read_bytes;
    sealed->data[at] ^= 4;
    g_autoptr (GInputStream) reader = new_seekable (key, sealed, 0, pool, NULL);
    g_assert_false (g_input_stream_read_all (reader, got, LONG, &read_bytes, NULL, &error));
    g_assert_error (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_PAYLOAD);
    g_assert_cmpmem (got, read_bytes, plain, (gsize) chunk * CHUNK);
    /* What stands behind it is still readable. */
    gsize from = (gsize) (chunk + 1) * CHUNK;
    g_assert_true (g_seekable_seek (G_SEEKABLE (reader), from, G_SEEK_SET, NULL, NULL));
    g_assert_true (g_input_stream_read_all (reader, got, LONG, &read_bytes, NULL, NULL));
    g_assert_cmpmem (got, read_bytes, plain + from, LONG - from);
    sealed->data[at] ^= 4;
  }
}

/* The error of what is written behind comes with a later write or with finish, and nothing more
 * reaches the sink. */
static void
test_failing_sink_behind (void)
{
  g_autoptr (SatchelSecret) key = satchel_secret_new_random (32, NULL);
  g_autoptr (SatchelPool) pool = satchel_pool_new (2);
  g_autoptr (GBytes) noise = test_noise (LONG, 1);
  const guint8 *plain = g_bytes_get_data (noise, NULL);

  for (gsize size = 0; size <= LONG; size += LONG / 4) {
    g_autoptr (GError) error = NULL;
    g_autoptr (SatchelStreamWriter) writer =
        satchel_stream_writer_new (key, (SatchelSink){fail_write, NULL}, pool);
    SatchelSink sink = satchel_stream_writer_get_sink (writer);
    g_assert_false (satchel_sink_write (sink, plain, size, NULL, &error) &&
                    satchel_stream_writer_finish (writer, NULL, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
    g_assert_false (satchel_stream_writer_finish (writer, NULL, NULL));
  }
}

/* Bytes for a pipe, and then nothing, not even an end. */
typedef struct {
  int fd;
  const guint8 *data;
  gsize size;
} Feed;

static gpointer
feed (gpointer data)
{
  Feed *self = data;

  while (self->size > 0) {
    gssize written = write (self->fd, self->data, self->size);
    g_assert_cmpint (written, >, 0);
    self->data += written;
    self->size -= written;
  }
  return NULL;
}

/* A reader that looks ahead to input that never comes can be left, and waiting for it cancelled. */
static void
test_leave_early (void)
{
  g_autoptr (SatchelSecret) key = satchel_secret_new_random (32, NULL);
  g_autoptr (SatchelPool) pool = satchel_pool_new (2);
  g_autoptr (GBytes) noise = test_noise (LONG, 2);
  g_autoptr (GByteArray) sealed = seal (key, g_bytes_get_data (noise, NULL), LONG, LONG, pool);
  g_autofree guint8 *got = g_malloc (LONG);

  for (guint i = 0; i < 2; i++) {
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    g_autoptr (GError) error = NULL;
    int ends[2];
    g_assert_true (g_unix_open_pipe (ends, FD_CLOEXEC, NULL));
    Feed source = {ends[1], sealed->data, 16 * (CHUNK + SATCHEL_STREAM_TAG_SIZE)};
    g_autoptr (GInputStream) input = g_unix_input_stream_new (ends[0], TRUE);
    g_autoptr (GInputStream) reader = satchel_stream_reader_new (key, input, pool);
    GThread *feeder = g_thread_new ("feeder", feed, &source);
    g_assert_true (g_input_stream_read_all (reader, got, 16 * CHUNK, NULL, cancellable, &error));
    g_thread_join (feeder);
    if (i == 1) {
      g_cancellable_cancel (cancellable);
      g_assert_cmpint (g_input_stream_read (reader, got, 1, cancellable, &error), ==, -1);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }
    g_clear_object (&reader);
    close (ends[1]);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  satchel_secret_init ();
  g_test_add_func ("/seal/stream/sizes", test_sizes);
  g_test_add_func ("/seal/stream/flush", test_flush);
  g_test_add_func ("/seal/stream/impossible-sizes", test_impossible_sizes);
  g_test_add_func ("/seal/stream/damage", test_damage);
  g_test_add_func ("/seal/stream/chunks-moved", test_chunks_moved);
  g_test_add_func ("/seal/stream/seek", test_seek);
  g_test_add_func ("/seal/stream/seek-damage", test_seek_damage);
  g_test_add_func ("/seal/stream/failing-sink", test_failing_sink);
  g_test_add_func ("/seal/stream/seek-and-read-on", test_seek_and_read_on);
  g_test_add_func ("/seal/stream/read-on-to-damage", test_read_on_to_damage);
  g_test_add_func ("/seal/stream/failing-sink-behind", test_failing_sink_behind);
  g_test_add_func ("/seal/stream/leave-early", test_leave_early);
  return g_test_run ();
}
