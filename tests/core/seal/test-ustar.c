/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-ustar.h"

#include <string.h>

#include "test-support.h"

static GByteArray *
make_archive (void)
{
  GByteArray *array = g_byte_array_new ();
  g_autoptr (SatchelUstarWriter) writer =
      satchel_ustar_writer_new (satchel_sink_to_byte_array (array));
  g_autofree guint8 *noise = g_malloc0 (1000);

  g_assert_true (satchel_ustar_writer_add (writer, "a/empty", NULL, 0, NULL, NULL));
  g_assert_true (satchel_ustar_writer_add (writer, "a/block", noise, 512, NULL, NULL));
  g_assert_true (
      satchel_ustar_writer_add (writer, "b.txt", (const guint8 *) "hello\n", 6, NULL, NULL));
  g_assert_true (satchel_ustar_writer_finish (writer, NULL, NULL));
  return array;
}

/* Reads @data to its end; the names, joined by spaces, or NULL and the error. */
static char *
read_names (const guint8 *data, gsize size, GError **error)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (data, size, NULL);
  g_autoptr (SatchelUstarReader) reader = satchel_ustar_reader_new (stream);
  g_autoptr (GString) names = g_string_new (NULL);
  const char *name = NULL;
  guint64 member_size = 0;

  while (satchel_ustar_reader_next (reader, &name, &member_size, NULL, error)) {
    if (name == NULL)
      return g_strdup (names->str);
    g_string_append_printf (names, "%s:%d ", name, (int) member_size);
  }
  return NULL;
}

static void
test_round (void)
{
  g_autoptr (GByteArray) archive = make_archive ();
  g_autofree char *names = read_names (archive->data, archive->len, NULL);

  g_assert_cmpstr (names, ==, "a/empty:0 a/block:512 b.txt:6 ");
  g_assert_cmpuint (archive->len, ==, 512 + 1024 + 1024 + 1024);
}

/* Every bit outside contents and every length matters. */
static void
test_damage (void)
{
  g_autoptr (GByteArray) archive = make_archive ();

  for (gsize bit = 0; bit < archive->len * 8; bit++) {
    g_autoptr (GError) error = NULL;
    gsize byte = bit / 8;
    archive->data[byte] ^= (guint8) (1 << bit % 8);
    g_autofree char *names = read_names (archive->data, archive->len, &error);
    gboolean content = (byte >= 1024 && byte < 1536) || (byte >= 2048 && byte < 2054);
    g_assert_true ((names != NULL) == content);
    if (!content)
      g_assert_error (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_ARCHIVE);
    archive->data[byte] ^= (guint8) (1 << bit % 8);
  }
  for (gsize size = 0; size < archive->len; size++)
    g_assert_null (read_names (archive->data, size, NULL));
  g_byte_array_append (archive, (const guint8 *) "", 1);
  g_assert_null (read_names (archive->data, archive->len, NULL));
}

static void
test_names (void)
{
  static const char *const bad[] = {"", "/a", "a/", "a//b", "../a",
                                    "a/../b", "./a", "a b", "ы", "a\\b"};
  g_autoptr (GByteArray) array = g_byte_array_new ();
  g_autoptr (SatchelUstarWriter) writer =
      satchel_ustar_writer_new (satchel_sink_to_byte_array (array));
  g_autofree char *longest = g_strnfill (100, 'x');
  g_autofree char *longer = g_strnfill (101, 'x');

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (satchel_ustar_writer_begin (writer, bad[i], 0, NULL, NULL));
  g_assert_false (satchel_ustar_writer_begin (writer, longer, 0, NULL, NULL));
  g_assert_true (satchel_ustar_writer_begin (writer, longest, 3, NULL, NULL));
  g_assert_false (satchel_sink_write (satchel_ustar_writer_get_sink (writer),
                                      (const guint8 *) "four", 4, NULL, NULL));
  g_assert_false (satchel_ustar_writer_finish (writer, NULL, NULL));
}

/* From 8 GiB on the size stands in base-256, and GNU tar reads it. */
static void
test_large (void)
{
  g_autoptr (GByteArray) array = g_byte_array_new ();
  g_autoptr (SatchelUstarWriter) writer =
      satchel_ustar_writer_new (satchel_sink_to_byte_array (array));
  guint64 size = 10ULL * 1024 * 1024 * 1024;
  const char *name = NULL;
  guint64 seen = 0;

  g_assert_true (satchel_ustar_writer_begin (writer, "large.mp4", size, NULL, NULL));
  g_autoptr (GInputStream) stream =
      g_memory_input_stream_new_from_data (array->data, array->len, NULL);
  g_autoptr (SatchelUstarReader) reader = satchel_ustar_reader_new (stream);
  g_assert_true (satchel_ustar_reader_next (reader, &name, &seen, NULL, NULL));
  g_assert_cmpuint (seen, ==, size);
  g_autoptr (GError) error = NULL;
  g_assert_null (satchel_ustar_reader_load (reader, 1 << 20, NULL, &error));
  g_assert_error (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_LIMIT);
}

static void
test_with_tar (void)
{
  if (!test_has_program ("tar"))
    return;
  g_autoptr (TestScratch) folder = test_scratch_new ();
  g_autoptr (GByteArray) archive = make_archive ();
  g_autofree char *file = g_build_filename (folder, "x.tar", NULL);
  g_autofree char *content = NULL;
  g_autofree char *extracted = g_build_filename (folder, "b.txt", NULL);
  g_autofree char *messages = NULL;
  const char *const argv[] = {"tar", "-x", "-C", folder, "-f", file, NULL};

  g_assert_true (g_file_set_contents (file, (const char *) archive->data, archive->len, NULL));
  g_assert_cmpint (test_run (argv, NULL, NULL, &messages), ==, 0);
  g_assert_true (g_file_get_contents (extracted, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "hello\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/seal/ustar/round", test_round);
  g_test_add_func ("/seal/ustar/damage", test_damage);
  g_test_add_func ("/seal/ustar/names", test_names);
  g_test_add_func ("/seal/ustar/large", test_large);
  g_test_add_func ("/seal/ustar/with-tar", test_with_tar);
  return g_test_run ();
}
