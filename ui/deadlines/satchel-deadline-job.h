/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-deadline.h"
#include "session/satchel-session.h"

G_BEGIN_DECLS

/** What the list of deadlines asks of the vault: jobs for satchel_session_run_async(). */

/** A deadline with the report that it is of. */
typedef struct {
  SatchelDeadline *deadline;
  char *what;   /* fit to be shown */
  char *report; /* "Summons · District court": its kind and what it is called */
} SatchelDue;

void satchel_due_free (SatchelDue *self); /* NULL-safe */

/** Gives a GPtrArray of SatchelDue, soonest first, of unknown time last. */
SatchelSessionJob satchel_deadline_list_job (void);

/** Says that one is done, or is not. Gives a pointer that is not NULL. */
SatchelSessionJob satchel_deadline_done_job (const SatchelDeadline *deadline, gboolean is_done);

G_END_DECLS
