/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shared/satchel-widget.h"

void
satchel_widget_call (GtkWidget *widget, const char *name, gboolean has_tip)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
  if (has_tip)
    gtk_widget_set_tooltip_text (widget, name);
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
  return label;
}
