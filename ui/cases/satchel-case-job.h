/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-case.h"
#include "session/satchel-session.h"

G_BEGIN_DECLS

/** What the pages of cases ask of the vault: jobs for satchel_session_run_async(). */

/** Gives a GPtrArray of SatchelRecordLine: a case each, by its head, the latest first. */
SatchelSessionJob satchel_case_list_job (void);

/** A record of a case, in words. */
typedef struct {
  char *id;
  char *icon;
  char *title;
  char *subtitle;      /* its kind, and when */
  gboolean can_remove; /* from the case */
} SatchelCaseRecord;

/** All that the page of a case shows. */
typedef struct {
  char *head_id;
  char *title;
  GPtrArray *records; /* of SatchelCaseRecord, by time */
  GPtrArray *items;   /* of SatchelTimelineItem, in order */
} SatchelCaseView;

void satchel_case_view_free (SatchelCaseView *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelCaseView, satchel_case_view_free)

/** Gives a SatchelCaseView of the case that a record is in. */
SatchelSessionJob satchel_case_load_job (const char *record_id);

/** satchel_case_create(): gives the id of the case's note, a char *. */
SatchelSessionJob satchel_case_create_job (const char *title, const char *record_id);

/** satchel_case_add(). Gives a pointer that is not NULL. */
SatchelSessionJob satchel_case_add_job (const char *member_id, const char *record_id);

/** satchel_case_remove(): gives what satchel_case_restore_job() takes. */
SatchelSessionJob satchel_case_remove_job (const char *record_id);

/** satchel_case_restore() of @ties (a reference is taken). Gives a pointer that is not NULL. */
SatchelSessionJob satchel_case_restore_job (GPtrArray *ties);

G_END_DECLS
