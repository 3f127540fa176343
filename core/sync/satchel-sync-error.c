/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/satchel-sync-error.h"

// clang-format off
G_DEFINE_QUARK (satchel-sync-error-quark, satchel_sync_error)
// clang-format on
