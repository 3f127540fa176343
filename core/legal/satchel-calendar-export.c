/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "legal/satchel-calendar-export.h"

#include <string.h>

#include "base/satchel-file.h"
#include "legal/satchel-calendar.h"
#include "legal/satchel-export-private.h"
#include "records/satchel-deadline.h"
#include "records/satchel-record.h"
#include "records/satchel-unshared.h"

#define FILE_NAME "satchel.ics"

/* A calendar while it is put together. */
typedef struct {
  SatchelVault *vault;
  const SatchelCalendarRequest *request;
  SatchelCalendar *calendar;
  GPtrArray *noted; /* of SatchelRecord: those that have an entry */
  guint timeless;
} Composing;

static void
composing_clear (Composing *self)
{
  satchel_calendar_free (self->calendar);
  g_clear_pointer (&self->noted, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Composing, composing_clear)

/* --- Composing --- */

/* NULL where nothing in somebody's own words is to be in it. */
static char *
dup_title (const SatchelCalendarRequest *request, const SatchelRecord *record)
{
  if (request->without_own_words)
    return NULL;
  const char *title = json_object_get_string_member_with_default (record->values, "title", "");

  return *title != '\0' ? g_strdup (title)
                        : satchel_fields_dup_summary (satchel_record_get_kind (record),
                                                      record->values, request->language);
}

static gboolean
add_entry (Composing *self,
           const SatchelRecord *record,
           const char *path,
           SatchelCalendarEntry *entry)
{
  g_autofree char *uid = g_strdup_printf ("satchel-%s-%s", record->id, path);

  entry->uid = uid;
  entry->sequence = record->revision - 1;
  entry->changed_us = record->changed_us;
  if (satchel_calendar_add (self->calendar, entry))
    return TRUE;
  self->timeless++;
  return FALSE;
}

/* What happened, by the kind's own time. */
static gboolean
add_record (Composing *self, const SatchelRecord *record, const char *title)
{
  const SatchelKind *kind = satchel_record_get_kind (record);
  const char *label = satchel_label_get (kind->label, self->request->language);
  g_autofree char *summary = g_strdup_printf ("%s: %s", label, title != NULL ? title : "");
  SatchelCalendarEntry entry = {.summary =
                                    title == NULL || g_str_equal (title, label) ? label : summary};

  if (!self->request->without_own_words)
    entry.location = satchel_fields_get_place (kind, record->values);

  satchel_fields_get_span (kind, record->values, &entry.from, &entry.to);
  return add_entry (self, record, "when", &entry);
}

static gboolean
is_done (GPtrArray *deadlines, const char *record_id, const char *path)
{
  for (guint i = 0; i < deadlines->len; i++) {
    const SatchelDeadline *deadline = deadlines->pdata[i];
    if (deadline->is_done && g_str_equal (deadline->record_id, record_id) &&
        g_str_equal (deadline->path, path))
      return TRUE;
  }
  return FALSE;
}

static gboolean
add_deadlines (Composing *self,
               const SatchelRecord *record,
               const char *title,
               GPtrArray *all_deadlines)
{
  const SatchelKind *kind = satchel_record_get_kind (record);
  g_autoptr (GPtrArray) deadlines =
      satchel_fields_list_deadlines (kind, record->values, self->request->language);
  gboolean has_one = FALSE;

  for (guint i = 0; i < deadlines->len; i++) {
    const SatchelFieldDeadline *deadline = deadlines->pdata[i];
    g_autofree char *labels =
        g_strdup_printf ("%s: %s", satchel_label_get (kind->label, self->request->language),
                         deadline->label);
    SatchelCalendarEntry entry = {.from = deadline->when,
                                  .summary = title != NULL ? deadline->what : labels,
                                  .description = title};
    if (!is_done (all_deadlines, record->id, deadline->path))
      has_one = add_entry (self, record, deadline->path, &entry) || has_one;
  }
  return has_one;
}

static gboolean
compose_record (Composing *self, const char *id, GPtrArray *all_deadlines, GError **error)
{
  g_autoptr (SatchelRecord) record = satchel_record_load (self->vault, id, error);

  if (record == NULL)
    return FALSE;
  g_autofree char *title = dup_title (self->request, record);
  gboolean has_entry = add_deadlines (self, record, title, all_deadlines);
  if (self->request->contents == SATCHEL_CALENDAR_CASE)
    has_entry = add_record (self, record, title) || has_entry;
  if (has_entry)
    g_ptr_array_add (self->noted, g_steal_pointer (&record));
  return TRUE;
}

/* Whole ids, each once. Of char *, owned. */
static GPtrArray *
list_named (SatchelVault *vault, const char *const *records, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; records[i] != NULL; i++) {
    g_autoptr (SatchelRecord) record = satchel_record_load (vault, records[i], error);
    if (record == NULL)
      return NULL;
    if (!g_ptr_array_find_with_equal_func (ids, record->id, g_str_equal, NULL))
      g_ptr_array_add (ids, g_steal_pointer (&record->id));
  }
  return g_steal_pointer (&ids);
}

