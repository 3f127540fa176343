/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "legal/satchel-verdict-group.h"

#include <glib/gi18n.h>

#include "legal/satchel-item-text.h"
#include "legal/satchel-verdict-text.h"
#include "shared/satchel-widget.h"

#define ROWS_MAX 500 /* a bundle may have a hundred thousand files */

struct _SatchelVerdictGroup {
  AdwPreferencesGroup parent_instance;

  GPtrArray *rows; /* of GtkWidget, borrowed */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelVerdictGroup, satchel_verdict_group, ADW_TYPE_PREFERENCES_GROUP)
// clang-format on

static void
add_row (SatchelVerdictGroup *self,
         const char *icon,
         const char *style,
         const char *title,
         const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *image = gtk_image_new_from_icon_name (icon);

  if (style != NULL)
    gtk_widget_add_css_class (image, style);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  satchel_widget_set_exact (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), image);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
  g_ptr_array_add (self->rows, row);
}

static void
add_verdict (SatchelVerdictGroup *self, const SatchelItemVerdict *verdict)
{
  g_autofree char *object = satchel_item_text_dup_object (verdict);
  g_autofree char *text = satchel_verdict_text_dup (verdict);
  /* Translators: what a verdict is about. */
  g_autofree char *title = g_strdup_printf (verdict->holds ? _ ("%s: holds") : _ ("%s: BROKEN"),
                                            object);

  add_row (self, verdict->holds ? "emblem-ok-symbolic" : "dialog-error-symbolic",
           verdict->holds ? "success" : "error", title, text);
}

static void
add_verdicts (SatchelVerdictGroup *self, GPtrArray *verdicts, gboolean holds)
{
  for (guint i = 0; i < verdicts->len && self->rows->len < ROWS_MAX; i++) {
    const SatchelItemVerdict *verdict = verdicts->pdata[i];
    if (verdict->holds == holds)
      add_verdict (self, verdict);
  }
}

void
satchel_verdict_group_show (SatchelVerdictGroup *self, const SatchelVerification *verification)
{
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  gtk_widget_set_visible (GTK_WIDGET (self), verification != NULL);
  if (verification == NULL)
    return;
  add_verdicts (self, verification->verdicts, FALSE);
  add_verdicts (self, verification->verdicts, TRUE);
  if (verification->verdicts->len <= self->rows->len)
    return;
  guint more = verification->verdicts->len - self->rows->len;
  g_autofree char *title =
      g_strdup_printf (ngettext ("%u more is not shown", "%u more are not shown", more), more);
  add_row (self, "view-more-symbolic", NULL, title, "");
}

static void
satchel_verdict_group_finalize (GObject *object)
{
  g_ptr_array_unref (SATCHEL_VERDICT_GROUP (object)->rows);
  G_OBJECT_CLASS (satchel_verdict_group_parent_class)->finalize (object);
}

static void
satchel_verdict_group_class_init (SatchelVerdictGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = satchel_verdict_group_finalize;
}

static void
satchel_verdict_group_init (SatchelVerdictGroup *self)
{
  self->rows = g_ptr_array_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _ ("Findings"));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
