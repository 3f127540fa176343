/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cases/satchel-case-page.h"

#include <glib/gi18n.h>

#include "calendar/satchel-calendar-saver.h"
#include "cases/satchel-case-job.h"
#include "cases/satchel-timeline.h"
#include "picker/satchel-record-picker.h"
#include "shared/satchel-error-text.h"
#include "shared/satchel-widget.h"
#include "shell/satchel-pane.h"
#include "window/satchel-window.h"

#define ZOOM_STEP 1.5

struct _SatchelCasePage {
  AdwBin parent_instance;

  /* Template children */
  SatchelPane *pane;
  GtkStack *states;
  AdwStatusPage *failed;
  GtkLabel *range;
  SatchelTimeline *timeline;
  AdwBin *records;

  /* Owned */
  SatchelSession *session;
  char *member_id;       /* a record that is in the case as far as is known */
  SatchelCaseView *view; /* NULL before it is loaded */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelCasePage, satchel_case_page, ADW_TYPE_BIN)
// clang-format on

static void load (SatchelCasePage *self);

/* --- Taking out --- */

static void
restored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelCasePage) self = user_data;
  g_autoptr (GError) error = NULL;

  satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);
  satchel_window_say_error (GTK_WIDGET (self), error);
}

static void
undo_cb (SatchelCasePage *self, AdwToast *toast)
{
  SatchelSessionJob job =
      satchel_case_restore_job (g_object_get_data (G_OBJECT (toast), "ties"));

  if (self->session != NULL)
    satchel_session_run_async (self->session, &job, NULL, restored_cb, g_object_ref (self));
  else
    job.input_free (job.input);
}

static void
removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelCasePage) self = user_data;
  g_autoptr (GError) error = NULL;
  GPtrArray *ties = satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (ties == NULL) {
    satchel_window_say_error (GTK_WIDGET (self), error);
    return;
  }
  AdwToast *toast =
      satchel_window_offer (GTK_WIDGET (self), _ ("Taken out of the case; the report is kept"),
                            _ ("_Undo"), G_CALLBACK (undo_cb), G_OBJECT (self));
  /* Ids alone: nothing of a report outlives a lock in a toast. */
  g_object_set_data_full (G_OBJECT (toast), "ties", ties, (GDestroyNotify) g_ptr_array_unref);
}

/* The page stays with those that are left. */
static void
leave_record (SatchelCasePage *self, const char *id)
{
  for (guint i = 0; i < self->view->records->len; i++) {
    const SatchelCaseRecord *record = self->view->records->pdata[i];
    if (g_str_equal (record->id, id))
      continue;
    g_free (self->member_id);
    self->member_id = g_strdup (record->id);
    return;
  }
}

static void
remove_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelCasePage *self = SATCHEL_CASE_PAGE (widget);
  const char *id = g_variant_get_string (parameter, NULL);
  SatchelSessionJob job = satchel_case_remove_job (id);

  if (g_str_equal (id, self->member_id))
    leave_record (self, id);
  satchel_session_run_async (self->session, &job, NULL, removed_cb, g_object_ref (self));
}

/* --- Adding --- */

static void
added_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelCasePage) self = user_data;
  g_autoptr (GError) error = NULL;

  satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);
  if (g_error_matches (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_FINAL))
    satchel_window_say (GTK_WIDGET (self),
                        _ ("All of these reports are sealed, and stay as they are. Write a note "
                           "and link it to them."));
  else
    satchel_window_say_error (GTK_WIDGET (self), error);
}

static void
picked_cb (SatchelCasePage *self, const char *id)
{
  SatchelSessionJob job = satchel_case_add_job (self->member_id, id);

  satchel_session_run_async (self->session, &job, NULL, added_cb, g_object_ref (self));
}

static void
add_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelCasePage *self = SATCHEL_CASE_PAGE (widget);
  SatchelRecordPicker *picker = satchel_record_picker_present (widget, self->session);

  g_signal_connect_object (picker, "picked", G_CALLBACK (picked_cb), self, G_CONNECT_SWAPPED);
}

static void
export_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelCasePage *self = SATCHEL_CASE_PAGE (widget);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < self->view->records->len; i++)
    g_strv_builder_add (builder, ((SatchelCaseRecord *) self->view->records->pdata[i])->id);
  g_auto (GStrv) ids = g_strv_builder_end (builder);
  satchel_calendar_saver_start (widget, self->session, (const char *const *) ids,
                                SATCHEL_CALENDAR_CASE, _ ("case.ics"));
}

/* --- Showing --- */

static GtkWidget *
make_remove (const SatchelCaseRecord *record)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("list-remove-symbolic");
  /* Translators: %s is what a report is called. */
  g_autofree char *name = g_strdup_printf (_ ("Take out of the case: %s"), record->title);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, _ ("Take out of the case; the report is kept"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "case.remove");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", record->id);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
  return button;
}

static GtkWidget *
make_row (const SatchelCaseRecord *record)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), record->title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), record->subtitle);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 2);
  adw_action_row_set_icon_name (ADW_ACTION_ROW (row), record->icon);
  if (record->can_remove)
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), make_remove (record));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "record.open");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", record->id);
  return row;
}

static void
show_records (SatchelCasePage *self)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

  adw_preferences_group_set_title (group, _ ("Reports of this case"));
  for (guint i = 0; i < self->view->records->len; i++)
    adw_preferences_group_add (group, make_row (self->view->records->pdata[i]));
  adw_bin_set_child (self->records, GTK_WIDGET (group));
}

