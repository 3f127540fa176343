/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "papers/satchel-descriptor.h"

#include <string.h>

#include "papers/satchel-address.h"
#include "test-papers.h"

#define NOW G_GINT64_CONSTANT (1709982307000000)

static gboolean
reads_descriptor (const char *text, gssize size, gconstpointer data, GError **error)
{
  g_autoptr (SatchelDescriptor) descriptor = satchel_descriptor_parse (text, size, data, error);

  return descriptor != NULL;
}

static char *
sign_one (SatchelSecret *pair, const char *nonce, const char *authority, GError **error)
{
  SatchelDescriptor descriptor = {
      .nonce = (char *) nonce,
      .authority = (char *) authority,
      .time_unix_us = NOW + 999,
      .protocol = SATCHEL_PROTOCOL_VERSION,
  };

  memset (descriptor.certificate_sha256, 0xab, 32);
  return satchel_descriptor_sign (&descriptor, pair, error);
}

static void
test_nonce (void)
{
  g_autofree char *one = satchel_descriptor_new_nonce ();
  g_autofree char *two = satchel_descriptor_new_nonce ();
  g_autofree char *upper = g_strnfill (64, 'A');
  g_autofree char *longer = g_strconcat (one, "0", NULL);

  g_assert_cmpuint (strlen (one), ==, SATCHEL_DESCRIPTOR_NONCE_LENGTH);
  g_assert_cmpstr (one, !=, two);
  g_assert_true (satchel_descriptor_is_nonce (one));
  g_assert_false (satchel_descriptor_is_nonce (""));
  g_assert_false (satchel_descriptor_is_nonce (one + 1));
  g_assert_false (satchel_descriptor_is_nonce (longer));
  g_assert_false (satchel_descriptor_is_nonce (upper));
}

static void
test_round_trip (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) pair = satchel_minisign_pair_new (NULL);
  g_autofree char *nonce = satchel_descriptor_new_nonce ();
  g_autofree char *text = sign_one (pair, nonce, "desk.example:8443", &error);
  SatchelMinisignKey key;
  guint8 certificate[32];

  g_assert_no_error (error);
  satchel_minisign_pair_get_key (pair, &key);
  g_autoptr (SatchelDescriptor) read = satchel_descriptor_parse (text, -1, &key, &error);
  g_assert_no_error (error);
  memset (certificate, 0xab, sizeof certificate);
  g_assert_cmpstr (read->nonce, ==, nonce);
  g_assert_cmpstr (read->authority, ==, "desk.example:8443");
  g_assert_cmpint (read->time_unix_us, ==, NOW);
  g_assert_cmpuint (read->protocol, ==, SATCHEL_PROTOCOL_VERSION);
  g_assert_cmpmem (read->certificate_sha256, 32, certificate, 32);
  g_assert_true (satchel_descriptor_check (read, nonce, "desk.example:8443", certificate, &error));
  g_assert_no_error (error);
  test_assert_minisign_verifies (text, &key);
  test_assert_one_spelling (text, 1, reads_descriptor, &key);
}

/* Copied from elsewhere, or passed on by somebody in between, it does not fit. */
static void
test_check (void)
{
  g_autoptr (SatchelSecret) pair = satchel_minisign_pair_new (NULL);
  g_autofree char *nonce = satchel_descriptor_new_nonce ();
  g_autofree char *other = satchel_descriptor_new_nonce ();
  g_autofree char *text = sign_one (pair, nonce, "desk.example", NULL);
  guint8 certificate[32], stranger[32];
  SatchelMinisignKey key;

  satchel_minisign_pair_get_key (pair, &key);
  memset (certificate, 0xab, sizeof certificate);
  memset (stranger, 0xac, sizeof stranger);
  const struct {
    const char *nonce;
    const char *authority;
    const guint8 *certificate;
    const char *says;
  } table[] = {
      {other, "desk.example", certificate, "question"},
      {nonce, "desk.example:444", certificate, "address"},
      {nonce, "other.example", certificate, "address"},
      {nonce, "desk.example", stranger, "certificate"},
  };
  g_autoptr (SatchelDescriptor) read = satchel_descriptor_parse (text, -1, &key, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (satchel_descriptor_check (read, table[i].nonce, table[i].authority,
                                              table[i].certificate, &error));
    g_assert_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_MISMATCH);
    g_assert_nonnull (strstr (error->message, table[i].says));
  }
}

