/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/satchel-inbox-pane.h"

#include <glib/gi18n.h>

#include "inbox/satchel-inbox-job.h"
#include "inbox/satchel-inbox-page.h"
#include "inbox/satchel-inbox-text.h"
#include "reports/satchel-line-list.h"
#include "shared/satchel-choose.h"
#include "shell/satchel-pane.h"
#include "shell/satchel-section.h"
#include "shell/satchel-shell.h"
#include "window/satchel-window.h"

struct _SatchelInboxPane {
  AdwBin parent_instance;

  /* Template children */
  SatchelLineList *list;
  GtkWidget *working;
  GtkProgressBar *progress;

  /* Owned */
  SatchelSession *session;
  GCancellable *stop; /* while something is taken in */
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
open_cb (SatchelInboxPane *self, const char *id)
{
  satchel_shell_present (GTK_WIDGET (self), satchel_inbox_page_new (self->session, id));
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
chosen_cb (SatchelInboxPane *self, int response, GtkFileChooser *chooser)
{
  if (response == GTK_RESPONSE_ACCEPT && self->stop == NULL)
    take (self, chooser);
}

static void
choose (SatchelInboxPane *self, const char *title, GtkFileChooserAction action)
{
  if (self->stop != NULL)
    return;
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (
      title, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), action, _ ("_Open"),
      _ ("_Cancel"));
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (chooser), TRUE);
  satchel_choose_show (chooser, G_CALLBACK (chosen_cb), G_OBJECT (self));
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
  g_clear_object (&self->stop);
  G_OBJECT_CLASS (satchel_inbox_pane_parent_class)->dispose (object);
}

static void
satchel_inbox_pane_class_init (SatchelInboxPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SATCHEL_TYPE_PANE);
  g_type_ensure (SATCHEL_TYPE_LINE_LIST);
  G_OBJECT_CLASS (klass)->dispose = satchel_inbox_pane_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/inbox/satchel-inbox-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelInboxPane, list);
  gtk_widget_class_bind_template_callback (widget_class, open_cb);
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
}

GtkWidget *
satchel_inbox_pane_new (SatchelSession *session)
{
  SatchelInboxPane *self = g_object_new (SATCHEL_TYPE_INBOX_PANE, NULL);
  g_autoptr (SatchelLineModel) model =
      satchel_line_model_new (session, &satchel_inbox_source, NULL);

  self->session = g_object_ref (session);
  satchel_line_list_set_model (self->list, model, NULL);
  return GTK_WIDGET (self);
}

const SatchelSection satchel_section_inbox = {
    .id = "inbox",
    .title = N_ ("Inbox"),
    .icon = "mail-unread-symbolic",
    .roles = 1 << SATCHEL_ROLE_EDITOR | 1 << SATCHEL_ROLE_LEGAL,
    .make = satchel_inbox_pane_new,
};
