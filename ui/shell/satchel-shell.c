/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/satchel-shell.h"

#include "connection/satchel-connection-button.h"
#include "lock/satchel-destroy.h"
#include "report/satchel-report-page.h"
#include "reports/satchel-report-list.h"
#include "shared/satchel-widget.h"
#include "shell/satchel-pane.h"
#include "shell/satchel-section-row.h"

static const SatchelSection *const SECTIONS[] = {
    &satchel_section_reports,
    &satchel_section_cases,
    &satchel_section_cards,
    &satchel_section_deadlines,
    &satchel_section_outbox,
    &satchel_section_inbox,
    &satchel_section_items,
    &satchel_section_people,
};

struct _SatchelShell {
  AdwBin parent_instance;

  /* Template children */
  AdwLeaflet *leaflet;
  GtkMenuButton *menu;
  GtkListBox *sections;
  GtkStack *lists;
  AdwBin *page;
  AdwBin *connection;

  /* Owned */
  GtkWidget *nothing; /* shown where no page is; from the template */
  SatchelSession *session;
  SatchelCourierRunner *courier;
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelShell, satchel_shell, ADW_TYPE_BIN)
// clang-format on

/* A list is made when it is first looked at. */
static void
show_section (SatchelShell *self, const SatchelSection *section)
{
  if (gtk_stack_get_child_by_name (self->lists, section->id) == NULL)
    gtk_stack_add_named (self->lists, section->make (self->session), section->id);
  gtk_stack_set_visible_child_name (self->lists, section->id);
}

static void
row_selected_cb (SatchelShell *self, GtkListBoxRow *row)
{
  if (row != NULL)
    show_section (self, satchel_section_row_get_section (SATCHEL_SECTION_ROW (row)));
}

static void
row_activated_cb (SatchelShell *self, GtkListBoxRow *row)
{
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_FORWARD);
}

static void
section_show_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelShell *self = SATCHEL_SHELL (widget);
  const char *id = g_variant_get_string (parameter, NULL);

  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->sections)); row != NULL;
       row = gtk_widget_get_next_sibling (row)) {
    if (SATCHEL_IS_SECTION_ROW (row) &&
        g_str_equal (satchel_section_row_get_section (SATCHEL_SECTION_ROW (row))->id, id))
      gtk_list_box_select_row (self->sections, GTK_LIST_BOX_ROW (row));
  }
}

/* Alt+1 and so on, as the rows stand. */
static void
section_nth_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelShell *self = SATCHEL_SHELL (widget);
  GtkListBoxRow *row =
      gtk_list_box_get_row_at_index (self->sections, g_variant_get_int32 (parameter));

  if (row == NULL)
    return;
  gtk_list_box_select_row (self->sections, row);
  adw_leaflet_set_visible_child_name (self->leaflet, "list");
  gtk_widget_child_focus (gtk_stack_get_visible_child (self->lists), GTK_DIR_TAB_FORWARD);
}

static void
add_nth_keys (SatchelShell *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller),
                                     GTK_SHORTCUT_SCOPE_GLOBAL);
  for (int i = 0; i < 9; i++) {
    GtkShortcut *shortcut =
        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_1 + i, GDK_ALT_MASK),
                          gtk_named_action_new ("section.nth"));
    gtk_shortcut_set_arguments (shortcut, g_variant_new_int32 (i));
    gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), shortcut);
  }
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
section_search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelShell *self = SATCHEL_SHELL (widget);
  GtkWidget *list = gtk_stack_get_visible_child (self->lists);

  if (list == NULL)
    return;
  adw_leaflet_set_visible_child_name (self->leaflet, "list");
  gtk_widget_activate_action (list, "list.search", NULL);
}

static void
record_new_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SatchelShell *self = SATCHEL_SHELL (widget);
  const SatchelKind *kind = satchel_kinds_find (satchel_kinds_get_builtin (),
                                                g_variant_get_string (parameter, NULL), NULL);

  if (kind != NULL)
    satchel_shell_present (widget, satchel_report_page_new (self->session, kind));
}

static void
record_answer_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const char *id = g_variant_get_string (parameter, NULL);

  satchel_shell_present (widget,
                         satchel_report_page_new_for_answer (SATCHEL_SHELL (widget)->session, id));
}

static void
record_open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const char *id = g_variant_get_string (parameter, NULL);

  satchel_shell_present (
      widget, satchel_report_page_new_for_record (SATCHEL_SHELL (widget)->session, id));
}