static void
test_rules (void)
{
  g_autoptr (SatchelSecret) pair = satchel_minisign_pair_new (NULL);
  g_autoptr (SatchelSecret) other = satchel_minisign_pair_new (NULL);
  g_autofree char *nonce = satchel_descriptor_new_nonce ();
  g_autofree char *text = sign_one (pair, nonce, "desk.example", NULL);
  g_autofree char *forged = test_resign (text, "desk.example", "desk.example", other);
  SatchelMinisignKey key;
  const TestPaperChange changes[] = {
      {"protocol: 1", "protocol: 2", -1},
      {"protocol: 1", "protocol: 0", SATCHEL_PAPERS_ERROR_INVALID},
      {"protocol: 1", "protocol: 01", SATCHEL_PAPERS_ERROR_INVALID},
      {"protocol: 1", "protocol: +1", SATCHEL_PAPERS_ERROR_INVALID},
      {"protocol: 1", "protocol: 99999999999999999999", SATCHEL_PAPERS_ERROR_INVALID},
      {"desk.example", "Desk.example", SATCHEL_PAPERS_ERROR_INVALID},
      {"desk.example", "desk.example:443", SATCHEL_PAPERS_ERROR_INVALID},
      {"2024-03-09T11:05:07Z", "2024-03-09T11:05:07", SATCHEL_PAPERS_ERROR_INVALID},
      {"2024-03-09T11:05:07Z", "2024-02-30T11:05:07Z", SATCHEL_PAPERS_ERROR_INVALID},
      {"2024-03-09T11:05:07Z", "2024-03-09 11:05:07Z", SATCHEL_PAPERS_ERROR_INVALID},
      {"abab", "ABab", SATCHEL_PAPERS_ERROR_INVALID},
      {"abab", "ab", SATCHEL_PAPERS_ERROR_INVALID},
      {nonce, "00", SATCHEL_PAPERS_ERROR_INVALID},
      {"satchel-descriptor v1", "satchel-descriptor v2", SATCHEL_PAPERS_ERROR_NEWER},
      {"satchel-descriptor v1", "satchel-receipt-stored v1", SATCHEL_PAPERS_ERROR_OTHER_KIND},
  };

  satchel_minisign_pair_get_key (pair, &key);
  test_assert_changes (text, pair, changes, G_N_ELEMENTS (changes), reads_descriptor, &key);
  test_assert_refused (forged, reads_descriptor, &key, SATCHEL_PAPERS_ERROR_SIGNATURE);
}

static void
test_newer_protocol (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) pair = satchel_minisign_pair_new (NULL);
  g_autofree char *nonce = satchel_descriptor_new_nonce ();
  g_autofree char *text = sign_one (pair, nonce, "desk.example", NULL);
  g_autofree char *newer = test_resign (text, "protocol: 1", "protocol: 2", pair);
  SatchelMinisignKey key;
  guint8 certificate[32];

  satchel_minisign_pair_get_key (pair, &key);
  memset (certificate, 0xab, sizeof certificate);
  g_autoptr (SatchelDescriptor) read = satchel_descriptor_parse (newer, -1, &key, NULL);
  g_assert_false (satchel_descriptor_check (read, nonce, "desk.example", certificate, &error));
  g_assert_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_NEWER);
}

static void
test_writer_refuses (void)
{
  g_autoptr (SatchelSecret) pair = satchel_minisign_pair_new (NULL);
  g_autofree char *nonce = satchel_descriptor_new_nonce ();
  g_autoptr (GError) error = NULL;

  g_assert_null (sign_one (pair, "abc", "desk.example", &error));
  g_assert_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (sign_one (pair, nonce, "desk.example/path", &error));
  g_assert_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID);
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/papers/descriptor/nonce", test_nonce);
  g_test_add_func ("/papers/descriptor/round-trip", test_round_trip);
  g_test_add_func ("/papers/descriptor/check", test_check);
  g_test_add_func ("/papers/descriptor/rules", test_rules);
  g_test_add_func ("/papers/descriptor/newer-protocol", test_newer_protocol);
  g_test_add_func ("/papers/descriptor/writer-refuses", test_writer_refuses);
  return g_test_run ();
}
