/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/satchel-form-editor.h"
#include "form/satchel-text-view.h"
#include "shared/satchel-widget.h"

/* Text of several lines, growing with what is typed. */
#define SATCHEL_TYPE_LINES_EDITOR (satchel_lines_editor_get_type ())
G_DECLARE_FINAL_TYPE (
    SatchelLinesEditor, satchel_lines_editor, SATCHEL, LINES_EDITOR, SatchelFormEditor)

#define HEIGHT_LEAST 78 /* three lines */

struct _SatchelLinesEditor {
  SatchelFormEditor parent_instance;

  GtkTextView *view;
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelLinesEditor, satchel_lines_editor, SATCHEL_TYPE_FORM_EDITOR)
// clang-format on

static void
satchel_lines_editor_set_text (SatchelFormEditor *editor, const char *text)
{
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (SATCHEL_LINES_EDITOR (editor)->view), text,
                            -1);
}

static char *
satchel_lines_editor_dup_text (SatchelFormEditor *editor)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (SATCHEL_LINES_EDITOR (editor)->view);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return g_strstrip (gtk_text_buffer_get_text (buffer, &start, &end, FALSE));
}

static gboolean
satchel_lines_editor_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (SATCHEL_LINES_EDITOR (widget)->view));
}

static void
satchel_lines_editor_class_init (SatchelLinesEditorClass *klass)
{
  SatchelFormEditorClass *editor_class = SATCHEL_FORM_EDITOR_CLASS (klass);

  GTK_WIDGET_CLASS (klass)->grab_focus = satchel_lines_editor_grab_focus;
  editor_class->set_text = satchel_lines_editor_set_text;
  editor_class->dup_text = satchel_lines_editor_dup_text;
}

static void
satchel_lines_editor_init (SatchelLinesEditor *self)
{
  self->view = GTK_TEXT_VIEW (satchel_text_view_new ());
  gtk_text_view_set_wrap_mode (self->view, GTK_WRAP_WORD_CHAR);
  /* Tab leads to the next question, as everywhere in the form. */
  gtk_text_view_set_accepts_tab (self->view, FALSE);
  gtk_text_view_set_input_hints (self->view, GTK_INPUT_HINT_PRIVATE);
  gtk_text_view_set_top_margin (self->view, 8);
  gtk_text_view_set_bottom_margin (self->view, 8);
  gtk_text_view_set_left_margin (self->view, 10);
  gtk_text_view_set_right_margin (self->view, 10);
  gtk_widget_set_size_request (GTK_WIDGET (self->view), -1, HEIGHT_LEAST);
  gtk_widget_set_hexpand (GTK_WIDGET (self->view), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->view), "satchel-lines");
  g_signal_connect_object (gtk_text_view_get_buffer (self->view), "changed",
                           G_CALLBACK (satchel_form_editor_tell), self, G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->view));
}

SatchelFormEditor *
satchel_lines_editor_new (const SatchelFormEditorSpec *spec)
{
  SatchelLinesEditor *self = g_object_new (SATCHEL_TYPE_LINES_EDITOR, NULL);

  satchel_widget_call (GTK_WIDGET (self->view), spec->label, FALSE);
  return SATCHEL_FORM_EDITOR (self);
}
