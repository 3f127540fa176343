/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/satchel-record-row.h"

#include <glib/gi18n.h>

#include "reports/satchel-record-item.h"
#include "reports/satchel-row-text.h"
#include "shared/satchel-list-row.h"

#define MARGIN    6
#define SPACING   12
#define MARK_SIZE 10

/* The parts of a row, kept with its list item. */
typedef struct {
  SatchelListRow *row;
  GtkImage *icon;
  SatchelRowText *title;
  SatchelRowText *subtitle;
  GtkBox *box;
  GtkWidget *mark;         /* NULL until it is needed */
  SatchelRecordItem *item; /* borrowed; NULL: bound to nothing */
  gulong filled;           /* the handler */
} Parts;

static GtkWidget *
make_mark (void)
{
  GtkWidget *mark = gtk_image_new_from_icon_name ("media-record-symbolic");

  gtk_image_set_pixel_size (GTK_IMAGE (mark), MARK_SIZE);
  gtk_widget_set_tooltip_text (mark, _ ("Unread"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (mark), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Unread"), -1);
  gtk_widget_add_css_class (mark, "accent");
  return mark;
}

static GtkWidget *
make_texts (Parts *parts)
{
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  parts->title = SATCHEL_ROW_TEXT (satchel_row_text_new ());
  parts->subtitle = SATCHEL_ROW_TEXT (satchel_row_text_new ());
  gtk_widget_add_css_class (GTK_WIDGET (parts->subtitle), "satchel-row-subtitle");
  gtk_widget_add_css_class (GTK_WIDGET (parts->subtitle), "caption");
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_box_append (GTK_BOX (texts), GTK_WIDGET (parts->title));
  gtk_box_append (GTK_BOX (texts), GTK_WIDGET (parts->subtitle));
  return texts;
}

/* Where rows can be selected, a click alone would only select: without Ctrl and Shift it opens. */
static void
released_cb (GtkListItem *list_item, int presses, double x, double y, GtkGesture *gesture)
{
  GtkEventController *controller = GTK_EVENT_CONTROLLER (gesture);
  GtkWidget *row = gtk_event_controller_get_widget (controller);
  GtkWidget *list = gtk_widget_get_ancestor (row, GTK_TYPE_LIST_VIEW);
  GdkModifierType keys = gtk_event_controller_get_current_event_state (controller);

  if (list != NULL && !gtk_list_view_get_single_click_activate (GTK_LIST_VIEW (list)) &&
      presses == 1 && (keys & (GDK_CONTROL_MASK | GDK_SHIFT_MASK)) == 0)
    gtk_widget_activate_action (row, "list.activate-item", "u",
                                gtk_list_item_get_position (list_item));
}

static void
add_click (GtkListItem *list_item, GtkWidget *row)
{
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect_object (click, "released", G_CALLBACK (released_cb), list_item,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (click));
}

static void
setup_cb (GtkListItemFactory *factory, GtkListItem *list_item, GtkListView *list)
{
  Parts *parts = g_new0 (Parts, 1);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, SPACING);

  parts->box = GTK_BOX (box);
  parts->row = SATCHEL_LIST_ROW (satchel_list_row_new ());
  parts->icon = GTK_IMAGE (gtk_image_new ());
  gtk_widget_set_margin_top (box, MARGIN);
  gtk_widget_set_margin_bottom (box, MARGIN);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (parts->icon));
  gtk_box_append (GTK_BOX (box), make_texts (parts));
  if (!gtk_list_view_get_single_click_activate (list))
    add_click (list_item, GTK_WIDGET (parts->row));
  adw_bin_set_child (ADW_BIN (parts->row), box);
  gtk_list_item_set_child (list_item, GTK_WIDGET (parts->row));
  g_object_set_data_full (G_OBJECT (list_item), "parts", parts, g_free);
}

static void
fill (Parts *parts)
{
  const SatchelRecordLine *line = satchel_record_item_get_line (parts->item);

  if (g_strcmp0 (line->icon, gtk_image_get_icon_name (parts->icon)) != 0)
    gtk_image_set_from_icon_name (parts->icon, line->icon);
  satchel_row_text_set (parts->title, line->markup, TRUE);
  satchel_row_text_set (parts->subtitle, line->subtitle, FALSE);
  if (line->is_marked && parts->mark == NULL) {
    parts->mark = make_mark ();
    gtk_box_append (parts->box, parts->mark);
  }
  if (parts->mark != NULL)
    gtk_widget_set_visible (parts->mark, line->is_marked);
  satchel_list_row_name (parts->row, line->title,
                         line->spoken != NULL ? line->spoken : line->subtitle);
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  Parts *parts = g_object_get_data (G_OBJECT (list_item), "parts");

  parts->item = gtk_list_item_get_item (list_item);
  parts->filled = g_signal_connect_swapped (parts->item, "filled", G_CALLBACK (fill), parts);
  fill (parts);
}

static void
unbind_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  Parts *parts = g_object_get_data (G_OBJECT (list_item), "parts");

  g_clear_signal_handler (&parts->filled, parts->item);
  parts->item = NULL;
}

void
satchel_record_row_set_up (GtkListView *list)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), list);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);
  gtk_list_view_set_factory (list, factory);
}
