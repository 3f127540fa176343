/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fuzz.h"
#include "papers/satchel-address.h"
#include "papers/satchel-http-signature.h"

static void
check_address (const char *text)
{
  g_autofree char *host = NULL;
  g_autofree char *authority = satchel_authority_normalize (text);
  guint16 port = 0;

  if (satchel_address_parse (text, &host, &port, NULL))
    g_assert_true (host != NULL && *host != '\0' && port != 0);
  if (authority != NULL) {
    g_autofree char *again = satchel_authority_normalize (authority);
    g_assert_cmpstr (authority, ==, again);
  }
}

static void
check_signature (const char *input, const char *signature)
{
  const SatchelHttpRequest request = {"GET", "desk.example", "/mailboxes/00", NULL, NULL};
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelHttpSignature) parsed = satchel_http_signature_parse (input, signature, &error);

  g_assert_true ((parsed == NULL) == (error != NULL));
  if (parsed == NULL)
    return;
  g_assert_true (strlen (parsed->nonce) >= 16 && strlen (parsed->nonce) <= 64);
  satchel_http_signature_verify (parsed, &request, NULL);
  satchel_http_signature_check_time (parsed, G_MAXINT64, 0, NULL);
  satchel_http_signature_check_time (parsed, 0, G_MININT64, NULL);
}

/* Lines: Signature-Input, Signature, Content-Digest, an address, a Host header. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 5);
  guint count = g_strv_length (lines);
  guint8 digest[32];

  fuzz_init ();
  check_signature (count > 0 ? lines[0] : NULL, count > 1 ? lines[1] : NULL);
  if (count > 2 && satchel_content_digest_parse (lines[2], digest)) {
    g_autofree char *again = satchel_content_digest_format (digest);
    g_assert_cmpstr (again, ==, lines[2]);
  }
  for (guint i = 3; i < count; i++)
    check_address (lines[i]);
  return 0;
}
