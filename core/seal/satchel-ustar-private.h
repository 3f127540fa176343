/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "seal/satchel-ustar.h"

/* The largest size that 11 octal digits hold, plus one. */
#define SATCHEL_USTAR_OCTAL_LIMIT (8ULL * 1024 * 1024 * 1024)

/** Whether @name may stand in an archive of ours. */
gboolean satchel_ustar_name_is_valid (const char *name);

/** The one header block for a name and a size. */
void
satchel_ustar_header (const char *name, guint64 size_bytes, guint8 block[SATCHEL_USTAR_BLOCK_SIZE]);
