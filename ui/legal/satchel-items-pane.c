/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "legal/satchel-items-pane.h"

#include <glib/gi18n.h>

#include "legal/satchel-item-page.h"
#include "legal/satchel-item-source.h"
#include "legal/satchel-verify-page.h"
#include "reports/satchel-line-list.h"
#include "shared/satchel-choices.h"
#include "shared/satchel-choose.h"
#include "shell/satchel-pane.h"
#include "shell/satchel-section.h"
#include "shell/satchel-shell.h"

struct _SatchelItemsPane {
  AdwBin parent_instance;

  /* Template children */
  GtkDropDown *standing;
  GtkToggleButton *search_toggle;
  GtkSearchBar *search_bar;
  GtkSearchEntry *search_entry;
  SatchelLineList *list;

  /* Owned */
  SatchelSession *session;
  SatchelLineModel *model;
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelItemsPane, satchel_items_pane, ADW_TYPE_BIN)
// clang-format on

static void
say_empty (SatchelItemsPane *self, gboolean is_asking)
{
  if (is_asking)
    satchel_line_list_say_empty (self->list, "system-search-symbolic", _ ("Nothing found"),
                                 _ ("Nothing that was received is like this."));
  else
    satchel_line_list_say_empty (
        self->list, "emblem-documents-symbolic", _ ("Nothing was received yet"),
        _ ("What is received, by itself or from a stick, stands here item by item with its "
           "verdict."));
}

/* The choices stand in the order of the standings, after "all". */
static void
ask_cb (SatchelItemsPane *self)
{
  guint selected = gtk_drop_down_get_selected (self->standing);
  const SatchelReceivedFilter filter = {
      .has_standing = selected > 0 && selected != GTK_INVALID_LIST_POSITION,
      .standing = (SatchelStanding) (MAX (selected, 1) - 1),
      .words = gtk_editable_get_text (GTK_EDITABLE (self->search_entry))};
  g_autofree char *question = satchel_item_source_dup_question (&filter);

  if (self->model == NULL)
    return;
  say_empty (self, question != NULL);
  satchel_line_model_ask (self->model, question);
}

static void
open_cb (SatchelItemsPane *self, const char *id)
{
  satchel_shell_present (GTK_WIDGET (self),
                         satchel_item_page_new (self->session, g_ascii_strtoll (id, NULL, 10)));
}

static void
list_search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelItemsPane *self = SATCHEL_ITEMS_PANE (widget);

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

/* --- What lies outside the vault --- */

static void
chosen_cb (SatchelItemsPane *self, int response, GtkFileChooserNative *dialog)
{
  g_autofree char *path = satchel_choose_dup_path (GTK_WIDGET (self), response, dialog);

  if (path != NULL && self->session != NULL)
    satchel_shell_present (GTK_WIDGET (self), satchel_verify_page_new (self->session, path));
}

static void
choose (GtkWidget *widget, const char *title, GtkFileChooserAction action)
{
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (title, GTK_WINDOW (gtk_widget_get_root (widget)), action,
                                   _ ("_Verify"), _ ("_Cancel"));

  satchel_choose_show (dialog, G_CALLBACK (chosen_cb), G_OBJECT (widget));
}

static void
verify_file_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  choose (widget, _ ("Verify a Sealed File"), GTK_FILE_CHOOSER_ACTION_OPEN);
}

static void
verify_folder_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  choose (widget, _ ("Verify an Exported Folder"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER);
}

/* --- The widget --- */

static void
satchel_items_pane_dispose (GObject *object)
{
  SatchelItemsPane *self = SATCHEL_ITEMS_PANE (object);

  g_clear_object (&self->session);
  g_clear_object (&self->model);
  G_OBJECT_CLASS (satchel_items_pane_parent_class)->dispose (object);
}

static void
satchel_items_pane_class_init (SatchelItemsPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SATCHEL_TYPE_PANE);
  g_type_ensure (SATCHEL_TYPE_LINE_LIST);
  G_OBJECT_CLASS (klass)->dispose = satchel_items_pane_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/legal/satchel-items-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelItemsPane, standing);
  gtk_widget_class_bind_template_child (widget_class, SatchelItemsPane, search_toggle);
  gtk_widget_class_bind_template_child (widget_class, SatchelItemsPane, search_bar);
  gtk_widget_class_bind_template_child (widget_class, SatchelItemsPane, search_entry);
  gtk_widget_class_bind_template_child (widget_class, SatchelItemsPane, list);
  gtk_widget_class_bind_template_callback (widget_class, ask_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_cb);
  gtk_widget_class_install_action (widget_class, "list.search", NULL, list_search_action);
  gtk_widget_class_install_action (widget_class, "items.verify-file", NULL, verify_file_action);
  gtk_widget_class_install_action (widget_class, "items.verify-folder", NULL,
                                   verify_folder_action);
}

static void
satchel_items_pane_init (SatchelItemsPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  satchel_choices_call (self->standing, _ ("With which verdict"));
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search_entry));
}

GtkWidget *
satchel_items_pane_new (SatchelSession *session)
{
  SatchelItemsPane *self = g_object_new (SATCHEL_TYPE_ITEMS_PANE, NULL);

  self->session = g_object_ref (session);
  self->model = satchel_line_model_new (session, &satchel_item_source, NULL);
  satchel_line_list_set_model (self->list, self->model, NULL);
  say_empty (self, FALSE);
  return GTK_WIDGET (self);
}

const SatchelSection satchel_section_items = {
    .id = "items",
    .title = N_ ("Received items"),
    .icon = "emblem-documents-symbolic",
    .roles = 1 << SATCHEL_ROLE_EDITOR | 1 << SATCHEL_ROLE_LEGAL,
    .make = satchel_items_pane_new,
};
