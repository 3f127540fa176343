/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "papers/satchel-http-signature.h"

#include <sodium.h>
#include <string.h>

#include "base/satchel-hash.h"
#include "test-papers.h"

/* RFC 9421, Appendix B.1.4: test-key-ed25519. */
static const char SEED_HEX[] = "9f8362f87a484a954e6e740c5b4c0e84229139a20aa8ab56ff66586f6a7d29c5";
static const char PUBLIC_HEX[] = "26b40b8f93fff3d897112f7ebc582b232dbd72517d082fe83cfb30ddce43d1bb";

#define B26_PARAMS                                                             \
  "(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-" \
  "length\");created=1618884473;keyid=\"test-key-ed25519\""

/* RFC 9421, Appendix B.2.6: Ed25519 is deterministic, so base and signature are byte for byte. */
static void
test_rfc9421_b26 (void)
{
  const SatchelHttpComponent components[] = {
      {"date", "Tue, 20 Apr 2021 02:07:55 GMT"},
      {"@method", "POST"},
      {"@path", "/foo"},
      {"@authority", "example.com"},
      {"content-type", "application/json"},
      {"content-length", "18"},
  };
  guint8 seed[32], expected[32], public_key[32], secret[64], signature[64];
  g_autofree char *base =
      satchel_http_signature_base (components, G_N_ELEMENTS (components), B26_PARAMS);

  g_assert_cmpstr (base, ==,
                   "\"date\": Tue, 20 Apr 2021 02:07:55 GMT\n"
                   "\"@method\": POST\n"
                   "\"@path\": /foo\n"
                   "\"@authority\": example.com\n"
                   "\"content-type\": application/json\n"
                   "\"content-length\": 18\n"
                   "\"@signature-params\": " B26_PARAMS);
  g_assert_cmpint (sodium_hex2bin (seed, 32, SEED_HEX, 64, NULL, NULL, NULL), ==, 0);
  g_assert_cmpint (sodium_hex2bin (expected, 32, PUBLIC_HEX, 64, NULL, NULL, NULL), ==, 0);
  crypto_sign_seed_keypair (public_key, secret, seed);
  g_assert_cmpmem (public_key, 32, expected, 32);
  crypto_sign_detached (signature, NULL, (const guint8 *) base, strlen (base), secret);
  g_autofree char *text = g_base64_encode (signature, sizeof signature);
  g_assert_cmpstr (
      text, ==,
      "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==");
}

/* RFC 9530, Appendix D, and the empty body. */
static void
test_content_digest (void)
{
  const struct {
    const char *body;
    const char *value;
  } table[] = {
      {"{\"hello\": \"world\"}\n", "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"},
      {"", "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"},
  };
  const char *const bad[] = {
      "",
      "sha-256=::",
      "sha-256=:",
      "sha-512=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:",
      "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
      "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU:",
      "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=:",
      "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=: ",
      "sha-256=:QUJD:",
  };
  guint8 hash[32], back[32];

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    satchel_sha256 ((const guint8 *) table[i].body, strlen (table[i].body), hash);
    g_autofree char *value = satchel_content_digest_format (hash);
    g_assert_cmpstr (value, ==, table[i].value);
    g_assert_true (satchel_content_digest_parse (value, back));
    g_assert_cmpmem (back, 32, hash, 32);
  }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (satchel_content_digest_parse (bad[i], back));
  g_assert_cmpmem (back, 32, hash, 32);
}

static const SatchelHttpRequest PLAIN = {"GET", "desk.example", "/mailboxes/ab", "after=7", NULL};
static const SatchelHttpRequest BODY = {"POST", "desk.example:8443", "/newsroom", NULL,
                                        "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"};

static void
sign (const SatchelHttpRequest *request,
      SatchelSecret *key,
      gint64 created,
      char **input,
      char **signature)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (
      satchel_http_signature_sign (request, key, created, input, signature, &error));
  g_assert_no_error (error);
}

static gboolean
verifies (const char *input, const char *signature, const SatchelHttpRequest *request)
{
  g_autoptr (SatchelHttpSignature) parsed = satchel_http_signature_parse (input, signature, NULL);

  return parsed != NULL && satchel_http_signature_verify (parsed, request, NULL);
}

