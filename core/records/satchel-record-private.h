/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-record.h"

G_BEGIN_DECLS

#define SATCHEL_REASON_MAX 4096
/* A revision's line: its values and a little around them. */
#define SATCHEL_REVISION_LINE_MAX (SATCHEL_FIELDS_SIZE_MAX + 64 * 1024)

/** Writes @self's line and hash from its other members. */
void satchel_revision_compose (SatchelRevision *self);

/** Reads a line. @strict demands its one spelling, which a line from outside or under a check must
 *  have. SATCHEL_RECORDS_ERROR_DAMAGED. */
SatchelRevision *satchel_revision_parse (const char *line,
                                         gsize size_bytes,
                                         gboolean strict,
                                         GError **error);

/** Whether @revision continues @before (NULL for the first): number, record, kind, hash. */
gboolean satchel_revision_follows (const SatchelRevision *revision, const SatchelRevision *before);

/** Inserts a revision row. */
gboolean satchel_revision_insert (SatchelDb *db,
                                  gint64 row,
                                  const SatchelRevision *revision,
                                  GError **error);

/** Writes what the latest revision says into the record's row. */
gboolean satchel_record_update_row (SatchelDb *db,
                                    gint64 row,
                                    const SatchelRevision *revision,
                                    gint64 when_us,
                                    GError **error);

/** Inserts a record's row for its first revision; @row gets its number. */
gboolean satchel_record_insert_row (SatchelDb *db,
                                    const SatchelRevision *first,
                                    const char *sender,
                                    gint64 when_us,
                                    gint64 *row,
                                    GError **error);

/** When it happened, else @created_us. */
gint64
satchel_record_find_when (const SatchelKind *kind, JsonObject *values, gint64 created_us);

/** Writes search text, links and deadlines of a record. @names: more texts to be found by (of const
 *  char *), nullable; evidence names in the store are found anyway. */
gboolean satchel_record_index_put (SatchelVault *vault,
                                   gint64 row,
                                   const SatchelKind *kind,
                                   JsonObject *values,
                                   GPtrArray *names,
                                   GError **error);
/** Takes them away. A removed row is only marked in the search index. */
gboolean satchel_record_index_remove (SatchelDb *db, gint64 row, GError **error);

/** Takes every word of removed rows out of the search index, also those of earlier revisions, by
 *  merging all of it into one piece: once for any number of rows. */
gboolean satchel_record_index_purge (SatchelDb *db, GError **error);

/** The row of a whole id; 0 for none. */
gboolean satchel_record_find_row (SatchelDb *db, const char *id, gint64 *row, GError **error);

/** Checks that @text may be a beginning of an id: _NOT_FOUND otherwise. @end gets the first text
 *  after all ids that begin so. */
gboolean satchel_id_range (const char *text, const char *what, char **end, GError **error);

/** Runs a statement whose one parameter is @value. */
gboolean satchel_run_with_int (SatchelDb *db, const char *sql, gint64 value, GError **error);

G_END_DECLS
