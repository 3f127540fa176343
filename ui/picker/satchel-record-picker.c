/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "picker/satchel-record-picker.h"

#include "reports/satchel-record-row.h"
#include "reports/satchel-record-source.h"
#include "shared/satchel-widget.h"

struct _SatchelRecordPicker {
  AdwWindow parent_instance;

  /* Template children */
  GtkSearchEntry *search_entry;
  GtkStack *states;
  GtkListView *list;

  /* Owned */
  SatchelLineModel *model;
};

enum { PICKED,
       SIGNALS };
static guint signals[SIGNALS];

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelRecordPicker, satchel_record_picker, ADW_TYPE_WINDOW)
// clang-format on

static void
show_state (SatchelRecordPicker *self)
{
  if (!satchel_line_model_is_loaded (self->model))
    gtk_stack_set_visible_child_name (self->states, "loading");
  else if (g_list_model_get_n_items (G_LIST_MODEL (self->model)) > 0)
    gtk_stack_set_visible_child_name (self->states, "list");
  else
    gtk_stack_set_visible_child_name (self->states, "not-found");
}

static void
search_changed_cb (SatchelRecordPicker *self)
{
  satchel_record_source_ask (self->model,
                             gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
}

static void
pick (SatchelRecordPicker *self, guint position)
{
  g_autoptr (SatchelRecordItem) item =
      g_list_model_get_item (G_LIST_MODEL (self->model), position);

  if (item == NULL || satchel_record_item_get_id (item) == NULL)
    return;
  g_signal_emit (self, signals[PICKED], 0, satchel_record_item_get_id (item),
                 satchel_record_item_get_line (item)->title);
  gtk_window_close (GTK_WINDOW (self));
}

static void
activate_cb (SatchelRecordPicker *self, guint position)
{
  pick (self, position);
}

/* Enter in the search takes the first that was found. */
static void
search_activate_cb (SatchelRecordPicker *self)
{
  pick (self, 0);
}

static void
state_cb (SatchelRecordPicker *self, GParamSpec *pspec, SatchelSession *session)
{
  if (satchel_session_get_state (session) != SATCHEL_SESSION_OPEN)
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
satchel_record_picker_dispose (GObject *object)
{
  g_clear_object (&SATCHEL_RECORD_PICKER (object)->model);
  G_OBJECT_CLASS (satchel_record_picker_parent_class)->dispose (object);
}

static void
satchel_record_picker_class_init (SatchelRecordPickerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = satchel_record_picker_dispose;
  signals[PICKED] = g_signal_new ("picked", SATCHEL_TYPE_RECORD_PICKER, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/picker/satchel-record-picker.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelRecordPicker, search_entry);
  gtk_widget_class_bind_template_child (widget_class, SatchelRecordPicker, states);
  gtk_widget_class_bind_template_child (widget_class, SatchelRecordPicker, list);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  /* An entry of a search keeps the key for itself. */
  gtk_widget_class_bind_template_callback_full (widget_class, "stop_search_cb",
                                                G_CALLBACK (gtk_window_close));
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
satchel_record_picker_init (SatchelRecordPicker *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  satchel_widget_leave_by_tab (GTK_WIDGET (self->list));
  satchel_record_row_set_up (self->list);
}

SatchelRecordPicker *
satchel_record_picker_present (GtkWidget *parent, SatchelSession *session)
{
  SatchelRecordPicker *self = g_object_new (SATCHEL_TYPE_RECORD_PICKER, "transient-for",
                                            gtk_widget_get_root (parent), NULL);

  self->model = satchel_line_model_new (session, &satchel_record_source, NULL);
  g_signal_connect_object (self->model, "items-changed", G_CALLBACK (show_state), self,
                           G_CONNECT_SWAPPED);
  GtkNoSelection *selection = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->model)));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  g_object_unref (selection);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (state_cb), self,
                           G_CONNECT_SWAPPED);
  show_state (self);
  gtk_window_present (GTK_WINDOW (self));
  return self;
}
