/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/satchel-text-view.h"

struct _SatchelTextView {
  GtkTextView parent_instance;

  GtkTextBuffer *buffer; /* NULL once it is gone */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelTextView, satchel_text_view, GTK_TYPE_TEXT_VIEW)
// clang-format on

/* --- Copying --- */

static void
copy (SatchelTextView *self)
{
  GtkTextIter start, end;

  if (!gtk_text_buffer_get_selection_bounds (self->buffer, &start, &end))
    return;
  g_autofree char *text = gtk_text_buffer_get_text (self->buffer, &start, &end, FALSE);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
}

static void
satchel_text_view_copy_clipboard (GtkTextView *view)
{
  copy (SATCHEL_TEXT_VIEW (view));
}

static void
satchel_text_view_cut_clipboard (GtkTextView *view)
{
  SatchelTextView *self = SATCHEL_TEXT_VIEW (view);

  copy (self);
  gtk_text_buffer_delete_selection (self->buffer, TRUE, gtk_text_view_get_editable (view));
}

/* --- Pasting --- */

/* Where it goes: the cursor moves while another program is still asked for its text. */
typedef struct {
  SatchelTextView *view;
  GtkTextMark *place; /* NULL: in the place of what is selected */
} Paste;

static void
paste_free (Paste *self)
{
  g_clear_object (&self->place);
  g_object_unref (self->view);
  g_free (self);
}

static void
insert (const Paste *self, const char *text)
{
  GtkTextView *view = GTK_TEXT_VIEW (self->view);
  GtkTextBuffer *buffer = self->view->buffer;
  gboolean is_editable = gtk_text_view_get_editable (view);
  GtkTextIter at;

  gtk_text_buffer_begin_user_action (buffer);
  if (self->place == NULL)
    gtk_text_buffer_delete_selection (buffer, TRUE, is_editable);
  gtk_text_buffer_get_iter_at_mark (
      buffer, &at, self->place != NULL ? self->place : gtk_text_buffer_get_insert (buffer));
  if (gtk_text_buffer_insert_interactive (buffer, &at, text, -1, is_editable))
    gtk_text_buffer_place_cursor (buffer, &at);
  gtk_text_buffer_end_user_action (buffer);
  if (self->place != NULL)
    gtk_text_buffer_delete_mark (buffer, self->place);
  gtk_text_view_scroll_mark_onscreen (view, gtk_text_buffer_get_insert (buffer));
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Paste *self = user_data;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);

  /* Without: what is offered is no text. And the view may have gone meanwhile. */
  if (text != NULL && self->view->buffer != NULL)
    insert (self, text);
  paste_free (self);
}

static void
paste (SatchelTextView *self, GdkClipboard *clipboard, const GtkTextIter *at)
{
  Paste *job = g_new0 (Paste, 1);

  job->view = g_object_ref (self);
  if (at != NULL)
    job->place = g_object_ref (gtk_text_buffer_create_mark (self->buffer, NULL, at, FALSE));
  gdk_clipboard_read_text_async (clipboard, NULL, read_cb, job);
}

static void
satchel_text_view_paste_clipboard (GtkTextView *view)
{
  paste (SATCHEL_TEXT_VIEW (view), gtk_widget_get_clipboard (GTK_WIDGET (view)), NULL);
}

/* The middle button pastes what is selected elsewhere, where it is pressed. */
static void
pressed_cb (SatchelTextView *self, int presses, double x, double y, GtkGesture *gesture)
{
  GtkTextView *view = GTK_TEXT_VIEW (self);
  gboolean is_wanted = FALSE;
  GtkTextIter at;
  int column, row;

  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-enable-primary-paste",
                &is_wanted, NULL);
  if (!is_wanted)
    return;
  gtk_widget_grab_focus (GTK_WIDGET (self));
  gtk_text_view_window_to_buffer_coords (view, GTK_TEXT_WINDOW_WIDGET, (int) x, (int) y, &column,
                                         &row);
  gtk_text_view_get_iter_at_location (view, &at, column, row);
  paste (self, gtk_widget_get_primary_clipboard (GTK_WIDGET (self)), &at);
}

/* --- The object --- */

/* Whoever still has the buffer, has an empty one. Nobody is told: to whom it belongs takes no part
 * in this, and would take it for a person's doing. */
static void
satchel_text_view_dispose (GObject *object)
{
  GtkTextBuffer *buffer = g_steal_pointer (&SATCHEL_TEXT_VIEW (object)->buffer);

  G_OBJECT_CLASS (satchel_text_view_parent_class)->dispose (object);
  if (buffer == NULL)
    return;
  g_signal_handlers_destroy (buffer);
  gtk_text_buffer_set_enable_undo (buffer, FALSE);
  gtk_text_buffer_set_text (buffer, "", 0);
  g_object_unref (buffer);
}

static void
satchel_text_view_class_init (SatchelTextViewClass *klass)
{
  GtkTextViewClass *view_class = GTK_TEXT_VIEW_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = satchel_text_view_dispose;
  view_class->copy_clipboard = satchel_text_view_copy_clipboard;
  view_class->cut_clipboard = satchel_text_view_cut_clipboard;
  view_class->paste_clipboard = satchel_text_view_paste_clipboard;
}

static void
satchel_text_view_init (SatchelTextView *self)
{
  GtkGesture *gesture = gtk_gesture_click_new ();

  self->buffer = gtk_text_buffer_new (NULL);
  gtk_text_view_set_buffer (GTK_TEXT_VIEW (self), self->buffer);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (gesture), GDK_BUTTON_MIDDLE);
  /* Before GTK's own, which takes all buttons. */
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (gesture), GTK_PHASE_CAPTURE);
  g_signal_connect_object (gesture, "pressed", G_CALLBACK (pressed_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (gesture));
}

GtkWidget *
satchel_text_view_new (void)
{
  return g_object_new (SATCHEL_TYPE_TEXT_VIEW, NULL);
}
