/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <json-glib/json-glib.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <string.h>

#include "secret/satchel-kdf.h"
#include "test-support.h"

/* Project Wycheproof's vectors against the primitives that age, minisign and the vault stand on,
 * called as the core calls them. */
typedef struct {
  JsonObject *group;
  JsonObject *test;
} Case;

/* Whether the primitive behaves as @expected says: TRUE where it accepts and gives the right
 * bytes. */
typedef gboolean (*Judge) (const Case *test);

static GBytes *
get_hex (JsonObject *object, const char *member)
{
  const char *text = json_object_get_string_member (object, member);
  gsize size = strlen (text) / 2;
  guint8 *data = g_malloc (size + 1);
  gsize got = 0;

  g_assert_cmpint (sodium_hex2bin (data, size + 1, text, strlen (text), NULL, &got, NULL), ==, 0);
  g_assert_cmpuint (got, ==, size);
  return g_bytes_new_take (data, size);
}

#define DATA(bytes) ((const guint8 *) g_bytes_get_data (bytes, NULL))
#define SIZE(bytes) g_bytes_get_size (bytes)

static gboolean
is_equal (GBytes *bytes, const guint8 *data, gsize size)
{
  return SIZE (bytes) == size && (size == 0 || memcmp (DATA (bytes), data, size) == 0);
}

/* libcrypto's, as STREAM uses it. */
static gboolean
open_with_evp (
    GBytes *key, GBytes *nonce, GBytes *aad, GBytes *sealed, GBytes *tag, guint8 *out)
{
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new ();
  int written = 0;
  guint8 rest[16];
  gboolean good =
      EVP_DecryptInit_ex (context, EVP_chacha20_poly1305 (), NULL, DATA (key), NULL) == 1 &&
      EVP_DecryptInit_ex (context, NULL, NULL, NULL, DATA (nonce)) == 1 &&
      EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_AEAD_SET_TAG, SIZE (tag), (void *) DATA (tag)) == 1 &&
      (SIZE (aad) == 0 ||
       EVP_DecryptUpdate (context, NULL, &written, DATA (aad), SIZE (aad)) == 1) &&
      (SIZE (sealed) == 0 ||
       EVP_DecryptUpdate (context, out, &written, DATA (sealed), SIZE (sealed)) == 1) &&
      EVP_DecryptFinal_ex (context, rest, &written) == 1;

  EVP_CIPHER_CTX_free (context);
  return good;
}

static gboolean
judge_aead (const Case *test, gboolean extended)
{
  g_autoptr (GBytes) key = get_hex (test->test, "key");
  g_autoptr (GBytes) nonce = get_hex (test->test, "iv");
  g_autoptr (GBytes) aad = get_hex (test->test, "aad");
  g_autoptr (GBytes) message = get_hex (test->test, "msg");
  g_autoptr (GBytes) sealed = get_hex (test->test, "ct");
  g_autoptr (GBytes) tag = get_hex (test->test, "tag");
  g_autofree guint8 *out = g_malloc (SIZE (sealed) + 1);

  /* Nonces of another length are no parameter of ours: the types rule them out. */
  if (SIZE (nonce) != (extended ? 24u : 12u))
    return FALSE;
  gboolean good =
      (extended ? crypto_aead_xchacha20poly1305_ietf_decrypt_detached
                : crypto_aead_chacha20poly1305_ietf_decrypt_detached) (
          out, NULL, DATA (sealed), SIZE (sealed), DATA (tag), DATA (aad), SIZE (aad),
          DATA (nonce), DATA (key)) == 0;
  if (!extended)
    g_assert_true (good == open_with_evp (key, nonce, aad, sealed, tag, out));
  return good && is_equal (message, out, SIZE (sealed));
}

static gboolean
judge_chacha (const Case *test)
{
  return judge_aead (test, FALSE);
}

static gboolean
judge_xchacha (const Case *test)
{
  return judge_aead (test, TRUE);
}

static gboolean
judge_hkdf (const Case *test)
{
  g_autoptr (GBytes) ikm = get_hex (test->test, "ikm");
  g_autoptr (GBytes) salt = get_hex (test->test, "salt");
  g_autoptr (GBytes) info = get_hex (test->test, "info");
  g_autoptr (GBytes) expected = get_hex (test->test, "okm");
  gint64 size = json_object_get_int_member (test->test, "size");
  guint8 out[8160];

  if (size > (gint64) sizeof out)
    return FALSE;
  satchel_hkdf (DATA (ikm), SIZE (ikm), DATA (salt), SIZE (salt), (const char *) DATA (info),
                SIZE (info), out, size);
  return is_equal (expected, out, size);
}