static void
draft_open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const char *id = g_variant_get_string (parameter, NULL);

  satchel_shell_present (
      widget, satchel_report_page_new_for_draft (SATCHEL_SHELL (widget)->session, id));
}

static void
courier_send_now_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  satchel_courier_runner_send_now (SATCHEL_SHELL (widget)->courier);
}

static void
fill_sections (SatchelShell *self)
{
  guint role = 1 << satchel_session_get_role (self->session);

  for (guint i = 0; i < G_N_ELEMENTS (SECTIONS); i++)
    if ((SECTIONS[i]->roles & role) != 0)
      gtk_list_box_append (self->sections, satchel_section_row_new (SECTIONS[i], self->session));
  gtk_list_box_select_row (self->sections, gtk_list_box_get_row_at_index (self->sections, 0));
  /* A desk begins with what came. */
  if (satchel_session_get_role (self->session) != SATCHEL_ROLE_REPORTER)
    gtk_widget_activate_action (GTK_WIDGET (self), "section.show", "s", "inbox");
}

/* The menu's last place: what has to be held, and cannot be an item. */
static void
add_danger (SatchelShell *self)
{
  GtkWidget *destroy = satchel_destroy_button_new (self->session);

  gtk_widget_add_css_class (destroy, "flat");
  gtk_widget_set_tooltip_text (destroy, satchel_destroy_get_words ());
  gtk_popover_menu_add_child (GTK_POPOVER_MENU (gtk_menu_button_get_popover (self->menu)), destroy,
                              "destroy");
}

static void
satchel_shell_dispose (GObject *object)
{
  SatchelShell *self = SATCHEL_SHELL (object);

  g_clear_object (&self->session);
  g_clear_object (&self->courier);
  g_clear_object (&self->nothing);
  G_OBJECT_CLASS (satchel_shell_parent_class)->dispose (object);
}

static void
satchel_shell_class_init (SatchelShellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SATCHEL_TYPE_PANE);
  G_OBJECT_CLASS (klass)->dispose = satchel_shell_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/satchel/Satchel/shell/satchel-shell.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelShell, leaflet);
  gtk_widget_class_bind_template_child (widget_class, SatchelShell, menu);
  gtk_widget_class_bind_template_child (widget_class, SatchelShell, sections);
  gtk_widget_class_bind_template_child (widget_class, SatchelShell, lists);
  gtk_widget_class_bind_template_child (widget_class, SatchelShell, page);
  gtk_widget_class_bind_template_child (widget_class, SatchelShell, connection);
  gtk_widget_class_bind_template_child (widget_class, SatchelShell, nothing);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_install_action (widget_class, "section.show", "s", section_show_action);
  gtk_widget_class_install_action (widget_class, "section.nth", "i", section_nth_action);
  gtk_widget_class_install_action (widget_class, "section.search", NULL, section_search_action);
  gtk_widget_class_install_action (widget_class, "courier.send-now", NULL,
                                   courier_send_now_action);
  gtk_widget_class_install_action (widget_class, "record.new", "s", record_new_action);
  gtk_widget_class_install_action (widget_class, "record.answer", "s", record_answer_action);
  gtk_widget_class_install_action (widget_class, "record.open", "s", record_open_action);
  gtk_widget_class_install_action (widget_class, "draft.open", "s", draft_open_action);
}

static void
satchel_shell_init (SatchelShell *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_object_ref (self->nothing);
  add_nth_keys (self);
  satchel_widget_leave_by_tab (GTK_WIDGET (self->sections));
}

GtkWidget *
satchel_shell_new (SatchelSession *session, SatchelCourierRunner *courier)
{
  SatchelShell *self = g_object_new (SATCHEL_TYPE_SHELL, NULL);

  self->session = g_object_ref (session);
  self->courier = g_object_ref (courier);
  adw_bin_set_child (self->connection, satchel_connection_button_new (courier));
  fill_sections (self);
  add_danger (self);
  return GTK_WIDGET (self);
}

void
satchel_shell_present (GtkWidget *widget, GtkWidget *page)
{
  GtkWidget *ancestor = gtk_widget_get_ancestor (widget, SATCHEL_TYPE_SHELL);

  g_return_if_fail (ancestor != NULL);
  SatchelShell *self = SATCHEL_SHELL (ancestor);
  adw_bin_set_child (self->page, page != NULL ? page : self->nothing);
  adw_leaflet_set_visible_child (self->leaflet,
                                 page != NULL ? GTK_WIDGET (self->page)
                                              : gtk_widget_get_parent (GTK_WIDGET (self->lists)));
}
