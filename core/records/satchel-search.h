/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-records-error.h"
#include "vault/satchel-vault.h"

G_BEGIN_DECLS

/**
 * Full-text search over the latest revision of every record and the names of its evidence. Case,
 * diacritics, and letters written in two ways (Russian yo, Arabic and Persian yeh) are folded. The
 * index dies with the record: an erasure merges the index into one piece (some two seconds for
 * 100,000 records), so that no deleted word stays.
 */
typedef enum {
  SATCHEL_SEARCH_NEWEST, /* latest arrivals first, without snippets */
  SATCHEL_SEARCH_RANKED, /* best first, with snippets; looks at every match: with a word that
                            most records have, some 200 ms for 100,000 */
} SatchelSearchOrder;

/** Around each found word of a snippet. */
#define SATCHEL_SEARCH_MARK_BEGIN "\x02"
#define SATCHEL_SEARCH_MARK_END   "\x03"

typedef struct {
  char *record_id;
  char *snippet; /* of about 16 words, with marks and newlines; NULL for NEWEST */
} SatchelSearchHit;
void satchel_search_hit_free (SatchelSearchHit *self);

/** Records with all of @words, the last one as a beginning ("summ" finds summons) unless a space
 *  follows it. Text between double quotes is a phrase. Everything else is taken literally: there
 *  are no operators. No word gives no hit. Of SatchelSearchHit, owned; @limit 0 means 50. */
GPtrArray *satchel_search (SatchelVault *vault,
                           const char *words,
                           SatchelSearchOrder order,
                           guint limit,
                           GError **error);

/** As one types: the rows (SatchelRecord.row) of the latest arrivals with all of @words, newest
 *  first, without a look at the records. Of gint64, the caller's. @snippets (nullable) gets theirs
 *  (char *) by row (gint64 *), the caller's. A word of which there is but its first letter yet is
 *  not looked for. The beginning of a word of more than four letters looks at every match: some
 *  20 ms where 100,000 have one. */
GArray *satchel_search_list_rows (SatchelVault *vault,
                                  const char *words,
                                  guint limit,
                                  GHashTable **snippets,
                                  GError **error);

/** Whether there is anything in @words that satchel_search_list_rows() looks for. */
gboolean satchel_search_is_begun (const char *words);

/** Merges the index a little; call when idle until *@more is FALSE. */
gboolean satchel_search_merge_idle (SatchelVault *vault, gboolean *more, GError **error);

/** Makes the index anew from the records, in one transaction. */
gboolean satchel_search_rebuild (SatchelVault *vault, GError **error);

G_END_DECLS
