/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-age.h"

#include <string.h>

#include "base/satchel-file.h"
#include "base/satchel-hash.h"
#include "base/satchel-text.h"
#include "test-support.h"

/* One file of the public testkit: lines of "key: value", an empty line, then the age file. */
typedef struct {
  char *expect;
  char *payload; /* SHA-256 of what is released */
  GPtrArray *identities;
  char *passphrase;
  gboolean compressed;
  GBytes *body;
} Vector;

static void
vector_free (Vector *vector)
{
  g_free (vector->expect);
  g_free (vector->payload);
  g_ptr_array_unref (vector->identities);
  g_free (vector->passphrase);
  g_bytes_unref (vector->body);
  g_free (vector);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Vector, vector_free)

static void
take_line (Vector *vector, const char *key, const char *value)
{
  if (g_str_equal (key, "expect"))
    vector->expect = g_strdup (value);
  else if (g_str_equal (key, "payload"))
    vector->payload = g_strdup (value);
  else if (g_str_equal (key, "passphrase"))
    vector->passphrase = g_strdup (value);
  else if (g_str_equal (key, "identity"))
    g_ptr_array_add (vector->identities, satchel_age_identity_parse (value, strlen (value), NULL));
  else if (g_str_equal (key, "compressed"))
    vector->compressed = g_str_equal (value, "zlib");
  else if (!g_str_equal (key, "comment") && !g_str_equal (key, "file key"))
    g_test_message ("unknown key %s", key);
}

static GBytes *
inflate (GBytes *packed)
{
  g_autoptr (GInputStream) memory = g_memory_input_stream_new_from_bytes (packed);
  g_autoptr (GConverter) converter =
      G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB));
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (memory, converter);
  g_autoptr (GByteArray) out = g_byte_array_new ();

  g_assert_true (satchel_sink_splice (satchel_sink_to_byte_array (out), stream, 1 << 26, NULL, NULL,
                                      NULL));
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

static Vector *
load_vector (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("SATCHEL_VECTORS"), "age", name, NULL);
  g_autoptr (GBytes) bytes = satchel_file_load (path, 1 << 26, NULL);
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  const char *at = data;
  Vector *vector = g_new0 (Vector, 1);

  vector->identities = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_secret_unref);
  while (*at != '\n') {
    const char *end = strchr (at, '\n');
    g_autofree char *line = g_strndup (at, end - at);
    char *colon = strstr (line, ": ");
    g_assert_nonnull (colon);
    *colon = '\0';
    take_line (vector, line, colon + 2);
    at = end + 1;
  }
  g_autoptr (GBytes) body = g_bytes_new_from_bytes (bytes, at + 1 - data, size - (at + 1 - data));
  vector->body = vector->compressed ? inflate (body) : g_bytes_ref (body);
  return vector;
}

static GInputStream *
open_vector (const Vector *vector, SatchelPool *pool, GError **error)
{
  g_autoptr (GInputStream) sealed = g_memory_input_stream_new_from_bytes (vector->body);

  if (vector->passphrase == NULL)
    return satchel_age_reader_new (sealed, (SatchelSecret **) vector->identities->pdata,
                                   vector->identities->len, pool, NULL, error);
  g_autoptr (SatchelSecret) passphrase = satchel_secret_new_copy (
      (const guint8 *) vector->passphrase, strlen (vector->passphrase), NULL);
  return satchel_age_reader_new_passphrase (sealed, passphrase, pool, NULL, error);
}

static const char *
class_of (const GError *error)
{
  if (error == NULL)
    return "success";
  g_assert_true (error->domain == SATCHEL_SEAL_ERROR);
  switch (error->code) {
    case SATCHEL_SEAL_ERROR_HEADER:
    case SATCHEL_SEAL_ERROR_LIMIT:
      return "header failure";
    case SATCHEL_SEAL_ERROR_NO_MATCH:
      return "no match";
    case SATCHEL_SEAL_ERROR_HEADER_MAC:
      return "HMAC failure";
    case SATCHEL_SEAL_ERROR_PAYLOAD:
      return "payload failure";
    default:
      return "another error";
  }
}

/* Reads until the end or an error, by steps that fit no chunk. */
static GByteArray *
read_released (GInputStream *stream, GError **error)
{
  GByteArray *out = g_byte_array_new ();
  guint8 buffer[30011];
  gssize got;

  while ((got = g_input_stream_read (stream, buffer, sizeof buffer, NULL, error)) > 0)
    g_byte_array_append (out, buffer, got);
  return out;
}

