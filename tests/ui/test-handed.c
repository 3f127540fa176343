/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "handed/satchel-handed.h"

static void
test_guess (void)
{
  static const struct {
    const char *head;
    SatchelHandedKind kind;
  } CASES[] = {
      {"", SATCHEL_HANDED_UNKNOWN},
      {"age-encryption.org/v1\n-> X25519 abc", SATCHEL_HANDED_BUNDLE},
      {"age-encryption.org/v1\n", SATCHEL_HANDED_BUNDLE},
      {"age-encryption.org/v1", SATCHEL_HANDED_UNKNOWN},
      {"age-encryption.org/v2\n-> X25519 abc", SATCHEL_HANDED_UNKNOWN},
      {" age-encryption.org/v1\n", SATCHEL_HANDED_UNKNOWN},
      {"satchel-card v1\nname: Anna\n", SATCHEL_HANDED_CARD},
      {"satchel-newsroom v1\nname: The Courier\n", SATCHEL_HANDED_JOINING},
      {"satchel-invite v1\n", SATCHEL_HANDED_JOINING},
      {"satchel-receipt v1\n", SATCHEL_HANDED_UNKNOWN},
      {"\xff\xd8\xff\xe0", SATCHEL_HANDED_UNKNOWN},
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++) {
    /* Exactly as long as it is: nothing may be read behind it. */
    gsize size = strlen (CASES[i].head);
    g_autofree char *head = g_memdup2 (CASES[i].head, size);
    g_test_message ("case %u", i);
    g_assert_cmpint (satchel_handed_guess (head, size), ==, CASES[i].kind);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/handed/guess", test_guess);
  return g_test_run ();
}
