/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "form/satchel-form-editor.h"
#include "picker/satchel-record-picker.h"
#include "records/satchel-record.h"
#include "shared/satchel-widget.h"
#include "shared/satchel-words.h"

/* Another report, shown by its title and chosen from a list. */
#define SATCHEL_TYPE_LINK_EDITOR (satchel_link_editor_get_type ())
G_DECLARE_FINAL_TYPE (
    SatchelLinkEditor, satchel_link_editor, SATCHEL, LINK_EDITOR, SatchelFormEditor)

struct _SatchelLinkEditor {
  SatchelFormEditor parent_instance;

  GtkButton *choose;
  GtkLabel *title;
  GtkButton *clear;
  SatchelSession *session;
  char *label;
  char *id; /* "" for none */
};

// clang-format off
G_DEFINE_FINAL_TYPE (SatchelLinkEditor, satchel_link_editor, SATCHEL_TYPE_FORM_EDITOR)
// clang-format on

static void
show (SatchelLinkEditor *self, const char *id, const char *title)
{
  /* Translators: a question, and the report that was chosen as its answer. */
  g_autofree char *name = g_strdup_printf (_ ("%s: %s"), self->label, title);

  if (id != self->id) {
    g_free (self->id);
    self->id = g_strdup (id);
  }
  gtk_label_set_text (self->title, title);
  gtk_widget_set_visible (GTK_WIDGET (self->clear), *id != '\0');
  satchel_widget_call (GTK_WIDGET (self->choose), name, FALSE);
}

static gpointer
title_job (SatchelVault *vault,
           gpointer input,
           SatchelProgressReport progress,
           GCancellable *cancellable,
           GError **error)
{
  g_autoptr (SatchelRecord) record = satchel_record_load (vault, input, error);

  return record == NULL ? NULL
                        : satchel_words_title (satchel_record_get_kind (record), record->values);
}

/* A report that was erased, or has not come yet, leaves its number. */
static void
title_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SatchelLinkEditor) self = user_data;
  g_autofree char *title =
      satchel_session_run_finish (SATCHEL_SESSION (source), result, NULL);

  if (*self->id == '\0')
    return;
  if (title != NULL) {
    show (self, self->id, title);
  } else {
    g_autofree char *missing = g_strdup_printf (_ ("A report that is not here (%.8s)"), self->id);
    show (self, self->id, missing);
  }
}

static void
satchel_link_editor_set_text (SatchelFormEditor *editor, const char *text)
{
  SatchelLinkEditor *self = SATCHEL_LINK_EDITOR (editor);

  if (*text == '\0' || g_str_equal (text, SATCHEL_FIELD_UNKNOWN)) {
    show (self, "", _ ("Choose a report…"));
    return;
  }
  show (self, text, _ ("Loading…"));
  satchel_session_run_async (self->session,
                             &(SatchelSessionJob){.run = title_job,
                                                  .input = g_strdup (text),
                                                  .input_free = g_free,
                                                  .result_free = g_free},
                             NULL, title_cb, g_object_ref (self));
}

static char *
satchel_link_editor_dup_text (SatchelFormEditor *editor)
{
  return g_strdup (SATCHEL_LINK_EDITOR (editor)->id);
}

static void
picked_cb (SatchelLinkEditor *self, const char *id, const char *title)
{
  show (self, id, title);
  satchel_form_editor_tell (SATCHEL_FORM_EDITOR (self));
}

static void
choose_cb (SatchelLinkEditor *self)
{
  SatchelRecordPicker *picker =
      satchel_record_picker_present (GTK_WIDGET (self), self->session);

  g_signal_connect_object (picker, "picked", G_CALLBACK (picked_cb), self, G_CONNECT_SWAPPED);
}

static void
clear_cb (SatchelLinkEditor *self)
{
  picked_cb (self, "", _ ("Choose a report…"));
  gtk_widget_grab_focus (GTK_WIDGET (self->choose));
}

static void
satchel_link_editor_finalize (GObject *object)
{
  SatchelLinkEditor *self = SATCHEL_LINK_EDITOR (object);

  g_clear_object (&self->session);
  g_free (self->label);
  g_free (self->id);
  G_OBJECT_CLASS (satchel_link_editor_parent_class)->finalize (object);
}

static void
satchel_link_editor_class_init (SatchelLinkEditorClass *klass)
{
  SatchelFormEditorClass *editor_class = SATCHEL_FORM_EDITOR_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = satchel_link_editor_finalize;
  editor_class->set_text = satchel_link_editor_set_text;
  editor_class->dup_text = satchel_link_editor_dup_text;
}

static void
satchel_link_editor_init (SatchelLinkEditor *self)
{
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6));

  self->title = GTK_LABEL (gtk_label_new (NULL));
  self->choose = GTK_BUTTON (gtk_button_new ());
  self->clear = GTK_BUTTON (gtk_button_new_from_icon_name ("edit-clear-symbolic"));
  self->id = g_strdup ("");
  gtk_label_set_ellipsize (self->title, PANGO_ELLIPSIZE_END);
  gtk_button_set_child (self->choose, GTK_WIDGET (self->title));
  gtk_widget_add_css_class (GTK_WIDGET (self->clear), "flat");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->clear), _ ("Take the link away"));
  g_signal_connect_swapped (self->choose, "clicked", G_CALLBACK (choose_cb), self);
  g_signal_connect_swapped (self->clear, "clicked", G_CALLBACK (clear_cb), self);
  gtk_box_append (box, GTK_WIDGET (self->choose));
  gtk_box_append (box, GTK_WIDGET (self->clear));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (box));
}

SatchelFormEditor *
satchel_link_editor_new (const SatchelFormEditorSpec *spec)
{
  SatchelLinkEditor *self = g_object_new (SATCHEL_TYPE_LINK_EDITOR, NULL);
  g_autofree char *name = g_strdup_printf (_ ("%s: take the link away"), spec->label);

  self->session = g_object_ref (spec->session);
  self->label = g_strdup (spec->label);
  satchel_widget_call (GTK_WIDGET (self->clear), name, FALSE);
  show (self, "", _ ("Choose a report…"));
  return SATCHEL_FORM_EDITOR (self);
}
