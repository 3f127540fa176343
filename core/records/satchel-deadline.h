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
  gboolean is_done; /* somebody said so, of this time */
} SatchelDeadline;
void satchel_deadline_free (SatchelDeadline *self);

/** Whether its time is over, to the end of the month, day, hour or minute that is known of it; an
 *  unknown time never is. */
gboolean satchel_deadline_is_over (const SatchelDeadline *self, gint64 now_us);

/** Those from @since_us up to @until_us (exclusive; 0 for open), soonest first; those of unknown
 *  time come last, where @until_us is open. @language for the labels of fields without words of
 *  their own. Of SatchelDeadline, owned. */
GPtrArray *satchel_deadline_list (
    SatchelVault *vault, gint64 since_us, gint64 until_us, const char *language, GError **error);

/** Says that the deadline of a record at @path is done, or is not. It is this vault's own note: no
 *  part of the record, sent to nobody, and void once the deadline gets another time.
 *  SATCHEL_RECORDS_ERROR_NOT_FOUND where the record has no such deadline. */
gboolean satchel_deadline_set_done (SatchelVault *vault,
                                    const char *record_id,
                                    const char *path,
                                    gboolean is_done,
                                    GError **error);

/** Forgets what was said of a record's deadlines, as an erasure does; joins its transaction. */
gboolean satchel_deadline_forget (SatchelVault *vault, const char *record_id, GError **error);

G_END_DECLS
