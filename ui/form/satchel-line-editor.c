/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/satchel-form-editor.h"
#include "shared/satchel-widget.h"

/* One line of text: names, numbers, amounts. */
#define SATCHEL_TYPE_LINE_EDITOR (satchel_line_editor_get_type ())
G_DECLARE_FINAL_TYPE (
    SatchelLineEditor, satchel_line_editor, SATCHEL, LINE_EDITOR, SatchelFormEditor)

struct _SatchelLineEditor {
  SatchelFormEditor parent_instance;

  GtkEntry *entry;
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelLineEditor, satchel_line_editor, SATCHEL_TYPE_FORM_EDITOR)
// clang-format on

/* "+7 000 000-00-00" says nothing of its direction, and its parts would change places. */
static gboolean
is_number (const char *text)
{
  gboolean has_digit = FALSE;

  for (; *text != '\0'; text = g_utf8_next_char (text)) {
    gunichar character = g_utf8_get_char (text);
    if (g_unichar_isalpha (character))
      return FALSE;
    has_digit = has_digit || g_unichar_isdigit (character);
  }
  return has_digit;
}

static void
set_direction_cb (SatchelLineEditor *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  const char *shown = *text != '\0' ? text : gtk_entry_get_placeholder_text (self->entry);
  gboolean is_from_left = shown != NULL && is_number (shown);
  GtkTextDirection direction = is_from_left ? GTK_TEXT_DIR_LTR : GTK_TEXT_DIR_NONE;
  GtkWidget *inner = GTK_WIDGET (gtk_editable_get_delegate (GTK_EDITABLE (self->entry)));

  gtk_widget_set_direction (inner, direction);
  for (GtkWidget *child = gtk_widget_get_first_child (inner); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    gtk_widget_set_direction (child, direction);
}

static void
satchel_line_editor_set_text (SatchelFormEditor *editor, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (SATCHEL_LINE_EDITOR (editor)->entry), text);
}

static char *
satchel_line_editor_dup_text (SatchelFormEditor *editor)
{
  GtkEditable *editable = GTK_EDITABLE (SATCHEL_LINE_EDITOR (editor)->entry);

  return g_strstrip (g_strdup (gtk_editable_get_text (editable)));
}

static void
satchel_line_editor_class_init (SatchelLineEditorClass *klass)
{
  SatchelFormEditorClass *editor_class = SATCHEL_FORM_EDITOR_CLASS (klass);

  editor_class->set_text = satchel_line_editor_set_text;
  editor_class->dup_text = satchel_line_editor_dup_text;
}

static void
satchel_line_editor_init (SatchelLineEditor *self)
{
  self->entry = GTK_ENTRY (gtk_entry_new ());
  gtk_widget_set_hexpand (GTK_WIDGET (self->entry), TRUE);
  /* What is typed here is nobody's to learn from. */
  gtk_entry_set_input_hints (self->entry, GTK_INPUT_HINT_PRIVATE);
  g_signal_connect_swapped (self->entry, "changed", G_CALLBACK (satchel_form_editor_tell), self);
  g_signal_connect_swapped (self->entry, "changed", G_CALLBACK (set_direction_cb), self);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->entry));
}

/* Numbers are short, and are typed on another keyboard. */
static void
suit_number (SatchelLineEditor *self)
{
  gtk_entry_set_input_purpose (self->entry, GTK_INPUT_PURPOSE_NUMBER);
  gtk_editable_set_width_chars (GTK_EDITABLE (self->entry), 8);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (self->entry), 12);
}

SatchelFormEditor *
satchel_line_editor_new (const SatchelFormEditorSpec *spec)
{
  SatchelLineEditor *self = g_object_new (SATCHEL_TYPE_LINE_EDITOR, NULL);

  gtk_entry_set_placeholder_text (self->entry, spec->placeholder);
  set_direction_cb (self);
  satchel_widget_call (GTK_WIDGET (self->entry), spec->label, FALSE);
  if (spec->field->type == SATCHEL_FIELD_COUNT)
    suit_number (self);
  return SATCHEL_FORM_EDITOR (self);
}
