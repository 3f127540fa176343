/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/satchel-record-row.h"

#include <glib/gi18n.h>

#include "reports/satchel-record-item.h"
#include "reports/satchel-row-text.h"
#include "shared/satchel-list-row.h"

#define MARGIN    6
#define SPACING   12
#define LINE_GAP  2
#define MARK_SIZE 10

#define SATCHEL_TYPE_RECORD_ROW (satchel_record_row_get_type ())
G_DECLARE_FINAL_TYPE (SatchelRecordRow, satchel_record_row, SATCHEL, RECORD_ROW, SatchelListRow)

struct _SatchelRecordRow {
  SatchelListRow parent_instance;

  GtkWidget *icon;
  GtkWidget *title;
  GtkWidget *subtitle;
  GtkWidget *mark;         /* NULL until it is needed */
  SatchelRecordItem *item; /* borrowed; NULL: bound to nothing */
  gulong filled;           /* the handler */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelRecordRow, satchel_record_row, SATCHEL_TYPE_LIST_ROW)
// clang-format on

/* --- Where its parts stand --- */

static int
measure_part (GtkWidget *part, GtkOrientation orientation)
{
  int size = 0;

  gtk_widget_measure (part, orientation, -1, NULL, &size, NULL, NULL);
  return size;
}

/* What it takes of the width at the row's end. */
static int
measure_mark (SatchelRecordRow *self)
{
  return self->mark != NULL && gtk_widget_should_layout (self->mark)
             ? SPACING + measure_part (self->mark, GTK_ORIENTATION_HORIZONTAL)
             : 0;
}

/* Its words take what is left of the width. */
static void
satchel_record_row_measure (GtkWidget *widget,
                            GtkOrientation orientation,
                            int for_size,
                            int *minimum,
                            int *natural,
                            int *minimum_baseline,
                            int *natural_baseline)
{
  SatchelRecordRow *self = SATCHEL_RECORD_ROW (widget);
  int icon = measure_part (self->icon, orientation);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = icon + SPACING + measure_mark (self);
  else
    *minimum = MAX (icon, measure_part (self->title, orientation) + LINE_GAP +
                              measure_part (self->subtitle, orientation));
  *natural = *minimum;
}

/* @area: as in a row that goes from left to right. */
static void
place (SatchelRecordRow *self, GtkWidget *part, GtkAllocation area)
{
  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    area.x = gtk_widget_get_width (GTK_WIDGET (self)) - area.x - area.width;
  gtk_widget_size_allocate (part, &area, -1);
}

static void
satchel_record_row_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  SatchelRecordRow *self = SATCHEL_RECORD_ROW (widget);
  int icon = measure_part (self->icon, GTK_ORIENTATION_HORIZONTAL);
  int mark = measure_mark (self);
  int title = measure_part (self->title, GTK_ORIENTATION_VERTICAL);
  int x = icon + SPACING;
  int y = title + LINE_GAP;

  place (self, self->icon, (GtkAllocation){0, 0, icon, height});
  place (self, self->title, (GtkAllocation){x, 0, width - mark - x, title});
  place (self, self->subtitle, (GtkAllocation){x, y, width - mark - x, height - y});
  if (mark > 0)
    place (self, self->mark, (GtkAllocation){width - mark + SPACING, 0, mark - SPACING, height});
}

static void
satchel_record_row_class_init (SatchelRecordRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->measure = satchel_record_row_measure;
  widget_class->size_allocate = satchel_record_row_size_allocate;
}

static void
satchel_record_row_init (SatchelRecordRow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  self->icon = gtk_image_new ();
  self->title = satchel_row_text_new ();
  self->subtitle = satchel_row_text_new ();
  gtk_widget_add_css_class (self->subtitle, "satchel-row-subtitle");
  gtk_widget_add_css_class (self->subtitle, "caption");
  gtk_widget_set_margin_top (widget, MARGIN);
  gtk_widget_set_margin_bottom (widget, MARGIN);
  gtk_widget_set_parent (self->icon, widget);
  gtk_widget_set_parent (self->title, widget);
  gtk_widget_set_parent (self->subtitle, widget);
}

/* --- What is in them --- */

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
  GtkWidget *row = g_object_new (SATCHEL_TYPE_RECORD_ROW, NULL);

  if (!gtk_list_view_get_single_click_activate (list))
    add_click (list_item, row);
  gtk_list_item_set_child (list_item, row);
}

static void
show_mark (SatchelRecordRow *self, gboolean is_marked)
{
  if (is_marked && self->mark == NULL) {
    self->mark = make_mark ();
    gtk_widget_set_parent (self->mark, GTK_WIDGET (self));
  }
  if (self->mark != NULL)
    gtk_widget_set_visible (self->mark, is_marked);
}

static void
fill (SatchelRecordRow *self)
{
  const SatchelRecordLine *line = satchel_record_item_get_line (self->item);

  if (g_strcmp0 (line->icon, gtk_image_get_icon_name (GTK_IMAGE (self->icon))) != 0)
    gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), line->icon);
  satchel_row_text_set (SATCHEL_ROW_TEXT (self->title), line->markup, TRUE);
  satchel_row_text_set (SATCHEL_ROW_TEXT (self->subtitle), line->subtitle, FALSE);
  show_mark (self, line->is_marked);
  satchel_list_row_name (SATCHEL_LIST_ROW (self), line->title,
                         line->spoken != NULL ? line->spoken : line->subtitle);
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  SatchelRecordRow *self = SATCHEL_RECORD_ROW (gtk_list_item_get_child (list_item));

  self->item = gtk_list_item_get_item (list_item);
  self->filled = g_signal_connect_swapped (self->item, "filled", G_CALLBACK (fill), self);
  fill (self);
}

static void
unbind_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  SatchelRecordRow *self = SATCHEL_RECORD_ROW (gtk_list_item_get_child (list_item));

  g_clear_signal_handler (&self->filled, self->item);
  self->item = NULL;
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
