/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/satchel-report-job.h"

#include <glib/gi18n.h>

#include "base/satchel-text.h"
#include "custody/satchel-custody-load.h"
#include "records/satchel-case.h"
#include "shared/satchel-words.h"

static void
line_free (gpointer data)
{
  SatchelReportLine *self = data;

  g_free (self->title);
  g_free (self->subtitle);
  g_free (self);
}

static void
linked_free (gpointer data)
{
  SatchelReportLinked *self = data;

  g_free (self->id);
  g_free (self->title);
  g_free (self);
}

void
satchel_report_free (SatchelReport *self)
{
  if (self == NULL)
    return;
  satchel_record_free (self->record);
  satchel_draft_free (self->draft);
  g_clear_error (&self->draft_error);
  g_clear_pointer (&self->history, g_ptr_array_unref);
  g_clear_pointer (&self->custody, g_ptr_array_unref);
  g_clear_pointer (&self->links, g_ptr_array_unref);
  g_free (self);
}

static void
prepend_line (GPtrArray *lines, char *title, char *subtitle)
{
  SatchelReportLine *line = g_new0 (SatchelReportLine, 1);

  line->title = title;
  line->subtitle = subtitle;
  g_ptr_array_insert (lines, 0, line);
}

/* --- Loading --- */

typedef struct {
  char *record_id;
  char *draft_id;
} Load;

static void
load_free (gpointer data)
{
  Load *self = data;

  g_free (self->record_id);
  g_free (self->draft_id);
  g_free (self);
}

static gboolean
load_history (SatchelVault *vault, SatchelReport *report, GError **error)
{
  g_autoptr (GPtrArray) revisions =
      satchel_record_list_revisions (vault, report->record->id, error);

  if (revisions == NULL)
    return FALSE;
  for (guint i = 0; i < revisions->len; i++) {
    const SatchelRevision *revision = revisions->pdata[i];
    /* Translators: a saved state of a report, by its number. */
    g_autofree char *number = g_strdup_printf (_ ("Revision %u"), revision->number);
    g_autofree char *reason =
        revision->reason != NULL ? satchel_text_for_display (revision->reason, 500) : NULL;
    prepend_line (report->history,
                  reason != NULL ? g_strdup_printf ("%s: %s", number, reason)
                                 : g_steal_pointer (&number),
                  satchel_words_moment (revision->time_us));
  }
  return TRUE;
}

/* Reports that name this one; it names others in its own form. */
static gboolean
load_links (SatchelVault *vault, SatchelReport *report, GError **error)
{
  g_autoptr (GPtrArray) links = satchel_link_list (vault, report->record->id, error);

  for (guint i = 0; links != NULL && i < links->len; i++) {
    const SatchelLink *link = links->pdata[i];
    if (!g_str_equal (link->to, report->record->id))
      continue;
    g_autoptr (SatchelRecord) from = satchel_record_load (vault, link->from, error);
    if (from == NULL)
      return FALSE;
    SatchelReportLinked *linked = g_new0 (SatchelReportLinked, 1);
    linked->id = g_strdup (from->id);
    linked->title = satchel_words_title (satchel_record_get_kind (from), from->values);
    g_ptr_array_add (report->links, linked);
  }
  return links != NULL;
}

static gboolean
load_record (SatchelVault *vault, SatchelReport *report, const char *id, GError **error)
{
  report->record = satchel_record_load (vault, id, error);
  if (report->record == NULL)
    return FALSE;
  report->kind = satchel_record_get_kind (report->record);
  report->custody = satchel_custody_load_views (vault, report->record, error);
  return report->custody != NULL && load_history (vault, report, error) &&
         load_links (vault, report, error);
}

/* A report is there whatever became of its draft. */
static gboolean
load_draft (SatchelVault *vault, SatchelReport *report, const Load *load, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (load->draft_id != NULL) {
    report->draft = satchel_draft_load (vault, load->draft_id, error);
    return report->draft != NULL;
  }
  report->draft = satchel_draft_load_of_record (vault, load->record_id, &local_error);
  if (g_error_matches (local_error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_DAMAGED))
    report->draft_error = g_steal_pointer (&local_error);
  gboolean is_known = local_error == NULL;
  if (!is_known)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return is_known;
}

