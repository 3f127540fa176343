/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people/satchel-safety-words.h"

#include <glib/gi18n.h>

#include "shared/satchel-widget.h"

#define COLUMNS 2

static GtkWidget *
make_word (guint number, const char *word)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  g_autofree char *digit = g_strdup_printf ("%u", number);
  GtkWidget *place = gtk_label_new (digit);
  GtkWidget *label = gtk_label_new (word);

  gtk_widget_set_direction (box, GTK_TEXT_DIR_LTR);
  gtk_widget_add_css_class (place, "dim-label");
  gtk_widget_add_css_class (place, "numeric");
  gtk_widget_add_css_class (label, "satchel-safety-word");
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_box_append (GTK_BOX (box), place);
  gtk_box_append (GTK_BOX (box), label);
  return box;
}

GtkWidget *
satchel_safety_words_new (const SatchelPublicKeys *keys)
{
  g_autofree char *text = satchel_public_keys_dup_safety_words (keys);
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  GtkWidget *grid = g_object_new (GTK_TYPE_GRID, "accessible-role", GTK_ACCESSIBLE_ROLE_GROUP,
                                  "column-homogeneous", TRUE, "column-spacing", 12, "row-spacing",
                                  6, NULL);
  /* Translators: %s is six words. */
  g_autofree char *described = g_strdup_printf (_ ("Safety words: %s"), text);

  /* The words are of one language, and read from left to right whatever the app's is. */
  gtk_widget_set_direction (grid, GTK_TEXT_DIR_LTR);
  gtk_widget_add_css_class (grid, "card");
  gtk_widget_add_css_class (grid, "satchel-safety-words");
  for (guint i = 0; words[i] != NULL; i++)
    gtk_grid_attach (GTK_GRID (grid), make_word (i + 1, words[i]), (int) i % COLUMNS,
                     (int) i / COLUMNS, 1, 1);
  satchel_widget_call (grid, described, FALSE);
  return grid;
}
