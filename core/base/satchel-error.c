/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/satchel-error.h"

// clang-format off
G_DEFINE_QUARK (satchel-base-error-quark, satchel_base_error)
// clang-format on
