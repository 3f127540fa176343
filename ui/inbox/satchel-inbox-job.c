/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/satchel-inbox-job.h"

#include <glib/gi18n.h>

#include "inbox/satchel-inbox-text.h"
#include "records/satchel-records-error.h"
#include "reports/satchel-record-item.h"
#include "shared/satchel-words.h"

static void
report_free (gpointer data)
{
  SatchelInboxReport *self = data;

  g_free (self->id);
  g_free (self->title);
  g_free (self->subtitle);
  g_free (self);
}

void
satchel_inbox_bundle_free (SatchelInboxBundle *self)
{
  if (self == NULL)
    return;
  satchel_inbox_entry_free (self->entry);
  satchel_contact_free (self->contact);
  g_clear_pointer (&self->reports, g_ptr_array_unref);
  g_free (self);
}

/* A report that was erased since has no title any more. */
static SatchelInboxReport *
load_report (SatchelVault *vault, const char *id, GError **error)
{
  GError *local = NULL;
  g_autoptr (SatchelRecord) record = satchel_record_load (vault, id, &local);
  SatchelInboxReport *report;

  if (record == NULL &&
      !g_error_matches (local, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND)) {
    g_propagate_error (error, local);
    return NULL;
  }
  g_clear_error (&local);
  report = g_new0 (SatchelInboxReport, 1);
  if (record == NULL) {
    report->title = g_strdup (_ ("A report that was erased here"));
    return report;
  }
  const SatchelKind *kind = satchel_record_get_kind (record);
  g_autofree char *when = satchel_words_moment (record->when_us);
  report->id = g_strdup (record->id);
  report->title = satchel_words_title (kind, record->values);
  report->subtitle = g_strdup_printf (
      "%s · %s", satchel_label_get (kind->label, satchel_words_language ()), when);
  return report;
}

static gboolean
load_sender (SatchelVault *vault,
             const SatchelInboxEntry *entry,
             SatchelContact **contact,
             GError **error)
{
  GError *local = NULL;

  *contact = entry->contact_id != NULL
                 ? satchel_contact_find (vault, entry->contact_id, &local)
                 : NULL;
  if (g_error_matches (local, SATCHEL_PEOPLE_ERROR, SATCHEL_PEOPLE_ERROR_NOT_FOUND))
    g_clear_error (&local);
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, local);
  return FALSE;
}

/* --- The list --- */

static char *
dup_title (SatchelVault *vault, const SatchelInboxEntry *entry, GError **error)
{
  guint more = entry->records == NULL ? 0 : g_strv_length (entry->records);
  SatchelInboxReport *report;

  if (more == 0 && entry->outcome == SATCHEL_INBOX_ASIDE)
    return g_strdup (satchel_inbox_text_verdict (entry));
  if (more == 0)
    return g_strdup (_ ("Introduction"));
  report = load_report (vault, entry->records[0], error);
  if (report == NULL)
    return NULL;
  char *title = --more == 0 ? g_strdup (report->title)
                            /* Translators: title of a report, number of further ones. */
                            : g_strdup_printf (ngettext ("%s and %u more", "%s and %u more", more),
                                               report->title, more);
  report_free (report);
  return title;
}

static SatchelRecordLine *
make_line (SatchelVault *vault, const SatchelInboxEntry *entry, GError **error)
{
  g_autoptr (SatchelContact) contact = NULL;
  g_autofree char *title = dup_title (vault, entry, error);

  if (title == NULL || !load_sender (vault, entry, &contact, error))
    return NULL;
  g_autofree char *sender = satchel_inbox_text_dup_sender (entry, contact);
  g_autofree char *moment = satchel_words_moment (entry->received_unix_us);
  SatchelRecordLine *line = g_new0 (SatchelRecordLine, 1);
  line->id = g_strdup (entry->id);
  line->icon = g_strdup (satchel_inbox_text_icon (entry));
  line->subtitle = g_strdup_printf ("%s · %s", sender, moment);
  line->markup = g_markup_escape_text (title, -1);
  line->title = g_steal_pointer (&title);
  return line;
}

