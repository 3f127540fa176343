/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox/satchel-outbox-job.h"

#include <glib/gi18n.h>

#include "outbox/satchel-outbox-text.h"
#include "records/satchel-draft.h"
#include "records/satchel-evidence.h"
#include "records/satchel-records-error.h"
#include "reports/satchel-record-item.h"
#include "shared/satchel-words.h"
#include "sync/satchel-courier.h"

static void
report_free (gpointer data)
{
  SatchelOutboxReport *self = data;

  g_free (self->id);
  g_free (self->title);
  g_free (self);
}

void
satchel_outbox_bundle_free (SatchelOutboxBundle *self)
{
  if (self == NULL)
    return;
  satchel_outbox_entry_free (self->entry);
  g_clear_pointer (&self->reports, g_ptr_array_unref);
  g_free (self);
}

/* A report that was erased since has no title any more. */
static gboolean
load_report (SatchelVault *vault, const char *id, SatchelOutboxReport **report, GError **error)
{
  GError *local = NULL;
  g_autoptr (SatchelRecord) record = satchel_record_load (vault, id, &local);

  *report = NULL;
  if (record == NULL &&
      !g_error_matches (local, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND)) {
    g_propagate_error (error, local);
    return FALSE;
  }
  g_clear_error (&local);
  *report = g_new0 (SatchelOutboxReport, 1);
  (*report)->id = record != NULL ? g_strdup (record->id) : NULL;
  (*report)->changed_us = record != NULL ? record->changed_us : 0;
  (*report)->title = record != NULL
                         ? satchel_words_title (satchel_record_get_kind (record), record->values)
                         : g_strdup (_ ("A report that was erased here"));
  return TRUE;
}

/* --- The list --- */

static char *
dup_title (SatchelVault *vault, const SatchelOutboxEntry *entry, GError **error)
{
  guint more = entry->records == NULL ? 0 : g_strv_length (entry->records);
  SatchelOutboxReport *report;

  if (entry->kind == SATCHEL_OUTBOX_KIND_INTRODUCTION || more == 0)
    return g_strdup (_ ("Your introduction to the newsroom"));
  if (!load_report (vault, entry->records[0], &report, error))
    return NULL;
  char *title = --more == 0 ? g_strdup (report->title)
                            /* Translators: title of a report, number of further ones. */
                            : g_strdup_printf (ngettext ("%s and %u more", "%s and %u more", more),
                                               report->title, more);
  report_free (report);
  return title;
}

static SatchelRecordLine *
make_line (SatchelVault *vault, const SatchelOutboxEntry *entry, GError **error)
{
  g_autofree char *title = dup_title (vault, entry, error);
  g_autofree char *state = satchel_outbox_text_dup_state (entry);
  g_autofree char *moment = satchel_words_moment (entry->sealed_unix_us);

  if (title == NULL)
    return NULL;
  SatchelRecordLine *line = g_new0 (SatchelRecordLine, 1);
  line->id = g_strdup (entry->id);
  line->icon = g_strdup (satchel_outbox_text_icon (entry));
  line->subtitle = g_strdup_printf ("%s · %s", state, moment);
  line->markup = g_markup_escape_text (title, -1);
  line->title = g_steal_pointer (&title);
  return line;
}

static gpointer
list_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr (GPtrArray) entries = satchel_outbox_list (vault, error);
  g_autoptr (GPtrArray) lines =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_record_line_free);

  if (entries == NULL)
    return NULL;
  for (guint i = entries->len; i-- > 0;) {
    const SatchelOutboxEntry *entry = entries->pdata[i];
    SatchelRecordLine *line;
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return NULL;
    if (entry->kind == SATCHEL_OUTBOX_KIND_RECEIPTS)
      continue;
    if ((line = make_line (vault, entry, error)) == NULL)
      return NULL;
    g_ptr_array_add (lines, line);
  }
  return g_steal_pointer (&lines);
}

SatchelSessionJob
satchel_outbox_lines_job (void)
{
  return (SatchelSessionJob){.run = list_run, .result_free = (GDestroyNotify) g_ptr_array_unref};
}

/* --- One --- */

