/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "papers/satchel-mailbox.h"

#include <string.h>

/* sha256sum of the label and the raw bytes. */
static void
test_known (void)
{
  SatchelMinisignKey lead = {0};
  g_autofree char *token = satchel_mailbox_of_token ("000102030405060708090a0b0c0d0e0f");

  for (guint i = 0; i < 32; i++)
    lead.ed25519[i] = (guint8) i;
  g_autofree char *newsroom = satchel_mailbox_of_newsroom (&lead);
  g_assert_cmpstr (newsroom, ==,
                   "9c7f5122d2e5c75d4813a33600ec09922b0c3c0e2fe3ecca4b4439a308936fdb");
  g_assert_cmpstr (token, ==, "a6e37cc4ac2f9ffcd1f32231af5e378500a5760a03f09d74fb43716423ef81e5");
  lead.key_id[0] = 1; /* a hint only: not part of it */
  g_autofree char *same = satchel_mailbox_of_newsroom (&lead);
  g_assert_cmpstr (newsroom, ==, same);
}

static void
test_form (void)
{
  g_autofree char *digits = g_strnfill (SATCHEL_MAILBOX_ID_LENGTH, 'a');
  g_autofree char *upper = g_strnfill (SATCHEL_MAILBOX_ID_LENGTH, 'A');
  g_autofree char *longer = g_strnfill (SATCHEL_MAILBOX_ID_LENGTH + 1, 'a');

  g_assert_true (satchel_is_mailbox_id (digits));
  g_assert_false (satchel_is_mailbox_id (upper));
  g_assert_false (satchel_is_mailbox_id (longer));
  g_assert_false (satchel_is_mailbox_id (digits + 1));
  g_assert_false (satchel_is_mailbox_id (""));
  g_assert_false (satchel_is_mailbox_id ("../../etc/passwd"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/papers/mailbox/known", test_known);
  g_test_add_func ("/papers/mailbox/form", test_form);
  return g_test_run ();
}
