/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shared/satchel-choices.h"

#include "shared/satchel-list-row.h"
#include "shared/satchel-widget.h"

/* What is chosen has a mark, as in GTK's own lists. */
static void
show_mark (GtkListItem *item, GParamSpec *pspec, GObject *menu)
{
  GtkWidget *box = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  g_autoptr (GObject) selected = NULL;

  g_object_get (menu, "selected-item", &selected, NULL);
  gtk_widget_set_opacity (gtk_widget_get_last_child (box),
                          selected != NULL && selected == gtk_list_item_get_item (item));
}

static void
setup_cb (GObject *menu, GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = satchel_label_new_line (NULL, NULL);

  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("object-select-symbolic"));
  gtk_list_item_set_child (item, satchel_list_row_new (box));
}

static void
bind_cb (GObject *menu, GtkListItem *item)
{
  GtkWidget *row = gtk_list_item_get_child (item);
  GtkWidget *label = gtk_widget_get_first_child (gtk_widget_get_first_child (row));
  const char *text =
      gtk_string_object_get_string (GTK_STRING_OBJECT (gtk_list_item_get_item (item)));

  gtk_label_set_text (GTK_LABEL (label), text);
  satchel_list_row_name (SATCHEL_LIST_ROW (row), text, NULL);
  show_mark (item, NULL, menu);
  g_signal_connect_object (menu, "notify::selected-item", G_CALLBACK (show_mark), item,
                           G_CONNECT_SWAPPED);
}

static void
unbind_cb (GObject *menu, GtkListItem *item)
{
  g_signal_handlers_disconnect_by_func (menu, show_mark, item);
}

/* The button and the list, however deep they stand. */
static void
call_inside (GtkWidget *widget, const char *name)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    if (GTK_IS_TOGGLE_BUTTON (child) || GTK_IS_LIST_VIEW (child))
      satchel_widget_call (child, name, FALSE);
    else
      call_inside (child, name);
  }
}

static void
call (GtkWidget *menu, const char *name)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), menu, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), menu, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), menu, G_CONNECT_SWAPPED);
  g_object_set (menu, "list-factory", factory, NULL);
  call_inside (menu, name);
}

void
satchel_choices_call (GtkDropDown *menu, const char *name)
{
  satchel_widget_call (GTK_WIDGET (menu), name, FALSE);
  call (GTK_WIDGET (menu), name);
}

void
satchel_choices_call_row (AdwComboRow *row)
{
  call (GTK_WIDGET (row), adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)));
}
