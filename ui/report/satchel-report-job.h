/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-draft.h"
#include "session/satchel-session.h"

G_BEGIN_DECLS

/** What the report page asks of the vault: jobs for satchel_session_run_async(). Their inputs are
 *  freed with the job. */

/** A line of a report's history, in words. */
typedef struct {
  char *title;
  char *subtitle;
} SatchelReportLine;

/** Another report that names this one. */
typedef struct {
  char *id;
  char *title;
} SatchelReportLinked;

/** All that the page shows of a report. */
typedef struct {
  SatchelRecord *record; /* NULL: a new one */
  const SatchelKind *kind;
  SatchelDraft *draft; /* nullable: what was begun and not saved */
  GError *draft_error; /* nullable: why a report's draft cannot be read */
  GPtrArray *history;  /* of SatchelReportLine, latest first */
  GPtrArray *custody;  /* of SatchelCustodyView: of the report, then of its evidence; NULL: new */
  GPtrArray *links;    /* of SatchelReportLinked */
} SatchelReport;

void satchel_report_free (SatchelReport *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelReport, satchel_report_free)

/** Gives a SatchelReport. @record_id or @draft_id, the other NULL. */
SatchelSessionJob satchel_report_load_job (const char *record_id, const char *draft_id);

/** Saves @values (taken) as a new record (@record_id NULL) or a revision, and takes the draft away
 *  with it: both or neither. Gives the record's id, a char *. @reason: nullable. */
SatchelSessionJob satchel_report_save_job (const char *record_id,
                                           const SatchelKind *kind,
                                           JsonObject *values,
                                           const char *reason,
                                           const char *draft_id);

/** Keeps @draft (taken). Gives a pointer that is not NULL. */
SatchelSessionJob satchel_report_keep_job (SatchelDraft *draft);

/** Takes a draft away. Gives a pointer that is not NULL. */
SatchelSessionJob satchel_report_discard_job (const char *draft_id);

/** Erases a record for good. Gives a pointer that is not NULL. */
SatchelSessionJob satchel_report_erase_job (const char *record_id);

G_END_DECLS
