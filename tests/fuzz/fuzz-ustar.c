/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fuzz.h"
#include "seal/satchel-ustar.h"

#define MEMBER_MAX (1 << 20)

/* Copies the archive member by member; FALSE where it is refused. */
static gboolean
copy_archive (SatchelUstarReader *reader, SatchelUstarWriter *writer)
{
  const char *name = NULL;
  guint64 size = 0;

  for (;;) {
    if (!satchel_ustar_reader_next (reader, &name, &size, NULL, NULL))
      return FALSE;
    if (name == NULL)
      return TRUE;
    g_autofree char *kept_name = g_strdup (name);
    g_autoptr (GBytes) content = satchel_ustar_reader_load (reader, MEMBER_MAX, NULL, NULL);
    if (content == NULL)
      return FALSE;
    g_assert_true (g_bytes_get_size (content) == size);
    g_assert_true (satchel_ustar_writer_add (writer, kept_name, g_bytes_get_data (content, NULL),
                                             size, NULL, NULL));
  }
}

/* An archive that is taken has one spelling: written again it is the same bytes. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GInputStream) memory = g_memory_input_stream_new_from_data (data, size, NULL);
  g_autoptr (GByteArray) again = g_byte_array_new ();

  fuzz_init ();
  g_autoptr (SatchelUstarReader) reader = satchel_ustar_reader_new (memory);
  g_autoptr (SatchelUstarWriter) writer =
      satchel_ustar_writer_new (satchel_sink_to_byte_array (again));
  if (!copy_archive (reader, writer))
    return 0;
  g_assert_true (satchel_ustar_writer_finish (writer, NULL, NULL));
  g_assert_true (again->len == size && memcmp (again->data, data, size) == 0);
  return 0;
}