static gboolean
judge_hmac (const Case *test)
{
  g_autoptr (GBytes) key = get_hex (test->test, "key");
  g_autoptr (GBytes) message = get_hex (test->test, "msg");
  g_autoptr (GBytes) tag = get_hex (test->test, "tag");
  crypto_auth_hmacsha256_state state;
  guint8 out[crypto_auth_hmacsha256_BYTES];

  crypto_auth_hmacsha256_init (&state, DATA (key), SIZE (key));
  crypto_auth_hmacsha256_update (&state, DATA (message), SIZE (message));
  crypto_auth_hmacsha256_final (&state, out);
  return is_equal (tag, out, json_object_get_int_member (test->group, "tagSize") / 8);
}

static gboolean
judge_x25519 (const Case *test)
{
  g_autoptr (GBytes) point = get_hex (test->test, "public");
  g_autoptr (GBytes) scalar = get_hex (test->test, "private");
  g_autoptr (GBytes) expected = get_hex (test->test, "shared");
  guint8 out[32];

  return crypto_scalarmult (out, DATA (scalar), DATA (point)) == 0 && is_equal (expected, out, 32);
}

static gboolean
judge_ed25519 (const Case *test)
{
  JsonObject *public_key = json_object_get_object_member (test->group, "publicKey");
  g_autoptr (GBytes) key = get_hex (public_key, "pk");
  g_autoptr (GBytes) message = get_hex (test->test, "msg");
  g_autoptr (GBytes) signature = get_hex (test->test, "sig");

  return SIZE (signature) == crypto_sign_BYTES &&
         crypto_sign_verify_detached (DATA (signature), DATA (message), SIZE (message),
                                      DATA (key)) == 0;
}

static gboolean
has_flag (JsonObject *test, const char *flag)
{
  JsonArray *flags = json_object_get_array_member (test, "flags");

  for (guint i = 0; flags != NULL && i < json_array_get_length (flags); i++)
    if (g_str_equal (json_array_get_string_element (flags, i), flag))
      return TRUE;
  return FALSE;
}

static void
judge_case (const Case *test, Judge judge)
{
  const char *expected = json_object_get_string_member (test->test, "result");
  gint64 id = json_object_get_int_member (test->test, "tcId");
  gboolean accepted = judge (test);

  if (g_str_equal (expected, "acceptable")) {
    /* X25519: a shared secret of zero must be refused, the rest must come out right. */
    gboolean zero = has_flag (test->test, "ZeroSharedSecret");
    if (accepted == zero)
      g_error ("case %" G_GINT64_FORMAT ": acceptable, but %s", id, accepted ? "taken" : "refused");
  } else if (accepted != g_str_equal (expected, "valid")) {
    g_error ("case %" G_GINT64_FORMAT ": %s, but %s", id, expected, accepted ? "taken" : "refused");
  }
}

typedef struct {
  const char *path;
  const char *file;
  Judge judge;
  guint least;
} Table;

static void
test_file (gconstpointer data)
{
  const Table *table = data;
  g_autofree char *path =
      g_build_filename (g_getenv ("SATCHEL_VECTORS"), "wycheproof", table->file, NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  guint count = 0;

  g_assert_true (json_parser_load_from_file (parser, path, NULL));
  JsonArray *groups = json_object_get_array_member (
      json_node_get_object (json_parser_get_root (parser)), "testGroups");
  for (guint i = 0; i < json_array_get_length (groups); i++) {
    Case test = {json_array_get_object_element (groups, i), NULL};
    JsonArray *tests = json_object_get_array_member (test.group, "tests");
    for (guint j = 0; j < json_array_get_length (tests); j++, count++) {
      test.test = json_array_get_object_element (tests, j);
      judge_case (&test, table->judge);
    }
  }
  g_assert_cmpuint (count, >=, table->least);
}

int
main (int argc, char **argv)
{
  static const Table tables[] = {
      {"/seal/wycheproof/chacha20-poly1305", "chacha20_poly1305_test.json", judge_chacha, 300},
      {"/seal/wycheproof/xchacha20-poly1305", "xchacha20_poly1305_test.json", judge_xchacha, 250},
      {"/seal/wycheproof/hkdf", "hkdf_sha256_test.json", judge_hkdf, 80},
      {"/seal/wycheproof/hmac", "hmac_sha256_test.json", judge_hmac, 150},
      {"/seal/wycheproof/x25519", "x25519_test.json", judge_x25519, 500},
      {"/seal/wycheproof/ed25519", "ed25519_test.json", judge_ed25519, 140},
  };

  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    g_test_add_data_func (tables[i].path, &tables[i], test_file);
  return g_test_run ();
}
