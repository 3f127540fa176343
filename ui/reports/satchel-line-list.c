/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/satchel-line-list.h"

#include "reports/satchel-record-row.h"
#include "shared/satchel-error-text.h"
#include "shared/satchel-widget.h"
#include "window/satchel-window.h"

struct _SatchelLineList {
  AdwBin parent_instance;

  /* Template children */
  GtkStack *states;
  AdwStatusPage *failed;
  GtkListView *list;

  AdwStatusPage *empty; /* NULL until there is nothing: most lists never need it */

  /* Owned */
  char *icon; /* of that page; all nullable */
  char *title;
  char *description;
  SatchelLineModel *model;
};

enum { PROP_LABEL = 1,
       PROP_ICON,
       PROP_TITLE,
       PROP_DESCRIPTION,
       PROPS };
static GParamSpec *props[PROPS];

enum { OPEN,
       SIGNALS };
static guint signals[SIGNALS];

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelLineList, satchel_line_list, ADW_TYPE_BIN)
// clang-format on

static void
fill_empty (SatchelLineList *self)
{
  if (self->empty == NULL)
    return;
  adw_status_page_set_icon_name (self->empty, self->icon);
  adw_status_page_set_title (self->empty, self->title != NULL ? self->title : "");
  adw_status_page_set_description (self->empty, self->description);
}

static void
show_empty (SatchelLineList *self)
{
  if (self->empty == NULL) {
    self->empty = ADW_STATUS_PAGE (adw_status_page_new ());
    gtk_widget_add_css_class (GTK_WIDGET (self->empty), "compact");
    gtk_stack_add_child (self->states, GTK_WIDGET (self->empty));
    fill_empty (self);
  }
  gtk_stack_set_visible_child (self->states, GTK_WIDGET (self->empty));
}

/* "loading" stands only until the first answer, so that nothing flickers between two questions. */
static void
show_state (SatchelLineList *self)
{
  if (!satchel_line_model_is_loaded (self->model))
    gtk_stack_set_visible_child_name (self->states, "loading");
  else if (g_list_model_get_n_items (G_LIST_MODEL (self->model)) > 0)
    gtk_stack_set_visible_child_name (self->states, "list");
  else
    show_empty (self);
}

/* A list that stood already is not taken away: it may be old, but it is all there is. */
static void
failed_cb (SatchelLineList *self, const GError *error)
{
  if (satchel_error_text_is_silent (error))
    return;
  if (satchel_line_model_is_loaded (self->model)) {
    satchel_window_say_error (GTK_WIDGET (self), error);
    return;
  }
  satchel_widget_explain (self->failed, error);
  gtk_stack_set_visible_child_name (self->states, "failed");
}

static void
activate_cb (SatchelLineList *self, guint position)
{
  g_autoptr (SatchelRecordItem) item =
      g_list_model_get_item (G_LIST_MODEL (self->model), position);
  const char *id = item != NULL ? satchel_record_item_get_id (item) : NULL;

  if (id != NULL)
    g_signal_emit (self, signals[OPEN], 0, id);
}

void
satchel_line_list_set_model (SatchelLineList *self,
                             SatchelLineModel *model,
                             GtkSelectionModel *selection)
{
  g_autoptr (GtkSelectionModel) none = NULL;

  if (selection == NULL)
    none = GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (G_LIST_MODEL (model))));
  g_set_object (&self->model, model);
  g_signal_connect_object (model, "items-changed", G_CALLBACK (show_state), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (model, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  /* With it the pointer selects what it passes over: no way to keep a selection. */
  gtk_list_view_set_single_click_activate (self->list, selection == NULL);
  gtk_list_view_set_model (self->list, selection != NULL ? selection : none);
  show_state (self);
}

void
satchel_line_list_say_empty (SatchelLineList *self,
                             const char *icon,
                             const char *title,
                             const char *description)
{
  g_object_set (self, "icon", icon, "title", title, "description", description, NULL);
}

/* --- The widget --- */

static void
set_text (SatchelLineList *self, char **text, const char *value)
{
  g_free (*text);
  *text = g_strdup (value);
  fill_empty (self);
}

static void
satchel_line_list_set_property (GObject *object,
                                guint id,
                                const GValue *value,
                                GParamSpec *pspec)
{
  SatchelLineList *self = SATCHEL_LINE_LIST (object);
  const char *text = g_value_get_string (value);

  switch (id) {
    case PROP_LABEL:
      satchel_widget_call (GTK_WIDGET (self->list), text, FALSE);
      break;
    case PROP_ICON:
      set_text (self, &self->icon, text);
      break;
    case PROP_TITLE:
      set_text (self, &self->title, text);
      break;
    case PROP_DESCRIPTION:
      set_text (self, &self->description, text);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
satchel_line_list_dispose (GObject *object)
{
  g_clear_object (&SATCHEL_LINE_LIST (object)->model);
  G_OBJECT_CLASS (satchel_line_list_parent_class)->dispose (object);
}

static void
satchel_line_list_finalize (GObject *object)
{
  SatchelLineList *self = SATCHEL_LINE_LIST (object);

  g_free (self->icon);
  g_free (self->title);
  g_free (self->description);
  G_OBJECT_CLASS (satchel_line_list_parent_class)->finalize (object);
}

static void
satchel_line_list_class_init (SatchelLineListClass *klass)
{
  static const char *const NAMES[PROPS] = {NULL, "label", "icon", "title", "description"};
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = satchel_line_list_set_property;
  object_class->dispose = satchel_line_list_dispose;
  object_class->finalize = satchel_line_list_finalize;
  for (guint i = PROP_LABEL; i < PROPS; i++)
    props[i] = g_param_spec_string (NAMES[i], NULL, NULL, NULL,
                                    G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, PROPS, props);
  signals[OPEN] = g_signal_new ("open", SATCHEL_TYPE_LINE_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/reports/satchel-line-list.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelLineList, states);
  gtk_widget_class_bind_template_child (widget_class, SatchelLineList, failed);
  gtk_widget_class_bind_template_child (widget_class, SatchelLineList, list);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
satchel_line_list_init (SatchelLineList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  satchel_widget_leave_by_tab (GTK_WIDGET (self->list));
  satchel_record_row_set_up (self->list);
}
