/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/satchel-inbox-job.h"

#include <glib/gi18n.h>

#include "base/satchel-error.h"
#include "base/satchel-text.h"
#include "inbox/satchel-desk-text.h"
#include "inbox/satchel-inbox-text.h"
#include "people/satchel-people-words.h"
#include "reports/satchel-bundle-reports.h"
#include "shared/satchel-words.h"

#define PLACE_BYTES_MAX 200

void
satchel_inbox_bundle_free (SatchelInboxBundle *self)
{
  if (self == NULL)
    return;
  satchel_inbox_entry_free (self->entry);
  satchel_contact_free (self->contact);
  g_clear_pointer (&self->reports, g_ptr_array_unref);
  satchel_desk_free (self->desk);
  satchel_desk_choices_free (self->choices);
  g_clear_pointer (&self->notes, g_ptr_array_unref);
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
dup_title (const SatchelInboxEntry *entry, const SatchelBundleReport *first)
{
  if (first != NULL)
    return satchel_bundle_report_dup_heading (first, entry->records);
  return g_strdup (entry->outcome == SATCHEL_INBOX_ASIDE ? satchel_inbox_text_verdict (entry)
                                                         : _ ("Introduction"));
}

/* "Police visit · 2 attachments · Sadovaya 4"; NULL where there is nothing to say. */
static char *
dup_contents (const SatchelInboxEntry *entry, const SatchelBundleReport *first)
{
  g_autofree char *items = satchel_inbox_text_dup_items (entry);
  g_autofree char *place = first != NULL && first->place != NULL
                               ? satchel_text_for_display (first->place, PLACE_BYTES_MAX)
                               : NULL;
  const char *parts[] = {first != NULL ? first->kind : NULL, items, place};
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i] != NULL && *parts[i] != '\0')
      g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", parts[i]);
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

/* "Anna · today, 14:05". */
static char *
dup_sender (const SatchelInboxEntry *entry, const SatchelContact *contact)
{
  g_autofree char *name = contact != NULL ? satchel_people_dup_name (contact->name)
                                          : satchel_inbox_text_dup_sender (entry, NULL);
  g_autofree char *moment = satchel_words_moment (entry->received_unix_us);
  g_autofree char *line = g_strdup_printf ("%s · %s", name, moment);

  return satchel_words_our_way (line);
}

/* One line a subject, under the title, and none so long that a narrow screen cut it. */
static char *
dup_subtitle (const SatchelInboxEntry *entry,
              const SatchelContact *contact,
              const SatchelBundleReport *first,
              const char *work)
{
  g_autofree char *sender = dup_sender (entry, contact);
  g_autofree char *contents = dup_contents (entry, first);
  g_autofree char *missing = satchel_inbox_text_dup_short_missing (entry);
  const char *known = contact != NULL ? satchel_people_state_words (contact) : NULL;
  const char *lines[] = {known, contents, missing, work};
  GString *text = g_string_new (sender);

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    if (lines[i] != NULL)
      g_string_append_printf (text, "\n%s", lines[i]);
  return g_string_free (text, FALSE);
}

static gboolean
load_work (SatchelVault *vault, const SatchelDesk *desk, char **work, GError **error)
{
  GError *local = NULL;
  g_autoptr (SatchelContact) assignee =
      desk->assignee != NULL ? satchel_contact_find (vault, desk->assignee, &local) : NULL;
  g_autofree char *name =
      assignee != NULL ? satchel_text_for_display (assignee->name, SATCHEL_CARD_NAME_MAX) : NULL;

  if (local != NULL) {
    g_propagate_error (error, local);
    return FALSE;
  }
  *work = satchel_desk_text_dup_work (desk, name);
  return TRUE;
}

static SatchelRecordLine *
make_line (SatchelVault *vault, const SatchelInboxEntry *entry, GError **error)
{
  g_autoptr (SatchelContact) contact = NULL;
  g_autoptr (SatchelBundleReport) first = NULL;
  g_autoptr (SatchelDesk) desk = satchel_desk_load (vault, entry->id, error);
  g_autofree char *work = NULL;

  if (desk == NULL || !load_work (vault, desk, &work, error) ||
      !load_sender (vault, entry, &contact, error) ||
      (entry->records[0] != NULL &&
       (first = satchel_bundle_report_load (vault, entry->records[0], error)) == NULL))
    return NULL;
  SatchelRecordLine *line = g_new0 (SatchelRecordLine, 1);
  line->id = g_strdup (entry->id);
  line->title = dup_title (entry, first);
  line->icon = g_strdup (satchel_inbox_text_icon (entry));
  line->subtitle = dup_subtitle (entry, contact, first, work);
  line->is_marked = !desk->is_read;
  line->spoken = g_strdup_printf ("%s%s. %s", desk->is_read ? "" : _ ("Unread. "),
                                  satchel_inbox_text_verdict (entry), line->subtitle);
  line->markup = g_markup_printf_escaped (desk->is_read ? "%s" : "<b>%s</b>", line->title);
  return line;
}