static void
test_round_trip (void)
{
  const SatchelHttpRequest *const requests[] = {&PLAIN, &BODY};
  g_autoptr (SatchelSecret) key = satchel_access_key_new (NULL);
  guint8 public_key[32];

  satchel_access_key_get_public (key, public_key);
  for (guint i = 0; i < G_N_ELEMENTS (requests); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *input = NULL, *signature = NULL;

    sign (requests[i], key, 1618884473, &input, &signature);
    g_autoptr (SatchelHttpSignature) parsed =
        satchel_http_signature_parse (input, signature, &error);
    g_assert_no_error (error);
    g_assert_cmpint (parsed->created_unix_s, ==, 1618884473);
    g_assert_cmpmem (parsed->key_id, 32, public_key, 32);
    g_assert_cmpuint (strlen (parsed->nonce), ==, 32);
    g_assert_true (parsed->covers_content_digest == (requests[i]->content_digest != NULL));
    g_assert_true (satchel_http_signature_verify (parsed, requests[i], &error));
    g_assert_no_error (error);
  }
}

/* Every part of the request is covered. */
static void
test_other_request (void)
{
  const SatchelHttpRequest others[] = {
      {"DELETE", "desk.example", "/mailboxes/ab", "after=7", NULL},
      {"GET", "desk.example:444", "/mailboxes/ab", "after=7", NULL},
      {"GET", "desk.example", "/mailboxes/ac", "after=7", NULL},
      {"GET", "desk.example", "/mailboxes/ab", "after=8", NULL},
      {"GET", "desk.example", "/mailboxes/ab", NULL, NULL},
      {"GET", "desk.example", "/mailboxes/ab?after=7", NULL, NULL},
      {"GET", "desk.example", "/mailboxes/ab", "after=7",
       "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"},
      {"GET", "desk.example", "/mailboxes/ab\n", "after=7", NULL},
  };
  SatchelHttpRequest other_body = BODY;
  g_autoptr (SatchelSecret) key = satchel_access_key_new (NULL);
  g_autofree char *input = NULL, *signature = NULL, *input2 = NULL, *signature2 = NULL;

  sign (&PLAIN, key, 1618884473, &input, &signature);
  g_assert_true (verifies (input, signature, &PLAIN));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (verifies (input, signature, &others[i]));
  sign (&BODY, key, 1618884473, &input2, &signature2);
  g_assert_false (verifies (input2, signature, &PLAIN));
  other_body.content_digest = NULL;
  g_assert_false (verifies (input2, signature2, &other_body));
  other_body.content_digest = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";
  g_assert_false (verifies (input2, signature2, &other_body));
}

static void
test_every_byte (void)
{
  g_autoptr (SatchelSecret) key = satchel_access_key_new (NULL);
  g_autofree char *input = NULL, *signature = NULL;

  sign (&PLAIN, key, 1618884473, &input, &signature);
  for (gsize i = 0; i < strlen (input); i++) {
    g_autofree char *changed = g_strdup (input);
    changed[i] ^= 1;
    g_assert_false (verifies (changed, signature, &PLAIN));
  }
  for (gsize i = 0; i < strlen (signature); i++) {
    g_autofree char *changed = g_strdup (signature);
    changed[i] ^= 1;
    g_assert_false (verifies (input, changed, &PLAIN));
  }
}

#define KEYID "JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="
#define SIG                                                                     \
  "satchel=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A" \
  "0w6vuQv5lIp5WPpBKRCw==:"
#define FOUR  "(\"@method\" \"@authority\" \"@path\" \"@query\")"
#define NONCE ";nonce=\"0123456789abcdef\""
#define REST  ";keyid=\"" KEYID "\";alg=\"ed25519\";tag=\"satchel-v1\""

static void
test_grammar (void)
{
  const struct {
    const char *input;
    gboolean good;
  } table[] = {
      {"satchel=" FOUR ";created=1" NONCE REST, TRUE},
      {"satchel=" FOUR NONCE REST ";created=1", TRUE},
      {"satchel=" FOUR ";created=01" NONCE REST, FALSE},
      {"satchel=" FOUR ";created=0" NONCE REST, FALSE},
      {"satchel=" FOUR ";created=-1" NONCE REST, FALSE},
      {"satchel=" FOUR ";created=1234567890123" NONCE REST, FALSE},
      {"satchel=" FOUR ";created=1;created=1" NONCE REST, FALSE},
      {"satchel=" FOUR ";created=1" NONCE NONCE REST, FALSE},
      {"satchel=" FOUR ";created=1" REST, FALSE},
      {"satchel=" FOUR NONCE REST, FALSE},
      {"satchel=" FOUR ";created=1" NONCE REST ";expires=9", FALSE},
      {"satchel=" FOUR ";created=1;nonce=\"short\"" REST, FALSE},
      {"satchel=" FOUR ";created=1;nonce=\"0123456789abc\\\"def\"" REST, FALSE},
      {"satchel=" FOUR ";created=1" NONCE REST ", b=" FOUR, FALSE},
      {"satchel=" FOUR ";created=1" NONCE ";keyid=\"" KEYID "\";alg=\"rsa\";tag=\"satchel-v1\"",
       FALSE},
      {"satchel=" FOUR ";created=1" NONCE ";keyid=\"" KEYID "\";alg=\"ed25519\";tag=\"other\"",
       FALSE},
      {"satchel=" FOUR ";created=1" NONCE ";keyid=\"QUJD\";alg=\"ed25519\";tag=\"satchel-v1\"",
       FALSE},
      {"satchel=(\"@method\" \"@authority\" \"@path\");created=1" NONCE REST, FALSE},
      {"satchel=();created=1" NONCE REST, FALSE},
      {"satchel=" FOUR, FALSE},
      {"other=" FOUR ";created=1" NONCE REST, FALSE},
      {"Satchel=" FOUR ";created=1" NONCE REST, FALSE},
      {"=" FOUR ";created=1" NONCE REST, FALSE},
      {"", FALSE},
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (SatchelHttpSignature) parsed =
        satchel_http_signature_parse (table[i].input, SIG, &error);
    g_test_message ("%s", table[i].input);
    g_assert_true ((parsed != NULL) == table[i].good);
    if (!table[i].good)
      g_assert_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID);
  }
}

