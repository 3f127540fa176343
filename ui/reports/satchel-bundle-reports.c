/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/satchel-bundle-reports.h"

#include <glib/gi18n.h>

#include "records/satchel-fields-view.h"
#include "records/satchel-records-error.h"
#include "shared/satchel-words.h"

void
satchel_bundle_report_free (SatchelBundleReport *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->title);
  g_free (self->kind);
  g_free (self->place);
  g_free (self);
}

SatchelBundleReport *
satchel_bundle_report_load (SatchelVault *vault, const char *id, GError **error)
{
  GError *local = NULL;
  g_autoptr (SatchelRecord) record = satchel_record_load (vault, id, &local);
  SatchelBundleReport *self;

  if (record == NULL &&
      !g_error_matches (local, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND)) {
    g_propagate_error (error, local);
    return NULL;
  }
  g_clear_error (&local);
  self = g_new0 (SatchelBundleReport, 1);
  if (record == NULL) {
    self->title = g_strdup (_ ("A report that was erased here"));
    return self;
  }
  const SatchelKind *kind = satchel_record_get_kind (record);
  self->id = g_strdup (record->id);
  self->title = satchel_words_title (kind, record->values);
  self->kind = g_strdup (satchel_label_get (kind->label, satchel_words_language ()));
  self->place = g_strdup (satchel_fields_get_place (kind, record->values));
  self->when_us = record->when_us;
  self->changed_us = record->changed_us;
  return self;
}

char *
satchel_bundle_report_dup_heading (const SatchelBundleReport *self, char **records)
{
  guint more = records != NULL ? g_strv_length (records) : 1;

  if (--more == 0)
    return g_strdup (self->title);
  /* Translators: title of a report, number of further ones. */
  return g_strdup_printf (ngettext ("%s and %u more", "%s and %u more", more), self->title, more);
}

GPtrArray *
satchel_bundle_reports_load (SatchelVault *vault, char **records, GError **error)
{
  g_autoptr (GPtrArray) reports =
      g_ptr_array_new_with_free_func ((GDestroyNotify) satchel_bundle_report_free);

  for (guint i = 0; records != NULL && records[i] != NULL; i++) {
    SatchelBundleReport *report = satchel_bundle_report_load (vault, records[i], error);
    if (report == NULL)
      return NULL;
    g_ptr_array_add (reports, report);
  }
  return g_steal_pointer (&reports);
}

static GtkWidget *
make_row (const SatchelBundleReport *report)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), report->title);
  if (report->id == NULL)
    return row;
  g_autofree char *when = satchel_words_moment (report->when_us);
  g_autofree char *subtitle = g_strdup_printf ("%s · %s", report->kind, when);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "record.open");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", report->id);
  return row;
}

void
satchel_bundle_reports_show (AdwPreferencesGroup *group, GPtrArray *reports)
{
  GPtrArray *rows = g_object_get_data (G_OBJECT (group), "reports");

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    adw_preferences_group_remove (group, rows->pdata[i]);
  rows = g_ptr_array_new (); /* borrowed: they are the group's */
  g_object_set_data_full (G_OBJECT (group), "reports", rows, (GDestroyNotify) g_ptr_array_unref);
  for (guint i = 0; i < reports->len; i++) {
    g_ptr_array_add (rows, make_row (reports->pdata[i]));
    adw_preferences_group_add (group, rows->pdata[i]);
  }
  gtk_widget_set_visible (GTK_WIDGET (group), reports->len > 0);
}
