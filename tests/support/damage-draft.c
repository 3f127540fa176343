/* SPDX-License-Identifier: GPL-3.0-or-later */

/* damage-draft VAULT PASSPHRASE: makes every draft in the vault one that no form can read. */
#include <string.h>

#include "secret/satchel-secret.h"
#include "vault/satchel-db.h"
#include "vault/satchel-vault.h"

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (argc != 3)
    g_error ("usage: damage-draft VAULT PASSPHRASE");
  satchel_secret_init ();
  g_autoptr (SatchelSecret) passphrase =
      satchel_secret_new_copy ((const guint8 *) argv[2], strlen (argv[2]), NULL);
  SatchelVault *vault = satchel_vault_open (argv[1], passphrase, &error);
  g_assert_no_error (error);
  satchel_db_execute (satchel_vault_get_db (vault), "UPDATE draft SET content = '{'", &error);
  g_assert_no_error (error);
  satchel_vault_close (vault);
  return 0;
}
