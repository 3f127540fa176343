/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cases/satchel-case-job.h"

#include <glib/gi18n.h>

#include "reports/satchel-record-item.h"
#include "shared/satchel-words.h"

#define CASE_ICON "view-list-bullet-symbolic"

/* --- Listing --- */

static GDateTime *
to_local (gint64 unix_us)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (unix_us / G_USEC_PER_SEC);

  return utc != NULL ? g_date_time_to_local (utc) : NULL;
}

/* "9 March 2024", "Dec 2024 – Nov 2026": it stands in a narrow list. */
static char *
time_words (const SatchelCase *found)
{
  g_autoptr (GDateTime) from = to_local (found->from_us);
  g_autoptr (GDateTime) until = to_local (found->until_us);

  if (from == NULL || until == NULL)
    return g_strdup (_ ("unknown"));
  g_autofree char *first_day = satchel_words_format (from, _ ("%-e %B %Y"));
  g_autofree char *last_day = satchel_words_format (until, _ ("%-e %B %Y"));
  if (g_str_equal (first_day, last_day))
    return g_steal_pointer (&first_day);
  /* Translators: a short month with its year. */
  g_autofree char *first = satchel_words_format (from, _ ("%Ob %Y"));
  g_autofree char *last = satchel_words_format (until, _ ("%Ob %Y"));
  return g_str_equal (first, last) ? satchel_words_format (from, _ ("%OB %Y"))
                                   /* Translators: from a date to a date. */
                                   : g_strdup_printf (_ ("%s – %s"), first, last);
}

static SatchelRecordLine *
make_line (const SatchelCase *found, const SatchelRecord *head)
{
  SatchelRecordLine *line = g_new0 (SatchelRecordLine, 1);
  g_autofree char *time = time_words (found);
  g_autofree char *count =
      g_strdup_printf (ngettext ("%u report", "%u reports", found->count), found->count);

  line->id = g_strdup (head->id);
  line->icon = g_strdup (CASE_ICON);
  line->title = satchel_words_title (satchel_record_get_kind (head), head->values);
  line->subtitle = g_strdup_printf ("%s · %s", count, time);
  line->markup = g_markup_escape_text (line->title, -1);
  return line;
}

static gpointer
list_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr (GPtrArray) cases = satchel_cases_list (vault, error);
  g_autoptr (GPtrArray) lines =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_record_line_free);

  for (guint i = 0; cases != NULL && i < cases->len; i++) {
    const SatchelCase *found = cases->pdata[i];
    g_autoptr (SatchelRecord) head = satchel_record_load (vault, found->head_id, error);
    if (head == NULL || g_cancellable_set_error_if_cancelled (cancellable, error))
      return NULL;
    g_ptr_array_add (lines, make_line (found, head));
  }
  return cases != NULL ? g_steal_pointer (&lines) : NULL;
}

SatchelSessionJob
satchel_case_list_job (void)
{
  return (SatchelSessionJob){.run = list_run, .result_free = (GDestroyNotify) g_ptr_array_unref};
}

/* --- Changing --- */

/* What two strings are about. */
typedef struct {
  char *first;
  char *second;
} Pair;

static Pair *
pair_new (const char *first, const char *second)
{
  Pair *self = g_new0 (Pair, 1);

  self->first = g_strdup (first);
  self->second = g_strdup (second);
  return self;
}

static void
pair_free (gpointer data)
{
  Pair *self = data;

  g_free (self->first);
  g_free (self->second);
  g_free (self);
}

static gpointer
create_run (SatchelVault *vault,
            gpointer input,
            SatchelProgressReport progress,
            GCancellable *cancellable,
            GError **error)
{
  const Pair *pair = input;

  return satchel_case_create (vault, pair->first, pair->second, error);
}

SatchelSessionJob
satchel_case_create_job (const char *title, const char *record_id)
{
  return (SatchelSessionJob){.run = create_run,
                             .input = pair_new (title, record_id),
                             .input_free = pair_free,
                             .result_free = g_free,
                             .changes = SATCHEL_CHANGED_RECORDS};
}

static gpointer
add_run (SatchelVault *vault,
         gpointer input,
         SatchelProgressReport progress,
         GCancellable *cancellable,
         GError **error)
{
  const Pair *pair = input;

  return satchel_case_add (vault, pair->first, pair->second, error) ? input : NULL;
}

SatchelSessionJob
satchel_case_add_job (const char *member_id, const char *record_id)
{
  return (SatchelSessionJob){.run = add_run,
                             .input = pair_new (member_id, record_id),
                             .input_free = pair_free,
                             .changes = SATCHEL_CHANGED_RECORDS};
}

static gpointer
remove_run (SatchelVault *vault,
            gpointer input,
            SatchelProgressReport progress,
            GCancellable *cancellable,
            GError **error)
{
  GPtrArray *ties = NULL;

  return satchel_case_remove (vault, input, &ties, error) ? ties : NULL;
}

SatchelSessionJob
satchel_case_remove_job (const char *record_id)
{
  return (SatchelSessionJob){.run = remove_run,
                             .input = g_strdup (record_id),
                             .input_free = g_free,
                             .result_free = (GDestroyNotify) g_ptr_array_unref,
                             .changes = SATCHEL_CHANGED_RECORDS};
}

static gpointer
restore_run (SatchelVault *vault,
             gpointer input,
             SatchelProgressReport progress,
             GCancellable *cancellable,
             GError **error)
{
  return satchel_case_restore (vault, input, error) ? input : NULL;
}

SatchelSessionJob
satchel_case_restore_job (GPtrArray *ties)
{
  return (SatchelSessionJob){.run = restore_run,
                             .input = g_ptr_array_ref (ties),
                             .input_free = (GDestroyNotify) g_ptr_array_unref,
                             .changes = SATCHEL_CHANGED_RECORDS};
}
