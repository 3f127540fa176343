/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "base/satchel-text.h"
#include "cases/satchel-case-job.h"
#include "cases/satchel-timeline.h"
#include "deadlines/satchel-due.h"
#include "shared/satchel-words.h"

#define WHAT_SHOWN_MAX 300

static void
case_record_free (gpointer data)
{
  SatchelCaseRecord *self = data;

  g_free (self->id);
  g_free (self->icon);
  g_free (self->title);
  g_free (self->subtitle);
  g_free (self);
}

void
satchel_case_view_free (SatchelCaseView *self)
{
  if (self == NULL)
    return;
  g_free (self->head_id);
  g_free (self->title);
  g_clear_pointer (&self->records, g_ptr_array_unref);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_free (self);
}

/* --- When --- */

static gboolean
is_known (const SatchelWhen *when)
{
  return when->precision != SATCHEL_PRECISION_UNKNOWN;
}

/* A minute is a point on any timeline that shows more than an hour. */
static gint64
end_of (const SatchelWhen *when)
{
  return when->precision >= SATCHEL_PRECISION_MINUTE ? when->unix_us
                                                     : satchel_when_get_end_us (when);
}

static gboolean
is_precise (const SatchelWhen *when)
{
  return when->precision >= SATCHEL_PRECISION_MINUTE;
}

static GDateTime *
to_own_clock (const SatchelWhen *when)
{
  return g_date_time_new_from_unix_utc (when->unix_us / G_USEC_PER_SEC +
                                        when->offset_minutes * 60);
}

/* Of the same day on the same clock, the time alone. */
static char *
last_words (const SatchelWhen *from, const SatchelWhen *to)
{
  g_autoptr (GDateTime) first = to_own_clock (from);
  g_autoptr (GDateTime) last = to_own_clock (to);

  if (first == NULL || last == NULL || !is_precise (from) || !is_precise (to) ||
      from->offset_minutes != to->offset_minutes ||
      g_date_time_get_year (first) != g_date_time_get_year (last) ||
      g_date_time_get_day_of_year (first) != g_date_time_get_day_of_year (last))
    return satchel_words_when (to);
  return satchel_words_format (last, _ ("%H:%M"));
}

/* "9 March 2024, 06:10 – 09:30"; of an unknown time, when it was written. */
static char *
when_words (const SatchelRecord *record, const SatchelWhen *from, const SatchelWhen *to)
{
  g_autofree char *first = is_known (from) ? satchel_words_when (from) : NULL;
  g_autofree char *last =
      is_known (to) ? (is_known (from) ? last_words (from, to) : satchel_words_when (to)) : NULL;

  if (first != NULL && last != NULL)
    /* Translators: from a moment to a moment. */
    return g_strdup_printf (_ ("%s – %s"), first, last);
  if (first != NULL)
    return g_steal_pointer (&first);
  if (last != NULL)
    /* Translators: %s is a moment. */
    return g_strdup_printf (_ ("until %s"), last);
  g_autofree char *written = satchel_words_moment (record->created_us);
  /* Translators: %s is a moment. */
  return g_strdup_printf (_ ("time not known, written %s"), written);
}

/* --- Items of the timeline --- */

/* While a view is put together. */
typedef struct {
  SatchelVault *vault;
  GPtrArray *deadlines; /* of SatchelDeadline: all of the vault */
  gint64 now_us;
  gint64 begin_us; /* of what is known of the case; G_MAXINT64 for nothing */
  SatchelCaseView *view;
} Composing;

static SatchelTimelineStyle
style_of (const SatchelDeadline *deadline, gint64 now_us)
{
  switch (satchel_due_group (deadline, now_us)) {
    case SATCHEL_DUE_OVERDUE:
      return SATCHEL_TIMELINE_OVERDUE;
    case SATCHEL_DUE_PASSED:
      return SATCHEL_TIMELINE_PASSED;
    default:
      return SATCHEL_TIMELINE_DUE;
  }
}

static SatchelTimelineItem *
add_item (Composing *self, const SatchelWhen *from, const SatchelWhen *to)
{
  SatchelTimelineItem *item = g_new0 (SatchelTimelineItem, 1);
  const SatchelWhen *last = is_known (to) ? to : from;

  item->from_us = is_known (from) ? from->unix_us : to->unix_us;
  item->until_us = MAX (end_of (last), item->from_us);
  item->is_imprecise = !is_precise (last) || !is_precise (is_known (from) ? from : to);
  self->begin_us = MIN (self->begin_us, item->from_us);
  g_ptr_array_add (self->view->items, item);
  return item;
}

static void
add_deadline (Composing *self, const SatchelRecord *record, const SatchelDeadline *deadline)
{
  const SatchelWhen none = {0, 0, SATCHEL_PRECISION_UNKNOWN};
  g_autofree char *what = satchel_text_for_display (deadline->what, WHAT_SHOWN_MAX);
  g_autofree char *when = satchel_due_words (&deadline->when, self->now_us);
  SatchelTimelineItem *item = add_item (self, &deadline->when, &none);

  item->record_id = g_strdup (record->id);
  item->icon = g_strdup ("alarm-symbolic");
  item->title = g_strdup (what);
  /* Translators: what must be done, and when. */
  item->name = g_strdup_printf (_ ("Deadline: %s, %s"), what, when);
  item->style = style_of (deadline, self->now_us);
}

