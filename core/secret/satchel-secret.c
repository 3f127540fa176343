/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "secret/satchel-secret.h"

// clang-format off
G_DEFINE_QUARK (satchel-secret-error-quark, satchel_secret_error)
// clang-format on
