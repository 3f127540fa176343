/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shared/satchel-widget.h"

#include "shared/satchel-error-text.h"

void
satchel_widget_call (GtkWidget *widget, const char *name, gboolean has_tip)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
  /* The button inside has the focus. It is called by the menu button, or by what is written on it:
   * that would be all. */
  if (GTK_IS_MENU_BUTTON (widget) && gtk_menu_button_get_label (GTK_MENU_BUTTON (widget)) != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_first_child (widget)),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  if (has_tip)
    gtk_widget_set_tooltip_text (widget, name);
}

void
satchel_widget_call_split (AdwSplitButton *button, const char *name, const char *menu)
{
  satchel_widget_call (GTK_WIDGET (button), name, FALSE);
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (button)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_BUTTON (child) || GTK_IS_MENU_BUTTON (child))
      satchel_widget_call (child, GTK_IS_MENU_BUTTON (child) ? menu : name, FALSE);
}

/* What somebody put into the row is not the row's own. */
static void
call_lists (GtkWidget *widget, const char *name)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    if (GTK_IS_LIST_BOX (child))
      satchel_widget_call (child, name, FALSE);
    else
      call_lists (child, name);
  }
}

void
satchel_widget_call_expander (AdwExpanderRow *row)
{
  const char *name = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row));

  satchel_widget_call (GTK_WIDGET (row), name, FALSE);
  call_lists (GTK_WIDGET (row), name);
}

void
satchel_widget_call_lists (GtkWidget *widget, const char *name)
{
  g_return_if_fail (GTK_IS_WIDGET (widget) && name != NULL);
  if (ADW_IS_PREFERENCES_GROUP (widget)) {
    const char *title = adw_preferences_group_get_title (ADW_PREFERENCES_GROUP (widget));
    if (title == NULL || *title == '\0')
      call_lists (widget, name);
    return;
  }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    satchel_widget_call_lists (child, name);
}

void
satchel_widget_set_exact (AdwActionRow *row, const char *text)
{
  g_autofree char *markup = g_markup_printf_escaped (
      "<span insert_hyphens=\"false\">%s</span>", text != NULL ? text : "");
  g_autofree char *title =
      g_markup_escape_text (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), -1);

  if (!adw_preferences_row_get_use_markup (ADW_PREFERENCES_ROW (row))) {
    adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), TRUE);
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  }
  adw_action_row_set_subtitle (row, markup);
}

/* What cannot have the focus is passed over on the way to the next. */
static gboolean
leave_cb (GtkWidget *list, GVariant *parameter, gpointer user_data)
{
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (list));
  gboolean is_back = GPOINTER_TO_INT (user_data);

  gtk_widget_set_can_focus (list, FALSE);
  gtk_widget_child_focus (root, is_back ? GTK_DIR_TAB_BACKWARD : GTK_DIR_TAB_FORWARD);
  gtk_widget_set_can_focus (list, TRUE);
  return TRUE;
}

void
satchel_widget_explain (AdwStatusPage *page, const GError *error)
{
  g_autofree char *text = satchel_error_text_dup_whole (error);
  g_autofree char *markup = g_markup_escape_text (text, -1);

  adw_status_page_set_description (page, markup);
}

void
satchel_widget_leave_by_tab (GtkWidget *list)
{
  static const char *const TRIGGERS[] = {"Tab|KP_Tab", "<Shift>Tab|<Shift>ISO_Left_Tab"};
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  for (guint i = 0; i < G_N_ELEMENTS (TRIGGERS); i++)
    gtk_shortcut_controller_add_shortcut (
        GTK_SHORTCUT_CONTROLLER (controller),
        gtk_shortcut_new (gtk_shortcut_trigger_parse_string (TRIGGERS[i]),
                          gtk_callback_action_new (leave_cb, GINT_TO_POINTER ((int) i), NULL)));
  gtk_widget_add_controller (list, controller);
}

static GtkWidget *
make_label (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);
  g_auto (GStrv) classes = g_strsplit (style != NULL ? style : "", " ", -1);

  gtk_widget_set_css_classes (label, (const char **) classes);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  return label;
}

GtkWidget *
satchel_label_new (const char *text, const char *style)
{
  GtkWidget *label = make_label (text, style);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  return label;
}

GtkWidget *
satchel_label_new_line (const char *text, const char *style)
{
  GtkWidget *label = make_label (text, style);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  /* Begins where its row does, also where it is written the other way: a wider label would follow
   * its own text. */
  gtk_widget_set_halign (label, GTK_ALIGN_START);
  return label;
}
