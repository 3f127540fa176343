/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ctl.h"

G_BEGIN_DECLS

/**
 * Warns, on standard error, of the names in @records (ids or beginnings, NULL-terminated) that are
 * marked not to be shared, and then says @advice. Nothing where there are none. To be called before
 * anything is made of them. *@found (nullable) becomes what --json says of them, the caller's:
 *
 *   [{"record": "<id>", "names": ["...", ...]}, ...]
 */
gboolean ctl_warn_unshared (Ctl *ctl,
                            const char *const *records,
                            const char *advice,
                            JsonNode **found,
                            GError **error);

G_END_DECLS