static GArray *
ask (SatchelVault *vault,
     const char *question,
     guint limit,
     GHashTable **snippets,
     GError **error)
{
  SatchelDeskFilter filter;

  satchel_desk_text_parse_question (question, &filter);
  return satchel_desk_list_rows (vault, &filter, error);
}

/* A row that something else took the place of is none to speak of. */
static SatchelRecordLine *
load_line (SatchelVault *vault, gint64 row, const char *snippet, GError **error)
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
    .asks_after = SATCHEL_CHANGED_INBOX | SATCHEL_CHANGED_DESK,
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
  if (bundle->reports == NULL)
    return NULL;
  if ((bundle->desk = satchel_desk_load (vault, bundle->entry->id, error)) == NULL ||
      (bundle->choices = satchel_desk_choices_load (vault, error)) == NULL ||
      (bundle->notes = satchel_desk_list_notes (vault, bundle->entry->id, error)) == NULL)
    return NULL;
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

void
satchel_inbox_taken_free (SatchelInboxTaken *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->entries);
  g_clear_error (&self->error);
  g_free (self);
}

/* The file's own fault, or its disk's: not the bundle's, nor the vault's. */
static gboolean
is_no_fault_of_it (const GError *error)
{
  return g_error_matches (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_IO) ||
         g_error_matches (error, SATCHEL_BASE_ERROR, SATCHEL_BASE_ERROR_NOT_FOUND);
}

/* As the core tells of such a one in a folder: nothing of it is kept. */
static SatchelInboxEntry *
unread_new (const char *path)
{
  SatchelInboxEntry *entry = g_new0 (SatchelInboxEntry, 1);

  entry->is_unreadable = TRUE;
  entry->outcome = SATCHEL_INBOX_ASIDE;
  entry->name = g_path_get_basename (path);
  entry->records = g_new0 (char *, 1);
  return entry;
}

/* An introduction lets in what its sender had sent before it. */
static gboolean
take_file (SatchelVault *vault,
           const char *path,
           GPtrArray *taken,
           SatchelProgressReport progress,
           GCancellable *cancellable,
           GError **error)
{
  GError *local = NULL;
  SatchelInboxEntry *entry = satchel_inbox_open_file (vault, path, progress, cancellable, &local);

  /* One that cannot be read is no reason not to take in the others. */
  if (is_no_fault_of_it (local)) {
    g_ptr_array_add (taken, unread_new (path));
    g_error_free (local);
    return TRUE;
  }
  if (entry == NULL) {
    g_propagate_error (error, local);
    return FALSE;
  }
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
  SatchelInboxTaken *taken = g_new0 (SatchelInboxTaken, 1);

  taken->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_inbox_entry_free);
  for (guint i = 0; paths[i] != NULL && taken->error == NULL; i++) {
    gboolean is_folder = g_file_test (paths[i], G_FILE_TEST_IS_DIR);
    if ((is_folder ? take_folder : take_file) (vault, paths[i], taken->entries, progress,
                                               cancellable, &taken->error))
      taken->done++;
    if (taken->error == NULL && paths[i + 1] != NULL)
      g_cancellable_set_error_if_cancelled (cancellable, &taken->error);
  }
  return taken;
}

SatchelSessionJob
satchel_inbox_take_job (const char *const *paths, SatchelProgressReport progress)
{
  return (SatchelSessionJob){.run = take_run,
                             .input = g_strdupv ((char **) paths),
                             .input_free = (GDestroyNotify) g_strfreev,
                             .result_free = (GDestroyNotify) satchel_inbox_taken_free,
                             .progress = progress,
                             .changes = SATCHEL_CHANGED_INBOX | SATCHEL_CHANGED_RECORDS |
                                        SATCHEL_CHANGED_EVIDENCE | SATCHEL_CHANGED_PEOPLE |
                                        SATCHEL_CHANGED_SENT};
}
