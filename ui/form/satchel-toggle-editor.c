/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "form/satchel-form-editor.h"
#include "shared/satchel-widget.h"
#include "shared/satchel-words.h"

/* A choice of few short words, side by side: yes, no, unknown. Pressed again, a word is taken
 * back. */
#define SATCHEL_TYPE_TOGGLE_EDITOR (satchel_toggle_editor_get_type ())
G_DECLARE_FINAL_TYPE (
    SatchelToggleEditor, satchel_toggle_editor, SATCHEL, TOGGLE_EDITOR, SatchelFormEditor)

struct _SatchelToggleEditor {
  SatchelFormEditor parent_instance;

  const SatchelField *field;
  GPtrArray *buttons; /* of GtkToggleButton, borrowed, one a choice */
  gboolean is_settling;
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelToggleEditor, satchel_toggle_editor, SATCHEL_TYPE_FORM_EDITOR)
// clang-format on

static const char *
get_id (SatchelToggleEditor *self, guint place)
{
  const SatchelChoice *choice = g_ptr_array_index (self->field->choices, place);

  return choice->id;
}

static void
satchel_toggle_editor_set_text (SatchelFormEditor *editor, const char *text)
{
  SatchelToggleEditor *self = SATCHEL_TOGGLE_EDITOR (editor);

  self->is_settling = TRUE;
  for (guint i = 0; i < self->buttons->len; i++)
    gtk_toggle_button_set_active (self->buttons->pdata[i], g_str_equal (get_id (self, i), text));
  self->is_settling = FALSE;
}

static char *
satchel_toggle_editor_dup_text (SatchelFormEditor *editor)
{
  SatchelToggleEditor *self = SATCHEL_TOGGLE_EDITOR (editor);

  for (guint i = 0; i < self->buttons->len; i++)
    if (gtk_toggle_button_get_active (self->buttons->pdata[i]))
      return g_strdup (get_id (self, i));
  return g_strdup ("");
}

/* A group of GTK's own could not be left without an answer again. */
static void
toggled_cb (SatchelToggleEditor *self, GtkToggleButton *pressed)
{
  if (self->is_settling)
    return;
  self->is_settling = TRUE;
  for (guint i = 0; i < self->buttons->len; i++)
    if (self->buttons->pdata[i] != pressed)
      gtk_toggle_button_set_active (self->buttons->pdata[i], FALSE);
  self->is_settling = FALSE;
  satchel_form_editor_tell (SATCHEL_FORM_EDITOR (self));
}

static void
satchel_toggle_editor_finalize (GObject *object)
{
  g_ptr_array_unref (SATCHEL_TOGGLE_EDITOR (object)->buttons);
  G_OBJECT_CLASS (satchel_toggle_editor_parent_class)->finalize (object);
}

static void
satchel_toggle_editor_class_init (SatchelToggleEditorClass *klass)
{
  SatchelFormEditorClass *editor_class = SATCHEL_FORM_EDITOR_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = satchel_toggle_editor_finalize;
  editor_class->set_text = satchel_toggle_editor_set_text;
  editor_class->dup_text = satchel_toggle_editor_dup_text;
}

static void
satchel_toggle_editor_init (SatchelToggleEditor *self)
{
  self->buttons = g_ptr_array_new ();
}

SatchelFormEditor *
satchel_toggle_editor_new (const SatchelFormEditorSpec *spec)
{
  SatchelToggleEditor *self = g_object_new (SATCHEL_TYPE_TOGGLE_EDITOR, NULL);
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0));

  self->field = spec->field;
  gtk_widget_add_css_class (GTK_WIDGET (box), "linked");
  for (guint i = 0; i < spec->field->choices->len; i++) {
    const SatchelChoice *choice = g_ptr_array_index (spec->field->choices, i);
    const char *word = satchel_label_get (choice->label, satchel_words_language ());
    GtkWidget *button = gtk_toggle_button_new_with_label (word);
    /* Translators: a question and one of its answers, for those who hear the screen. */
    g_autofree char *name = g_strdup_printf (_ ("%s: %s"), spec->label, word);
    satchel_widget_call (button, name, FALSE);
    g_signal_connect_swapped (button, "toggled", G_CALLBACK (toggled_cb), self);
    g_ptr_array_add (self->buttons, button);
    gtk_box_append (box, button);
  }
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (box));
  return SATCHEL_FORM_EDITOR (self);
}
