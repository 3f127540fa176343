/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "vault/satchel-vault.h"

G_BEGIN_DECLS

/** Turns an error of a lower room (files, secrets, STREAM, GIO) into the vault's own, by what the
 * caller can do; the vault's own and a cancellation stay as they are. Takes @lower, sets @error,
 * always returns FALSE. */
gboolean satchel_vault_take_error (GError **error, GError *lower);

/** Sets an error of the given code and returns FALSE. */
gboolean satchel_vault_set_error (GError **error,
                                  SatchelVaultError code,
                                  const char *format,
                                  ...) G_GNUC_PRINTF (3, 4);

G_END_DECLS
