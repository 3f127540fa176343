/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shared/satchel-list-row.h"

typedef struct {
  char *texts[2]; /* nullable; as in PROPERTIES */
} SatchelListRowPrivate;

static const GtkAccessibleProperty PROPERTIES[] = {GTK_ACCESSIBLE_PROPERTY_LABEL,
                                                   GTK_ACCESSIBLE_PROPERTY_DESCRIPTION};

// clang-format off
G_DEFINE_TYPE_WITH_PRIVATE (SatchelListRow, satchel_list_row, GTK_TYPE_WIDGET)
// clang-format on

/* The list's own widget around this one has the focus and the role. */
static void
name_item (SatchelListRow *self)
{
  SatchelListRowPrivate *own = satchel_list_row_get_instance_private (self);
  GtkWidget *item = gtk_widget_get_parent (GTK_WIDGET (self));

  if (item == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (PROPERTIES); i++)
    if (own->texts[i] != NULL)
      gtk_accessible_update_property (GTK_ACCESSIBLE (item), PROPERTIES[i], own->texts[i], -1);
    else
      gtk_accessible_reset_property (GTK_ACCESSIBLE (item), PROPERTIES[i]);
}

static void
satchel_list_row_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (satchel_list_row_parent_class)->root (widget);
  name_item (SATCHEL_LIST_ROW (widget));
}

static void
satchel_list_row_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (satchel_list_row_parent_class)->dispose (object);
}

static void
satchel_list_row_finalize (GObject *object)
{
  SatchelListRowPrivate *own =
      satchel_list_row_get_instance_private (SATCHEL_LIST_ROW (object));

  for (guint i = 0; i < G_N_ELEMENTS (own->texts); i++)
    g_free (own->texts[i]);
  G_OBJECT_CLASS (satchel_list_row_parent_class)->finalize (object);
}

static void
satchel_list_row_class_init (SatchelListRowClass *klass)
{
  GTK_WIDGET_CLASS (klass)->root = satchel_list_row_root;
  G_OBJECT_CLASS (klass)->dispose = satchel_list_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = satchel_list_row_finalize;
}

static void
satchel_list_row_init (SatchelListRow *self)
{
}

GtkWidget *
satchel_list_row_new (GtkWidget *child)
{
  GtkWidget *self = g_object_new (SATCHEL_TYPE_LIST_ROW, NULL);

  gtk_widget_set_layout_manager (self, gtk_bin_layout_new ());
  gtk_widget_set_parent (child, self);
  return self;
}

void
satchel_list_row_name (SatchelListRow *self, const char *label, const char *description)
{
  SatchelListRowPrivate *own = satchel_list_row_get_instance_private (self);
  const char *const texts[] = {label, description};

  if (g_strcmp0 (label, own->texts[0]) == 0 && g_strcmp0 (description, own->texts[1]) == 0)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_free (own->texts[i]);
    own->texts[i] = g_strdup (texts[i]);
  }
  name_item (self);
}
