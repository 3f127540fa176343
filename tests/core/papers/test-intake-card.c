/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "papers/satchel-intake-card.h"

#include <string.h>

#include "test-papers.h"
#include "test-support.h"

static gboolean
reads_intake_card (const char *text, gssize size, gconstpointer data, GError **error)
{
  g_autoptr (SatchelIntakeCard) card = satchel_intake_card_parse (text, size, error);

  return card != NULL;
}

static void
test_round_trip (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) pair = satchel_minisign_pair_new (NULL);
  g_autoptr (GBytes) anchor = test_vector ("certificates", "authority.der");
  const char *const addresses[] = {"https://desk.example:8443", "https://[::1]:9", NULL};
  g_autoptr (SatchelIntakeCard) card =
      satchel_intake_card_sign ("Приём", addresses, anchor, pair, &error);
  g_assert_no_error (error);
  g_autoptr (SatchelIntakeCard) read = satchel_intake_card_parse (card->text, -1, &error);
  g_assert_no_error (error);
  g_autoptr (SatchelIntakeCard) copy = satchel_intake_card_copy (read);
  SatchelMinisignKey key;

  satchel_minisign_pair_get_key (pair, &key);
  g_assert_cmpstr (copy->name, ==, "Приём");
  g_assert_true (g_strv_equal ((const char *const *) copy->addresses, addresses));
  g_assert_true (g_bytes_equal (copy->anchor, anchor));
  g_assert_true (satchel_minisign_key_equal (&copy->receipt, &key));
  g_assert_cmpstr (copy->text, ==, card->text);
  test_assert_minisign_verifies (card->text, &key);
  test_assert_one_spelling (card->text, 1, reads_intake_card, NULL);
}

static void
test_rules (void)
{
  g_autoptr (SatchelSecret) pair = satchel_minisign_pair_new (NULL);
  g_autoptr (SatchelSecret) other = satchel_minisign_pair_new (NULL);
  g_autoptr (SatchelIntakeCard) card = test_intake_card (pair);
  g_autoptr (GBytes) server = test_vector ("certificates", "server.der");
  gsize size = 0;
  const guint8 *der = g_bytes_get_data (card->anchor, &size);
  g_autofree char *anchor = g_base64_encode (der, size);
  g_autofree char *cut = g_base64_encode (der, size - 1);
  g_autofree char *leaf =
      g_base64_encode (g_bytes_get_data (server, NULL), g_bytes_get_size (server));
  g_autofree char *twice = g_strconcat (anchor, "QUJD", NULL);
  g_autofree char *forged = test_resign (card->text, "desk", "desk", other);
  const TestPaperChange changes[] = {
      {"https://desk.example", "https://desk.example", -1},
      {"https://desk.example", "http://desk.example", SATCHEL_PAPERS_ERROR_INVALID},
      {"https://desk.example", "https://desk.example/x", SATCHEL_PAPERS_ERROR_INVALID},
      {"address: https://desk.example\n", "", SATCHEL_PAPERS_ERROR_INVALID},
      {"address: https://desk.example\n",
       "address: https://desk.example\naddress: https://desk.example\n",
       SATCHEL_PAPERS_ERROR_INVALID},
      {anchor, leaf, SATCHEL_PAPERS_ERROR_INVALID},
      {anchor, cut, SATCHEL_PAPERS_ERROR_INVALID},
      {anchor, twice, SATCHEL_PAPERS_ERROR_INVALID},
      {anchor, "QUJD", SATCHEL_PAPERS_ERROR_INVALID},
      {"anchor: ", "anchor: =", SATCHEL_PAPERS_ERROR_INVALID},
      {"intake-card v1", "intake-card v2", SATCHEL_PAPERS_ERROR_NEWER},
      {"intake-card v1", "card v1", SATCHEL_PAPERS_ERROR_OTHER_KIND},
  };

  test_assert_changes (card->text, pair, changes, G_N_ELEMENTS (changes), reads_intake_card, NULL);
  test_assert_refused (forged, reads_intake_card, NULL, SATCHEL_PAPERS_ERROR_SIGNATURE);
}

static SatchelIntakeCard *
sign_with_addresses (guint count, GError **error)
{
  g_autoptr (SatchelSecret) pair = satchel_minisign_pair_new (NULL);
  g_autoptr (GBytes) anchor = test_vector ("certificates", "authority.der");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < count; i++) {
    g_autofree char *address = g_strdup_printf ("https://desk%u.example", i);
    g_strv_builder_add (builder, address);
  }
  g_auto (GStrv) addresses = g_strv_builder_end (builder);
  return satchel_intake_card_sign ("I", (const char *const *) addresses, anchor, pair, error);
}

static void
test_how_many (void)
{
  const guint counts[] = {0, 1, SATCHEL_INTAKE_ADDRESSES_MAX, SATCHEL_INTAKE_ADDRESSES_MAX + 1};

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (SatchelIntakeCard) card = sign_with_addresses (counts[i], &error);
    if (counts[i] >= 1 && counts[i] <= SATCHEL_INTAKE_ADDRESSES_MAX)
      g_assert_no_error (error);
    else
      g_assert_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID);
  }
}

static void
test_anchor (void)
{
  g_autoptr (GBytes) authority = test_vector ("certificates", "authority.der");
  g_autoptr (GBytes) server = test_vector ("certificates", "server.der");
  g_autoptr (GBytes) empty = g_bytes_new (NULL, 0);
  g_autoptr (GBytes) noise = test_noise (500, 7);
  g_autoptr (GBytes) huge = test_noise (SATCHEL_INTAKE_ANCHOR_MAX + 1, 7);
  g_autoptr (GError) error = NULL;
  g_autofree char *pem = satchel_anchor_to_pem (authority);

  g_assert_true (satchel_anchor_check (authority, &error));
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (pem, "-----BEGIN CERTIFICATE-----\n"));
  g_assert_true (g_str_has_suffix (pem, "-----END CERTIFICATE-----\n"));
  g_assert_false (satchel_anchor_check (server, &error));
  g_assert_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID);
  g_assert_false (satchel_anchor_check (empty, NULL));
  g_assert_false (satchel_anchor_check (noise, NULL));
  g_assert_false (satchel_anchor_check (huge, NULL));
  g_assert_null (satchel_anchor_to_pem (empty));
  g_assert_null (satchel_anchor_to_pem (noise));
}

/* The PEM is what openssl makes of the same DER. */
static void
test_pem_with_openssl (void)
{
  if (!test_has_program ("openssl"))
    return;
  g_autoptr (GBytes) authority = test_vector ("certificates", "authority.der");
  g_autofree char *pem = satchel_anchor_to_pem (authority);
  g_autofree char *path =
      g_build_filename (g_getenv ("SATCHEL_VECTORS"), "certificates", "authority.der", NULL);
  g_autofree char *output = NULL;
  const char *const argv[] = {"openssl", "x509", "-inform", "DER", "-in", path, NULL};

  g_assert_cmpint (test_run (argv, NULL, &output, NULL), ==, 0);
  g_assert_cmpstr (pem, ==, output);
}

int
main (int argc, char **argv)
{
  satchel_secret_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/papers/intake-card/round-trip", test_round_trip);
  g_test_add_func ("/papers/intake-card/rules", test_rules);
  g_test_add_func ("/papers/intake-card/how-many", test_how_many);
  g_test_add_func ("/papers/intake-card/anchor", test_anchor);
  g_test_add_func ("/papers/intake-card/pem-with-openssl", test_pem_with_openssl);
  return g_test_run ();
}
