/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outbox/satchel-outbox-pane.h"

#include <glib/gi18n.h>

#include "outbox/satchel-outbox-job.h"
#include "outbox/satchel-outbox-page.h"
#include "reports/satchel-record-lines.h"
#include "shared/satchel-list-row.h"
#include "shared/satchel-widget.h"
#include "shell/satchel-pane.h"
#include "shell/satchel-section.h"
#include "shell/satchel-shell.h"
#include "window/satchel-window.h"

struct _SatchelOutboxPane {
  AdwBin parent_instance;

  /* Template children */
  GtkStack *states;
  GtkListView *list;

  /* Owned */
  SatchelSession *session;
  GListStore *items;             /* of SatchelRecordItem */
  GtkFileChooserNative *chooser; /* while it is open */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelOutboxPane, satchel_outbox_pane, ADW_TYPE_BIN)
// clang-format on

/* --- Showing --- */

static void
show (SatchelOutboxPane *self, GPtrArray *lines)
{
  satchel_record_lines_show (lines, self->items);
  gtk_stack_set_visible_child_name (self->states, lines->len > 0 ? "list" : "empty");
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelOutboxPane) self = user_data;
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
load (SatchelOutboxPane *self)
{
  SatchelSessionJob job = satchel_outbox_lines_job ();

  satchel_session_run_async (self->session, &job, NULL, listed_cb, g_object_ref (self));
}

static void
changed_cb (SatchelOutboxPane *self, SatchelChanges changes)
{
  if ((changes & (SATCHEL_CHANGED_OUTBOX | SATCHEL_CHANGED_SENT | SATCHEL_CHANGED_RECORDS)) != 0)
    load (self);
}

static void
activate_cb (SatchelOutboxPane *self, guint position)
{
  g_autoptr (SatchelRecordItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), position);

  if (item != NULL)
    satchel_shell_present (
        GTK_WIDGET (self),
        satchel_outbox_page_new (self->session, satchel_record_item_get_id (item)));
}

/* --- By hand --- */

static void
handed_over_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelOutboxPane) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree guint *count = satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (count == NULL) {
    satchel_window_say_error (GTK_WIDGET (self), error);
    return;
  }
  g_autofree char *text = g_strdup_printf (
      ngettext ("%u sealed bundle is there", "%u sealed bundles are there", *count), *count);
  satchel_window_say (GTK_WIDGET (self), *count > 0 ? text : _ ("There was nothing to copy"));
}

static void
chosen_cb (SatchelOutboxPane *self, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);

  if (response != GTK_RESPONSE_ACCEPT)
    return;
  g_autoptr (GFile) folder = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  g_autofree char *path = folder != NULL ? g_file_get_path (folder) : NULL;
  if (path == NULL) {
    satchel_window_say (GTK_WIDGET (self), _ ("Choose a folder of this computer, or a stick."));
    return;
  }
  SatchelSessionJob job = satchel_outbox_hand_over_job (path);
  satchel_session_run_async (self->session, &job, NULL, handed_over_cb, g_object_ref (self));
}

static void
hand_over_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelOutboxPane *self = SATCHEL_OUTBOX_PANE (widget);

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (
      _ ("Copy What Is Sealed To"), GTK_WINDOW (gtk_widget_get_root (widget)),
      GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Copy"), _ ("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* --- The widget --- */

static void
satchel_outbox_pane_dispose (GObject *object)
{
  SatchelOutboxPane *self = SATCHEL_OUTBOX_PANE (object);

  g_clear_object (&self->session);
  g_clear_object (&self->chooser);
  g_clear_object (&self->items);
  G_OBJECT_CLASS (satchel_outbox_pane_parent_class)->dispose (object);
}

static void
satchel_outbox_pane_class_init (SatchelOutboxPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SATCHEL_TYPE_PANE);
  g_type_ensure (SATCHEL_TYPE_RECORD_ITEM);
  g_type_ensure (SATCHEL_TYPE_LIST_ROW);
  G_OBJECT_CLASS (klass)->dispose = satchel_outbox_pane_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/outbox/satchel-outbox-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelOutboxPane, states);
  gtk_widget_class_bind_template_child (widget_class, SatchelOutboxPane, list);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_install_action (widget_class, "outbox.hand-over", NULL, hand_over_action);
}

static void
satchel_outbox_pane_init (SatchelOutboxPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->items = g_list_store_new (SATCHEL_TYPE_RECORD_ITEM);
}

GtkWidget *
satchel_outbox_pane_new (SatchelSession *session)
{
  SatchelOutboxPane *self = g_object_new (SATCHEL_TYPE_OUTBOX_PANE, NULL);
  GtkNoSelection *selection = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->items)));

  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  g_object_unref (selection);
  satchel_widget_leave_by_tab (GTK_WIDGET (self->list));
  self->session = g_object_ref (session);
  g_signal_connect_object (session, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  load (self);
  return GTK_WIDGET (self);
}

const SatchelSection satchel_section_outbox = {
    .id = "outbox",
    .title = N_ ("Outbox"),
    .icon = "mail-send-symbolic",
    .roles = SATCHEL_SECTION_ALL_ROLES,
    .make = satchel_outbox_pane_new,
};
