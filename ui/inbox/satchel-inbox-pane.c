/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/satchel-inbox-pane.h"

#include <glib/gi18n.h>

#include "inbox/satchel-desk-menu.h"
#include "inbox/satchel-desk-text.h"
#include "inbox/satchel-inbox-job.h"
#include "inbox/satchel-inbox-page.h"
#include "inbox/satchel-inbox-taking.h"
#include "inbox/satchel-inbox-text.h"
#include "reports/satchel-line-list.h"
#include "shared/satchel-choose.h"
#include "shared/satchel-widget.h"
#include "shell/satchel-pane.h"
#include "shell/satchel-section.h"
#include "shell/satchel-shell.h"
#include "window/satchel-window.h"

#define UNDO_S 15

struct _SatchelInboxPane {
  AdwBin parent_instance;

  /* Template children */
  SatchelLineList *list;
  GtkMenuButton *views;
  GtkWidget *bar;
  GtkLabel *selected;
  GtkMenuButton *status_menu;
  GtkMenuButton *assign_menu;
  GtkMenuButton *tag_menu;
  GtkEditable *tag_entry;

  /* Owned */
  SatchelSession *session;
  SatchelLineModel *model;
  GtkSelectionModel *selection; /* of it */
  char *view;                   /* a question of satchel_desk_text_parse_question() */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelInboxPane, satchel_inbox_pane, ADW_TYPE_BIN)
// clang-format on

/* --- Showing --- */

static void
open_cb (SatchelInboxPane *self, const char *id)
{
  satchel_shell_present (GTK_WIDGET (self), satchel_inbox_page_new (self->session, id));
}

static void
say_empty (SatchelInboxPane *self)
{
  if (*self->view == '\0')
    satchel_line_list_say_empty (self->list, "mail-unread-symbolic",
                                 _ ("Nothing was received yet"),
                                 _ ("What reporters send appears here by itself once it was "
                                    "verified. A bundle on a stick can be opened from the button "
                                    "above."));
  else
    satchel_line_list_say_empty (self->list, "mail-read-symbolic", _ ("Nothing of that"),
                                 _ ("Choose Everything above to see the rest."));
}

static void
set_view (SatchelInboxPane *self, const char *view)
{
  g_free (self->view);
  self->view = g_strdup (view);
  g_autofree char *words = satchel_desk_text_dup_view (view);
  /* Translators: what a list shows, to a screen reader: "Shown: Unread". */
  g_autofree char *name = g_strdup_printf (_ ("Shown: %s"), words);
  gtk_menu_button_set_label (self->views, words);
  satchel_widget_call (GTK_WIDGET (self->views), name, FALSE);
  say_empty (self);
  if (self->model != NULL)
    satchel_line_model_ask (self->model, view);
  g_object_notify (G_OBJECT (self), "view");
}

/* --- What there is to choose from --- */

static void
choices_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelInboxPane) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelDeskChoices) choices =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (self->session == NULL)
    return;
  if (choices == NULL) {
    satchel_window_say_error (GTK_WIDGET (self), error);
    return;
  }
  g_autoptr (GMenuModel) views = satchel_desk_menu_new_views (choices);
  g_autoptr (GMenuModel) assign = satchel_desk_menu_new_assign (choices);
  gtk_menu_button_set_menu_model (self->views, views);
  gtk_menu_button_set_menu_model (self->assign_menu, assign);
}

static void
load_choices (SatchelInboxPane *self)
{
  SatchelSessionJob job = satchel_desk_choices_job ();

  satchel_session_run_async (self->session, &job, NULL, choices_cb, g_object_ref (self));
}

static void
changed_cb (SatchelInboxPane *self, SatchelChanges changes)
{
  if ((changes & (SATCHEL_CHANGED_DESK | SATCHEL_CHANGED_PEOPLE)) != 0)
    load_choices (self);
}

/* --- Several at once --- */

static guint
count_selected (SatchelInboxPane *self)
{
  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (self->selection);

  return (guint) gtk_bitset_get_size (selected);
}

/* What is looked at is selected as well: one alone is none to do things with here. */
static void
show_selected (SatchelInboxPane *self)
{
  guint count = count_selected (self);
  g_autofree char *text = g_strdup_printf (ngettext ("%u selected", "%u selected", count), count);

  gtk_label_set_text (self->selected, text);
  gtk_widget_set_visible (self->bar, count > 1);
}

