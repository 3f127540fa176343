/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox/satchel-outbox-job.h"

#include <glib/gi18n.h>

#include "outbox/satchel-outbox-text.h"
#include "records/satchel-draft.h"
#include "records/satchel-evidence.h"
#include "reports/satchel-bundle-reports.h"
#include "shared/satchel-words.h"
#include "sync/satchel-courier.h"

void
satchel_outbox_bundle_free (SatchelOutboxBundle *self)
{
  if (self == NULL)
    return;
  satchel_outbox_entry_free (self->entry);
  g_clear_pointer (&self->reports, g_ptr_array_unref);
  g_free (self);
}

/* --- The list --- */

static char *
dup_title (SatchelVault *vault, const SatchelOutboxEntry *entry, GError **error)
{
  g_autoptr (SatchelBundleReport) first = NULL;

  if (entry->kind == SATCHEL_OUTBOX_KIND_INTRODUCTION || entry->records[0] == NULL)
    return g_strdup (_ ("Your introduction to the newsroom"));
  first = satchel_bundle_report_load (vault, entry->records[0], error);
  return first != NULL ? satchel_bundle_report_dup_heading (first, entry->records) : NULL;
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
  line->subtitle = g_strdup_printf ("%s\n%s", state, moment);
  line->markup = g_markup_escape_text (title, -1);
  line->title = g_steal_pointer (&title);
  return line;
}

static GArray *
ask (SatchelVault *vault,
     const char *question,
     guint limit,
     GHashTable **snippets,
     GError **error)
{
  return satchel_outbox_list_rows (vault, error);
}

static SatchelRecordLine *
load_line (SatchelVault *vault, gint64 row, const char *snippet, GError **error)
{
  g_autoptr (SatchelOutboxEntry) entry = satchel_outbox_load_row (vault, row, error);

  return entry != NULL ? make_line (vault, entry, error) : NULL;
}

const SatchelLineSource satchel_outbox_source = {
    .ask = ask,
    .load = load_line,
    .asks_after = SATCHEL_CHANGED_OUTBOX,
    .loads_after = SATCHEL_CHANGED_SENT | SATCHEL_CHANGED_RECORDS,
};

/* --- One --- */

static gpointer
load_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr (SatchelOutboxBundle) bundle = g_new0 (SatchelOutboxBundle, 1);

  bundle->entry = satchel_outbox_find (vault, input, error);
  if (bundle->entry == NULL)
    return NULL;
  bundle->reports = satchel_bundle_reports_load (vault, bundle->entry->records, error);
  return bundle->reports != NULL ? g_steal_pointer (&bundle) : NULL;
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
          const SatchelBundleReport *report,
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
    const SatchelBundleReport *report = bundle->reports->pdata[i];
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

/* --- Copying --- */

void
satchel_outbox_copied_free (SatchelOutboxCopied *self)
{
  if (self == NULL)
    return;
  g_clear_error (&self->error);
  g_free (self);
}

static gpointer
weigh_run (SatchelVault *vault,
           gpointer input,
           SatchelProgressReport progress,
           GCancellable *cancellable,
           GError **error)
{
  g_autofree SatchelCourierLoad *load = g_new0 (SatchelCourierLoad, 1);

  return satchel_courier_weigh (vault, load, error) ? g_steal_pointer (&load) : NULL;
}

SatchelSessionJob
satchel_outbox_weigh_job (void)
{
  return (SatchelSessionJob){.run = weigh_run, .result_free = g_free};
}

typedef struct {
  char *folder;
  gboolean stays;
} Target;

static void
target_free (gpointer data)
{
  Target *self = data;

  g_free (self->folder);
  g_free (self);
}

static gpointer
hand_over_run (SatchelVault *vault,
               gpointer input,
               SatchelProgressReport progress,
               GCancellable *cancellable,
               GError **error)
{
  const Target *target = input;
  SatchelOutboxCopied *copied = g_new0 (SatchelOutboxCopied, 1);

  satchel_courier_copy_to_folder (vault, target->folder, target->stays, &copied->count, progress,
                                  cancellable, &copied->error);
  return copied;
}

SatchelSessionJob
satchel_outbox_hand_over_job (const char *folder, gboolean stays, SatchelProgressReport progress)
{
  Target *target = g_new0 (Target, 1);

  target->folder = g_strdup (folder);
  target->stays = stays;
  return (SatchelSessionJob){.run = hand_over_run,
                             .input = target,
                             .input_free = target_free,
                             .result_free = (GDestroyNotify) satchel_outbox_copied_free,
                             .progress = progress,
                             .changes = SATCHEL_CHANGED_SENT};
}
