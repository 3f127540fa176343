/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setup/satchel-setup-text.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/satchel-text.h"
#include "secret/satchel-words.h"
#include "shared/satchel-error-text.h"
#include "vault/satchel-vault.h"

/* Bits as satchel_passphrase_bits() has them: no less than that, where it was made up. Twelve
 * letters, or one letter many times, are refused; satchelctl warns below the other. */
#define REFUSED_BITS  16
#define DOUBTFUL_BITS 50
#define GROUP_LENGTH  5 /* of a recovery code, with its hyphen */
#define LINE_GROUPS   4

SatchelStrength
satchel_setup_strength (const char *passphrase, gsize size_bytes)
{
  double bits = satchel_passphrase_bits (passphrase, size_bytes);

  if (bits < REFUSED_BITS)
    return SATCHEL_STRENGTH_REFUSED;
  return bits < DOUBTFUL_BITS ? SATCHEL_STRENGTH_DOUBTFUL : SATCHEL_STRENGTH_LONG;
}

const char *
satchel_setup_strength_text (SatchelStrength strength)
{
  switch (strength) {
    case SATCHEL_STRENGTH_REFUSED:
      return _ ("Too easy to guess.");
    case SATCHEL_STRENGTH_DOUBTFUL:
      return _ ("It may be guessed by somebody who has this laptop and some time: what people make "
                "up is more alike than they think. The five words are safer.");
    case SATCHEL_STRENGTH_LONG:
      return _ ("Long enough, if nobody ever wrote or said it: no quotation, no song, no name.");
  }
  return "";
}

/* As the card's rules have it: a name that they refuse would be refused only at the very end. */
char *
satchel_setup_dup_name (const char *typed)
{
  g_autofree char *name = g_strstrip (g_strdup (typed));
  gsize size = strlen (name);
  gboolean good =
      size > 0 && size <= SATCHEL_CARD_NAME_MAX && satchel_text_is_clean (name, (gssize) size);

  for (const char *p = name; good && *p != '\0'; p = g_utf8_next_char (p))
    good = !g_unichar_iscntrl (g_utf8_get_char (p));
  return good ? g_steal_pointer (&name) : NULL;
}

const char *
satchel_setup_name_hint (SatchelRole role)
{
  switch (role) {
    case SATCHEL_ROLE_REPORTER:
      return _ ("Your newsroom sees it on your card and in what you seal. The server in between "
                "does not.");
    case SATCHEL_ROLE_EDITOR:
      return _ ("Your reporters and your newsroom see it on your card, and so does whoever gets an "
                "invite.");
    case SATCHEL_ROLE_LEGAL:
      return _ ("The newsroom and its reporters see it on your card, and so does whoever gets an "
                "export from you.");
  }
  return "";
}

char *
satchel_setup_dup_code_lines (SatchelSecret *code)
{
  char *text = satchel_recovery_code_format (code);
  gsize end = LINE_GROUPS * GROUP_LENGTH - 1;

  if (strlen (text) > end)
    text[end] = '\n';
  return text;
}

char *
satchel_setup_dup_failure (const GError *error, const char *folder)
{
  g_autofree char *where = g_filename_display_name (folder);

  if (g_error_matches (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_NO_SPACE))
    return g_strdup (_ ("The disk is full. No vault was made, and nothing was left behind. Free "
                        "some space and try again."));
  if (g_error_matches (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_EXISTS))
    return g_strdup_printf (
        _ ("%s holds something else already, perhaps a vault or a part of one. It was left as "
           "it is. If you know what it is, move it away and try again."),
        where);
  if (g_error_matches (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_BUSY))
    return g_strdup_printf (_ ("Another program is making a vault in %s. Close it and try again."),
                            where);
  if (g_error_matches (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_IO) ||
      g_error_matches (error, SATCHEL_VAULT_ERROR, SATCHEL_VAULT_ERROR_NOT_FOUND))
    return g_strdup_printf (_ ("Nothing can be written in %s. No vault was made. Check that this "
                               "folder is yours and its disk connected, then try again."),
                            where);
  return satchel_error_text_dup_whole (error);
}
