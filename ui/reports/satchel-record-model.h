/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "reports/satchel-record-item.h"
#include "session/satchel-session.h"

G_BEGIN_DECLS

/**
 * The records of a vault, newest first, or what a search found, as a GListModel of
 * SatchelRecordItem. Of 100,000 records it knows the numbers; an item is filled when a list asks
 * for it, a page at a time, and forgotten when the list lets it go. A search gives the newest
 * SATCHEL_RECORD_MODEL_HITS, at the speed of typing.
 */
#define SATCHEL_RECORD_MODEL_HITS 200 /* of a search: the newest */

#define SATCHEL_TYPE_RECORD_MODEL (satchel_record_model_get_type ())
G_DECLARE_FINAL_TYPE (SatchelRecordModel, satchel_record_model, SATCHEL, RECORD_MODEL, GObject)

/** Signal "failed" (GError): loading did not work. */
SatchelRecordModel *satchel_record_model_new (SatchelSession *session);

/** NULL or "": all records. The answer to the last words wins, whatever comes late. */
void satchel_record_model_search (SatchelRecordModel *self, const char *words);

/** Whether the first answer is there. */
gboolean satchel_record_model_is_loaded (SatchelRecordModel *self);

G_END_DECLS
