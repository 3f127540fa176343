/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/satchel-form-editor.h"
#include "shared/satchel-widget.h"
#include "shared/satchel-words.h"

/* Any number of a vocabulary's words. */
#define SATCHEL_TYPE_CHOICES_EDITOR (satchel_choices_editor_get_type ())
G_DECLARE_FINAL_TYPE (
    SatchelChoicesEditor, satchel_choices_editor, SATCHEL, CHOICES_EDITOR, SatchelFormEditor)

struct _SatchelChoicesEditor {
  SatchelFormEditor parent_instance;

  const SatchelField *field;
  GPtrArray *checks; /* of GtkCheckButton, borrowed, one a choice */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelChoicesEditor, satchel_choices_editor, SATCHEL_TYPE_FORM_EDITOR)
// clang-format on

static const char *
get_id (SatchelChoicesEditor *self, guint place)
{
  const SatchelChoice *choice = g_ptr_array_index (self->field->choices, place);

  return choice->id;
}

static void
satchel_choices_editor_set_text (SatchelFormEditor *editor, const char *text)
{
  SatchelChoicesEditor *self = SATCHEL_CHOICES_EDITOR (editor);
  g_auto (GStrv) words = g_strsplit (text, ",", -1);

  for (guint i = 0; words[i] != NULL; i++)
    g_strstrip (words[i]);
  for (guint i = 0; i < self->checks->len; i++)
    gtk_check_button_set_active (self->checks->pdata[i],
                                 g_strv_contains ((const char *const *) words, get_id (self, i)));
}

static char *
satchel_choices_editor_dup_text (SatchelFormEditor *editor)
{
  SatchelChoicesEditor *self = SATCHEL_CHOICES_EDITOR (editor);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->checks->len; i++)
    if (gtk_check_button_get_active (self->checks->pdata[i]))
      g_string_append_printf (text, "%s%s", text->len > 0 ? "," : "", get_id (self, i));
  return g_string_free (text, FALSE);
}

static void
satchel_choices_editor_finalize (GObject *object)
{
  g_ptr_array_unref (SATCHEL_CHOICES_EDITOR (object)->checks);
  G_OBJECT_CLASS (satchel_choices_editor_parent_class)->finalize (object);
}

static void
satchel_choices_editor_class_init (SatchelChoicesEditorClass *klass)
{
  SatchelFormEditorClass *editor_class = SATCHEL_FORM_EDITOR_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = satchel_choices_editor_finalize;
  editor_class->set_text = satchel_choices_editor_set_text;
  editor_class->dup_text = satchel_choices_editor_dup_text;
}

static void
satchel_choices_editor_init (SatchelChoicesEditor *self)
{
  self->checks = g_ptr_array_new ();
}

SatchelFormEditor *
satchel_choices_editor_new (const SatchelFormEditorSpec *spec)
{
  SatchelChoicesEditor *self = g_object_new (SATCHEL_TYPE_CHOICES_EDITOR, NULL);
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));

  self->field = spec->field;
  for (guint i = 0; i < spec->field->choices->len; i++) {
    const SatchelChoice *choice = g_ptr_array_index (spec->field->choices, i);
    GtkWidget *check = gtk_check_button_new_with_label (
        satchel_label_get (choice->label, satchel_words_language ()));
    g_signal_connect_swapped (check, "toggled", G_CALLBACK (satchel_form_editor_tell), self);
    g_ptr_array_add (self->checks, check);
    gtk_box_append (box, check);
  }
  satchel_widget_call (GTK_WIDGET (box), spec->label, FALSE);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (box));
  return SATCHEL_FORM_EDITOR (self);
}
