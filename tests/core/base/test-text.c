/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/satchel-text.h"

#include <string.h>

static void
test_hex (void)
{
  guint8 out[2] = {7, 7};
  g_autofree char *text = satchel_hex_encode ((const guint8 *) "\x00\xfa", 2);

  g_assert_cmpstr (text, ==, "00fa");
  g_assert_true (satchel_hex_decode ("00fa", out, 2));
  g_assert_cmpmem (out, 2, "\x00\xfa", 2);
  static const char *const bad[] = {"", "00f", "00fA", "00fa0", "00g0", "0 fa"};
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (satchel_hex_decode (bad[i], out, 2));
}

static void
test_base64 (void)
{
  static const struct {
    const char *plain, *padded, *raw;
  } table[] = {{"", "", ""}, {"f", "Zg==", "Zg"}, {"fo", "Zm8=", "Zm8"}, {"foo", "Zm9v", "Zm9v"}};
  static const char *const bad[] = {
      "Zg", "Zh==", "Zg= =", "Zg==\n", " Zg==", "Zm9v=", "Z", "Zm-v", "====", "Zm9\xdf"};
  static const char *const bad_raw[] = {"Zg==", "Zh", "Z", "Zm9vZ", "Zg\n", "Zm9\xdf"};

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    gsize size = strlen (table[i].plain);
    g_autofree char *padded = satchel_base64_encode ((const guint8 *) table[i].plain, size);
    g_autofree char *raw = satchel_base64_encode_raw ((const guint8 *) table[i].plain, size);
    g_autoptr (GBytes) back = satchel_base64_decode (table[i].padded, -1);
    g_autoptr (GBytes) raw_back = satchel_base64_decode_raw (table[i].raw, -1);
    g_assert_cmpstr (padded, ==, table[i].padded);
    g_assert_cmpstr (raw, ==, table[i].raw);
    g_assert_nonnull (back);
    g_assert_nonnull (raw_back);
    g_assert_cmpmem (g_bytes_get_data (back, NULL), g_bytes_get_size (back), table[i].plain, size);
    g_assert_true (g_bytes_equal (back, raw_back));
  }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (satchel_base64_decode (bad[i], -1));
  for (guint i = 0; i < G_N_ELEMENTS (bad_raw); i++)
    g_assert_null (satchel_base64_decode_raw (bad_raw[i], -1));
}

static void
test_bech32 (void)
{
  /* The pair of the age specification's own example. */
  static const char key[] =
      "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0";
  guint8 data[32];
  guint8 again[32];

  g_assert_true (satchel_bech32_decode (key, "age-secret-key-", data, sizeof data));
  g_autofree char *text = satchel_bech32_encode ("age-secret-key-", data, sizeof data);
  g_autofree char *upper = g_ascii_strup (text, -1);
  g_assert_cmpstr (upper, ==, key);
  g_assert_true (satchel_bech32_decode (text, "age-secret-key-", again, sizeof again));
  g_assert_cmpmem (data, 32, again, 32);
  g_assert_false (satchel_bech32_decode (key, "age", data, sizeof data));
  for (gsize i = 0; i < strlen (text); i++) {
    g_autofree char *changed = g_strdup (text);
    changed[i] = changed[i] == 'q' ? 'p' : 'q';
    g_assert_false (satchel_bech32_decode (changed, "age-secret-key-", again, sizeof again));
    changed[i] = g_ascii_toupper (text[i]);
    if (changed[i] != text[i])
      g_assert_false (satchel_bech32_decode (changed, "age-secret-key-", again, sizeof again));
  }
}

static void
test_crockford (void)
{
  guint8 data[16];
  guint8 back[16];

  for (guint i = 0; i < 16; i++)
    data[i] = (guint8) (i * 37 + 1);
  g_autofree char *text = satchel_crockford_encode (data, 16);
  g_assert_cmpuint (strlen (text), ==, 26);
  g_autofree char *lower = g_ascii_strdown (text, -1);
  g_assert_true (satchel_crockford_decode (lower, back, 16));
  g_assert_cmpmem (data, 16, back, 16);
  g_assert_true (satchel_crockford_decode ("OI L-1", back, 2) == FALSE);
  g_assert_true (satchel_crockford_decode ("O1 L-0", back, 2));
  g_assert_false (satchel_crockford_decode ("0000000000000000000000000Z", back, 16));
  g_assert_false (satchel_crockford_decode ("U000", back, 2));
}

