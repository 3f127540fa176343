/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/satchel-report-list.h"

#include <glib/gi18n.h>

#include "records/satchel-kind.h"
#include "records/satchel-search.h"
#include "reports/satchel-draft-list.h"
#include "reports/satchel-line-list.h"
#include "reports/satchel-record-source.h"
#include "shared/satchel-widget.h"
#include "shared/satchel-words.h"
#include "shell/satchel-pane.h"
#include "shell/satchel-section.h"

struct _SatchelReportList {
  AdwBin parent_instance;

  /* Template children */
  SatchelPane *pane;
  GtkToggleButton *search_toggle;
  GtkSearchBar *search_bar;
  GtkSearchEntry *search_entry;
  AdwSplitButton *new_button;
  GtkLabel *cut; /* that there is more than is shown */
  SatchelLineList *list;

  /* Owned */
  SatchelLineModel *model;
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelReportList, satchel_report_list, ADW_TYPE_BIN)
// clang-format on

static void
say_empty (SatchelReportList *self, gboolean is_searching)
{
  if (is_searching)
    satchel_line_list_say_empty (self->list, "system-search-symbolic", _ ("Nothing found"),
                                 _ ("Try fewer words, or the beginning of one."));
  else
    satchel_line_list_say_empty (self->list, "document-edit-symbolic", _ ("No reports yet"),
                                 _ ("Press Ctrl+N and write down what happened."));
}

/* Nobody may believe that something is not there because it was not shown. */
static void
show_cut (SatchelReportList *self)
{
  gboolean is_searching =
      satchel_search_is_begun (gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
  guint count = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  g_autofree char *text =
      g_strdup_printf (ngettext ("The newest %u is shown. Type more to find older ones.",
                                 "The newest %u are shown. Type more to find older ones.", count),
                       count);

  gtk_label_set_label (self->cut, text);
  gtk_widget_set_visible (GTK_WIDGET (self->cut),
                          is_searching && count == SATCHEL_RECORD_SOURCE_HITS);
}

static void
search_changed_cb (SatchelReportList *self)
{
  const char *words = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));

  say_empty (self, *words != '\0');
  satchel_record_source_ask (self->model, words);
}

static void
open_cb (SatchelReportList *self, const char *id)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "record.open", "s", id);
}

static void
list_search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelReportList *self = SATCHEL_REPORT_LIST (widget);

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

/* Every kind, in the order of the kinds; the note is the button itself. */
static GMenuModel *
make_kinds_menu (void)
{
  GPtrArray *kinds = satchel_kinds_list (satchel_kinds_get_builtin ());
  GMenu *menu = g_menu_new ();

  for (guint i = 0; i < kinds->len; i++) {
    const SatchelKind *kind = kinds->pdata[i];
    const char *label = satchel_label_get (kind->label, satchel_words_language ());
    g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);
    g_menu_item_set_action_and_target (item, "record.new", "s", kind->id);
    g_menu_append_item (menu, item);
  }
  return G_MENU_MODEL (menu);
}

/* A menu is some fifty widgets: it is made when somebody wants to see it. */
static void
make_menu_cb (GtkMenuButton *button, gpointer user_data)
{
  g_autoptr (GMenuModel) menu = NULL;

  if (gtk_menu_button_get_menu_model (button) != NULL)
    return;
  menu = make_kinds_menu ();
  gtk_menu_button_set_menu_model (button, menu);
}

static void
promise_menu (SatchelReportList *self)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->new_button));
       child != NULL; child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_MENU_BUTTON (child)) {
      gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (child), make_menu_cb, NULL, NULL);
      gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_HAS_POPUP,
                                      TRUE, -1);
    }
}

static void
satchel_report_list_dispose (GObject *object)
{
  g_clear_object (&SATCHEL_REPORT_LIST (object)->model);
  G_OBJECT_CLASS (satchel_report_list_parent_class)->dispose (object);
}

static void
satchel_report_list_class_init (SatchelReportListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SATCHEL_TYPE_PANE);
  g_type_ensure (SATCHEL_TYPE_LINE_LIST);
  G_OBJECT_CLASS (klass)->dispose = satchel_report_list_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/reports/satchel-report-list.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelReportList, pane);
  gtk_widget_class_bind_template_child (widget_class, SatchelReportList, search_toggle);
  gtk_widget_class_bind_template_child (widget_class, SatchelReportList, search_bar);
  gtk_widget_class_bind_template_child (widget_class, SatchelReportList, search_entry);
  gtk_widget_class_bind_template_child (widget_class, SatchelReportList, new_button);
  gtk_widget_class_bind_template_child (widget_class, SatchelReportList, cut);
  gtk_widget_class_bind_template_child (widget_class, SatchelReportList, list);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_cb);
  gtk_widget_class_install_action (widget_class, "list.search", NULL, list_search_action);
}

static void
satchel_report_list_init (SatchelReportList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search_entry));
  promise_menu (self);
  satchel_widget_call_split (self->new_button, _ ("New note"), _ ("Other kinds of report"));
}

GtkWidget *
satchel_report_list_new (SatchelSession *session)
{
  SatchelReportList *self = g_object_new (SATCHEL_TYPE_REPORT_LIST, NULL);

  satchel_pane_add_top (self->pane, satchel_draft_list_new (session));
  self->model = satchel_line_model_new (session, &satchel_record_source, NULL);
  satchel_line_list_set_model (self->list, self->model, NULL);
  g_signal_connect_object (self->model, "items-changed", G_CALLBACK (show_cut), self,
                           G_CONNECT_SWAPPED);
  say_empty (self, FALSE);
  return GTK_WIDGET (self);
}

const SatchelSection satchel_section_reports = {
    .id = "reports",
    .title = N_ ("Reports"),
    .icon = "document-edit-symbolic",
    .roles = SATCHEL_SECTION_ALL_ROLES,
    .make = satchel_report_list_new,
};