/* A hearing is a deadline and what its record is about: one mark says both. */
static SatchelTimelineStyle
add_deadlines (Composing *self, const SatchelRecord *record, const char *own_field)
{
  SatchelTimelineStyle style = SATCHEL_TIMELINE_HAPPENED;

  for (guint i = 0; i < self->deadlines->len; i++) {
    const SatchelDeadline *deadline = self->deadlines->pdata[i];
    if (!g_str_equal (deadline->record_id, record->id) || !is_known (&deadline->when))
      continue;
    if (g_strcmp0 (deadline->path, own_field) == 0)
      style = style_of (deadline, self->now_us);
    else
      add_deadline (self, record, deadline);
  }
  return style;
}

/* What has no time of its own was there before it was written: its bar is drawn when it is known
 * where the case begins. */
static void
add_record_item (Composing *self,
                 const SatchelRecord *record,
                 const SatchelCaseRecord *line,
                 const SatchelWhen *from,
                 const SatchelWhen *to)
{
  const SatchelKind *kind = satchel_record_get_kind (record);
  SatchelTimelineStyle style = add_deadlines (self, record, kind->when_field);
  SatchelTimelineItem *item;

  if (is_known (from) || is_known (to)) {
    item = add_item (self, from, to);
  } else {
    item = g_new0 (SatchelTimelineItem, 1);
    item->from_us = G_MININT64;
    item->until_us = record->created_us;
    item->is_imprecise = TRUE;
    g_ptr_array_add (self->view->items, item);
  }
  item->record_id = g_strdup (record->id);
  item->icon = g_strdup (line->icon);
  item->title = g_strdup (line->title);
  item->name = g_strdup_printf ("%s, %s", line->title, line->subtitle);
  item->style = style;
}

static void
begin_unknown (Composing *self)
{
  for (guint i = 0; i < self->view->items->len; i++) {
    SatchelTimelineItem *item = self->view->items->pdata[i];
    if (item->from_us == G_MININT64)
      item->from_us = MIN (self->begin_us, item->until_us);
  }
}

static int
compare_items (gconstpointer a, gconstpointer b)
{
  const SatchelTimelineItem *one = *(const SatchelTimelineItem *const *) a;
  const SatchelTimelineItem *other = *(const SatchelTimelineItem *const *) b;

  if (one->from_us != other->from_us)
    return one->from_us < other->from_us ? -1 : 1;
  return g_strcmp0 (one->record_id, other->record_id);
}

/* --- Loading --- */

static gboolean
add_record (Composing *self, const SatchelRecord *record, GError **error)
{
  const SatchelKind *kind = satchel_record_get_kind (record);
  SatchelWhen from = {0, 0, SATCHEL_PRECISION_UNKNOWN};
  SatchelWhen to = from;
  SatchelCaseRecord *line = g_new0 (SatchelCaseRecord, 1);

  g_ptr_array_add (self->view->records, line);
  satchel_fields_get_span (kind, record->values, &from, &to);
  g_autofree char *when = when_words (record, &from, &to);
  line->id = g_strdup (record->id);
  line->icon = g_strdup (kind->icon);
  line->title = satchel_words_title (kind, record->values);
  line->subtitle = g_strdup_printf (
      "%s · %s", satchel_label_get (kind->label, satchel_words_language ()), when);
  add_record_item (self, record, line, &from, &to);
  return satchel_case_can_remove (self->vault, record->id, &line->can_remove, error);
}

static gboolean
compose (Composing *self, const char *record_id, GError **error)
{
  g_autoptr (GPtrArray) records = satchel_case_list (self->vault, record_id, error);
  const SatchelRecord *head =
      records != NULL ? satchel_case_find_head (self->vault, records, error) : NULL;

  if (head == NULL)
    return FALSE;
  self->view->head_id = g_strdup (head->id);
  self->view->title = satchel_words_title (satchel_record_get_kind (head), head->values);
  for (guint i = 0; i < records->len; i++)
    if (!add_record (self, records->pdata[i], error))
      return FALSE;
  begin_unknown (self);
  g_ptr_array_sort (self->view->items, compare_items);
  return TRUE;
}

static gpointer
load_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr (SatchelCaseView) view = g_new0 (SatchelCaseView, 1);
  g_autoptr (GPtrArray) deadlines =
      satchel_deadline_list (vault, G_MININT64, 0, satchel_words_language (), error);
  Composing composing = {vault, deadlines, satchel_now_us (), G_MAXINT64, view};

  view->records = g_ptr_array_new_with_free_func (case_record_free);
  view->items =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_timeline_item_free);
  return deadlines != NULL && compose (&composing, input, error) ? g_steal_pointer (&view) : NULL;
}

SatchelSessionJob
satchel_case_load_job (const char *record_id)
{
  return (SatchelSessionJob){.run = load_run,
                             .input = g_strdup (record_id),
                             .input_free = g_free,
                             .result_free = (GDestroyNotify) satchel_case_view_free};
}
