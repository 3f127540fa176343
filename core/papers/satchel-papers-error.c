/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "papers/satchel-papers-error.h"

// clang-format off
G_DEFINE_QUARK (satchel-papers-error-quark, satchel_papers_error)
// clang-format on
