/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/satchel-time.h"
#include "records/satchel-records-error.h"
#include "vault/satchel-vault.h"

G_BEGIN_DECLS

/** What must be done by when, from the deadline fields of all records. */
typedef struct {
  char *record_id;
  char *path;       /* of the field */
  SatchelWhen when; /* SATCHEL_PRECISION_UNKNOWN where only @what is known */
  char *what;
} SatchelDeadline;
void satchel_deadline_free (SatchelDeadline *self);

/** Those from @since_us up to @until_us (exclusive; 0 for open), soonest first; those of unknown
 *  time come last, where @until_us is open. @language for the labels of fields without words of
 *  their own. Of SatchelDeadline, owned. */
GPtrArray *satchel_deadline_list (
    SatchelVault *vault, gint64 since_us, gint64 until_us, const char *language, GError **error);

G_END_DECLS
