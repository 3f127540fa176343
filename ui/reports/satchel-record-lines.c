/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/satchel-record-lines.h"

static gboolean
is_same_row (GListStore *items, guint position, const SatchelRecordLine *line)
{
  g_autoptr (SatchelRecordItem) item = g_list_model_get_item (G_LIST_MODEL (items), position);

  return item != NULL && g_strcmp0 (satchel_record_item_get_id (item), line->id) == 0;
}

void
satchel_record_lines_show (GPtrArray *lines, GListStore *items)
{
  guint had = g_list_model_get_n_items (G_LIST_MODEL (items));
  guint added = lines->len > had ? lines->len - had : 0;

  for (guint i = 0; i < lines->len; i++) {
    const SatchelRecordLine *line = lines->pdata[i];
    g_autoptr (SatchelRecordItem) item = NULL;
    if (is_same_row (items, i, line)) {
      item = g_list_model_get_item (G_LIST_MODEL (items), i);
      satchel_record_item_fill (item, line);
      continue;
    }
    item = satchel_record_item_new ();
    satchel_record_item_fill (item, line);
    /* What is new stands at the top: the rows below it have only moved. */
    g_list_store_splice (items, i, added > 0 || i >= had ? 0 : 1, (gpointer *) &item, 1);
    added -= added > 0;
  }
  guint has = g_list_model_get_n_items (G_LIST_MODEL (items));
  if (has > lines->len)
    g_list_store_splice (items, lines->len, has - lines->len, NULL, 0);
}
