/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "preferences/satchel-style-page.h"

#include <glib/gi18n.h>

#include "preferences/satchel-language.h"
#include "preferences/satchel-style.h"
#include "shared/satchel-choices.h"
#include "shared/satchel-widget.h"

static void
style_cb (GSettings *settings, GParamSpec *pspec, AdwComboRow *row)
{
  satchel_style_set (settings, (SatchelStyle) adw_combo_row_get_selected (row));
}

static void
language_cb (GSettings *settings, GParamSpec *pspec, AdwComboRow *row)
{
  satchel_language_set (settings, adw_combo_row_get_selected (row));
}

static AdwActionRow *
new_row (const char *title,
         const char *const *names,
         guint selected,
         GCallback selected_cb,
         GSettings *settings)
{
  g_autoptr (GListModel) model = G_LIST_MODEL (gtk_string_list_new (names));
  GtkWidget *row = adw_combo_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_combo_row_set_model (ADW_COMBO_ROW (row), model);
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), selected);
  satchel_choices_call_row (ADW_COMBO_ROW (row));
  g_signal_connect_object (row, "notify::selected", selected_cb, settings, G_CONNECT_SWAPPED);
  return ADW_ACTION_ROW (row);
}

AdwPreferencesPage *
satchel_style_page_new (GSettings *settings)
{
  /* In the order of SatchelStyle. */
  const char *const styles[] = {_ ("As the desktop"), _ ("Light"), _ ("Dark"), NULL};
  AdwPreferencesPage *page = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  AdwPreferencesGroup *spoken = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  AdwActionRow *style = new_row (_ ("Style"), styles, satchel_style_get (settings),
                                 G_CALLBACK (style_cb), settings);
  AdwActionRow *language = new_row (_ ("Language"), satchel_language_list_names (),
                                    satchel_language_get (settings), G_CALLBACK (language_cb),
                                    settings);

  adw_preferences_page_set_title (page, _ ("Appearance"));
  adw_preferences_page_set_icon_name (page, "applications-graphics-symbolic");
  g_object_set_data_full (G_OBJECT (page), "settings", g_object_ref (settings), g_object_unref);
  adw_preferences_group_add (group, GTK_WIDGET (style));
  adw_preferences_page_add (page, group);
  /* Beside the name of a language there is no room for it on a narrow screen. */
  adw_preferences_group_set_description (spoken,
                                         _ ("Another one is spoken when Satchel starts again"));
  adw_preferences_group_add (spoken, GTK_WIDGET (language));
  adw_preferences_page_add (page, spoken);
  satchel_widget_call_lists (GTK_WIDGET (page), adw_preferences_page_get_title (page));
  return page;
}
