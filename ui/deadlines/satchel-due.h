/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "records/satchel-deadline.h"

G_BEGIN_DECLS

/** When something is due, as a person thinks of it. A day is one of this computer's calendar; a
 * date without a time is that date on whatever clock. */
typedef enum {
  SATCHEL_DUE_OVERDUE, /* over for at most SATCHEL_DUE_OVERDUE_DAYS, and not done */
  SATCHEL_DUE_TODAY,
  SATCHEL_DUE_WEEK,   /* in the next seven days, or at a day of this month that nobody knows */
  SATCHEL_DUE_LATER,  /* or at an unknown time */
  SATCHEL_DUE_PASSED, /* or done */
  SATCHEL_DUE_GROUPS,
} SatchelDueGroup;

#define SATCHEL_DUE_OVERDUE_DAYS 30

SatchelDueGroup satchel_due_group (const SatchelDeadline *deadline, gint64 now_us);

/** What a group is called; borrowed. */
const char *satchel_due_group_title (SatchelDueGroup group);

/** "Tomorrow · 9 March 2024, 14:05", "2 days ago · 9 March 2024", "March 2024", "Time not known".
 *  Where the clock that it was read from is another than this computer's, that is said. The
 *  caller's. */
char *satchel_due_words (const SatchelWhen *when, gint64 now_us);

G_END_DECLS
