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

/** What is asked for. */
typedef struct {
  const char *const *records; /* ids or beginnings of at least 4 digits, NULL-terminated; NULL for
                                 all records of the vault */
  SatchelCalendarContents contents;
  /* What somebody wrote in their own words, a title, what is to be done or the place, may name
   * anybody and any place: with this the calendar has none of it, and says what happened by the
   * labels of kinds and fields. */
  gboolean without_own_words;
  const char *language; /* of the kinds' labels */
} SatchelCalendarRequest;

/** How an export went. */
typedef struct {
  guint entries;
  guint timeless; /* were left out: nobody knows when */
} SatchelCalendarTally;

/**
 * Whose names are not to be shared (satchel-unshared.h), of the records that the calendar would
 * have an entry of: somebody's own words in it may name them. Of SatchelUnshared, owned. Errors of
 * satchel_calendar_export() and satchel_unshared_load(), G_IO_ERROR_CANCELLED.
 */
GPtrArray *satchel_calendar_list_unshared (SatchelVault *vault,
                                           const SatchelCalendarRequest *request,
                                           GCancellable *cancellable,
                                           GError **error);

/**
 * Writes a calendar (satchel-calendar.h) to @path. An entry keeps its UID in every export, so that
 * a calendar takes the second one as a change of the first. The ledger says *exported* of each
 * record that has an entry, before the first byte leaves the vault. @replace FALSE:
 * SATCHEL_BASE_ERROR_EXISTS where something stands at @path. @tally is nullable. Errors:
 * SatchelRecordsError, SatchelBaseError.
 */
gboolean satchel_calendar_export (SatchelVault *vault,
                                  const SatchelCalendarRequest *request,
                                  const char *path,
                                  gboolean replace,
                                  SatchelCalendarTally *tally,
                                  GError **error);

/** The same into satchel.ics in a new folder, as satchel_export_bag() makes its own: it must not
 *  exist, appears when it is whole, and is swept where this program was killed. */
gboolean satchel_calendar_export_folder (SatchelVault *vault,
                                         const SatchelCalendarRequest *request,
                                         const char *folder,
                                         SatchelCalendarTally *tally,
                                         GError **error);

G_END_DECLS
