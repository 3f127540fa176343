/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The readers bare, for conformance vectors and for those who have no vault. */
#include "ctl.h"

#include <glib/gi18n.h>
#include <string.h>

#include <sodium.h>

#include "base/satchel-file.h"
#include "seal/satchel-bag.h"
#include "seal/satchel-minisign.h"

#define IDENTITY_FILE_MAX (64 * 1024)
#define KEY_FILE_MAX      4096
#define SIGNATURE_MAX     8192

static gboolean
take_identity_line (const char *line, gsize length, GPtrArray *identities, GError **error)
{
  if (length > 0 && line[length - 1] == '\r')
    length--;
  if (length == 0 || line[0] == '#')
    return TRUE;
  SatchelSecret *identity = satchel_age_identity_parse (line, length, error);
  if (identity == NULL)
    return FALSE;
  g_ptr_array_add (identities, identity);
  return TRUE;
}

GPtrArray *
ctl_load_identities (const char *file, GError **error)
{
  g_autoptr (GPtrArray) identities =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_secret_unref);
  g_autoptr (GBytes) bytes = satchel_file_load (file, IDENTITY_FILE_MAX, error);
  gsize size = 0;

  if (bytes == NULL)
    return NULL;
  const char *text = g_bytes_get_data (bytes, &size);
  const char *end = text + size;
  gboolean whole = TRUE;
  while (whole && text < end) {
    const char *stop = memchr (text, '\n', end - text);
    if (stop == NULL)
      stop = end;
    whole = take_identity_line (text, stop - text, identities, error);
    text = stop + 1;
  }
  /* The bytes are this function's alone; nothing else may keep them. */
  sodium_memzero ((gpointer) g_bytes_get_data (bytes, NULL), size);
  if (whole && identities->len == 0) {
    ctl_set_usage (error, _ ("there is no age identity in %s"), file);
    return NULL;
  }
  return whole ? g_steal_pointer (&identities) : NULL;
}

/* What a damaged file released before the damage is right, and is kept: the caller is told by the
 * exit code. */
static gboolean
release_to_file (GInputStream *plain, const char *path, Ctl *ctl, GError **error)
{
  g_autoptr (SatchelNewFile) file = satchel_new_file_open_outside (path, error);
  g_autoptr (GError) damage = NULL;

  if (file == NULL)
    return FALSE;
  gboolean whole = satchel_sink_splice (satchel_new_file_get_sink (file), plain, G_MAXUINT64, NULL,
                                        ctl->cancellable, &damage);
  if (!whole && damage->domain != SATCHEL_SEAL_ERROR) {
    g_propagate_error (error, g_steal_pointer (&damage));
    return FALSE;
  }
  if (!satchel_new_file_commit (file, TRUE, error))
    return FALSE;
  if (!whole)
    g_propagate_error (error, g_steal_pointer (&damage));
  return whole;
}

static GInputStream *
open_age (Ctl *ctl,
          const char *file,
          const char *identity_file,
          const char *passphrase_file,
          GError **error)
{
  g_autoptr (GInputStream) sealed = satchel_file_read (file, NULL, error);

  if (sealed == NULL)
    return NULL;
  if (passphrase_file != NULL) {
    g_autoptr (SatchelSecret) phrase = ctl_read_passphrase (passphrase_file, NULL, FALSE, error);
    return phrase == NULL ? NULL
                          : satchel_age_reader_new_passphrase (sealed, phrase, ctl->pool,
                                                               ctl->cancellable, error);
  }
  g_autoptr (GPtrArray) identities = ctl_load_identities (identity_file, error);
  if (identities == NULL)
    return NULL;
  return satchel_age_reader_new (sealed, (SatchelSecret *const *) identities->pdata,
                                 identities->len, ctl->pool, ctl->cancellable, error);
}

