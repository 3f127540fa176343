/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fuzz.h"
#include "seal/satchel-age-private.h"

/* A header that is taken has one spelling: written again it is the same bytes. */
static void
check_header (GInputStream *memory)
{
  g_autoptr (GInputStream) stream = g_buffered_input_stream_new (memory);
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelAgeHeader) header =
      satchel_age_header_read (G_BUFFERED_INPUT_STREAM (stream), NULL, &error);
  g_autoptr (GByteArray) again = g_byte_array_new ();

  g_assert_true ((header == NULL) == (error != NULL));
  if (header == NULL)
    return;
  g_byte_array_append (again, (const guint8 *) SATCHEL_AGE_INTRO, strlen (SATCHEL_AGE_INTRO));
  for (guint i = 0; i < header->stanzas->len; i++) {
    SatchelAgeStanza *stanza = header->stanzas->pdata[i];
    satchel_age_stanza_append (again, (const char *const *) stanza->arguments, stanza->body->data,
                               stanza->body->len);
  }
  g_byte_array_append (again, (const guint8 *) "---", 3);
  g_assert_true (again->len == header->raw->len &&
                 memcmp (again->data, header->raw->data, again->len) == 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const guint8 scalar[SATCHEL_AGE_KEY_SIZE] = "a fixed identity of the targets";
  g_autoptr (GError) error = NULL;

  fuzz_init ();
  g_autoptr (SatchelSecret) identity = satchel_secret_new_copy (scalar, sizeof scalar, NULL);
  g_autoptr (GInputStream) memory = g_memory_input_stream_new_from_data (data, size, NULL);
  g_autoptr (GInputStream) again = g_memory_input_stream_new_from_data (data, size, NULL);
  check_header (memory);
  g_autoptr (GInputStream) reader =
      satchel_age_reader_new (again, &identity, 1, NULL, NULL, &error);
  g_assert_true ((reader == NULL) == (error != NULL));
  return 0;
}
