/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cards/satchel-press-validity.h"

#include <glib/gi18n.h>

#include "shared/satchel-words.h"

#define ENDING_DAYS   30
#define DAYS_SAID_MAX 60 /* after which a date says more */

/* What a credential's status says where it is no longer one to be shown. */
static const struct {
  const char *status;
  const char *text;
} VOID_STATES[] = {
    {"expired", N_ ("Marked as expired")},
    {"revoked", N_ ("Revoked by who issued it")},
    {"seized", N_ ("Seized")},
    {"refused", N_ ("Refused: never issued")},
};

static GDateTime *
to_date_time (gint64 unix_us, gint offset_minutes)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_offset (offset_minutes * 60);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (unix_us / G_USEC_PER_SEC);

  return utc != NULL ? g_date_time_to_timezone (utc, zone) : NULL;
}

/* The first moment after the named span. */
static gint64
end_of (const SatchelWhen *when)
{
  g_autoptr (GDateTime) start = to_date_time (when->unix_us, when->offset_minutes);
  g_autoptr (GDateTime) end = NULL;

  if (start == NULL)
    return when->unix_us;
  switch (when->precision) {
    case SATCHEL_PRECISION_MONTH:
      end = g_date_time_add_months (start, 1);
      break;
    case SATCHEL_PRECISION_DAY:
      end = g_date_time_add_days (start, 1);
      break;
    case SATCHEL_PRECISION_HOUR:
      end = g_date_time_add_hours (start, 1);
      break;
    default:
      return when->unix_us;
  }
  return end != NULL ? g_date_time_to_unix (end) * G_USEC_PER_SEC : when->unix_us;
}

/* Days on the calendar from @from to @to, both on the same clock. */
static int
days_between (gint64 from_us, gint64 to_us, gint offset_minutes)
{
  gint64 day_us = G_TIME_SPAN_DAY;
  gint64 shift_us = offset_minutes * G_TIME_SPAN_MINUTE;
  gint64 from = from_us + shift_us;
  gint64 to = to_us + shift_us;

  /* Division that rounds down, also before 1970. */
  gint64 from_day = from / day_us - (from % day_us < 0 ? 1 : 0);
  gint64 to_day = to / day_us - (to % day_us < 0 ? 1 : 0);
  return (int) (to_day - from_day);
}

static gboolean
get_moment (const SatchelKind *kind,
            JsonObject *values,
            const char *path,
            const SatchelWhen *now,
            SatchelWhen *when)
{
  g_autofree char *text = satchel_fields_dup_text (kind, values, path);

  return text != NULL && satchel_when_parse (text, now->offset_minutes, when, NULL) &&
         when->precision != SATCHEL_PRECISION_UNKNOWN;
}

static char *
dup_expired (int days_ago, const SatchelWhen *until)
{
  if (days_ago <= 0)
    return g_strdup (_ ("Expired today"));
  if (days_ago == 1)
    return g_strdup (_ ("Expired yesterday"));
  if (days_ago > DAYS_SAID_MAX) {
    g_autofree char *date = satchel_words_when (until);
    /* Translators: %s is a date. */
    return g_strdup_printf (_ ("Expired: it was valid until %s"), date);
  }
  return g_strdup_printf (ngettext ("Expired %d day ago", "Expired %d days ago", days_ago),
                          days_ago);
}

static char *
dup_early (int days)
{
  if (days <= 0)
    return g_strdup (_ ("Not valid yet: later today"));
  if (days == 1)
    return g_strdup (_ ("Not valid yet: from tomorrow on"));
  return g_strdup_printf (ngettext ("Not valid yet: in %d day", "Not valid yet: in %d days", days),
                          days);
}

static char *
dup_ending (int days)
{
  if (days <= 0)
    return g_strdup (_ ("Expires today"));
  if (days == 1)
    return g_strdup (_ ("Expires tomorrow"));
  return g_strdup_printf (ngettext ("Expires in %d day", "Expires in %d days", days), days);
}

static const char *
find_void_text (JsonObject *values)
{
  const char *status = json_object_get_string_member_with_default (values, "status", "");

  for (guint i = 0; i < G_N_ELEMENTS (VOID_STATES); i++)
    if (g_str_equal (VOID_STATES[i].status, status))
      return _ (VOID_STATES[i].text);
  return NULL;
}

static SatchelPressValidity
judge_end (const SatchelWhen *until, const SatchelWhen *now, char **text)
{
  gint64 end_us = end_of (until);
  /* The last moment that is still good, and its day. */
  int days = days_between (now->unix_us, end_us - 1, now->offset_minutes);

  if (now->unix_us >= end_us) {
    *text = dup_expired (-days, until);
    return SATCHEL_PRESS_EXPIRED;
  }
  if (days <= ENDING_DAYS) {
    *text = dup_ending (days);
    return SATCHEL_PRESS_ENDING;
  }
  g_autofree char *date = satchel_words_when (until);
  /* Translators: %s is a date. */
  *text = g_strdup_printf (_ ("Valid until %s"), date);
  return SATCHEL_PRESS_VALID;
}

SatchelPressValidity
satchel_press_validity_judge (const SatchelKind *kind,
                              JsonObject *values,
                              const SatchelWhen *now,
                              char **text)
{
  gboolean is_span = satchel_field_find (kind->fields, "valid_until") == NULL;
  const char *void_text = find_void_text (values);
  SatchelWhen from, until;

  if (void_text != NULL) {
    *text = g_strdup (void_text);
    return SATCHEL_PRESS_VOID;
  }
  if (get_moment (kind, values, is_span ? "span.from" : "valid_from", now, &from) &&
      now->unix_us < from.unix_us) {
    *text = dup_early (days_between (now->unix_us, from.unix_us, now->offset_minutes));
    return SATCHEL_PRESS_EARLY;
  }
  if (get_moment (kind, values, is_span ? "span.to" : "valid_until", now, &until))
    return judge_end (&until, now, text);
  *text = g_strdup (_ ("No end date is written down"));
  return SATCHEL_PRESS_UNDATED;
}

const char *
satchel_press_validity_get_icon (SatchelPressValidity validity)
{
  switch (validity) {
    case SATCHEL_PRESS_VALID:
      return "emblem-ok-symbolic";
    case SATCHEL_PRESS_UNDATED:
      return "dialog-question-symbolic";
    case SATCHEL_PRESS_ENDING:
    case SATCHEL_PRESS_EARLY:
      return "appointment-soon-symbolic";
    case SATCHEL_PRESS_EXPIRED:
    case SATCHEL_PRESS_VOID:
      return "dialog-warning-symbolic";
  }
  return "dialog-question-symbolic";
}

gboolean
satchel_press_validity_is_warning (SatchelPressValidity validity)
{
  return validity != SATCHEL_PRESS_VALID && validity != SATCHEL_PRESS_UNDATED;
}
