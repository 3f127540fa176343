/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/satchel-vault-private.h"

#include "base/satchel-error.h"
#include "seal/satchel-seal-error.h"

// clang-format off
G_DEFINE_QUARK (satchel-vault-error-quark, satchel_vault_error)
// clang-format on

static SatchelVaultError
code_from_base (gint code)
{
  switch (code) {
    case SATCHEL_BASE_ERROR_NO_SPACE:
      return SATCHEL_VAULT_ERROR_NO_SPACE;
    case SATCHEL_BASE_ERROR_NOT_FOUND:
      return SATCHEL_VAULT_ERROR_NOT_FOUND;
    case SATCHEL_BASE_ERROR_EXISTS:
      return SATCHEL_VAULT_ERROR_EXISTS;
    case SATCHEL_BASE_ERROR_BUSY:
      return SATCHEL_VAULT_ERROR_BUSY;
    case SATCHEL_BASE_ERROR_TOO_LARGE:
    case SATCHEL_BASE_ERROR_INVALID:
      return SATCHEL_VAULT_ERROR_DAMAGED;
    default:
      return SATCHEL_VAULT_ERROR_IO;
  }
}

static SatchelVaultError
code_from_secret (gint code)
{
  switch (code) {
    case SATCHEL_SECRET_ERROR_WRONG:
      return SATCHEL_VAULT_ERROR_WRONG_PASSPHRASE;
    case SATCHEL_SECRET_ERROR_NEWER:
      return SATCHEL_VAULT_ERROR_NEWER;
    case SATCHEL_SECRET_ERROR_DAMAGED:
    case SATCHEL_SECRET_ERROR_PARAMETERS:
      return SATCHEL_VAULT_ERROR_DAMAGED;
    default:
      return SATCHEL_VAULT_ERROR_IO;
  }
}

gboolean
satchel_vault_take_error (GError **error, GError *lower)
{
  g_return_val_if_fail (lower != NULL, FALSE);

  if (lower->domain == SATCHEL_VAULT_ERROR ||
      g_error_matches (lower, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      g_error_matches (lower, SATCHEL_SECRET_ERROR, SATCHEL_SECRET_ERROR_WEAK) ||
      g_error_matches (lower, SATCHEL_SECRET_ERROR, SATCHEL_SECRET_ERROR_MEMORY)) {
    g_propagate_error (error, lower);
    return FALSE;
  }
  SatchelVaultError code = SATCHEL_VAULT_ERROR_IO;
  if (lower->domain == SATCHEL_BASE_ERROR)
    code = code_from_base (lower->code);
  else if (lower->domain == SATCHEL_SECRET_ERROR)
    code = code_from_secret (lower->code);
  else if (lower->domain == SATCHEL_SEAL_ERROR)
    code = SATCHEL_VAULT_ERROR_DAMAGED;
  else if (g_error_matches (lower, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    code = SATCHEL_VAULT_ERROR_NO_SPACE;
  g_set_error_literal (error, SATCHEL_VAULT_ERROR, code, lower->message);
  g_error_free (lower);
  return FALSE;
}

gboolean
satchel_vault_set_error (GError **error, SatchelVaultError code, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, SATCHEL_VAULT_ERROR, code, message);
  return FALSE;
}
