/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "vault/satchel-vault.h"

G_BEGIN_DECLS

/**
 * What is in a calendar that leaves the vault. It is in the clear: whoever has the file reads it,
 * and a calendar program may well send it on.
 */
typedef enum {
  SATCHEL_CALENDAR_DEADLINES, /* of the records, but for those that are done */
  SATCHEL_CALENDAR_CASE,      /* these, and what happened when */
} SatchelCalendarContents;

/** How an export went. */
typedef struct {
  guint entries;
  guint timeless; /* were left out: nobody knows when */
} SatchelCalendarTally;

/**
 * Writes a calendar (satchel-calendar.h) of @records to @path: ids or beginnings of at least 4
 * digits, NULL-terminated; NULL for all records of the vault. An entry keeps its UID in every
 * export, so that a calendar takes the second one as a change of the first. @language: of the
 * kinds' labels. The ledger says *exported* of each record that has an entry, before the first byte
 * leaves the vault. @replace FALSE: SATCHEL_BASE_ERROR_EXISTS where something stands at @path.
 * @tally is nullable. Errors: SatchelRecordsError, SatchelBaseError.
 */
gboolean satchel_calendar_export (SatchelVault *vault,
                                  const char *const *records,
                                  SatchelCalendarContents contents,
                                  const char *language,
                                  const char *path,
                                  gboolean replace,
                                  SatchelCalendarTally *tally,
                                  GError **error);

/** The same into satchel.ics in a new folder, as satchel_export_bag() makes its own: it must not
 *  exist, appears when it is whole, and is swept where this program was killed. */
gboolean satchel_calendar_export_folder (SatchelVault *vault,
                                         const char *const *records,
                                         SatchelCalendarContents contents,
                                         const char *language,
                                         const char *folder,
                                         SatchelCalendarTally *tally,
                                         GError **error);

G_END_DECLS