static void
undone_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelInboxPane) self = user_data;
  g_autoptr (GError) error = NULL;

  if (satchel_session_run_finish (SATCHEL_SESSION (source), result, &error) == NULL)
    satchel_window_say_error (GTK_WIDGET (self), error);
  else if (self->session != NULL)
    satchel_window_say (GTK_WIDGET (self), _ ("It is as it was before"));
}

static void
undo_cb (SatchelInboxPane *self, AdwToast *toast)
{
  SatchelDeskDone *done = g_object_steal_data (G_OBJECT (toast), "done");

  if (done == NULL || self->session == NULL)
    return;
  SatchelSessionJob job = satchel_desk_undo_job (done);
  satchel_session_run_async (self->session, &job, NULL, undone_cb, g_object_ref (self));
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelInboxPane) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelDeskDone) done =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, &error);

  if (self->session == NULL)
    return;
  if (done == NULL) {
    satchel_window_say_error (GTK_WIDGET (self), error);
    return;
  }
  g_autofree char *text =
      satchel_desk_text_dup_done (&done->change, done->name, done->before->len);
  AdwToast *toast = satchel_window_offer (GTK_WIDGET (self), text, _ ("_Undo"),
                                          G_CALLBACK (undo_cb), G_OBJECT (self));
  /* Long enough to be reached by keyboard. */
  adw_toast_set_timeout (toast, UNDO_S);
  g_object_set_data_full (G_OBJECT (toast), "done", g_steal_pointer (&done),
                          (GDestroyNotify) satchel_desk_done_free);
}

static void
change_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelInboxPane *self = SATCHEL_INBOX_PANE (widget);
  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (self->selection);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  SatchelDeskChange change;
  GtkBitsetIter iter;
  guint position;

  if (gtk_bitset_iter_init_first (&iter, selected, &position))
    do {
      gint64 row = satchel_line_model_get_row (self->model, position);
      g_array_append_val (rows, row);
    } while (gtk_bitset_iter_next (&iter, &position));
  if (rows->len == 0 || !satchel_desk_menu_read (name, parameter, &change))
    return;
  SatchelSessionJob job = satchel_desk_change_job (g_steal_pointer (&rows), NULL, &change);
  satchel_session_run_async (self->session, &job, NULL, done_cb, g_object_ref (self));
}

static void
tag_cb (SatchelInboxPane *self)
{
  g_autofree char *tag = g_strstrip (g_strdup (gtk_editable_get_text (self->tag_entry)));

  gtk_menu_button_popdown (self->tag_menu);
  if (*tag != '\0')
    gtk_widget_activate_action (GTK_WIDGET (self), "desk.tag", "s", tag);
  gtk_editable_set_text (self->tag_entry, "");
}

/* --- By hand: a file, or all of a stick or folder --- */

static void
take (SatchelInboxPane *self, GtkFileChooser *chooser)
{
  g_autoptr (GListModel) files = gtk_file_chooser_get_files (chooser);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  gboolean is_elsewhere = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (files); i++) {
    g_autoptr (GFile) file = g_list_model_get_item (files, i);
    g_autofree char *path = g_file_get_path (file);
    if (path != NULL)
      g_strv_builder_add (builder, path);
    else
      is_elsewhere = TRUE;
  }
  g_auto (GStrv) paths = g_strv_builder_end (builder);
  if (is_elsewhere)
    satchel_window_say (GTK_WIDGET (self), satchel_inbox_text_get_elsewhere ());
  if (paths[0] != NULL)
    satchel_inbox_take_files (GTK_WIDGET (self), self->session, (const char *const *) paths,
                              (SatchelUntaken){NULL, NULL});
}

static void
chosen_cb (SatchelInboxPane *self, int response, GtkFileChooser *chooser)
{
  if (response == GTK_RESPONSE_ACCEPT)
    take (self, chooser);
}

static void
choose (SatchelInboxPane *self, const char *title, GtkFileChooserAction action)
{
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

/* --- The widget --- */

static void
satchel_inbox_pane_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_string (value, SATCHEL_INBOX_PANE (object)->view);
}

