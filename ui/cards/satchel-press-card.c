/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cards/satchel-press-card.h"

#include "shared/satchel-widget.h"
#include "shared/satchel-words.h"

#define WIDTH_CHARS 24 /* so that no column follows the longest name */

/* By its first letter. */
GtkTextDirection
satchel_press_card_get_direction (const SatchelPressFace *face)
{
  const char *letter = face->heading;

  while (*letter != '\0' && !g_unichar_isalpha (g_utf8_get_char (letter)))
    letter = g_utf8_next_char (letter);
  switch (g_unichar_get_script (g_utf8_get_char (letter))) {
    case G_UNICODE_SCRIPT_ARABIC:
    case G_UNICODE_SCRIPT_HEBREW:
    case G_UNICODE_SCRIPT_SYRIAC:
    case G_UNICODE_SCRIPT_THAANA:
    case G_UNICODE_SCRIPT_NKO:
      return GTK_TEXT_DIR_RTL;
    default:
      return GTK_TEXT_DIR_LTR;
  }
}

/* @box tells its direction. */
static void
append (GtkWidget *box, const char *text, const char *style)
{
  GtkWidget *label;

  if (text == NULL)
    return;
  g_autofree char *shown = satchel_words_keep_numbers (text);
  label = satchel_label_new (shown, style);
  gtk_label_set_max_width_chars (GTK_LABEL (label), WIDTH_CHARS);
  gtk_widget_set_direction (label, gtk_widget_get_direction (box));
  gtk_box_append (GTK_BOX (box), label);
}

static GtkWidget *
make_box (const SatchelPressFace *face, GtkOrientation orientation, int spacing)
{
  GtkWidget *box = gtk_box_new (orientation, spacing);

  gtk_widget_set_direction (box, satchel_press_card_get_direction (face));
  return box;
}

static GtkWidget *
make_strip (const SatchelPressFace *face)
{
  GtkWidget *strip = make_box (face, GTK_ORIENTATION_VERTICAL, 0);

  gtk_widget_add_css_class (strip, "satchel-press-strip");
  append (strip, face->heading, "satchel-press-heading");
  append (strip, face->outlet, "satchel-press-outlet");
  return strip;
}

static void
append_lines (GtkWidget *box, const SatchelPressFace *face)
{
  for (guint i = 0; i < face->lines->len; i++) {
    const SatchelPressLine *line = face->lines->pdata[i];
    GtkWidget *pair = make_box (face, GTK_ORIENTATION_VERTICAL, 0);
    append (pair, line->label, "satchel-press-label");
    append (pair, line->value, "satchel-press-value");
    gtk_box_append (GTK_BOX (box), pair);
  }
}

GtkWidget *
satchel_press_card_new (const SatchelPressFace *face, gboolean is_whole, GtkWidget *picture)
{
  GtkWidget *card = make_box (face, GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *body = make_box (face, GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = make_box (face, GTK_ORIENTATION_VERTICAL, is_whole ? 9 : 3);

  append (texts, face->name, "satchel-press-name");
  append (texts, face->role, "satchel-press-value");
  if (is_whole)
    append_lines (texts, face);
  else
    append (texts, face->number, "satchel-press-value");
  gtk_widget_set_hexpand (texts, TRUE);
  if (picture != NULL) {
    gtk_widget_set_valign (picture, GTK_ALIGN_START);
    gtk_box_append (GTK_BOX (body), picture);
  }
  gtk_box_append (GTK_BOX (body), texts);
  gtk_widget_add_css_class (body, "satchel-press-body");
  gtk_box_append (GTK_BOX (card), make_strip (face));
  gtk_box_append (GTK_BOX (card), body);
  gtk_widget_add_css_class (card, "satchel-press-card");
  gtk_widget_set_overflow (card, GTK_OVERFLOW_HIDDEN);
  return card;
}
