/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/satchel-beside-layout.h"

#define SPACING      12
#define LINE_SPACING 6
/* Pixels of a text below which its words begin to break. */
#define TEXT_WIDTH 150

struct _SatchelBesideLayout {
  GtkLayoutManager parent_instance;
};

G_DEFINE_FINAL_TYPE (SatchelBesideLayout, satchel_beside_layout, GTK_TYPE_LAYOUT_MANAGER)

typedef struct {
  GtkWidget *text;
  GtkWidget *other; /* NULL: none, or not to be seen */
  int text_width;   /* natural ones */
  int other_width;
} Children;

static Children
look_at (GtkWidget *widget)
{
  Children children = {.text = gtk_widget_get_first_child (widget)};

  children.other =
      children.text != NULL ? gtk_widget_get_next_sibling (children.text) : NULL;
  if (children.other != NULL && !gtk_widget_should_layout (children.other))
    children.other = NULL;
  if (children.text != NULL)
    gtk_widget_measure (children.text, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &children.text_width,
                        NULL, NULL);
  if (children.other != NULL)
    gtk_widget_measure (children.other, GTK_ORIENTATION_HORIZONTAL, -1, NULL,
                        &children.other_width, NULL, NULL);
  return children;
}

static gboolean
fits_beside (const Children *children, int width)
{
  return width < 0 ||
         width >= MIN (children->text_width, TEXT_WIDTH) + SPACING + children->other_width;
}

static int
height_for (GtkWidget *widget, int width)
{
  int height = 0;

  gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, width, NULL, &height, NULL, NULL);
  return height;
}

static GtkSizeRequestMode
satchel_beside_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
measure_width (const Children *children, int *minimum, int *natural)
{
  int text = 0;
  int other = 0;

  gtk_widget_measure (children->text, GTK_ORIENTATION_HORIZONTAL, -1, &text, NULL, NULL, NULL);
  if (children->other != NULL)
    gtk_widget_measure (children->other, GTK_ORIENTATION_HORIZONTAL, -1, &other, NULL, NULL, NULL);
  *minimum = MAX (text, other);
  *natural =
      children->text_width + (children->other != NULL ? SPACING + children->other_width : 0);
}

static int
measure_height (const Children *children, int width)
{
  if (children->other == NULL)
    return height_for (children->text, width);
  if (!fits_beside (children, width))
    return height_for (children->text, width) + LINE_SPACING +
           height_for (children->other, width);
  int text_width = width < 0 ? -1 : width - SPACING - children->other_width;
  return MAX (height_for (children->text, text_width), height_for (children->other, -1));
}

static void
satchel_beside_layout_measure (GtkLayoutManager *manager,
                               GtkWidget *widget,
                               GtkOrientation orientation,
                               int for_size,
                               int *minimum,
                               int *natural,
                               int *minimum_baseline,
                               int *natural_baseline)
{
  Children children = look_at (widget);

  *minimum = 0;
  *natural = 0;
  if (children.text == NULL)
    return;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    measure_width (&children, minimum, natural);
  else
    *minimum = *natural = measure_height (&children, for_size);
}

static void
satchel_beside_layout_allocate (GtkLayoutManager *manager,
                                GtkWidget *widget,
                                int width,
                                int height,
                                int baseline)
{
  Children children = look_at (widget);
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;

  if (children.text == NULL)
    return;
  if (children.other == NULL) {
    gtk_widget_size_allocate (children.text, &(GtkAllocation){0, 0, width, height}, -1);
    return;
  }
  int other_width = MIN (children.other_width, width);
  int other_height = height_for (children.other, other_width);
  gboolean is_beside = fits_beside (&children, width);
  int text_width = is_beside ? width - SPACING - other_width : width;
  GtkAllocation text = {is_rtl ? width - text_width : 0, 0, text_width,
                        is_beside ? height : height_for (children.text, width)};
  /* At the end of the line, or at its beginning below. */
  GtkAllocation other = {is_beside == is_rtl ? 0 : width - other_width,
                         is_beside ? (height - other_height) / 2 : text.height + LINE_SPACING,
                         other_width, other_height};

  gtk_widget_size_allocate (children.text, &text, -1);
  gtk_widget_size_allocate (children.other, &other, -1);
}

static void
satchel_beside_layout_class_init (SatchelBesideLayoutClass *klass)
{
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  layout_class->get_request_mode = satchel_beside_layout_get_request_mode;
  layout_class->measure = satchel_beside_layout_measure;
  layout_class->allocate = satchel_beside_layout_allocate;
}

static void
satchel_beside_layout_init (SatchelBesideLayout *self)
{
}

GtkLayoutManager *
satchel_beside_layout_new (void)
{
  return g_object_new (SATCHEL_TYPE_BESIDE_LAYOUT, NULL);
}
