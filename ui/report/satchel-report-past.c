/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/satchel-report-past.h"

#include <glib/gi18n.h>

#include "custody/satchel-custody-chain.h"
#include "shared/satchel-widget.h"

struct _SatchelReportPast {
  AdwBin parent_instance;

  /* Template children */
  AdwPreferencesGroup *links;
  AdwExpanderRow *history;
  AdwExpanderRow *custody;
  SatchelCustodyChain *chain;

  /* Owned */
  GPtrArray *lines; /* of GtkWidget, borrowed: what showing replaces */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelReportPast, satchel_report_past, ADW_TYPE_BIN)
// clang-format on

static void
clear_lines (SatchelReportPast *self)
{
  for (guint i = 0; i < self->lines->len; i++) {
    GtkWidget *row = self->lines->pdata[i];
    if (gtk_widget_get_ancestor (row, ADW_TYPE_EXPANDER_ROW) == GTK_WIDGET (self->history))
      adw_expander_row_remove (self->history, row);
    else
      adw_preferences_group_remove (self->links, row);
  }
  g_ptr_array_set_size (self->lines, 0);
}

static GtkWidget *
make_line (SatchelReportPast *self, const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle != NULL ? subtitle : "");
  g_ptr_array_add (self->lines, row);
  return row;
}

static void
show_lines (SatchelReportPast *self, AdwExpanderRow *expander, GPtrArray *lines)
{
  for (guint i = 0; i < lines->len; i++) {
    const SatchelReportLine *line = lines->pdata[i];
    adw_expander_row_add_row (expander, make_line (self, line->title, line->subtitle));
  }
}

static void
show_links (SatchelReportPast *self, GPtrArray *links)
{
  for (guint i = 0; i < links->len; i++) {
    const SatchelReportLinked *linked = links->pdata[i];
    GtkWidget *row = make_line (self, linked->title, NULL);
    adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                               gtk_image_new_from_icon_name ("go-next-symbolic"));
    gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
    gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "record.open");
    gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", linked->id);
    adw_preferences_group_add (self->links, row);
  }
  gtk_widget_set_visible (GTK_WIDGET (self->links), links->len > 0);
}

void
satchel_report_past_show (SatchelReportPast *self, const SatchelReport *report)
{
  gboolean is_saved = report != NULL && report->record != NULL;

  clear_lines (self);
  gtk_widget_set_visible (GTK_WIDGET (self), is_saved);
  if (!is_saved)
    return;
  g_autofree char *revisions = g_strdup_printf (
      ngettext ("%u revision", "%u revisions", report->history->len), report->history->len);
  adw_expander_row_set_subtitle (self->history, revisions);
  show_lines (self, self->history, report->history);
  satchel_custody_chain_set_views (self->chain, report->custody);
  show_links (self, report->links);
}

static void
satchel_report_past_finalize (GObject *object)
{
  g_ptr_array_unref (SATCHEL_REPORT_PAST (object)->lines);
  G_OBJECT_CLASS (satchel_report_past_parent_class)->finalize (object);
}

static void
satchel_report_past_class_init (SatchelReportPastClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (SATCHEL_TYPE_CUSTODY_CHAIN);
  G_OBJECT_CLASS (klass)->finalize = satchel_report_past_finalize;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/report/satchel-report-past.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelReportPast, links);
  gtk_widget_class_bind_template_child (widget_class, SatchelReportPast, history);
  gtk_widget_class_bind_template_child (widget_class, SatchelReportPast, custody);
  gtk_widget_class_bind_template_child (widget_class, SatchelReportPast, chain);
}

static void
satchel_report_past_init (SatchelReportPast *self)
{
  self->lines = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  satchel_widget_call_lists (GTK_WIDGET (self), _ ("Report"));
  satchel_widget_call_expander (self->history);
  satchel_widget_call_expander (self->custody);
}
