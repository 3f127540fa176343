/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shared/satchel-toast.h"

#define FRAME_PX  100 /* around its words, with the button that closes it */
#define BUTTON_PX 40  /* around a button's own */
#define LEAST_PX  100 /* of width for words */

static void
measure_cb (GtkWidget *widget,
            GtkOrientation orientation,
            int for_size,
            int *minimum,
            int *natural,
            int *minimum_baseline,
            int *natural_baseline)
{
  *minimum = *natural = 0; /* as it is requested */
}

static void
allocate_cb (GtkWidget *widget, int width, int height, int baseline)
{
  gtk_widget_allocate (gtk_widget_get_first_child (widget), width, height, baseline, NULL);
}

AdwToast *
satchel_toast_new (const char *text)
{
  AdwToast *self = adw_toast_new ("");
  GtkWidget *frame = adw_bin_new ();
  GtkWidget *label = gtk_label_new (text);

  gtk_widget_set_layout_manager (frame,
                                 gtk_custom_layout_new (NULL, measure_cb, allocate_cb));
  adw_bin_set_child (ADW_BIN (frame), label);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "heading");
  adw_toast_set_custom_title (self, frame);
  return self;
}

/* AdwToastOverlay goes by the height that a toast would like, and has no room for words that need
 * more of it when they get less width: so they are given a size of their own. */
void
satchel_toast_fit (AdwToast *self, GtkWidget *where)
{
  GtkWidget *frame = adw_toast_get_custom_title (self);
  GtkWidget *label = gtk_widget_get_first_child (frame);
  const char *button = adw_toast_get_button_label (self);
  int room = gtk_widget_get_width (where) - FRAME_PX;
  int width, height;

  if (button != NULL) {
    g_autoptr (PangoLayout) words = gtk_widget_create_pango_layout (label, button);
    pango_layout_get_pixel_size (words, &width, NULL);
    room -= width + BUTTON_PX;
  }
  gtk_widget_measure (label, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);
  width = MIN (width, MAX (room, LEAST_PX));
  gtk_widget_measure (label, GTK_ORIENTATION_VERTICAL, width, NULL, &height, NULL, NULL);
  gtk_widget_set_size_request (frame, width, height);
}