static void
check_vector (const char *name, SatchelPool *pool)
{
  g_autoptr (Vector) vector = load_vector (name);
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = open_vector (vector, pool, &error);
  g_autoptr (GByteArray) released =
      stream != NULL ? read_released (stream, &error) : g_byte_array_new ();
  guint8 hash[SATCHEL_SHA256_SIZE];

  g_test_message ("%s: %s", name, error != NULL ? error->message : "opened");
  g_assert_cmpstr (class_of (error), ==, vector->expect);
  satchel_sha256 (released->data, released->len, hash);
  g_autofree char *hash_text = satchel_hex_encode (hash, sizeof hash);
  if (vector->payload != NULL)
    g_assert_cmpstr (hash_text, ==, vector->payload);
  else
    g_assert_cmpuint (released->len, ==, 0);
}

static void
test_testkit (void)
{
  g_autofree char *folder = g_build_filename (g_getenv ("SATCHEL_VECTORS"), "age", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (SatchelPool) pool = satchel_pool_new (2);
  const char *name;
  guint count = 0;

  while ((name = g_dir_read_name (dir)) != NULL) {
    check_vector (name, NULL);
    if (g_str_has_prefix (name, "stream_"))
      check_vector (name, pool);
    count++;
  }
  g_assert_cmpuint (count, >=, 48);
}

/* --- Our own writer ----------------------------------------------------------------------- */

static GByteArray *
seal (const SatchelAgeRecipient *recipients,
      guint count,
      gboolean hide_count,
      const guint8 *data,
      gsize size)
{
  GByteArray *out = g_byte_array_new ();
  SatchelSink sink = satchel_sink_to_byte_array (out);
  guint64 header_size = satchel_age_header_size (count, hide_count);
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelAgeWriter) writer =
      satchel_age_writer_new (recipients, count, hide_count, sink, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (out->len, ==, header_size);
  g_assert_true (
      satchel_sink_write (satchel_age_writer_get_sink (writer), data, size, NULL, &error));
  g_assert_true (satchel_age_writer_finish (writer, NULL, &error));
  g_assert_cmpuint (out->len, ==, header_size + satchel_stream_sealed_size (size));
  return out;
}

static GByteArray *
open_sealed (const guint8 *data, gsize size, SatchelSecret *identity, GError **error)
{
  g_autoptr (GInputStream) sealed = g_memory_input_stream_new_from_data (data, size, NULL);
  g_autoptr (GInputStream) stream =
      satchel_age_reader_new (sealed, &identity, 1, NULL, NULL, error);

  return stream != NULL ? read_released (stream, error) : NULL;
}

static guint
count_stanzas (const GByteArray *sealed)
{
  guint count = 0;

  for (gsize i = 0; i + 11 < sealed->len && memcmp (sealed->data + i, "\n---", 4) != 0; i++)
    count += memcmp (sealed->data + i, "\n-> X25519 ", 11) == 0;
  return count;
}

static void
test_recipients (void)
{
  static const guint counts[][2] = {{1, 4}, {4, 4}, {5, 8}, {8, 8}, {9, 16}, {33, 64}, {64, 64}};
  SatchelAgeRecipient recipients[SATCHEL_AGE_STANZAS_MAX];
  SatchelSecret *identities[SATCHEL_AGE_STANZAS_MAX];
  g_autoptr (SatchelSecret) stranger = satchel_age_identity_new (NULL);

  for (guint i = 0; i < SATCHEL_AGE_STANZAS_MAX; i++) {
    identities[i] = satchel_age_identity_new (NULL);
    g_assert_true (satchel_age_identity_get_recipient (identities[i], &recipients[i], NULL));
  }
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++) {
    guint count = counts[i][0];
    g_autoptr (GByteArray) hidden = seal (recipients, count, TRUE, (const guint8 *) "hello", 5);
    g_autoptr (GByteArray) plain = seal (recipients, count, FALSE, (const guint8 *) "hello", 5);
    g_autoptr (GError) error = NULL;
    g_assert_cmpuint (count_stanzas (hidden), ==, counts[i][1]);
    g_assert_cmpuint (count_stanzas (plain), ==, count);
    for (guint j = 0; j < count; j++) {
      g_autoptr (GByteArray) opened = open_sealed (hidden->data, hidden->len, identities[j], NULL);
      g_assert_cmpmem (opened->data, opened->len, "hello", 5);
    }
    g_assert_null (open_sealed (hidden->data, hidden->len, stranger, &error));
    g_assert_error (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_NO_MATCH);
  }
  for (guint i = 0; i < SATCHEL_AGE_STANZAS_MAX; i++)
    satchel_secret_unref (identities[i]);
}

