/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cases/satchel-case-overview.h"

#include <glib/gi18n.h>

#include "cases/satchel-case-job.h"
#include "cases/satchel-case-page.h"
#include "picker/satchel-record-picker.h"
#include "reports/satchel-record-item.h"
#include "reports/satchel-record-row.h"
#include "shared/satchel-error-text.h"
#include "shared/satchel-widget.h"
#include "shell/satchel-pane.h"
#include "shell/satchel-section.h"
#include "shell/satchel-shell.h"
#include "window/satchel-window.h"

struct _SatchelCaseOverview {
  AdwBin parent_instance;

  /* Template children */
  GtkStack *states;
  AdwStatusPage *failed;
  GtkListView *list;

  /* Owned */
  SatchelSession *session;
  GListStore *items;  /* of SatchelRecordItem */
  char *name;         /* of a case that is being made; NULL for none */
  GtkWindow *naming;  /* borrowed; NULL unless it is open: it goes when the vault is locked */
  GtkEditable *entry; /* borrowed, of it */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelCaseOverview, satchel_case_overview, ADW_TYPE_BIN)
// clang-format on

/* --- A new case --- */

static void
created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelCaseOverview) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (id == NULL)
    satchel_window_say_error (GTK_WIDGET (self), error);
  else if (self->session != NULL && gtk_widget_get_root (GTK_WIDGET (self)) != NULL)
    satchel_shell_present (GTK_WIDGET (self), satchel_case_page_new (self->session, id));
}

static void
picked_cb (SatchelCaseOverview *self, const char *record_id)
{
  g_autofree char *name = g_steal_pointer (&self->name);

  if (name == NULL || self->session == NULL)
    return;
  SatchelSessionJob job = satchel_case_create_job (name, record_id);
  satchel_session_run_async (self->session, &job, NULL, created_cb, g_object_ref (self));
}

static void
named_cb (SatchelCaseOverview *self, const char *response)
{
  g_autofree char *name = g_strdup (gtk_editable_get_text (self->entry));

  self->naming = NULL;
  self->entry = NULL;
  g_strstrip (name);
  if (!g_str_equal (response, "next") || *name == '\0')
    return;
  g_free (self->name);
  self->name = g_steal_pointer (&name);
  SatchelRecordPicker *picker =
      satchel_record_picker_present (GTK_WIDGET (self), self->session);
  g_signal_connect_object (picker, "picked", G_CALLBACK (picked_cb), self, G_CONNECT_SWAPPED);
}

static void
name_changed_cb (AdwMessageDialog *dialog, GtkEditable *entry)
{
  g_autofree char *name = g_strdup (gtk_editable_get_text (entry));

  adw_message_dialog_set_response_enabled (dialog, "next", *g_strstrip (name) != '\0');
}

static void
name_entered_cb (AdwMessageDialog *dialog)
{
  if (adw_message_dialog_get_response_enabled (dialog, "next"))
    adw_message_dialog_response (dialog, "next");
}

