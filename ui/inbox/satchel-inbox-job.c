/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/satchel-inbox-job.h"

#include <glib/gi18n.h>

#include "inbox/satchel-inbox-text.h"
#include "reports/satchel-bundle-reports.h"
#include "shared/satchel-words.h"
#include "sync/satchel-desk.h"

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
  g_autoptr (SatchelBundleReport) first = NULL;

  if (entry->records[0] == NULL)
    return g_strdup (entry->outcome == SATCHEL_INBOX_ASIDE ? satchel_inbox_text_verdict (entry)
                                                           : _ ("Introduction"));
  first = satchel_bundle_report_load (vault, entry->records[0], error);
  return first != NULL ? satchel_bundle_report_dup_heading (first, entry->records) : NULL;
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

static gboolean
ask (SatchelVault *vault,
     const char *question,
     GArray **rows,
     GPtrArray *lines,
     GCancellable *cancellable,
     GError **error)
{
  const SatchelDeskFilter all = {.view = SATCHEL_DESK_ALL};

  *rows = satchel_desk_list_rows (vault, &all, error);
  return *rows != NULL;
}

/* A row that something else took the place of is none to speak of. */
static SatchelRecordLine *
load_line (SatchelVault *vault, gint64 row, GError **error)
{
  GError *local = NULL;
  g_autoptr (SatchelInboxEntry) entry = satchel_inbox_load_row (vault, row, &local);

  if (entry != NULL)
    return make_line (vault, entry, error);
  if (g_error_matches (local, SATCHEL_SYNC_ERROR, SATCHEL_SYNC_ERROR_NOT_FOUND))
    g_error_free (local);
  else
    g_propagate_error (error, local);
  return NULL;
}

const SatchelLineSource satchel_inbox_source = {
    .ask = ask,
    .load = load_line,
    .asks_after = SATCHEL_CHANGED_INBOX,
    .loads_after = SATCHEL_CHANGED_PEOPLE | SATCHEL_CHANGED_RECORDS,
};

/* --- One --- */

static gpointer
load_run (SatchelVault *vault,
          gpointer input,
          SatchelProgressReport progress,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr (SatchelInboxBundle) bundle = g_new0 (SatchelInboxBundle, 1);

  bundle->entry = satchel_inbox_find (vault, input, error);
  if (bundle->entry == NULL || !load_sender (vault, bundle->entry, &bundle->contact, error))
    return NULL;
  bundle->reports = satchel_bundle_reports_load (vault, bundle->entry->records, error);
  return bundle->reports != NULL ? g_steal_pointer (&bundle) : NULL;
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
