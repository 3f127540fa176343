/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/satchel-time.h"

#include <sodium.h>
#include <string.h>

/* Parses a copy that ends where unreadable memory begins. */
static gboolean
parse_guarded (const char *text, gsize length, SatchelWhen *when)
{
  char *copy = sodium_malloc (length + 1);

  memcpy (copy, text, length);
  copy[length] = '\0';
  gboolean good = satchel_when_parse (copy, 180, when, NULL);
  sodium_free (copy);
  return good;
}

/* Every beginning of a time is a time of less precision or none, and nothing behind it is read. */
static void
test_beginnings (void)
{
  static const char *const TEXT = "2024-03-09T14:05:07.123456+03:00";
  SatchelWhen whole;
  guint good = 0;

  g_assert_true (parse_guarded (TEXT, strlen (TEXT), &whole));
  for (gsize length = 0; length < strlen (TEXT); length++) {
    SatchelWhen when;
    if (!parse_guarded (TEXT, length, &when))
      continue;
    good++;
    g_assert_cmpint (when.unix_us, <=, whole.unix_us);
    g_assert_cmpint (when.precision, <=, whole.precision);
  }
  /* Month, day, hour, minute, second, six fractions, and the offset's hours. */
  g_assert_cmpuint (good, ==, 13);
}

static void
test_round_trip (void)
{
  static const char *const TEXTS[] = {"2024-03-09T14:05+03:00", "2024-03-09T14-11:30", "2024-03-09",
                                      "2024-03", "?", "0001-01"};

  for (guint i = 0; i < G_N_ELEMENTS (TEXTS); i++) {
    SatchelWhen when;
    g_assert_true (parse_guarded (TEXTS[i], strlen (TEXTS[i]), &when));
    g_autofree char *again = satchel_when_format (&when);
    g_assert_cmpstr (again, ==, TEXTS[i]);
  }
}

static void
test_end (void)
{
  static const struct {
    const char *text, *end;
  } CASES[] = {
      {"2024-02", "2024-03-01T00:00:00Z"},
      {"2024-12", "2025-01-01T00:00:00Z"},
      {"2024-02-29", "2024-03-01T00:00:00Z"},
      {"1969-12", "1970-01-01T00:00:00Z"},
      {"2024-03-09T23+03:00", "2024-03-09T21:00:00Z"},
      {"2024-03-09T14:05+03:00", "2024-03-09T11:06:00Z"},
      {"2024-03-09T14:05:07Z", "2024-03-09T14:05:07Z"},
      {"9999-12", "9999-12-31T23:59:59Z"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    SatchelWhen when;
    g_assert_true (satchel_when_parse (CASES[i].text, 0, &when, NULL));
    g_autofree char *end = satchel_utc_format (satchel_when_get_end_us (&when));
    g_assert_cmpstr (end, ==, CASES[i].end);
  }
  /* A month begins and ends on the clock that it was written by. */
  SatchelWhen moscow;
  g_assert_true (satchel_when_parse ("2024-03", 180, &moscow, NULL));
  g_autofree char *end = satchel_utc_format (satchel_when_get_end_us (&moscow));
  g_assert_cmpstr (end, ==, "2024-03-31T21:00:00Z");
}

static void
test_refused (void)
{
  static const char *const TEXTS[] = {
      "",
      "2024",
      "24-03-09",
      "2024-13",
      "2024-02-30",
      "2024-03-09T",
      "2024-03-09T24",
      "2024-03-09T14:60",
      "0000-01-01",
      "2024-03-09 x",
      "2024-03-09T14+24",
      "2024-03-09T14:05+03:00 ",
  };

  for (guint i = 0; i < G_N_ELEMENTS (TEXTS); i++) {
    SatchelWhen when = {7, 7, SATCHEL_PRECISION_EXACT};
    g_assert_false (parse_guarded (TEXTS[i], strlen (TEXTS[i]), &when));
    g_assert_cmpint (when.unix_us, ==, 7);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);
  g_test_add_func ("/base/time/beginnings", test_beginnings);
  g_test_add_func ("/base/time/round-trip", test_round_trip);
  g_test_add_func ("/base/time/end", test_end);
  g_test_add_func ("/base/time/refused", test_refused);
  return g_test_run ();
}
