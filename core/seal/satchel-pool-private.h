/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "seal/satchel-stream.h"

typedef void (*SatchelPoolWork) (gpointer data, guint index);

/** Calls @work once for each index below @count, in the calling thread and in the pool's, and
 * returns when all calls have. @self NULL: in the calling thread alone. */
void satchel_pool_run (SatchelPool *self, SatchelPoolWork work, gpointer data, guint count);
