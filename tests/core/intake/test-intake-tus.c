/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/satchel-intake-tus.h"

#include <string.h>

#define BOX  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define HASH "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
#define ID   "0123456789abcdef0123456789abcdef"

static void
test_number (void)
{
  static const struct {
    const char *text;
    gint64 value; /* -1: refused */
  } table[] = {
      {"0", 0},
      {"1", 1},
      {"007", 7},
      {"9223372036854775807", G_MAXINT64},
      {NULL, -1},
      {"", -1},
      {"-1", -1},
      {"9223372036854775808", -1},
      {"+1", -1},
      {" 1", -1},
      {"1 ", -1},
      {"99999999999999999999", -1},
      {"0x10", -1},
      {"1.0", -1},
      {"1,2", -1},
      {"1e3", -1},
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    guint64 value = 42;
    gboolean taken = satchel_intake_tus_number (table[i].text, &value);
    g_assert_cmpint (taken, ==, table[i].value >= 0);
    g_assert_cmpuint (value, ==, taken ? (guint64) table[i].value : 42);
  }
}

static void
test_checksum (void)
{
  static const char *const refused[] = {
      "",
      "sha256",
      "sha256 ",
      "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=",
      "sha256 Kq5sNclPz7QV2+lfQIuc6R7oRu0=",
      "SHA256 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
      "sha256 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
      "sha256  47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
      "sha256 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU= ",
  };
  guint8 hash[32] = {0};

  g_assert_true (satchel_intake_tus_checksum (
      "sha256 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", hash, NULL));
  g_assert_cmpuint (hash[0], ==, 0xe3);
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (satchel_intake_tus_checksum (refused[i], hash, &error));
    g_assert_error (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_REQUEST);
  }
}

static void
test_range (void)
{
  static const struct {
    const char *text;
    guint64 from, length;
    gboolean outside;
  } table[] = {
      {NULL, 0, 100, FALSE},
      {"bytes=0-", 0, 100, FALSE},
      {"bytes=10-19", 10, 10, FALSE},
      {"bytes=99-", 99, 1, FALSE},
      {"bytes=90-200", 90, 10, FALSE},
      {"bytes=-1", 99, 1, FALSE},
      {"bytes=-500", 0, 100, FALSE},
      {"bytes=100-", 0, 0, TRUE},
      {"bytes=-0", 0, 0, TRUE},
      {"bytes=5-4", 0, 100, FALSE},
      {"bytes=-", 0, 100, FALSE},
      {"bytes=0-1,3-4", 0, 100, FALSE},
      {"items=0-1", 0, 100, FALSE},
      {"bytes=a-b", 0, 100, FALSE},
      {"bytes=99999999999999999999-", 0, 100, FALSE},
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    guint64 from = 0, length = 0;
    g_autoptr (GError) error = NULL;
    gboolean inside = satchel_intake_tus_range (table[i].text, 100, &from, &length, &error);
    g_assert_cmpint (inside, ==, !table[i].outside);
    if (inside) {
      g_assert_cmpuint (from, ==, table[i].from);
      g_assert_cmpuint (length, ==, table[i].length);
    } else {
      g_assert_error (error, SATCHEL_INTAKE_ERROR, SATCHEL_INTAKE_ERROR_RANGE);
    }
  }
}

static void
test_path (void)
{
  static const struct {
    const char *path;
    SatchelIntakePathKind kind;
  } table[] = {
      {"/.well-known/satchel", SATCHEL_INTAKE_PATH_WELL_KNOWN},
      {"/newsroom", SATCHEL_INTAKE_PATH_NEWSROOM},
      {"/uploads", SATCHEL_INTAKE_PATH_UPLOADS},
      {"/uploads/" ID, SATCHEL_INTAKE_PATH_UPLOAD},
      {"/mailboxes/" BOX, SATCHEL_INTAKE_PATH_MAILBOX},
      {"/mailboxes/" BOX "/uploads", SATCHEL_INTAKE_PATH_UPLOADS},
      {"/mailboxes/" BOX "/" HASH, SATCHEL_INTAKE_PATH_FILE},
      {"/mailboxes/" BOX "/" HASH "/seen", SATCHEL_INTAKE_PATH_SEEN},
      {"/receipts/" HASH, SATCHEL_INTAKE_PATH_RECEIPT},
      {"", SATCHEL_INTAKE_PATH_OTHER},
      {"/", SATCHEL_INTAKE_PATH_OTHER},
      {"//uploads", SATCHEL_INTAKE_PATH_OTHER},
      {"/uploads/", SATCHEL_INTAKE_PATH_OTHER},
      {"/uploads/../log", SATCHEL_INTAKE_PATH_OTHER},
      {"/uploads/" BOX, SATCHEL_INTAKE_PATH_OTHER},
      {"/mailboxes", SATCHEL_INTAKE_PATH_OTHER},
      {"/mailboxes/" ID, SATCHEL_INTAKE_PATH_OTHER},
      {"/mailboxes/" BOX "/", SATCHEL_INTAKE_PATH_OTHER},
      {"/mailboxes/" BOX "/" HASH "/", SATCHEL_INTAKE_PATH_OTHER},
      {"/mailboxes/" BOX "/" HASH "/seen/", SATCHEL_INTAKE_PATH_OTHER},
      {"/mailboxes/" BOX "/" ID, SATCHEL_INTAKE_PATH_OTHER},
      {"/mailboxes/" BOX "/..%2f..%2flog", SATCHEL_INTAKE_PATH_OTHER},
      {"/mailboxes/FEDCBA9876543210fedcba9876543210fedcba9876543210fedcba9876543210",
       SATCHEL_INTAKE_PATH_OTHER},
      {"/newsroom/", SATCHEL_INTAKE_PATH_OTHER},
      {"/healthz", SATCHEL_INTAKE_PATH_OTHER},
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    SatchelIntakePath path;
    g_test_message ("%s", table[i].path);
    satchel_intake_path_parse (table[i].path, &path);
    g_assert_cmpint (path.kind, ==, table[i].kind);
    if (strstr (table[i].path, "/" BOX) != NULL && path.kind != SATCHEL_INTAKE_PATH_OTHER)
      g_assert_cmpstr (path.mailbox, ==, BOX);
    else
      g_assert_cmpstr (path.mailbox, ==, "");
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/intake-tus/number", test_number);
  g_test_add_func ("/intake-tus/checksum", test_checksum);
  g_test_add_func ("/intake-tus/range", test_range);
  g_test_add_func ("/intake-tus/path", test_path);
  return g_test_run ();
}
