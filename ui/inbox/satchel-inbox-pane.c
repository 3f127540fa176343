/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/satchel-inbox-pane.h"

#include <glib/gi18n.h>

#include "inbox/satchel-inbox-job.h"
#include "inbox/satchel-inbox-page.h"
#include "inbox/satchel-inbox-text.h"
#include "reports/satchel-record-lines.h"
#include "shared/satchel-list-row.h"
#include "shared/satchel-widget.h"
#include "shell/satchel-pane.h"
#include "shell/satchel-section.h"
#include "shell/satchel-shell.h"
#include "window/satchel-window.h"

struct _SatchelInboxPane {
  AdwBin parent_instance;

  /* Template children */
  GtkStack *states;
  GtkListView *list;
  GtkWidget *working;
  GtkProgressBar *progress;

  /* Owned */
  SatchelSession *session;
  GListStore *items;             /* of SatchelRecordItem */
  GtkFileChooserNative *chooser; /* while it is open */
  GCancellable *stop;            /* while something is taken in */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelInboxPane, satchel_inbox_pane, ADW_TYPE_BIN)
// clang-format on

/* --- Showing --- */

static void
show_working (SatchelInboxPane *self, gboolean is_working)
{
  gtk_widget_set_visible (self->working, is_working);
  gtk_progress_bar_set_fraction (self->progress, 0);
  if (!is_working)
    g_clear_object (&self->stop);
}

static void
show (SatchelInboxPane *self, GPtrArray *lines)
{
  satchel_record_lines_show (lines, self->items);
  gtk_stack_set_visible_child_name (self->states, lines->len > 0 ? "list" : "empty");
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelInboxPane) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lines =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (self->session == NULL)
    return;
  if (lines != NULL)
    show (self, lines);
  else
    satchel_window_say_error (GTK_WIDGET (self), error);
}

static void
load (SatchelInboxPane *self)
{
  SatchelSessionJob job = satchel_inbox_lines_job ();

  satchel_session_run_async (self->session, &job, NULL, listed_cb, g_object_ref (self));
}

static void
changed_cb (SatchelInboxPane *self, SatchelChanges changes)
{
  if ((changes & (SATCHEL_CHANGED_INBOX | SATCHEL_CHANGED_PEOPLE | SATCHEL_CHANGED_RECORDS)) != 0)
    load (self);
}

static void
activate_cb (SatchelInboxPane *self, guint position)
{
  g_autoptr (SatchelRecordItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), position);

  if (item != NULL)
    satchel_shell_present (
        GTK_WIDGET (self),
        satchel_inbox_page_new (self->session, satchel_record_item_get_id (item)));
}

/* --- By hand: a file, or all of a stick or folder --- */

static void
taken_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelInboxPane) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) taken =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (self->session == NULL)
    return;
  show_working (self, FALSE);
  if (taken == NULL) {
    satchel_window_say_error (GTK_WIDGET (self), error);
    return;
  }
  g_autofree char *text = satchel_inbox_text_dup_taken (taken);
  satchel_window_say (GTK_WIDGET (self), text);
}

static void
progress_cb (guint64 done_bytes, guint64 total_bytes, gpointer user_data)
{
  SatchelInboxPane *self = user_data;

  if (total_bytes > 0)
    gtk_progress_bar_set_fraction (self->progress, (double) done_bytes / (double) total_bytes);
}

static void
take (SatchelInboxPane *self, GtkFileChooser *chooser)
{
  g_autoptr (GListModel) files = gtk_file_chooser_get_files (chooser);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < g_list_model_get_n_items (files); i++) {
    g_autoptr (GFile) file = g_list_model_get_item (files, i);
    g_autofree char *path = g_file_get_path (file);
    if (path != NULL)
      g_strv_builder_add (builder, path);
  }
  g_auto (GStrv) paths = g_strv_builder_end (builder);
  SatchelSessionJob job = satchel_inbox_take_job ((const char *const *) paths,
                                                  (SatchelProgressReport){progress_cb, self});
  self->stop = g_cancellable_new ();
  show_working (self, TRUE);
  satchel_session_run_async (self->session, &job, self->stop, taken_cb, g_object_ref (self));
}

static void
chosen_cb (SatchelInboxPane *self, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);

  if (response == GTK_RESPONSE_ACCEPT)
    take (self, GTK_FILE_CHOOSER (chooser));
}

static void
choose (SatchelInboxPane *self, const char *title, GtkFileChooserAction action)
{
  if (self->chooser != NULL || self->stop != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (
      title, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), action, _ ("_Open"),
      _ ("_Cancel"));
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (self->chooser), TRUE);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
open_files_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  choose (SATCHEL_INBOX_PANE (widget), _ ("Open Sealed Bundles"), GTK_FILE_CHOOSER_ACTION_OPEN);
}

static void
open_folder_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  choose (SATCHEL_INBOX_PANE (widget), _ ("Open All Bundles of a Folder"),
          GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER);
}

static void
stop_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_cancellable_cancel (SATCHEL_INBOX_PANE (widget)->stop);
}

/* --- The widget --- */

static void
satchel_inbox_pane_dispose (GObject *object)
{
  SatchelInboxPane *self = SATCHEL_INBOX_PANE (object);

  g_clear_object (&self->session);
  g_clear_object (&self->chooser);
  g_clear_object (&self->items);
  g_clear_object (&self->stop);
  G_OBJECT_CLASS (satchel_inbox_pane_parent_class)->dispose (object);
}

static void
satchel_inbox_pane_class_init (SatchelInboxPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SATCHEL_TYPE_PANE);
  g_type_ensure (SATCHEL_TYPE_RECORD_ITEM);
  g_type_ensure (SATCHEL_TYPE_LIST_ROW);
  G_OBJECT_CLASS (klass)->dispose = satchel_inbox_pane_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/inbox/satchel-inbox-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelInboxPane, states);
  gtk_widget_class_bind_template_child (widget_class, SatchelInboxPane, list);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_child (widget_class, SatchelInboxPane, working);
  gtk_widget_class_bind_template_child (widget_class, SatchelInboxPane, progress);
  gtk_widget_class_install_action (widget_class, "inbox.open-files", NULL, open_files_action);
  gtk_widget_class_install_action (widget_class, "inbox.open-folder", NULL, open_folder_action);
  gtk_widget_class_install_action (widget_class, "inbox.stop", NULL, stop_action);
}

static void
satchel_inbox_pane_init (SatchelInboxPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->items = g_list_store_new (SATCHEL_TYPE_RECORD_ITEM);
}

GtkWidget *
satchel_inbox_pane_new (SatchelSession *session)
{
  SatchelInboxPane *self = g_object_new (SATCHEL_TYPE_INBOX_PANE, NULL);
  GtkNoSelection *selection = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->items)));

  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  g_object_unref (selection);
  satchel_widget_leave_by_tab (GTK_WIDGET (self->list));
  self->session = g_object_ref (session);
  g_signal_connect_object (session, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  load (self);
  return GTK_WIDGET (self);
}

const SatchelSection satchel_section_inbox = {
    .id = "inbox",
    .title = N_ ("Inbox"),
    .icon = "mail-unread-symbolic",
    .roles = 1 << SATCHEL_ROLE_EDITOR | 1 << SATCHEL_ROLE_LEGAL,
    .make = satchel_inbox_pane_new,
};
