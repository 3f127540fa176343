/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/satchel-record-source.h"

#include "records/satchel-search.h"

static gboolean
find (SatchelVault *vault,
      const char *words,
      GPtrArray *lines,
      GCancellable *cancellable,
      GError **error)
{
  g_autoptr (GPtrArray) hits =
      satchel_search (vault, words, SATCHEL_SEARCH_AS_TYPED, SATCHEL_RECORD_SOURCE_HITS, error);

  for (guint i = 0; hits != NULL && i < hits->len; i++) {
    const SatchelSearchHit *hit = hits->pdata[i];
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    g_autoptr (SatchelRecord) record = satchel_record_load (vault, hit->record_id, error);
    if (record == NULL)
      return FALSE;
    g_ptr_array_add (lines, satchel_record_line_new (record, hit->snippet));
  }
  return hits != NULL;
}

static gboolean
ask (SatchelVault *vault,
     const char *question,
     GArray **rows,
     GPtrArray *lines,
     GCancellable *cancellable,
     GError **error)
{
  if (question != NULL)
    return find (vault, question, lines, cancellable, error);
  *rows = satchel_record_list_rows (vault, error);
  return *rows != NULL;
}

static SatchelRecordLine *
load (SatchelVault *vault, gint64 row, GError **error)
{
  const SatchelRecordFilter filter = {.before_row = row + 1, .limit = 1};
  g_autoptr (GPtrArray) records = satchel_record_list (vault, &filter, error);

  if (records == NULL || records->len == 0 || ((SatchelRecord *) records->pdata[0])->row != row)
    return NULL;
  return satchel_record_line_new (records->pdata[0], NULL);
}

const SatchelLineSource satchel_record_source = {
    .ask = ask,
    .load = load,
    .asks_after = SATCHEL_CHANGED_RECORDS,
};
