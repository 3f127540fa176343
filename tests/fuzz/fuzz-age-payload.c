/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fuzz.h"
#include "seal/satchel-stream.h"

#define PLAIN_MAX (20 * SATCHEL_STREAM_CHUNK_SIZE)

static void
read_all (SatchelSecret *key, const guint8 *data, gsize size, GByteArray *out, GError **error)
{
  g_autoptr (GInputStream) sealed = g_memory_input_stream_new_from_data (data, size, NULL);
  g_autoptr (GInputStream) reader = satchel_stream_reader_new (key, sealed, NULL);

  satchel_sink_splice (satchel_sink_to_byte_array (out), reader, G_MAXUINT64, NULL, NULL, error);
}

static void
check_raw (SatchelSecret *key, const guint8 *data, gsize size)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GInputStream) sealed = g_memory_input_stream_new_from_data (data, size, NULL);

  read_all (key, data, size, out, NULL);
  g_autoptr (GInputStream) seekable = satchel_stream_reader_new_seekable (
      key, sealed, size > 0 ? data[0] : 0, NULL, NULL, NULL, NULL);
}

/* The input's first six bytes say how much is sealed, and where one byte is changed or a cut made.
 */
static void
check_changed (SatchelSecret *key, const guint8 *data, gsize size)
{
  g_autoptr (GByteArray) sealed = g_byte_array_new ();
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  gsize plain_size = (data[0] << 16 | data[1] << 8 | data[2]) % (PLAIN_MAX + 1);
  g_autofree guint8 *plain = g_malloc (plain_size + 1);
  gboolean cut = data[3] & 1;
  guint8 change = data[3] & 0xfe;

  for (gsize i = 0; i < plain_size; i++)
    plain[i] = data[i % size];
  g_autoptr (SatchelStreamWriter) writer =
      satchel_stream_writer_new (key, satchel_sink_to_byte_array (sealed), NULL);
  satchel_sink_write (satchel_stream_writer_get_sink (writer), plain, plain_size, NULL, NULL);
  satchel_stream_writer_finish (writer, NULL, NULL);
  gsize at = (data[3] << 16 | data[4] << 8 | data[5]) % sealed->len;
  if (cut)
    g_byte_array_set_size (sealed, at);
  else
    sealed->data[at] ^= change;
  read_all (key, sealed->data, sealed->len, out, &error);
  g_assert_true ((error == NULL) == (!cut && change == 0));
  g_assert_true (error == NULL ? out->len == plain_size
                               : out->len % SATCHEL_STREAM_CHUNK_SIZE == 0);
  g_assert_true (out->len <= plain_size);
  g_assert_true (out->len == 0 || memcmp (out->data, plain, out->len) == 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const guint8 bytes[SATCHEL_STREAM_KEY_SIZE] = "a fixed key of the fuzz targets";

  fuzz_init ();
  g_autoptr (SatchelSecret) key = satchel_secret_new_copy (bytes, sizeof bytes, NULL);
  check_raw (key, data, size);
  if (size >= 6)
    check_changed (key, data, size);
  return 0;
}
