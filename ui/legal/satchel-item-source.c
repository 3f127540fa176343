/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "legal/satchel-item-source.h"

#include "custody/satchel-custody-load.h"
#include "inbox/satchel-inbox-text.h"
#include "legal/satchel-item-text.h"
#include "records/satchel-records-error.h"
#include "shared/satchel-words.h"
#include "sync/satchel-sync-error.h"

/* A standing's digit, or a dash for all; then the words. */
char *
satchel_item_source_dup_question (const SatchelReceivedFilter *filter)
{
  const char *words = filter->words != NULL ? filter->words : "";

  if (!filter->has_standing && *words == '\0')
    return NULL;
  return g_strdup_printf ("%c%s", filter->has_standing ? '0' + (int) filter->standing : '-', words);
}

static GArray *
ask (SatchelVault *vault,
     const char *question,
     guint limit,
     GHashTable **snippets,
     GError **error)
{
  SatchelReceivedFilter filter = {0};

  if (question != NULL) {
    filter.has_standing = question[0] != '-';
    filter.standing = filter.has_standing ? (SatchelStanding) (question[0] - '0') : 0;
    filter.words = question + 1;
  }
  return satchel_received_list_keys (vault, &filter, error);
}

static char *
dup_sender (SatchelVault *vault, const SatchelReceived *item)
{
  return item->what == SATCHEL_RECEIVED_ASIDE
             ? satchel_inbox_text_dup_sender (item->entry, NULL)
             : satchel_custody_dup_person (vault, item->record->sender);
}

static SatchelRecordLine *
load (SatchelVault *vault, gint64 row, const char *snippet, GError **error)
{
  GError *local = NULL;
  g_autoptr (SatchelReceived) item = satchel_received_load (vault, row, &local);

  if (g_error_matches (local, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND) ||
      g_error_matches (local, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_NOT_FOUND)) {
    g_error_free (local);
    return NULL;
  }
  if (item == NULL) {
    g_propagate_error (error, local);
    return NULL;
  }
  SatchelRecordLine *line = g_new0 (SatchelRecordLine, 1);
  g_autofree char *what = satchel_item_text_dup_what (item);
  g_autofree char *sender = dup_sender (vault, item);
  g_autofree char *moment = satchel_words_moment (item->received_us);
  line->id = g_strdup_printf ("%" G_GINT64_FORMAT, row);
  line->icon = g_strdup (satchel_item_text_icon (item));
  line->title = satchel_item_text_dup_title (item);
  /* What may be long has a line of its own. */
  line->subtitle = g_strdup_printf ("%s · %s\n%s\n%s", satchel_item_text_word (item), moment, what,
                                    sender);
  line->markup = g_markup_escape_text (line->title, -1);
  return line;
}

const SatchelLineSource satchel_item_source = {
    .ask = ask,
    .load = load,
    .asks_after = SATCHEL_CHANGED_RECORDS | SATCHEL_CHANGED_EVIDENCE | SATCHEL_CHANGED_INBOX,
    .loads_after = SATCHEL_CHANGED_PEOPLE,
};
