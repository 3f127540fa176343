/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl.h"

#include <glib/gi18n.h>
#include <string.h>

#include <sodium.h>

#include "base/satchel-file.h"
#include "seal/satchel-age.h"
#include "secret/satchel-words.h"
#include "vault/satchel-health.h"

#define CODE_FILE_MAX 256

static gboolean
run_passphrase (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  gboolean panic = FALSE, panic_lost = FALSE;
  g_autofree char *file = NULL;
  const GOptionEntry entries[] = {
      {"panic", 0, 0, G_OPTION_ARG_NONE, &panic, N_ ("Set the panic phrase instead"), NULL},
      {"new-passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &file, N_ ("Read the new one there"),
       N_ ("FILE")},
      {NULL},
  };

  if (!ctl_parse (ctl_find_command (argv[0]), entries, &argc, &argv, 0, 0, error) ||
      !ctl_open_vault (ctl, error))
    return FALSE;
  g_autoptr (SatchelSecret) phrase =
      ctl_read_passphrase (file, panic ? _ ("Panic phrase") : _ ("New passphrase"), TRUE, error);
  if (phrase == NULL)
    return FALSE;
  if (panic) {
    if (!satchel_vault_set_panic_phrase (ctl->vault, phrase, error))
      return FALSE;
    ctl_note (ctl, "%s",
              _ ("The panic phrase is set. Typed in place of the passphrase, it destroys the keys "
                 "of this vault."));
    return TRUE;
  }
  ctl_warn_weak (phrase);
  SatchelKdfCost cost = satchel_vault_get_cost (ctl->vault);
  if (!satchel_vault_set_passphrase (ctl->vault, phrase, &cost, &panic_lost, error))
    return FALSE;
  ctl_note (ctl, "%s", _ ("The passphrase is changed."));
  if (panic_lost)
    ctl_warn (ctl, "%s",
              _ ("a panic phrase set before no longer works: set it again with satchelctl "
                 "passphrase --panic"));
  return TRUE;
}

static SatchelSecret *
read_code (const char *file, GError **error)
{
  g_autoptr (GBytes) bytes = satchel_file_load (file, CODE_FILE_MAX, error);

  if (bytes == NULL)
    return NULL;
  gsize size = 0;
  gpointer data = (gpointer) g_bytes_get_data (bytes, &size);
  char *text = g_strndup (data, size);
  SatchelSecret *code = satchel_recovery_code_parse (g_strstrip (text), error);
  sodium_memzero (text, strlen (text));
  sodium_memzero (data, size);
  g_free (text);
  return code;
}

static gboolean
run_recover (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  g_autofree char *code_file = NULL;
  g_autofree char *file = NULL;
  const GOptionEntry entries[] = {
      {"code-file", 0, 0, G_OPTION_ARG_FILENAME, &code_file, N_ ("The recovery code stands there"),
       N_ ("FILE")},
      {"new-passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &file,
       N_ ("Read the new passphrase there"), N_ ("FILE")},
      {NULL},
  };
  gboolean panic_lost = FALSE;

  if (!ctl_parse (ctl_find_command (argv[0]), entries, &argc, &argv, 0, 0, error))
    return FALSE;
  if (code_file == NULL) {
    ctl_set_usage (error, _ ("name the file with the recovery code: --code-file FILE"));
    return FALSE;
  }
  g_autoptr (SatchelSecret) code = read_code (code_file, error);
  if (code == NULL)
    return FALSE;
  ctl->vault = satchel_vault_open_with_code (ctl->folder, SATCHEL_SLOT_RECOVERY, code, error);
  if (ctl->vault == NULL)
    return FALSE;
  if (file == NULL)
    file = g_strdup (ctl->passphrase_file);
  g_autoptr (SatchelSecret) phrase = ctl_read_passphrase (file, _ ("New passphrase"), TRUE, error);
  if (phrase == NULL)
    return FALSE;
  ctl_warn_weak (phrase);
  SatchelKdfCost cost = satchel_vault_get_cost (ctl->vault);
  if (!satchel_vault_set_passphrase (ctl->vault, phrase, &cost, &panic_lost, error))
    return FALSE;
  ctl_note (ctl, "%s",
            _ ("The vault opens with the new passphrase. The recovery code stays valid."));
  return TRUE;
}

static gboolean
parse_backup (int *argc, char ***argv, char **file, GError **error)
{
  const GOptionEntry entries[] = {
      {"backup-passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, file,
       N_ ("Read the backup's own passphrase there"), N_ ("FILE")},
      {NULL},
  };

  return ctl_parse (ctl_find_command ((*argv)[0]), entries, argc, argv, 1, 1, error);
}

static gboolean
run_backup (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  g_autofree char *file = NULL;

  if (!parse_backup (&argc, &argv, &file, error) || !ctl_open_vault (ctl, error))
    return FALSE;
  g_autoptr (SatchelSecret) phrase =
      ctl_read_passphrase (file, _ ("Passphrase of the backup"), TRUE, error);
  if (phrase == NULL)
    return FALSE;
  if (g_file_test (argv[1], G_FILE_TEST_EXISTS)) {
    ctl_set_usage (error, _ ("%s is there already: name a new file"), argv[1]);
    return FALSE;
  }
  if (!satchel_vault_backup (ctl->vault,
                             argv[1],
                             phrase,
                             SATCHEL_AGE_SCRYPT_LOG_N,
                             ctl_progress (ctl, _ ("Backing up")),
                             ctl->cancellable,
                             error))
    return FALSE;
  ctl_print (ctl, "%s\n", argv[1]);
  return TRUE;
}

static gboolean
run_restore (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  g_autofree char *file = NULL;

  if (!parse_backup (&argc, &argv, &file, error))
    return FALSE;
  if (satchel_vault_exists (ctl->folder)) {
    ctl_set_usage (error, _ ("a vault stands in %s: name another folder with --vault"),
                   ctl->folder);
    return FALSE;
  }
  g_autoptr (SatchelSecret) phrase =
      ctl_read_passphrase (file, _ ("Passphrase of the backup"), FALSE, error);
  if (phrase == NULL)
    return FALSE;
  if (!satchel_vault_restore (ctl->folder,
                              argv[1],
                              phrase,
                              ctl_progress (ctl, _ ("Restoring")),
                              ctl->cancellable,
                              error))
    return FALSE;
  ctl_print (ctl, "%s\n", ctl->folder);
  ctl_note (ctl, "%s", _ ("The vault is restored; it opens with its own passphrase."));
  return TRUE;
}

const CtlCommand ctl_key_commands[] = {
    {"passphrase", "[--panic] [--new-passphrase-file FILE]",
     N_ ("Change the passphrase, or set the panic phrase"), run_passphrase},
    {"recover", "--code-file FILE [--new-passphrase-file FILE]",
     N_ ("Regain a vault with its recovery code"), run_recover},
    {"backup", "FILE.age [--backup-passphrase-file FILE]",
     N_ ("Write the whole vault as a passphrase age file"), run_backup},
    {"restore", "FILE.age [--backup-passphrase-file FILE]", N_ ("Make a vault from a backup"),
     run_restore},
    {NULL},
};