static void
test_refused_recipients (void)
{
  static const SatchelAgeRecipient low_order = {{0}};
  g_autoptr (GByteArray) out = g_byte_array_new ();
  SatchelSink sink = satchel_sink_to_byte_array (out);
  SatchelAgeRecipient many[65] = {0};
  g_autoptr (GError) error = NULL;

  g_assert_null (satchel_age_writer_new (many, 65, FALSE, sink, NULL, NULL, &error));
  g_assert_error (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_null (satchel_age_writer_new (many, 0, FALSE, sink, NULL, NULL, &error));
  g_assert_error (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_null (satchel_age_writer_new (&low_order, 1, TRUE, sink, NULL, NULL, &error));
  g_assert_error (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_KEY);
  g_assert_cmpuint (out->len, ==, 0);
}

static SatchelSecret *
secret_of (const char *text)
{
  return satchel_secret_new_copy ((const guint8 *) text, strlen (text), NULL);
}

static GByteArray *
seal_with_passphrase (const char *text, guint log_n, const guint8 *data, gsize size)
{
  GByteArray *out = g_byte_array_new ();
  g_autoptr (SatchelSecret) passphrase = secret_of (text);
  g_autoptr (SatchelAgeWriter) writer = satchel_age_writer_new_passphrase (
      passphrase, log_n, satchel_sink_to_byte_array (out), NULL, NULL, NULL);

  g_assert_true (satchel_sink_write (satchel_age_writer_get_sink (writer), data, size, NULL, NULL));
  g_assert_true (satchel_age_writer_finish (writer, NULL, NULL));
  return out;
}

static GByteArray *
open_with_passphrase (const char *text, const guint8 *data, gsize size, GError **error)
{
  g_autoptr (SatchelSecret) passphrase = secret_of (text);
  g_autoptr (GInputStream) sealed = g_memory_input_stream_new_from_data (data, size, NULL);
  g_autoptr (GInputStream) stream =
      satchel_age_reader_new_passphrase (sealed, passphrase, NULL, NULL, error);

  return stream != NULL ? read_released (stream, error) : NULL;
}

static void
test_passphrase (void)
{
  g_autoptr (GByteArray) sealed =
      seal_with_passphrase ("пять слов", 10, (const guint8 *) "hello", 5);
  g_autoptr (GByteArray) opened =
      open_with_passphrase ("пять слов", sealed->data, sealed->len, NULL);
  g_autoptr (SatchelSecret) identity = satchel_age_identity_new (NULL);
  g_autoptr (GError) error = NULL;
  SatchelAgeRecipient recipient;

  g_assert_cmpmem (opened->data, opened->len, "hello", 5);
  g_assert_null (open_with_passphrase ("six words", sealed->data, sealed->len, &error));
  g_assert_error (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_NO_MATCH);
  g_clear_error (&error);
  g_assert_null (open_sealed (sealed->data, sealed->len, identity, &error));
  g_assert_error (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_NO_MATCH);
  g_clear_error (&error);
  satchel_age_identity_get_recipient (identity, &recipient, NULL);
  g_autoptr (GByteArray) other = seal (&recipient, 1, TRUE, (const guint8 *) "x", 1);
  g_assert_null (open_with_passphrase ("пять слов", other->data, other->len, &error));
  g_assert_error (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_NO_MATCH);
}

/* Headers over a limit are refused as such, and before anything is derived. */
static void
test_limits (void)
{
  g_autoptr (SatchelSecret) identity = satchel_age_identity_new (NULL);
  g_autoptr (GString) long_line = g_string_new ("age-encryption.org/v1\n-> grease ");
  g_autoptr (GString) many = g_string_new ("age-encryption.org/v1\n");
  g_autoptr (GString) big = g_string_new ("age-encryption.org/v1\n-> grease\n");
  const char *costly = "age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 23\n"
                       "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
                       "--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n";
  const GString *headers[] = {long_line, many, big};

  for (guint i = 0; i < 5000; i++)
    g_string_append_c (long_line, 'x');
  for (guint i = 0; i < 65; i++)
    g_string_append (many, "-> grease\n\n");
  for (guint i = 0; i < 1100; i++)
    g_string_append (big, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n");
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (
        open_sealed ((const guint8 *) headers[i]->str, headers[i]->len, identity, &error));
    g_assert_error (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_LIMIT);
  }
  g_autoptr (GError) error = NULL;
  g_assert_null (open_with_passphrase ("x", (const guint8 *) costly, strlen (costly), &error));
  g_assert_error (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_LIMIT);
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/seal/age/testkit", test_testkit);
  g_test_add_func ("/seal/age/recipients", test_recipients);
  g_test_add_func ("/seal/age/refused-recipients", test_refused_recipients);
  g_test_add_func ("/seal/age/passphrase", test_passphrase);
  g_test_add_func ("/seal/age/limits", test_limits);
  return g_test_run ();
}
