/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "preferences/satchel-style-page.h"

#include <glib/gi18n.h>

static void
selected_cb (GSettings *settings, GParamSpec *pspec, AdwComboRow *row)
{
  satchel_style_set (settings, (SatchelStyle) adw_combo_row_get_selected (row));
}

AdwPreferencesPage *
satchel_style_page_new (GSettings *settings)
{
  /* In the order of SatchelStyle. */
  const char *const names[] = {_ ("As the desktop"), _ ("Light"), _ ("Dark"), NULL};
  g_autoptr (GListModel) model = G_LIST_MODEL (gtk_string_list_new (names));
  GtkWidget *page = adw_preferences_page_new ();
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *row = adw_combo_row_new ();

  adw_preferences_page_set_title (ADW_PREFERENCES_PAGE (page), _ ("Appearance"));
  adw_preferences_page_set_icon_name (ADW_PREFERENCES_PAGE (page),
                                      "applications-graphics-symbolic");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Style"));
  adw_combo_row_set_model (ADW_COMBO_ROW (row), model);
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), satchel_style_get (settings));
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (selected_cb), settings,
                           G_CONNECT_SWAPPED);
  g_object_set_data_full (G_OBJECT (page), "settings", g_object_ref (settings), g_object_unref);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (group));
  return ADW_PREFERENCES_PAGE (page);
}
