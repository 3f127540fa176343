/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "papers/satchel-http-signature.h"

#include <sodium.h>
#include <string.h>

#include "base/satchel-text.h"

#define LABEL          "satchel"
#define ALGORITHM      "ed25519"
#define TAG            "satchel-v1"
#define LABEL_MAX      32
#define NONCE_MIN      16
#define NONCE_MAX      64
#define COMPONENTS     "(\"@method\" \"@authority\" \"@path\" \"@query\")"
#define COMPONENTS_ALL "(\"@method\" \"@authority\" \"@path\" \"@query\" \"content-digest\")"
#define DIGEST_PREFIX  "sha-256=:"
#define US_PER_S       G_GINT64_CONSTANT (1000000)

static gboolean
set_invalid (GError **error, const char *fault)
{
  g_set_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID, "signed request: %s",
               fault);
  return FALSE;
}

char *
satchel_content_digest_format (const guint8 sha256[32])
{
  g_autofree char *text = satchel_base64_encode (sha256, 32);

  return g_strconcat (DIGEST_PREFIX, text, ":", NULL);
}

gboolean
satchel_content_digest_parse (const char *value, guint8 sha256[32])
{
  g_autoptr (GBytes) raw = NULL;
  gsize length = strlen (value);

  if (length <= strlen (DIGEST_PREFIX) || !g_str_has_prefix (value, DIGEST_PREFIX) ||
      value[length - 1] != ':')
    return FALSE;
  raw = satchel_base64_decode (value + strlen (DIGEST_PREFIX),
                               (gssize) (length - strlen (DIGEST_PREFIX) - 1));
  if (raw == NULL || g_bytes_get_size (raw) != 32)
    return FALSE;
  memcpy (sha256, g_bytes_get_data (raw, NULL), 32);
  return TRUE;
}

char *
satchel_http_signature_base (const SatchelHttpComponent *components,
                             guint n_components,
                             const char *params)
{
  GString *base = g_string_new (NULL);

  for (guint i = 0; i < n_components; i++)
    g_string_append_printf (base, "\"%s\": %s\n", components[i].name, components[i].value);
  g_string_append_printf (base, "\"@signature-params\": %s", params);
  return g_string_free (base, FALSE);
}

/* A component with a line break in it could pass for two. */
static gboolean
is_printable (const char *text)
{
  for (const char *p = text; *p != '\0'; p++) {
    if (*p < 0x20 || *p > 0x7e)
      return FALSE;
  }
  return TRUE;
}

static char *
make_base (const SatchelHttpRequest *request,
           const char *params,
           gboolean with_digest,
           GError **error)
{
  g_autofree char *query = g_strconcat ("?", request->query, NULL);
  SatchelHttpComponent components[] = {
      {"@method", request->method},
      {"@authority", request->authority},
      {"@path", request->path},
      {"@query", query},
      {"content-digest", request->content_digest},
  };
  guint count = with_digest ? G_N_ELEMENTS (components) : G_N_ELEMENTS (components) - 1;

  for (guint i = 0; i < count; i++) {
    if (!is_printable (components[i].value)) {
      set_invalid (error, "a component has control characters");
      return NULL;
    }
  }
  return satchel_http_signature_base (components, count, params);
}

gboolean
satchel_http_signature_sign (const SatchelHttpRequest *request,
                             SatchelSecret *access_key,
                             gint64 created_unix_s,
                             char **input,
                             char **signature,
                             GError **error)
{
  gboolean with_digest = request->content_digest != NULL;
  guint8 public_key[SATCHEL_ACCESS_KEY_SIZE];
  guint8 raw[crypto_sign_BYTES];
  g_autofree char *nonce = satchel_random_id ();
  g_autofree char *key_id = NULL;
  g_autofree char *params = NULL;
  g_autofree char *base = NULL;
  g_autofree char *encoded = NULL;

  satchel_access_key_get_public (access_key, public_key);
  key_id = satchel_access_key_format (public_key);
  params =
      g_strdup_printf ("%s;created=%" G_GINT64_FORMAT ";nonce=\"%s\";keyid=\"%s\";alg=\"" ALGORITHM
                       "\";tag=\"" TAG "\"",
                       with_digest ? COMPONENTS_ALL : COMPONENTS, created_unix_s, nonce, key_id);
  base = make_base (request, params, with_digest, error);
  if (base == NULL)
    return FALSE;
  crypto_sign_detached (raw, NULL, (const guint8 *) base, strlen (base),
                        satchel_secret_get_data (access_key));
  encoded = satchel_base64_encode (raw, sizeof raw);
  *input = g_strconcat (LABEL "=", params, NULL);
  *signature = g_strconcat (LABEL "=:", encoded, ":", NULL);
  return TRUE;
}

