/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/satchel-db.h"

// clang-format off
G_DEFINE_QUARK (satchel-vault-error-quark, satchel_vault_error)
// clang-format on
