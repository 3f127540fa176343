/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-people-error.h"

// clang-format off
G_DEFINE_QUARK (satchel-people-error-quark, satchel_people_error)
// clang-format on