static void
test_missing_and_oversize (void)
{
  g_autofree char *long_nonce = g_strnfill (65, 'n');
  g_autofree char *input = g_strdup_printf (
      "satchel=" FOUR ";created=1;nonce=\"%s\"" REST, long_nonce);
  g_autofree char *huge = g_strnfill (SATCHEL_HTTP_SIGNATURE_HEADER_MAX + 1, 'a');
  const char *const good = "satchel=" FOUR ";created=1" NONCE REST;
  const char *const signatures[] = {NULL, "", "satchel=", "satchel=::", "satchel=:QUJD:",
                                    "satchel=wqcA", huge, SIG ","};

  g_assert_null (satchel_http_signature_parse (NULL, SIG, NULL));
  g_assert_null (satchel_http_signature_parse (input, SIG, NULL));
  g_assert_null (satchel_http_signature_parse (huge, SIG, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (signatures); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (satchel_http_signature_parse (good, signatures[i], &error));
    g_assert_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID);
  }
}

static void
test_time (void)
{
  const gint64 now = 1700000000;
  const struct {
    gint64 created;
    gint64 started;
    gboolean good;
  } table[] = {
      {now, 0, TRUE},
      {now - 60, 0, TRUE},
      {now - 61, 0, FALSE},
      {now + 60, 0, TRUE},
      {now + 61, 0, FALSE},
      {now - 5, now - 5, TRUE},
      {now - 6, now - 5, FALSE},
      {1, 0, FALSE},
      {999999999999, 0, FALSE},
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autoptr (GError) error = NULL;
    SatchelHttpSignature signature = {.created_unix_s = table[i].created};
    gboolean good = satchel_http_signature_check_time (
        &signature, now * 1000000 + 999999, table[i].started * 1000000, &error);
    g_assert_true (good == table[i].good);
    if (!good)
      g_assert_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_STALE);
  }
}

/* A line break in a component would let one request be read as another. */
static void
test_control_characters (void)
{
  g_autoptr (SatchelSecret) key = satchel_access_key_new (NULL);
  const SatchelHttpRequest bad[] = {
      {"GET\n", "desk.example", "/", NULL, NULL},
      {"GET", "desk.example\n\"@path\": /x", "/", NULL, NULL},
      {"GET", "desk.example", "/\r\n", NULL, NULL},
      {"GET", "desk.example", "/", "a\nb", NULL},
      {"GET", "desk.example", "/\xc3\xa9", NULL, NULL},
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    char *input = NULL, *signature = NULL;
    g_assert_false (satchel_http_signature_sign (&bad[i], key, 1, &input, &signature, &error));
    g_assert_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID);
    g_assert_null (input);
    g_assert_null (signature);
  }
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/papers/http-signature/rfc9421-b26", test_rfc9421_b26);
  g_test_add_func ("/papers/http-signature/content-digest", test_content_digest);
  g_test_add_func ("/papers/http-signature/round-trip", test_round_trip);
  g_test_add_func ("/papers/http-signature/other-request", test_other_request);
  g_test_add_func ("/papers/http-signature/every-byte", test_every_byte);
  g_test_add_func ("/papers/http-signature/grammar", test_grammar);
  g_test_add_func ("/papers/http-signature/missing", test_missing_and_oversize);
  g_test_add_func ("/papers/http-signature/time", test_time);
  g_test_add_func ("/papers/http-signature/control-characters", test_control_characters);
  return g_test_run ();
}
