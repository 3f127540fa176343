/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-minisign.h"

#include <sodium.h>
#include <string.h>

#include "base/satchel-error.h"
#include "base/satchel-text.h"

#define UNTRUSTED_PREFIX "untrusted comment: "
#define TRUSTED_PREFIX   "trusted comment: "
#define KEY_SIZE         (2 + SATCHEL_MINISIGN_KEY_ID_SIZE + 32)
#define SIGNATURE_SIZE   (2 + SATCHEL_MINISIGN_KEY_ID_SIZE + crypto_sign_BYTES)
#define PAIR_SIZE        (SATCHEL_MINISIGN_KEY_ID_SIZE + crypto_sign_SECRETKEYBYTES)
#define HASH_SIZE        64
#define READ_SIZE        (256 * 1024)

static gboolean
set_signature_error (GError **error, const char *rule)
{
  g_set_error (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_SIGNATURE, "minisign: %s", rule);
  return FALSE;
}

gboolean
satchel_minisign_key_equal (const SatchelMinisignKey *a, const SatchelMinisignKey *b)
{
  return memcmp (a->key_id, b->key_id, sizeof a->key_id) == 0 &&
         memcmp (a->ed25519, b->ed25519, 32) == 0;
}

char *
satchel_minisign_key_format (const SatchelMinisignKey *key)
{
  guint8 bytes[KEY_SIZE] = {'E', 'd'};

  memcpy (bytes + 2, key->key_id, SATCHEL_MINISIGN_KEY_ID_SIZE);
  memcpy (bytes + 2 + SATCHEL_MINISIGN_KEY_ID_SIZE, key->ed25519, 32);
  return satchel_base64_encode (bytes, sizeof bytes);
}

/* The key line of a file: the only line, or the one after the comment. */
static const char *
find_key_line (const char *text, gsize length, gsize *line_length)
{
  const char *end = text + length;

  if (length >= strlen (UNTRUSTED_PREFIX) &&
      memcmp (text, UNTRUSTED_PREFIX, strlen (UNTRUSTED_PREFIX)) == 0) {
    const char *line_end = memchr (text, '\n', length);
    if (line_end == NULL)
      return NULL;
    text = line_end + 1;
  }
  if (end > text && end[-1] == '\n')
    end--;
  *line_length = end - text;
  return text;
}

gboolean
satchel_minisign_key_parse (const char *text, gsize length, SatchelMinisignKey *out, GError **error)
{
  gsize line_length = 0;
  const char *line = find_key_line (text, length, &line_length);
  g_autoptr (GBytes) bytes = line != NULL ? satchel_base64_decode (line, line_length) : NULL;
  const guint8 *data = bytes != NULL ? g_bytes_get_data (bytes, NULL) : NULL;

  if (bytes == NULL || g_bytes_get_size (bytes) != KEY_SIZE || data[0] != 'E' || data[1] != 'd') {
    g_set_error_literal (error, SATCHEL_SEAL_ERROR, SATCHEL_SEAL_ERROR_KEY,
                         "not a minisign public key");
    return FALSE;
  }
  memcpy (out->key_id, data + 2, SATCHEL_MINISIGN_KEY_ID_SIZE);
  memcpy (out->ed25519, data + 2 + SATCHEL_MINISIGN_KEY_ID_SIZE, 32);
  return TRUE;
}

SatchelSecret *
satchel_minisign_pair_new (GError **error)
{
  SatchelSecret *pair = satchel_secret_new (PAIR_SIZE, error);
  guint8 public_key[crypto_sign_PUBLICKEYBYTES];

  if (pair == NULL)
    return NULL;
  guint8 *data = satchel_secret_get_writable (pair);
  randombytes_buf (data, SATCHEL_MINISIGN_KEY_ID_SIZE);
  crypto_sign_keypair (public_key, data + SATCHEL_MINISIGN_KEY_ID_SIZE);
  return pair;
}

static const guint8 *
pair_secret_key (SatchelSecret *pair)
{
  return satchel_secret_get_data (pair) + SATCHEL_MINISIGN_KEY_ID_SIZE;
}

