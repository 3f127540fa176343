/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ctl.h"

G_BEGIN_DECLS

/** A member @member (NULL in an array) with an array of @entries, of SatchelInboxEntry; NULL is
 * none. */
void ctl_json_inbox (Ctl *ctl, JsonBuilder *builder, const char *member, GPtrArray *entries);

/** The same for people, a few lines each. */
void ctl_print_inbox (Ctl *ctl, GPtrArray *entries);

G_END_DECLS