static gboolean
run_age_decrypt (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  g_autofree char *identity = NULL;
  g_autofree char *passphrase = NULL;
  g_autofree char *output = NULL;
  const GOptionEntry entries[] = {
      {"identity", 'i', 0, G_OPTION_ARG_FILENAME, &identity,
       N_ ("File with AGE-SECRET-KEY-1... lines"), N_ ("FILE")},
      {"passphrase", 'p', 0, G_OPTION_ARG_FILENAME, &passphrase, N_ ("File with the passphrase"),
       N_ ("FILE")},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
       N_ ("Write there instead of standard output"), N_ ("OUT")},
      {NULL},
  };

  if (!ctl_parse (ctl_find_command (argv[0]), entries, &argc, &argv, 1, 1, error))
    return FALSE;
  if ((identity == NULL) == (passphrase == NULL)) {
    ctl_set_usage (error, "%s",
                   _ ("name either an identity (-i FILE) or a passphrase file (-p FILE)"));
    return FALSE;
  }
  g_autoptr (GInputStream) plain = open_age (ctl, argv[1], identity, passphrase, error);
  if (plain == NULL)
    return FALSE;
  if (output != NULL && !g_str_equal (output, "-"))
    return release_to_file (plain, output, ctl, error);
  return satchel_sink_splice (ctl_standard_output (), plain, G_MAXUINT64, NULL, ctl->cancellable,
                              error);
}

static void
print_finding (const SatchelBagFinding *finding, gpointer user_data)
{
  g_autofree char *message = ctl_shown (finding->message);

  ctl_print (user_data, "%s\n", message);
}

static gboolean
run_bag_check (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  if (!ctl_parse (ctl_find_command (argv[0]), NULL, &argc, &argv, 1, 1, error))
    return FALSE;
  return satchel_bag_check_folder (argv[1], print_finding, ctl, ctl->cancellable, NULL, error);
}

static gboolean
run_minisig_verify (Ctl *ctl, int argc, char **argv, int *exit_code, GError **error)
{
  g_autofree char *key_file = NULL;
  g_autofree char *comment = NULL;
  const GOptionEntry entries[] = {
      {"public-key", 'p', 0, G_OPTION_ARG_FILENAME, &key_file, N_ ("minisign public key file"),
       N_ ("KEY")},
      {NULL},
  };
  SatchelMinisignKey key;
  guint8 hash[64];

  if (!ctl_parse (ctl_find_command (argv[0]), entries, &argc, &argv, 1, 1, error))
    return FALSE;
  if (key_file == NULL) {
    ctl_set_usage (error, "%s", _ ("name the public key file: -p KEY"));
    return FALSE;
  }
  g_autofree char *signature_path = g_strconcat (argv[1], ".minisig", NULL);
  g_autoptr (GBytes) key_text = satchel_file_load (key_file, KEY_FILE_MAX, error);
  g_autoptr (GBytes) signature =
      key_text == NULL ? NULL : satchel_file_load (signature_path, SIGNATURE_MAX, error);
  g_autoptr (GInputStream) content =
      signature == NULL ? NULL : satchel_file_read (argv[1], NULL, error);
  if (content == NULL ||
      !satchel_minisign_key_parse (g_bytes_get_data (key_text, NULL), g_bytes_get_size (key_text),
                                   &key, error) ||
      !satchel_minisign_hash_stream (content, hash, ctl->cancellable, error) ||
      !satchel_minisign_verify_hash (&key, g_bytes_get_data (signature, NULL),
                                     g_bytes_get_size (signature), hash, &comment, error))
    return FALSE;
  g_autofree char *shown = ctl_shown (comment);
  ctl_print (ctl, _ ("Signature verified. Trusted comment: %s\n"), shown);
  return TRUE;
}

const CtlCommand ctl_tool_commands[] = {
    {"age-decrypt", "-i IDENTITY-FILE|-p PASSPHRASE-FILE [-o OUT] FILE", N_ ("Open an age file"),
     run_age_decrypt},
    {"bag-check", "FOLDER", N_ ("Check an unpacked bundle"), run_bag_check},
    {"minisig-verify", "-p KEY FILE", N_ ("Verify FILE with FILE.minisig"), run_minisig_verify},
    {NULL},
};
