/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/satchel-time.h"

G_BEGIN_DECLS

/**
 * A writer of iCalendar (RFC 5545), for any calendar program: CRLF, lines folded at 75 octets and
 * never within a character, text escaped, no control characters.
 *
 * Every entry is a VEVENT, deadlines too: the calendars of most telephones leave a VTODO out
 * without a word. A month or a day is an entry of whole days on its own clock; an hour lasts an
 * hour; a minute is a moment in UTC, without an end unless one is known.
 */
typedef struct _SatchelCalendar SatchelCalendar;

typedef struct {
  const char *uid; /* ASCII, without blanks: the same at every export of the same thing */
  guint sequence;  /* rises when it is changed */
  gint64 changed_us;
  SatchelWhen from;
  SatchelWhen to; /* UNKNOWN where there is none */
  const char *summary;
  const char *description; /* nullable */
  const char *location;    /* nullable */
} SatchelCalendarEntry;

SatchelCalendar *satchel_calendar_new (void);
void satchel_calendar_free (SatchelCalendar *self); /* NULL-safe */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SatchelCalendar, satchel_calendar_free)

/** Adds an entry; FALSE, and nothing, where neither of its times is known: a calendar has no place
 *  for it. */
gboolean satchel_calendar_add (SatchelCalendar *self, const SatchelCalendarEntry *entry);

guint satchel_calendar_get_count (SatchelCalendar *self);

/** The text, with its end; the caller's. */
char *satchel_calendar_dup_text (SatchelCalendar *self);

G_END_DECLS