/* The label of a dictionary member (RFC 8941 key), or NULL; *@rest is what follows "=". */
static char *
read_label (const char *header, const char **rest)
{
  gsize length = strspn (header, "abcdefghijklmnopqrstuvwxyz0123456789_-");

  if (length == 0 || length > LABEL_MAX || !g_ascii_islower (header[0]) || header[length] != '=')
    return NULL;
  *rest = header + length + 1;
  return g_strndup (header, length);
}

/* A quoted string without escapes: our values need none, and a backslash is refused. */
static gboolean
read_string (const char **position, char **out)
{
  const char *start = *position + 1;
  const char *end = **position == '"' ? start + strcspn (start, "\"\\") : NULL;

  if (end == NULL || *end != '"' || *out != NULL)
    return FALSE;
  *out = g_strndup (start, (gsize) (end - start));
  *position = end + 1;
  return TRUE;
}

static gboolean
read_created (const char **position, gint64 *created)
{
  gsize digits = strspn (*position, "0123456789");
  g_autofree char *text = g_strndup (*position, digits);

  /* RFC 8941 integers have at most 15 digits; this also is when dates end. */
  if (*created != 0 || digits == 0 || digits > 12 || text[0] == '0')
    return FALSE;
  *created = g_ascii_strtoll (text, NULL, 10);
  *position += digits;
  return TRUE;
}

typedef struct {
  char *nonce, *keyid, *alg, *tag;
} Strings;

static void
clear_strings (Strings *strings)
{
  g_free (strings->nonce);
  g_free (strings->keyid);
  g_free (strings->alg);
  g_free (strings->tag);
}

/* Parameters in any order, each once, no others. */
static gboolean
read_parameters (SatchelHttpSignature *self, const char *position, Strings *strings)
{
  const struct {
    const char *name;
    char **out;
  } table[] = {
      {";nonce=", &strings->nonce},
      {";keyid=", &strings->keyid},
      {";alg=", &strings->alg},
      {";tag=", &strings->tag},
  };

  while (*position != '\0') {
    guint i = 0;

    if (g_str_has_prefix (position, ";created=")) {
      position += strlen (";created=");
      if (!read_created (&position, &self->created_unix_s))
        return FALSE;
      continue;
    }
    while (i < G_N_ELEMENTS (table) && !g_str_has_prefix (position, table[i].name))
      i++;
    if (i == G_N_ELEMENTS (table))
      return FALSE;
    position += strlen (table[i].name);
    if (!read_string (&position, table[i].out))
      return FALSE;
  }
  return self->created_unix_s != 0;
}

static gboolean
check_strings (SatchelHttpSignature *self, Strings *strings, GError **error)
{
  if (g_strcmp0 (strings->alg, ALGORITHM) != 0 || g_strcmp0 (strings->tag, TAG) != 0)
    return set_invalid (error, "alg must be \"" ALGORITHM "\" and tag \"" TAG "\"");
  if (strings->nonce == NULL || strlen (strings->nonce) < NONCE_MIN ||
      strlen (strings->nonce) > NONCE_MAX)
    return set_invalid (error, "the nonce has 16 to 64 characters");
  if (strings->keyid == NULL || !satchel_access_key_parse (strings->keyid, self->key_id))
    return set_invalid (error, "keyid is not an access key");
  self->nonce = g_steal_pointer (&strings->nonce);
  return TRUE;
}