static void
satchel_inbox_pane_set_property (GObject *object,
                                 guint id,
                                 const GValue *value,
                                 GParamSpec *pspec)
{
  set_view (SATCHEL_INBOX_PANE (object), g_value_get_string (value));
}

static void
satchel_inbox_pane_dispose (GObject *object)
{
  SatchelInboxPane *self = SATCHEL_INBOX_PANE (object);

  g_clear_object (&self->session);
  g_clear_object (&self->model);
  g_clear_object (&self->selection);
  g_clear_pointer (&self->view, g_free);
  G_OBJECT_CLASS (satchel_inbox_pane_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_child (klass, SatchelInboxPane, list);
  gtk_widget_class_bind_template_child (klass, SatchelInboxPane, views);
  gtk_widget_class_bind_template_child (klass, SatchelInboxPane, bar);
  gtk_widget_class_bind_template_child (klass, SatchelInboxPane, selected);
  gtk_widget_class_bind_template_child (klass, SatchelInboxPane, status_menu);
  gtk_widget_class_bind_template_child (klass, SatchelInboxPane, assign_menu);
  gtk_widget_class_bind_template_child (klass, SatchelInboxPane, tag_menu);
  gtk_widget_class_bind_template_child (klass, SatchelInboxPane, tag_entry);
  gtk_widget_class_bind_template_callback (klass, open_cb);
  gtk_widget_class_bind_template_callback (klass, tag_cb);
}

static void
install_actions (GtkWidgetClass *klass)
{
  gtk_widget_class_install_property_action (klass, "inbox.show", "view");
  gtk_widget_class_install_action (klass, "inbox.open-files", NULL, open_files_action);
  gtk_widget_class_install_action (klass, "inbox.open-folder", NULL, open_folder_action);
  gtk_widget_class_install_action (klass, "desk.read", "b", change_action);
  gtk_widget_class_install_action (klass, "desk.status", "i", change_action);
  gtk_widget_class_install_action (klass, "desk.assign", "s", change_action);
  gtk_widget_class_install_action (klass, "desk.tag", "s", change_action);
}

static void
satchel_inbox_pane_class_init (SatchelInboxPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SATCHEL_TYPE_PANE);
  g_type_ensure (SATCHEL_TYPE_LINE_LIST);
  object_class->get_property = satchel_inbox_pane_get_property;
  object_class->set_property = satchel_inbox_pane_set_property;
  object_class->dispose = satchel_inbox_pane_dispose;
  g_object_class_install_property (
      object_class, 1,
      g_param_spec_string ("view", NULL, NULL, "",
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/inbox/satchel-inbox-pane.ui");
  bind_children (widget_class);
  install_actions (widget_class);
}

static void
satchel_inbox_pane_init (SatchelInboxPane *self)
{
  g_autoptr (GMenuModel) statuses = satchel_desk_menu_new_status ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_menu_model (self->status_menu, statuses);
  set_view (self, "");
}

GtkWidget *
satchel_inbox_pane_new (SatchelSession *session)
{
  SatchelInboxPane *self = g_object_new (SATCHEL_TYPE_INBOX_PANE, NULL);

  self->session = g_object_ref (session);
  self->model = satchel_line_model_new (session, &satchel_inbox_source, NULL);
  self->selection = GTK_SELECTION_MODEL (
      gtk_multi_selection_new (g_object_ref (G_LIST_MODEL (self->model))));
  satchel_line_list_set_model (self->list, self->model, self->selection);
  g_signal_connect_object (self->selection, "selection-changed", G_CALLBACK (show_selected), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "items-changed", G_CALLBACK (show_selected), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  load_choices (self);
  return GTK_WIDGET (self);
}

static char *
dup_unread (guint count)
{
  /* Translators: beside the inbox in the sidebar, to a screen reader and as a tooltip. */
  return g_strdup_printf (ngettext ("%u unread", "%u unread", count), count);
}

const SatchelSection satchel_section_inbox = {
    .id = "inbox",
    .title = N_ ("Inbox"),
    .icon = "mail-unread-symbolic",
    .roles = 1 << SATCHEL_ROLE_EDITOR | 1 << SATCHEL_ROLE_LEGAL,
    .make = satchel_inbox_pane_new,
    .count = satchel_desk_count_unread,
    .dup_count = dup_unread,
    .counts_after = SATCHEL_CHANGED_INBOX | SATCHEL_CHANGED_DESK,
};