void
satchel_minisign_pair_get_key (SatchelSecret *pair, SatchelMinisignKey *out)
{
  memcpy (out->key_id, satchel_secret_get_data (pair), SATCHEL_MINISIGN_KEY_ID_SIZE);
  crypto_sign_ed25519_sk_to_pk (out->ed25519, pair_secret_key (pair));
}

static gboolean
is_comment (const char *text)
{
  gsize length = strlen (text);

  if (length > SATCHEL_MINISIGN_COMMENT_MAX || !satchel_text_is_clean (text, length))
    return FALSE;
  /* minisign itself puts tabs between the parts of its default comment. */
  for (gsize i = 0; i < length; i++)
    if (((guint8) text[i] < 0x20 && text[i] != '\t') || text[i] == 0x7f)
      return FALSE;
  return TRUE;
}

/* The second signature covers the first one and the trusted comment. */
static void
global_message (const guint8 signature[crypto_sign_BYTES],
                const char *comment,
                gsize comment_size,
                GByteArray *out)
{
  g_byte_array_append (out, signature, crypto_sign_BYTES);
  g_byte_array_append (out, (const guint8 *) comment, comment_size);
}

char *
satchel_minisign_sign_hash (SatchelSecret *pair,
                            const guint8 hash[64],
                            const char *trusted_comment,
                            const char *untrusted_comment,
                            GError **error)
{
  guint8 packed[SIGNATURE_SIZE] = {'E', 'D'};
  guint8 *signature = packed + 2 + SATCHEL_MINISIGN_KEY_ID_SIZE;
  guint8 global[crypto_sign_BYTES];
  g_autoptr (GByteArray) message = g_byte_array_new ();

  if (untrusted_comment == NULL)
    untrusted_comment = "signature from satchel";
  if (!is_comment (trusted_comment) || !is_comment (untrusted_comment)) {
    set_signature_error (error, "a comment is one line of at most 1024 bytes");
    return NULL;
  }
  memcpy (packed + 2, satchel_secret_get_data (pair), SATCHEL_MINISIGN_KEY_ID_SIZE);
  crypto_sign_detached (signature, NULL, hash, HASH_SIZE, pair_secret_key (pair));
  global_message (signature, trusted_comment, strlen (trusted_comment), message);
  crypto_sign_detached (global, NULL, message->data, message->len, pair_secret_key (pair));
  g_autofree char *signature_line = satchel_base64_encode (packed, sizeof packed);
  g_autofree char *global_line = satchel_base64_encode (global, sizeof global);
  return g_strconcat (UNTRUSTED_PREFIX,
                      untrusted_comment,
                      "\n",
                      signature_line,
                      "\n" TRUSTED_PREFIX,
                      trusted_comment,
                      "\n",
                      global_line,
                      "\n",
                      NULL);
}

char *
satchel_minisign_sign (SatchelSecret *pair,
                       const guint8 *data,
                       gsize size_bytes,
                       const char *trusted_comment,
                       const char *untrusted_comment,
                       GError **error)
{
  guint8 hash[HASH_SIZE];

  crypto_generichash (hash, sizeof hash, data, size_bytes, NULL, 0);
  return satchel_minisign_sign_hash (pair, hash, trusted_comment, untrusted_comment, error);
}

/* What a signature file says, each part where it stands in the text. */
typedef struct {
  guint8 packed[SIGNATURE_SIZE];
  guint8 global[crypto_sign_BYTES];
  char *trusted_comment;
} SignatureFile;

static gboolean
decode_line (const char *line, guint8 *out, gsize size_bytes)
{
  g_autoptr (GBytes) bytes = satchel_base64_decode (line, -1);

  if (bytes == NULL || g_bytes_get_size (bytes) != size_bytes)
    return FALSE;
  memcpy (out, g_bytes_get_data (bytes, NULL), size_bytes);
  return TRUE;
}

