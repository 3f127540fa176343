/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "papers/satchel-address.h"

#include <string.h>

static void
test_good (void)
{
  const struct {
    const char *address;
    const char *host;
    guint16 port;
  } table[] = {
      {"https://desk.example", "desk.example", 443},
      {"https://desk.example:8443", "desk.example", 8443},
      {"https://a", "a", 443},
      {"https://xn--80ak6aa92e.example", "xn--80ak6aa92e.example", 443},
      {"https://192.0.2.7:1", "192.0.2.7", 1},
      {"https://[2001:db8::1]", "2001:db8::1", 443},
      {"https://[::1]:65535", "::1", 65535},
      {"https://2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion",
       "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion", 443},
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *host = NULL;
    guint16 port = 0;

    g_assert_true (satchel_address_parse (table[i].address, &host, &port, &error));
    g_assert_no_error (error);
    g_assert_cmpstr (host, ==, table[i].host);
    g_assert_cmpuint (port, ==, table[i].port);
    g_autofree char *back = satchel_address_format (host, port, &error);
    g_assert_cmpstr (back, ==, table[i].address);
    g_assert_cmpstr (satchel_address_get_authority (back), ==, table[i].address + 8);
    g_assert_true (satchel_address_is_onion (back) == g_str_has_suffix (host, ".onion"));
  }
}

static void
test_bad (void)
{
  const char *const table[] = {
      "",
      "desk.example",
      "http://desk.example",
      "https://",
      "HTTPS://desk.example",
      "https://Desk.example",
      "https://desk.example/",
      "https://desk.example/path",
      "https://desk.example?q",
      "https://desk.example#f",
      "https://user@desk.example",
      "https://desk.example:",
      "https://desk.example:0",
      "https://desk.example:443",
      "https://desk.example:08443",
      "https://desk.example:65536",
      "https://desk.example:+1",
      "https://desk.example: 1",
      "https://desk.example.",
      "https://.example",
      "https://desk..example",
      "https://-desk.example",
      "https://desk-.example",
      "https://desk.example-",
      "https://desk_1.example",
      "https://desk.example ",
      "https://des\xd0\xba.example",
      "https://1",
      "https://127.1",
      "https://0177.0.0.1",
      "https://192.0.2.256",
      "https://[192.0.2.7]",
      "https://2001:db8::1",
      "https://[2001:DB8::1]",
      "https://[2001:db8:0::1]",
      "https://[::1",
      "https://[::1]x",
      "https://[fe80::1%lo]",
      "https://[]",
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autoptr (GError) error = NULL;
    char *host = (char *) "untouched";
    guint16 port = 7;

    g_test_message ("%s", table[i]);
    g_assert_false (satchel_address_parse (table[i], &host, &port, &error));
    g_assert_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID);
    g_assert_cmpstr (host, ==, "untouched");
    g_assert_cmpuint (port, ==, 7);
    g_assert_false (satchel_address_is_onion (table[i]));
  }
}

static void
test_length (void)
{
  g_autofree char *label = g_strnfill (63, 'a');
  g_autofree char *long_label = g_strnfill (64, 'a');
  g_autofree char *good = g_strdup_printf ("https://%s.example", label);
  g_autofree char *bad = g_strdup_printf ("https://%s.example", long_label);
  g_autofree char *longest =
      g_strdup_printf ("https://%s.%s.%s.%.61s", label, label, label, label);
  g_autofree char *too_long = g_strconcat (longest, "a", NULL);
  g_autofree char *huge = g_strnfill (1 << 20, 'a');

  g_assert_true (satchel_address_parse (good, NULL, NULL, NULL));
  g_assert_false (satchel_address_parse (bad, NULL, NULL, NULL));
  g_assert_true (satchel_address_parse (longest, NULL, NULL, NULL));
  g_assert_false (satchel_address_parse (too_long, NULL, NULL, NULL));
  g_assert_false (satchel_address_parse (huge, NULL, NULL, NULL));
}

static void
test_format (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folded = satchel_address_format ("DESK.Example", 443, &error);

  g_assert_cmpstr (folded, ==, "https://desk.example");
  g_assert_null (satchel_address_format ("desk/..", 443, NULL));
  g_assert_null (satchel_address_format ("", 443, NULL));
  g_assert_null (satchel_address_format ("desk.example", 0, &error));
  g_assert_error (error, SATCHEL_PAPERS_ERROR, SATCHEL_PAPERS_ERROR_INVALID);
}

static void
test_authority (void)
{
  const struct {
    const char *header;
    const char *authority;
  } table[] = {
      {"Desk.Example", "desk.example"},
      {"desk.example:443", "desk.example"},
      {"desk.example:444", "desk.example:444"},
      {"[::1]:443", "[::1]"},
      {"[2001:DB8::1]:9", "[2001:db8::1]:9"},
      {"desk.example,evil.example", NULL},
      {"desk.example evil.example", NULL},
      {"desk.example\n", NULL},
      {"", NULL},
      {":443", NULL},
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autofree char *authority = satchel_authority_normalize (table[i].header);
    g_assert_cmpstr (authority, ==, table[i].authority);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/papers/address/good", test_good);
  g_test_add_func ("/papers/address/bad", test_bad);
  g_test_add_func ("/papers/address/length", test_length);
  g_test_add_func ("/papers/address/format", test_format);
  g_test_add_func ("/papers/address/authority", test_authority);
  return g_test_run ();
}
