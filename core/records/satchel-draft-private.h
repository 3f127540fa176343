/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-draft.h"

G_BEGIN_DECLS

/** Whether a draft's content may stand in the store: a JSON object of bounded size, its bytes as
 * they are. _INVALID_VALUE, _TOO_LARGE. */
gboolean satchel_draft_validate (const guint8 *content, gsize size_bytes, GError **error);

G_END_DECLS