static void
view_changed_cb (SatchelCasePage *self)
{
  g_autofree char *range = satchel_timeline_dup_range (self->timeline);

  gtk_label_set_label (self->range, range != NULL ? range : "");
}

static void
show (SatchelCasePage *self)
{
  guint count = self->view->records->len;
  g_autofree char *subtitle = g_strdup_printf (ngettext ("%u report", "%u reports", count), count);

  satchel_pane_set_title (self->pane, self->view->title);
  satchel_pane_set_subtitle (self->pane, subtitle);
  satchel_timeline_set_items (self->timeline, self->view->items);
  show_records (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "case.add", TRUE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "case.export", TRUE);
  gtk_stack_set_visible_child_name (self->states, "case");
}

static void
fail (SatchelCasePage *self, const GError *error)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "case.add", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "case.export", FALSE);
  satchel_widget_explain (self->failed, error);
  gtk_stack_set_visible_child_name (self->states, "failed");
}

/* The record by which the case was known was erased: another one of it may be there. */
static gboolean
try_another (SatchelCasePage *self, const GError *error)
{
  g_autofree char *gone = g_strdup (self->member_id);

  if (self->view == NULL ||
      !g_error_matches (error, SATCHEL_RECORDS_ERROR, SATCHEL_RECORDS_ERROR_NOT_FOUND))
    return FALSE;
  for (guint i = self->view->records->len; i-- > 0;) {
    const SatchelCaseRecord *record = self->view->records->pdata[i];
    if (g_str_equal (record->id, gone))
      g_ptr_array_remove_index (self->view->records, i);
  }
  leave_record (self, gone);
  if (g_str_equal (self->member_id, gone))
    return FALSE;
  load (self);
  return TRUE;
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelCasePage) self = user_data;
  g_autoptr (GError) error = NULL;
  SatchelCaseView *view = satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (self->session == NULL) {
    satchel_case_view_free (view);
  } else if (view != NULL) {
    g_clear_pointer (&self->view, satchel_case_view_free);
    self->view = view;
    show (self);
  } else if (!satchel_error_text_is_silent (error) && !try_another (self, error)) {
    fail (self, error);
  }
}

static void
load (SatchelCasePage *self)
{
  SatchelSessionJob job = satchel_case_load_job (self->member_id);

  satchel_session_run_async (self->session, &job, NULL, loaded_cb, g_object_ref (self));
}

static void
changed_cb (SatchelCasePage *self, SatchelChanges changes)
{
  if ((changes & SATCHEL_CHANGED_RECORDS) != 0)
    load (self);
}

static void
zoom_in_cb (SatchelCasePage *self)
{
  satchel_timeline_zoom (self->timeline, ZOOM_STEP);
}

static void
zoom_out_cb (SatchelCasePage *self)
{
  satchel_timeline_zoom (self->timeline, 1 / ZOOM_STEP);
}

static void
zoom_fit_cb (SatchelCasePage *self)
{
  satchel_timeline_fit (self->timeline);
}

/* --- The widget --- */

static void
satchel_case_page_dispose (GObject *object)
{
  g_clear_object (&SATCHEL_CASE_PAGE (object)->session);
  G_OBJECT_CLASS (satchel_case_page_parent_class)->dispose (object);
}

static void
satchel_case_page_finalize (GObject *object)
{
  SatchelCasePage *self = SATCHEL_CASE_PAGE (object);

  g_free (self->member_id);
  satchel_case_view_free (self->view);
  G_OBJECT_CLASS (satchel_case_page_parent_class)->finalize (object);
}

static void
satchel_case_page_class_init (SatchelCasePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SATCHEL_TYPE_PANE);
  g_type_ensure (SATCHEL_TYPE_TIMELINE);
  G_OBJECT_CLASS (klass)->dispose = satchel_case_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = satchel_case_page_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/satchel/Satchel/cases/satchel-case-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelCasePage, pane);
  gtk_widget_class_bind_template_child (widget_class, SatchelCasePage, states);
  gtk_widget_class_bind_template_child (widget_class, SatchelCasePage, failed);
  gtk_widget_class_bind_template_child (widget_class, SatchelCasePage, range);
  gtk_widget_class_bind_template_child (widget_class, SatchelCasePage, timeline);
  gtk_widget_class_bind_template_child (widget_class, SatchelCasePage, records);
  gtk_widget_class_bind_template_callback (widget_class, view_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, zoom_in_cb);
  gtk_widget_class_bind_template_callback (widget_class, zoom_out_cb);
  gtk_widget_class_bind_template_callback (widget_class, zoom_fit_cb);
  gtk_widget_class_install_action (widget_class, "case.add", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "case.remove", "s", remove_action);
  gtk_widget_class_install_action (widget_class, "case.export", NULL, export_action);
}

static void
satchel_case_page_init (SatchelCasePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "case.add", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "case.export", FALSE);
}

GtkWidget *
satchel_case_page_new (SatchelSession *session, const char *record_id)
{
  SatchelCasePage *self = g_object_new (SATCHEL_TYPE_CASE_PAGE, NULL);

  self->session = g_object_ref (session);
  self->member_id = g_strdup (record_id);
  g_signal_connect_object (session, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  load (self);
  return GTK_WIDGET (self);
}
