/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deadlines/satchel-deadline-job.h"

#include "base/satchel-text.h"
#include "records/satchel-record.h"
#include "shared/satchel-words.h"

#define WHAT_SHOWN_MAX 300

void
satchel_due_free (SatchelDue *self)
{
  if (self == NULL)
    return;
  satchel_deadline_free (self->deadline);
  g_free (self->what);
  g_free (self->report);
  g_free (self);
}

/* --- Listing --- */

static char *
dup_report (SatchelVault *vault, const char *id, GError **error)
{
  g_autoptr (SatchelRecord) record = satchel_record_load (vault, id, error);

  if (record == NULL)
    return NULL;
  const SatchelKind *kind = satchel_record_get_kind (record);
  const char *label = satchel_label_get (kind->label, satchel_words_language ());
  g_autofree char *title = satchel_words_title (kind, record->values);
  return g_str_equal (title, label) ? g_steal_pointer (&title)
                                    : g_strdup_printf ("%s · %s", label, title);
}

static gpointer
list_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr (GPtrArray) deadlines =
      satchel_deadline_list (vault, G_MININT64, 0, satchel_words_language (), error);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_due_free);

  if (deadlines == NULL)
    return NULL;
  while (deadlines->len > 0) {
    SatchelDue *due = g_new0 (SatchelDue, 1);
    due->deadline = g_ptr_array_steal_index (deadlines, 0);
    g_ptr_array_add (list, due);
    due->what = satchel_text_for_display (due->deadline->what, WHAT_SHOWN_MAX);
    due->report = dup_report (vault, due->deadline->record_id, error);
    if (due->report == NULL || g_cancellable_set_error_if_cancelled (cancellable, error))
      return NULL;
  }
  return g_steal_pointer (&list);
}

SatchelSessionJob
satchel_deadline_list_job (void)
{
  return (SatchelSessionJob){.run = list_run, .result_free = (GDestroyNotify) g_ptr_array_unref};
}

/* --- Done --- */

typedef struct {
  char *record_id;
  char *path;
  gboolean is_done;
} Done;

static void
done_free (gpointer data)
{
  Done *self = data;

  g_free (self->record_id);
  g_free (self->path);
  g_free (self);
}

static gpointer
done_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  const Done *done = input;

  return satchel_deadline_set_done (vault, done->record_id, done->path, done->is_done, error)
             ? input
             : NULL;
}

SatchelSessionJob
satchel_deadline_done_job (const SatchelDeadline *deadline, gboolean is_done)
{
  Done *done = g_new0 (Done, 1);

  done->record_id = g_strdup (deadline->record_id);
  done->path = g_strdup (deadline->path);
  done->is_done = is_done;
  return (SatchelSessionJob){.run = done_run,
                             .input = done,
                             .input_free = done_free,
                             .changes = SATCHEL_CHANGED_RECORDS};
}
