/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * Moments as people know them: an instant, the offset of the clock it was read from, and how
 * precisely it is known. The textual form is ISO 8601 cut to its precision, always with an offset
 * from the hour on: "2024-03-09T14:05+03:00" (minute), "2024-03-09T14+03:00" (hour), "2024-03-09",
 * "2024-03", and "?" for unknown. Seconds are accepted and kept only where a machine wrote them
 * ("...T14:05:07.123456Z").
 */
typedef enum {
  SATCHEL_PRECISION_UNKNOWN,
  SATCHEL_PRECISION_MONTH,
  SATCHEL_PRECISION_DAY,
  SATCHEL_PRECISION_HOUR,
  SATCHEL_PRECISION_MINUTE,
  SATCHEL_PRECISION_EXACT,
} SatchelPrecision;

typedef struct {
  gint64 unix_us;      /* microseconds since 1970-01-01T00:00:00Z; the start of the named span */
  gint offset_minutes; /* east of UTC, -1439 .. 1439 */
  SatchelPrecision precision;
} SatchelWhen;

/** Parses; where a time has no offset, or a date none, @default_offset_minutes is taken.
 *  SATCHEL_BASE_ERROR_INVALID with a sentence that says what is expected. Years 1 to 9999. */
gboolean satchel_when_parse (const char *text,
                             gint default_offset_minutes,
                             SatchelWhen *out,
                             GError **error);

/** The canonical text; satchel_when_parse() of it gives the same value. */
char *satchel_when_format (const SatchelWhen *when);

/** The end of the span that @when names, exclusive: of the month, day, hour or minute on its own
 *  clock. An exact or unknown one ends where it begins. */
gint64 satchel_when_get_end_us (const SatchelWhen *when);

/** Now, in microseconds since 1970 (UTC), from the replaceable clock. */
gint64 satchel_now_us (void);

/** Now, with the local offset, EXACT. */
SatchelWhen satchel_when_now (void);

/** "2024-03-09T11:05:07Z": UTC, whole seconds, for papers and logs; and its strict parser. */
char *satchel_utc_format (gint64 unix_us);
gboolean satchel_utc_parse (const char *text, gint64 *unix_us);

/** Replaces the clock in tests; NULL puts the real one back. */
typedef gint64 (*SatchelClock) (void);
void satchel_set_clock (SatchelClock clock);

G_END_DECLS