static gboolean
parse_lines (char **lines, SignatureFile *out, GError **error)
{
  if (!g_str_has_prefix (lines[0], UNTRUSTED_PREFIX) ||
      !g_str_has_prefix (lines[2], TRUSTED_PREFIX) ||
      !is_comment (lines[0] + strlen (UNTRUSTED_PREFIX)) ||
      !is_comment (lines[2] + strlen (TRUSTED_PREFIX)))
    return set_signature_error (error, "the comment lines are not as they should be");
  if (!decode_line (lines[1], out->packed, SIGNATURE_SIZE))
    return set_signature_error (error, "the signature line is malformed");
  if (!decode_line (lines[3], out->global, crypto_sign_BYTES))
    return set_signature_error (error, "the global signature line is malformed");
  if (out->packed[0] != 'E' || out->packed[1] != 'D')
    return set_signature_error (error, "not a prehashed (ED) signature");
  out->trusted_comment = g_strdup (lines[2] + strlen (TRUSTED_PREFIX));
  return TRUE;
}

/* Exactly four lines, each ended by one LF, and nothing else. */
static gboolean
parse_file (const char *text, gsize size, SignatureFile *out, GError **error)
{
  if (size == 0 || size > 4 * SATCHEL_MINISIGN_COMMENT_MAX || text[size - 1] != '\n' ||
      !satchel_text_is_clean (text, size))
    return set_signature_error (error, "not a signature file of four lines");
  g_autofree char *copy = g_strndup (text, size - 1);
  g_auto (GStrv) lines = g_strsplit (copy, "\n", -1);
  if (g_strv_length (lines) != 4)
    return set_signature_error (error, "not a signature file of four lines");
  return parse_lines (lines, out, error);
}

static gboolean
verify_parsed (const SatchelMinisignKey *key,
               const SignatureFile *file,
               const guint8 hash[64],
               GError **error)
{
  const guint8 *signature = file->packed + 2 + SATCHEL_MINISIGN_KEY_ID_SIZE;
  g_autoptr (GByteArray) message = g_byte_array_new ();

  if (memcmp (file->packed + 2, key->key_id, SATCHEL_MINISIGN_KEY_ID_SIZE) != 0)
    return set_signature_error (error, "made with another key");
  if (crypto_sign_verify_detached (signature, hash, HASH_SIZE, key->ed25519) != 0)
    return set_signature_error (error, "the signature does not verify");
  global_message (signature, file->trusted_comment, strlen (file->trusted_comment), message);
  if (crypto_sign_verify_detached (file->global, message->data, message->len, key->ed25519) != 0)
    return set_signature_error (error, "the signature of the trusted comment does not verify");
  return TRUE;
}

gboolean
satchel_minisign_verify_hash (const SatchelMinisignKey *key,
                              const char *signature,
                              gsize signature_size,
                              const guint8 hash[64],
                              char **trusted_comment,
                              GError **error)
{
  SignatureFile file = {0};
  gboolean good = parse_file (signature, signature_size, &file, error) &&
                  verify_parsed (key, &file, hash, error);

  if (good && trusted_comment != NULL)
    *trusted_comment = g_steal_pointer (&file.trusted_comment);
  g_free (file.trusted_comment);
  return good;
}

gboolean
satchel_minisign_verify (const SatchelMinisignKey *key,
                         const char *signature,
                         gsize signature_size,
                         const guint8 *data,
                         gsize size_bytes,
                         char **trusted_comment,
                         GError **error)
{
  guint8 hash[HASH_SIZE];

  crypto_generichash (hash, sizeof hash, data, size_bytes, NULL, 0);
  return satchel_minisign_verify_hash (key, signature, signature_size, hash, trusted_comment,
                                       error);
}

gboolean
satchel_minisign_hash_stream (GInputStream *stream,
                              guint8 out[64],
                              GCancellable *cancellable,
                              GError **error)
{
  g_autofree guint8 *buffer = g_malloc (READ_SIZE);
  g_autoptr (GError) local_error = NULL;
  crypto_generichash_state state;
  gssize got;

  crypto_generichash_init (&state, NULL, 0, HASH_SIZE);
  while ((got = g_input_stream_read (stream, buffer, READ_SIZE, cancellable, &local_error)) > 0)
    crypto_generichash_update (&state, buffer, got);
  if (got < 0)
    return satchel_base_take_gio_error (error, g_steal_pointer (&local_error), "read");
  crypto_generichash_final (&state, out, HASH_SIZE);
  return TRUE;
}
