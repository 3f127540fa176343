/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seal/satchel-seal-error.h"

// clang-format off
G_DEFINE_QUARK (satchel-seal-error-quark, satchel_seal_error)
// clang-format on