/* Those that have a deadline, by the first of them. */
static GPtrArray *
list_due (GPtrArray *deadlines)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < deadlines->len; i++) {
    const SatchelDeadline *deadline = deadlines->pdata[i];
    if (g_hash_table_add (seen, deadline->record_id))
      g_ptr_array_add (ids, g_strdup (deadline->record_id));
  }
  return ids;
}

static gboolean
compose (Composing *self, GError **error)
{
  const char *const *records = self->request->records;
  g_autoptr (GPtrArray) deadlines =
      satchel_deadline_list (self->vault, G_MININT64, 0, self->request->language, error);
  g_autoptr (GPtrArray) ids = NULL;

  if (deadlines == NULL)
    return FALSE;
  ids = records != NULL ? list_named (self->vault, records, error) : list_due (deadlines);
  self->calendar = satchel_calendar_new ();
  self->noted = g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_record_free);
  for (guint i = 0; ids != NULL && i < ids->len; i++)
    if (!compose_record (self, ids->pdata[i], deadlines, error))
      return FALSE;
  return ids != NULL;
}

GPtrArray *
satchel_calendar_list_unshared (SatchelVault *vault,
                                const SatchelCalendarRequest *request,
                                GCancellable *cancellable,
                                GError **error)
{
  g_auto (Composing) composing = {.vault = vault, .request = request};
  g_autoptr (GPtrArray) all =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_unshared_free);

  if (!compose (&composing, error))
    return NULL;
  for (guint i = 0; i < composing.noted->len; i++) {
    const SatchelRecord *record = composing.noted->pdata[i];
    GPtrArray *found = g_cancellable_set_error_if_cancelled (cancellable, error)
                           ? NULL
                           : satchel_unshared_load (vault, record->id, error);
    if (found == NULL)
      return NULL;
    g_ptr_array_extend_and_steal (all, found);
  }
  return g_steal_pointer (&all);
}

/* --- Writing --- */

static gboolean
note_exported (Composing *self, GError **error)
{
  g_autoptr (SatchelTransaction) transaction =
      satchel_transaction_begin (satchel_vault_get_db (self->vault), error);

  if (transaction == NULL)
    return FALSE;
  for (guint i = 0; i < self->noted->len; i++) {
    const SatchelRecord *record = self->noted->pdata[i];
    if (!satchel_ledger_append (self->vault, SATCHEL_ACTION_EXPORTED, record->id, record->hash,
                                NULL, error))
      return FALSE;
  }
  return satchel_transaction_commit (transaction, error);
}

static gboolean
write_text (SatchelCalendar *calendar, const char *path, gboolean replace, GError **error)
{
  g_autofree char *text = satchel_calendar_dup_text (calendar);
  g_autoptr (SatchelNewFile) file = satchel_new_file_open_outside (path, error);

  return file != NULL &&
         satchel_sink_write (satchel_new_file_get_sink (file), (const guint8 *) text,
                             strlen (text), NULL, error) &&
         satchel_new_file_commit (file, replace, error);
}

static void
give_tally (const Composing *self, SatchelCalendarTally *tally)
{
  if (tally == NULL)
    return;
  tally->entries = satchel_calendar_get_count (self->calendar);
  tally->timeless = self->timeless;
}

gboolean
satchel_calendar_export (SatchelVault *vault,
                         const SatchelCalendarRequest *request,
                         const char *path,
                         gboolean replace,
                         SatchelCalendarTally *tally,
                         GError **error)
{
  g_auto (Composing) composing = {.vault = vault, .request = request};

  if (!compose (&composing, error) || !note_exported (&composing, error) ||
      !write_text (composing.calendar, path, replace, error))
    return FALSE;
  give_tally (&composing, tally);
  return TRUE;
}

gboolean
satchel_calendar_export_folder (SatchelVault *vault,
                                const SatchelCalendarRequest *request,
                                const char *folder,
                                SatchelCalendarTally *tally,
                                GError **error)
{
  g_auto (Composing) composing = {.vault = vault, .request = request};
  g_auto (SatchelExportFolder) made = {.vault = vault};

  if (!satchel_export_folder_is_free (folder, error) || !compose (&composing, error) ||
      !note_exported (&composing, error) || !satchel_export_folder_begin (&made, folder, error))
    return FALSE;
  g_autofree char *path = g_build_filename (made.root, FILE_NAME, NULL);
  if (!write_text (composing.calendar, path, FALSE, error) ||
      !satchel_export_folder_publish (&made, error))
    return FALSE;
  give_tally (&composing, tally);
  return TRUE;
}
