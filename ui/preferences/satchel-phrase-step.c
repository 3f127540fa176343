/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "preferences/satchel-phrase-step.h"

#include <glib/gi18n.h>

#include "shared/satchel-error-text.h"

struct _SatchelPhraseStep {
  AdwBin parent_instance;

  /* Template children */
  GtkLabel *title;
  GtkLabel *words;
  GtkLabel *first_label;
  GtkEditable *first;
  GtkWidget *more;
  GtkLabel *second_label;
  GtkEditable *second;
  GtkLabel *fault;
};

static void step_init (SatchelSetupStepInterface *iface);

// clang-format off
G_DEFINE_FINAL_TYPE_WITH_CODE (SatchelPhraseStep, satchel_phrase_step, ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (SATCHEL_TYPE_SETUP_STEP, step_init))
// clang-format on

static void
changed_cb (SatchelPhraseStep *self)
{
  satchel_setup_show_fault (self->fault, NULL);
}

static void
first_activated_cb (SatchelPhraseStep *self)
{
  if (gtk_widget_get_visible (self->more))
    gtk_widget_grab_focus (GTK_WIDGET (self->second));
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "setup.next", NULL);
}

static void
activated_cb (SatchelPhraseStep *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "setup.next", NULL);
}

static gboolean
refuse (SatchelPhraseStep *self, GtkEditable *at, const char *why)
{
  satchel_setup_show_fault (self->fault, why);
  gtk_widget_grab_focus (GTK_WIDGET (at));
  return FALSE;
}

static void
satchel_phrase_step_enter (SatchelSetupStep *step, SatchelSetupDraft *draft)
{
  gtk_widget_grab_focus (GTK_WIDGET (SATCHEL_PHRASE_STEP (step)->first));
}

static gboolean
satchel_phrase_step_take (SatchelSetupStep *step, SatchelSetupDraft *draft)
{
  SatchelPhraseStep *self = SATCHEL_PHRASE_STEP (step);
  g_autoptr (GError) error = NULL;
  g_autoptr (SatchelSecret) first = satchel_setup_read_entry (self->first, &error);
  g_autoptr (SatchelSecret) second =
      error == NULL ? satchel_setup_read_entry (self->second, &error) : NULL;

  if (error != NULL) {
    g_autofree char *text = satchel_error_text_dup_whole (error);
    return refuse (self, self->first, text);
  }
  if (first == NULL)
    return refuse (self, self->first, _ ("Type it first."));
  if (gtk_widget_get_visible (self->more) &&
      (second == NULL || !satchel_secret_equal (first, second)))
    return refuse (self, self->second, _ ("The two are not the same. Type the second again."));
  satchel_secret_unref (draft->passphrase);
  draft->passphrase = g_steal_pointer (&first);
  return TRUE;
}

static void
satchel_phrase_step_clear (SatchelSetupStep *step)
{
  SatchelPhraseStep *self = SATCHEL_PHRASE_STEP (step);

  gtk_editable_set_text (self->first, "");
  gtk_editable_set_text (self->second, "");
}

static void
step_init (SatchelSetupStepInterface *iface)
{
  iface->enter = satchel_phrase_step_enter;
  iface->take = satchel_phrase_step_take;
  iface->clear = satchel_phrase_step_clear;
}

static void
satchel_phrase_step_class_init (SatchelPhraseStepClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/satchel/Satchel/preferences/satchel-phrase-step.ui");
  gtk_widget_class_bind_template_child (widget_class, SatchelPhraseStep, title);
  gtk_widget_class_bind_template_child (widget_class, SatchelPhraseStep, words);
  gtk_widget_class_bind_template_child (widget_class, SatchelPhraseStep, first_label);
  gtk_widget_class_bind_template_child (widget_class, SatchelPhraseStep, first);
  gtk_widget_class_bind_template_child (widget_class, SatchelPhraseStep, more);
  gtk_widget_class_bind_template_child (widget_class, SatchelPhraseStep, second_label);
  gtk_widget_class_bind_template_child (widget_class, SatchelPhraseStep, second);
  gtk_widget_class_bind_template_child (widget_class, SatchelPhraseStep, fault);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, first_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
}

static void
satchel_phrase_step_init (SatchelPhraseStep *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  satchel_setup_guard_entry (self->first);
  satchel_setup_guard_entry (self->second);
}

static void
name_entry (GtkLabel *label, GtkEditable *entry, const char *name)
{
  gtk_label_set_text (label, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  /* The text has the focus. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_editable_get_delegate (entry)),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

SatchelPhraseStep *
satchel_phrase_step_new (const char *title,
                         const char *words,
                         const char *label,
                         const char *again)
{
  SatchelPhraseStep *self = g_object_new (SATCHEL_TYPE_PHRASE_STEP, NULL);

  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->words, words);
  name_entry (self->first_label, self->first, label);
  gtk_widget_set_visible (self->more, again != NULL);
  if (again != NULL)
    name_entry (self->second_label, self->second, again);
  return self;
}

void
satchel_phrase_step_refuse (SatchelPhraseStep *self, const char *why)
{
  refuse (self, self->first, why);
}
