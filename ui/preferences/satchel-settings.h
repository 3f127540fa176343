/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** What stands outside the vault, in GSettings, since it counts on the locked screen too: taste,
 *  nothing else. NULL where Satchel's schema is not installed, or is an older one: then there is
 *  nothing to choose, and the desktop's own holds. The caller's. */
GSettings *satchel_settings_new (void);

G_END_DECLS
