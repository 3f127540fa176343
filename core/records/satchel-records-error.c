/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/satchel-records-error.h"

// clang-format off
G_DEFINE_QUARK (satchel-records-error-quark, satchel_records_error)
// clang-format on
