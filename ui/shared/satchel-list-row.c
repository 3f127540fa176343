/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shared/satchel-list-row.h"

struct _SatchelListRow {
  AdwBin parent_instance;

  char *texts[2]; /* nullable; as in PROPERTIES */
};

static const GtkAccessibleProperty PROPERTIES[] = {GTK_ACCESSIBLE_PROPERTY_LABEL,
                                                   GTK_ACCESSIBLE_PROPERTY_DESCRIPTION};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelListRow, satchel_list_row, ADW_TYPE_BIN)
// clang-format on

/* The list's own widget around this one has the focus and the role. */
static void
name_item (SatchelListRow *self)
{
  GtkWidget *item = gtk_widget_get_parent (GTK_WIDGET (self));

  if (item == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (PROPERTIES); i++)
    if (self->texts[i] != NULL)
      gtk_accessible_update_property (GTK_ACCESSIBLE (item), PROPERTIES[i], self->texts[i], -1);
    else
      gtk_accessible_reset_property (GTK_ACCESSIBLE (item), PROPERTIES[i]);
}

static void
satchel_list_row_finalize (GObject *object)
{
  SatchelListRow *self = SATCHEL_LIST_ROW (object);

  for (guint i = 0; i < G_N_ELEMENTS (self->texts); i++)
    g_free (self->texts[i]);
  G_OBJECT_CLASS (satchel_list_row_parent_class)->finalize (object);
}

static void
satchel_list_row_class_init (SatchelListRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = satchel_list_row_finalize;
}

static void
satchel_list_row_init (SatchelListRow *self)
{
  g_signal_connect (self, "notify::parent", G_CALLBACK (name_item), NULL);
}

GtkWidget *
satchel_list_row_new (void)
{
  return g_object_new (SATCHEL_TYPE_LIST_ROW, NULL);
}

void
satchel_list_row_name (SatchelListRow *self, const char *label, const char *description)
{
  const char *const texts[] = {label, description};

  if (g_strcmp0 (label, self->texts[0]) == 0 && g_strcmp0 (description, self->texts[1]) == 0)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_free (self->texts[i]);
    self->texts[i] = g_strdup (texts[i]);
  }
  name_item (self);
}
