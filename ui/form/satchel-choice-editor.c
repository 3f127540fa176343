/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "form/satchel-form-editor.h"
#include "shared/satchel-choices.h"
#include "shared/satchel-words.h"

/* One word of a vocabulary, or none, or "unknown". */
#define SATCHEL_TYPE_CHOICE_EDITOR (satchel_choice_editor_get_type ())
G_DECLARE_FINAL_TYPE (
    SatchelChoiceEditor, satchel_choice_editor, SATCHEL, CHOICE_EDITOR, SatchelFormEditor)

struct _SatchelChoiceEditor {
  SatchelFormEditor parent_instance;

  GtkDropDown *menu;
  const SatchelField *field;
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelChoiceEditor, satchel_choice_editor, SATCHEL_TYPE_FORM_EDITOR)
// clang-format on

/* The menu: no answer, the choices, "unknown". */
static void
satchel_choice_editor_set_text (SatchelFormEditor *editor, const char *text)
{
  SatchelChoiceEditor *self = SATCHEL_CHOICE_EDITOR (editor);
  guint place = 0;

  for (guint i = 0; i < self->field->choices->len; i++) {
    const SatchelChoice *choice = g_ptr_array_index (self->field->choices, i);
    if (g_str_equal (choice->id, text))
      place = i + 1;
  }
  if (g_str_equal (text, SATCHEL_FIELD_UNKNOWN))
    place = self->field->choices->len + 1;
  gtk_drop_down_set_selected (self->menu, place);
}

static char *
satchel_choice_editor_dup_text (SatchelFormEditor *editor)
{
  SatchelChoiceEditor *self = SATCHEL_CHOICE_EDITOR (editor);
  guint place = gtk_drop_down_get_selected (self->menu);

  if (place == 0 || place == GTK_INVALID_LIST_POSITION)
    return g_strdup ("");
  if (place > self->field->choices->len)
    return g_strdup (SATCHEL_FIELD_UNKNOWN);
  const SatchelChoice *choice = g_ptr_array_index (self->field->choices, place - 1);
  return g_strdup (choice->id);
}

static void
satchel_choice_editor_class_init (SatchelChoiceEditorClass *klass)
{
  SatchelFormEditorClass *editor_class = SATCHEL_FORM_EDITOR_CLASS (klass);

  editor_class->set_text = satchel_choice_editor_set_text;
  editor_class->dup_text = satchel_choice_editor_dup_text;
}

static void
satchel_choice_editor_init (SatchelChoiceEditor *self)
{
}

SatchelFormEditor *
satchel_choice_editor_new (const SatchelFormEditorSpec *spec)
{
  SatchelChoiceEditor *self = g_object_new (SATCHEL_TYPE_CHOICE_EDITOR, NULL);
  GtkStringList *words = gtk_string_list_new (NULL);

  self->field = spec->field;
  /* Translators: shown in a menu where nothing was chosen yet. */
  gtk_string_list_append (words, _ ("Not answered"));
  for (guint i = 0; i < spec->field->choices->len; i++) {
    const SatchelChoice *choice = g_ptr_array_index (spec->field->choices, i);
    gtk_string_list_append (words, satchel_label_get (choice->label, satchel_words_language ()));
  }
  gtk_string_list_append (words, _ ("Unknown"));
  self->menu = GTK_DROP_DOWN (gtk_drop_down_new (G_LIST_MODEL (words), NULL));
  gtk_widget_set_halign (GTK_WIDGET (self->menu), GTK_ALIGN_START);
  satchel_choices_call (self->menu, spec->label);
  g_signal_connect_swapped (self->menu, "notify::selected", G_CALLBACK (satchel_form_editor_tell),
                            self);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->menu));
  return SATCHEL_FORM_EDITOR (self);
}
