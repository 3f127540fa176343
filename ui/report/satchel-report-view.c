/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/satchel-report-view.h"

#include <glib/gi18n.h>

#include "base/satchel-text.h"
#include "shared/satchel-widget.h"
#include "shared/satchel-words.h"

#define INDENT_PX 18

/* What somebody else wrote keeps its lines, and loses what could play tricks on the eye. */
static char *
dup_shown (const char *value)
{
  g_auto (GStrv) lines = g_strsplit (value, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++) {
    char *clean = satchel_text_for_display (lines[i], G_MAXUINT);
    g_free (lines[i]);
    lines[i] = clean;
  }
  return g_strjoinv ("\n", lines);
}

static GtkWidget *
make_row (const SatchelFieldRow *row)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *list_row = adw_preferences_row_new ();

  gtk_widget_add_css_class (box, "satchel-form-row");
  gtk_widget_set_margin_start (box, (int) row->depth * INDENT_PX);
  if (row->value == NULL) {
    gtk_box_append (GTK_BOX (box), satchel_label_new (row->label, "heading"));
  } else {
    g_autofree char *value = dup_shown (row->value);
    GtkWidget *text = satchel_label_new (value, "body");
    GtkWidget *label = satchel_label_new (row->label, "caption dim-label");
    gtk_label_set_selectable (GTK_LABEL (text), TRUE);
    gtk_box_append (GTK_BOX (box), label);
    gtk_box_append (GTK_BOX (box), text);
    gtk_accessible_update_relation (GTK_ACCESSIBLE (text), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                    label, NULL, -1);
  }
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (list_row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (list_row), FALSE);
  gtk_widget_set_focusable (list_row, FALSE);
  return list_row;
}

GtkWidget *
satchel_report_view_new (const SatchelKind *kind, JsonObject *values)
{
  g_autoptr (GPtrArray) rows = satchel_fields_list_rows (kind, values, satchel_words_language ());
  GtkWidget *group = adw_preferences_group_new ();

  satchel_widget_call_lists (group, satchel_label_get (kind->label, satchel_words_language ()));
  for (guint i = 0; i < rows->len; i++)
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), make_row (rows->pdata[i]));
  return group;
}