static gboolean
read_input (SatchelHttpSignature *self, const char *params, GError **error)
{
  Strings strings = {0};
  gboolean good;

  self->covers_content_digest = g_str_has_prefix (params, COMPONENTS_ALL);
  if (!self->covers_content_digest && !g_str_has_prefix (params, COMPONENTS))
    return set_invalid (error, "the covered components are not the demanded ones");
  self->params = g_strdup (params);
  good = read_parameters (self, strchr (params, ')') + 1, &strings);
  if (!good)
    set_invalid (error, "parameters are created, nonce, keyid, alg and tag, each once");
  good = good && check_strings (self, &strings, error);
  clear_strings (&strings);
  return good;
}

static gboolean
read_signature (SatchelHttpSignature *self, const char *value, GError **error)
{
  g_autoptr (GBytes) raw = NULL;
  gsize length = strlen (value);

  if (length > 2 && value[0] == ':' && value[length - 1] == ':')
    raw = satchel_base64_decode (value + 1, (gssize) length - 2);
  if (raw == NULL || g_bytes_get_size (raw) != sizeof self->signature)
    return set_invalid (error, "the signature is not 64 bytes in base64");
  memcpy (self->signature, g_bytes_get_data (raw, NULL), sizeof self->signature);
  return TRUE;
}

SatchelHttpSignature *
satchel_http_signature_parse (const char *input, const char *signature, GError **error)
{
  g_autoptr (SatchelHttpSignature) self = g_new0 (SatchelHttpSignature, 1);
  g_autofree char *input_label = NULL;
  g_autofree char *label = NULL;
  const char *params = NULL;
  const char *value = NULL;

  if (input == NULL || signature == NULL || strlen (input) > SATCHEL_HTTP_SIGNATURE_HEADER_MAX ||
      strlen (signature) > SATCHEL_HTTP_SIGNATURE_HEADER_MAX || !is_printable (input)) {
    set_invalid (error, "Signature-Input or Signature is missing, too long or not plain text");
    return NULL;
  }
  input_label = read_label (input, &params);
  label = read_label (signature, &value);
  if (input_label == NULL || g_strcmp0 (input_label, label) != 0) {
    set_invalid (error, "one labelled signature is expected");
    return NULL;
  }
  if (!read_input (self, params, error) || !read_signature (self, value, error))
    return NULL;
  return g_steal_pointer (&self);
}

gboolean
satchel_http_signature_verify (const SatchelHttpSignature *self,
                               const SatchelHttpRequest *request,
                               GError **error)
{
  g_autofree char *base = NULL;

  if (self->covers_content_digest != (request->content_digest != NULL)) {
    g_set_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_SIGNATURE,
                 "a signed request covers the digest of its body, and only then");
    return FALSE;
  }
  base = make_base (request, self->params, self->covers_content_digest, error);
  if (base == NULL)
    return FALSE;
  if (crypto_sign_verify_detached (self->signature, (const guint8 *) base, strlen (base),
                                   self->key_id) != 0) {
    g_set_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_SIGNATURE,
                 "the request's signature does not verify");
    return FALSE;
  }
  return TRUE;
}

gboolean
satchel_http_signature_check_time (const SatchelHttpSignature *self,
                                   gint64 now_unix_us,
                                   gint64 started_unix_us,
                                   GError **error)
{
  gint64 now_s = now_unix_us / US_PER_S;

  if (self->created_unix_s > now_s + SATCHEL_HTTP_SIGNATURE_WINDOW_S ||
      self->created_unix_s < now_s - SATCHEL_HTTP_SIGNATURE_WINDOW_S ||
      self->created_unix_s < started_unix_us / US_PER_S) {
    g_set_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_STALE,
                 "the signed request is not from the last minute");
    return FALSE;
  }
  return TRUE;
}

void
satchel_http_signature_free (SatchelHttpSignature *self)
{
  if (self == NULL)
    return;
  g_free (self->nonce);
  g_free (self->params);
  g_free (self);
}