static gpointer
lines_run (SatchelVault *vault,
           gpointer input,
           SatchelProgressReport progress,
           GCancellable *cancellable,
           GError **error)
{
  g_autoptr (GPtrArray) entries = satchel_inbox_list (vault, error);
  g_autoptr (GPtrArray) lines =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_record_line_free);

  for (guint i = 0; entries != NULL && i < entries->len; i++) {
    SatchelRecordLine *line;
    if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
        (line = make_line (vault, entries->pdata[i], error)) == NULL)
      return NULL;
    g_ptr_array_add (lines, line);
  }
  return entries != NULL ? g_steal_pointer (&lines) : NULL;
}

SatchelSessionJob
satchel_inbox_lines_job (void)
{
  return (SatchelSessionJob){.run = lines_run, .result_free = (GDestroyNotify) g_ptr_array_unref};
}

/* --- One --- */

static SatchelInboxEntry *
find_entry (SatchelVault *vault, const char *id, GError **error)
{
  g_autoptr (GPtrArray) entries = satchel_inbox_list (vault, error);

  for (guint i = 0; entries != NULL && i < entries->len; i++)
    if (g_strcmp0 (((const SatchelInboxEntry *) entries->pdata[i])->id, id) == 0)
      return g_steal_pointer (&entries->pdata[i]);
  if (entries != NULL)
    g_set_error_literal (error, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_NOT_FOUND,
                         "there is no such entry in the inbox");
  return NULL;
}

static gpointer
load_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr (SatchelInboxBundle) bundle = g_new0 (SatchelInboxBundle, 1);

  bundle->reports = g_ptr_array_new_with_free_func (report_free);
  bundle->entry = find_entry (vault, input, error);
  if (bundle->entry == NULL || !load_sender (vault, bundle->entry, &bundle->contact, error))
    return NULL;
  for (guint i = 0; bundle->entry->records != NULL && bundle->entry->records[i] != NULL; i++) {
    SatchelInboxReport *report = load_report (vault, bundle->entry->records[i], error);
    if (report == NULL)
      return NULL;
    g_ptr_array_add (bundle->reports, report);
  }
  return g_steal_pointer (&bundle);
}

SatchelSessionJob
satchel_inbox_load_job (const char *id)
{
  return (SatchelSessionJob){.run = load_run,
                             .input = g_strdup (id),
                             .input_free = g_free,
                             .result_free = (GDestroyNotify) satchel_inbox_bundle_free};
}

/* --- Taking in by hand --- */

/* An introduction lets in what its sender had sent before it. */
static gboolean
take_file (SatchelVault *vault,
           const char *path,
           GPtrArray *taken,
           SatchelProgressReport progress,
           GCancellable *cancellable,
           GError **error)
{
  SatchelInboxEntry *entry = satchel_inbox_open_file (vault, path, progress, cancellable, error);

  if (entry == NULL)
    return FALSE;
  g_ptr_array_add (taken, entry);
  return !entry->is_introduction || entry->outcome != SATCHEL_INBOX_OPENED ||
         satchel_inbox_retry (vault, taken, cancellable, error);
}

static gboolean
take_folder (SatchelVault *vault,
             const char *path,
             GPtrArray *taken,
             SatchelProgressReport progress,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (GPtrArray) entries =
      satchel_inbox_fetch_folder (vault, path, progress, cancellable, error);

  for (guint i = 0; entries != NULL && i < entries->len; i++)
    g_ptr_array_add (taken, g_steal_pointer (&entries->pdata[i]));
  return entries != NULL;
}

static gpointer
take_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  char **paths = input;
  g_autoptr (GPtrArray) taken =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_inbox_entry_free);

  for (guint i = 0; paths[i] != NULL; i++) {
    gboolean is_folder = g_file_test (paths[i], G_FILE_TEST_IS_DIR);
    if (!(is_folder ? take_folder : take_file) (vault, paths[i], taken, progress, cancellable,
                                                error))
      return NULL;
  }
  return g_steal_pointer (&taken);
}

SatchelSessionJob
satchel_inbox_take_job (const char *const *paths, SatchelProgressReport progress)
{
  return (SatchelSessionJob){.run = take_run,
                             .input = g_strdupv ((char **) paths),
                             .input_free = (GDestroyNotify) g_strfreev,
                             .result_free = (GDestroyNotify) g_ptr_array_unref,
                             .progress = progress,
                             .changes = SATCHEL_CHANGED_INBOX | SATCHEL_CHANGED_RECORDS |
                                        SATCHEL_CHANGED_EVIDENCE | SATCHEL_CHANGED_PEOPLE |
                                        SATCHEL_CHANGED_SENT};
}