static void
test_display (void)
{
  static const struct {
    const char *text, *shown;
  } table[] = {
      {"фото.jpg", "фото.jpg"},
      {"a\x1b[31mb", "a\xef\xbf\xbd[31mb"},
      {"evil\u202Egpj.exe", "evil\xef\xbf\xbdgpj.exe"},
      {"line\nline", "line\xef\xbf\xbdline"},
      {"bad\xff", "bad\xef\xbf\xbd"},
      {"0123456789ab", "0123456789…"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autofree char *shown = satchel_text_for_display (table[i].text, 10 + 4 * (i < 5));
    g_assert_cmpstr (shown, ==, table[i].shown);
  }
}

static void
test_numbers (void)
{
#define FROM "\342\201\246"
#define TO   "\342\201\251"
  static const struct {
    const char *text, *isolated;
  } table[] = {
      {"", ""},
      {"پیک خبر", "پیک خبر"},
      {"The Courier", "The Courier"},
      {"اتاق 5", "اتاق 5"},
      {"شماره: 0017-24", "شماره: " FROM "0017-24" TO},
      {"+7 000 000-00-00", FROM "+7 000 000-00-00" TO},
      {"تلفن +7 000 000-00-00، خانه", "تلفن " FROM "+7 000 000-00-00" TO "، خانه"},
      {"12/AB و A-17", FROM "12/AB" TO " و " FROM "A-17" TO},
      {"ساعت 14:05، 2024-03-09.", "ساعت " FROM "14:05" TO "، " FROM "2024-03-09" TO "."},
      {"پلاک ۱۲-۳۴", "پلاک " FROM "۱۲-۳۴" TO},
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autofree char *isolated = satchel_text_isolate_numbers (table[i].text);
    g_assert_cmpstr (isolated, ==, table[i].isolated);
  }
}

static void
test_file_name (void)
{
  static const struct {
    const char *name, *safe;
  } table[] = {
      {"عکس.jpg", "عکس.jpg"},
      {"../../etc/passwd", "passwd"},
      {"a/..", "file"},
      {"", "file"},
      {".", "file"},
      {"c:\\x\\y.doc", "y.doc"},
      {"a\nb", "a_b"},
      {"dir/", "file"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autofree char *safe = satchel_text_safe_file_name (table[i].name);
    g_assert_cmpstr (safe, ==, table[i].safe);
  }
  g_autofree char *many = g_strnfill (400, 'x');
  g_autofree char *wide = g_strconcat (many, "ы.jpeg", NULL);
  g_autofree char *safe = satchel_text_safe_file_name (wide);
  g_assert_cmpuint (strlen (safe), <=, 255);
  g_assert_true (g_str_has_suffix (safe, ".jpeg"));
}

static void
test_padme (void)
{
  static const struct {
    guint64 size, padded;
  } table[] = {
      {0, 0},
      {1, 1},
      {9, 10},
      {16, 16},
      {17, 18},
      {1000, 1024},
      {262144, 262144},
      {262145, 270336},
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    g_assert_cmpuint (satchel_padme (table[i].size), ==, table[i].padded);
  for (guint64 size = 1; size < (1ULL << 62); size = size * 3 + 1) {
    guint64 padded = satchel_padme (size);
    g_assert_cmpuint (padded, >=, size);
    g_assert_cmpuint (padded - size, <=, size / 8);
    g_assert_cmpuint (satchel_padme (padded), ==, padded);
  }
}

static void
test_id (void)
{
  g_autofree char *one = satchel_random_id ();
  g_autofree char *two = satchel_random_id ();

  g_assert_true (satchel_is_id (one));
  g_assert_cmpstr (one, !=, two);
  g_assert_false (satchel_is_id ("0123"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/text/hex", test_hex);
  g_test_add_func ("/base/text/base64", test_base64);
  g_test_add_func ("/base/text/bech32", test_bech32);
  g_test_add_func ("/base/text/crockford", test_crockford);
  g_test_add_func ("/base/text/display", test_display);
  g_test_add_func ("/base/text/numbers", test_numbers);
  g_test_add_func ("/base/text/file-name", test_file_name);
  g_test_add_func ("/base/text/padme", test_padme);
  g_test_add_func ("/base/text/id", test_id);
  return g_test_run ();
}
