/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * The records room's errors, by what the caller can do about them.
 *
 * SATCHEL_RECORDS_ERROR_NO_SUCH_KIND: no kind of that id; the message says where to find the list.
 * SATCHEL_RECORDS_ERROR_NO_SUCH_FIELD: the kind has no field of that path; the message names both.
 * SATCHEL_RECORDS_ERROR_INVALID_VALUE: what was written does not answer the field; the message is a
 *   sentence for the person who wrote it.
 * SATCHEL_RECORDS_ERROR_INVALID_KIND: a kind file is wrong; the message names file, group and key.
 * SATCHEL_RECORDS_ERROR_TOO_LARGE: over a limit of records or field values.
 * SATCHEL_RECORDS_ERROR_NOT_FOUND: no record, item, case or entry of that id.
 * SATCHEL_RECORDS_ERROR_AMBIGUOUS: the beginning of an id fits more than one; write more of it.
 * SATCHEL_RECORDS_ERROR_FINAL: the record was sealed or received, or an entry may only be added to;
 *   make an amendment with a reason.
 * SATCHEL_RECORDS_ERROR_HELD: under legal hold; lift the hold first.
 * SATCHEL_RECORDS_ERROR_FORKED: received with another history than the one known; keep it aside.
 * SATCHEL_RECORDS_ERROR_TRACES: it is erased, but the disk is too full to overwrite what it left in
 *   the store; free some space and open the vault again.
 * SATCHEL_RECORDS_ERROR_DAMAGED: stored records, revisions or ledger contradict their hashes.
 */
typedef enum {
  SATCHEL_RECORDS_ERROR_NO_SUCH_KIND,
  SATCHEL_RECORDS_ERROR_NO_SUCH_FIELD,
  SATCHEL_RECORDS_ERROR_INVALID_VALUE,
  SATCHEL_RECORDS_ERROR_INVALID_KIND,
  SATCHEL_RECORDS_ERROR_TOO_LARGE,
  SATCHEL_RECORDS_ERROR_NOT_FOUND,
  SATCHEL_RECORDS_ERROR_AMBIGUOUS,
  SATCHEL_RECORDS_ERROR_FINAL,
  SATCHEL_RECORDS_ERROR_HELD,
  SATCHEL_RECORDS_ERROR_FORKED,
  SATCHEL_RECORDS_ERROR_TRACES,
  SATCHEL_RECORDS_ERROR_DAMAGED,
} SatchelRecordsError;

#define SATCHEL_RECORDS_ERROR (satchel_records_error_quark ())
GQuark satchel_records_error_quark (void);

G_END_DECLS
