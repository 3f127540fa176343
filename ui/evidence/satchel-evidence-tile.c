/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/satchel-evidence-tile.h"

#include <glib/gi18n.h>

#include "base/satchel-text.h"
#include "shared/satchel-widget.h"
#include "shared/satchel-words.h"

#define WIDTH_PX       112
#define HEIGHT_PX      84
#define SYMBOL_PX      32
#define NAME_SHOWN_MAX 120

char *
satchel_evidence_tile_dup_name (const SatchelEvidence *item)
{
  return satchel_text_for_display (item->name, NAME_SHOWN_MAX);
}

static GtkWidget *
make_symbol (const SatchelEvidence *item)
{
  g_autoptr (GIcon) icon = g_content_type_get_symbolic_icon (item->type);
  GtkWidget *symbol = gtk_image_new_from_gicon (icon);

  gtk_image_set_pixel_size (GTK_IMAGE (symbol), SYMBOL_PX);
  return symbol;
}

static GtkWidget *
make_picture (const SatchelEvidence *item, SatchelThumbnailer *thumbnailer)
{
  GtkWidget *overlay = gtk_overlay_new ();
  GtkWidget *picture = gtk_picture_new ();

  gtk_widget_set_size_request (overlay, WIDTH_PX, HEIGHT_PX);
  gtk_picture_set_content_fit (GTK_PICTURE (picture), GTK_CONTENT_FIT_COVER);
  gtk_widget_set_overflow (overlay, GTK_OVERFLOW_HIDDEN);
  gtk_widget_add_css_class (overlay, "satchel-thumbnail");
  gtk_overlay_set_child (GTK_OVERLAY (overlay), make_symbol (item));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), picture);
  satchel_thumbnailer_push (thumbnailer, item->id, item->type, GTK_PICTURE (picture));
  return overlay;
}

static GtkWidget *
make_label (const char *text, const char *style)
{
  GtkWidget *label = satchel_label_new_line (text, style);

  gtk_widget_set_halign (label, GTK_ALIGN_CENTER);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 14);
  return label;
}

GtkWidget *
satchel_evidence_tile_new (const SatchelEvidence *item, SatchelThumbnailer *thumbnailer)
{
  g_autofree char *name = satchel_evidence_tile_dup_name (item);
  g_autofree char *size = satchel_words_size (item->size_bytes);
  g_autofree char *described = g_strdup_printf ("%s, %s, %s", name, item->type, size);
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);

  gtk_box_append (GTK_BOX (box), make_picture (item, thumbnailer));
  gtk_box_append (GTK_BOX (box), make_label (name, "caption"));
  gtk_box_append (GTK_BOX (box), make_label (size, "caption dim-label"));
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_START);
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text (button, name);
  satchel_widget_call (button, described, FALSE);
  return button;
}
