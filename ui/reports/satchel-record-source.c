/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/satchel-record-source.h"

#include "records/satchel-search.h"

static GArray *
ask (SatchelVault *vault,
     const char *question,
     guint limit,
     GHashTable **snippets,
     GError **error)
{
  if (question == NULL)
    return satchel_record_list_rows (vault, limit, error);
  /* All at once: to begin anew would cost more than those after the first. */
  return satchel_search_list_rows (vault, question, SATCHEL_RECORD_SOURCE_HITS, snippets, error);
}

static SatchelRecordLine *
load (SatchelVault *vault, gint64 row, const char *snippet, GError **error)
{
  const SatchelRecordFilter filter = {.before_row = row + 1, .limit = 1};
  g_autoptr (GPtrArray) records = satchel_record_list (vault, &filter, error);

  if (records == NULL || records->len == 0 || ((SatchelRecord *) records->pdata[0])->row != row)
    return NULL;
  return satchel_record_line_new (records->pdata[0], snippet);
}

void
satchel_record_source_ask (SatchelLineModel *model, const char *words)
{
  satchel_line_model_ask (model, satchel_search_is_begun (words) ? words : NULL);
}

const SatchelLineSource satchel_record_source = {
    .ask = ask,
    .load = load,
    .asks_after = SATCHEL_CHANGED_RECORDS,
};