static gpointer
load_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr (SatchelOutboxBundle) bundle = g_new0 (SatchelOutboxBundle, 1);

  bundle->reports = g_ptr_array_new_with_free_func (report_free);
  bundle->entry = satchel_outbox_find (vault, input, error);
  if (bundle->entry == NULL)
    return NULL;
  for (guint i = 0; bundle->entry->records != NULL && bundle->entry->records[i] != NULL; i++) {
    SatchelOutboxReport *report;
    if (!load_report (vault, bundle->entry->records[i], &report, error))
      return NULL;
    g_ptr_array_add (bundle->reports, report);
  }
  return g_steal_pointer (&bundle);
}

SatchelSessionJob
satchel_outbox_load_job (const char *id)
{
  return (SatchelSessionJob){.run = load_run,
                             .input = g_strdup (id),
                             .input_free = g_free,
                             .result_free = (GDestroyNotify) satchel_outbox_bundle_free};
}

static gpointer
discard_run (SatchelVault *vault,
             gpointer input,
             SatchelProgressReport progress,
             GCancellable *cancellable,
             GError **error)
{
  return satchel_outbox_discard (vault, input, error) ? vault : NULL;
}

SatchelSessionJob
satchel_outbox_discard_job (const char *id)
{
  return (SatchelSessionJob){.run = discard_run,
                             .input = g_strdup (id),
                             .input_free = g_free,
                             .changes = SATCHEL_CHANGED_OUTBOX};
}

/* Whether something was added after sealing, which nobody else has. */
static gboolean
is_newer (SatchelVault *vault,
          const SatchelOutboxReport *report,
          gint64 sealed_us,
          gboolean *newer,
          GError **error)
{
  g_autoptr (GPtrArray) items = satchel_evidence_list (vault, report->id, error);
  GError *local = NULL;
  g_autoptr (SatchelDraft) draft =
      items != NULL ? satchel_draft_load_of_record (vault, report->id, &local) : NULL;

  if (items == NULL)
    return FALSE;
  *newer = report->changed_us > sealed_us || draft != NULL || local != NULL;
  g_clear_error (&local);
  for (guint i = 0; i < items->len; i++)
    *newer |= ((const SatchelEvidence *) items->pdata[i])->imported.unix_us > sealed_us;
  return TRUE;
}

static gboolean
erase_reports (SatchelVault *vault, const SatchelOutboxBundle *bundle, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();

  for (guint i = 0; i < bundle->reports->len; i++) {
    const SatchelOutboxReport *report = bundle->reports->pdata[i];
    gboolean newer = FALSE;
    if (report->id == NULL)
      continue;
    if (!is_newer (vault, report, bundle->entry->sealed_unix_us, &newer, error))
      return FALSE;
    if (!newer)
      g_ptr_array_add (ids, report->id);
  }
  return ids->len == 0 || satchel_records_erase (vault, ids, error);
}

static gpointer
erase_file_run (SatchelVault *vault,
                gpointer input,
                SatchelProgressReport progress,
                GCancellable *cancellable,
                GError **error)
{
  return satchel_outbox_erase (vault, input, error) ? vault : NULL;
}

static gpointer
erase_all_run (SatchelVault *vault,
               gpointer input,
               SatchelProgressReport progress,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (SatchelOutboxBundle) bundle = load_run (vault, input, progress, cancellable, error);

  return bundle != NULL && erase_reports (vault, bundle, error) &&
                 satchel_outbox_erase (vault, input, error)
             ? vault
             : NULL;
}

SatchelSessionJob
satchel_outbox_erase_job (const char *id, gboolean with_reports)
{
  return (SatchelSessionJob){.run = with_reports ? erase_all_run : erase_file_run,
                             .input = g_strdup (id),
                             .input_free = g_free,
                             .changes = SATCHEL_CHANGED_SENT | SATCHEL_CHANGED_RECORDS |
                                        SATCHEL_CHANGED_DRAFTS};
}

static gpointer
hand_over_run (SatchelVault *vault,
               gpointer input,
               SatchelProgressReport progress,
               GCancellable *cancellable,
               GError **error)
{
  g_autofree guint *count = g_new0 (guint, 1);

  return satchel_courier_send_folder (vault, input, count, cancellable, error)
             ? g_steal_pointer (&count)
             : NULL;
}

SatchelSessionJob
satchel_outbox_hand_over_job (const char *folder)
{
  return (SatchelSessionJob){.run = hand_over_run,
                             .input = g_strdup (folder),
                             .input_free = g_free,
                             .result_free = g_free,
                             .changes = SATCHEL_CHANGED_SENT};
}