static GtkWidget *
make_name_entry (SatchelCaseOverview *self, AdwMessageDialog *dialog)
{
  GtkWidget *entry = gtk_entry_new ();

  gtk_entry_set_input_purpose (GTK_ENTRY (entry), GTK_INPUT_PURPOSE_FREE_FORM);
  gtk_entry_set_input_hints (GTK_ENTRY (entry), GTK_INPUT_HINT_PRIVATE);
  gtk_entry_set_max_length (GTK_ENTRY (entry), 200);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Name of the case"), -1);
  g_signal_connect_object (entry, "changed", G_CALLBACK (name_changed_cb), dialog,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (entry, "activate", G_CALLBACK (name_entered_cb), dialog,
                           G_CONNECT_SWAPPED);
  self->entry = GTK_EDITABLE (entry);
  return entry;
}

static void
new_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SatchelCaseOverview *self = SATCHEL_CASE_OVERVIEW (widget);
  GtkWidget *dialog = adw_message_dialog_new (
      GTK_WINDOW (gtk_widget_get_root (widget)), _ ("What is the case called?"),
      _ ("Its name becomes a note that ties the reports together. Next you choose the first of "
         "them."));
  AdwMessageDialog *message = ADW_MESSAGE_DIALOG (dialog);

  adw_message_dialog_add_response (message, "cancel", _ ("_Cancel"));
  adw_message_dialog_add_response (message, "next", _ ("Choose a _Report…"));
  adw_message_dialog_set_response_appearance (message, "next", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_response_enabled (message, "next", FALSE);
  adw_message_dialog_set_default_response (message, "next");
  adw_message_dialog_set_close_response (message, "cancel");
  adw_message_dialog_set_extra_child (message, make_name_entry (self, message));
  self->naming = GTK_WINDOW (dialog);
  g_signal_connect_object (dialog, "response", G_CALLBACK (named_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- The list --- */

static void
show (SatchelCaseOverview *self, GPtrArray *lines)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < lines->len; i++) {
    SatchelRecordItem *item = satchel_record_item_new ();
    satchel_record_item_fill (item, lines->pdata[i]);
    g_ptr_array_add (items, item);
  }
  g_list_store_splice (self->items, 0, g_list_model_get_n_items (G_LIST_MODEL (self->items)),
                       items->pdata, items->len);
  gtk_stack_set_visible_child_name (self->states, lines->len > 0 ? "list" : "empty");
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelCaseOverview) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lines =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (self->session == NULL || (lines == NULL && satchel_error_text_is_silent (error)))
    return;
  if (lines != NULL) {
    show (self, lines);
    return;
  }
  satchel_widget_explain (self->failed, error);
  gtk_stack_set_visible_child_name (self->states, "failed");
}

static void
load (SatchelCaseOverview *self)
{
  SatchelSessionJob job = satchel_case_list_job ();

  satchel_session_run_async (self->session, &job, NULL, listed_cb, g_object_ref (self));
}

static void
changed_cb (SatchelCaseOverview *self, SatchelChanges changes)
{
  if ((changes & SATCHEL_CHANGED_RECORDS) != 0)
    load (self);
}

static void
activate_cb (SatchelCaseOverview *self, guint position)
{
  g_autoptr (SatchelRecordItem) item =
      g_list_model_get_item (G_LIST_MODEL (self->items), position);

  if (item != NULL)
    satchel_shell_present (
        GTK_WIDGET (self),
        satchel_case_page_new (self->session, satchel_record_item_get_id (item)));
}

/* --- The widget --- */

static void
satchel_case_overview_dispose (GObject *object)
{
  SatchelCaseOverview *self = SATCHEL_CASE_OVERVIEW (object);

  /* What is typed in it is nobody's business once the vault is locked. */
  if (self->naming != NULL)
    gtk_window_destroy (self->naming);
  self->naming = NULL;
  g_clear_object (&self->session);
  G_OBJECT_CLASS (satchel_case_overview_parent_class)->dispose (object);
}

static void
satchel_case_overview_finalize (GObject *object)
{
  SatchelCaseOverview *self = SATCHEL_CASE_OVERVIEW (object);

  g_object_unref (self->items);
  g_free (self->name);
  G_OBJECT_CLASS (satchel_case_overview_parent_class)->finalize (object);
}

static void
satchel_case_overview_class_init (SatchelCaseOverviewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SATCHEL_TYPE_PANE);
  G_OBJECT_CLASS (klass)->dispose = satchel_case_overview_dispose;
  G_OBJECT_CLASS (klass)->finalize = satchel_case_overview_finalize;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/cases/satchel-case-overview.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelCaseOverview, states);
  gtk_widget_class_bind_template_child (widget_class, SatchelCaseOverview, failed);
  gtk_widget_class_bind_template_child (widget_class, SatchelCaseOverview, list);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_install_action (widget_class, "cases.new", NULL, new_action);
}

static void
satchel_case_overview_init (SatchelCaseOverview *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->items = g_list_store_new (SATCHEL_TYPE_RECORD_ITEM);
  GtkNoSelection *selection = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->items)));
  satchel_record_row_set_up (self->list);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  g_object_unref (selection);
}

GtkWidget *
satchel_case_overview_new (SatchelSession *session)
{
  SatchelCaseOverview *self = g_object_new (SATCHEL_TYPE_CASE_OVERVIEW, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  load (self);
  return GTK_WIDGET (self);
}

const SatchelSection satchel_section_cases = {
    .id = "cases",
    .title = N_ ("Cases"),
    .icon = "view-list-bullet-symbolic",
    .roles = SATCHEL_SECTION_ALL_ROLES,
    .make = satchel_case_overview_new,
};
