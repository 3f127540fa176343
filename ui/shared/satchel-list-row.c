/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shared/satchel-list-row.h"

struct _SatchelListRow {
  AdwBin parent_instance;

  char *texts[2]; /* nullable; as in PROPERTIES */
  guint position;
};

enum { PROP_LABEL = 1,
       PROP_DESCRIPTION,
       PROP_POSITION,
       PROPS };
static GParamSpec *props[PROPS];

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
satchel_list_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_POSITION)
    g_value_set_uint (value, SATCHEL_LIST_ROW (object)->position);
  else if (id > 0 && id < PROPS)
    g_value_set_string (value, SATCHEL_LIST_ROW (object)->texts[id - 1]);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
satchel_list_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  SatchelListRow *self = SATCHEL_LIST_ROW (object);

  if (id == 0 || id >= PROPS) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    return;
  }
  if (id == PROP_POSITION) {
    self->position = g_value_get_uint (value);
    return;
  }
  g_free (self->texts[id - 1]);
  self->texts[id - 1] = g_value_dup_string (value);
  name_item (self);
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
  static const char *const NAMES[PROPS] = {NULL, "label", "description"};
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = satchel_list_row_get_property;
  object_class->set_property = satchel_list_row_set_property;
  object_class->finalize = satchel_list_row_finalize;
  for (guint i = PROP_LABEL; i < PROP_POSITION; i++)
    props[i] = g_param_spec_string (NAMES[i], NULL, NULL, NULL,
                                    G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_POSITION] =
      g_param_spec_uint ("position", NULL, NULL, 0, G_MAXUINT, GTK_INVALID_LIST_POSITION,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, PROPS, props);
}

static void
released_cb (SatchelListRow *self, int presses, double x, double y, GtkGesture *gesture)
{
  GdkModifierType keys =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));

  if (self->position != GTK_INVALID_LIST_POSITION && presses == 1 &&
      (keys & (GDK_CONTROL_MASK | GDK_SHIFT_MASK)) == 0)
    gtk_widget_activate_action (GTK_WIDGET (self), "list.activate-item", "u", self->position);
}

static void
satchel_list_row_init (SatchelListRow *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  self->position = GTK_INVALID_LIST_POSITION;
  g_signal_connect_object (click, "released", G_CALLBACK (released_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  g_signal_connect (self, "notify::parent", G_CALLBACK (name_item), NULL);
}

void
satchel_list_row_name (SatchelListRow *self, const char *label, const char *description)
{
  const char *const texts[] = {label, description};

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_free (self->texts[i]);
    self->texts[i] = g_strdup (texts[i]);
  }
  name_item (self);
}
