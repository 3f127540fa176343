/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/satchel-json.h"

#include <string.h>

#include "base/satchel-error.h"

static const char *const good[] = {
    "{}",
    "[]",
    "0",
    "-0.5e+10",
    "1e307",
    "1e-999",
    "\"x\"",
    "null",
    " { \"a\" : [ 1 , true , false ] } ",
    "{\"a\":{\"a\":1},\"b\":[{\"a\":2}]}",
    "\"\\ud83d\\ude00\"",
    "[999999999999999999]",
    "\"اهواز\"",
};

static const struct {
  const char *text, *rule;
} bad[] = {
    {"", "unfinished"},
    {"{\"a\":1,\"a\":2}", "duplicate key"},
    {"{\"a\":1,\"\\u0061\":2}", "duplicate key"},
    {"\"\\ud800\"", "lone surrogate"},
    {"\"\\udc00\"", "lone surrogate"},
    {"\"\\ud800\\u0041\"", "lone surrogate"},
    {"\"\\u0000\"", "NUL"},
    {"\"\xc0\xaf\"", "not UTF-8"},
    {"\"a", "unfinished string"},
    {"\"\t\"", "control character"},
    {"\"\\x\"", "unknown escape"},
    {"01", "malformed number"},
    {"1.", "malformed number"},
    {"1e9999", "malformed number"},
    {"1e308", "number out of range"},
    {"123456789012345678e291", "number out of range"},
    {"1234567890123456789.5", "number out of range"},
    {"1234567890123456789", "number out of range"},
    {"[1,]", "not a JSON value"},
    {"{\"a\":1,}", "member name"},
    {"{a:1}", "member name"},
    {"{\"a\" 1}", "missing colon"},
    {"[1 2]", "comma expected"},
    {"[1}", "comma expected"},
    {"1 2", "something after"},
    {"[", "unfinished"},
    {"{\"a\":", "unfinished"},
    {"nul", "not a JSON value"},
    {"\xef\xbb\xbf{}", "not a JSON value"},
};

static void
test_good (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonNode) node = satchel_json_parse (good[i], strlen (good[i]), 1000, &error);
    g_assert_no_error (error);
    g_assert_nonnull (node);
  }
}

static void
test_bad (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (satchel_json_parse (bad[i].text, strlen (bad[i].text), 1000, &error));
    g_assert_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_INVALID);
    g_assert_nonnull (strstr (error->message, bad[i].rule));
  }
}

static void
test_nul (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (satchel_json_check ("\"a\0b\"", 5, 1000, &error));
  g_assert_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_INVALID);
}

static void
test_limits (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *deep = g_strnfill (200000, '[');
  g_autoptr (GString) nested = g_string_new (NULL);

  g_assert_false (satchel_json_check ("[1,2,3]", 7, 6, &error));
  g_assert_error (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_TOO_LARGE);
  g_clear_error (&error);
  g_assert_false (satchel_json_check (deep, 200000, 1 << 20, &error));
  g_assert_nonnull (strstr (error->message, "deeper"));
  g_clear_error (&error);
  for (guint i = 0; i < 32; i++)
    g_string_append_c (nested, '[');
  for (guint i = 0; i < 32; i++)
    g_string_append_c (nested, ']');
  g_assert_true (satchel_json_check (nested->str, nested->len, 1000, &error));
  g_assert_no_error (error);
}

static void
test_members (void)
{
  g_autoptr (GError) error = NULL;
  static const char text[] = "{\"s\":\"abc\",\"i\":7,\"a\":[1,2],\"o\":{}}";
  g_autoptr (JsonNode) node = satchel_json_parse (text, strlen (text), 1000, &error);
  JsonObject *object = json_node_get_object (node);
  const char *string = NULL;
  gint64 number = 0;
  JsonArray *array = NULL;
  JsonObject *inner = NULL;
  const char *const all[] = {"s", "i", "a", "o", NULL};

  g_assert_true (satchel_json_get_string (object, "s", 3, &string, NULL));
  g_assert_false (satchel_json_get_string (object, "s", 2, &string, NULL));
  g_assert_false (satchel_json_get_string (object, "i", 9, &string, NULL));
  g_assert_true (satchel_json_get_int (object, "i", 0, 7, &number, NULL));
  g_assert_false (satchel_json_get_int (object, "i", 0, 6, &number, NULL));
  g_assert_false (satchel_json_get_int (object, "none", 0, 6, &number, NULL));
  g_assert_true (satchel_json_get_array (object, "a", 2, &array, NULL));
  g_assert_false (satchel_json_get_array (object, "a", 1, &array, NULL));
  g_assert_true (satchel_json_get_object (object, "o", &inner, NULL));
  g_assert_true (satchel_json_only (object, all, NULL));
  g_assert_false (satchel_json_only (object, all + 1, NULL));
  g_autofree char *line = satchel_json_to_line (node, NULL);
  g_assert_cmpstr (line, ==, text);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/json/good", test_good);
  g_test_add_func ("/base/json/bad", test_bad);
  g_test_add_func ("/base/json/nul", test_nul);
  g_test_add_func ("/base/json/limits", test_limits);
  g_test_add_func ("/base/json/members", test_members);
  return g_test_run ();
}
