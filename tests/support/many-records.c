/* SPDX-License-Identifier: GPL-3.0-or-later */

/* many-records VAULT PASSPHRASE COUNT PLACE TEXT: saves COUNT notes called "Note number 0" and so
 * on, in one transaction; the text of number PLACE is TEXT. */
#include <stdlib.h>
#include <string.h>

#include "records/satchel-record.h"
#include "secret/satchel-secret.h"

static void
save (SatchelVault *vault, const char *title, const char *text)
{
  g_autoptr (GError) error = NULL;
  const SatchelKind *kind = satchel_kinds_find (satchel_kinds_get_builtin (), "note", &error);
  g_autoptr (JsonObject) values = satchel_fields_new (kind);

  json_object_set_string_member (values, "title", title);
  json_object_set_string_member (values, "text", text);
  g_autofree char *id = satchel_record_create (vault, kind, values, &error);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (argc != 6)
    g_error ("usage: many-records VAULT PASSPHRASE COUNT PLACE TEXT");
  satchel_secret_init ();
  g_autoptr (SatchelSecret) passphrase =
      satchel_secret_new_copy ((const guint8 *) argv[2], strlen (argv[2]), NULL);
  SatchelVault *vault = satchel_vault_open (argv[1], passphrase, &error);
  g_assert_no_error (error);
  satchel_db_begin (satchel_vault_get_db (vault), &error);
  g_assert_no_error (error);
  for (int number = 0; number < atoi (argv[3]); number++) {
    g_autofree char *title = g_strdup_printf ("Note number %d", number);
    save (vault, title, number == atoi (argv[4]) ? argv[5] : "Nothing new at the gate");
  }
  satchel_db_commit (satchel_vault_get_db (vault), &error);
  g_assert_no_error (error);
  satchel_vault_close (vault);
  return 0;
}