static gpointer
load_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  const Load *load = input;
  g_autoptr (SatchelReport) report = g_new0 (SatchelReport, 1);
  const char *record_id = load->record_id;

  report->history = g_ptr_array_new_with_free_func (line_free);
  report->links = g_ptr_array_new_with_free_func (linked_free);
  if (!load_draft (vault, report, load, error))
    return NULL;
  if (record_id == NULL)
    record_id = report->draft->record_id;
  if (record_id != NULL ? !load_record (vault, report, record_id, error)
                        : (report->kind = satchel_kinds_find (satchel_kinds_get_builtin (),
                                                              report->draft->kind, error)) == NULL)
    return NULL;
  return g_steal_pointer (&report);
}

SatchelSessionJob
satchel_report_load_job (const char *record_id, const char *draft_id)
{
  Load *load = g_new0 (Load, 1);

  load->record_id = g_strdup (record_id);
  load->draft_id = g_strdup (draft_id);
  return (SatchelSessionJob){.run = load_run,
                             .input = load,
                             .input_free = load_free,
                             .result_free = (GDestroyNotify) satchel_report_free};
}

/* --- Saving --- */

typedef struct {
  char *record_id;
  const SatchelKind *kind;
  JsonObject *values;
  char *reason;
  char *draft_id;
} Save;

static void
save_free (gpointer data)
{
  Save *self = data;

  g_free (self->record_id);
  json_object_unref (self->values);
  g_free (self->reason);
  g_free (self->draft_id);
  g_free (self);
}

static gpointer
save_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  const Save *save = input;
  g_autoptr (SatchelTransaction) transaction =
      satchel_transaction_begin (satchel_vault_get_db (vault), error);
  g_autofree char *id = NULL;

  if (transaction == NULL)
    return NULL;
  if (save->record_id == NULL)
    id = satchel_record_create (vault, save->kind, save->values, error);
  else if (satchel_record_revise (vault, save->record_id, save->values, save->reason, error))
    id = g_strdup (save->record_id);
  if (id == NULL || !satchel_draft_delete (vault, save->draft_id, error) ||
      !satchel_transaction_commit (transaction, error))
    return NULL;
  return g_steal_pointer (&id);
}

SatchelSessionJob
satchel_report_save_job (const char *record_id,
                         const SatchelKind *kind,
                         JsonObject *values,
                         const char *reason,
                         const char *draft_id)
{
  Save *save = g_new0 (Save, 1);

  save->record_id = g_strdup (record_id);
  save->kind = kind;
  save->values = values;
  save->reason = g_strdup (reason);
  save->draft_id = g_strdup (draft_id);
  return (SatchelSessionJob){.run = save_run,
                             .input = save,
                             .input_free = save_free,
                             .result_free = g_free,
                             .changes = SATCHEL_CHANGED_RECORDS | SATCHEL_CHANGED_DRAFTS,
                             .is_kept = TRUE};
}

/* --- Drafts and erasing --- */

static gpointer
keep_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  return satchel_draft_put (vault, input, error) ? input : NULL;
}

SatchelSessionJob
satchel_report_keep_job (SatchelDraft *draft)
{
  return (SatchelSessionJob){.run = keep_run,
                             .input = draft,
                             .input_free = (GDestroyNotify) satchel_draft_free,
                             .changes = SATCHEL_CHANGED_DRAFTS,
                             .is_kept = TRUE};
}

static gpointer
discard_run (SatchelVault *vault,
             gpointer input,
             SatchelProgressReport progress,
             GCancellable *cancellable,
             GError **error)
{
  return satchel_draft_delete (vault, input, error) ? input : NULL;
}

SatchelSessionJob
satchel_report_discard_job (const char *draft_id)
{
  return (SatchelSessionJob){.run = discard_run,
                             .input = g_strdup (draft_id),
                             .input_free = g_free,
                             .changes = SATCHEL_CHANGED_DRAFTS};
}

static gpointer
erase_run (SatchelVault *vault,
           gpointer input,
           SatchelProgressReport progress,
           GCancellable *cancellable,
           GError **error)
{
  return satchel_record_erase (vault, input, error) ? input : NULL;
}

SatchelSessionJob
satchel_report_erase_job (const char *record_id)
{
  return (SatchelSessionJob){.run = erase_run,
                             .input = g_strdup (record_id),
                             .input_free = g_free,
                             .changes = SATCHEL_CHANGED_RECORDS | SATCHEL_CHANGED_DRAFTS};
}
